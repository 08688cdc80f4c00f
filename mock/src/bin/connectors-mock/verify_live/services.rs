//! The services, each by its own client and suite.

use std::pin::Pin;
use std::sync::Arc;

use chrono::{NaiveDate, Utc};
use connectors_core::DateRange;
use connectors_core::testing::VirtualClock;
use connectors_mock::conformance::{self, Report};
use connectors_mock::{Backend, Recorder};
use url::Url;

use super::told::Told;
use super::{Options, failed, variable};
use crate::failure::Failure;

type Asking<'a> = Pin<Box<dyn Future<Output = Result<Told, Failure>> + Send + 'a>>;

/// One service.
pub struct Service {
    pub provider: &'static str,
    /// One of these says that there is a key.
    pub variables: &'static [&'static str],
    ask: for<'a> fn(&'a Options) -> Asking<'a>,
}

impl Service {
    pub async fn ask(&self, options: &Options) -> Result<Told, Failure> {
        (self.ask)(options).await
    }
}

/// All of them.
pub const ALL: &[Service] = &[
    #[cfg(feature = "brandscopic")]
    Service {
        provider: "brandscopic",
        variables: &["BRANDSCOPIC_API_KEY", "BRANDSCOPIC_HOST"],
        ask: |options| Box::pin(brandscopic(options)),
    },
    #[cfg(feature = "placer")]
    Service { provider: "placer", variables: &["PLACER_API_KEY"], ask: |options| Box::pin(placer(options)) },
    #[cfg(feature = "qrtiger")]
    Service { provider: "qrtiger", variables: &["QRTIGER_API_KEY"], ask: |options| Box::pin(qrtiger(options)) },
    #[cfg(feature = "smartsheet")]
    Service {
        provider: "smartsheet",
        variables: &["SMARTSHEET_ACCESS_TOKEN"],
        ask: |options| Box::pin(smartsheet(options)),
    },
];

/// The clock of a fake that shows what the service's shows.
fn clock() -> Arc<VirtualClock> {
    Arc::new(VirtualClock::new(Utc::now()))
}

/// The path of the base URL in this variable.
fn base(name: &str, default: &str) -> String {
    let url = variable(name).and_then(|text| Url::parse(&text).ok());
    url.map_or_else(|| default.to_owned(), |url| url.path().to_owned())
}

fn told(options: &Options, recorder: &Recorder, report: Report, fake: &Backend) -> Told {
    let cassette = recorder.cassette_with(options.keep());
    // By shapes alone: it goes into the report, in which nobody is named.
    let comparison = recorder.cassette().compare(fake);
    Told { requests: recorder.requests(), report, comparison, cassette }
}

#[cfg(feature = "brandscopic")]
async fn brandscopic(options: &Options) -> Result<Told, Failure> {
    use connectors_brandscopic::{BrandscopicBuilder, Contract};

    let builder = BrandscopicBuilder::from_env().map_err(failed)?;
    let native = variable("BRANDSCOPIC_HOST").is_some();
    let contract = if native { Contract::Native } else { Contract::Gateway };
    let mock = connectors_mock::MockBrandscopic::builder().contract(contract).past_events(12).clock(clock());
    let fake = mock.build().map_err(failed)?.backend().clone();
    let (base, root) =
        if native { (base("BRANDSCOPIC_HOST", ""), "") } else { (base("BRANDSCOPIC_API_URL", "/v1"), "/v1") };
    let recorder = options.recorder("brandscopic", &base, root, &fake)?;
    let client = builder.transport(Arc::new(recorder.clone())).clock(options.clock()).build().map_err(failed)?;
    let report = conformance::brandscopic_read_only(&client).await;
    Ok(told(options, &recorder, report, &fake))
}

#[cfg(feature = "placer")]
async fn placer(options: &Options) -> Result<Told, Failure> {
    use connectors_placer::{Contract, FootfallRequest, MovementRequest, PlacerBuilder, VenueId, latest_complete_day};

    let gateway = variable("PLACER_API_CONTRACT").is_some_and(|contract| contract == "gateway");
    let contract = if gateway { Contract::Gateway } else { Contract::Native };
    let mock = connectors_mock::MockPlacer::builder().contract(contract).clock(clock()).build().map_err(failed)?;
    let fake = mock.backend().clone();
    let recorder = options.recorder("placer", &base("PLACER_API_URL", ""), "", &fake)?;
    let builder = PlacerBuilder::from_env().map_err(failed)?;
    let client = builder.transport(Arc::new(recorder.clone())).clock(options.clock()).build().map_err(failed)?;
    let venue = match &options.venue {
        Some(id) => VenueId::new(id.as_str()).map_err(failed)?,
        None if gateway => {
            return Err(Failure::Usage("a gateway has no list of places; name one by --venue".to_owned()));
        }
        None => {
            let own = client.pois().my_properties().await.map_err(failed)?;
            let found = if let Some(first) = own.first() {
                Some(first.api_id.clone())
            } else {
                let found = client.pois().search().query("coffee").only_reportable().page_size(5).await;
                found.map_err(failed)?.first().map(|first| first.api_id.clone())
            };
            found.ok_or_else(|| Failure::Usage("no place was found; name one by --venue".to_owned()))?
        }
    };
    let today: NaiveDate = Utc::now().date_naive();
    if !gateway {
        let week = DateRange::last_days(7, latest_complete_day(today)).map_err(failed)?;
        let visits = client.estimate(&FootfallRequest::new(venue.clone(), week)).await.map_err(failed)?;
        let movement = client.estimate(&MovementRequest::new(venue.clone())).await.map_err(failed)?;
        let calls = visits.calls + movement.calls;
        println!("placer: its reports are about to cost {calls} calls of the weekly quota, and one place");
        if usize::try_from(calls).is_ok_and(|calls| calls > options.max_requests) {
            return Err(Failure::failed(format!("{calls} calls are more than --max-requests")));
        }
    }
    let report = conformance::placer_read_only(&client, contract, venue, today).await;
    Ok(told(options, &recorder, report, &fake))
}

#[cfg(feature = "qrtiger")]
async fn qrtiger(options: &Options) -> Result<Told, Failure> {
    use connectors_qrtiger::QrTigerBuilder;

    let mock = connectors_mock::MockQrTiger::builder().clock(clock()).build().map_err(failed)?;
    let fake = mock.backend().clone();
    let recorder = options.recorder("qrtiger", &base("QRTIGER_API_URL", ""), "", &fake)?;
    let builder = QrTigerBuilder::from_env().map_err(failed)?;
    let client = builder.transport(Arc::new(recorder.clone())).clock(options.clock()).build().map_err(failed)?;
    let report = conformance::qrtiger_read_only(&client).await;
    Ok(told(options, &recorder, report, &fake))
}

#[cfg(feature = "smartsheet")]
async fn smartsheet(options: &Options) -> Result<Told, Failure> {
    use connectors_smartsheet::{SheetId, SmartsheetBuilder};

    let mock = connectors_mock::MockSmartsheet::builder().clock(clock()).build().map_err(failed)?;
    let fake = mock.backend().clone();
    let recorder = options.recorder("smartsheet", &base("SMARTSHEET_API_URL", "/2.0"), "/2.0", &fake)?;
    let builder = SmartsheetBuilder::from_env().map_err(failed)?;
    let client = builder.transport(Arc::new(recorder.clone())).clock(options.clock()).build().map_err(failed)?;
    let sheet = match options.sheet {
        Some(id) => Some(SheetId::new(id)),
        // Whether there is one at all, the suite tells.
        None => {
            client.sheets().list().page_size(20).await.ok().and_then(|page| page.data.first().map(|sheet| sheet.id))
        }
    };
    let report = conformance::smartsheet_read_only(&client, sheet).await;
    Ok(told(options, &recorder, report, &fake))
}

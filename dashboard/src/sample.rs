//! Sample data: the four services on fakes, and a campaign for them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{Days, NaiveDate, NaiveTime};
use connectors_core::{
    Campaign, CampaignEvent, CampaignId, Clock, Error, ErrorKind, Event, EventId, LinkStore, Observer, Result,
    TimeZone, Venue,
};
use connectors_mock::{Backend, MockBrandscopic, MockPlacer, MockQrTiger, MockSmartsheet};
use url::Url;

use crate::campaigns::CampaignSource;
use crate::provider::{Integration, Provider};
use crate::store::Store;
use crate::{BrandscopicIntegration, PlacerIntegration, QrTigerIntegration, SmartsheetIntegration};

/// Fakes that keep what they hold in the dashboard's database, so that it is still there after a restart.
#[derive(Clone)]
pub struct SampleWorld(Arc<World>);

struct World {
    store: Store,
    clock: Arc<dyn Clock>,
    campaign: Campaign,
    latency: Duration,
    fakes: Mutex<BTreeMap<&'static str, Fake>>,
}

/// What the fake of a provider holds.
enum Fake {
    /// It was kept by the program before.
    Kept(String),
    /// The last one that was made.
    Made(Backend),
}

impl SampleWorld {
    /// The sample data in this database; made, as of today, if there is none. Every request to a fake takes `latency`.
    pub async fn open(store: Store, clock: Arc<dyn Clock>, latency: Duration) -> Result<Self> {
        const FIRST_DAY: &str = "sample/first day";
        let first_day = if let Some(day) = store.standing::<NaiveDate>(FIRST_DAY.to_owned()).await? {
            day
        } else {
            let day = clock.now_utc().date_naive();
            store.keep_standing(FIRST_DAY.to_owned(), &day).await?;
            day
        };
        let mut fakes = BTreeMap::new();
        for provider in Provider::ALL {
            if let Some(state) = store.standing::<String>(place(provider)).await? {
                fakes.insert(provider.id, Fake::Kept(state));
            }
        }
        let campaign = campaign(first_day)?;
        Ok(Self(Arc::new(World { store, clock, campaign, latency, fakes: Mutex::new(fakes) })))
    }

    /// A fake of this provider at work, watched by `observer`. It holds what the one before it held.
    pub fn integration(
        &self,
        provider: &'static Provider,
        observer: Arc<dyn Observer>,
        links: Arc<dyn LinkStore>,
    ) -> Result<Arc<dyn Integration>> {
        let world = &self.0;
        let keeper = Arc::new(Keeper { world: Arc::clone(world), provider, observer, backend: Mutex::default() });
        let (clock, watch) = (Arc::clone(&world.clock), Arc::clone(&keeper) as Arc<dyn Observer>);
        let (integration, backend): (Arc<dyn Integration>, Backend) = match provider.id {
            "brandscopic" => {
                let mock = MockBrandscopic::builder().campaign(&world.campaign.name).clock(clock).link_store(links);
                let mock = mock.client(|client| client.observer(watch)).build()?;
                (Arc::new(BrandscopicIntegration::new(Arc::new(mock.clone()))), mock.backend().clone())
            }
            "placer" => {
                let mock = MockPlacer::builder().clock(clock).client(|client| client.observer(watch)).build()?;
                let placer = PlacerIntegration::new(Arc::new(mock.clone())).quota_of(mock.client().clone());
                (Arc::new(placer), mock.backend().clone())
            }
            "smartsheet" => {
                let mock = MockSmartsheet::builder().clock(clock).link_store(links);
                let mock = mock.client(|client| client.observer(watch)).build()?;
                let workspace = mock.workspace_id();
                (Arc::new(SmartsheetIntegration::new(Arc::new(mock.clone()), workspace)), mock.backend().clone())
            }
            "qrtiger" => {
                let mock = MockQrTiger::builder().clock(clock).link_store(links);
                let mock = mock.client(|client| client.observer(watch)).build()?;
                let codes = QrTigerIntegration::new(Arc::new(mock.clone())).quota(mock.client().quota());
                (Arc::new(codes), mock.backend().clone())
            }
            other => return Err(Error::new(ErrorKind::Unsupported, format!("there is no fake of {other}"))),
        };
        let mut fakes = world.fakes.lock().unwrap_or_else(PoisonError::into_inner);
        match fakes.get(provider.id) {
            Some(Fake::Kept(state)) => backend.load(state)?,
            Some(Fake::Made(before)) => backend.load(&before.save()?)?,
            None => {}
        }
        backend.latency(world.latency);
        fakes.insert(provider.id, Fake::Made(backend.clone()));
        *keeper.backend.lock().unwrap_or_else(PoisonError::into_inner) = Some(backend);
        Ok(integration)
    }
}

impl fmt::Debug for SampleWorld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SampleWorld")
    }
}

#[async_trait]
impl CampaignSource for SampleWorld {
    async fn campaign(&self) -> Result<Campaign> {
        Ok(self.0.campaign.clone())
    }

    fn is_sample(&self) -> bool {
        true
    }
}

fn place(provider: &Provider) -> String {
    format!("sample/{}", provider.id)
}

/// Keeps what a fake holds after every write, before its client notes what was made.
struct Keeper {
    world: Arc<World>,
    provider: &'static Provider,
    observer: Arc<dyn Observer>,
    backend: Mutex<Option<Backend>>,
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper").field("provider", &self.provider.id).finish_non_exhaustive()
    }
}

impl Observer for Keeper {
    fn on_event(&self, event: &Event<'_>) {
        self.observer.on_event(event);
        let Event::Attempt { operation, .. } = event else { return };
        if operation.method.is_safe() {
            return;
        }
        let backend = self.backend.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(backend) = backend {
            self.world.store.keep_standing_soon(place(self.provider), move || backend.save());
        }
    }
}

/// Two weeks of events around `first_day`, at the places that the fake of Placer.ai knows.
fn campaign(first_day: NaiveDate) -> Result<Campaign> {
    const TITLES: [&str; 4] = ["Tasting", "Morning Giveaway", "Pop-up Bar", "Street Team"];
    let mut events = Vec::new();
    for (number, (day, place)) in (0_u64..24).zip((0_u64..).zip(connectors_mock::placer::VENUES.iter().cycle())) {
        let invalid = |what: &str| Error::config("sample", format!("{what} of {}", place.name));
        let date = first_day.checked_add_days(Days::new(1 + day * 2 / 3)).ok_or_else(|| invalid("a day"))?;
        let title = TITLES.iter().cycle().nth(usize::try_from(number).unwrap_or_default() / 3).unwrap_or(&"Tasting");
        let hour = |hour: u32| NaiveTime::from_hms_opt(hour, 0, 0).map(|time| date.and_time(time));
        let (from, to) = hour(11).zip(hour(17)).ok_or_else(|| invalid("an hour"))?;
        let mut venue = Venue::new(place.id.trim_start_matches("venue:"), place.name, place.city, place.country);
        venue.state = Some(place.state.to_owned());
        venue.address = Some(place.street.to_owned());
        venue.placer_id = Some(place.id.to_owned());
        let id = format!("FIZZ-{:02}", number + 1);
        let page = format!("https://fizzwell.example/tour/{}", id.to_lowercase());
        let page = Url::parse(&page).map_err(|_| invalid("a page"))?;
        let name = format!("{title} at {}", place.name);
        events.push(CampaignEvent::new(
            EventId::new(id)?,
            name,
            venue,
            TimeZone::new(place.time_zone)?,
            from,
            to,
            page,
        ));
    }
    Ok(Campaign::new(CampaignId::new("fizzwell-tour")?, "Fizzwell Tour", "Fizzwell Beverages", "United States", events))
}

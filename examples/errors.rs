//! How an application handles every kind of error: each is provoked, and what to do about it printed.
//!
//! `cargo run --example errors`

use std::sync::Arc;
use std::time::Duration;

use connectors_brandscopic::{BrandscopicService, Contract, CreateProject};
use connectors_core::{Campaign, CampaignId, DateRange, Error, ErrorKind, EventId, FileLinkStore, Result};
use connectors_mock::{Fault, InProcess, MockBrandscopic, MockPlacer, MockQrTiger};
use connectors_placer::{FootfallRequest, PlacerService, latest_complete_day};
use connectors_qrtiger::{
    GenerateQrCode, ListQrCodes, Period, QrId, QrStatus, QrTigerBuilder, QrTigerClient, QrTigerService,
    ScanStatsRequest, UpdateQrCode,
};
use url::Url;

/// What a program should do. The questions come in the order of their urgency; the kind is asked last.
fn advice(error: &Error) -> String {
    if error.maybe_applied() {
        return "look before repeating: it may have been done".to_owned();
    }
    if let Some(wait) = error.retry_after() {
        return format!("put it back in the queue for {} s", wait.as_secs_f64().ceil());
    }
    let advice = match error.kind() {
        ErrorKind::Config => "stop: the settings are wrong, nothing was sent",
        ErrorKind::InvalidRequest => "show it to whoever entered the data",
        ErrorKind::Auth => "stop: ask for a new key",
        ErrorKind::PermissionDenied => "ask the account's owner for the right or the plan",
        ErrorKind::NotFound => "it is gone: drop it, or make it anew",
        ErrorKind::Ambiguous => "let a person choose: more than one fits",
        ErrorKind::Conflict => "look at what is there, then decide",
        ErrorKind::QuotaExhausted => "stop until the quota is renewed, or buy a larger plan",
        ErrorKind::RateLimited | ErrorKind::Pending => "the same call again, later",
        ErrorKind::Timeout | ErrorKind::Connect | ErrorKind::Interrupted | ErrorKind::Server => {
            "the client has repeated it already: try again in some minutes, then alert"
        }
        ErrorKind::Decode => "report it: the provider has changed, or the URL leads elsewhere",
        ErrorKind::BodyTooLarge => "ask for less, or read it as a stream",
        ErrorKind::Unsupported => "do without, or set the option that the hint names",
        ErrorKind::Cancelled => "nothing: somebody wanted that",
        ErrorKind::Storage => "mend the disk or database first: it keeps things from being made twice",
        // Kinds may be added: treat an unknown one like a failure of the provider.
        _ => "try again later, then alert",
    };
    advice.to_owned()
}

#[tokio::main]
async fn main() -> Result<()> {
    let mock = MockQrTiger::new();
    let code = mock.generate_qr_code(request("tasting-1", "https://example.com/1")?).await?.id;

    // Refused before anything is sent.
    show(keyed().api_url("https://api.qrtiger.com/v1").build());
    show(mock.generate_qr_code(request("tasting-2", "ftp://example.com/2")?).await);
    show(QrId::new("../admin"));
    show(mock.client().campaigns().page(0).await);
    let plain = on(&mock, keyed())?;
    show(plain.update_qr_code(UpdateQrCode::new(code.clone(), QrStatus::Paused)).await);
    show(FileLinkStore::open(env!("CARGO_MANIFEST_DIR")));

    // Refused by the provider.
    show(on(&mock, keyed().api_key("another-key"))?.summary().await);
    show(faulty(&mock, &[Fault::Status(403)]).await);
    show(faulty(&mock, &[Fault::Status(402)]).await);
    show(mock.scan_stats(ScanStatsRequest::new(QrId::new("NOBODY")?, Period::All)).await);
    show(mock.generate_qr_code(request("tasting-1", "https://example.com/another")?).await);
    show(faulty(&mock, &[Fault::Throttle(Some(Duration::from_secs(900)))]).await);

    // Reads that fail however often they are repeated.
    show(faulty(&mock, &[Fault::Refused; 4]).await);
    show(faulty(&mock, &[Fault::ResetBefore; 4]).await);
    show(faulty(&mock, &[Fault::Status(503); 4]).await);
    show(faulty(&mock, &[Fault::Slow(Duration::from_secs(60)); 4]).await);
    show(faulty(&mock, &[Fault::Oversized(40)]).await);

    // A create whose answer is lost: the service looks for the code, the native call leaves that to you.
    mock.backend().script("campaigns.create", [Fault::ResetAfter]);
    show(mock.client().campaigns().create("https://example.com/flyer").await);

    // Two campaigns of one name, of which Brandscopic cannot say which is meant.
    let twins = MockBrandscopic::builder().contract(Contract::Native).campaign("Summer").campaign("Summer").build()?;
    let campaign = Campaign::new(CampaignId::new("summer")?, "Summer", "Example Coffee", "North", Vec::new());
    show(twins.create_project(CreateProject::new(&campaign)).await);

    // Statistics that Placer.ai is still computing when the call's time is up.
    let placer = MockPlacer::new();
    for report in ["reports.visits.trends", "reports.visits.trends_single"] {
        placer.backend().script(report, [Fault::NotReady; 100]);
    }
    let month = DateRange::last_days(28, latest_complete_day(placer.backend().clock().now_utc().date_naive()))?;
    for venue in MockPlacer::venue_ids().into_iter().take(1) {
        show(placer.footfall(FootfallRequest::new(venue, month)).await);
    }

    // What no fake can be made to do: an answer of another form, work that was given up.
    let decode = Error::new(ErrorKind::Decode, "the answer does not have the documented form: missing field `qrId`");
    show::<()>(Err(decode.with_json_path("data")));
    show::<()>(Err(Error::new(ErrorKind::Cancelled, "the bulk call was given up")));
    Ok(())
}

/// Prints the error as a log would have it, and what follows from it.
fn show<T>(outcome: Result<T>) {
    match outcome {
        Ok(_) => println!("no error"),
        Err(error) => println!("{error}\n    -> {}\n", advice(&error)),
    }
}

fn request(event: &str, page: &str) -> Result<GenerateQrCode> {
    let page = Url::parse(page).map_err(|error| Error::invalid("page", "is not an address").with_source(error))?;
    Ok(GenerateQrCode::new(&CampaignId::new("summer")?, &EventId::new(event)?, page))
}

fn keyed() -> QrTigerBuilder {
    QrTigerClient::builder().api_key("mock-key")
}

/// A client with settings of its own, on the mock's fake.
fn on(mock: &MockQrTiger, builder: QrTigerBuilder) -> Result<QrTigerClient> {
    let backend = mock.backend();
    builder.transport(Arc::new(InProcess::new(backend.clone()))).clock(Arc::clone(backend.clock())).build()
}

/// Lists codes while the provider misbehaves like this.
async fn faulty(mock: &MockQrTiger, faults: &[Fault]) -> Result<()> {
    mock.backend().script("campaigns.list", faults.iter().copied());
    mock.list_qr_codes(ListQrCodes::new()).await.map(drop)
}

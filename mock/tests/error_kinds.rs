//! Every kind of error, as a user of the clients comes across it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests, too")]

use std::collections::BTreeSet;
use std::future;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use connectors_core::provider::{Cache, CacheKey, Fetched};
use connectors_core::{
    CachePolicy, Campaign, CampaignId, Clock, DateRange, Error, ErrorKind, FileLinkStore, Result, SystemClock,
};
use connectors_mock::{Fault, MockBrandscopic, MockPlacer, MockPlacerBuilder, MockSmartsheet};
use connectors_placer::{FootfallRequest, PlacerService};
use connectors_smartsheet::{CreateSheet, NewSheet, SheetId, SmartsheetClient, SmartsheetService, Template, tracker};
use http::Method;

const DAY: Duration = Duration::from_secs(86_400);

/// The error of reading a sheet while the fake does this, again and again.
async fn reading(fault: Fault) -> Error {
    let mock = MockSmartsheet::new();
    mock.backend().script("sheets.get", [fault; 8]);
    mock.client().sheets().get(mock.template_id()).await.unwrap_err()
}

/// The error of an answer beyond the cap of operations that set none themselves.
async fn oversized() -> Error {
    let mock = MockSmartsheet::new();
    mock.backend().script("sheets.get", [Fault::Oversized(33)]);
    let path = format!("/sheets/{}", mock.template_id());
    mock.client().request(&Method::GET, &path).send_bytes().await.unwrap_err()
}

async fn create_tracker(mock: &MockSmartsheet) -> Result<SheetId> {
    let campaign = Campaign::new(CampaignId::new("summer").unwrap(), "Summer Tour", "Fizz", "DACH", Vec::new());
    Ok(mock.create_sheet(CreateSheet::new(&campaign, Template::event_tracker(), mock.workspace_id())).await?.id)
}

/// The error of a create that may have happened, with two sheets there that it may have been.
async fn two_candidates() -> Error {
    let mock = MockSmartsheet::new();
    let twin = NewSheet::with_columns("Summer Tour tracker", tracker::columns());
    mock.client().sheets().create_in_workspace(mock.workspace_id(), twin).await.unwrap();
    mock.backend().script("sheets.create_in_workspace", [Fault::ResetAfter]);
    create_tracker(&mock).await.unwrap_err();
    create_tracker(&mock).await.unwrap_err()
}

/// The error of a week of a venue's footfall.
async fn footfall(mock: MockPlacerBuilder) -> Error {
    let mock = mock.build().unwrap();
    let week = DateRange::last_days(7, "2026-02-20".parse().unwrap()).unwrap();
    mock.footfall(FootfallRequest::new(MockPlacer::venue_ids().remove(0), week)).await.unwrap_err()
}

/// The error of those who wait for a fetch with a bug.
async fn panicking_fetch() -> Error {
    let clock = Arc::new(SystemClock);
    let (cache, deadline) = (Cache::new(1024, clock.clone()), clock.now() + DAY);
    let bug = future::poll_fn(|_| -> Poll<Result<Fetched<u8>>> { panic!("the fetch has a bug") });
    cache.get_or_fetch(CacheKey::new(0, "x", b""), CachePolicy::Use, deadline, bug).await.unwrap_err()
}

#[tokio::test]
async fn each_kind_has_its_cause_and_its_advice() {
    use ErrorKind as K;
    let sheets = MockSmartsheet::new();
    let client = sheets.client();
    let known = sheets.template_id();
    // The kind, how a user comes across it, and whether trying again later makes sense.
    let met = [
        (K::Config, SmartsheetClient::builder().access_token(" ").build().unwrap_err(), false),
        (K::InvalidRequest, client.request(&Method::GET, "/../admin").send_bytes().await.unwrap_err(), false),
        (K::Auth, reading(Fault::Status(401)).await, false),
        (K::PermissionDenied, reading(Fault::Status(403)).await, false),
        (K::NotFound, client.sheets().get(SheetId::from(7)).await.unwrap_err(), false),
        (K::Ambiguous, two_candidates().await, false),
        (K::Conflict, reading(Fault::Status(409)).await, false),
        (K::RateLimited, reading(Fault::Throttle(Some(DAY))).await, true),
        (K::QuotaExhausted, footfall(MockPlacer::builder().poi_quota(0)).await, false),
        (K::Pending, footfall(MockPlacer::builder().polls(1000)).await, true),
        (K::Timeout, reading(Fault::Slow(DAY)).await, true),
        (K::Connect, reading(Fault::Refused).await, true),
        (K::Interrupted, reading(Fault::ResetBefore).await, true),
        (K::Server, reading(Fault::HtmlPage(502)).await, true),
        (K::Decode, client.request(&Method::GET, &format!("/sheets/{known}")).send::<u8>().await.unwrap_err(), false),
        (K::BodyTooLarge, oversized().await, false),
        (K::Unsupported, MockBrandscopic::new().client().native().unwrap_err(), false),
        (K::Cancelled, panicking_fetch().await, false),
        (K::Storage, FileLinkStore::open("/dev/null/links.jsonl").unwrap_err(), false),
    ];
    for (kind, error, retryable) in &met {
        assert_eq!((error.kind(), error.is_retryable()), (*kind, *retryable), "{error:?}");
        let line = error.to_string();
        assert!(line.contains(kind.as_str()) && !line.contains('\n') && line.len() < 400, "{line}");
        assert!(
            format!("{error:#}").starts_with(line.split(" (").next().unwrap().split("; ").next().unwrap()),
            "{line}"
        );
    }
    let reached: BTreeSet<_> = met.iter().map(|(kind, ..)| kind.as_str()).collect();
    assert_eq!(reached, ErrorKind::ALL.iter().map(|kind| kind.as_str()).collect());
}

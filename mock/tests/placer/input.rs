use std::collections::HashMap;
use std::sync::Arc;

use connectors_core::{DateRange, ErrorKind};
use connectors_mock::{FakePlacer, InProcess, MockPlacer};
use connectors_placer::{
    Contract, Daypart, DistanceFilter, DistanceFrom, Filters, Granularity, MovementConfig, NearbyRadius, PlacerBuilder,
    PlacerClient, PlacerService, VenueId, VisitSegment,
};
use http::Method;

use super::{builder, id, last_days, venue, week_at};

#[test]
fn what_cannot_be_an_id_is_refused() {
    for bad in ["", " ", "a/b", "..", "venue:\n", "a?b", "a#b", "venue\\x", " venue:1", &"x".repeat(300)] {
        let error = VenueId::new(bad).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("venueId")), "{bad:?}");
    }
}

#[test]
fn a_range_that_ends_before_it_starts_is_refused() {
    let error = DateRange::new("2026-02-02".parse().unwrap(), "2026-02-01".parse().unwrap()).unwrap_err();
    assert_eq!(error.field(), Some("range"));
}

#[test]
fn settings_that_cannot_be_right_say_what_to_write() {
    let (native, movement) = (PlacerClient::builder, MovementConfig::new);
    let cases: Vec<(PlacerBuilder, &str, &str)> = vec![
        (native(), "api_key", "provider gave you"),
        (native().api_key("  "), "api_key", "provider gave you"),
        (native().api_key("k\nk"), "api_key", "line breaks"),
        (native().api_key("k").api_url("https://api.placer.ai"), "api_url", "https://papi.placer.ai"),
        (native().api_key("k").api_url("https://api.placer.ai/v1"), "api_url", "https://papi.placer.ai"),
        (native().api_key("k").api_url("https://papi.placer.ai/v1/"), "api_url", "without /v1"),
        (native().api_key("k").api_url("papi.placer.ai"), "api_url", "https://"),
        (native().api_key("k").api_url("http://papi.placer.ai"), "api_url", "https"),
        (native().gateway().api_key("k"), "api_url", "gateway's base URL"),
        (native().gateway().api_key("k").api_url("https://papi.placer.ai"), "api_url", "native contract"),
        (native().api_key("k").trends_chunk(0), "trends_chunk", ""),
        (native().api_key("k").concurrency(0), "concurrency", ""),
        (native().api_key("k").movement(movement().dayparts([])), "movement", ""),
        (native().api_key("k").movement(movement().dayparts([Daypart::new("late", 21..=24)])), "movement", ""),
        (native().api_key("k").movement(movement().levels(1.25, 0.75)), "movement", ""),
        (native().api_key("k").movement(movement().peak_share(f64::NAN)), "movement", ""),
    ];
    for (builder, field, hint) in cases {
        let described = format!("{builder:?}");
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some(field)), "{described}");
        assert!(error.hint().unwrap_or_default().contains(hint), "{error} does not say {hint:?}");
    }
    assert!(native().gateway().api_key("k").api_url("https://gateway.example/placer/v1").build().is_ok());
}

#[test]
fn the_environment_is_read_by_name() {
    let from = |pairs: &[(&str, &str)]| {
        let vars: HashMap<String, String> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        PlacerClient::from_vars(|name| vars.get(name).cloned())
    };
    let key = ("PLACER_API_KEY", "k");
    assert_eq!(from(&[key]).unwrap().contract(), Contract::Native);
    let gateway = from(&[key, ("PLACER_API_CONTRACT", "gateway"), ("PLACER_API_URL", "https://gateway.example")]);
    assert_eq!(gateway.unwrap().contract(), Contract::Gateway);
    for (pairs, field) in [
        (vec![], "PLACER_API_KEY"),
        (vec![("PLACER_API_KEY", " ")], "PLACER_API_KEY"),
        (vec![key, ("PLACER_API_CONTRACT", "graphql")], "PLACER_API_CONTRACT"),
        (vec![key, ("PLACER_API_CONTRACT", "gateway")], "PLACER_API_URL"),
        (vec![key, ("PLACER_API_URL", "https://api.placer.ai/v1")], "PLACER_API_URL"),
    ] {
        let error = from(&pairs).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some(field)), "{pairs:?}");
    }
}

#[tokio::test]
async fn reports_are_checked_before_they_cost_anything() {
    let mock = MockPlacer::new();
    let visits = mock.client().reports().visits();
    let filters = |filters| visits.hours(venue(0), last_days(7)).filters(filters);
    let field = |outcome: connectors_core::Result<_>| outcome.err().and_then(|error| error.field().map(str::to_owned));
    assert_eq!(field(filters(Filters::new().hours(14, 11)).await).as_deref(), Some("filters.hours"));
    assert_eq!(field(filters(Filters::new().hours(8, 25)).await).as_deref(), Some("filters.hours"));
    let nowhere = Filters::new().distance(DistanceFilter::new(DistanceFrom::Home));
    assert_eq!(field(filters(nowhere).await).as_deref(), Some("filters.distance"));
    assert_eq!(field(visits.hours(id("harbor"), last_days(7)).await).as_deref(), Some("venueId"));
    let metrics = visits.metrics([venue(0), venue(1)], last_days(7)).nearby_radius(NearbyRadius::R250).await;
    assert_eq!(metrics.unwrap_err().field(), Some("nearbyRadius"));
    let mixed = visits.trends([venue(0)], last_days(7), Granularity::Day).segment(VisitSegment::Mixed).await;
    assert_eq!(mixed.unwrap_err().field(), Some("segment"));
    for (search, field) in [
        (mock.client().pois().search().query(" "), "query"),
        (mock.client().pois().search().near(91.0, 0.0, 1.0), "lat"),
        (mock.client().pois().search().near(40.0, -74.0, 0.0), "radius"),
        (mock.client().pois().search().page_size(101), "limit"),
        (mock.client().pois().search().skip(1000), "skip"),
        (mock.client().pois().search().category(" "), "category"),
        (mock.client().pois().search().group(""), "groupCategory"),
        (mock.client().pois().search().sub_category(" "), "subCategory"),
    ] {
        assert_eq!(search.await.unwrap_err().field(), Some(field));
    }
    let beyond = mock.client().pois().search().skip(1000).all().collect_all().await;
    assert_eq!(beyond.unwrap_err().field(), Some("skip"));
    assert!(mock.backend().journal().is_empty(), "nothing was sent");
    let unchecked = visits.hours(id("harbor"), last_days(7)).skip_validation().await.unwrap_err();
    assert_eq!(unchecked.status().map(|status| status.as_u16()), Some(400), "left to Placer, which refuses it");
}

#[tokio::test]
async fn a_gateway_has_no_native_operations_and_says_so() {
    let mock = builder(Contract::Gateway).build().unwrap();
    let error = mock.client().reports().visits().hours(venue(0), last_days(7)).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Unsupported, "reports.visits.hours"));
    assert!(error.hint().is_some_and(|hint| hint.contains("native")), "{error}");
    assert_eq!(mock.client().account().usage_status().await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert!(mock.backend().journal().is_empty());
}

#[tokio::test]
async fn a_connection_test_says_what_is_wrong() {
    use connectors_core::ConnectionStatus::{BadKey, Connected, Throttled, Unreachable, WrongUrl};
    use connectors_mock::Fault;

    for contract in super::BOTH {
        let operation = if contract == Contract::Native { "account.usage_status" } else { "venues.movement" };
        for (fault, status) in [
            (None, Connected),
            (Some(Fault::Refused), Unreachable),
            (Some(Fault::Throttle(None)), Throttled),
            (Some(Fault::HtmlPage(404)), WrongUrl),
            (Some(Fault::HtmlPage(200)), WrongUrl),
        ] {
            let mock = builder(contract).build().unwrap();
            mock.backend().script(operation, fault.map(|fault| vec![fault; 9]).unwrap_or_default());
            let report = mock.test_connection().await.unwrap();
            assert_eq!(report.status, status, "{contract:?} {report:?}");
        }
        let mock = builder(contract).build().unwrap();
        let stranger = PlacerClient::builder()
            .contract(contract)
            .api_key("another-key")
            .api_url("https://placer.test")
            .transport(Arc::new(InProcess::new(mock.backend().clone())))
            .clock(mock.backend().clock().clone())
            .build()
            .unwrap();
        let report = stranger.test_connection().await.unwrap();
        assert_eq!(report.status, BadKey, "{contract:?} {report:?}");
    }
}

#[tokio::test]
async fn secrets_are_never_shown() {
    const CANARY: &str = "canary-4f1d7a90c3";
    for contract in super::BOTH {
        let mock = builder(contract).build().unwrap();
        let builder = PlacerClient::builder()
            .contract(contract)
            .api_key(CANARY)
            .api_url("https://placer.test")
            .transport(Arc::new(InProcess::new(mock.backend().clone())))
            .clock(mock.backend().clock().clone());
        let mut shown = vec![format!("{builder:?}")];
        let client = builder.build().unwrap();
        shown.push(format!("{client:?} {:?}", client.reports().visits().hours(venue(0), last_days(7))));
        let error = client.footfall(week_at(0)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth);
        shown.push(format!("{error} {error:#} {error:?} {:?}", mock.backend().journal()));
        shown.push(format!("{:?}", client.request(&Method::GET, "/v1/poi")));
        assert!(shown.iter().all(|text| !text.contains(CANARY)), "{shown:?}");
        let sent = &mock.backend().journal()[0].headers;
        let name = if contract == Contract::Native { "x-api-key" } else { "authorization" };
        assert!(sent[name].is_sensitive());
    }
    assert_ne!(FakePlacer::KEY, CANARY);
}

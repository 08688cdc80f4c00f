use chrono::Weekday;
use connectors_core::{CacheOutcome, DateRange, ErrorKind};
use connectors_mock::MockPlacer;
use connectors_mock::placer::{CHAIN, Dialect, FakeVenue, Standing, VENUES};
use connectors_placer::{
    Audience, BaseFilters, DistanceFilter, DistanceFrom, DwellFilter, EntityType, Filters, Granularity, NearbyRadius,
    TrafficLevel, VisitSegment,
};
use http::Method;
use serde_json::json;

use super::{id, last_days, venue, week_at};

const BOTH_DIALECTS: [Dialect; 2] = [Dialect::Observed, Dialect::Documented];

#[tokio::test]
async fn every_report_reads_in_both_dialects() {
    for dialect in BOTH_DIALECTS {
        let mock = MockPlacer::builder().dialect(dialect).build().unwrap();
        let (visits, weeks) = (mock.client().reports().visits(), last_days(28));
        let metrics = visits.metrics([venue(3), venue(0)], weeks).include_metadata().await.unwrap();
        assert_eq!((metrics.found.len(), &metrics.found[0].venue), (2, &venue(3)));
        assert_eq!(metrics.found[0].metadata.as_ref().unwrap().name.as_deref(), Some(VENUES[3].name));
        let total = metrics.found[0].visits;

        let trends = visits.trends([venue(3)], weeks, Granularity::Day).await.unwrap();
        let trend = &trends.found[0];
        assert_eq!((trend.points.len(), trend.points.iter().map(|point| point.visits).sum::<u64>()), (28, total));
        assert_eq!(trend.segment, Some(VisitSegment::TenMinutesOrLonger));
        assert!(trend.points.iter().all(|point| point.panel_visits.is_some()));

        let single = visits.trends_single(venue(3), weeks, Granularity::Week).await.unwrap().required().unwrap();
        assert_eq!((single.granularity.clone(), single.points.len()), (Granularity::Week, 5));
        let weekly = visits.trends([venue(3)], weeks, Granularity::Week).await.unwrap();
        assert_eq!(weekly.found[0].granularity, Granularity::Week, "also where the answer does not say so");
        assert!(single.points.iter().all(|point| point.panel_visits.is_none()));

        let hours = visits.hours(venue(3), weeks).await.unwrap().required().unwrap();
        assert_eq!((hours.hours.iter().sum::<u64>(), hours.opening_hours.len()), (total, 7));
        assert_eq!((hours.opening_hours[0].from_hour, hours.opening_hours[0].to_hour), (10, 21));

        let days = visits.days(venue(3), weeks).await.unwrap().required().unwrap();
        assert_eq!(days.days.iter().sum::<u64>(), total);
        assert!(days.days[5] > days.days[0], "a mall is fuller on Saturday than on Monday");

        let dwell = visits.dwell_time(venue(3), weeks).await.unwrap().required().unwrap();
        assert_eq!((dwell.bins.len(), dwell.bins.iter().map(|bin| bin.visits).sum::<u64>()), (12, total));
        assert!(dwell.average_minutes > dwell.median_minutes);
    }
}

#[tokio::test]
async fn filters_travel_under_the_right_names() {
    let mock = MockPlacer::new();
    let visits = mock.client().reports().visits();
    let filters = Filters::new()
        .audience([Audience::Visitors])
        .dwell(DwellFilter::Under(45))
        .hours(8, 12)
        .days([Weekday::Sun, Weekday::Mon])
        .distance(DistanceFilter::new(DistanceFrom::Work).at_most(2.5));
    visits
        .hours(venue(0), last_days(14))
        .filters(filters)
        .nearby_radius(NearbyRadius::R500)
        .await
        .unwrap()
        .required()
        .unwrap();
    let sent = mock.backend().journal()[0].json::<serde_json::Value>();
    let expected = json!({
        "audienceType": ["visitors"], "dwellTime": {"operator": "<", "value": 45}, "daysOfWeek": [1, 7],
        "hoursRange": {"fromHour": "08:00 am", "toHour": "12:00 pm"}, "distance": {"from": "work", "values": {"le": 2.5}},
    });
    assert_eq!((&sent["filters"], &sent["nearbyRadius"]), (&expected, &json!(500)));

    let weekends = visits.trends([venue(0)], last_days(14), Granularity::Day);
    let weekends = weekends
        .filters(BaseFilters::new().days([Weekday::Sat, Weekday::Sun]))
        .segment(VisitSegment::AllVisits)
        .await
        .unwrap();
    assert_eq!((weekends.found[0].points.len(), &weekends.found[0].segment), (4, &Some(VisitSegment::AllVisits)));

    let monday = || Filters::new().days([Weekday::Mon]);
    visits.days(venue(0), last_days(14)).filters(monday()).filters(Filters::new()).await.unwrap();
    let unfiltered = mock.backend().journal().last().unwrap().json::<serde_json::Value>();
    assert_eq!(unfiltered.get("filters"), None, "the last word counts");
}

#[tokio::test]
async fn a_response_tells_how_it_came_about() {
    let mock = MockPlacer::new();
    let request = || mock.client().reports().visits().hours(venue(0), last_days(7));
    let fresh = request().send().await.unwrap();
    assert_eq!((fresh.meta().attempts, fresh.meta().polls, fresh.meta().cache), (2, 1, Some(CacheOutcome::Miss)));
    assert!(fresh.meta().request_id.as_ref().is_some_and(|id| id.starts_with("mock-")), "{:?}", fresh.meta());
    let cached = request().send().await.unwrap();
    assert_eq!((cached.meta().attempts, cached.meta().cache), (0, Some(CacheOutcome::Hit)));
    assert!(fresh.meta().rate.is_some() && cached.meta().rate.is_none(), "only what was sent used a quota");
    let spawned = tokio::spawn(request().into_future());
    assert!(spawned.await.unwrap().unwrap().found().is_some(), "a request can be spawned");
}

#[tokio::test]
async fn bulk_reports_are_cut_into_requests() {
    let mock = MockPlacer::builder().polls(0).corner_stores(45).build().unwrap();
    let stores: Vec<_> = (1..=45).map(|n| id(&format!("venue:{n:024x}"))).collect();
    let report =
        mock.client().reports().visits().trends(stores.clone(), last_days(7), Granularity::Day).send().await.unwrap();
    assert_eq!((report.found.len(), report.meta().attempts), (45, 3));
    assert!(report.found.iter().map(|trend| &trend.venue).eq(&stores), "in the order of the question");
    let sizes: Vec<_> = mock
        .backend()
        .journal()
        .iter()
        .map(|e| e.json::<serde_json::Value>()["apiIds"].as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [20, 20, 5]);
}

#[tokio::test]
async fn bulk_reports_sort_out_what_failed() {
    let quiet = FakeVenue::new("venue:0000000000000000000000aa", "Quiet").standing(Standing::NoData);
    let mock = MockPlacer::builder().venue(quiet).build().unwrap();
    let asked = [venue(0), id("venue:0000000000000000000000aa"), id("venue:0000000000000000000000ff"), id("nonsense")];
    let report = mock.client().reports().visits().metrics(asked, last_days(7)).await.unwrap();
    assert_eq!((report.found.len(), report.without_data.len(), report.failures.len()), (1, 1, 2));
    let kinds: Vec<_> = report.failures.iter().map(|failure| failure.error.kind()).collect();
    assert_eq!(kinds, [ErrorKind::NotFound, ErrorKind::InvalidRequest]);
}

#[tokio::test]
async fn places_are_found_by_name_surroundings_and_category() {
    let mock = MockPlacer::new();
    let names = async |search: connectors_placer::PoiSearch| -> Vec<String> {
        search.await.unwrap().into_iter().filter_map(|poi| poi.name).collect()
    };
    let search = || mock.client().pois().search();
    assert_eq!(names(search().query("pike")).await, ["Pike Street Market"]);
    assert_eq!(names(search().near(41.88, -87.65, 5.0)).await, ["Lakeshore Galleria", "Riverwalk Arena"]);
    assert_eq!(names(search().sub_category("Food Hall").entity_types([EntityType::Venue])).await.len(), 2);
    assert!(names(search().query("nowhere")).await.is_empty(), "nothing found is an empty list");
    let poi = search().query("pike").await.unwrap().remove(0);
    assert_eq!((poi.api_id.as_str(), poi.entity_type), (VENUES[8].id, Some(EntityType::Venue)));
    assert_eq!(poi.parent_chains[0].api_id.as_str(), CHAIN);

    let stores = mock.client().pois().entities(&id(CHAIN)).await.unwrap();
    assert_eq!(stores.len(), 2);
    let none = mock.client().pois().entities(&id("chain:0000000000000000000000ff")).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NotFound);
    assert_eq!(mock.client().pois().my_properties().await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_search_ends_at_the_thousandth_match() {
    let mock = MockPlacer::builder().corner_stores(1200).build().unwrap();
    let found = mock.client().pois().search().query("corner").page_size(90).all().collect_all().await.unwrap();
    assert_eq!((found.len(), mock.backend().count("pois.search")), (1000, 12));
    let few = mock.client().pois().search().query("corner store 11").all().collect_all().await.unwrap();
    assert_eq!(few.len(), 111);
}

#[tokio::test]
async fn usage_is_told() {
    let mock = MockPlacer::new();
    connectors_placer::PlacerService::footfall(&mock, week_at(0)).await.unwrap();
    let usage = mock.client().account().usage_status().await.unwrap();
    assert_eq!((usage.used_quota, usage.queried_pois), (1, 1));
    assert_eq!(usage.weekly_usage_by_endpoint[0].endpoint, "POST /v1/reports/visit-trends");
    let with = mock.client().account().usage_status().send().await.unwrap();
    assert_eq!(with.meta().attempts, 1);
}

#[tokio::test]
async fn what_is_not_typed_can_be_sent_all_the_same() {
    let mock = MockPlacer::new();
    let call = mock.client().request(&Method::GET, "/v1/poi?query=pike&limit=1");
    let found = call.send::<serde_json::Value>().await.unwrap().into_inner();
    assert_eq!(found["data"][0]["name"], "Pike Street Market");
    let unknown =
        mock.client().request(&Method::POST, "/v1/reports/true-trade-area").json(&json!({})).send_bytes().await;
    assert_eq!(unknown.unwrap_err().status().map(|status| status.as_u16()), Some(400));
}

#[tokio::test]
async fn an_untyped_report_is_asked_for_until_it_is_there() {
    let mock = MockPlacer::builder().polls(2).build().unwrap();
    let body = json!({"startDate": "2026-02-01", "endDate": "2026-02-07", "apiId": venue(0)});
    let call = mock.client().request(&Method::POST, "/v1/reports/visit-metrics/hours").json(&body);
    let answer = call.send_bytes().await.unwrap();
    assert_eq!((answer.meta().status.as_u16(), answer.meta().polls), (200, 2));
}

#[tokio::test]
async fn a_misspelt_field_is_refused_by_the_strict_fake_and_ignored_by_the_other() {
    let body =
        json!({"startDate": "2026-02-01", "endDate": "2026-02-07", "apiId": venue(0), "filter": {"daysOfWeek": [1]}});
    for (strict, status) in [(true, Some(400)), (false, None)] {
        let mock = MockPlacer::builder().strict(strict).polls(0).build().unwrap();
        let call = mock.client().request(&Method::POST, "/v1/reports/visit-metrics/hours").json(&body);
        let refused = call.send_bytes().await.err().and_then(|error| error.status());
        assert_eq!(refused.map(|status| status.as_u16()), status);
    }
}

#[tokio::test]
async fn a_pattern_can_be_derived_otherwise() {
    use connectors_placer::{Daypart, MovementConfig, MovementRequest, PlacerService};
    let config = MovementConfig::new()
        .dayparts([Daypart::new("am", 0..=11), Daypart::new("pm", 12..=23)])
        .levels(0.1, 9.0)
        .peak_share(0.99);
    let mock = MockPlacer::builder().client(|client| client.movement(config)).build().unwrap();
    let range = DateRange::last_days(14, "2026-02-20".parse().unwrap()).unwrap();
    let movement = mock.movement(MovementRequest::new(venue(0)).range(range)).await.unwrap();
    assert_eq!(
        (movement.time_of_day.as_str(), movement.traffic_level, movement.peak_hours.len()),
        ("pm", TrafficLevel::Medium, 1)
    );
}

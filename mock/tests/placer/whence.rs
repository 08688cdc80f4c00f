//! Where people come from, how often, and who they are.

use chrono::NaiveDate;
use connectors_core::{DateRange, ErrorKind};
use connectors_mock::MockPlacer;
use connectors_mock::placer::{CHAIN, Dialect, FakeVenue, Standing, VENUES};
use connectors_placer::{
    Allocation, Area, BenchmarkScope, Cbg, CbgGranularity, CbgVisits, Dataset, DemographicAudience, Demographics,
    DemographicsMethod, Filters, FollowgraphTemplate, NearbyRadius, NoData, Point, PopstatsTemplate,
    SpendingPatternsTemplate, TradeArea, TrafficShare, VisitSegment, VisitsFrequency,
};
use serde_json::{Value, json};

use super::{id, last_days, venue};

const BOTH_DIALECTS: [Dialect; 2] = [Dialect::Observed, Dialect::Documented];

fn in_dialect(dialect: Dialect) -> MockPlacer {
    MockPlacer::builder().dialect(dialect).polls(0).build().unwrap()
}

fn sent(mock: &MockPlacer) -> Value {
    mock.backend().journal().last().unwrap().json()
}

/// As it comes out of a persistent cache.
fn kept<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

fn winter() -> DateRange {
    DateRange::new("2026-01-01".parse().unwrap(), "2026-02-26".parse().unwrap()).unwrap()
}

#[tokio::test]
async fn origins_are_rows_of_twelve_digits_in_both_dialects() {
    // Los Angeles: its codes are written as numbers, and begin with a zero.
    let mut both = Vec::new();
    for dialect in BOTH_DIALECTS {
        let mock = in_dialect(dialect);
        let visits = mock.client().reports().visits();
        let report = visits.cbgs([venue(7), venue(1), venue(2)], winter(), CbgGranularity::Month).await.unwrap();
        let found: Vec<CbgVisits> = report.found.iter().map(|found| (**found).clone()).collect();
        assert!(found.iter().map(|found| &found.venue).eq([&venue(7), &venue(1), &venue(2)]));
        assert!(found[0].rows.iter().all(|row| row.cbg.county() == "06037"));
        let months: Vec<NaiveDate> = ["2026-01-01", "2026-02-01"].map(|month| month.parse().unwrap()).to_vec();
        let mut dates: Vec<_> = found[0].rows.iter().map(|row| row.date).collect();
        dates.dedup();
        assert_eq!((dates, kept::<CbgVisits>(&found[0])), (months, found[0].clone()));
        assert_eq!(found[0].segment, Some(VisitSegment::TenMinutesOrLonger));
        both.push(found);
    }
    assert_eq!(both[0], both[1]);
    let shared = both[0][1].by(Cbg::as_str).keys().filter(|cbg| both[0][2].by(Cbg::as_str).contains_key(*cbg)).count();
    assert!(shared > 10, "places of one city share people");
}

#[tokio::test]
#[expect(clippy::cast_precision_loss, reason = "counts of people")]
async fn origins_add_up_to_their_share_of_the_visits() {
    let mock = in_dialect(Dialect::Observed);
    let total: u64 = winter().days().map(|day| mock.fake().visits(venue(3).as_str(), day).unwrap()).sum();
    let request = || mock.client().reports().visits().cbgs([venue(3)], winter(), CbgGranularity::Month);
    let part = async |request: connectors_placer::CbgsRequest| {
        let found = request.await.unwrap().found.remove(0);
        let most = found.by(Cbg::as_str).into_values().fold(0.0, f64::max);
        assert!((found.by_cbg()[0].1 - most).abs() < 1e-9);
        found.total_visits() / total as f64
    };
    let (most, all) = (part(request()).await, part(request().traffic_share(TrafficShare::All)).await);
    assert!((0.6..=0.7).contains(&most) && (0.9..=1.0).contains(&all), "{most} {all}");
    let expected = json!({
        "apiIds": [venue(3)], "startDate": "2026-01-01", "endDate": "2026-02-26", "granularity": "month",
        "location": "Home", "trafficVolPct": 100,
    });
    assert_eq!(sent(&mock), expected);
}

#[tokio::test]
async fn origins_that_cannot_be_had_are_refused_or_without_data() {
    let custom = FakeVenue::new("complex:0000000000000000000000aa", "Ours").standing(Standing::Custom);
    let quiet = FakeVenue::new("venue:0000000000000000000000ab", "Quiet").standing(Standing::NoData);
    let chain = FakeVenue::new(CHAIN, "Markets");
    let mock = MockPlacer::builder().venue(custom).venue(quiet).venue(chain).polls(0).build().unwrap();
    let visits = mock.client().reports().visits();
    let short = visits.cbgs([venue(0)], last_days(28), CbgGranularity::Month).await.unwrap_err();
    assert_eq!((short.field(), short.attempts()), (Some("endDate"), 0));
    assert!(mock.backend().journal().is_empty());

    let custom = id("complex:0000000000000000000000aa");
    let asked = || visits.cbgs([venue(0), custom.clone()], winter(), CbgGranularity::Month);
    let unknown = asked().await.unwrap();
    assert_eq!((unknown.found.len(), &unknown.failures[0].venue), (1, &custom), "it fails alone");
    let footfall = connectors_placer::FootfallRequest::new(custom.clone(), last_days(7));
    connectors_placer::PlacerService::footfall(&mock, footfall).await.unwrap();
    let before = mock.backend().journal().len();
    let known = asked().await.unwrap();
    assert_eq!((known.failures[0].error.field(), known.found.len()), (Some("apiIds"), 1));
    assert_eq!(mock.backend().journal().len(), before, "it is known by now");
    let overlap = mock.client().analytics().cbg_overlap(custom.clone(), venue(0), winter()).await.unwrap_err();
    assert_eq!((overlap.field(), overlap.attempts()), (Some("apiIds"), 0));

    let quiet = id("venue:0000000000000000000000ab");
    let some = visits.cbgs([venue(0), quiet, id(CHAIN)], winter(), CbgGranularity::Week).await.unwrap();
    assert_eq!((some.found.len(), some.without_data.len(), some.failures.len()), (1, 2, 0));
}

#[tokio::test]
async fn origins_of_many_bins_are_cut_into_requests() {
    let mock = MockPlacer::builder().polls(0).corner_stores(45).build().unwrap();
    let stores: Vec<_> = (1..=45).map(|n| id(&format!("venue:{n:024x}"))).collect();
    let year = DateRange::new("2025-01-01".parse().unwrap(), "2026-01-01".parse().unwrap()).unwrap();
    let visits = mock.client().reports().visits();
    for (granularity, requests) in [(CbgGranularity::Year, 1), (CbgGranularity::Week, 3)] {
        let report = visits.cbgs(stores.clone(), year, granularity).send().await.unwrap();
        assert_eq!((report.found.len(), report.meta().attempts), (45, requests));
    }
}

#[tokio::test]
async fn areas_read_the_same_in_both_dialects_and_both_orders_of_coordinates() {
    let mut shapes = [false; 3];
    for (number, seed) in VENUES.iter().enumerate() {
        let mut areas = Vec::new();
        for dialect in BOTH_DIALECTS {
            let mock = in_dialect(dialect);
            let request = mock.client().reports().trade_area().true_trade_area(venue(number), last_days(28));
            let found: TradeArea = (*request.await.unwrap().required().unwrap()).clone();
            assert!(found.area.contains(Point::new(seed.latitude, seed.longitude)), "{}", seed.name);
            assert_eq!((&kept(&found), found.segment.is_some()), (&found, true));
            assert_eq!(Area::from_geojson(&found.area.to_geojson()).unwrap(), found.area);
            areas.push(found.area);
        }
        assert_eq!(areas[0], areas[1], "{}", seed.name);
        shapes[0] |= areas[0].polygons().len() == 1;
        shapes[1] |= areas[0].polygons().len() == 2;
        shapes[2] |= !areas[0].polygons()[0].holes.is_empty();
    }
    assert_eq!(shapes, [true; 3], "one piece, several, and with a hole");
}

#[tokio::test]
async fn a_trade_area_grows_with_its_share_and_is_asked_for_by_the_right_names() {
    let mock = in_dialect(Dialect::Observed);
    let areas = mock.client().reports().trade_area();
    let request = || areas.true_trade_area(venue(3), last_days(28));
    let mut radii = Vec::new();
    for share in [30, 70, 100] {
        radii.push(request().traffic_share(share).await.unwrap().required().unwrap().area.radius_miles());
    }
    assert!(radii.is_sorted() && radii[0] * 1.5 < radii[2], "{radii:?}");
    let near = request().traffic_share(100).within_miles(4).await.unwrap().required().unwrap();
    assert!(near.area.radius_miles() < 5.0);

    let filters = Filters::new().hours(11, 14);
    request().filters(filters).nearby_radius(NearbyRadius::R250).allocation(Allocation::Centroid).await.unwrap();
    let expected = json!({
        "apiId": venue(3), "startDate": "2026-01-30", "endDate": "2026-02-26", "reportType": "trueTradeArea",
        "fileFormat": "polygonGeoJson", "allocationType": "centroid", "nearbyRadius": 250,
        "filter": {"hoursRange": {"fromHour": "11:00 am", "toHour": "02:00 pm"}},
    });
    assert_eq!(sent(&mock), expected);

    let drive = |minutes| areas.drive_time(venue(3), last_days(28)).minutes(minutes);
    let (quarter, half) = (drive(15).await.unwrap(), drive(30).await.unwrap());
    let ratio = half.required().unwrap().area.radius_miles() / quarter.required().unwrap().area.radius_miles();
    assert!((1.9..2.1).contains(&ratio), "{ratio}");
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_for_free() {
    let mock = in_dialect(Dialect::Observed);
    let areas = mock.client().reports().trade_area();
    let tta = || areas.true_trade_area(venue(0), last_days(28));
    let people = |method| areas.demographics(venue(0), last_days(28)).method(method);
    let refused = [
        (tta().traffic_share(29).await.map(drop), "trafficVolPct"),
        (tta().within_miles(101).await.map(drop), "withinDistance"),
        (areas.drive_time(venue(0), last_days(28)).minutes(4).await.map(drop), "driveTime"),
        (people(DemographicsMethod::MileRing { miles: f64::NAN }).await.map(drop), "ringRadius"),
        (people(DemographicsMethod::DriveTime { minutes: 0 }).await.map(drop), "driveTime"),
        (
            people(DemographicsMethod::TrueTradeArea { traffic_share: 100, within_miles: 15 }).await.map(drop),
            "trafficVolPct",
        ),
    ];
    for (outcome, field) in refused {
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.field(), error.attempts()), (ErrorKind::InvalidRequest, Some(field), 0));
    }
    assert!(mock.backend().journal().is_empty());
    let left_to_placer = tta().traffic_share(29).skip_validation().await.unwrap_err();
    assert_eq!(left_to_placer.status().map(|status| status.as_u16()), Some(400));
}

#[tokio::test]
async fn demographics_are_rows_in_order_without_what_stands_beside_them() {
    for dialect in BOTH_DIALECTS {
        let mock = in_dialect(dialect);
        let request = mock.client().reports().trade_area().demographics(venue(1), last_days(28));
        let found = request.nearby_radius(NearbyRadius::R500).await.unwrap().required().unwrap();
        assert_eq!(found.groups(), ["Age", "Gender", "Household Income", "Overview"], "the fake writes them by name");
        let shares: f64 = found.group("gender").filter_map(|row| row.percentage).sum();
        assert!((99.8..100.2).contains(&shares), "{shares}");
        let female = found.get("Gender", "female").unwrap();
        assert!(female.index.is_some() && female.percentage_index.is_some());
        assert!(found.value("Overview", "Median Age").is_some_and(|age| (30.0..45.0).contains(&age)));
        assert_eq!(found.segment, Some(VisitSegment::AllVisits));
        assert_eq!(kept::<Demographics>(&found), *found);
        let distinct = found.most_distinct(3);
        assert!(distinct.len() == 3 && distinct.is_sorted_by(|a, b| a.index >= b.index));
    }
}

#[tokio::test]
async fn each_method_brings_its_own_parameters_and_each_data_set_its_template() {
    let mock = in_dialect(Dialect::Observed);
    let request = || mock.client().reports().trade_area().demographics(venue(0), last_days(28));
    let visits = request().dataset(Dataset::Popstats(PopstatsTemplate::Default)).await.unwrap().required().unwrap();
    let day = |date| mock.fake().visits(venue(0).as_str(), date).unwrap();
    let total: u64 = last_days(28).days().map(day).sum();
    assert_eq!(visits.value("Overview", "Visits").map(|visits| visits.to_string()), Some(total.to_string()));

    let changed_mind = request()
        .method(DemographicsMethod::default())
        .method(DemographicsMethod::MileRing { miles: 1.5 })
        .dataset(Dataset::SpendingPatterns(SpendingPatternsTemplate::AlcoholicBeverages))
        .benchmark(BenchmarkScope::State)
        .audience(DemographicAudience::Captured);
    changed_mind.await.unwrap().required().unwrap();
    let expected = json!({
        "apiId": venue(0), "startDate": "2026-01-30", "endDate": "2026-02-26", "method": "mileRing", "ringRadius": 1.5,
        "dataset": "sti_spending_patterns", "template": "alcoholic_beverages", "benchmarkScope": "state",
        "audienceType": "captured",
    });
    assert_eq!(sent(&mock), expected);
}

#[tokio::test]
async fn a_data_set_outside_of_the_contract_is_named_and_spoils_nothing_else() {
    let mock = in_dialect(Dialect::Observed);
    let request = || mock.client().reports().trade_area().demographics(venue(0), last_days(28));
    let refused = request().dataset(Dataset::Followgraph(FollowgraphTemplate::Brands)).await.unwrap_err();
    assert_eq!((refused.kind(), refused.code(), refused.attempts()), (ErrorKind::PermissionDenied, Some("1001"), 1));
    assert!(refused.hint().is_some_and(|hint| hint.contains("spatial_ai_followgraph")), "{refused:?}");
    assert!(request().dataset(Dataset::Census).await.unwrap().found().is_some());
}

#[tokio::test]
async fn thin_places_have_no_area() {
    let thin = FakeVenue::new("venue:0000000000000000000000aa", "Kiosk").daily_visits(20);
    let quiet = FakeVenue::new("venue:0000000000000000000000ab", "Quiet").standing(Standing::NoData);
    let mock = MockPlacer::builder().venue(thin).venue(quiet).build().unwrap();
    let areas = mock.client().reports().trade_area();
    for place in ["venue:0000000000000000000000aa", "venue:0000000000000000000000ab"] {
        let none = areas.true_trade_area(id(place), last_days(28)).await.unwrap();
        assert_eq!(none.no_data(), Some(&NoData::NoContent));
        assert_eq!(areas.demographics(id(place), last_days(28)).await.unwrap().no_data(), Some(&NoData::NoContent));
    }
}

#[tokio::test]
async fn frequency_adds_up_and_reads_in_both_dialects() {
    let mut both = Vec::new();
    for dialect in BOTH_DIALECTS {
        let mock = in_dialect(dialect);
        let loyalty = mock.client().reports().loyalty();
        let found = loyalty.visits_frequency(venue(0), last_days(28)).await.unwrap().required().unwrap();
        assert_eq!(kept::<VisitsFrequency>(&found), *found);
        assert_eq!((found.bins.len(), found.segment.clone()), (13, Some(VisitSegment::TenMinutesOrLonger)));
        both.push(found);
    }
    assert_eq!(both[0], both[1]);
    let mock = in_dialect(Dialect::Observed);
    let filters = Filters::new().hours(8, 12);
    mock.client().reports().loyalty().visits_frequency(venue(0), last_days(28)).filters(filters).await.unwrap();
    assert!(sent(&mock)["filter"]["hoursRange"].is_object(), "in the singular");
}

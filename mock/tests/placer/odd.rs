//! Answers that are written oddly: what can be read is read, nothing is not taken for zero, and a failure not for
//! success.

use connectors_core::{ErrorKind, Result};
use connectors_mock::{Fault, MockPlacer};
use connectors_placer::{
    CbgGranularity, Granularity, NoData, Outcome, PeriodPreset, PlacerClient, RankingRegion, TagId, VenueId,
};
use serde_json::{Value, json};

use crate::compared::answering;
use crate::{id, last_days, venue};

/// Every report about one place, with what it came to.
async fn singles(client: &PlacerClient) -> Vec<(&'static str, Result<Option<NoData>>)> {
    fn told<T>(outcome: Result<Outcome<T>>) -> Result<Option<NoData>> {
        outcome.map(|outcome| outcome.no_data().cloned())
    }
    let (reports, month, place) = (client.reports(), last_days(28), || venue(0));
    let (visits, area, ranking, retail) = (reports.visits(), reports.trade_area(), reports.ranking(), reports.retail());
    let (region, preset) = (RankingRegion::Nationwide, PeriodPreset::LastMonth);
    vec![
        ("hours", told(visits.hours(place(), month).await)),
        ("days", told(visits.days(place(), month).await)),
        ("dwell time", told(visits.dwell_time(place(), month).await)),
        ("trend", told(visits.trends_single(place(), month, Granularity::Day).await)),
        ("loyalty", told(reports.loyalty().visits_frequency(place(), month).await)),
        ("area", told(area.true_trade_area(place(), month).await)),
        ("drive time", told(area.drive_time(place(), month).await)),
        ("demographics", told(area.demographics(place(), month).await)),
        ("overview", told(ranking.overview(place(), preset.clone()).await)),
        ("top", told(ranking.top(place(), region.clone(), preset.clone()).await)),
        ("close", told(ranking.closely_ranked(place(), region, preset).await)),
        ("places", told(reports.journey().favorite_places(place(), month).await)),
        ("chains", told(reports.journey().favorite_chains(place(), month).await)),
        ("sales", told(retail.sales_trends(place(), month).await)),
        ("retail", told(retail.overview(place(), month).await)),
        ("weekdays", told(retail.days(place(), month).await)),
        ("transactions", told(retail.transaction_trends(place(), month).await)),
        ("tickets", told(retail.ticket_size_trends(place(), month).await)),
    ]
}

#[tokio::test]
async fn nothing_is_no_data_in_every_report() {
    for body in [json!({}), json!([]), json!({"data": []}), json!({"data": [{}]}), json!({"items": null, "data": {}})] {
        for (report, told) in singles(&answering(body.clone())).await {
            assert_eq!(told.unwrap(), Some(NoData::NoContent), "{report} {body}");
        }
    }
}

#[tokio::test]
async fn empty_lists_are_not_zeros() {
    let none = json!({"bins": [], "values": []});
    let body = json!({"data": {
        "bins": [], "estimatedFoottraffic": [], "dates": [], "visits": [], "panelVisits": [], "visitors": [],
        "type": "Polygon", "coordinates": [[]], "ranking": {}, "annualSales": none, "trend": none, "dayOfWeek": none,
        "salesOverview": [],
    }});
    for (report, told) in singles(&answering(body)).await {
        assert_eq!(told.unwrap(), Some(NoData::NoContent), "{report}");
    }
    let visits =
        answering(json!({"data": [{"apiId": venue(0), "dates": [], "visitsByCBGsTrend": []}]})).reports().visits();
    let cbgs = visits.cbgs([venue(0)], last_days(28), CbgGranularity::Week).await.unwrap();
    assert_eq!(cbgs.without_data, [(venue(0), NoData::NoContent)]);
}

#[tokio::test]
async fn several_reports_instead_of_one_are_not_taken_for_the_last() {
    let bins: Vec<u64> = (0..7).collect();
    let entry = |venue: VenueId| json!({"apiId": venue, "bins": bins, "estimatedFoottraffic": bins});
    let days = |entries: Vec<Value>| async move {
        answering(json!({"data": entries})).reports().visits().days(venue(0), last_days(7)).await
    };
    assert!(days(vec![entry(venue(0))]).await.unwrap().found().is_some());
    let error = days(vec![entry(venue(0)), entry(venue(1))]).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Decode, false), "{error}");
}

#[tokio::test]
async fn a_list_of_places_needs_no_report_around_it() {
    let row = |name: &str| {
        json!({"apiId": venue(1), "name": name, "percentage": 3.5, "estimatedNumberOfCustomers": 12,
            "visitDurationSegmentation": "allVisits"})
    };
    for rows in [vec![row("Gate 4")], vec![row("Gate 4"), row("Gate 5")]] {
        let journey = answering(json!({"requestId": "a:b", "data": rows})).reports().journey();
        let places = journey.favorite_places(venue(0), last_days(7)).await.unwrap().required().unwrap();
        assert_eq!((places.places.len(), &places.venue), (rows.len(), &venue(0)));
        let first = &places.places[0];
        assert_eq!((first.name.as_deref(), &first.api_id), (Some("Gate 4"), &Some(venue(1))));
        assert!(places.segment.is_some());
        let chains = journey.favorite_chains(venue(0), last_days(7)).await.unwrap().required().unwrap();
        assert_eq!(chains.chains.len(), rows.len());
    }
}

#[tokio::test]
async fn metadata_belongs_to_the_place_beside_which_it_stands() {
    let metrics = async |metadata: Value| {
        let body = json!({"items": [{"apiId": venue(0), "data": {"visits": 610.4, "metadata": metadata}}]});
        let found = answering(body).reports().visits().metrics([venue(0)], last_days(7)).await.unwrap().found;
        (found[0].visits, found[0].metadata.clone().map(|poi| (poi.api_id, poi.name)))
    };
    let place = Some((venue(0), Some("Harbor".to_owned())));
    assert_eq!(metrics(json!({"name": "Harbor", "parentChains": {}})).await, (610, place.clone()));
    assert_eq!(metrics(json!({"apiId": null, "name": "Harbor", "parentTags": ""})).await, (610, place));
    assert_eq!(metrics(Value::Null).await, (610, None));
}

#[tokio::test]
async fn usage_that_is_not_told_is_not_zero() {
    for (body, used) in [
        (json!({"usedQuota": 412, "queriedPOIs": "37"}), Some(412)),
        (json!({"data": {"usedQuota": 412.0, "queriedPOIs": 37, "weeklyUsageByEndpoint": null}}), Some(412)),
        (json!({}), None),
        (json!({"usedQuota": null, "queriedPOIs": null}), None),
    ] {
        let client = answering(body.clone());
        let usage = client.account().usage_status().await;
        assert_eq!(usage.as_ref().ok().map(|usage| usage.used_quota), used, "{body}");
        assert!(used.is_some() || usage.unwrap_err().kind() == ErrorKind::Decode);
        let quota = client.quota().await.unwrap();
        assert_eq!(quota.told_at.map(|_| quota.calls_used - 1), used, "the guard reads the same, and counts asking");
    }
}

#[tokio::test]
async fn a_place_that_is_said_to_fail_is_not_done() {
    let tag = TagId::new("0123456789abcdef01234567").unwrap();
    let items = json!([
        {"status": "SUCCESS", "apiId": venue(0)},
        {"status": "FAILURE", "apiId": venue(1), "message": "not yours"},
    ]);
    let client = answering(json!({"data": {"tagId": tag}, "items": items}));
    let change = client.tags().add(&tag, [venue(0), venue(1)]).await.unwrap();
    assert_eq!((change.done, change.failures[0].venue.clone()), (vec![venue(0)], venue(1)));
    assert_eq!(change.failures[0].error.message(), "not yours");
}

#[tokio::test]
async fn what_is_gone_may_have_been_taken_out_by_a_lost_attempt() {
    let mock = MockPlacer::new();
    let tag = mock.client().tags().create("Spring").await.unwrap();
    mock.client().tags().add(&tag, [venue(0)]).await.unwrap();
    let stranger = mock.client().tags().remove(&tag, [venue(1)]).await.unwrap().failures.remove(0);
    assert!(!stranger.error.maybe_applied(), "it was asked for once");
    mock.backend().script("tags.remove", [Fault::ResetAfter]);
    let change = mock.client().tags().remove(&tag, [venue(0)]).await.unwrap();
    assert!(change.done.is_empty() && change.failures[0].error.maybe_applied(), "{change:?}");
}

#[tokio::test]
async fn the_fake_refuses_what_no_search_can_ask_for() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    let refused = async |path: &str| {
        let answer = mock.client().request(&http::Method::GET, path).send_bytes().await;
        answer.err().and_then(|error| error.status()).is_some_and(|status| status == 400)
    };
    for query in [
        "query=",
        "lat=91&lng=0&radius=1",
        "lng=-181",
        "radius=0",
        "radius=2001",
        "entityType=tag",
        "limit=0",
        "limit=101",
        "skip=1000",
        "includeFlaggedEntities=1",
        "page=2",
    ] {
        assert!(refused(&format!("/v1/poi?{query}")).await, "{query}");
    }
    let entities = format!("/v1/poi/{}/entities?includeRegionalChains=1", id(connectors_mock::placer::CHAIN));
    assert!(refused(&entities).await && refused("/v1/poi/my-properties?limit=3").await);
}

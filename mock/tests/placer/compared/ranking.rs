use connectors_core::{DateRange, ErrorKind};
use connectors_mock::MockPlacer;
use connectors_mock::placer::{Dialect, FakeVenue, Profile, Standing, VENUES};
use connectors_placer::{
    NoData, Outcome, PeriodPreset, RankingArea, RankingMetric, RankingRadius, RankingRegion, RankingScope,
};
use serde_json::{Value, json};

use super::{BOTH_DIALECTS, answering, assert_refused, speaking, survives};
use crate::{id, venue};

fn january() -> DateRange {
    DateRange::new("2026-01-01".parse().unwrap(), "2026-01-31".parse().unwrap()).unwrap()
}

fn visits(mock: &MockPlacer, number: usize) -> u64 {
    january().days().filter_map(|day| mock.fake().visits(VENUES[number].id, day)).sum()
}

#[tokio::test]
async fn who_has_more_visits_ranks_better_in_every_dialect() {
    for dialect in BOTH_DIALECTS {
        let mock = speaking(dialect);
        let ranking = mock.client().reports().ranking();
        let mut group = [0, 5, 8].map(|number| (visits(&mock, number), number));
        group.sort_unstable_by(|one, other| other.cmp(one));
        let top = ranking.top(venue(5), RankingRegion::Nationwide, PeriodPreset::LastMonth);
        let top = top.scope(RankingScope::GroupCategory).await.unwrap().required().unwrap();
        let told: Vec<_> = top.places.iter().map(|place| (place.rank, place.value, place.api_id.clone())).collect();
        #[expect(clippy::cast_precision_loss, reason = "few visits")]
        let expected: Vec<_> = group
            .iter()
            .enumerate()
            .map(|(at, (visits, number))| (Some(at as u64 + 1), Some(*visits as f64), Some(venue(*number))))
            .collect();
        assert_eq!((told, top.total_ranked), (expected, Some(3)), "{dialect:?}");
        assert_eq!(
            (top.region.clone(), top.scope.clone()),
            (Some(RankingRegion::Nationwide), Some(RankingScope::GroupCategory))
        );
        assert_eq!(top.places[0].city.as_deref(), Some(VENUES[group[0].1].city));
        survives(&*top);

        for (at, (_, number)) in group.iter().enumerate() {
            let overview = ranking.overview(venue(*number), january()).scope(RankingScope::GroupCategory);
            let overview = overview.distance(RankingRadius::Miles5).await.unwrap().required().unwrap();
            let level = overview.level(&RankingArea::Nationwide).unwrap();
            assert_eq!((level.rank, level.ranked_out_of), (at as u64 + 1, Some(3)), "{dialect:?}");
            assert_eq!(level.percentile, Some([100.0, 66.7, 33.3][at]));
            let local = overview.level(&RankingArea::Local).unwrap();
            assert_eq!((local.rank, local.radius_miles), (1, Some(5.0)), "each is alone in its city");
            assert_eq!(overview.category.as_ref().unwrap().group.as_deref(), Some("Dining"));
            let codes = overview.levels.iter().filter(|level| level.region_code.is_some()).count();
            assert_eq!(
                codes,
                if dialect == Dialect::Observed { 3 } else { 4 },
                "the statistical area's may be missing"
            );
            survives(&*overview);
        }
        let preset = ranking.overview(venue(5), PeriodPreset::LastMonth).await.unwrap().required().unwrap();
        assert_eq!(preset.levels, ranking.overview(venue(5), january()).await.unwrap().required().unwrap().levels);
    }
}

#[tokio::test]
async fn many_places_are_ranked_in_few_calls_and_fail_one_by_one() {
    for dialect in BOTH_DIALECTS {
        let (shut, lost) = ("venue:0000000000000000000000aa", "venue:0000000000000000000000ff");
        let shut_out = FakeVenue::new(shut, "Shut").standing(Standing::NotPermitted);
        let mock = MockPlacer::builder().dialect(dialect).venue(shut_out).corner_stores(99).build().unwrap();
        let stores = (1..=99).map(|n| id(&format!("venue:{n:024x}")));
        let asked = [venue(3), id(shut), id(lost), id("nonsense")].into_iter().chain(stores);
        let ranking = mock.client().reports().ranking();
        let report = ranking.overview_multi(asked, PeriodPreset::LastWeek).metric(RankingMetric::VisitsPerSquareFoot);
        let report = report.send().await.unwrap();
        assert_eq!((report.found.len(), report.without_data.len(), report.failures.len()), (1, 99, 3), "{dialect:?}");
        assert_eq!(report.found[0].metric, Some(RankingMetric::VisitsPerSquareFoot));
        assert!(report.found[0].level(&RankingArea::Local).is_none());
        assert!(
            report
                .without_data
                .iter()
                .all(|(_, why)| matches!(why, NoData::NotRanked(why) if why.contains("category")))
        );
        let kinds: Vec<_> = report.failures.iter().map(|failure| failure.error.kind()).collect();
        assert_eq!(kinds, [ErrorKind::PermissionDenied, ErrorKind::NotFound, ErrorKind::InvalidRequest]);
        let sizes: Vec<_> =
            mock.backend().journal().iter().map(|e| e.json::<Value>()["apiIds"].as_array().unwrap().len()).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 2 * 102, "each chunk is polled once: {sizes:?}");
        assert!(sizes.iter().all(|size| [100, 2].contains(size)), "{sizes:?}");
    }
}

#[tokio::test]
async fn flagged_places_are_not_ranked() {
    let (thin, chain) = ("venue:0000000000000000000000aa", RankingScope::Chain);
    let flagged = FakeVenue::new(thin, "Thin Market").daily_visits(90_000).standing(Standing::Flagged);
    let mock = MockPlacer::builder().venue(flagged).polls(0).build().unwrap();
    let ranking = mock.client().reports().ranking();
    let top = ranking.top(venue(0), RankingRegion::Nationwide, PeriodPreset::LastWeek).scope(chain.clone());
    let top = top.await.unwrap().required().unwrap();
    assert_eq!((top.total_ranked, top.places.len()), (Some(2), 2), "the larger one is not there");
    let own = ranking.overview(id(thin), PeriodPreset::LastWeek).scope(chain).await.unwrap();
    assert_eq!(own.no_data(), Some(&NoData::NotRanked("the property is flagged".to_owned())));
}

#[tokio::test]
async fn a_ranking_can_be_paged_within_a_chain_and_shown_around_a_place() {
    let market = |n: u32| {
        FakeVenue::new(format!("venue:{n:024x}"), format!("{n}. Market")).profile(Profile::Market).daily_visits(n * 400)
    };
    let builder = (1..=20).fold(MockPlacer::builder().polls(0), |builder, n| builder.venue(market(n)));
    let mock = builder.build().unwrap();
    let ranking = mock.client().reports().ranking();
    let page = ranking.top(venue(0), RankingRegion::Nationwide, PeriodPreset::LastWeek).scope(RankingScope::Chain);
    let page = page.limit(5).skip(10).await.unwrap().required().unwrap();
    assert_eq!(page.places.iter().map(|place| place.rank).collect::<Vec<_>>(), (11..=15).map(Some).collect::<Vec<_>>());
    let around = ranking.closely_ranked(venue(0), RankingRegion::Nationwide, PeriodPreset::LastWeek);
    let around = around.scope(RankingScope::Chain).results(6).await.unwrap().required().unwrap();
    let (own, first) = (around.rank.unwrap(), around.places[0].rank.unwrap());
    assert_eq!((around.places.len(), own - first), (6, 3), "half of them are better: {around:?}");
}

#[tokio::test]
async fn what_would_be_refused_is_not_sent() {
    let mock = MockPlacer::new();
    let ranking = mock.client().reports().ranking();
    let top = || ranking.top(venue(0), RankingRegion::Miles15, PeriodPreset::LastWeek);
    assert_refused(top().limit(1001).await, "limit");
    assert_refused(top().skip(10).await, "skip");
    assert_refused(top().scope(RankingScope::Chain).skip(10).scope(RankingScope::Category).await, "skip");
    let close = ranking.closely_ranked(venue(0), RankingRegion::Miles15, PeriodPreset::LastWeek);
    assert_refused(close.results(0).await, "resultsAmount");
    let future = DateRange::single("2026-03-03".parse().unwrap());
    assert_refused(ranking.overview(venue(0), future).await, "range");
    assert_refused(ranking.overview(id("nonsense"), PeriodPreset::LastWeek).await, "venueId");
    assert!(mock.backend().journal().is_empty());
    let error = top().skip(10).skip_validation().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400), "the provider says the same");
}

#[tokio::test]
async fn presets_and_regions_travel_as_the_provider_wants_them() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    let ranking = mock.client().reports().ranking();
    ranking.top(venue(0), RankingRegion::Miles5, PeriodPreset::year(2026)).await.unwrap();
    ranking.overview(venue(0), PeriodPreset::YearToDate).distance(RankingRadius::Miles50).await.unwrap();
    ranking.overview(venue(0), january()).await.unwrap();
    let sent: Vec<Value> = mock.backend().journal().bodies("*");
    assert_eq!(sent[0], json!({"apiId": venue(0), "region": "5", "period": "year2026"}));
    assert_eq!(sent[1], json!({"apiId": venue(0), "period": "yearToDate", "distanceMiles": 50}));
    assert_eq!(sent[2], json!({"apiId": venue(0), "startDate": "2026-01-01", "endDate": "2026-01-31"}));
    let error = ranking.overview(venue(0), PeriodPreset::from("lastDecade")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "a name that Placer does not know either");
}

#[tokio::test]
async fn an_error_inside_a_success_is_never_a_ranking() {
    for body in [
        json!({"region": "15", "scope": "category", "metricType": "visits", "rankError": "NO_CATEGORY"}),
        json!({"data": [{"region": 15, "rankError": {"code": 17, "message": "NO_CATEGORY"}, "rankingIndexArray": []}]}),
        json!({"data": {"rankError": "NO_CATEGORY"}, "requestId": "a:b"}),
    ] {
        let ranking = answering(body.clone()).reports().ranking();
        let top = ranking.top(venue(0), RankingRegion::Miles15, PeriodPreset::LastWeek).await.unwrap();
        assert_eq!(top.no_data(), Some(&NoData::NotRanked("NO_CATEGORY".to_owned())), "{body}");
        assert_eq!(top.required().unwrap_err().kind(), ErrorKind::NotFound);
    }
    let inner = json!([{"apiId": venue(0), "ranking": {"rankError": "TOO_FEW"}, "info": null}]);
    let ranking = answering(inner).reports().ranking();
    let many = ranking.overview_multi([venue(0), venue(1)], PeriodPreset::LastWeek).await.unwrap();
    assert_eq!(many.without_data, [(venue(0), NoData::NotRanked("TOO_FEW".to_owned()))]);
    assert_eq!(many.failures[0].error.kind(), ErrorKind::NotFound, "the other one is left out of the answer");
}

#[tokio::test]
async fn odd_numbers_and_missing_parts_are_read() {
    let body = json!({"data": [{"apiId": venue(0), "metricType": "visitsPerAcre", "ranking": {
        "nationwide": {"rank": 3.0, "percentile": "97.5", "rankedOutOf": "120"},
        "state": {"rank": null}, "dma": null, "cbsa": {"rank": 1, "regionCode": 31080},
    }, "info": {"name": 7, "parentChain": [{"apiId": "chain:0123456789abcdef01234567"}]}, "rankError": null}]});
    let overview = answering(body).reports().ranking().overview(venue(0), PeriodPreset::LastWeek);
    let overview = overview.await.unwrap().required().unwrap();
    assert_eq!((overview.levels.len(), overview.name.as_deref()), (2, Some("7")));
    let (nationwide, cbsa) = (&overview.levels[0], overview.level(&RankingArea::Cbsa).unwrap());
    assert_eq!((nationwide.rank, nationwide.percentile, nationwide.ranked_out_of), (3, Some(97.5), Some(120)));
    assert_eq!(cbsa.region_code.as_deref(), Some("31080"));
    assert!(!overview.metric.as_ref().unwrap().is_known() && overview.parent_chain.is_some());
    survives(&*overview);

    let body = json!({"region": 15.0, "rank": "2", "visits": 12.5, "rankingIndexArray": [
        {"name": "Second", "rank": 2, "visits": "9"}, {"apiId": "", "rank": 1, "address": {"address": "1 Pier", "country": "United States"}},
    ]});
    let top = answering(body).reports().ranking().top(venue(0), RankingRegion::Miles15, PeriodPreset::LastWeek);
    let top = top.await.unwrap().required().unwrap();
    assert_eq!((top.region.clone(), top.rank, top.value), (Some(RankingRegion::Miles15), Some(2), Some(12.5)));
    assert_eq!((top.places[0].country.as_deref(), top.places[1].value), (Some("United States"), Some(9.0)));
    survives(&*top);

    let none = answering(json!({})).reports().ranking().overview(venue(0), PeriodPreset::LastWeek).await.unwrap();
    assert!(matches!(none, Outcome::NoData(NoData::NoContent)));
}

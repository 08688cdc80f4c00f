//! Requests made from Placer.ai's own description, and what its answers are made of: all 33 operations.
//!
//! Evidenced by the description: methods, paths, headers, bodies, the members of answers. Where live answers have been
//! seen to differ, both dialects are asked. Guesses, marked so below: whole bodies of errors that only a gateway makes.

use connectors_core::RateLimits;
use connectors_mock::placer::{Dialect, VENUES};
use connectors_mock::{FakePlacer, MockPlacer};
use serde_json::{Value, json};

use crate::raw::{Answer, Raw};
use crate::shape::fits;

fn raw(dialect: Dialect, polls: u32) -> (MockPlacer, Raw) {
    let mock = MockPlacer::builder().dialect(dialect).polls(polls).build().unwrap();
    // Asked faster than the service lets anybody ask.
    mock.backend().quotas(RateLimits::none());
    let raw = Raw::new(mock.backend(), "https://papi.placer.ai", "");
    let raw = raw.with(&[("x-api-key", FakePlacer::KEY), ("accept", "application/json")]);
    (mock, raw)
}

fn place() -> &'static str {
    VENUES[0].id
}

/// The same request until its report is there, as is documented.
async fn report(raw: &Raw, path: &str, body: &Value) -> Answer {
    for _ in 0..5 {
        let answer = raw.json("POST", path, body).await;
        if answer.status != 202 {
            return answer;
        }
    }
    panic!("{path} is never ready");
}

fn with(mut base: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("no object") };
    base.as_object_mut().unwrap().extend(more);
    base
}

fn dates(more: Value) -> Value {
    with(json!({ "startDate": "2026-01-05", "endDate": "2026-02-01" }), more)
}

fn one(more: Value) -> Value {
    dates(with(json!({ "apiId": place() }), more))
}

fn poi() -> Value {
    json!({
        "apiId": "text", "name": "text", "entityId": "text", "entityType": "text", "address?": "object",
        "categoryInfo?": { "group?": "text|null", "category?": "text|null", "subCategory?": "text|null" },
        "isFlagged?": "flag", "regions?": "object", "placerUrl?": "text", "parentChains?": "object|list|null",
        "parentTags?": "object|list|null", "isPermitted?": "flag", "regionType?": "text|null", "regionCode?": "text|null",
        "storeId?": "any",
    })
}

/// Beside what a report tells: all of it may be missing.
fn echoed(more: Value) -> Value {
    let echoes =
        json!({ "filters?": "object|null", "nearbyRadius?": "any", "visitDurationSegmentation?": "text|null" });
    with(echoes, more)
}

fn bins(more: Value) -> Value {
    echoed(with(json!({ "bins": ["whole"], "estimatedFoottraffic": ["whole"] }), more))
}

/// A report about one place: in `data`, beside ids and echoes.
#[expect(clippy::needless_pass_by_value, reason = "called with what json! makes")]
fn enveloped(data: Value) -> Value {
    echoed(json!({ "requestId?": "text", "apiId?": "text", "status?": "text", "code?": "whole", "data": data }))
}

#[tokio::test]
async fn every_report_about_one_place_is_made_as_described() {
    let (_, raw) = raw(Dialect::Documented, 1);
    let area = |more| echoed(with(json!({ "type": "text", "coordinates": "list" }), more));
    let series = json!({ "bins": ["text"], "values": ["number|null"] });
    let trends =
        json!({ "startDate?": "text", "endDate?": "text", "trend": series, "compare?": "object|null", "*": "" });
    let cases = [
        (
            "visit-trends/single",
            json!({ "granularity": "week", "filters": { "daysOfWeek": [6, 7] } }),
            enveloped(echoed(json!({ "dates": ["text"], "granularity": "text", "visits": ["whole|null"] }))),
        ),
        (
            "visit-metrics/hours",
            json!({ "filters": { "audienceType": ["visitors"] } }),
            enveloped(bins(json!({ "openingHours?": [{ "day": "text", "fromHour": "text", "toHour": "text" }] }))),
        ),
        ("visit-metrics/days", json!({}), enveloped(bins(json!({})))),
        ("visit-metrics/dwell-time", json!({}), enveloped(bins(json!({ "average": "whole", "median": "whole" })))),
        (
            "loyalty/visits-frequency",
            json!({}),
            enveloped(echoed(json!({
            "startDate": "text", "endDate": "text", "apiId": "text", "avgVisitsPerCustomer": "number",
            "medianVisitsPerCustomer": "whole", "bins": ["whole"], "visitors": ["whole"],
            "visitorsPercentage": ["number"], "visits": ["whole"], "visitsPercentage": ["number"] }))),
        ),
        ("true-trade-area", json!({ "reportType": "trueTradeArea", "trafficVolPct": 70 }), enveloped(area(json!({})))),
        (
            "trade-area/drive-time",
            json!({ "driveTime": 10 }),
            enveloped(area(json!({
            "startDate?": "text", "endDate?": "text", "apiId?": "text", "allocationType?": "text|null", "driveTime?": "number|null" }))),
        ),
        ("trade-area-demographics", json!({ "method": "mileRing", "ringRadius": 3 }), enveloped(json!({ "*": "" }))),
        (
            "retail-sales/sales-trends",
            json!({ "metric": "sales", "granularity": "month" }),
            enveloped(json!({ "annualSales": series, "trend": series, "*": "" })),
        ),
        (
            "retail-sales/overview",
            json!({}),
            enveloped(json!({
            "salesOverview": [{ "valueType": "text", "metricName": "text", "value": "number" }], "*": "" })),
        ),
        (
            "retail-sales/days",
            json!({ "aggregation": "full_week" }),
            enveloped(json!({ "dayOfWeek": series, "*": "" })),
        ),
        (
            "retail-sales/transaction-trends",
            json!({ "granularity": "month", "compareType": "avg_chain_in_state" }),
            enveloped(trends.clone()),
        ),
        ("retail-sales/avg-ticket-size-trends", json!({ "granularity": "month" }), enveloped(trends)),
        (
            "favorites-places",
            json!({ "limit": 5 }),
            echoed(json!({ "favoritesPlacesArray": [{
            "apiId": "text", "name": "text", "estimatedNumberOfCustomers": "number", "percentage": "number",
            "distanceInMiles": "number", "*": "" }], "*": "" })),
        ),
        (
            "favorites-chains",
            json!({ "limit": 5 }),
            echoed(json!({ "favoritesChainsArray": [{
            "apiId": "text", "name": "text", "estimatedNumberOfCustomers": "number", "percentage": "number", "*": "" }], "*": "" })),
        ),
    ];
    for (path, more, shape) in cases {
        println!("{path}");
        let answer = report(&raw, &format!("/v1/reports/{path}"), &one(more)).await.json(200);
        fits(&answer, &shape);
    }
}

#[tokio::test]
async fn bins_are_as_many_as_described() {
    let (_, raw) = raw(Dialect::Documented, 0);
    let dwell = json!([0, 5, 15, 30, 45, 60, 75, 90, 105, 120, 135, 150]);
    for (path, bins) in
        [("hours", json!((0..24).collect::<Vec<_>>())), ("days", json!([0, 1, 2, 3, 4, 5, 6])), ("dwell-time", dwell)]
    {
        let answer = report(&raw, &format!("/v1/reports/visit-metrics/{path}"), &one(json!({}))).await.json(200);
        assert_eq!(answer["data"]["bins"], bins);
        assert_eq!(answer["data"]["estimatedFoottraffic"].as_array().unwrap().len(), bins.as_array().unwrap().len());
    }
    let loyal = report(&raw, "/v1/reports/loyalty/visits-frequency", &one(json!({}))).await.json(200);
    assert_eq!(loyal["data"]["bins"], json!([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30]));
}

#[tokio::test]
async fn reports_about_several_places_have_an_item_for_each_in_both_dialects() {
    let ids = json!([VENUES[0].id, VENUES[1].id]);
    let numbers = json!({ "visits": "whole", "visitors": "whole", "panelVisits": "whole", "panelVisitors": "whole", "metadata?": "object" });
    let days =
        json!({ "dates": ["text"], "visits": ["whole|null"], "panelVisits": ["whole|null"], "granularity?": "text" });
    for (path, more, data) in [
        ("visit-metrics", json!({ "includeMetadata": false }), numbers),
        ("visit-trends", json!({ "granularity": "day", "visitDurationSegmentation": "allVisits" }), days),
    ] {
        let body = dates(with(json!({ "apiIds": ids }), more));
        let status = json!({ "apiId": "text", "status?": "text", "code?": "whole" });
        let (_, documented) = raw(Dialect::Documented, 1);
        let answer = report(&documented, &format!("/v1/reports/{path}"), &body).await.json(200);
        let item = with(status.clone(), json!({ "data": echoed(data.clone()) }));
        fits(&answer, &json!({ "requestId": "text", "items": [item] }));
        let (_, observed) = raw(Dialect::Observed, 1);
        let answer = report(&observed, &format!("/v1/reports/{path}"), &body).await.json(200);
        fits(&answer, &json!({ "requestId": "text", "data": [with(status, echoed(data))] }));
        assert_eq!(answer["data"].as_array().unwrap().len(), 2);
    }
    let (_, raw) = raw(Dialect::Documented, 0);
    let body = dates(json!({ "apiIds": ids, "granularity": "week", "location": "Home" }));
    let answer = report(&raw, "/v1/reports/visit-metrics/cbgs", &body).await.json(200);
    let by = answer.get("data").unwrap_or(&answer)["visitsByCBGs"].clone();
    fits(
        &by,
        &json!([{ "apiId": "text", "dates": ["text"], "visitsByCBGsTrend": "list", "visitDurationSegmentation?": "text|null" }]),
    );
}

#[tokio::test]
async fn a_report_is_asked_for_again_by_the_same_request() {
    for dialect in [Dialect::Documented, Dialect::Observed] {
        let (_, raw) = raw(dialect, 2);
        let body = one(json!({}));
        for _ in 0..2 {
            let pending = raw.json("POST", "/v1/reports/loyalty/visits-frequency", &body).await.json(202);
            fits(&pending, &json!({ "code": "whole", "details": "text", "message": "text", "requestId?": "text" }));
            assert_eq!((&pending["code"], &pending["details"]), (&json!(3005), &json!("IN_PROGRESS")));
        }
        raw.json("POST", "/v1/reports/loyalty/visits-frequency", &body).await.json(200);
        let several = dates(json!({ "apiIds": [place()], "granularity": "day" }));
        let pending = raw.json("POST", "/v1/reports/visit-trends", &several).await.json(202);
        fits(&pending["items"], &json!([{ "apiId": "text", "code": "whole", "details": "text", "message": "text" }]));
    }
}

#[tokio::test]
async fn rankings_are_made_as_described() {
    let (_, raw) = raw(Dialect::Documented, 1);
    let asked = |more| with(json!({ "scope": "category", "metric": "visits", "period": "lastMonth" }), more);
    let overview = json!({ "apiId": "text", "metricType": "text", "info": { "name": "text", "*": "" },
        "ranking": { "nationwide": { "rank": "whole", "percentile": "number", "rankedOutOf": "whole", "*": "" }, "*": "" }, "*": "" });
    let single = report(&raw, "/v1/reports/ranking-overview", &asked(json!({ "apiId": place(), "distanceMiles": 15 })))
        .await
        .json(200);
    fits(&single, &overview);
    let multi =
        report(&raw, "/v1/reports/ranking-overview/multi", &asked(json!({ "apiIds": [place()] }))).await.json(200);
    fits(&multi, &json!([overview]));
    let index = json!({ "rank": "whole", "region": "text", "scope": "text", "metricType": "text",
        "rankingIndexArray": [{ "apiId": "text", "name": "text", "rank": "whole", "visits": "number", "*": "" }], "*": "" });
    for (path, more) in [("top-ranking", json!({ "limit": 3 })), ("closely-ranked", json!({ "resultsAmount": 4 }))] {
        let body = asked(with(json!({ "apiId": place(), "region": "nationwide" }), more));
        fits(&report(&raw, &format!("/v1/reports/ranking-index/{path}"), &body).await.json(200), &index);
    }
}

#[tokio::test]
async fn places_are_found_and_the_account_tells_its_use() {
    let (_, raw) = raw(Dialect::Documented, 0);
    let found = raw.get("/v1/poi?entityType=venue&entityType=complex&limit=2&skip=0").await.json(200);
    fits(&found, &json!({ "requestId": "text", "data": [poi()] }));
    assert_eq!(found["data"].as_array().unwrap().len(), 2);
    for id in [place().to_owned(), place().replace(':', "%3A")] {
        let inside = raw.get(&format!("/v1/poi/{id}/entities")).await;
        assert!([200, 400, 404].contains(&inside.status.as_u16()), "{inside:?}");
    }
    fits(&raw.get("/v1/poi/my-properties").await.json(200), &json!({ "requestId": "text", "data": [poi()] }));
    let usage = raw.get("/v1/accounts/keys/usage-status").await.json(200);
    let by = json!([{ "endpoint": "text", "numOfCalls": "whole" }]);
    fits(&usage, &json!({ "usedQuota": "whole", "queriedPOIs": "whole", "weeklyUsageByEndpoint": by }));
}

#[tokio::test]
async fn custom_places_and_tags_are_kept() {
    let (_, raw) = raw(Dialect::Documented, 0);
    let done = json!({ "data": { "result": "text", "name?": "text", "apiId?": "text", "tagId?": "text" }, "requestId?": "text" });
    let new = json!({ "name": "Our stand", "subCategory": "Food Hall", "centroid": [13.41, 52.52], "radius": 0.1 });
    let made = raw.json("POST", "/v1/poi/custom-poi", &new).await.json(200);
    fits(&made, &done);
    assert_eq!(made["data"]["result"], "SUCCESS");
    let id = made["data"]["apiId"].as_str().unwrap().to_owned();
    assert!(id.starts_with("complex:"), "{id}");
    let again = raw.json("POST", "/v1/poi/custom-poi", &new).await.json(400);
    assert!(again["message"].as_str().unwrap().contains(&id), "{again}");
    raw.get(&format!("/v1/poi/custom-poi/{id}")).await.json(200);
    let renamed = with(new, json!({ "name": "Their stand" }));
    fits(&raw.json("PUT", &format!("/v1/poi/custom-poi/{id}"), &renamed).await.json(200), &done);

    let tag = raw.json("POST", "/v1/poi/tags/", &json!({ "tagName": "Summer" })).await.json(200);
    fits(&tag, &done);
    let members = json!({ "tagId": tag["data"]["tagId"], "apiIds": [place()] });
    fits(&raw.json("PUT", "/v1/poi/tags/", &members).await.json(200), &done);
    let tagged = tag["data"]["tagId"].as_str().unwrap();
    let inside = raw.get(&format!("/v1/poi/tag:{tagged}/entities")).await.json(200);
    fits(
        &inside["data"],
        &json!([{ "apiId": "text", "name": "text", "entityId": "text", "entityType": "text", "flagged": "flag", "*": "" }]),
    );
    let mixed = json!({ "tagId": tagged, "apiIds": [place(), "venue:ffffffffffffffffffffffff"] });
    let partly = raw.json("DELETE", "/v1/poi/tags/", &mixed).await.json(207);
    fits(
        &partly["items"],
        &json!([{ "status": "text", "code": "whole", "apiId": "text", "details?": "text", "message?": "text" }]),
    );
    fits(&raw.send("DELETE", &format!("/v1/poi/custom-poi/{id}"), "").await.json(200), &done);
    assert_eq!(raw.get(&format!("/v1/poi/custom-poi/{id}")).await.status, 404);
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_the_documented_words() {
    let (_, raw) = raw(Dialect::Documented, 0);
    let refused = json!({ "code": "whole", "details": "text", "message": "text", "requestId?": "text" });
    for body in [
        json!({ "apiId": place(), "granularity": "day" }),
        one(json!({ "granularity": "hour" })),
        one(json!({ "granularity": "day", "apiId": "nobody" })),
        one(json!({ "granularity": "day", "startDate": "05/01/2026" })),
        one(json!({ "granularity": "day", "endDate": "2999-01-01" })),
    ] {
        let answer = raw.json("POST", "/v1/reports/visit-trends/single", &body).await.json(400);
        fits(&answer, &refused);
        assert!([2000, 2002].contains(&answer["code"].as_i64().unwrap()), "{answer}");
    }
    let none = dates(json!({ "apiIds": [], "granularity": "day" }));
    fits(&raw.json("POST", "/v1/reports/visit-trends", &none).await.json(400), &refused);
    let unknown = one(json!({ "apiId": "venue:ffffffffffffffffffffffff", "granularity": "day" }));
    fits(&raw.json("POST", "/v1/reports/visit-trends/single", &unknown).await.json(404), &refused);
    // As gateways of this kind say it: a guess from their habits.
    let stranger = raw.with(&[("x-api-key", "wrong")]);
    fits(&stranger.get("/v1/accounts/keys/usage-status").await.json(403), &json!({ "message": "text" }));
    let bearer = raw.with(&[("x-api-key", ""), ("authorization", "Bearer mock-key")]);
    assert!([401, 403].contains(&bearer.get("/v1/accounts/keys/usage-status").await.status.as_u16()));
}

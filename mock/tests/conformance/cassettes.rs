//! Recordings, replayed and compared.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use connectors_core::testing::VirtualClock;
use connectors_core::{CampaignId, EventId, RetryPolicy, Transport};
use connectors_mock::conformance;
use connectors_mock::{
    Backend, Cassette, FakeBrandscopic, InProcess, Keep, MockBrandscopic, MockPlacer, MockQrTiger, MockSmartsheet,
    Recorder,
};
use connectors_placer::{Contract, PlacerClient};
use connectors_qrtiger::{GenerateQrCode, ListQrCodes, QrTigerClient, QrTigerService};
use connectors_smartsheet::{SmartsheetClient, SmartsheetService};
use serde_json::{Value, json};

fn recorder(provider: &str, backend: &Backend) -> Recorder {
    Recorder::new(provider, Arc::new(InProcess::new(backend.clone())))
}

fn sheets(transport: Arc<dyn Transport>, key: &str, backend: &Backend) -> SmartsheetClient {
    let client = SmartsheetClient::builder().access_token(key).transport(transport).clock(backend.clock().clone());
    client.retry(RetryPolicy::never()).build().unwrap()
}

/// Plays what was recorded, with the names and errors of `like`.
fn played(cassette: &Cassette, like: &Backend) -> Backend {
    let cassette = Cassette::from_json(&cassette.to_json()).unwrap().named_by(like);
    Backend::new(Arc::new(cassette), like.clock().clone())
}

#[tokio::test]
async fn the_real_client_runs_offline_on_what_smartsheet_said() {
    let mock = MockSmartsheet::new();
    let recorder = recorder("smartsheet", mock.backend());
    let client = sheets(Arc::new(recorder.clone()), "mock-key", mock.backend());
    let report = conformance::smartsheet_read_only(&client, Some(mock.store_list_id())).await;
    report.assert();

    let offline = played(&recorder.cassette(), mock.backend());
    let client = sheets(Arc::new(InProcess::new(offline.clone())), "any-key", &offline);
    let listed = client.sheets().list().pager().collect_all().await.unwrap();
    assert!(!listed.is_empty() && listed.iter().all(|sheet| sheet.id != mock.store_list_id()));
    assert!(client.test_connection().await.unwrap().is_connected());
    client.summary().await.unwrap();
    offline.journal().assert_order(["sheets.list", "users.me", "workspaces.list"]);
}

#[tokio::test]
async fn with_ids_kept_the_same_questions_get_the_same_answers() {
    let mock = MockSmartsheet::new();
    let recorder = recorder("smartsheet", mock.backend());
    let client = sheets(Arc::new(recorder.clone()), "mock-key", mock.backend());
    let said = client.sheets().get(mock.store_list_id()).await.unwrap();

    let offline = played(&recorder.cassette_with(Keep::Values), mock.backend());
    let client = sheets(Arc::new(InProcess::new(offline.clone())), "any", &offline);
    assert_eq!(client.sheets().get(mock.store_list_id()).await.unwrap().rows.len(), said.rows.len());
    let missing = client.sheets().get(mock.template_id()).await.unwrap_err();
    assert_eq!(missing.status().unwrap().as_u16(), 501, "{missing}");
    assert!(missing.message().contains("nothing was recorded for GET /2.0/sheets/"), "{missing:?}");
}

#[tokio::test]
async fn the_nth_same_request_gets_the_nth_answer_and_the_last_one_stays() {
    let mock = MockQrTiger::new();
    let recorder = recorder("qrtiger", mock.backend());
    let client = |transport: Arc<dyn Transport>| {
        let client = QrTigerClient::builder().api_key("mock-key").transport(transport);
        client.clock(Arc::new(VirtualClock::default())).retry(RetryPolicy::never()).build().unwrap()
    };
    let online = client(Arc::new(recorder.clone()));
    let before = online.list_qr_codes(ListQrCodes::new()).await.unwrap().len();
    let (campaign, event) = (CampaignId::new("summer").unwrap(), EventId::new("e-1").unwrap());
    let request = GenerateQrCode::new(&campaign, &event, "https://example.com/e-1".parse().unwrap());
    mock.generate_qr_code(request).await.unwrap();
    assert_eq!(online.list_qr_codes(ListQrCodes::new()).await.unwrap().len(), before + 1);

    let offline = client(Arc::new(InProcess::new(played(&recorder.cassette(), mock.backend()))));
    for expected in [before, before + 1, before + 1] {
        assert_eq!(offline.list_qr_codes(ListQrCodes::new()).await.unwrap().len(), expected);
    }
}

#[tokio::test]
async fn faults_can_be_scripted_on_a_cassette_by_the_names_of_the_client() {
    let mock = MockSmartsheet::new();
    let recorder = recorder("smartsheet", mock.backend());
    sheets(Arc::new(recorder.clone()), "mock-key", mock.backend()).test_connection().await.unwrap();
    let offline = played(&recorder.cassette(), mock.backend());
    offline.on("users.me").throttle();
    let client = sheets(Arc::new(InProcess::new(offline.clone())), "any", &offline);
    assert!(!client.test_connection().await.unwrap().is_connected());
    assert!(client.test_connection().await.unwrap().is_connected());
}

#[tokio::test]
async fn a_fake_is_like_itself_whatever_its_seed() {
    let mock = MockSmartsheet::new();
    let recorded = recorder("smartsheet", mock.backend());
    let client = sheets(Arc::new(recorded.clone()), "mock-key", mock.backend());
    conformance::smartsheet_read_only(&client, Some(mock.store_list_id())).await.assert();
    let listed = client.sheets().list().pager().collect_all().await.unwrap();
    client.sheets().get(listed[0].id).await.unwrap();
    all_names_are_known(&recorded);
    let comparison = recorded.cassette().compare(MockSmartsheet::builder().seed(8).build().unwrap().backend());
    assert!(comparison.differences.is_empty() && comparison.compared >= 5, "{comparison}");
    assert!(comparison.skipped.len() <= 1, "the sheet was named before it was listed: {comparison}");

    let mock = MockPlacer::new();
    let recorded = recorder("placer", mock.backend());
    let client = PlacerClient::builder().api_key("mock-key").transport(Arc::new(recorded.clone()));
    let client = client.clock(mock.backend().clock().clone()).build().unwrap();
    let places = client.pois().my_properties().await.unwrap();
    let today = mock.backend().clock().now_utc().date_naive();
    let venue = places[0].api_id.clone();
    conformance::placer_read_only(&client, Contract::Native, venue, today).await.assert();
    all_names_are_known(&recorded);
    let comparison = recorded.cassette().compare(MockPlacer::new().backend());
    assert!(comparison.differences.is_empty() && comparison.compared >= 3, "{comparison}");

    let mock = MockBrandscopic::builder().contract(connectors_brandscopic::Contract::Native).build().unwrap();
    let recorded = recorder("brandscopic", mock.backend());
    let client = connectors_brandscopic::BrandscopicClient::builder()
        .native("brandscopic.test", FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD)
        .transport(Arc::new(recorded.clone()))
        .clock(mock.backend().clock().clone())
        .build()
        .unwrap();
    conformance::brandscopic_read_only(&client).await.assert();
    let fresh = MockBrandscopic::builder().contract(connectors_brandscopic::Contract::Native).build().unwrap();
    all_names_are_known(&recorded);
    let comparison = recorded.cassette().compare(fresh.backend());
    let others: Vec<_> = comparison.differences.iter().filter(|d| !d.request.contains("sessions")).collect();
    assert!(others.is_empty() && comparison.compared >= 3, "{comparison}");
}

/// What the fakes say has documented names.
fn all_names_are_known(recorded: &Recorder) {
    let text = recorded.cassette().to_json();
    assert!(!text.contains("\"unknown-"), "{text}");
}

/// What the fake answers to this, as it comes.
async fn raw(backend: &Backend, path: &str) -> Value {
    let request = http::Request::get(format!("https://api.smartsheet.test{path}"));
    let request = request.header("authorization", "Bearer mock-key").header("accept", "application/json");
    let transport = InProcess::new(backend.clone());
    let answer = transport.send(request.body(Bytes::new()).unwrap()).await.unwrap();
    serde_json::from_slice(&answer.into_body().collect(1 << 20).await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_comparison_finds_what_was_altered_and_nothing_else() {
    let mock = MockSmartsheet::new();
    let mut me = raw(mock.backend(), "/2.0/users/me").await;
    me["locale"] = json!(["en_US"]);
    me["account"]["region"] = json!("EU");
    me.as_object_mut().unwrap().remove("timeZone").unwrap();
    mock.backend().on("users.me").json(&me);
    mock.backend().on("workspaces.list").status(503);

    let recorded = recorder("smartsheet", mock.backend());
    let client = sheets(Arc::new(recorded.clone()), "mock-key", mock.backend());
    assert!(!client.test_connection().await.unwrap().is_connected(), "the locale is no list");
    client.summary().await.unwrap_err();
    all_names_are_known(&recorded);
    let comparison = recorded.cassette().compare(MockSmartsheet::new().backend());
    let found: Vec<_> = comparison.differences.iter().map(|d| format!("{} {} {}", d.request, d.path, d.what)).collect();
    assert_eq!(
        found,
        [
            "GET /2.0/users/me $.account.region the service has it (text), the fake does not",
            "GET /2.0/users/me $.locale of the service it is list, of the fake text",
            "GET /2.0/users/me $.timeZone the fake has it (text), the service did not",
            "GET /2.0/workspaces $ the service answered 503, the fake 200",
        ],
        "{comparison}"
    );
    assert_eq!((comparison.compared, comparison.skipped.len()), (3, 0), "{comparison}");
}

#[tokio::test]
async fn a_recorder_sends_no_more_than_it_may() {
    let mock = MockSmartsheet::new();
    let model = mock.backend().clone();
    let reads = move |request: &connectors_core::HttpRequest| model.route(request).is_some_and(|route| !route.write);
    let bounded = recorder("smartsheet", mock.backend()).at_most(3).only(reads);
    let client = sheets(Arc::new(bounded.clone()), "mock-key", mock.backend());
    client.folders().create_in_folder(mock.folder_id(), "Photos").await.unwrap_err();
    assert_eq!((bounded.requests(), mock.backend().journal().total()), (0, 0), "no write leaves it");

    let report = conformance::smartsheet_read_only(&client, None).await;
    assert_eq!((bounded.requests(), mock.backend().journal().total()), (3, 3));
    assert!(report.failed().next().is_none(), "what was not asked did not fail: {report}");
    assert!(report.to_string().contains("no more than 3 requests were allowed"), "{report}");

    let late = recorder("smartsheet", mock.backend()).for_at_most(Duration::ZERO);
    let client = sheets(Arc::new(late.clone()), "mock-key", mock.backend());
    let report = conformance::smartsheet_read_only(&client, None).await;
    assert!(late.requests() == 0 && report.failed().next().is_none(), "{report}");
}

#[tokio::test]
async fn what_is_broken_off_is_left_out_and_told() {
    let mock = MockSmartsheet::new();
    mock.backend().on("users.me").truncate();
    let recorded = recorder("smartsheet", mock.backend());
    let client = sheets(Arc::new(recorded.clone()), "mock-key", mock.backend());
    client.test_connection().await.unwrap();
    client.test_connection().await.unwrap();
    assert_eq!((recorded.requests(), recorded.cassette().len(), recorded.cassette().left_out()), (2, 1, 1));
}

#[test]
fn what_is_no_cassette_is_refused() {
    for text in ["", "{}", "[1]", r#"{"format": 2, "provider": "x"}"#] {
        assert!(Cassette::from_json(text).is_err(), "{text}");
    }
}

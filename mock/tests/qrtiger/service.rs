//! The service on every face, and the habits of the provider.

use std::sync::Arc;
use std::time::Duration;

use connectors_core::testing::VirtualClock;
use connectors_core::{CampaignId, ErrorKind, EventId, Result};
use connectors_mock::{MockQrTiger, MockServer, conformance};
use connectors_qrtiger::{ListQrCodes, Period, QrStatus, QrTigerClient, QrTigerService, ScanStatsRequest};

use crate::{client, request, update, url};

#[tokio::test]
async fn every_habit_of_answering_conforms() -> Result<()> {
    for seed in 0..6 {
        conformance::qrtiger(&MockQrTiger::builder().seed(seed).build()?).await.assert();
    }
    Ok(())
}

#[tokio::test]
async fn the_client_conforms_without_sockets() -> Result<()> {
    let mock = MockQrTiger::new();
    let service: Arc<dyn QrTigerService> = Arc::new(mock.client().clone());
    conformance::qrtiger(&service).await.assert();
    Ok(())
}

#[tokio::test]
async fn the_client_conforms_over_sockets() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mock = MockQrTiger::new();
    let server = MockServer::start([("/qrtiger", mock.backend().clone())]).await?;
    let client = QrTigerClient::builder()
        .api_key("mock-key")
        .api_url(server.url("/qrtiger"))
        .clock(Arc::clone(mock.backend().clock()))
        .paused_page(url("https://pages.test/?state=paused"))
        .archived_page(url("https://pages.test/?state=over"))
        .build()?;
    conformance::qrtiger(&client).await.assert();
    Ok(())
}

#[tokio::test]
async fn without_a_page_pausing_is_unsupported_and_nothing_is_sent() -> Result<()> {
    let mock = MockQrTiger::new();
    let code = mock.generate_qr_code(request("e1")).await?;
    let client = client(mock.backend(), |builder| builder);
    let before = mock.backend().journal().len();
    for (status, setter) in [(QrStatus::Paused, ".paused_page("), (QrStatus::Archived, ".archived_page(")] {
        let error = client.update_qr_code(update(&code.id, status)).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Unsupported, "update_qr_code"));
        assert!(error.hint().unwrap().contains(setter), "{error}");
    }
    assert_eq!(mock.backend().journal().len(), before);
    assert_eq!(client.update_qr_code(update(&code.id, QrStatus::Active)).await?.status, QrStatus::Active);
    Ok(())
}

#[tokio::test]
async fn a_paused_code_carries_its_destination_in_the_query() -> Result<()> {
    let mock = MockQrTiger::new();
    let mut made = request("e1");
    made.data = url("https://example.com/a?b=c&d=%26#e");
    let code = mock.generate_qr_code(made).await?;
    mock.update_qr_code(update(&code.id, QrStatus::Paused)).await?;
    let parked = "https://pages.test/paused?qrDestination=https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc%26d%3D%2526%23e";
    assert_eq!(mock.fake().codes()[0].destination, parked);

    let edits = mock.backend().count("campaigns.edit");
    mock.update_qr_code(update(&code.id, QrStatus::Paused)).await?;
    assert_eq!(mock.backend().count("campaigns.edit"), edits, "nothing to do the second time");

    mock.fake().edit(code.id.as_str(), |code| code.destination = "https://pages.test/paused".to_owned());
    let error = mock.update_qr_code(update(&code.id, QrStatus::Active)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "the page does not say where to go back to: {error}");
    Ok(())
}

#[tokio::test]
async fn what_the_dashboard_does_is_seen_and_left_alone() -> Result<()> {
    let mock = MockQrTiger::new();
    let code = mock.generate_qr_code(request("e1")).await?;
    let id = code.id.as_str();
    let end = mock.backend().clock().now_utc();
    let status = async || -> Result<_> { Ok(mock.list_qr_codes(ListQrCodes::new()).await?[0].status) };

    mock.fake().edit(id, |code| code.blocked = true);
    assert_eq!(status().await?, QrStatus::Blocked);
    let error = mock.update_qr_code(update(&code.id, QrStatus::Active)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    mock.fake().edit(id, |code| (code.blocked, code.expires_at) = (false, Some(end)));
    assert_eq!(status().await?, QrStatus::Expired);
    mock.fake().edit(id, |code| (code.archived, code.expires_at) = (true, None));
    assert_eq!(mock.update_qr_code(update(&code.id, QrStatus::Archived)).await?.status, QrStatus::Archived);

    mock.fake().edit(id, |code| (code.archived, code.category) = (false, "Vcard".to_owned()));
    let card = &mock.list_qr_codes(ListQrCodes::new()).await?[0];
    assert_eq!((card.status, &card.destination), (QrStatus::Active, &None));
    let error = mock.update_qr_code(update(&code.id, QrStatus::Paused)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");

    mock.fake().delete(id);
    let error = mock.generate_qr_code(request("e1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.hint().unwrap().contains("forget"), "{error}");
    let key = mock.client().link_key(&CampaignId::new("summer")?, &EventId::new("e1")?);
    mock.client().links().forget(&key).await?;
    assert!(mock.generate_qr_code(request("e1")).await?.is_new);
    Ok(())
}

#[tokio::test]
async fn a_code_keeps_its_name_until_another_one_is_asked_for() -> Result<()> {
    let mock = MockQrTiger::new();
    mock.generate_qr_code(request("e1").name("Tasting at the pier")).await?;
    assert_eq!(mock.generate_qr_code(request("e1")).await?.name, "Tasting at the pier");
    assert_eq!(mock.generate_qr_code(request("e1").name("Pier")).await?.name, "Pier");
    assert_eq!(mock.fake().codes()[0].name, "Pier");
    Ok(())
}

#[tokio::test]
async fn scans_go_on_as_time_passes() -> Result<()> {
    let clock = VirtualClock::default();
    let mock = MockQrTiger::builder().clock(Arc::new(clock.clone())).build()?;
    let code = mock.generate_qr_code(request("e1")).await?;
    let stats = async || mock.scan_stats(ScanStatsRequest::new(code.id.clone(), Period::All)).await;
    let before = stats().await?;
    assert!(before.total_scans > 0, "a code of the mock has a past");
    assert!(before.by_device.iter().any(|count| count.label == "unknown"), "{:?}", before.by_device);
    clock.advance(Duration::from_secs(3 * 86_400));
    let after = stats().await?;
    assert!(after.total_scans > before.total_scans);
    assert_eq!(after.by_day.len(), before.by_day.len() + 3);
    Ok(())
}

//! When things go wrong: nothing is lost, nothing is made twice. The fake's state is the judge.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use connectors_core::provider::run_bounded;
use connectors_core::{
    CampaignId, ErrorKind, EventId, HttpRequest, HttpResponse, MemoryLinkStore, RateLimits, Remote, Result, Transport,
    TransportError,
};
use connectors_mock::{Fault, InProcess, MockQrTiger};
use connectors_qrtiger::{
    Category, GenerateQrCode, ListQrCodes, Period, QrId, QrStatus, QrTigerService, ScanStatsRequest, UpdateQrCode,
    VCard,
};

const PAGE: &str = "https://example.com/taste";

fn campaign() -> CampaignId {
    CampaignId::new("summer").unwrap()
}

fn request(event: &str, destination: &str) -> GenerateQrCode {
    GenerateQrCode::new(&campaign(), &EventId::new(event).unwrap(), destination.parse().unwrap())
}

#[tokio::test]
async fn whatever_happens_to_a_create_there_is_one_code() -> Result<()> {
    for fault in [
        Fault::ResetBefore,
        Fault::ResetAfter,
        Fault::Truncated,
        Fault::Refused,
        Fault::Status(500),
        Fault::Status(503),
        Fault::HtmlPage(502),
        Fault::HtmlPage(200),
        Fault::Throttle(None),
        Fault::Throttle(Some(Duration::from_secs(5))),
        Fault::Slow(Duration::from_secs(20)),
        Fault::Slow(Duration::from_secs(40)),
    ] {
        for repeated in 1..=2 {
            let mock = MockQrTiger::new();
            mock.backend().script("campaigns.create", vec![fault; repeated]);
            let outcome = mock.generate_qr_code(request("e1", PAGE)).await;
            let codes = mock.fake().codes();
            assert_eq!(codes.len(), 1, "{fault:?} x{repeated}");
            let code = outcome.unwrap_or_else(|error| panic!("{fault:?} x{repeated}: {error:?}"));
            assert_eq!((code.id.as_str(), code.is_new), (codes[0].id.as_str(), true));
            assert_eq!(codes[0].name, code.name, "named, {fault:?}");
        }
    }
    Ok(())
}

/// Carries every create out, and answers with this instead.
#[derive(Debug)]
struct Garbled(InProcess, &'static str);

#[async_trait]
impl Transport for Garbled {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let is_create = request.uri().path() == "/api/campaign/";
        let answer = self.0.send(request).await?;
        Ok(if is_create { answer.map(|_| Bytes::from_static(self.1.as_bytes()).into()) } else { answer })
    }
}

#[tokio::test]
async fn an_answer_without_an_id_is_an_error_and_the_code_is_found() -> Result<()> {
    for garbage in ["{}", r#"{"data":{"qrName":""}}"#, "", "null", r#"{"qrId":"AB"#] {
        let mock = MockQrTiger::new();
        let transport = Arc::new(Garbled(InProcess::new(mock.backend().clone()), garbage));
        let client = crate::client(mock.backend(), |builder| builder.transport(transport));
        let error = client.campaigns().create(PAGE).await.unwrap_err();
        assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Decode, true), "{garbage:?}: {error:?}");

        let code = client.generate_qr_code(request("e1", "https://example.com/e1")).await?;
        let codes = mock.fake().codes();
        assert_eq!((codes.len(), codes[1].id.as_str()), (2, code.id.as_str()), "{garbage:?}");
    }
    Ok(())
}

#[tokio::test]
async fn an_answer_that_does_not_tell_what_the_code_holds_is_made_up_for() -> Result<()> {
    let mock = MockQrTiger::new();
    let transport = Arc::new(Garbled(InProcess::new(mock.backend().clone()), r#"{"qrId":"AB12CD"}"#));
    let client = crate::client(mock.backend(), |builder| builder.transport(transport));
    let card = client.campaigns().create_vcard(&VCard::new("Ada")).await?;
    assert_eq!((card.category.clone(), card.vcard().unwrap().name.as_str()), (Category::VCard, "Ada"));
    assert!(!format!("{card:?}").contains("Ada"));
    assert_eq!(client.campaigns().create(PAGE).await?.content.as_deref(), Some(PAGE));
    Ok(())
}

#[tokio::test]
async fn a_code_that_could_not_be_named_is_named_the_next_time() -> Result<()> {
    let mock = MockQrTiger::new();
    mock.backend().script("campaigns.edit", [Fault::Status(500); 4]);
    let error = mock.generate_qr_code(request("e1", PAGE)).await.unwrap_err();
    assert!(error.hint().unwrap().contains("only names it"), "{error}");
    assert!(error.is_retryable() && !error.maybe_applied(), "{error:?}");
    assert_eq!(mock.fake().codes()[0].name, "");

    let code = mock.generate_qr_code(request("e1", PAGE)).await?;
    assert_eq!((code.is_new, code.name.as_str()), (false, "event:e1 campaign:summer"));
    assert_eq!((mock.backend().count("campaigns.create"), mock.fake().codes().len()), (1, 1));
    assert_eq!(mock.fake().codes()[0].name, code.name);
    Ok(())
}

#[tokio::test]
async fn a_create_that_cannot_be_told_from_others_is_reported_and_never_repeated() -> Result<()> {
    let mock = MockQrTiger::new();
    mock.fake().add("", PAGE, mock.backend().clock().now_utc());
    mock.backend().script("campaigns.create", [Fault::ResetAfter]);
    let error = mock.generate_qr_code(request("e1", PAGE)).await.unwrap_err();
    assert!(error.maybe_applied() && !error.is_retryable(), "{error:?}");
    let error = mock.generate_qr_code(request("e1", PAGE)).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Conflict, true), "{error:?}");
    assert_eq!(mock.fake().codes().len(), 2, "one by hand, one by us");

    let ours = mock.fake().codes()[1].id.clone();
    let key = mock.client().link_key(&campaign(), &EventId::new("e1")?);
    mock.client().links().record(&key, Remote::new(&ours)).await?;
    let code = mock.generate_qr_code(request("e1", PAGE)).await?;
    assert_eq!((code.id.as_str(), mock.fake().codes()[1].name.as_str()), (ours.as_str(), code.name.as_str()));
    Ok(())
}

#[tokio::test]
async fn a_lost_code_is_found_by_its_destination_however_that_is_written() -> Result<()> {
    for (written, found) in [("HTTPS://Example.com:443/taste", true), ("", false)] {
        let mock = MockQrTiger::new();
        mock.backend()
            .script("campaigns.create", [Fault::ResetAfter])
            .script("campaigns.list", [Fault::Status(503); 4]);
        mock.generate_qr_code(request("e1", PAGE)).await.unwrap_err();
        let id = mock.fake().codes()[0].id.clone();
        mock.fake().edit(&id, |code| written.clone_into(&mut code.destination));

        let outcome = mock.generate_qr_code(request("e1", PAGE)).await;
        assert_eq!(mock.fake().codes().len(), 1, "{written:?}");
        match outcome {
            Ok(code) => assert!(found && code.id.as_str() == id),
            // The list does not say where the code leads, so nobody can say that it is not ours.
            Err(error) => assert!(!found && error.maybe_applied(), "{written:?}: {error}"),
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_lost_code_is_found_although_it_was_paused_meanwhile() -> Result<()> {
    let mock = MockQrTiger::new();
    mock.backend().script("campaigns.create", [Fault::ResetAfter]).script("campaigns.list", [Fault::Status(503); 4]);
    mock.generate_qr_code(request("e1", PAGE)).await.unwrap_err();
    let ours = QrId::new(mock.fake().codes()[0].id.as_str())?;
    mock.client().pause(&ours).await?;
    let code = mock.generate_qr_code(request("e1", PAGE)).await?;
    assert_eq!((code.id, code.status, mock.fake().codes().len()), (ours, QrStatus::Paused, 1));
    Ok(())
}

#[tokio::test]
async fn a_lost_code_is_found_beyond_a_page_that_the_provider_cut_short() -> Result<()> {
    let mock = MockQrTiger::new();
    mock.fake().largest_page(50);
    mock.backend().script("campaigns.create", [Fault::ResetAfter]).script("campaigns.list", [Fault::Status(503); 4]);
    mock.generate_qr_code(request("e1", PAGE)).await.unwrap_err();
    let (ours, now) = (mock.fake().codes()[0].id.clone(), mock.backend().clock().now_utc());
    for number in 0..60 {
        mock.fake().add("", &format!("https://example.com/{number}"), now);
    }
    assert_eq!(mock.generate_qr_code(request("e1", PAGE)).await?.id.as_str(), ours);
    assert_eq!(mock.fake().codes().len(), 61);
    Ok(())
}

#[tokio::test]
async fn codes_of_others_with_the_same_destination_are_not_taken_for_ours() -> Result<()> {
    let mock = MockQrTiger::new();
    let now = mock.backend().clock().now_utc();
    let old = mock.fake().add("", PAGE, now - chrono::TimeDelta::days(3));
    mock.backend().script("campaigns.create", [Fault::ResetBefore]);
    let code = mock.generate_qr_code(request("e1", PAGE)).await?;
    assert_ne!(code.id.as_str(), old, "older than our wish for one");
    assert_eq!(mock.fake().codes().len(), 2);
    Ok(())
}

#[tokio::test]
async fn events_that_share_a_destination_get_a_code_each_although_answers_are_lost() -> Result<()> {
    let mock = MockQrTiger::new();
    mock.backend()
        .script("campaigns.create", [Fault::ResetBefore, Fault::ResetAfter, Fault::Truncated, Fault::Status(503)]);
    let events: Vec<_> = (0..8).map(|n| format!("e{n}")).collect();
    let made = run_bounded(events, 8, None, |_, event| {
        let mock = mock.clone();
        async move { mock.generate_qr_code(request(&event, PAGE)).await }
    })
    .await;
    let ids: HashSet<_> = made.into_iter().map(|code| code.unwrap().id).collect();
    assert_eq!((ids.len(), mock.fake().codes().len()), (8, 8));
    Ok(())
}

#[tokio::test]
async fn in_chaos_every_event_ends_with_one_code() -> Result<()> {
    for seed in 1..=20 {
        let store = Arc::new(MemoryLinkStore::default());
        let mock = MockQrTiger::builder().seed(seed).link_store(store).build()?;
        mock.backend().chaos(seed);
        let events: Vec<_> = (0..24).map(|n| format!("e{n}")).collect();
        let run = async || {
            run_bounded(events.clone(), 4, None, |_, event| {
                let mock = mock.clone();
                async move {
                    let code = mock.generate_qr_code(request(&event, &format!("https://example.com/{event}"))).await?;
                    mock.scan_stats(ScanStatsRequest::new(code.id.clone(), Period::LastDays(7))).await?;
                    Ok(code.id)
                }
            })
            .await
        };
        let first = run().await;
        let failed = first.iter().filter(|outcome| outcome.is_err()).count();
        assert!(failed <= 6, "seed {seed}: most recover, {failed} of 24 failed");
        let sent = mock.backend().journal().len();
        let disturbed: u32 = mock.backend().fault_counts().values().sum();
        assert!(disturbed as usize * 100 >= sent * 15, "seed {seed}: {disturbed} of {sent}");

        mock.backend().calm();
        for (event, outcome) in events.iter().zip(run().await) {
            outcome.unwrap_or_else(|error| panic!("seed {seed}, {event}: {error:?}"));
        }
        let codes = mock.fake().codes();
        let destinations: HashSet<_> = codes.iter().map(|code| &code.destination).collect();
        assert_eq!((codes.len(), destinations.len()), (24, 24), "seed {seed}");
        assert!(codes.iter().all(|code| code.name.starts_with("event:e")), "seed {seed}: all are named");
    }
    Ok(())
}

#[tokio::test]
async fn an_update_survives_lost_answers_and_says_when_it_did_not_take() -> Result<()> {
    for fault in [Fault::ResetBefore, Fault::ResetAfter, Fault::Truncated, Fault::Status(502), Fault::Throttle(None)] {
        let mock = MockQrTiger::new();
        let code = mock.generate_qr_code(request("e1", PAGE)).await?;
        mock.backend().script("campaigns.edit", [fault, fault]).script("tracking.data", [fault]);
        let paused = mock.update_qr_code(UpdateQrCode::new(code.id.clone(), QrStatus::Paused)).await?;
        assert_eq!((paused.status, paused.destination.unwrap().as_str()), (QrStatus::Paused, PAGE), "{fault:?}");
    }
    Ok(())
}

#[tokio::test]
async fn reads_are_repeated_until_they_succeed_or_the_attempts_are_used_up() -> Result<()> {
    let mock = MockQrTiger::new();
    for fault in [Fault::Status(503), Fault::HtmlPage(500), Fault::Truncated, Fault::ResetAfter, Fault::Refused] {
        mock.backend().script("campaigns.list", [fault; 3]);
        assert_eq!(mock.list_qr_codes(ListQrCodes::new()).await?.len(), 0, "{fault:?}");
    }
    mock.backend().script("campaigns.list", [Fault::Status(503); 4]);
    let error = mock.list_qr_codes(ListQrCodes::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.maybe_applied()), (ErrorKind::Server, 4, false));
    mock.backend().script("campaigns.list", [Fault::Oversized(33)]);
    assert_eq!(mock.list_qr_codes(ListQrCodes::new()).await.unwrap_err().kind(), ErrorKind::BodyTooLarge);
    mock.backend().script("campaigns.list", [Fault::Throttle(Some(Duration::from_secs(3600)))]);
    let error = mock.list_qr_codes(ListQrCodes::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::RateLimited, Some(Duration::from_secs(3600))));
    Ok(())
}

#[tokio::test]
async fn the_client_stays_within_two_requests_a_second() -> Result<()> {
    let mock = MockQrTiger::new();
    mock.backend().quotas(RateLimits::none().window("*", 2, Duration::from_secs(1)));
    let events: Vec<_> = (0..12).map(|n| format!("e{n}")).collect();
    let made = run_bounded(events, 6, None, |_, event| {
        let mock = mock.clone();
        async move { mock.generate_qr_code(request(&event, &format!("https://example.com/{event}"))).await }
    })
    .await;
    assert!(made.iter().all(Result::is_ok));
    let refused = mock.backend().journal().iter().filter(|entry| entry.status.is_some_and(|s| s == 429)).count();
    assert_eq!((refused, mock.backend().journal().len()), (0, 24));
    Ok(())
}

#[tokio::test]
async fn a_kept_link_store_and_a_loaded_fake_make_nothing_twice() -> Result<()> {
    let store = Arc::new(MemoryLinkStore::default());
    let first = MockQrTiger::builder().link_store(store.clone()).build()?;
    let code = first.generate_qr_code(request("e1", PAGE)).await?;

    let second = MockQrTiger::builder().link_store(store).build()?;
    second.backend().load(&first.backend().save()?)?;
    let again = second.generate_qr_code(request("e1", PAGE)).await?;
    assert_eq!((again.id, again.name, again.is_new), (code.id, code.name, false));
    assert_eq!((second.backend().count("campaigns.create"), second.fake().codes()), (0, first.fake().codes()));
    Ok(())
}

//! Codes that are made and named, led elsewhere for certain, and made by the hundred.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use connectors_core::{BulkOptions, CampaignId, ErrorKind, EventId, MemoryLinkStore, RateLimits, Result};
use connectors_mock::{Fault, MockQrTiger};
use connectors_qrtiger::{CodeOutcome, NewCode, QrStatus, QrTigerErrorExt, QrTigerService, VCard};

use crate::{request, update, url};

const PAGE: &str = "https://example.com/menu";

fn page(number: usize) -> String {
    format!("https://example.com/{number}")
}

/// A mock without limits on the rate, which bulk work would wait for.
fn mock(limit: Option<u32>) -> MockQrTiger {
    let builder = MockQrTiger::builder().client(|client| {
        let client = client.limits(RateLimits::none());
        if let Some(limit) = limit { client.monthly_quota(limit) } else { client }
    });
    builder.build().unwrap()
}

#[tokio::test]
async fn a_code_that_was_made_but_not_named_comes_with_the_error() -> Result<()> {
    let mock = mock(None);
    let campaigns = mock.client().campaigns();
    assert_eq!(campaigns.create_named(PAGE, "Menu").await?.name, "Menu");
    mock.backend().script("campaigns.edit", [Fault::Status(503); 4]);
    let error = campaigns.create_named(PAGE, "Other").await.unwrap_err();
    let made = error.created_code().unwrap();
    assert_eq!(made.id.as_str(), mock.fake().codes()[1].id);
    assert!(error.maybe_applied() && !error.is_retryable() && error.hint().unwrap().contains(made.id.as_str()));
    assert_eq!((error.kind(), error.operation(), error.attempts()), (ErrorKind::Server, "campaigns.edit", 4));
    campaigns.edit(&made.id).name("Other").await?;
    assert_eq!(mock.fake().codes()[1].name, "Other");

    mock.backend().script("campaigns.create", [Fault::ResetAfter]);
    let error = campaigns.create_named(PAGE, "Third").await.unwrap_err();
    assert!(error.maybe_applied() && error.created_code().is_none(), "the code is not known");
    let error = campaigns.create_named(PAGE, " ").await.unwrap_err();
    assert_eq!((error.field(), mock.fake().codes().len()), (Some("name"), 3));
    Ok(())
}

#[tokio::test]
async fn a_destination_is_ensured_and_read_back() -> Result<()> {
    let mock = mock(None);
    let campaigns = mock.client().campaigns();
    let id = campaigns.create(PAGE).await?.id;
    campaigns.ensure_destination(&id, &url(PAGE)).await?;
    assert_eq!(mock.backend().count("campaigns.edit"), 0, "it leads there already");
    mock.backend().script("campaigns.edit", [Fault::ResetAfter, Fault::Status(502)]);
    let there = url("https://example.com/other?a=%20b");
    assert_eq!(campaigns.ensure_destination(&id, &there).await?.content.as_deref(), Some(there.as_str()));
    assert_eq!(mock.fake().codes()[0].destination, there.as_str());

    mock.update_qr_code(update(&id, QrStatus::Paused)).await?;
    let error = campaigns.ensure_destination(&id, &url(PAGE)).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Conflict, "ensure_destination"));
    let read = mock.list_qr_codes(connectors_qrtiger::ListQrCodes::new()).await?.remove(0);
    assert_eq!((read.status, read.destination), (QrStatus::Paused, Some(there)), "still paused");

    let card = campaigns.create_vcard(&VCard::new("Ada")).await?.id;
    let error = campaigns.ensure_destination(&card, &url(PAGE)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let error = campaigns.ensure_destination(&id, &url("mailto:a@example.com")).await.unwrap_err();
    assert_eq!((error.field(), error.attempts()), (Some("destination"), 0));
    Ok(())
}

/// How often each destination is in the fake.
fn made(mock: &MockQrTiger) -> HashMap<String, usize> {
    let mut made = HashMap::new();
    for code in mock.fake().codes() {
        *made.entry(code.destination).or_default() += 1;
    }
    made
}

#[tokio::test]
async fn of_many_each_is_made_once_or_listed_as_unknown() -> Result<()> {
    for seed in 1..=5 {
        let mock = MockQrTiger::builder().seed(seed).client(|client| client.limits(RateLimits::none())).build()?;
        mock.backend().chaos(seed).script(
            "campaigns.create",
            [Fault::ResetAfter, Fault::Status(504), Fault::Throttle(None), Fault::Refused, Fault::Truncated],
        );
        let codes = (0..200).map(|n| NewCode::link(url(&page(n))).name(format!("Page {n}")));
        let reports = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&reports);
        let options = BulkOptions::default().concurrency(16).on_progress(move |p| seen.lock().unwrap().push(p));
        let outcomes = mock.client().campaigns().create_many(codes).options(options).await?;
        assert_eq!((outcomes.len(), reports.lock().unwrap().len()), (200, 200));
        let (made, mut unknown) = (made(&mock), 0);
        let mut ids = HashSet::new();
        for (number, outcome) in outcomes.iter().enumerate() {
            let count = made.get(&page(number)).copied().unwrap_or_default();
            match outcome {
                CodeOutcome::Done(code) => {
                    assert_eq!((count, code.name.as_str(), code.is_new), (1, format!("Page {number}").as_str(), true));
                    assert_eq!(code.destination, Some(url(&page(number))));
                    assert!(ids.insert(code.id.clone()));
                }
                CodeOutcome::Unnamed { code, error } => {
                    assert_eq!((count, error.operation()), (1, "campaigns.edit"));
                    assert!(ids.insert(code.id.clone()));
                }
                CodeOutcome::Failed(error) => assert!(count == 0 && !error.maybe_applied(), "{error:?}"),
                CodeOutcome::Unknown(error) => {
                    unknown += 1;
                    assert!(count <= 1 && error.maybe_applied(), "{count}: {error:?}");
                }
                other => panic!("{other:?}"),
            }
        }
        assert!((3..100).contains(&unknown), "seed {seed}: {unknown}");
        let failed = outcomes.iter().filter(|outcome| outcome.error().is_some()).count();
        assert_eq!(reports.lock().unwrap().last().unwrap().failed, failed);
    }
    Ok(())
}

#[tokio::test]
async fn codes_of_events_are_made_once_over_two_runs() -> Result<()> {
    let summer = CampaignId::new("summer")?;
    for seed in 1..=6 {
        let store = Arc::new(MemoryLinkStore::default());
        let mock = MockQrTiger::builder()
            .seed(seed)
            .link_store(store)
            .client(|client| client.limits(RateLimits::none()))
            .build()?;
        let many = || {
            let codes: Vec<_> = (0..40)
                .map(|n| NewCode::link(url(&page(n))).event(&summer, &EventId::new(format!("e{n}")).unwrap()))
                .collect();
            mock.client().campaigns().create_many(codes).options(BulkOptions::default().concurrency(8))
        };
        assert_eq!(many().estimate().await?, 80);
        mock.backend().chaos(seed);
        let first = many().await?;
        assert_eq!(first.len(), 40);
        mock.backend().calm();
        for outcome in many().await? {
            assert!(matches!(outcome, CodeOutcome::Done(_)), "seed {seed}: {outcome:?}");
        }
        let made = made(&mock);
        assert!(made.len() == 40 && made.values().all(|count| *count == 1), "seed {seed}: {made:?}");
        assert_eq!(many().estimate().await?, 40, "only looked at");
        let before = mock.backend().journal().len();
        assert!(many().await?.iter().all(|outcome| outcome.code().is_some_and(|code| !code.is_new)));
        assert_eq!(mock.backend().journal().len() - before, 40, "as estimated");
    }
    Ok(())
}

#[tokio::test]
async fn the_budget_is_asked_before_anything_is_sent() -> Result<()> {
    let codes = || (0..10).map(|n| NewCode::link(url(&page(n))).name(format!("Page {n}")));
    let mock = mock(Some(15));
    let many = || mock.client().campaigns().create_many(codes());
    let error = many().await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::QuotaExhausted, "create_many"));
    assert!(error.message().contains("20 requests") && error.message().contains("15 are left"), "{error}");
    assert!(mock.backend().journal().is_empty());

    let outcomes = many().partial().await?;
    let done = outcomes.iter().take_while(|outcome| matches!(outcome, CodeOutcome::Done(_))).count();
    let left = outcomes.iter().filter(|outcome| matches!(outcome, CodeOutcome::NotAttempted(_))).count();
    assert_eq!((done, left, mock.fake().codes().len()), (7, 3, 7));
    assert!(mock.fake().codes().iter().all(|code| !code.name.is_empty()), "none is left without its name");
    assert_eq!(mock.client().quota().left().await?, Some(1));
    Ok(())
}

#[tokio::test]
async fn a_budget_that_runs_out_on_the_way_is_never_exceeded_and_all_is_accounted_for() -> Result<()> {
    for seed in 1..=10 {
        let mock = mock(Some(60));
        mock.backend().chaos(seed);
        let codes = (0..30).map(|n| NewCode::link(url(&page(n))).name(format!("Page {n}")));
        let options = BulkOptions::default().concurrency(8);
        let outcomes = mock.client().campaigns().create_many(codes).options(options).await?;
        let sent = mock.backend().journal().iter().filter(|entry| entry.fault != Some(Fault::Refused)).count();
        assert!(sent <= 60, "seed {seed}: {sent}");
        assert_eq!(mock.client().quota().used().await?, sent as u64);
        let made = made(&mock);
        for (number, outcome) in outcomes.iter().enumerate() {
            let count = made.get(&page(number)).copied().unwrap_or_default();
            let right = match outcome {
                CodeOutcome::Done(_) | CodeOutcome::Unnamed { .. } => count == 1,
                CodeOutcome::Unknown(_) => count <= 1,
                _ => count == 0,
            };
            assert!(right, "seed {seed}, {number}: {count} of {outcome:?}");
        }
        let ids: HashSet<_> = outcomes.iter().filter_map(CodeOutcome::code).map(|code| &code.id).collect();
        assert_eq!(ids.len(), outcomes.iter().filter(|outcome| outcome.code().is_some()).count(), "each its own");
    }
    Ok(())
}

#[tokio::test]
async fn a_key_that_is_refused_ends_the_work_and_an_impossible_code_does_not() -> Result<()> {
    let mock = mock(None);
    let summer = CampaignId::new("summer")?;
    let odd = NewCode::text("Ada").event(&summer, &EventId::new("e1")?);
    let codes =
        [odd, NewCode::link(url("mailto:a@example.com")), NewCode::vcard(VCard::new("Ada")), NewCode::text("Hi")];
    let outcomes = mock.client().campaigns().create_many(codes).await?;
    let field = |at: usize| outcomes[at].error().unwrap().field();
    assert_eq!((field(0), field(1), mock.fake().codes().len()), (Some("event"), Some("content"), 2));
    assert_eq!(outcomes[2].code().unwrap().destination, None);

    let before = mock.backend().journal().len();
    mock.client().replace_api_key("revoked")?;
    let codes = (0..50).map(|n| NewCode::link(url(&page(n))));
    let outcomes = mock.client().campaigns().create_many(codes).await?;
    assert!(outcomes.iter().all(|outcome| outcome.error().is_some_and(|error| error.kind() == ErrorKind::Auth)));
    assert!(mock.backend().journal().len() - before <= 2, "fifty requests would be wasted");

    mock.client().replace_api_key("mock-key")?;
    mock.generate_qr_code(request("e9")).await?;
    mock.backend().script("campaigns.create", [Fault::Status(402)]);
    let outcomes = mock.client().campaigns().create_many([NewCode::text("a")]).await?;
    assert!(matches!(&outcomes[..], [CodeOutcome::NotAttempted(_)]), "the plan is used up: {outcomes:?}");
    Ok(())
}

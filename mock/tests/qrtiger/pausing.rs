//! Pausing, archiving and resuming by repointing: whatever happens on the way, the destination is kept.

use std::sync::Arc;
use std::time::Duration;

use connectors_core::provider::run_bounded;
use connectors_core::{ErrorKind, Result};
use connectors_mock::{Fault, MockQrTiger};
use connectors_qrtiger::{ListQrCodes, QrStatus, QrTigerService};

use crate::{client, request, url};

const SOON: Duration = Duration::from_millis(1);
const PAGE: &str = "https://example.com/e1";

#[tokio::test]
async fn the_destination_survives_every_order_of_calls() -> Result<()> {
    use QrStatus::{Active, Archived, Paused};
    let mock = MockQrTiger::new();
    let client = mock.client();
    let code = mock.generate_qr_code(request("e1")).await?;
    for from in [Active, Paused, Archived] {
        for to in [Active, Paused, Archived] {
            for status in [from, to, to] {
                let code = match status {
                    Paused => client.pause(&code.id).await?,
                    Archived => client.archive(&code.id).await?,
                    _ => client.resume(&code.id).await?,
                };
                assert_eq!((code.status, code.destination), (status, Some(url(PAGE))), "{from} to {to}");
            }
            let listed = mock.list_qr_codes(ListQrCodes::new().status(to)).await?;
            assert_eq!(
                (listed.len(), &listed[0].destination),
                (1, &Some(url(PAGE))),
                "it is read back, {from} to {to}"
            );
        }
    }
    client.resume(&code.id).await?;
    assert_eq!(mock.fake().codes()[0].destination, PAGE);
    let again = mock.generate_qr_code(request("e1")).await?;
    assert_eq!((again.id, again.is_new), (code.id, false));
    Ok(())
}

#[tokio::test]
async fn who_has_the_same_pages_can_undo_it_without_having_done_it() -> Result<()> {
    let mock = MockQrTiger::new();
    let code = mock.generate_qr_code(request("e1")).await?;
    mock.client().pause(&code.id).await?;
    let other = client(mock.backend(), |builder| {
        builder.paused_page(url("https://pages.test/paused")).archived_page(url("https://pages.test/archived"))
    });
    assert_eq!(other.archive(&code.id).await?.destination, Some(url(PAGE)));
    assert_eq!(other.resume(&code.id).await?.status, QrStatus::Active);
    assert_eq!(mock.fake().codes()[0].destination, PAGE);

    let stranger = client(mock.backend(), |builder| builder);
    let error = stranger.archive(&code.id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    Ok(())
}

#[tokio::test]
async fn calls_at_the_same_time_take_turns() -> Result<()> {
    let mock = MockQrTiger::new();
    let code = mock.generate_qr_code(request("e1")).await?;
    let wanted = [QrStatus::Paused, QrStatus::Archived, QrStatus::Active].into_iter().cycle().take(24);
    let outcomes = run_bounded(wanted.collect(), 8, None, |_, status| {
        let (client, id) = (mock.client().clone(), code.id.clone());
        async move {
            match status {
                QrStatus::Paused => client.pause(&id).await,
                QrStatus::Archived => client.archive(&id).await,
                _ => client.resume(&id).await,
            }
        }
    })
    .await;
    for outcome in outcomes {
        assert_eq!(outcome?.destination, Some(url(PAGE)), "none is overtaken between its edit and its look");
    }
    assert_eq!(mock.client().resume(&code.id).await?.destination, Some(url(PAGE)));
    assert_eq!(mock.fake().codes()[0].destination, PAGE);
    Ok(())
}

#[tokio::test]
async fn two_clients_at_the_same_time_do_not_lose_the_destination() -> Result<()> {
    let mock = MockQrTiger::new();
    let code = mock.generate_qr_code(request("e1")).await?;
    let pages = || {
        Arc::new(client(mock.backend(), |builder| {
            builder.paused_page(url("https://pages.test/paused")).archived_page(url("https://pages.test/archived"))
        }))
    };
    let (one, two) = (pages(), pages());
    for _ in 0..6 {
        let (paused, archived) = futures_util::join!(one.pause(&code.id), two.archive(&code.id));
        for outcome in [paused, archived] {
            // The one that comes second may find the other's status.
            assert!(
                outcome.as_ref().is_ok() || outcome.as_ref().unwrap_err().kind() == ErrorKind::Conflict,
                "{outcome:?}"
            );
        }
        assert_eq!(one.resume(&code.id).await?.destination, Some(url(PAGE)));
    }
    Ok(())
}

#[tokio::test]
async fn lost_answers_are_made_up_for_by_calling_again() -> Result<()> {
    for fault in [Fault::ResetBefore, Fault::ResetAfter, Fault::Truncated, Fault::Status(502), Fault::HtmlPage(200)] {
        // Given up at the edit, and at the look afterwards.
        for (edits, looks) in
            [(vec![fault; 4], vec![]), (vec![], vec![None, Some(fault), Some(fault), Some(fault), Some(fault)])]
        {
            let mock = MockQrTiger::new();
            let client = mock.client();
            let code = mock.generate_qr_code(request("e1")).await?;
            client.pause(&code.id).await?;
            mock.backend().script("campaigns.edit", edits);
            mock.backend().script("tracking.data", looks.into_iter().map(|fault| fault.unwrap_or(Fault::Slow(SOON))));
            client.archive(&code.id).await.unwrap_err();
            let archived = client.archive(&code.id).await?;
            assert_eq!((archived.status, archived.destination), (QrStatus::Archived, Some(url(PAGE))), "{fault:?}");
            assert_eq!(client.resume(&code.id).await?.destination, Some(url(PAGE)), "{fault:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_paused_code_that_expired_is_not_reactivated_by_the_way() -> Result<()> {
    let mock = MockQrTiger::new();
    let code = mock.generate_qr_code(request("e1")).await?;
    mock.client().pause(&code.id).await?;
    let parked = mock.fake().codes()[0].destination.clone();
    mock.fake().edit(code.id.as_str(), |code| code.expires_after_scans = Some(1));
    let error = mock.client().campaigns().ensure_destination(&code.id, &url(PAGE)).await.unwrap_err();
    assert_eq!((error.kind(), &mock.fake().codes()[0].destination), (ErrorKind::Conflict, &parked));
    Ok(())
}

#[tokio::test]
async fn who_repoints_a_paused_code_makes_it_active() -> Result<()> {
    let mock = MockQrTiger::new();
    let code = mock.generate_qr_code(request("e1")).await?;
    mock.client().pause(&code.id).await?;
    mock.client().campaigns().edit(&code.id).destination(&url("https://example.com/new")).await?;
    let edits = mock.backend().count("campaigns.edit");
    let resumed = mock.client().resume(&code.id).await?;
    assert_eq!((resumed.status, resumed.destination), (QrStatus::Active, Some(url("https://example.com/new"))));
    assert_eq!(mock.backend().count("campaigns.edit"), edits, "and is left alone");
    Ok(())
}

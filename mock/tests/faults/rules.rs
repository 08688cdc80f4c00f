//! Which requests a rule is for.

use connectors_core::ErrorKind;
use connectors_mock::{Fault, MockQrTiger, MockSmartsheet};
use connectors_qrtiger::QrTigerClient;

use crate::{in_process, message};

async fn lists(client: &QrTigerClient, count: usize) -> Vec<bool> {
    let mut went_well = Vec::new();
    for _ in 0..count {
        went_well.push(client.campaigns().page(1).await.is_ok());
    }
    went_well
}

#[tokio::test]
async fn a_rule_is_for_as_many_requests_as_it_says() {
    let (mock, backend) = with();
    let client = in_process(&mock);
    let rule = backend.on("campaigns.list").status(500);
    assert_eq!(backend.pending_faults(), 1);
    assert_eq!(lists(&client, 2).await, [false, true]);
    assert_eq!((rule.hits(), backend.pending_faults()), (1, 0));

    let rule = backend.on("campaigns.list").after(1).times(2).status(500);
    assert_eq!(lists(&client, 4).await, [true, false, false, true]);
    assert_eq!(rule.hits(), 2);

    let always = backend.on("campaigns.list").status(500).always();
    assert_eq!(lists(&client, 3).await, [false; 3]);
    assert_eq!((always.hits(), backend.pending_faults()), (3, 1));
    always.remove();
    assert_eq!((lists(&client, 1).await, backend.pending_faults()), (vec![true], 0));

    let never = backend.on("campaigns.list").times(0).status(500);
    assert_eq!((lists(&client, 1).await, never.hits(), backend.pending_faults()), (vec![true], 0, 0));
}

fn with() -> (MockQrTiger, connectors_mock::Backend) {
    let mock = MockQrTiger::new();
    let backend = mock.backend().clone();
    (mock, backend)
}

#[tokio::test]
async fn the_oldest_rule_that_fits_applies() {
    let (mock, backend) = with();
    let client = in_process(&mock);
    let all = backend.on("*").status(500);
    let lists_alone = backend.on("campaigns.*").throttle();
    let of = async || client.campaigns().page(1).await.unwrap_err().kind();
    assert_eq!((of().await, of().await), (ErrorKind::Server, ErrorKind::RateLimited));
    assert_eq!((all.hits(), lists_alone.hits(), backend.pending_faults()), (1, 1, 0));

    backend.script("campaigns.list", [Fault::Status(500), Fault::Throttle(None)]);
    assert_eq!((of().await, of().await), (ErrorKind::Server, ErrorKind::RateLimited));
    assert_eq!(backend.fault_counts().into_iter().collect::<Vec<_>>(), [("server error", 2), ("throttled", 2)]);
}

#[tokio::test]
async fn a_condition_chooses_among_requests() {
    let (mock, backend) = with();
    let client = in_process(&mock);
    let second = backend.on("campaigns.list").status(500).always();
    let second = second.when(|request| request.uri().query().is_some_and(|query| query.contains("page=2")));
    assert!(client.campaigns().page(1).await.is_ok());
    assert!(client.campaigns().page(2).await.is_err());
    assert!(client.campaigns().page(3).await.is_ok());
    assert_eq!(second.hits(), 1);
    backend.calm();
    assert!(client.campaigns().page(2).await.is_ok());
}

#[test]
fn operations_that_there_are_not_are_refused_with_those_that_are_near() {
    let mock = MockSmartsheet::new();
    let backend = mock.backend();
    for said in [
        message(|| drop(backend.on("rows.updat"))),
        message(|| _ = backend.script("rows.updat", [Fault::ResetAfter])),
        message(|| _ = backend.count("rows.updat")),
        message(|| drop(backend.journal().of("rows.updat"))),
    ] {
        assert!(said.contains("rows.updat\"") && said.contains("rows.update"), "{said}");
        assert!(!said.contains("sheets.get"), "only what is near: {said}");
    }
    let error = backend.try_on("row.update").unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("operation")));
    assert!(backend.try_on("rows.*").is_ok() && backend.try_on("*").is_ok() && backend.try_on("row*").is_err());
    assert_eq!(backend.pending_faults(), 0, "a rule that says nothing is none");
}

//! A token that is not there, has ended or was rejected: everybody waits for one renewal.

use std::sync::Arc;

use connectors_core::provider::Credential;
use connectors_core::{Error, ErrorKind, Result, TransportErrorKind};
use futures_util::future::{join, join_all};

use super::{API_KEY, Fixture, HOUR, text};
use crate::common::{CREATE, OK, PUT, READ, Step, status};

#[tokio::test]
async fn a_token_is_fetched_by_the_first_call_and_kept_until_it_expires() {
    let fixture = Fixture::new([OK]);
    assert_eq!(fixture.fetches(), 0);
    for _ in 0..3 {
        fixture.call(&READ).await.unwrap();
    }
    fixture.advance(HOUR);
    fixture.call(&READ).await.unwrap();
    assert_eq!(fixture.tokens_sent(), ["token-1", "token-1", "token-1", "token-2"]);
    assert_eq!(fixture.refresh_tokens_sent(), ["login", "refresh-1"]);
}

#[tokio::test]
async fn a_token_without_an_end_is_good_until_it_is_rejected() {
    let fixture = Fixture::new([OK, OK, status(401), OK]);
    fixture.set(|login| login.lifetime = None);
    fixture.call(&READ).await.unwrap();
    fixture.advance(HOUR * 24 * 365);
    fixture.call(&READ).await.unwrap();
    fixture.call(&READ).await.unwrap();
    assert_eq!(fixture.tokens_sent(), ["token-1", "token-1", "token-1", "token-2"]);
}

#[tokio::test]
async fn a_thousand_callers_of_an_expired_token_cause_one_login() {
    let fixture = Fixture::new([OK]);
    fixture.call(&READ).await.unwrap();
    fixture.advance(HOUR);
    let outcomes = join_all((0..1000).map(|_| fixture.call(&READ))).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!((fixture.fetches(), fixture.script.requests()), (2, 1001));
}

#[tokio::test]
async fn a_thousand_callers_share_a_token_that_has_ended_by_our_clock_already() {
    let fixture = Fixture::new([OK]);
    fixture.set(|login| login.lifetime = Some(super::SECOND / 2));
    let outcomes = join_all((0..1000).map(|_| fixture.call(&READ))).await;
    assert!(outcomes.iter().all(Result::is_ok), "our clock may be wrong: the provider decides");
    assert_eq!((fixture.fetches(), fixture.script.requests()), (1, 1000));
}

#[tokio::test]
async fn a_rejected_token_is_renewed_once_and_the_request_repeated_once() {
    for operation in [&READ, &CREATE] {
        let fixture = Fixture::new([status(401), OK]);
        assert_eq!(fixture.call(operation).await.unwrap(), 2, "{}", operation.name);
        assert_eq!(fixture.tokens_sent(), ["token-1", "token-2"]);
        assert!(fixture.bench.waits.0.lock().unwrap().is_empty(), "there is nothing to wait for");
    }
    let fixture = Fixture::new([status(401)]);
    let error = fixture.call(&CREATE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.maybe_applied()), (ErrorKind::Auth, 2, false));
    assert_eq!((fixture.fetches(), fixture.script.requests()), (2, 2));
}

#[tokio::test]
async fn calls_that_are_rejected_with_the_same_token_share_one_renewal() {
    let fixture = Fixture::new([OK, status(401), OK]);
    let seen = fixture.credential.headers().await.unwrap();
    fixture.call(&READ).await.unwrap();
    let (rejected, waiting) = join(fixture.call(&READ), fixture.call(&READ)).await;
    assert_eq!((rejected.unwrap(), waiting.unwrap(), fixture.fetches()), (2, 1, 2));
    assert_eq!(fixture.tokens_sent(), ["token-1", "token-1", "token-2", "token-2"]);

    fixture.advance(HOUR);
    let renewals = join_all((0..100).map(|_| fixture.credential.rejected(&seen))).await;
    assert!(renewals.into_iter().all(Result::unwrap));
    assert_eq!(fixture.fetches(), 3);
}

#[tokio::test]
async fn a_late_rejection_of_an_older_token_does_not_renew_the_present_one() {
    let fixture = Fixture::new([OK]);
    let first = fixture.credential.headers().await.unwrap();
    for _ in 0..3 {
        assert!(fixture.credential.rejected(&first).await.unwrap(), "there is a newer one to try");
        assert_eq!(fixture.fetches(), 2);
    }
    let second = fixture.credential.headers().await.unwrap();
    assert_eq!(text(&second), "token-2");
    assert!(second.headers()[API_KEY].is_sensitive());
}

#[tokio::test]
async fn each_renewal_has_a_generation_higher_than_all_before_of_any_credential() {
    let (one, other) = (Fixture::new([OK]), Fixture::new([OK]));
    let mut generations = Vec::new();
    for fixture in [&one, &other, &one, &other] {
        let headers = fixture.credential.headers().await.unwrap();
        generations.push(headers.generation());
        assert_eq!(fixture.credential.headers().await.unwrap().generation(), headers.generation());
        fixture.advance(HOUR);
    }
    assert!(generations.is_sorted_by(|a, b| a < b) && !generations.contains(&0), "{generations:?}");
}

#[tokio::test]
async fn what_is_cached_outlives_a_renewal_and_is_nobody_elses() {
    let (one, other) = (Fixture::new([OK]), Fixture::new([OK]));
    let partition = one.bench.core.partition();
    assert_ne!(partition, other.bench.core.partition());
    for _ in 0..2 {
        one.token().await.unwrap();
        one.advance(HOUR);
        assert_eq!(one.bench.core.partition(), partition);
    }
    assert_ne!(partition, 0, "which is no credential's");
}

#[tokio::test]
async fn a_hundred_callers_with_a_wrong_password_are_one_failed_login() {
    let fixture = Fixture::new([OK]);
    (0..100).for_each(|_| fixture.fail_next(ErrorKind::Auth));
    let outcomes = join_all((0..100).map(|_| fixture.credential.headers())).await;
    assert!(outcomes.iter().all(|outcome| outcome.as_ref().is_err_and(|e| e.kind() == ErrorKind::Auth)));
    assert_eq!(fixture.fetches(), 1);
    fixture.credential.headers().await.unwrap_err();
    assert_eq!(fixture.fetches(), 2, "a later caller tries again");
}

#[tokio::test]
async fn a_failed_renewal_fails_the_call_and_the_next_call_tries_again() {
    let fixture = Fixture::new([OK, status(401), OK]);
    fixture.call(&READ).await.unwrap();
    fixture.fail_next(ErrorKind::Connect);
    let error = fixture.call(&CREATE).await.unwrap_err();
    assert_eq!((error.kind(), error.operation(), error.attempts()), (ErrorKind::Connect, "create", 1));
    assert!(!error.maybe_applied() && error.is_retryable());
    fixture.call(&CREATE).await.unwrap();
    assert_eq!(fixture.tokens_sent(), ["token-1", "token-1", "token-3"]);
}

#[tokio::test]
async fn a_login_that_may_have_happened_is_not_a_create_that_may_have() {
    let login = || Error::new(ErrorKind::Interrupted, "the login broke off").with_maybe_applied(true);
    let first = Fixture::new([OK]);
    first.set(|script| script.failures.push_back(login()));
    let error = first.call(&CREATE).await.unwrap_err();
    assert_eq!((error.attempts(), first.script.requests(), error.maybe_applied()), (0, 0, false));

    let renewal = Fixture::new([OK, status(401)]);
    renewal.call(&READ).await.unwrap();
    renewal.set(|script| script.failures.push_back(login()));
    assert!(!renewal.call(&CREATE).await.unwrap_err().maybe_applied());
}

#[tokio::test]
async fn a_write_that_may_have_been_applied_stays_so_when_the_login_then_fails() {
    let lost = Step::Break(TransportErrorKind::Closed, true);
    let fixture = Fixture::new([OK, lost, status(401)]);
    fixture.call(&READ).await.unwrap();
    fixture.fail_next(ErrorKind::Auth);
    let error = fixture.call(&PUT).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Auth, true));
}

#[tokio::test]
async fn callers_on_many_threads_share_one_renewal() {
    let fixture = Arc::new(Fixture::new([OK]));
    fixture.set(|login| login.takes = super::MINUTE);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
    let callers: Vec<_> = (0..200)
        .map(|_| {
            let fixture = Arc::clone(&fixture);
            runtime.spawn(async move { fixture.token().await })
        })
        .collect();
    for token in join_all(callers).await {
        assert_eq!(token.unwrap().unwrap(), "token-1");
    }
    assert_eq!(fixture.fetches(), 1);
    runtime.shutdown_background();
}

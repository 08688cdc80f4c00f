//! Callers that give up in the middle of a renewal: nothing is stuck, nothing is lost.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::provider::Credential;
use connectors_core::{ErrorKind, RequestOptions};
use futures_util::future::join_all;

use super::store::Vault;
use super::{Fixture, HOUR, MINUTE, SECOND};
use crate::cancellation::polled;
use crate::common::{OK, READ};

/// Gives up after each poll in turn; `prepare` brings the token into the state in which it has to be renewed.
async fn at_each_poll<P: Future<Output = ()>>(prepare: impl Fn(Arc<Fixture>) -> P, wanted: &str, sent: &[&str]) {
    for polls in 1.. {
        let vault = Arc::new(Vault::default());
        let fixture = Arc::new(Fixture::with_store([OK], |script| Some(vault.beside(script))));
        prepare(Arc::clone(&fixture)).await;
        let given_up = polled(fixture.token(), polls).await.is_none();
        // Beyond the pause between early renewals.
        fixture.advance(SECOND * 10);
        assert_eq!(fixture.token().await.unwrap(), wanted, "given up after {polls} polls");
        assert_eq!(fixture.refresh_tokens_sent(), sent, "given up after {polls} polls");
        assert_eq!(vault.token().as_deref(), Some(wanted));
        if !given_up {
            assert!(polls > 3, "there are waits to give up in");
            return;
        }
    }
}

#[tokio::test]
async fn a_first_fetch_that_its_caller_leaves_is_ended_by_the_next_one() {
    at_each_poll(|_| async {}, "token-1", &["login"]).await;
}

#[tokio::test]
async fn a_late_renewal_that_its_caller_leaves_is_ended_by_the_next_one() {
    let expired = |fixture: Arc<Fixture>| async move {
        fixture.token().await.unwrap();
        fixture.advance(HOUR);
    };
    at_each_poll(expired, "token-2", &["login", "refresh-1"]).await;
    let rejected = |fixture: Arc<Fixture>| async move {
        let seen = fixture.credential.headers().await.unwrap();
        assert!(polled(fixture.credential.rejected(&seen), 1).await.is_none());
    };
    at_each_poll(rejected, "token-2", &["login", "refresh-1"]).await;
}

#[tokio::test]
async fn an_early_renewal_that_its_caller_leaves_is_ended_by_the_next_one() {
    let ageing = |fixture: Arc<Fixture>| async move {
        fixture.token().await.unwrap();
        fixture.advance_to(MINUTE);
    };
    at_each_poll(ageing, "token-2", &["login", "refresh-1"]).await;
}

#[tokio::test]
async fn those_who_wait_go_on_when_the_one_who_renews_gives_up() {
    let fixture = Fixture::new([OK]);
    let mut first = Box::pin(fixture.token());
    assert!(futures_util::poll!(&mut first).is_pending());
    let waiting = join_all((0..100).map(|_| fixture.token()));
    let give_up = async { drop(first) };
    let (tokens, ()) = futures_util::future::join(waiting, give_up).await;
    assert!(tokens.into_iter().all(|token| token.unwrap() == "token-1"));
    assert_eq!(fixture.fetches(), 1);
}

#[tokio::test]
async fn a_call_that_gives_up_while_it_renews_early_holds_nobody_up() {
    let fixture = Fixture::new([OK]);
    fixture.token().await.unwrap();
    fixture.advance_to(MINUTE);
    let mut hurry = RequestOptions::default();
    hurry.timeout = Some(SECOND / 2);
    let call = fixture.bench.core.call(&READ).path("id", 1).options(hurry);
    assert_eq!(call.send_bytes().await.unwrap_err().kind(), ErrorKind::Timeout);
    let (token, took) = fixture.timed_token().await;
    assert_eq!((token.unwrap().as_str(), took), ("token-1", Duration::ZERO));
}

#[tokio::test]
async fn a_fetch_that_failed_while_nobody_waited_is_nobodys_failure() {
    let fixture = Fixture::new([OK]);
    fixture.fail_next(ErrorKind::Interrupted);
    assert!(polled(fixture.token(), 1).await.is_none());
    fixture.advance(HOUR);
    assert_eq!(fixture.token().await.unwrap(), "token-2");

    fixture.advance(HOUR);
    (0..2).for_each(|_| fixture.fail_next(ErrorKind::Interrupted));
    assert!(polled(fixture.token(), 1).await.is_none());
    assert_eq!(fixture.token().await.unwrap_err().kind(), ErrorKind::Interrupted, "the next one's own");
    assert_eq!(fixture.fetches(), 4);
}

#[tokio::test]
async fn a_fetch_that_never_ends_is_given_up_after_five_minutes() {
    let fixture = Fixture::new([OK]);
    fixture.set(|login| login.takes = HOUR * 24);
    let (outcome, took) = fixture.timed_token().await;
    assert_eq!((outcome.unwrap_err().kind(), took), (ErrorKind::Timeout, MINUTE * 5));

    assert!(polled(fixture.token(), 1).await.is_none());
    fixture.set(|login| (login.takes, login.rotated_to) = (SECOND, None));
    fixture.advance(MINUTE * 5);
    let (outcome, took) = fixture.timed_token().await;
    assert_eq!((outcome.unwrap().as_str(), took), ("token-3", SECOND), "a new one is begun in its place");
}

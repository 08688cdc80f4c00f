//! A token that will end soon: one call renews it, and nobody is the worse for it.

use std::time::Duration;

use connectors_core::provider::Credential;
use connectors_core::{Clock, ErrorKind};
use futures_util::future::{join, join_all};

use super::{Fixture, HOUR, MINUTE, SECOND};
use crate::common::{OK, READ, status};

/// With a token that has so long left to live.
async fn with_left(left: Duration) -> Fixture {
    let fixture = Fixture::new([OK]);
    fixture.token().await.unwrap();
    fixture.advance_to(left);
    fixture
}

#[tokio::test]
async fn a_token_is_renewed_when_five_minutes_or_a_tenth_of_its_time_is_left() {
    for (lifetime, left) in [(HOUR * 24, MINUTE * 5), (HOUR, MINUTE * 5), (MINUTE * 10, MINUTE), (MINUTE, SECOND * 6)] {
        let fixture = Fixture::new([OK]);
        fixture.set(|login| (login.lifetime, login.takes) = (Some(lifetime), Duration::ZERO));
        fixture.token().await.unwrap();
        fixture.advance(lifetime.saturating_sub(left + Duration::from_millis(1)));
        assert_eq!(fixture.token().await.unwrap(), "token-1", "{lifetime:?}");
        fixture.advance(Duration::from_millis(1));
        assert_eq!(fixture.token().await.unwrap(), "token-2", "{lifetime:?}");
    }
}

#[tokio::test]
async fn one_call_renews_and_the_others_go_on_without_waiting() {
    let fixture = with_left(MINUTE).await;
    let mut outcomes = join_all((0..1000).map(|_| fixture.timed_token())).await;
    let (token, took) = outcomes.remove(0);
    assert_eq!((token.unwrap().as_str(), took), ("token-2", SECOND));
    assert!(outcomes.into_iter().all(|(token, took)| token.unwrap() == "token-1" && took.is_zero()));
    assert_eq!(fixture.timed_token().await.0.unwrap(), "token-2");
    assert_eq!(fixture.fetches(), 2);
}

#[tokio::test]
async fn a_renewal_that_fails_leaves_the_valid_token_to_the_call_that_tried() {
    let fixture = with_left(MINUTE).await;
    fixture.fail_next(ErrorKind::Server);
    fixture.call(&READ).await.unwrap();
    assert_eq!((fixture.tokens_sent(), fixture.fetches()), (vec!["token-1".to_owned()], 2));
}

#[tokio::test]
async fn after_a_failure_the_next_one_begins_ten_seconds_after_the_last() {
    let fixture = with_left(MINUTE).await;
    (0..2).for_each(|_| fixture.fail_next(ErrorKind::Server));
    let begun = fixture.elapsed();
    let mut attempts = vec![];
    while fixture.elapsed() < begun + SECOND * 25 {
        let before = fixture.fetches();
        let at = fixture.elapsed().saturating_sub(begun);
        fixture.token().await.unwrap();
        attempts.extend((fixture.fetches() > before).then_some(at));
        fixture.advance(SECOND);
    }
    assert_eq!(attempts, [Duration::ZERO, SECOND * 10, SECOND * 20]);
    assert_eq!(fixture.token().await.unwrap(), "token-4");
}

#[tokio::test]
async fn once_the_token_has_ended_or_was_rejected_no_pause_holds_its_renewal_back() {
    let ended = with_left(SECOND * 2).await;
    ended.fail_next(ErrorKind::Server);
    assert_eq!(ended.token().await.unwrap(), "token-1");
    ended.advance(SECOND);
    assert_eq!(ended.token().await.unwrap(), "token-3");

    let rejected = with_left(MINUTE).await;
    rejected.fail_next(ErrorKind::Server);
    let seen = rejected.credential.headers().await.unwrap();
    assert!(rejected.credential.rejected(&seen).await.unwrap());
    assert_eq!(rejected.token().await.unwrap(), "token-3");
}

#[tokio::test]
async fn a_renewal_that_hangs_holds_its_call_up_for_two_seconds_and_is_not_lost() {
    let fixture = with_left(MINUTE).await;
    fixture.set(|login| login.takes = SECOND * 20);
    let (token, took) = fixture.timed_token().await;
    assert_eq!((token.unwrap().as_str(), took), ("token-1", SECOND * 2));
    fixture.advance(SECOND * 18);
    assert_eq!(fixture.token().await.unwrap(), "token-2");
    assert_eq!(fixture.refresh_tokens_sent(), ["login", "refresh-1"], "refreshed once");
}

#[tokio::test]
async fn a_token_that_ends_while_it_is_renewed_early_is_waited_for() {
    let fixture = with_left(SECOND).await;
    fixture.set(|login| login.takes = SECOND * 3);
    let later = async {
        fixture.bench.clock.sleep(SECOND * 2).await;
        fixture.timed_token().await
    };
    let (early, (late, took)) = join(fixture.timed_token(), later).await;
    assert_eq!((early.0.unwrap().as_str(), early.1), ("token-2", SECOND * 3));
    assert_eq!((late.unwrap().as_str(), took), ("token-2", SECOND));
    assert_eq!(fixture.fetches(), 2);
}

#[tokio::test]
async fn a_rejected_token_is_not_gone_on_with() {
    let fixture = Fixture::new([OK, status(401), OK]);
    fixture.call(&READ).await.unwrap();
    fixture.advance_to(MINUTE);
    fixture.fail_next(ErrorKind::Server);
    assert_eq!(fixture.call(&READ).await.unwrap(), 2);
    assert_eq!(fixture.tokens_sent(), ["token-1", "token-1", "token-3"]);
}

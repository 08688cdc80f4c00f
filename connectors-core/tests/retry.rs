//! The retry rule, cell by cell: what is repeated depends on what the operation is and on what may have happened.

#![allow(clippy::unwrap_used, reason = "also the helpers of the tests are tests")]

mod common;

use std::ops::RangeInclusive;
use std::time::Duration;

use common::{Bench, CREATE, OK, PUT, READ, Script, Step, UPSERT, bench, status};
use connectors_core::provider::Operation;
use connectors_core::{Error, ErrorKind, RequestOptions, RetryPolicy, TransportErrorKind as T};

/// What happens to a request; the requests that a call sends when it goes on happening, as a read, an idempotent
/// write, a keyed write and a create; what the call waits for before the second one; the error it ends with, and
/// whether a write then may have been applied.
type Rule = (Step, [usize; 4], Wait, ErrorKind, Doubt);

#[derive(Debug, Clone, Copy)]
enum Wait {
    /// A random time up to the base delay.
    Backoff,
    /// What the provider asks for, in seconds.
    Asked(u64),
    /// There is no second request.
    None,
}

impl Wait {
    fn range(self) -> RangeInclusive<Duration> {
        match self {
            Self::Backoff => Duration::ZERO..=Duration::from_millis(250),
            Self::Asked(seconds) => Duration::from_secs(seconds)..=Duration::from_secs(seconds),
            Self::None => Duration::MAX..=Duration::MAX,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Doubt {
    /// It certainly was not applied.
    No,
    /// Nobody knows whether it was.
    Yes,
}

/// A certain failure is repeated by all, one that leaves a doubt by all but a create, a lasting one by nobody.
const ALL: [usize; 4] = [4, 4, 4, 4];
const NOT_CREATES: [usize; 4] = [4, 4, 4, 1];
const NONE: [usize; 4] = [1, 1, 1, 1];

const fn throttled(headers: &'static [(&'static str, &'static str)]) -> Step {
    Step::Answer(429, headers, "{}")
}

const fn lost(kind: T, sent: bool) -> Step {
    Step::Break(kind, sent)
}

/// The clock of these tests shows Monday, 2 March 2026, 09:00:00 UTC.
const IN_SEVEN_SECONDS: &[(&str, &str)] = &[("retry-after", "Mon, 02 Mar 2026 09:00:07 GMT")];
const LONG_AGO: &[(&str, &str)] = &[("retry-after", "Thu, 01 Jan 2026 00:00:00 GMT")];
const HTML: &[(&str, &str)] = &[("content-type", "text/html")];
const PAGE: &str = "<html><title>Bad Gateway</title></html>";

#[rustfmt::skip]
const RULES: [Rule; 38] = [
    // below HTTP
    (lost(T::Connect, false),                           ALL,         Wait::Backoff,   ErrorKind::Connect,          Doubt::No),
    (lost(T::Dns, false),                               ALL,         Wait::Backoff,   ErrorKind::Connect,          Doubt::No),
    (lost(T::Tls, false),                               NONE,        Wait::None,      ErrorKind::Connect,          Doubt::No),
    (lost(T::Closed, false),                            ALL,         Wait::Backoff,   ErrorKind::Interrupted,      Doubt::No),
    (lost(T::Closed, true),                             NOT_CREATES, Wait::Backoff,   ErrorKind::Interrupted,      Doubt::Yes),
    (lost(T::Other, true),                              NOT_CREATES, Wait::Backoff,   ErrorKind::Interrupted,      Doubt::Yes),
    (lost(T::BodyTooLarge, true),                       NONE,        Wait::None,      ErrorKind::BodyTooLarge,     Doubt::Yes),
    (Step::Hang,                                        NOT_CREATES, Wait::Backoff,   ErrorKind::Timeout,          Doubt::Yes),
    (Step::Truncate,                                    NOT_CREATES, Wait::Backoff,   ErrorKind::Interrupted,      Doubt::Yes),
    // by status
    (status(301),                                       NONE,        Wait::None,      ErrorKind::Config,           Doubt::No),
    (status(400),                                       NONE,        Wait::None,      ErrorKind::InvalidRequest,   Doubt::No),
    (status(401),                                       NONE,        Wait::None,      ErrorKind::Auth,             Doubt::No),
    (status(403),                                       NONE,        Wait::None,      ErrorKind::PermissionDenied, Doubt::No),
    (status(404),                                       NONE,        Wait::None,      ErrorKind::NotFound,         Doubt::No),
    (status(408),                                       NOT_CREATES, Wait::Backoff,   ErrorKind::Timeout,          Doubt::Yes),
    (status(409),                                       NONE,        Wait::None,      ErrorKind::Conflict,         Doubt::No),
    (status(410),                                       NONE,        Wait::None,      ErrorKind::NotFound,         Doubt::No),
    (status(422),                                       NONE,        Wait::None,      ErrorKind::InvalidRequest,   Doubt::No),
    (status(500),                                       NOT_CREATES, Wait::Backoff,   ErrorKind::Server,           Doubt::Yes),
    (status(501),                                       NONE,        Wait::None,      ErrorKind::Server,           Doubt::No),
    (status(502),                                       NOT_CREATES, Wait::Backoff,   ErrorKind::Server,           Doubt::Yes),
    (status(503),                                       NOT_CREATES, Wait::Backoff,   ErrorKind::Server,           Doubt::Yes),
    (status(504),                                       NOT_CREATES, Wait::Backoff,   ErrorKind::Server,           Doubt::Yes),
    // by Retry-After: nonsense counts as absent, and what is too long is not waited for
    (throttled(&[]),                                    ALL,         Wait::Backoff,   ErrorKind::RateLimited,      Doubt::No),
    (throttled(&[("retry-after", "7")]),                ALL,         Wait::Asked(7),  ErrorKind::RateLimited,      Doubt::No),
    (throttled(IN_SEVEN_SECONDS),                       ALL,         Wait::Asked(7),  ErrorKind::RateLimited,      Doubt::No),
    (throttled(LONG_AGO),                               ALL,         Wait::Backoff,   ErrorKind::RateLimited,      Doubt::No),
    (throttled(&[("retry-after", "0")]),                ALL,         Wait::Backoff,   ErrorKind::RateLimited,      Doubt::No),
    (throttled(&[("retry-after", "-5")]),               ALL,         Wait::Backoff,   ErrorKind::RateLimited,      Doubt::No),
    (throttled(&[("retry-after", "86400")]),            NONE,        Wait::None,      ErrorKind::RateLimited,      Doubt::No),
    (throttled(&[("retry-after", "1e300")]),            ALL,         Wait::Backoff,   ErrorKind::RateLimited,      Doubt::No),
    (Step::Answer(503, &[("retry-after", "7")], "{}"),  NOT_CREATES, Wait::Asked(7),  ErrorKind::Server,           Doubt::Yes),
    // by what the body is, whatever the status says
    (Step::Answer(502, HTML, PAGE),                     NOT_CREATES, Wait::Backoff,   ErrorKind::Server,           Doubt::Yes),
    (Step::Answer(200, HTML, PAGE),                     NOT_CREATES, Wait::Backoff,   ErrorKind::Server,           Doubt::Yes),
    (Step::Answer(500, &[], ""),                        NOT_CREATES, Wait::Backoff,   ErrorKind::Server,           Doubt::Yes),
    (Step::Answer(200, &[], ""),                        NONE,        Wait::None,      ErrorKind::Decode,           Doubt::Yes),
    (Step::Answer(429, &[], r#"{"code":"never"}"#),     NONE,        Wait::None,      ErrorKind::QuotaExhausted,   Doubt::No),
    (Step::Answer(200, &[], r#"{"code":"again"}"#),     ALL,         Wait::Backoff,   ErrorKind::Server,           Doubt::No),
];

const OPERATIONS: [&Operation; 4] = [&READ, &PUT, &UPSERT, &CREATE];

async fn call(bench: &Bench, operation: &'static Operation) -> Result<(), Error> {
    bench.core.call(operation).path("id", 1).send::<serde_json::Value>().await.map(drop)
}

#[tokio::test]
async fn a_failure_that_passes_is_repeated_once_exactly_where_that_is_safe() {
    for (failure, requests, wait, ..) in RULES {
        for (operation, requests) in OPERATIONS.into_iter().zip(requests) {
            let script = Script::new([failure, OK]);
            let bench = bench(&script, None);
            let outcome = call(&bench, operation).await;
            let cell = format!("{failure:?} × {}: {outcome:?}", operation.name);
            assert_eq!((outcome.is_ok(), script.requests()), (requests > 1, requests.min(2)), "{cell}");
            let waits = bench.waits.0.lock().unwrap().clone();
            assert!(
                waits.len() == requests.min(2) - 1 && waits.iter().all(|w| wait.range().contains(w)),
                "{cell}: {waits:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_failure_that_lasts_ends_at_the_attempt_limit_and_says_what_it_leaves_in_doubt() {
    for (failure, requests, _, kind, doubt) in RULES {
        for (operation, requests) in OPERATIONS.into_iter().zip(requests) {
            let script = Script::new([failure]);
            let error = call(&bench(&script, None), operation).await.unwrap_err();
            let cell = format!("{failure:?} × {}: {error:?}", operation.name);
            assert_eq!((error.kind(), script.requests()), (kind, requests), "{cell}");
            let maybe_applied = doubt == Doubt::Yes && operation.name != "read";
            assert_eq!(error.maybe_applied(), maybe_applied, "{cell}");
            assert!(!(maybe_applied && error.is_retryable()), "{cell}");
            assert_eq!((error.attempts() as usize, error.operation()), (requests, operation.name), "{cell}");
            assert!(error.elapsed() <= Duration::from_secs(120), "{cell}");
        }
    }
}

#[tokio::test]
async fn a_lasting_failure_ends_at_the_attempt_limit_with_growing_waits() {
    let script = Script::new([status(503)]);
    let bench = bench(&script, None);
    let error = call(&bench, &READ).await.unwrap_err();
    assert_eq!((script.requests(), error.attempts(), error.kind()), (4, 4, ErrorKind::Server));
    let waits = bench.waits.0.lock().unwrap().clone();
    let caps = [250, 500, 1000].map(Duration::from_millis);
    assert!(waits.len() == 3 && waits.iter().zip(caps).all(|(wait, cap)| *wait <= cap), "{waits:?}");
    assert_eq!(error.elapsed(), waits.iter().sum());
}

#[tokio::test]
async fn retry_after_is_waited_for_and_a_longer_one_than_allowed_fails_at_once_and_is_told() {
    let script = Script::new([throttled(&[("retry-after", "7")]), OK]);
    let bench1 = bench(&script, None);
    call(&bench1, &CREATE).await.unwrap();
    assert!(bench1.clock.elapsed() >= Duration::from_secs(7), "{:?}", bench1.clock.elapsed());

    let bench2 = bench(&Script::new([throttled(&[("retry-after", "86400")])]), None);
    let error = call(&bench2, &READ).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(86_400)));
    assert_eq!(bench2.clock.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn no_wait_outlives_the_deadline() {
    let script = Script::new([throttled(&[("retry-after", "50")])]);
    let bench = bench(&script, None);
    let mut options = RequestOptions::default();
    options.timeout = Some(Duration::from_secs(120));
    options.retry = Some(RetryPolicy::default().attempts(100));
    let error = bench.core.call(&READ).path("id", 1).options(options).send_bytes().await.unwrap_err();
    assert_eq!((error.kind(), script.requests()), (ErrorKind::RateLimited, 3));
    assert!(error.elapsed() <= Duration::from_secs(120));
}

#[tokio::test]
async fn a_hanging_provider_is_left_at_the_request_deadline_and_the_call_deadline() {
    let bench = bench(&Script::new([Step::Hang]), None);
    let error = call(&bench, &READ).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(bench.clock.elapsed() <= Duration::from_secs(120), "{:?}", bench.clock.elapsed());
}

#[tokio::test]
async fn a_pending_answer_is_polled_and_ends_in_an_error_that_says_how_to_go_on() {
    let ready = Script::new([status(202), status(202), OK]);
    let bench1 = bench(&ready, None);
    let answer = bench1.core.call(&READ).path("id", 1).send::<serde_json::Value>().await.unwrap();
    assert_eq!((answer.meta().attempts, answer.meta().polls), (3, 2));

    let never = bench(&Script::new([status(202)]), None);
    let error = call(&never, &READ).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Pending);
    assert!(error.is_retryable() && error.hint().is_some(), "{error}");
}

#[tokio::test]
async fn a_lasting_outage_of_half_the_requests_costs_at_most_a_fifth_more_of_them() {
    let mut chance = fastrand::Rng::with_seed(7);
    let script = Script::new((0..4000).map(|_| if chance.bool() { status(500) } else { OK }));
    let bench = bench(&script, None);
    for _ in 0..1000 {
        let _ = call(&bench, &READ).await;
    }
    assert!(script.requests() <= 1200, "{} requests for 1000 calls", script.requests());
}

#[tokio::test]
async fn without_budget_nothing_is_repeated_until_successes_have_paid_for_it() {
    // 25 calls of 3 retries each would be 75; the budget holds 50.
    let outage = std::iter::repeat_n(status(503), 25 + 50);
    let recovery = std::iter::repeat_n(OK, 10).chain([status(503), OK, status(503), OK]);
    let script = Script::new(outage.chain(recovery));
    let bench = bench(&script, None);
    let mut last = Ok(());
    for _ in 0..25 {
        last = call(&bench, &READ).await;
    }
    assert_eq!((script.requests(), last.unwrap_err().hint()), (75, Some(EXHAUSTED)));
    for _ in 0..10 {
        call(&bench, &READ).await.unwrap();
    }
    call(&bench, &READ).await.unwrap();
    assert_eq!(call(&bench, &READ).await.unwrap_err().hint(), Some(EXHAUSTED), "ten successes pay for one retry");
}

#[tokio::test]
async fn a_call_that_is_given_up_while_it_waits_takes_nothing_from_the_budget() {
    let script = Script::new(std::iter::repeat_n(status(503), 61).chain([OK]));
    let bench = bench(&script, None);
    for _ in 0..60 {
        let mut call = Box::pin(call(&bench, &READ));
        assert!(futures_util::poll!(&mut call).is_pending(), "it waits for its second request");
    }
    assert_eq!(script.requests(), 60);
    call(&bench, &READ).await.unwrap();
}

const EXHAUSTED: &str = "not repeated: too many calls of this client fail, the retry budget is used up";

#[tokio::test]
async fn an_answer_to_a_create_that_cannot_be_read_may_have_been_applied() {
    let bench = bench(&Script::new([Step::Answer(200, &[], r#"{"id":"#)]), None);
    let error = call(&bench, &CREATE).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Decode, true));
    let error = call(&bench, &READ).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Decode, false));
}

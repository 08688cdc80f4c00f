//! The retry rule, cell by cell: what is repeated depends on what the operation is and on what may have happened.

#![allow(clippy::unwrap_used, reason = "also the helpers of the tests are tests")]

mod common;

use std::time::Duration;

use common::{Bench, CREATE, OK, PUT, READ, Script, Step, UPSERT, bench, status};
use connectors_core::provider::{Operation, RetryBudget};
use connectors_core::{Error, ErrorKind, RetryPolicy, TransportErrorKind as T};

/// What happens at first; what then comes of a call that may be repeated, and of a create.
struct Rule {
    first: Step,
    kind: ErrorKind,
    repeated: Repeated,
}

#[derive(PartialEq)]
enum Repeated {
    /// It certainly did not run: everything is repeated.
    Always,
    /// Nobody knows whether it ran: a create is not repeated.
    UnlessOnce,
    /// It will not get better.
    Never,
}

const HTML: Step = Step::Answer(502, &[("content-type", "text/html")], "<html><title>Bad Gateway</title></html>");
const EMPTY: Step = Step::Answer(500, &[], "");
const HTML_SUCCESS: Step = Step::Answer(200, &[("content-type", "text/html")], "<html></html>");

fn throttled(after: &'static [(&'static str, &'static str)]) -> Step {
    Step::Answer(429, after, "{}")
}

fn rules() -> Vec<Rule> {
    use Repeated::{Always, Never, UnlessOnce};
    [
        (Step::Break(T::Connect, false), ErrorKind::Connect, Always),
        (Step::Break(T::Dns, false), ErrorKind::Connect, Always),
        (Step::Break(T::Tls, false), ErrorKind::Connect, Never),
        (Step::Break(T::Closed, false), ErrorKind::Interrupted, Always),
        (Step::Break(T::Closed, true), ErrorKind::Interrupted, UnlessOnce),
        (Step::Hang, ErrorKind::Timeout, UnlessOnce),
        (Step::Truncate, ErrorKind::Interrupted, UnlessOnce),
        (status(408), ErrorKind::Timeout, UnlessOnce),
        (throttled(&[]), ErrorKind::RateLimited, Always),
        (throttled(&[("retry-after", "7")]), ErrorKind::RateLimited, Always),
        (throttled(&[("retry-after", "0")]), ErrorKind::RateLimited, Always),
        (throttled(&[("retry-after", "-5")]), ErrorKind::RateLimited, Always),
        (throttled(&[("retry-after", "86400")]), ErrorKind::RateLimited, Never),
        (status(500), ErrorKind::Server, UnlessOnce),
        (status(502), ErrorKind::Server, UnlessOnce),
        (status(503), ErrorKind::Server, UnlessOnce),
        (status(504), ErrorKind::Server, UnlessOnce),
        (HTML, ErrorKind::Server, UnlessOnce),
        (HTML_SUCCESS, ErrorKind::Server, UnlessOnce),
        (EMPTY, ErrorKind::Server, UnlessOnce),
        (Step::Answer(429, &[], r#"{"code":"never"}"#), ErrorKind::QuotaExhausted, Never),
        (Step::Answer(200, &[], r#"{"code":"again"}"#), ErrorKind::Server, Always),
        (status(400), ErrorKind::InvalidRequest, Never),
        (status(403), ErrorKind::PermissionDenied, Never),
        (status(404), ErrorKind::NotFound, Never),
        (status(409), ErrorKind::Conflict, Never),
        (status(301), ErrorKind::Config, Never),
        (status(501), ErrorKind::Server, Never),
    ]
    .map(|(first, kind, repeated)| Rule { first, kind, repeated })
    .into()
}

async fn call(bench: &Bench, operation: &'static Operation) -> Result<(), Error> {
    bench.core.call(operation).path("id", 1).send::<serde_json::Value>().await.map(drop)
}

#[tokio::test]
async fn each_failure_is_repeated_exactly_where_that_is_safe() {
    for Rule { first, kind, repeated } in rules() {
        for operation in [&READ, &PUT, &UPSERT, &CREATE] {
            let script = Script::new([first, OK]);
            let outcome = call(&bench(&script, None), operation).await;
            let once = operation.name == "create";
            let again = repeated == Repeated::Always || (repeated == Repeated::UnlessOnce && !once);
            let cell = format!("{first:?} × {}", operation.name);
            assert_eq!(script.requests(), 1 + usize::from(again), "{cell}");
            assert_eq!(outcome.is_ok(), again, "{cell}: {outcome:?}");
            if let Err(error) = outcome {
                let maybe = repeated == Repeated::UnlessOnce && operation.name != "read";
                assert_eq!((error.kind(), error.maybe_applied()), (kind, maybe), "{cell}: {error:?}");
                assert_eq!((error.attempts(), error.operation()), (1, operation.name), "{cell}");
            }
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
    let mut options = connectors_core::RequestOptions::default();
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
async fn an_outage_of_every_second_request_costs_at_most_a_fifth_more_requests() {
    let script = Script::new((0..4000).map(|n| if n % 2 == 0 { status(500) } else { OK }));
    let bench = bench(&script, None);
    for _ in 0..1000 {
        let _ = call(&bench, &READ).await;
    }
    assert!(script.requests() <= 1200, "{} requests for 1000 calls", script.requests());
}

#[tokio::test]
async fn the_budget_refills_with_successes() {
    let budget = RetryBudget::new();
    while budget.withdraw() {}
    (0..9).for_each(|_| budget.deposit());
    assert!(!budget.withdraw(), "nine successes do not pay for a retry");
    (0..2).for_each(|_| budget.deposit());
    assert!(budget.withdraw());
}

#[tokio::test]
async fn an_answer_to_a_create_that_cannot_be_read_may_have_been_applied() {
    let bench = bench(&Script::new([Step::Answer(200, &[], r#"{"id":"#)]), None);
    let error = call(&bench, &CREATE).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Decode, true));
    let error = call(&bench, &READ).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Decode, false));
}

#[tokio::test]
async fn paths_are_refused_before_anything_is_sent() {
    let script = Script::new([OK]);
    let bench = bench(&script, None);
    for id in ["", " ", "..", "../admin", "a/b", "a\nb", "a?b", "a#b"] {
        let error = bench.core.call(&READ).path("id", id).send_bytes().await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("id")), "{id:?}");
    }
    let missing = bench.core.call(&READ).send_bytes().await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::InvalidRequest);
    for path in ["things", "//evil.example/x", "/../x", "/a/%2e%2e/b", "/a#b", "/a?b=#c"] {
        let error = bench.core.request(&http::Method::GET, path).send_bytes().await.unwrap_err();
        assert_eq!(error.field(), Some("path"), "{path}");
    }
    assert_eq!(script.requests(), 0);
    bench.core.call(&READ).path("id", "venue:5f0c é").query("q[]", "a&b=c d").send_bytes().await.unwrap();
    let sent = script.sent.lock().unwrap();
    assert_eq!(sent[0].uri(), "https://scripted.example/v1/things/venue:5f0c%20%C3%A9?q%5B%5D=a%26b%3Dc%20d");
}

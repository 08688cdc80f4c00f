//! What those who watch a client see of its calls.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors_core::provider::{ApiKey, CacheKey, Credential, Fetched, Token, TokenCredential, TokenSource};
use connectors_core::{CachePolicy, Error, Event, Observer, RateLimits, RequestOptions, Result, TransportErrorKind};
use http::header;
use secrecy::SecretString;

use crate::capture;
use crate::common::{Bench, CREATE, OK, READ, Script, Step, UPSERT, bench, bench_with, status};

/// Writes down every event, times left out, and adds up the waits.
#[derive(Debug, Default)]
struct Journal {
    lines: Mutex<Vec<String>>,
    /// Used, limit and length of the fullest window, after each attempt.
    rates: Mutex<Vec<(u64, u32, Duration)>>,
    waited: Mutex<Duration>,
    elapsed: Mutex<Duration>,
}

impl Observer for Journal {
    fn on_event(&self, event: &Event<'_>) {
        let line = match event {
            Event::Attempt { operation, number, status, rate, .. } => {
                self.rates.lock().unwrap().push((rate.used, rate.limit, rate.per));
                let outcome = status.map_or("failed".to_owned(), |status| status.as_u16().to_string());
                format!("{} {number}: {outcome}", operation.name)
            }
            Event::Wait { reason, duration, .. } => {
                *self.waited.lock().unwrap() += *duration;
                format!("wait: {reason:?}")
            }
            Event::Throttled { retry_after, .. } => format!("throttled: {retry_after:?}"),
            Event::Authenticated { .. } => "authenticated".to_owned(),
            Event::Cache { provider, resource, outcome, stats, .. } => {
                format!("{provider} {resource}: {outcome:?}, {:.0}% hits", 100.0 * stats.hit_ratio())
            }
            Event::Finished { operation, attempts, elapsed, error, .. } => {
                *self.elapsed.lock().unwrap() = *elapsed;
                let outcome = error.map_or("ok", |error| error.kind().as_str());
                format!("{} finished after {attempts}: {outcome}", operation.name)
            }
            other => format!("{other:?}"),
        };
        self.lines.lock().unwrap().push(line);
    }
}

#[derive(Debug)]
struct Login;

#[async_trait::async_trait]
impl TokenSource for Login {
    async fn fetch(&self, _: Option<&Token>) -> Result<Token> {
        Ok(Token::new(vec![(header::AUTHORIZATION, SecretString::from("t"))], None))
    }
}

fn watched(
    steps: impl IntoIterator<Item = Step>,
    limits: RateLimits,
    login: impl FnOnce(&Bench) -> Option<Arc<dyn Credential>>,
) -> (Bench, Arc<Journal>) {
    let script = Script::new(steps);
    let journal = Arc::new(Journal::default());
    let credential = login(&bench(&script, None));
    let bench = bench_with(&script, credential, |options| {
        options.observer = Some(Arc::clone(&journal) as Arc<dyn Observer>);
        options.limits = Some(limits);
    });
    (bench, journal)
}

#[tokio::test]
async fn a_repeated_call_is_told_from_its_first_request_to_its_end() {
    let limits = RateLimits::none().window("*", 1, Duration::from_secs(10));
    let (bench, journal) = watched([status(503), OK], limits, |_| None);
    bench.core.call(&READ).path("id", 1).send_bytes().await.unwrap();
    let told = ["read 1: 503", "wait: Backoff", "wait: Quota", "read 2: 200", "read finished after 2: ok"];
    assert_eq!(*journal.lines.lock().unwrap(), told);
    let (waited, elapsed) = (*journal.waited.lock().unwrap(), *journal.elapsed.lock().unwrap());
    assert_eq!(
        (waited, elapsed),
        (Duration::from_secs(10), Duration::from_secs(10)),
        "the waits are all the time there was"
    );
}

#[tokio::test]
async fn each_attempt_tells_how_much_of_the_quota_is_used() {
    let limits = RateLimits::none().window("*", 5, Duration::from_secs(60));
    let (bench, journal) = watched([OK, OK], limits, |_| None);
    for _ in 0..2 {
        bench.core.call(&READ).path("id", 1).send_bytes().await.unwrap();
    }
    let minute = Duration::from_secs(60);
    assert_eq!(*journal.rates.lock().unwrap(), [(1, 5, minute), (2, 5, minute)]);
}

#[tokio::test]
async fn each_reason_to_wait_is_told_apart() {
    let throttled = Step::Answer(429, &[("retry-after", "7")], "{}");
    let (bench, journal) = watched([throttled, status(202), status(401), OK], RateLimits::none(), |bench| {
        Some(Arc::new(TokenCredential::new(Login, Arc::new(bench.clock.clone()))))
    });
    bench.core.call(&UPSERT).path("id", 1).send_bytes().await.unwrap();
    let told = [
        "authenticated",
        "upsert 1: 429",
        "throttled: Some(7s)",
        "wait: RetryAfter",
        "upsert 2: 202",
        "wait: Poll",
        "upsert 3: 401",
        "authenticated",
        "upsert 4: 200",
        "upsert finished after 4: ok",
    ];
    assert_eq!(*journal.lines.lock().unwrap(), told);
}

#[tokio::test]
async fn a_failed_call_ends_with_its_error_and_a_refused_one_is_never_begun() {
    let (bench, journal) = watched([Step::Break(TransportErrorKind::Closed, true)], RateLimits::none(), |_| None);
    bench.core.call(&CREATE).path("id", 1).send_bytes().await.unwrap_err();
    bench.core.call(&CREATE).path("id", "../1").send_bytes().await.unwrap_err();
    let told = ["create 1: failed", "create finished after 1: connection interrupted"];
    assert_eq!(*journal.lines.lock().unwrap(), told);
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_a_failed_call() {
    let (bench, journal) = watched([OK], RateLimits::none(), |_| None);
    bench.core.call(&READ).path("id", 1).send::<Vec<u8>>().await.unwrap_err();
    assert_eq!(*journal.lines.lock().unwrap(), ["read 1: 200", "read finished after 1: unexpected answer"]);
}

#[tokio::test]
async fn a_wait_for_an_earlier_write_is_told_and_a_free_turn_is_not() {
    let (bench, journal) = watched([Step::Hang, OK], RateLimits::none(), |_| None);
    let write = || bench.core.call(&CREATE).path("id", 1).lock("things/1").send_bytes();
    let (first, second) = futures_util::join!(write(), write());
    assert!(first.is_err() && second.is_ok());
    let told = [
        "create 1: failed",
        "create finished after 1: timed out",
        "wait: Turn",
        "create 1: 200",
        "create finished after 1: ok",
    ];
    assert_eq!(*journal.lines.lock().unwrap(), told);
    assert_eq!(*journal.waited.lock().unwrap(), Duration::from_secs(30));
}

#[tokio::test]
async fn the_cache_tells_where_a_value_comes_from_and_how_often_it_had_one() {
    let (bench, journal) = watched([OK], RateLimits::none(), |_| None);
    let (core, far) = (&bench.core, bench.core.deadline(&RequestOptions::default()));
    for policy in [CachePolicy::Use, CachePolicy::Use, CachePolicy::Refresh, CachePolicy::Use, CachePolicy::Bypass] {
        let fetch = async { Ok::<_, Error>(Fetched { value: 7, bytes: 1, ttl: Duration::from_secs(60) }) };
        core.cache().get_or_fetch(CacheKey::new(1, "sheet/1", b"secret"), policy, far, fetch).await.unwrap();
    }
    let told = [("Miss", "0%"), ("Hit", "50%"), ("Miss", "33%"), ("Hit", "50%"), ("Bypassed", "50%")];
    let told = told.map(|(outcome, hits)| format!("scripted sheet/1: {outcome}, {hits} hits"));
    assert_eq!(*journal.lines.lock().unwrap(), told);
}

#[tokio::test]
async fn an_answer_says_how_the_quota_stands() {
    let limits = RateLimits::none().window("*", 5, Duration::from_secs(60));
    let (bench, _) = watched([OK], limits, |_| None);
    for used in 1..=2 {
        let answer = bench.core.call(&READ).path("id", 1).send_bytes().await.unwrap();
        let rate = answer.meta().rate.clone().unwrap();
        assert_eq!((rate.used, rate.limit, rate.in_flight), (used, 5, 0));
    }
}

#[tokio::test]
async fn a_span_says_what_was_called_and_what_came_of_it() {
    capture::start();
    let key = ApiKey::bearer("key", &SecretString::from("k")).unwrap();
    let bench = bench(&Script::new([status(503), OK, status(404)]), Some(Arc::new(key)));
    bench.core.call(&READ).path("id", 1).send_bytes().await.unwrap();
    bench.core.call(&READ).path("id", 1).send_bytes().await.unwrap_err();
    let text = capture::printed();
    let closed: Vec<_> = text.lines().filter(|line| line.contains(" close ")).collect();
    let [good, bad] = closed[..] else { panic!("two calls are two spans:\n{text}") };
    for line in [good, bad] {
        for field in [
            "connectors.call{",
            r#"otel.name="read""#,
            r#"otel.kind="client""#,
            r#"connectors.provider="scripted""#,
            r#"http.request.method="POST""#,
            r#"url.template="/things/{id}""#,
        ] {
            assert!(line.contains(field), "{field} is missing:\n{line}");
        }
    }
    assert!(good.contains("http.request.resend_count=1"), "{good}");
    assert!(good.contains("http.response.status_code=200"), "{good}");
    assert!(!good.contains("error.type"), "{good}");
    assert!(bad.contains("http.request.resend_count=0"), "{bad}");
    assert!(bad.contains("http.response.status_code=404"), "{bad}");
    assert!(bad.contains(r#"error.type="not found""#), "{bad}");
}

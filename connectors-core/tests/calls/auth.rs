//! Credentials: what is sent, and how often a login is asked for.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use connectors_core::provider::{ApiKey, Credential, Operation, Token, TokenCredential, TokenSource};
use connectors_core::testing::VirtualClock;
use connectors_core::{Clock, Error, ErrorKind, Result, TransportErrorKind};
use futures_util::future::{join, join_all};
use http::{HeaderName, HeaderValue, header};
use secrecy::SecretString;

use crate::common::{Bench, CREATE, OK, READ, Script, Step, bench, bench_with, status};

const HOUR: Duration = Duration::from_secs(3600);
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Hands out `token-1`, `token-2` and so on, each after a second and good for an hour, or what is scripted.
#[derive(Debug, Clone)]
struct Login {
    clock: VirtualClock,
    fetches: Arc<AtomicU32>,
    failures: Arc<Mutex<VecDeque<Error>>>,
}

#[async_trait]
impl TokenSource for Login {
    async fn fetch(&self) -> Result<Token> {
        let number = self.fetches.fetch_add(1, Ordering::Relaxed) + 1;
        self.clock.sleep(Duration::from_secs(1)).await;
        if let Some(error) = self.failures.lock().unwrap().pop_front() {
            return Err(error);
        }
        let token = SecretString::from(format!("token-{number}"));
        Ok(Token::new(vec![(API_KEY, token)], Some(self.clock.now() + HOUR)))
    }
}

struct Fixture {
    script: Arc<Script>,
    bench: Bench,
    login: Login,
    credential: Arc<TokenCredential<Login>>,
}

impl Fixture {
    fn new(steps: impl IntoIterator<Item = Step>, failures: impl IntoIterator<Item = Error>) -> Self {
        let script = Script::new(steps);
        let clock = bench(&script, None).clock;
        let failures = Arc::new(Mutex::new(failures.into_iter().collect()));
        let login = Login { clock: clock.clone(), fetches: Arc::default(), failures };
        let credential = Arc::new(TokenCredential::new(login.clone(), Arc::new(clock)));
        let bench = bench(&script, Some(Arc::clone(&credential) as Arc<dyn Credential>));
        Self { script, bench, login, credential }
    }

    async fn call(&self, operation: &'static Operation) -> Result<u32> {
        let answer = self.bench.core.call(operation).path("id", 1).send_bytes().await?;
        Ok(answer.meta().attempts)
    }

    fn fetches(&self) -> u32 {
        self.login.fetches.load(Ordering::Relaxed)
    }

    fn tokens_sent(&self) -> Vec<String> {
        let sent = self.script.sent.lock().unwrap();
        sent.iter().map(|request| request.headers()[API_KEY].to_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_key_is_sent_as_the_provider_wants_it_and_marked_sensitive() {
    let key = SecretString::from(" s3cret\n");
    let bearer = ApiKey::bearer("key", &key).unwrap();
    let plain = ApiKey::header("key", API_KEY, &key).unwrap();
    for (credential, name, value) in [(bearer, header::AUTHORIZATION, "Bearer s3cret"), (plain, API_KEY, "s3cret")] {
        let script = Script::new([OK]);
        let bench = bench(&script, Some(Arc::new(credential)));
        bench.core.call(&READ).path("id", 1).send_bytes().await.unwrap();
        let sent = script.sent.lock().unwrap();
        assert_eq!(sent[0].headers()[&name], value);
        assert!(sent[0].headers()[&name].is_sensitive());
    }
}

#[test]
fn a_key_that_cannot_be_one_is_refused_by_the_name_of_its_setting() {
    for key in ["", "  ", "\n", "s3cret\nagain", "s3cret\r\nx-admin: 1", "s3cret\u{0}", "s3cret\u{7f}"] {
        let key = SecretString::from(key);
        for outcome in [ApiKey::bearer("api_key", &key), ApiKey::header("api_key", API_KEY, &key)] {
            let error = outcome.unwrap_err();
            assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("api_key")));
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
        }
    }
}

#[tokio::test]
async fn nothing_a_caller_adds_replaces_the_credential() {
    let key = ApiKey::header("key", API_KEY, &SecretString::from("ours")).unwrap();
    let script = Script::new([OK]);
    let bench = bench_with(&script, Some(Arc::new(key)), |options| options.user_agent = Some("app".to_owned()));
    let theirs = HeaderValue::from_static("theirs");
    let options = connectors_core::RequestOptions::default().header(API_KEY, theirs.clone());
    let call = bench.core.call(&READ).path("id", 1).header(API_KEY, theirs.clone()).options(options);
    call.header(header::ACCEPT, theirs).send_bytes().await.unwrap();
    let sent = script.sent.lock().unwrap();
    let values = |name| sent[0].headers().get_all(name).iter().collect::<Vec<_>>();
    assert_eq!(values(API_KEY), ["ours"]);
    assert_eq!(values(header::ACCEPT), ["theirs"], "other headers are the caller's to choose");
}

#[tokio::test]
async fn a_rejected_key_is_not_tried_again() {
    let script = Script::new([status(401)]);
    let key = ApiKey::bearer("key", &SecretString::from("s3cret")).unwrap();
    let bench = bench(&script, Some(Arc::new(key)));
    let error = bench.core.call(&READ).path("id", 1).send_bytes().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), script.requests()), (ErrorKind::Auth, 1, 1));
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn a_token_is_fetched_by_the_first_call_and_kept_until_it_expires() {
    let fixture = Fixture::new([OK], []);
    assert_eq!(fixture.fetches(), 0);
    for _ in 0..3 {
        fixture.call(&READ).await.unwrap();
    }
    fixture.bench.clock.advance(HOUR);
    fixture.call(&READ).await.unwrap();
    assert_eq!(fixture.tokens_sent(), ["token-1", "token-1", "token-1", "token-2"]);
    assert_eq!(fixture.fetches(), 2);
}

#[tokio::test]
async fn a_thousand_callers_of_an_expired_token_cause_one_login() {
    let fixture = Fixture::new([OK], []);
    fixture.call(&READ).await.unwrap();
    fixture.bench.clock.advance(HOUR);
    let outcomes = join_all((0..1000).map(|_| fixture.call(&READ))).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!((fixture.fetches(), fixture.script.requests()), (2, 1001));
}

#[tokio::test]
async fn a_caller_who_gives_up_leaves_the_login_to_the_others() {
    let fixture = Fixture::new([OK], []);
    let mut first = Box::pin(fixture.call(&READ));
    assert!(futures_util::poll!(&mut first).is_pending());
    drop(first);
    fixture.call(&READ).await.unwrap();
    assert_eq!(fixture.tokens_sent(), ["token-2"]);
}

#[tokio::test]
async fn a_rejected_token_is_renewed_once_and_the_request_repeated_once() {
    for operation in [&READ, &CREATE] {
        let fixture = Fixture::new([status(401), OK], []);
        assert_eq!(fixture.call(operation).await.unwrap(), 2, "{}", operation.name);
        assert_eq!(fixture.tokens_sent(), ["token-1", "token-2"]);
        assert!(fixture.bench.waits.0.lock().unwrap().is_empty(), "there is nothing to wait for");
    }
    let fixture = Fixture::new([status(401)], []);
    let error = fixture.call(&CREATE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.maybe_applied()), (ErrorKind::Auth, 2, false));
    assert_eq!((fixture.fetches(), fixture.script.requests()), (2, 2));
}

#[tokio::test]
async fn calls_that_are_rejected_with_the_same_token_share_one_renewal() {
    let fixture = Fixture::new([OK, status(401), OK], []);
    let seen = fixture.credential.headers().await.unwrap();
    fixture.call(&READ).await.unwrap();
    let (rejected, waiting) = join(fixture.call(&READ), fixture.call(&READ)).await;
    assert_eq!((rejected.unwrap(), waiting.unwrap(), fixture.fetches()), (2, 1, 2));
    assert_eq!(fixture.tokens_sent(), ["token-1", "token-1", "token-2", "token-2"]);

    fixture.bench.clock.advance(HOUR);
    let renewals = join_all((0..100).map(|_| fixture.credential.rejected(&seen))).await;
    assert!(renewals.into_iter().all(Result::unwrap));
    assert_eq!(fixture.fetches(), 3);
}

#[tokio::test]
async fn a_late_rejection_of_an_older_token_does_not_renew_the_present_one() {
    let fixture = Fixture::new([OK], []);
    let first = fixture.credential.headers().await.unwrap();
    for _ in 0..3 {
        assert!(fixture.credential.rejected(&first).await.unwrap(), "there is a newer one to try");
        assert_eq!(fixture.fetches(), 2);
    }
    let second = fixture.credential.headers().await.unwrap();
    assert_eq!(second.headers()[API_KEY], "token-2");
    assert!(second.headers()[API_KEY].is_sensitive());
}

#[tokio::test]
async fn a_hundred_callers_with_a_wrong_password_are_one_failed_login() {
    let wrong = || Error::new(ErrorKind::Auth, "the password is wrong");
    let fixture = Fixture::new([OK], std::iter::repeat_with(wrong).take(100));
    let outcomes = join_all((0..100).map(|_| fixture.credential.headers())).await;
    assert!(outcomes.iter().all(|outcome| outcome.as_ref().is_err_and(|e| e.kind() == ErrorKind::Auth)));
    assert_eq!(fixture.fetches(), 1);
    fixture.credential.headers().await.unwrap_err();
    assert_eq!(fixture.fetches(), 2, "a later caller tries again");
}

#[tokio::test]
async fn a_failed_renewal_fails_the_call_and_the_next_call_tries_again() {
    let fixture = Fixture::new([OK, status(401), OK], []);
    fixture.call(&READ).await.unwrap();
    fixture.login.failures.lock().unwrap().push_back(Error::new(ErrorKind::Connect, "the login is down"));
    let error = fixture.call(&CREATE).await.unwrap_err();
    assert_eq!((error.kind(), error.operation(), error.attempts()), (ErrorKind::Connect, "create", 1));
    assert!(!error.maybe_applied() && error.is_retryable());
    fixture.call(&CREATE).await.unwrap();
    assert_eq!(fixture.tokens_sent(), ["token-1", "token-1", "token-3"]);
}

#[tokio::test]
async fn a_login_that_may_have_happened_is_not_a_create_that_may_have() {
    let login = || Error::new(ErrorKind::Interrupted, "the login broke off").with_maybe_applied(true);
    let first = Fixture::new([OK], [login()]);
    let error = first.call(&CREATE).await.unwrap_err();
    assert_eq!((error.attempts(), first.script.requests(), error.maybe_applied()), (0, 0, false));

    let renewal = Fixture::new([OK, status(401)], []);
    renewal.call(&READ).await.unwrap();
    renewal.login.failures.lock().unwrap().push_back(login());
    assert!(!renewal.call(&CREATE).await.unwrap_err().maybe_applied());
}

#[tokio::test]
async fn a_write_that_may_have_been_applied_stays_so_when_the_login_then_fails() {
    let lost = Step::Break(TransportErrorKind::Closed, true);
    let fixture = Fixture::new([OK, lost, status(401)], []);
    fixture.call(&READ).await.unwrap();
    fixture.login.failures.lock().unwrap().push_back(Error::new(ErrorKind::Auth, "the account is locked"));
    let error = fixture.call(&crate::common::PUT).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Auth, true));
}

//! Credentials: what is sent, and how often a login is asked for.

mod dropped;
mod early;
mod key;
mod late;
mod replaced;
mod store;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use connectors_core::provider::{AuthHeaders, Credential, Operation, Token, TokenCredential, TokenSource, TokenStore};
use connectors_core::testing::VirtualClock;
use connectors_core::{Clock, Error, ErrorKind, Result};
use http::HeaderName;
use secrecy::{ExposeSecret, SecretString};

use crate::common::{Bench, Script, Step, bench};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Hands out `token-1`, `token-2` and so on, each with a refresh token in place of the one before, as soon as it is
/// asked; the answer takes a second.
#[derive(Debug)]
struct Login {
    clock: VirtualClock,
    script: Mutex<LoginScript>,
}

#[derive(Debug)]
struct LoginScript {
    fetches: u32,
    /// The refresh tokens that came, `login` where there was none.
    sent: Vec<String>,
    rotated_to: Option<String>,
    takes: Duration,
    lifetime: Option<Duration>,
    failures: VecDeque<Error>,
}

impl Login {
    fn new(clock: VirtualClock) -> Self {
        let script = LoginScript {
            fetches: 0,
            sent: Vec::new(),
            rotated_to: None,
            takes: SECOND,
            lifetime: Some(HOUR),
            failures: VecDeque::new(),
        };
        Self { clock, script: Mutex::new(script) }
    }
}

#[derive(Debug, Clone)]
struct Source(Arc<Login>);

#[async_trait]
impl TokenSource for Source {
    async fn fetch(&self, last: Option<&Token>) -> Result<Token> {
        let (token, takes) = {
            let mut script = self.0.script.lock().unwrap();
            let sent = last.and_then(Token::refresh_token).map(|refresh| refresh.expose_secret().to_owned());
            script.fetches += 1;
            script.sent.push(sent.clone().unwrap_or_else(|| "login".to_owned()));
            let token = if let Some(error) = script.failures.pop_front() {
                Err(error)
            } else if sent.is_some() && sent != script.rotated_to {
                Err(Error::new(ErrorKind::Auth, "this refresh token was replaced by another one"))
            } else {
                let lifetime = script.lifetime.map(|lifetime| TimeDelta::from_std(lifetime).unwrap());
                let token = token(script.fetches, lifetime.map(|lifetime| self.0.clock.now_utc() + lifetime));
                script.rotated_to = token.refresh_token().map(|refresh| refresh.expose_secret().to_owned());
                Ok(token)
            };
            (token, script.takes)
        };
        self.0.clock.sleep(takes).await;
        token
    }
}

fn token(number: u32, expires_at: Option<chrono::DateTime<chrono::Utc>>) -> Token {
    let header = (API_KEY, SecretString::from(format!("token-{number}")));
    Token::new(vec![header], expires_at).with_refresh_token(format!("refresh-{number}"))
}

fn text(headers: &AuthHeaders) -> String {
    headers.headers()[API_KEY].to_str().unwrap().to_owned()
}

struct Fixture {
    script: Arc<Script>,
    bench: Bench,
    login: Arc<Login>,
    credential: Arc<TokenCredential<Source>>,
}

impl Fixture {
    fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::with_store(steps, |_| None)
    }

    fn with_store(
        steps: impl IntoIterator<Item = Step>,
        store: impl FnOnce(&Arc<Script>) -> Option<Arc<dyn TokenStore>>,
    ) -> Self {
        let script = Script::new(steps);
        let clock = bench(&script, None).clock;
        let login = Arc::new(Login::new(clock));
        let store = store(&script);
        Self::of(&script, login, store)
    }

    /// One more program with the same login.
    fn of(script: &Arc<Script>, login: Arc<Login>, store: Option<Arc<dyn TokenStore>>) -> Self {
        let credential = TokenCredential::new(Source(Arc::clone(&login)), Arc::new(login.clock.clone()));
        let credential = Arc::new(match store {
            Some(store) => credential.with_store(store),
            None => credential,
        });
        let bench = bench(script, Some(Arc::clone(&credential) as Arc<dyn Credential>));
        Self { script: Arc::clone(script), bench, login, credential }
    }

    async fn call(&self, operation: &'static Operation) -> Result<u32> {
        let answer = self.bench.core.call(operation).path("id", 1).send_bytes().await?;
        Ok(answer.meta().attempts)
    }

    async fn token(&self) -> Result<String> {
        self.credential.headers().await.map(|headers| text(&headers))
    }

    /// The token, and how long it took to get it.
    async fn timed_token(&self) -> (Result<String>, Duration) {
        let begun = self.elapsed();
        let token = self.token().await;
        (token, self.elapsed().saturating_sub(begun))
    }

    fn elapsed(&self) -> Duration {
        self.bench.clock.elapsed()
    }

    fn advance(&self, duration: Duration) {
        self.bench.clock.advance(duration);
    }

    /// Moves the time on to `from_end` before the end of the token that was fetched last.
    fn advance_to(&self, from_end: Duration) {
        self.advance(HOUR.saturating_sub(SECOND + from_end));
    }

    fn set(&self, change: impl FnOnce(&mut LoginScript)) {
        change(&mut self.login.script.lock().unwrap());
    }

    fn fail_next(&self, kind: ErrorKind) {
        self.set(|login| login.failures.push_back(Error::new(kind, "the login fails")));
    }

    fn fetches(&self) -> u32 {
        self.login.script.lock().unwrap().fetches
    }

    fn refresh_tokens_sent(&self) -> Vec<String> {
        self.login.script.lock().unwrap().sent.clone()
    }

    fn tokens_sent(&self) -> Vec<String> {
        let sent = self.script.sent.lock().unwrap();
        sent.iter().map(|request| request.headers()[API_KEY].to_str().unwrap().to_owned()).collect()
    }
}

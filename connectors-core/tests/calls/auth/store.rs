//! A token that outlives the program: saved before it is used, and shared between programs.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use connectors_core::provider::{AuthHeaders, Credential, Token, TokenCredential, TokenSource, TokenStore};
use connectors_core::testing::VirtualClock;
use connectors_core::{Clock, Error, ErrorKind, Result};
use futures_util::future::join_all;
use http::HeaderName;
use secrecy::{ExposeSecret, SecretString};

use super::{Fixture, HOUR, MINUTE, token};
use crate::common::{OK, READ, Script, bench, status};

/// Keeps one token, and takes a tenth of a second for each access.
#[derive(Debug, Default)]
pub(super) struct Vault {
    held: Mutex<Option<Token>>,
    place: OnceLock<(Arc<Script>, VirtualClock)>,
    /// What was saved, and how many requests had been sent by then.
    saved: Mutex<Vec<(String, usize)>>,
    attempts: Mutex<u32>,
    failures: Mutex<VecDeque<Error>>,
}

impl Vault {
    /// This vault, watching what is sent.
    pub(super) fn beside(self: &Arc<Self>, script: &Arc<Script>) -> Arc<dyn TokenStore> {
        self.place.set((Arc::clone(script), bench(script, None).clock)).unwrap();
        Arc::clone(self) as Arc<dyn TokenStore>
    }

    pub(super) fn token(&self) -> Option<String> {
        self.held.lock().unwrap().as_ref().map(name)
    }

    fn saved(&self) -> Vec<String> {
        self.saved.lock().unwrap().iter().map(|(token, _)| token.clone()).collect()
    }

    fn fail_next(&self, count: usize) {
        let down = || Error::new(ErrorKind::Storage, "the disk is full");
        self.failures.lock().unwrap().extend(std::iter::repeat_with(down).take(count));
    }

    async fn access(&self) -> Result<()> {
        let (_, clock) = self.place.get().unwrap();
        clock.sleep(Duration::from_millis(100)).await;
        self.failures.lock().unwrap().pop_front().map_or(Ok(()), Err)
    }
}

fn name(token: &Token) -> String {
    let (_, value) = token.headers().first().unwrap();
    value.expose_secret().to_owned()
}

#[async_trait]
impl TokenStore for Vault {
    async fn load(&self) -> Result<Option<Token>> {
        self.access().await?;
        Ok(self.held.lock().unwrap().clone())
    }

    async fn save(&self, token: &Token) -> Result<()> {
        *self.attempts.lock().unwrap() += 1;
        self.access().await?;
        let (script, _) = self.place.get().unwrap();
        self.saved.lock().unwrap().push((name(token), script.requests()));
        *self.held.lock().unwrap() = Some(token.clone());
        Ok(())
    }
}

fn stored() -> (Fixture, Arc<Vault>) {
    let vault = Arc::new(Vault::default());
    (Fixture::with_store([OK], |script| Some(vault.beside(script))), vault)
}

/// During the fetch: what was stored before can be read, and the new token cannot be saved.
async fn store_goes_down(fixture: &Fixture, vault: &Vault) {
    fixture.bench.clock.sleep(Duration::from_millis(500)).await;
    vault.fail_next(1);
}

/// Two programs with one login and one store.
fn two_programs() -> (Fixture, Fixture, Arc<Vault>) {
    let (one, vault) = stored();
    let other = Fixture::of(&one.script, Arc::clone(&one.login), Some(Arc::clone(&vault) as Arc<dyn TokenStore>));
    (one, other, vault)
}

#[tokio::test]
async fn a_token_is_saved_before_any_request_uses_it() {
    let (fixture, vault) = stored();
    let calls = join_all((0..10).map(|_| fixture.call(&READ))).await;
    assert!(calls.iter().all(Result::is_ok));
    fixture.advance(HOUR);
    fixture.call(&READ).await.unwrap();
    assert_eq!(*vault.saved.lock().unwrap(), [("token-1".to_owned(), 0), ("token-2".to_owned(), 10)]);
    assert_eq!(fixture.tokens_sent()[9..], ["token-1", "token-2"]);
}

#[tokio::test]
async fn a_stored_token_that_is_still_good_is_used_without_a_fetch() {
    let (before, after, vault) = two_programs();
    before.call(&READ).await.unwrap();
    after.advance(HOUR / 2);
    after.call(&READ).await.unwrap();
    assert_eq!((after.tokens_sent(), after.fetches()), (vec!["token-1".to_owned(); 2], 1));
    assert_eq!(vault.saved(), ["token-1"], "what comes from the store does not go back");
}

#[tokio::test]
async fn a_stored_token_that_has_ended_is_refreshed() {
    let (before, after, vault) = two_programs();
    before.token().await.unwrap();
    after.advance(HOUR);
    assert_eq!(after.token().await.unwrap(), "token-2");
    assert_eq!(after.refresh_tokens_sent(), ["login", "refresh-1"]);
    assert_eq!(vault.saved(), ["token-1", "token-2"]);
}

#[tokio::test]
async fn a_stored_token_that_is_rejected_is_refreshed() {
    let vault = Arc::new(Vault::default());
    let fixture = Fixture::with_store([status(401), OK], |script| Some(vault.beside(script)));
    *vault.held.lock().unwrap() = Some(token(0, None));
    fixture.set(|login| login.rotated_to = Some("refresh-0".to_owned()));
    assert_eq!(fixture.call(&READ).await.unwrap(), 2);
    assert_eq!(fixture.tokens_sent(), ["token-0", "token-1"]);
    assert_eq!(fixture.refresh_tokens_sent(), ["refresh-0"]);
}

#[tokio::test]
async fn what_another_program_fetched_is_used_instead_of_a_stale_refresh_token() {
    let (one, other, _) = two_programs();
    for program in [&one, &other] {
        assert_eq!(program.token().await.unwrap(), "token-1");
    }
    one.advance(HOUR);
    for program in [&one, &other] {
        assert_eq!(program.token().await.unwrap(), "token-2");
    }
    one.advance_to(MINUTE);
    for program in [&one, &other] {
        assert_eq!(program.token().await.unwrap(), "token-3", "early renewals too");
    }
    assert_eq!(one.refresh_tokens_sent(), ["login", "refresh-1", "refresh-2"]);
}

#[tokio::test]
async fn what_another_program_fetched_and_let_end_is_refreshed_in_its_place() {
    let (one, other, _) = two_programs();
    other.token().await.unwrap();
    for _ in 0..3 {
        one.advance(HOUR);
        one.token().await.unwrap();
    }
    other.advance(HOUR);
    assert_eq!(other.token().await.unwrap(), "token-5");
    assert_eq!(other.refresh_tokens_sent().last().unwrap(), "refresh-4");
}

#[tokio::test]
async fn a_store_that_was_emptied_does_not_log_the_program_out() {
    let (fixture, vault) = stored();
    fixture.token().await.unwrap();
    *vault.held.lock().unwrap() = None;
    fixture.advance(HOUR);
    assert_eq!(fixture.token().await.unwrap(), "token-2");
    assert_eq!(fixture.refresh_tokens_sent(), ["login", "refresh-1"]);
}

#[tokio::test]
async fn a_store_that_cannot_be_read_stops_the_renewal_before_it_burns_a_refresh_token() {
    let (fixture, vault) = stored();
    vault.fail_next(1);
    let error = fixture.call(&READ).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Storage, false));
    assert_eq!((fixture.fetches(), fixture.script.requests()), (0, 0));
    fixture.call(&READ).await.unwrap();
}

#[tokio::test]
async fn a_token_that_cannot_be_saved_is_kept_unused_and_saved_later_without_a_second_fetch() {
    let (fixture, vault) = stored();
    fixture.call(&READ).await.unwrap();
    fixture.advance(HOUR);
    let down = store_goes_down(&fixture, &vault);
    let callers = join_all((0..1000).map(|_| fixture.call(&READ)));
    let (outcomes, ()) = futures_util::future::join(callers, down).await;
    assert!(outcomes.iter().all(|outcome| outcome.as_ref().is_err_and(|e| e.kind() == ErrorKind::Storage)));
    assert_eq!(*vault.attempts.lock().unwrap(), 2, "they share one attempt to save it");
    vault.fail_next(1);
    assert_eq!(fixture.call(&READ).await.unwrap_err().kind(), ErrorKind::Storage);
    assert_eq!((fixture.fetches(), fixture.script.requests()), (2, 1));

    fixture.call(&READ).await.unwrap();
    assert_eq!(fixture.tokens_sent(), ["token-1", "token-2"]);
    assert_eq!((fixture.fetches(), vault.saved()), (2, vec!["token-1".to_owned(), "token-2".to_owned()]));
}

#[tokio::test]
async fn while_the_old_token_is_valid_a_failing_store_stops_nobody() {
    let (fixture, vault) = stored();
    fixture.token().await.unwrap();
    fixture.advance_to(MINUTE);
    let down = store_goes_down(&fixture, &vault);
    let (early, ()) = futures_util::future::join(fixture.token(), down).await;
    assert_eq!((early.unwrap().as_str(), fixture.fetches()), ("token-1", 2));
    fixture.advance(Duration::from_secs(10));
    assert_eq!(fixture.token().await.unwrap(), "token-2");
    assert_eq!((fixture.fetches(), vault.saved()), (2, vec!["token-1".to_owned(), "token-2".to_owned()]));
}

#[tokio::test]
async fn a_stored_token_that_cannot_be_sent_is_refreshed() {
    let (fixture, vault) = stored();
    let broken = vec![(super::API_KEY, SecretString::from("a\nb"))];
    *vault.held.lock().unwrap() = Some(Token::new(broken, None));
    assert_eq!(fixture.token().await.unwrap(), "token-1");
}

#[derive(Debug)]
struct Leaky(VirtualClock);

#[async_trait]
impl TokenSource for Leaky {
    async fn fetch(&self, _: Option<&Token>) -> Result<Token> {
        self.0.sleep(MINUTE).await;
        Ok(secret_token("swordfish\n"))
    }
}

fn secret_token(value: &str) -> Token {
    let header = (HeaderName::from_static("x-token"), SecretString::from(value));
    Token::new(vec![header], None).with_refresh_token("swordfish-refresh")
}

#[track_caller]
fn assert_clean(shown: &dyn fmt::Debug) {
    for text in [format!("{shown:?}"), format!("{shown:#?}")] {
        assert!(!text.contains("swordfish"), "{text}");
    }
}

#[tokio::test]
async fn no_type_of_a_credential_shows_its_secrets() {
    let token = secret_token("swordfish");
    assert_clean(&token);
    assert_eq!(token.refresh_token().unwrap().expose_secret(), "swordfish-refresh", "who stores it asks for it");
    assert_clean(&AuthHeaders::new("token", [(HeaderName::from_static("x-token"), "swordfish")]).unwrap().renewed());

    let (fixture, vault) = stored();
    *vault.held.lock().unwrap() = Some(token);
    let clock = fixture.login.clock.clone();
    let leaky = |clock: &VirtualClock| TokenCredential::new(Leaky(clock.clone()), Arc::new(clock.clone()));
    let credential = leaky(&clock).with_store(vault as Arc<dyn TokenStore>);
    credential.headers().await.unwrap();
    assert_clean(&credential);

    let credential = leaky(&clock);
    let mut fetch = Box::pin(credential.headers());
    assert!(futures_util::poll!(&mut fetch).is_pending());
    assert_clean(&credential);
    let error = fetch.await.unwrap_err();
    assert_clean(&error);
    assert!(!format!("{error} {error:#}").contains("swordfish"));
}

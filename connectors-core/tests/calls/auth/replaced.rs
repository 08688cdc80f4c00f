//! Credentials that are replaced while the client is in use.

use std::sync::Arc;
use std::time::Duration;

use connectors_core::provider::{ApiKey, CacheKey, Core, Credential, Fetched};
use connectors_core::{CachePolicy, Clock, Error};
use futures_util::future::join;
use secrecy::SecretString;

use super::{API_KEY, Fixture, HOUR, SECOND};
use crate::common::{OK, PUT, READ, Script, bench, status};

const MILLI: Duration = Duration::from_millis(1);

fn key(value: &str) -> Arc<dyn Credential> {
    Arc::new(ApiKey::header("key", API_KEY, &SecretString::from(value)).unwrap())
}

async fn read(core: &Core) -> Result<(), Error> {
    core.call(&READ).path("id", 1).send_bytes().await.map(drop)
}

fn keys_sent(script: &Script) -> Vec<String> {
    let sent = script.sent.lock().unwrap();
    sent.iter().map(|request| request.headers()[API_KEY].to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn calls_that_begin_later_use_the_new_key_on_every_clone() {
    let script = Script::new([OK]);
    let core = bench(&script, Some(key("old"))).core;
    let clone = core.clone();
    let prepared = core.call(&READ).path("id", 1);
    read(&core).await.unwrap();
    core.replace_credential(key("new"));
    read(&core).await.unwrap();
    read(&clone).await.unwrap();
    prepared.send_bytes().await.unwrap();
    assert_eq!(keys_sent(&script), ["old", "new", "new", "new"]);
}

#[tokio::test]
async fn a_call_that_has_begun_ends_as_it_began_repetitions_included() {
    let script = Script::new([status(503), status(202), OK]);
    let bench = bench(&script, Some(key("old")));
    let replace = async {
        bench.clock.sleep(MILLI).await;
        bench.core.replace_credential(key("new"));
    };
    let call = bench.core.call(&PUT).path("id", 1).send_bytes();
    let (answer, ()) = join(call, replace).await;
    assert_eq!(answer.unwrap().meta().attempts, 3);
    assert_eq!(keys_sent(&script), ["old", "old", "old"]);
}

#[tokio::test]
async fn a_late_rejection_of_the_old_credential_does_not_touch_the_new_one() {
    let slow = Fixture::new([status(503), status(401), OK]);
    let new = Fixture::new([OK]);
    new.token().await.unwrap();
    let before = new.credential.headers().await.unwrap();
    let replace = async {
        slow.bench.clock.sleep(SECOND + MILLI).await;
        slow.bench.core.replace_credential(Arc::clone(&new.credential) as Arc<dyn Credential>);
    };
    let (old, ()) = join(slow.call(&READ), replace).await;
    assert_eq!(old.unwrap(), 3);
    assert_eq!(slow.tokens_sent(), ["token-1", "token-1", "token-2"]);
    assert_eq!((slow.fetches(), new.fetches()), (2, 1), "the old one alone was renewed");
    assert_eq!(new.credential.headers().await.unwrap().generation(), before.generation());
}

#[tokio::test]
async fn what_was_cached_for_the_old_credential_is_not_served_to_the_new_one() {
    let core = bench(&Script::new([OK]), Some(key("old"))).core;
    let clock = core.clock().clone();
    let get = async |value: &'static str| {
        let cache_key = CacheKey::new(core.partition(), "thing", b"");
        let fetch = async move { Ok::<_, Error>(Fetched { value, bytes: 1, ttl: HOUR }) };
        let until = clock.now() + HOUR;
        *core.cache().get_or_fetch(cache_key, CachePolicy::Use, until, fetch).await.unwrap().value
    };
    let old = core.partition();
    assert_eq!((get("first").await, get("second").await), ("first", "first"));
    core.replace_credential(key("old"));
    assert_ne!(core.partition(), old, "also where the key is the same");
    assert_eq!((get("third").await, get("fourth").await), ("third", "third"));
}

#[tokio::test]
async fn a_client_that_had_no_credential_may_be_given_one() {
    let script = Script::new([OK]);
    let core = bench(&script, None).core;
    assert_eq!(core.partition(), 0);
    core.replace_credential(key("first"));
    read(&core).await.unwrap();
    assert_eq!(keys_sent(&script), ["first"]);
}

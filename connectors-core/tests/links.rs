//! What doing a job twice, concurrently, or after a crash leads to: every row of the table at `Links::ensure`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "also the helpers of the tests are tests")]

use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};
use std::future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use connectors_core::provider::{Ensured, Lookup, Remote};
use connectors_core::{
    Clock, Error, ErrorKind, Link, LinkKey, LinkState, LinkStore, Links, MemoryLinkStore, Result, Sleep,
};
use futures_util::FutureExt;

/// A clock whose sleeps are over at once, and kept in mind.
#[derive(Debug, Default)]
struct SleepCounter(Mutex<Vec<Duration>>);

impl Clock for SleepCounter {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn now_utc(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.0.lock().unwrap().push(duration);
        Box::pin(future::ready(()))
    }

    fn deadline(&self, _at: Instant) -> Sleep {
        Box::pin(future::pending())
    }
}

/// A store whose writes can be made to fail.
#[derive(Debug, Default, Clone)]
struct FlakyStore {
    links: MemoryLinkStore,
    broken: Arc<AtomicBool>,
}

impl FlakyStore {
    fn write(&self) -> Result<()> {
        if self.broken.load(Ordering::SeqCst) { Err(Error::new(ErrorKind::Storage, "disk full")) } else { Ok(()) }
    }
}

#[async_trait]
impl LinkStore for FlakyStore {
    async fn get(&self, key: &LinkKey) -> Result<Option<Link>> {
        self.links.get(key).await
    }

    async fn put(&self, key: &LinkKey, link: Link) -> Result<()> {
        self.write()?;
        self.links.put(key, link).await
    }

    async fn remove(&self, key: &LinkKey) -> Result<()> {
        self.write()?;
        self.links.remove(key).await
    }

    async fn list(&self, provider: &str, kind: &str, scope: &str) -> Result<Vec<(LinkKey, Link)>> {
        self.links.list(provider, kind, scope).await
    }
}

/// A provider that answers by script, and a set of links to it.
struct Fixture {
    links: Links,
    store: FlakyStore,
    clock: Arc<SleepCounter>,
    creates: Mutex<VecDeque<Result<Remote>>>,
    lookups: Mutex<VecDeque<Result<Lookup>>>,
}

impl Fixture {
    fn new(creates: Vec<Result<Remote>>, lookups: Vec<Result<Lookup>>) -> Self {
        let (store, clock) = (FlakyStore::default(), Arc::new(SleepCounter::default()));
        let links = Links::new(Arc::new(store.clone()), clock.clone());
        Self { links, store, clock, creates: Mutex::new(creates.into()), lookups: Mutex::new(lookups.into()) }
    }

    /// With the intent of a run that ended between sending the create and recording its outcome, a minute ago.
    async fn with_open_intent(creates: Vec<Result<Remote>>, lookups: Vec<Result<Lookup>>) -> Self {
        let fixture = Self::new(creates, lookups);
        fixture.intended(TimeDelta::seconds(60)).await;
        fixture
    }

    async fn intended(&self, ago: TimeDelta) {
        self.store.put(&key(), Link::intended(DateTime::UNIX_EPOCH - ago)).await.unwrap();
    }

    /// Runs `ensure`, which must use up the script, neither more nor less.
    async fn ensure(&self) -> Result<Ensured> {
        let next_create = || future::ready(self.creates.lock().unwrap().pop_front().expect("a create too many"));
        let next_lookup = || future::ready(self.lookups.lock().unwrap().pop_front().expect("a lookup too many"));
        let ensured = self.links.ensure(&key(), next_create, next_lookup).await;
        assert!(self.creates.lock().unwrap().is_empty(), "a create too few");
        assert!(self.lookups.lock().unwrap().is_empty(), "a lookup too few");
        ensured
    }

    async fn state(&self) -> Option<LinkState> {
        self.links.get(&key()).await.unwrap().map(|link| link.state)
    }

    /// The pauses that were made, in seconds.
    fn pauses(&self) -> Vec<u64> {
        self.clock.0.lock().unwrap().iter().map(Duration::as_secs).collect()
    }
}

fn key() -> LinkKey {
    LinkKey::new("qrtiger", "code", "spring-tour", "event-1")
}

fn remote() -> Remote {
    Remote::new("QR1").with("short_link", "https://q.example/QR1")
}

fn refused() -> Error {
    Error::new(ErrorKind::InvalidRequest, "no such design")
}

fn timed_out() -> Error {
    Error::new(ErrorKind::Timeout, "no answer").with_maybe_applied(true)
}

fn reset() -> Error {
    Error::new(ErrorKind::Interrupted, "connection reset").with_maybe_applied(true)
}

#[tokio::test]
async fn creates_once_and_then_remembers() {
    let fixture = Fixture::new(vec![Ok(remote())], vec![]);
    let first = fixture.ensure().await.unwrap();
    assert!(matches!(first, Ensured::Created(_)) && first.is_new());
    let second = fixture.ensure().await.unwrap();
    assert!(matches!(second, Ensured::Existing(_)) && !second.is_new());
    assert_eq!(second.remote_id(), "QR1");
    assert_eq!(second.link().attributes["short_link"], "https://q.example/QR1");
}

#[tokio::test]
async fn an_earlier_create_that_is_found_is_recovered() {
    let fixture = Fixture::with_open_intent(vec![], vec![Ok(Lookup::Found(remote()))]).await;
    let ensured = fixture.ensure().await.unwrap();
    assert!(matches!(ensured, Ensured::Recovered(_)) && ensured.is_new());
    assert_eq!(fixture.state().await, Some(LinkState::Linked));
}

#[tokio::test]
async fn an_earlier_create_that_is_absent_is_made_up_for() {
    let fixture = Fixture::with_open_intent(vec![Ok(remote())], vec![Ok(Lookup::Absent)]).await;
    assert!(matches!(fixture.ensure().await.unwrap(), Ensured::Created(_)));
    assert!(fixture.pauses().is_empty());
}

#[tokio::test]
async fn a_create_that_was_sent_just_now_may_still_be_on_its_way() {
    for (ago, waited) in [(4, 26), (-9, 30)] {
        let fixture = Fixture::new(vec![], vec![Ok(Lookup::Absent), Ok(Lookup::Found(remote()))]);
        fixture.intended(TimeDelta::seconds(ago)).await;
        assert!(matches!(fixture.ensure().await.unwrap(), Ensured::Recovered(_)));
        assert_eq!(fixture.pauses(), [waited]);
    }
}

#[tokio::test]
async fn a_create_is_looked_for_by_what_it_was_sent_with() {
    let fixture = Fixture::new(vec![], vec![]);
    let notes = |name: &str| BTreeMap::from([("name".to_owned(), name.to_owned())]);
    let asked = Mutex::new(Vec::new());
    let absent = |notes: BTreeMap<String, String>| {
        asked.lock().unwrap().extend(notes.into_values());
        future::ready(Ok(Lookup::Absent))
    };
    let key = key();
    let dropped = fixture.links.ensure_noted(&key, notes("old"), future::pending, absent);
    assert!(dropped.now_or_never().is_none());
    let failed = fixture.links.ensure_noted(&key, notes("new"), || future::ready(Err(timed_out())), absent);
    assert!(failed.await.unwrap_err().maybe_applied());
    // Twice for the create of the first call, once for that of the second, whose intent has taken its place.
    assert_eq!(*asked.lock().unwrap(), ["old", "old", "new"]);
    let link = fixture.links.get(&key).await.unwrap().unwrap();
    assert_eq!((link.state, link.attributes), (LinkState::Intended, notes("new")));
}

#[tokio::test]
async fn an_earlier_create_that_cannot_be_looked_up_is_for_a_person_to_resolve() {
    let fixture = Fixture::with_open_intent(vec![Ok(remote())], vec![]).await;
    let unavailable = || future::ready(Ok(Lookup::Unavailable));
    let error = fixture.links.ensure(&key(), future::pending, unavailable).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.maybe_applied() && error.hint().unwrap().contains("forget"), "{error}");
    assert!(error.message().contains("event-1"), "{error}");

    fixture.links.forget(&key()).await.unwrap();
    assert!(matches!(fixture.ensure().await.unwrap(), Ensured::Created(_)));
    fixture.links.record(&key(), Remote::new("QR2")).await.unwrap();
    assert_eq!(fixture.ensure().await.unwrap().remote_id(), "QR2");
}

#[tokio::test]
async fn an_earlier_create_stays_open_while_looking_fails() {
    let fixture = Fixture::with_open_intent(vec![], vec![Err(Error::new(ErrorKind::Server, "down"))]).await;
    assert_eq!(fixture.ensure().await.unwrap_err().kind(), ErrorKind::Server);
    assert_eq!(fixture.state().await, Some(LinkState::Intended));
}

#[tokio::test]
async fn a_refused_create_leaves_nothing() {
    let fixture = Fixture::new(vec![Err(refused())], vec![]);
    assert_eq!(fixture.ensure().await.unwrap_err().message(), "no such design");
    assert_eq!(fixture.state().await, None);
}

#[tokio::test]
async fn a_refusal_does_not_close_the_question_of_an_earlier_create() {
    let fixture = Fixture::with_open_intent(vec![Err(refused())], vec![Ok(Lookup::Absent)]).await;
    assert_eq!(fixture.ensure().await.unwrap_err().message(), "no such design");
    assert_eq!(fixture.state().await, Some(LinkState::Intended));
}

#[tokio::test]
async fn an_ambiguous_create_that_is_found_is_recovered() {
    for error in [timed_out(), reset()] {
        let fixture = Fixture::new(vec![Err(error)], vec![Ok(Lookup::Found(remote()))]);
        assert!(matches!(fixture.ensure().await.unwrap(), Ensured::Recovered(_)));
        assert_eq!((fixture.state().await, fixture.pauses()), (Some(LinkState::Linked), vec![]));
    }
}

#[tokio::test]
async fn a_create_that_shows_up_late_is_recovered_and_not_repeated() {
    let fixture = Fixture::new(vec![Err(reset())], vec![Ok(Lookup::Absent), Ok(Lookup::Found(remote()))]);
    assert!(matches!(fixture.ensure().await.unwrap(), Ensured::Recovered(_)));
    assert_eq!(fixture.pauses(), [1]);
}

#[tokio::test]
async fn a_create_that_was_cut_off_and_is_absent_twice_is_repeated() {
    let absent = || Ok(Lookup::Absent);
    let fixture = Fixture::new(vec![Err(reset()), Ok(remote())], vec![absent(), absent()]);
    assert!(matches!(fixture.ensure().await.unwrap(), Ensured::Created(_)));

    let lookups = (0..6).map(|_| absent()).collect();
    let fixture = Fixture::new(vec![Err(reset()), Err(reset()), Err(reset())], lookups);
    let error = fixture.ensure().await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Interrupted, true));
    assert_eq!((fixture.state().await, fixture.pauses()), (Some(LinkState::Intended), vec![1, 1, 1]));
}

#[tokio::test]
async fn after_a_timeout_an_absent_thing_may_still_come() {
    let fixture = Fixture::new(vec![Err(timed_out())], vec![Ok(Lookup::Absent)]);
    let error = fixture.ensure().await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Timeout, true));
    assert_eq!((fixture.state().await, fixture.pauses()), (Some(LinkState::Intended), vec![]));

    fixture.lookups.lock().unwrap().push_back(Ok(Lookup::Found(remote())));
    assert!(matches!(fixture.ensure().await.unwrap(), Ensured::Recovered(_)));
}

#[tokio::test]
async fn an_ambiguous_create_that_cannot_be_looked_up_stays_open() {
    for lookup in [Ok(Lookup::Unavailable), Err(Error::new(ErrorKind::Connect, "no route"))] {
        let fixture = Fixture::new(vec![Err(reset())], vec![lookup]);
        let error = fixture.ensure().await.unwrap_err();
        assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Interrupted, true));
        assert_eq!(fixture.state().await, Some(LinkState::Intended));
    }
}

#[tokio::test]
async fn nothing_is_sent_when_the_intent_cannot_be_recorded() {
    let fixture = Fixture::new(vec![], vec![]);
    fixture.store.broken.store(true, Ordering::SeqCst);
    let error = fixture.ensure().await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Storage, false));
}

#[tokio::test]
async fn a_create_that_cannot_be_recorded_is_named_and_found_again() {
    let fixture = Fixture::new(vec![], vec![Ok(Lookup::Found(remote()))]);
    let create = || {
        fixture.store.broken.store(true, Ordering::SeqCst);
        future::ready(Ok(remote()))
    };
    let error = fixture.links.ensure(&key(), create, future::pending).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Storage, true));
    assert!(error.message().contains("QR1"), "{error}");

    fixture.store.broken.store(false, Ordering::SeqCst);
    assert!(matches!(fixture.ensure().await.unwrap(), Ensured::Recovered(_)));
}

#[tokio::test]
async fn two_calls_at_once_create_once() {
    let fixture = Fixture::new(vec![Ok(remote())], vec![]);
    let slow = || async {
        tokio::task::yield_now().await;
        fixture.creates.lock().unwrap().pop_front().expect("created twice")
    };
    let no_lookup = || future::ready(Ok(Lookup::Unavailable));
    let call = async || fixture.links.ensure(&key(), slow, no_lookup).await;
    let (one, other) = tokio::join!(call(), call());
    assert_eq!((one.unwrap().is_new(), other.unwrap().is_new()), (true, false));
}

#[tokio::test]
async fn different_keys_do_not_wait_for_each_other() {
    let fixture = Fixture::new(vec![Ok(remote())], vec![]);
    let other = LinkKey::new("qrtiger", "code", "autumn-tour", "event-1");
    let stuck = fixture.links.ensure(&other, future::pending, future::pending);
    let ensured = tokio::select! { _ = stuck => None, ensured = fixture.ensure() => Some(ensured) };
    assert!(ensured.unwrap().is_ok());
}

#[tokio::test]
async fn a_dropped_call_leaves_its_intent() {
    let fixture = Fixture::new(vec![], vec![Ok(Lookup::Found(remote()))]);
    assert!(fixture.links.ensure(&key(), future::pending, future::pending).now_or_never().is_none());
    assert_eq!(fixture.state().await, Some(LinkState::Intended));
    assert!(matches!(fixture.ensure().await.unwrap(), Ensured::Recovered(_)));
}

#[tokio::test]
async fn a_call_can_be_spawned() {
    let links = Links::new(Arc::new(MemoryLinkStore::default()), Arc::new(SleepCounter::default()));
    let calls = Cell::new(0);
    let ensured = tokio::spawn(async move {
        let create = move || future::ready(Ok(Remote::new(calls.replace(1).to_string())));
        links.ensure(&key(), create, || future::ready(Ok(Lookup::Absent))).await
    });
    assert_eq!(ensured.await.unwrap().unwrap().remote_id(), "0");
}

#[tokio::test]
async fn attributes_are_changed_in_place() {
    let fixture = Fixture::new(vec![Ok(remote())], vec![]);
    let insert = |attributes: &mut BTreeMap<String, String>| {
        attributes.insert("destination".into(), "https://example.com".into());
    };
    let change = async || fixture.links.update(&key(), insert).await;
    assert_eq!(change().await.unwrap_err().kind(), ErrorKind::NotFound);
    fixture.ensure().await.unwrap();
    assert_eq!(change().await.unwrap().attributes.len(), 2);
    assert_eq!(fixture.links.get(&key()).await.unwrap().unwrap().attributes["destination"], "https://example.com");
}

#[tokio::test]
async fn a_list_keeps_to_its_provider_kind_and_scope() {
    let links = Links::new(Arc::new(MemoryLinkStore::default()), Arc::new(SleepCounter::default()));
    for (kind, scope, id) in [("code", "a", "2"), ("code", "a", "1"), ("code", "b", "3"), ("row", "a", "4")] {
        links.record(&LinkKey::new("qrtiger", kind, scope, id), Remote::new(id)).await.unwrap();
    }
    let listed = links.list("qrtiger", "code", "a").await.unwrap();
    assert_eq!(listed.into_iter().map(|(key, _)| key.id).collect::<Vec<_>>(), ["1", "2"]);
}

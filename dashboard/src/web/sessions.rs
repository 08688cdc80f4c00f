//! Sessions: who has come in, and for how long.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use connectors_core::{Clock, Result};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::vault::random;

/// So many sessions are kept.
const MOST: usize = 1000;

/// A session that is not used for so long ends. An open event stream uses it.
const IDLE: Duration = Duration::from_secs(2 * 60 * 60);

/// A session ends after so long in any case.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// So many event streams may be open in a session.
const STREAMS: usize = 16;

/// The sessions, by the digests of their ids: whoever reads them can not take one over.
#[derive(Debug)]
pub(super) struct Sessions {
    clock: Arc<dyn Clock>,
    kept: Mutex<HashMap<Key, Session>>,
}

type Key = [u8; 32];

#[derive(Debug)]
struct Session {
    begun: Instant,
    used: Instant,
    streams: Arc<Semaphore>,
    ended: CancellationToken,
    _end: DropGuard,
}

/// The id of a session, as its cookie has it.
#[derive(Clone)]
pub(super) struct SessionId(String);

/// A session, as a request has it.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    key: Key,
    csrf: Csrf,
    /// Cancelled when the session ends.
    pub(super) ended: CancellationToken,
    /// Places for event streams.
    pub(super) streams: Arc<Semaphore>,
}

/// What requests of a session carry that change something: nobody else can know it.
#[derive(Clone)]
pub(super) struct Csrf(String);

impl SessionId {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    fn key(&self) -> Key {
        Sha256::new().chain_update("session ").chain_update(&self.0).finalize().into()
    }

    /// Follows from the id, which does not follow from it.
    fn csrf(&self) -> Csrf {
        let digest = Sha256::new().chain_update("csrf ").chain_update(&self.0).finalize();
        Csrf(URL_SAFE_NO_PAD.encode(digest))
    }
}

impl Csrf {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is(&self, given: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(given).into()
    }
}

impl Visitor {
    pub(super) fn csrf(&self) -> &Csrf {
        &self.csrf
    }
}

impl Sessions {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Key, Session>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a session. If there are too many, the one that was used the longest ago ends.
    pub(super) fn begin(&self) -> Result<(SessionId, Visitor)> {
        let id = SessionId(URL_SAFE_NO_PAD.encode(random::<32>()?));
        let now = self.clock.now();
        let ended = CancellationToken::new();
        let streams = Arc::new(Semaphore::new(STREAMS));
        let visitor = Visitor { key: id.key(), csrf: id.csrf(), ended: ended.clone(), streams: Arc::clone(&streams) };
        let end = ended.clone().drop_guard();
        let mut kept = self.kept();
        kept.retain(|_, session| session.holds(now));
        if kept.len() >= MOST
            && let Some(oldest) = kept.iter().min_by_key(|(_, session)| session.used).map(|(key, _)| *key)
        {
            kept.remove(&oldest);
        }
        kept.insert(visitor.key, Session { begun: now, used: now, streams, ended, _end: end });
        Ok((id, visitor))
    }

    /// The session with this id, which is used by that.
    pub(super) fn find(&self, id: &SessionId) -> Option<Visitor> {
        let (key, now, mut kept) = (id.key(), self.clock.now(), self.kept());
        let session = touch(&mut kept, &key, now)?;
        let (ended, streams) = (session.ended.clone(), Arc::clone(&session.streams));
        Some(Visitor { key, csrf: id.csrf(), ended, streams })
    }

    /// Whether the session still holds; it is used by that.
    pub(super) fn holds(&self, visitor: &Visitor) -> bool {
        touch(&mut self.kept(), &visitor.key, self.clock.now()).is_some()
    }

    /// Ends a session.
    pub(super) fn end(&self, visitor: &Visitor) {
        self.kept().remove(&visitor.key);
    }
}

fn touch<'a>(kept: &'a mut HashMap<Key, Session>, key: &Key, now: Instant) -> Option<&'a Session> {
    if !kept.get(key)?.holds(now) {
        kept.remove(key);
    }
    let session = kept.get_mut(key)?;
    session.used = now;
    Some(session)
}

impl Session {
    fn holds(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.used) < IDLE && now.saturating_duration_since(self.begun) < LONGEST
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId")
    }
}

impl fmt::Debug for Csrf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Csrf")
    }
}

//! One question's place in the store.

use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connectors_core::provider::{Core, Fetched};
use connectors_core::{Error, ErrorKind, Result};
use futures_util::future::{Either, select};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::{ReportStore, StoreKey, StoredReport};
use crate::Contract;
use crate::model::{EntityType, Outcome, VenueId};
use crate::native::report::Kind;

/// Goes up when reports of earlier versions cannot be read any more.
const FORMAT: &[u8] = b"connectors-placer 1";

/// How far the clocks of two machines may be apart. What is from further in the future was stored by a wrong one.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// A report is not worth waiting longer for: Placer has it too.
const PATIENCE: Duration = Duration::from_secs(5);

/// Under this stands when a place was changed; no question reads like it.
const CHANGED: &[u8] = b"changed";

type Fingerprint = [u8; 32];

/// The store of a client, and whose reports are kept there.
pub(crate) struct Archive {
    store: Arc<dyn ReportStore>,
    contract: Contract,
    fingerprint: RwLock<Fingerprint>,
}

impl Archive {
    pub(crate) fn new(store: Arc<dyn ReportStore>, contract: Contract, base: &str, key: &SecretString) -> Self {
        let fingerprint = RwLock::new(fingerprint(contract, base, key));
        Self { store, contract, fingerprint }
    }

    /// From now on the reports are another account's.
    pub(crate) fn replace(&self, base: &str, key: &SecretString) {
        *self.fingerprint.write().unwrap_or_else(PoisonError::into_inner) = fingerprint(self.contract, base, key);
    }

    fn fingerprint(&self) -> Fingerprint {
        *self.fingerprint.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The place of this question.
    pub(crate) fn shelf(self: &Arc<Self>, core: &Core, question: Vec<u8>) -> Shelf {
        Shelf {
            archive: Arc::clone(self),
            core: core.clone(),
            fingerprint: self.fingerprint(),
            question,
            since: core.clock().now_utc(),
            gave_up: AtomicBool::new(false),
        }
    }

    /// The place is another by now: what was asked of it until now is not used any more.
    pub(crate) async fn changed(self: &Arc<Self>, core: &Core, place: &VenueId) {
        let marked = self.shelf(core, CHANGED.to_vec());
        // Of all that is kept of the place the mark is the youngest, so that it leaves last.
        let mark = StoredReport::new("null", marked.since, DateTime::<Utc>::MAX_UTC);
        marked.patiently(self.store.put(&marked.key(place), mark)).await;
    }
}

impl fmt::Debug for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Archive").field(&self.store).finish()
    }
}

fn fingerprint(contract: Contract, base: &str, key: &SecretString) -> Fingerprint {
    let contract: &[u8] = match contract {
        Contract::Native => b"native",
        Contract::Gateway => b"gateway",
    };
    digest(&[FORMAT, contract, base.as_bytes(), key.expose_secret().as_bytes()])
}

/// Of parts that are told apart wherever they end.
fn digest(parts: &[&[u8]]) -> Fingerprint {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// Where the reports on one question are kept.
pub(crate) struct Shelf {
    archive: Arc<Archive>,
    core: Core,
    fingerprint: Fingerprint,
    question: Vec<u8>,
    /// When the question was asked.
    since: DateTime<Utc>,
    /// Whether the store did not answer in time: then the rest of the question does without it.
    gave_up: AtomicBool,
}

impl Shelf {
    fn key(&self, venue: &VenueId) -> StoreKey {
        self.key_of(&self.question, venue)
    }

    fn key_of(&self, question: &[u8], venue: &VenueId) -> StoreKey {
        let digest = digest(&[&self.fingerprint, question, venue.as_str().as_bytes()]);
        let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        StoreKey(digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect())
    }

    /// The report, if it is there and good, and its age.
    pub(crate) async fn take<R: Kind>(&self, venue: &VenueId) -> Option<(Fetched<Outcome<R>>, Duration)> {
        let (key, now) = (self.key(venue), self.core.clock().now_utc());
        let stored = self.patiently(self.archive.store.get(&key)).await??;
        let left = (stored.expires_at - now).to_std().ok().filter(|left| !left.is_zero());
        let current = stored.stored_at <= now + SKEW && !self.is_outdated(venue, stored.stored_at).await;
        let report = serde_json::from_str(&stored.json).ok().filter(|_| current);
        let Some((ttl, report)) = left.zip(report) else {
            self.remove(venue).await;
            return None;
        };
        let age = (now - stored.stored_at).to_std().unwrap_or_default();
        Some((Fetched { value: Outcome::ready(report), bytes: stored.json.len(), ttl }, age))
    }

    /// Whether the place has been changed since. Only the account's own can be: complexes, and tags.
    async fn is_outdated(&self, venue: &VenueId, asked_at: DateTime<Utc>) -> bool {
        if !matches!(venue.entity_type(), Some(EntityType::Complex | EntityType::Tag)) {
            return false;
        }
        let mark = self.patiently(self.archive.store.get(&self.key_of(CHANGED, venue))).await.flatten();
        mark.is_some_and(|mark| asked_at <= mark.stored_at)
    }

    /// Forgets the report.
    pub(crate) async fn remove(&self, venue: &VenueId) {
        self.patiently(self.archive.store.remove(&self.key(venue))).await;
    }

    /// Keeps the report, unless it is another account's by now.
    pub(crate) async fn put<R: Kind>(&self, venue: &VenueId, report: &R, ttl: Duration) {
        let now = self.core.clock().now_utc();
        let expires_at = TimeDelta::from_std(ttl).ok().and_then(|ttl| now.checked_add_signed(ttl));
        let expires_at = expires_at.unwrap_or(DateTime::<Utc>::MAX_UTC);
        if self.archive.fingerprint() != self.fingerprint || ttl.is_zero() {
            return;
        }
        if let Ok(json) = serde_json::to_string(report) {
            let report = StoredReport::new(json, self.since, expires_at);
            self.patiently(self.archive.store.put(&self.key(venue), report)).await;
        }
    }

    /// What comes of it in time. Its failures are nobody's but the store's.
    async fn patiently<T>(&self, work: impl Future<Output = Result<T>>) -> Option<T> {
        if self.gave_up.load(Ordering::Relaxed) {
            return None;
        }
        let clock = self.core.clock();
        let outcome = match select(pin!(work), clock.deadline(clock.now() + PATIENCE)).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => {
                self.gave_up.store(true, Ordering::Relaxed);
                Err(Error::new(ErrorKind::Timeout, "the report store did not answer in time"))
            }
        };
        outcome.inspect_err(|error| tracing::warn!(%error, "the report store failed")).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_contracts_and_addresses_are_told_apart_and_not_told() {
        let print = |contract, base, key: &str| fingerprint(contract, base, &SecretString::from(key.to_owned()));
        let all = [
            print(Contract::Native, "https://a", "secret"),
            print(Contract::Gateway, "https://a", "secret"),
            print(Contract::Native, "https://as", "ecret"),
            print(Contract::Native, "https://a", "other"),
        ];
        for (n, one) in all.iter().enumerate() {
            assert!(all.iter().skip(n + 1).all(|other| other != one));
        }
        assert_eq!(all[0], print(Contract::Native, "https://a", "secret"));
    }
}

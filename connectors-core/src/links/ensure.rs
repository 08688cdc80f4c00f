//! Creating at most once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use super::turns::Turns;
use super::{Link, LinkKey, LinkStore, Remote};
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};

/// Between a create that broke off and the look that decides whether to repeat it: time for the provider to show
/// what it did.
const SETTLE: Duration = Duration::from_secs(1);

/// The same when nobody saw how the create ended: when a gateway gave up waiting for the provider, or when the call that
/// sent it was dropped, or died with its process.
const SETTLE_UNSEEN: Duration = Duration::from_secs(30);

/// How often one call sends the create at most.
const MAX_CREATES: u32 = 3;

/// What a provider found when asked whether an earlier create took effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// It did: this is what was created.
    Found(Remote),
    /// It did not.
    Absent,
    /// The contract cannot look it up.
    Unavailable,
}

/// How [`Links::ensure`] came by a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ensured {
    /// It was recorded before; nothing was sent.
    Existing(Link),
    /// Created now.
    Created(Link),
    /// An earlier or ambiguous create turned out to have been applied.
    Recovered(Link),
}

impl Ensured {
    /// The link, however it came about.
    pub fn link(&self) -> &Link {
        let (Self::Existing(link) | Self::Created(link) | Self::Recovered(link)) = self;
        link
    }

    /// The provider's id of the thing.
    pub fn remote_id(&self) -> &str {
        self.link().remote_id.as_deref().unwrap_or_default()
    }

    /// Whether the link was not on record before this call: created or recovered.
    pub fn is_new(&self) -> bool {
        !matches!(self, Self::Existing(_))
    }
}

/// The links of one store. A clone is another handle; calls for one key take turns within all handles.
#[derive(Debug, Clone)]
pub struct Links(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Arc<dyn LinkStore>,
    clock: Arc<dyn Clock>,
    turns: Turns,
}

impl Links {
    /// Links kept in `store`. Make it once per store: two of them do not know of each other's turns.
    pub fn new(store: Arc<dyn LinkStore>, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner { store, clock, turns: Turns::default() }))
    }

    /// The link of `key`: the one on record, or that of what `create` makes.
    ///
    /// `create` sends the create once, without repeating what may have been applied. `lookup` asks the provider
    /// whether a create for this key took effect, by whatever the contract allows to find it by.
    ///
    /// | on record | create | lookup | outcome |
    /// |---|---|---|---|
    /// | linked | | | `Existing` |
    /// | intent of an earlier call | | found | `Recovered` |
    /// | | | unavailable | [`Conflict`](ErrorKind::Conflict), maybe applied: see below |
    /// | | | failed | the lookup's error |
    /// | | | absent | again once the intent is 30 s old: until then, that create may still be on its way |
    /// | nothing, or such an intent found absent | done | | `Created` |
    /// | | refused, or not sent | | its error; the intent goes if no other create is open |
    /// | | timed out | found | `Recovered` |
    /// | | | anything else | its error, maybe applied: the provider may still be at it |
    /// | | failed otherwise, maybe applied | found | `Recovered` |
    /// | | | absent | again after 1 s (30 s after a 504); if absent still, create again, twice at most |
    /// | | | unavailable, or failed | its error, maybe applied |
    ///
    /// An error that says [`maybe_applied`](Error::maybe_applied) leaves the intent on record, and so does dropping
    /// the future once the intent is recorded: the next call looks before it creates. Where there is nothing to look
    /// with, a person has to: [`record`](Links::record) what was created, or [`forget`](Links::forget) the intent
    /// if nothing was. If the store fails after the create, the [`Storage`](ErrorKind::Storage) error names the id.
    ///
    /// Calls for the same key wait for each other, so `create` must not call this for its own key.
    pub async fn ensure<C, CF, L, LF>(&self, key: &LinkKey, create: C, lookup: L) -> Result<Ensured>
    where
        C: Fn() -> CF + Send,
        CF: Future<Output = Result<Remote>> + Send,
        L: Fn() -> LF + Send,
        LF: Future<Output = Result<Lookup>> + Send,
    {
        self.ensure_noted(key, BTreeMap::new(), create, move |_| lookup()).await
    }

    /// As [`ensure`](Links::ensure), for things that can be found only by what they were created with. `notes` say that,
    /// and are kept with the intent; `lookup` gets those of the create that it is to look for. It may be one of an
    /// earlier call, which knew the thing under another name, or at another time.
    pub async fn ensure_noted<C, CF, L, LF>(
        &self,
        key: &LinkKey,
        notes: BTreeMap<String, String>,
        create: C,
        lookup: L,
    ) -> Result<Ensured>
    where
        C: Fn() -> CF + Send,
        CF: Future<Output = Result<Remote>> + Send,
        L: Fn(BTreeMap<String, String>) -> LF + Send,
        LF: Future<Output = Result<Lookup>> + Send,
    {
        let turn = self.0.turns.queue(key);
        let _held = turn.comes().await;

        let link = self.get(key).await?;
        let intended = |at| Link { attributes: notes.clone(), ..Link::intended(at) };
        // Whether a create may be on its way of which nobody knows the outcome.
        let mut open = link.is_some();
        match link {
            Some(link) if link.is_linked() => return Ok(Ensured::Existing(link)),
            Some(link) => {
                let mut found = lookup(link.attributes.clone()).await?;
                let age = (self.0.clock.now_utc() - link.at).to_std().unwrap_or_default();
                let too_young = SETTLE_UNSEEN.saturating_sub(age);
                if found == Lookup::Absent && !too_young.is_zero() {
                    self.0.clock.sleep(too_young).await;
                    found = lookup(link.attributes.clone()).await?;
                }
                match found {
                    Lookup::Found(remote) => return self.put(key, remote).await.map(Ensured::Recovered),
                    Lookup::Unavailable => return Err(unresolved(key)),
                    // The next create may differ from the one that is not there.
                    Lookup::Absent if link.attributes != notes => self.0.store.put(key, intended(link.at)).await?,
                    Lookup::Absent => {}
                }
            }
            None => self.0.store.put(key, intended(self.0.clock.now_utc())).await?,
        }

        let mut creates = 0;
        loop {
            creates += 1;
            let error = match create().await {
                Ok(remote) => return self.put(key, remote).await.map(Ensured::Created),
                Err(error) => error,
            };
            if !error.maybe_applied() {
                if !open {
                    // An intent that stays costs a lookup; the caller needs the create's error more than the store's.
                    let _ = self.0.store.remove(key).await;
                }
                return Err(error);
            }
            open = true;
            for again in [false, true] {
                if again {
                    self.0.clock.sleep(settle(&error)).await;
                }
                match lookup(notes.clone()).await {
                    Ok(Lookup::Found(remote)) => return self.put(key, remote).await.map(Ensured::Recovered),
                    // After an answer or a reset the provider is done with it; after a timeout it may not be.
                    Ok(Lookup::Absent) if error.kind() != ErrorKind::Timeout => {}
                    Ok(_) => return Err(error),
                    Err(looking) => return Err(error.with_hint(format!("looking for it failed, too: {looking}"))),
                }
            }
            if creates == MAX_CREATES {
                return Err(error);
            }
        }
    }

    /// The link of `key`, if there is one; it may be an intent.
    pub async fn get(&self, key: &LinkKey) -> Result<Option<Link>> {
        self.0.store.get(key).await
    }

    /// Records what is known to exist, in place of what was on record: how a person resolves an open intent.
    pub async fn record(&self, key: &LinkKey, remote: Remote) -> Result<Link> {
        let turn = self.0.turns.queue(key);
        let _held = turn.comes().await;
        self.put(key, remote).await
    }

    /// Changes the attributes of a link, and returns it changed.
    ///
    /// Fails with [`ErrorKind::NotFound`] if nothing is linked under `key`.
    pub async fn update(
        &self,
        key: &LinkKey,
        change: impl FnOnce(&mut BTreeMap<String, String>) + Send,
    ) -> Result<Link> {
        let turn = self.0.turns.queue(key);
        let _held = turn.comes().await;
        let Some(mut link) = self.get(key).await?.filter(Link::is_linked) else {
            return Err(Error::new(ErrorKind::NotFound, format!("nothing is linked as {key}")));
        };
        change(&mut link.attributes);
        self.0.store.put(key, link.clone()).await?;
        Ok(link)
    }

    /// Forgets the link or intent of `key`, and nothing at the provider: the next `ensure` creates anew.
    pub async fn forget(&self, key: &LinkKey) -> Result<()> {
        let turn = self.0.turns.queue(key);
        let _held = turn.comes().await;
        self.0.store.remove(key).await
    }

    /// All links of a provider, kind and scope, intents among them.
    pub async fn list(&self, provider: &str, kind: &str, scope: &str) -> Result<Vec<(LinkKey, Link)>> {
        self.0.store.list(provider, kind, scope).await
    }

    /// Our things of a provider, kind and scope that are linked to this one of theirs.
    pub async fn linked_to(&self, provider: &str, kind: &str, scope: &str, remote_id: &str) -> Result<Vec<LinkKey>> {
        self.0.store.linked_to(provider, kind, scope, remote_id).await
    }

    /// Where the links are kept.
    pub fn store(&self) -> &Arc<dyn LinkStore> {
        &self.0.store
    }

    async fn put(&self, key: &LinkKey, remote: Remote) -> Result<Link> {
        let link = Link::linked(remote, self.0.clock.now_utc());
        match self.0.store.put(key, link.clone()).await {
            Ok(()) => Ok(link),
            Err(error) => Err(unrecorded(key, link.remote_id.as_deref().unwrap_or_default(), error)),
        }
    }
}

/// How long to wait before absent is believed. A gateway that gave up waiting says little about who works behind it.
fn settle(error: &Error) -> Duration {
    if error.status() == Some(StatusCode::GATEWAY_TIMEOUT) { SETTLE_UNSEEN } else { SETTLE }
}

fn unresolved(key: &LinkKey) -> Error {
    Error::new(ErrorKind::Conflict, format!("an earlier create of the {key} may have been applied"))
        .with_maybe_applied(true)
        .with_hint("look for it at the provider, then `record` what is there or `forget` the link to create it anew")
}

fn unrecorded(key: &LinkKey, remote_id: &str, source: Error) -> Error {
    Error::new(ErrorKind::Storage, format!("the {key} exists as `{remote_id}`, but that could not be recorded"))
        .with_maybe_applied(true)
        .with_hint("`record` it once the store works again")
        .with_source(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_gateway_gave_up_on_gets_more_time_to_show() {
        let failed = |status| Error::new(ErrorKind::Server, "failed").with_status(status);
        assert!(settle(&failed(StatusCode::GATEWAY_TIMEOUT)) > settle(&failed(StatusCode::INTERNAL_SERVER_ERROR)));
    }
}

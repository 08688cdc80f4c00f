//! Events.

use connectors_core::provider::{Call, Operation};
use connectors_core::wire::lenient;
use connectors_core::{BoxFuture, Error, ErrorKind, Request, Response, Result};
use http::Method;
use serde::{Deserialize, Serialize};

use super::event_draft::WireDraft;
use super::event_list::{FILTER, LIST};
use super::request::{CallExt, operation, resource};
use super::{Activity, CountStatuses, EventDraft, ListEvents, RemoteEvent, RemoteEventId, SuggestionGroup};

pub(super) static GET: Operation = operation(Method::GET, "events.get", "/events/{id}.json");
static CREATE: Operation = operation(Method::POST, "events.create", "/events.json");
pub(super) static UPDATE: Operation = operation(Method::PUT, "events.update", "/events/{id}.json");
static REQUIRING_ATTENTION: Operation =
    operation(Method::GET, "events.requiring_attention", "/events/requiring_attention.json");
static AUTOCOMPLETE: Operation = operation(Method::GET, "events.autocomplete", "/events/autocomplete.json");
static DETAILS_COUNTERS: Operation =
    operation(Method::GET, "events.details_counters", "/events/{id}/details_counters.json");

resource! {
    /// The endpoints of events: [`Native::events`](super::Native::events). There is none to delete one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_brandscopic::native::{Activity, EventDraft, Recap};
    /// # use connectors_brandscopic::{Contract, native::{PlaceId, PlaceReference}};
    /// # use connectors_mock::MockBrandscopic;
    /// # let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(9).build()?;
    /// # let campaign = mock.fake().projects()[0].id.into();
    /// # let place = PlaceReference::Place(PlaceId::new(mock.fake().venues()[0].place_id));
    /// # let (start, end) = ("2026-05-02T17:00:00".parse().unwrap(), "2026-05-02T20:00:00".parse().unwrap());
    ///
    /// let events = mock.client().native()?.events();
    /// let event = events.create(&EventDraft::new(campaign, start, end).place(place)).await?;
    /// events.update(event.id, &EventDraft::change().description("Grand tasting")).await?;
    ///
    /// events.submit(event.id).await?;
    /// events.reject(event.id, "How many samples?").await?;
    /// events.submit(event.id).await?;
    /// events.approve(event.id).await?;
    /// assert_eq!(events.get(event.id).await?.event_status, Recap::Approved);
    ///
    /// let mine = events.list().campaigns([campaign]).status([Activity::Active]).on(start.date()).await?;
    /// let same = events.filter().campaigns([campaign]).on(start.date()).await?;
    /// assert_eq!((mine.total, mine.results), (1, same.results));
    /// let approved = events.status_facets().campaigns([campaign]).event_status([Recap::Approved]).await?;
    /// assert!(approved.iter().any(|facet| facet.count > 0));
    /// assert!(!events.requiring_attention().await?.is_empty());
    /// assert_eq!(events.autocomplete("tast").await?[0].suggestions[0].filter, "campaign");
    /// assert_eq!(events.details_counters(event.id).await?.photos.count, 0);
    /// assert_eq!(events.deactivate(event.id).await?.status, Activity::Inactive);
    /// # events.activate(event.id).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub struct Events;
}

/// The body of a write.
#[derive(Serialize)]
struct Body<'a> {
    event: WireDraft<'a>,
}

impl Events {
    /// The events of the company, the earliest first. Await it for one page, or read all through its
    /// [`pager`](ListEvents::pager).
    pub fn list(&self) -> ListEvents {
        ListEvents::new(self.0.clone(), &LIST)
    }

    /// As [`list`](Self::list), for filters too long for an address: they are sent in a body.
    pub fn filter(&self) -> ListEvents {
        ListEvents::new(self.0.clone(), &FILTER)
    }

    /// How many events there are of each status. They cannot be narrowed by days: the server does not heed that here.
    pub fn status_facets(&self) -> CountStatuses {
        CountStatuses::new(self.0.clone())
    }

    /// Events whose recap is late, due or rejected, and those of today without one; 30 at most, and there is no telling
    /// whether there are more.
    pub fn requiring_attention(&self) -> Request<Vec<RemoteEvent>> {
        Request::new(self.0.call(&REQUIRING_ATTENTION))
    }

    /// What lists could be narrowed by that fits what somebody has typed.
    pub fn autocomplete(&self, typed: &str) -> Request<Vec<SuggestionGroup>> {
        Request::new(self.0.call(&AUTOCOMPLETE).query("q", typed))
    }

    /// One event, whole. The user's notification of it as new is gone then.
    pub fn get(&self, id: RemoteEventId) -> Request<RemoteEvent> {
        Request::new(self.0.call(&GET).id("id", id.get()))
    }

    /// Creates an event. Brandscopic takes no key of ours: doing it twice makes two.
    pub fn create(&self, draft: &EventDraft) -> Request<RemoteEvent> {
        Request::new(self.0.call(&CREATE).json(&Body { event: draft.to_wire() })).check(draft.complete())
    }

    /// Changes what the draft names and leaves the rest. What the user's role may not change is silently ignored by
    /// the server: the answer tells what became of it.
    pub fn update(&self, id: RemoteEventId, change: &EventDraft) -> Request<RemoteEvent> {
        Request::new(self.updating(id, change)).check(change.changes())
    }

    /// Activates an event.
    ///
    /// Fails with [`PermissionDenied`](ErrorKind::PermissionDenied) if the server ignores it.
    pub fn activate(&self, id: RemoteEventId) -> Request<RemoteEvent> {
        Request::with(self.updating(id, &EventDraft::change().active(true)), |call| now(call, Activity::Active))
    }

    /// Deactivates an event, which is as near to deleting it as Brandscopic gets. Needs a permission of its own.
    ///
    /// Fails with [`PermissionDenied`](ErrorKind::PermissionDenied) if the server ignores it.
    pub fn deactivate(&self, id: RemoteEventId) -> Request<RemoteEvent> {
        Request::with(self.updating(id, &EventDraft::change().active(false)), |call| now(call, Activity::Inactive))
    }

    /// How much there is on an event, and how much its campaign asks for.
    pub fn details_counters(&self, id: RemoteEventId) -> Request<EventCounters> {
        #[derive(Deserialize)]
        struct Wire {
            counters: EventCounters,
        }
        impl From<Wire> for EventCounters {
            fn from(wire: Wire) -> Self {
                wire.counters
            }
        }
        Request::mapped::<Wire>(self.0.call(&DETAILS_COUNTERS).id("id", id.get()))
    }

    fn updating(&self, id: RemoteEventId, change: &EventDraft) -> Call {
        self.0.call(&UPDATE).id("id", id.get()).json(&Body { event: change.to_wire() })
    }
}

/// Sends the change of an event, which must be so from then on.
fn now(call: Call, status: Activity) -> BoxFuture<Result<Response<RemoteEvent>>> {
    Box::pin(async move {
        let operation = call.operation();
        let changed = call.send::<RemoteEvent>().await?;
        if changed.status == status {
            return Ok(changed);
        }
        let meta = changed.meta();
        Err(ignored().with_origin(operation.provider, operation.name).with_attempts(meta.attempts, meta.elapsed))
    })
}

/// The server says that all is well, and has done nothing.
pub(super) fn ignored() -> Error {
    Error::new(ErrorKind::PermissionDenied, "Brandscopic took the change and ignored it")
        .with_hint("the user's role must have the permission to edit events")
}

/// How much there is on an event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct EventCounters {
    /// Contacts.
    pub contacts: Counter,
    /// Tasks of the user.
    pub user_tasks: Counter,
    /// Tasks of the user's team.
    pub team_tasks: Counter,
    /// Documents.
    pub documents: Counter,
    /// Activities.
    pub activities: Counter,
    /// Invites.
    pub attendance: Counter,
    /// Photos.
    pub photos: Counter,
    /// Expenses.
    pub expenses: Counter,
    /// Comments.
    pub comments: Counter,
}

/// How much there is of something, and how much the campaign asks for. Limits are known of photos, expenses and
/// comments alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Counter {
    /// How much there is.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub count: u64,
    /// How much there must be before the recap can be submitted.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub min: Option<u64>,
    /// How much there can be.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub max: Option<u64>,
}

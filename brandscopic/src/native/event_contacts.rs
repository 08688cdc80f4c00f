//! Contacts of events.

use std::fmt;

use connectors_core::provider::{Call, Operation};
use connectors_core::wire::lenient;
use connectors_core::{Request, request};
use http::Method;
use serde::{Deserialize, Serialize};

use super::request::{CallExt, done, operation, positive, removed, resource};
use super::{CompanyUserId, Contact, ContactId, RemoteEventId, User};

static LIST: Operation = operation(Method::GET, "event_contacts.list", "/events/{event}/contacts.json");
static ASSIGNABLE: Operation =
    operation(Method::GET, "event_contacts.assignable", "/events/{event}/assignable_contacts.json");
static ADD: Operation = operation(Method::POST, "event_contacts.add", "/events/{event}/contacts.json");
static REMOVE: Operation = operation(Method::DELETE, "event_contacts.remove", "/events/{event}/contacts.json");

/// Who is or is to be a contact of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventContactId {
    /// Somebody in the company's address book.
    Contact(ContactId),
    /// A user of the company.
    User(CompanyUserId),
}

impl EventContactId {
    fn parts(self) -> (&'static str, i64) {
        match self {
            Self::Contact(id) => ("contact", id.get()),
            Self::User(id) => ("user", id.get()),
        }
    }
}

/// A contact of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[non_exhaustive]
pub enum EventContact {
    /// Somebody in the company's address book.
    Contact(Box<Contact>),
    /// A user of the company.
    User(Box<User>),
    /// A contact of a kind that this version does not know.
    #[serde(other)]
    Other,
}

impl EventContact {
    /// What it is added and removed by.
    pub fn id(&self) -> Option<EventContactId> {
        match self {
            Self::Contact(contact) => Some(EventContactId::Contact(contact.id)),
            Self::User(user) => Some(EventContactId::User(user.id)),
            Self::Other => None,
        }
    }
}

/// Somebody who could become a contact of an event. `Debug` does not show the name.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
#[non_exhaustive]
pub struct AssignableContact {
    /// Whom to add; `None` if they are of a kind that this version does not know.
    pub id: Option<EventContactId>,
    /// First and last name.
    pub full_name: String,
    /// What they do.
    pub title: Option<String>,
}

impl fmt::Debug for AssignableContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, full_name: _, title } = self;
        f.debug_struct("AssignableContact").field("id", id).field("title", title).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(deserialize_with = "lenient::number")]
    id: i64,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "lenient::or_default")]
    full_name: String,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    title: Option<String>,
}

impl From<Wire> for AssignableContact {
    fn from(Wire { id, kind, full_name, title }: Wire) -> Self {
        let id = match kind.as_str() {
            "contact" => Some(EventContactId::Contact(ContactId::new(id))),
            "user" => Some(EventContactId::User(CompanyUserId::new(id))),
            _ => None,
        };
        Self { id, full_name, title }
    }
}

resource! {
    /// The endpoints of an event's contacts: [`Native::event_contacts`](super::Native::event_contacts).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_brandscopic::native::EventContact;
    /// # use connectors_brandscopic::{Contract, native::RemoteEventId};
    /// # use connectors_mock::MockBrandscopic;
    /// # let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    /// # let event = RemoteEventId::new(mock.fake().events()[0].id);
    ///
    /// let event_contacts = mock.client().native()?.event_contacts();
    /// for free in event_contacts.assignable(event).await?.iter().filter_map(|free| free.id) {
    ///     event_contacts.add(event, free).await?;
    /// }
    /// let there = event_contacts.list(event).await?;
    /// assert!(there.iter().any(|contact| matches!(contact, EventContact::User(_))));
    /// for contact in there.iter().filter_map(|contact| contact.id()) {
    ///     event_contacts.remove(event, contact).await?;
    /// }
    /// assert!(event_contacts.list(event).await?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub struct EventContacts;
}

request! {
    /// Lists who could become a contact of an event.
    pub struct AssignableContacts => Vec<AssignableContact>;
    /// Only those whom this text fits.
    set term: &str = "term";
}

impl EventContacts {
    /// The contacts of an event.
    pub fn list(&self, event: RemoteEventId) -> Request<Vec<EventContact>> {
        Request::new(self.0.call(&LIST).id("event", event.get()))
    }

    /// Users and people of the address book who could be added to the contacts of an event.
    pub fn assignable(&self, event: RemoteEventId) -> AssignableContacts {
        AssignableContacts(Request::new(self.0.call(&ASSIGNABLE).id("event", event.get())))
    }

    /// Adds somebody to the contacts of an event.
    pub fn add(&self, event: RemoteEventId, contact: EventContactId) -> Request<()> {
        #[derive(Serialize)]
        struct Body {
            contactable_id: i64,
            contactable_type: &'static str,
        }
        let (contactable_type, contactable_id) = contact.parts();
        let call = self.0.call(&ADD).id("event", event.get()).json(&Body { contactable_id, contactable_type });
        done(checked(call, contactable_id))
    }

    /// Takes somebody out of the contacts of an event; the address book keeps them.
    pub fn remove(&self, event: RemoteEventId, contact: EventContactId) -> Request<()> {
        let (kind, id) = contact.parts();
        let call = self.0.call(&REMOVE).id("event", event.get());
        removed(checked(call, id).query("contactable_id", id).query("contactable_type", kind))
    }
}

fn checked(call: Call, id: i64) -> Call {
    call.check(positive("contactable_id", id))
}

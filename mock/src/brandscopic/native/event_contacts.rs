//! Contacts of events.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::state::State;
use super::asked::Asked;
use super::members::named;
use super::{Outcome, done, not_found, not_saved, ok, problem, subject, views};

/// A kind, and an id of it.
type Contact = (&'static str, i64);

/// Events and their contacts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(#[serde(deserialize_with = "subject::all")] Vec<(i64, Contact)>);

impl Store {
    /// How many an event has.
    pub(super) fn count(&self, event: i64) -> u64 {
        self.0.iter().filter(|(known, _)| *known == event).count() as u64
    }
}

/// Everybody there is: name, title, and how a list shows them.
fn all(state: &State) -> Vec<(Contact, String, String, Value)> {
    let users = state.stores.users.all().map(|user| {
        let view = views::with(user.listed(), json!({"type": "user"}));
        (("user", user.id), user.full_name(), user.role_name().to_owned(), view)
    });
    let contacts = state.stores.contacts.all().map(|contact| {
        let view = views::with(contact.view(), json!({"type": "contact"}));
        (("contact", contact.id), contact.full_name(), contact.title().to_owned(), view)
    });
    let mut all: Vec<_> = users.chain(contacts).collect();
    all.sort_by(|one, other| one.1.cmp(&other.1));
    all
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let event = asked.id("event")?;
    state.event(event).ok_or_else(not_found)?;
    let is_there = |state: &State, contact: Contact| state.stores.event_contacts.0.contains(&(event, contact));
    match asked.method() {
        "list" => {
            let mut there = all(state);
            there.retain(|(contact, ..)| is_there(state, *contact));
            ok(there.into_iter().map(|(.., view)| view).collect())
        }
        "assignable" => {
            let term = asked.query("term").unwrap_or_default().to_lowercase();
            let mut free = all(state);
            free.retain(|(contact, name, ..)| name.to_lowercase().contains(&term) && !is_there(state, *contact));
            let view = |((kind, id), name, title, _): (Contact, String, String, Value)| json!({"id": id, "full_name": name, "title": title, "type": kind});
            ok(free.into_iter().map(view).collect())
        }
        method => {
            let contact = named(asked, "contactable")?;
            let known = all(state).iter().any(|(known, ..)| *known == contact);
            let (there, contacts) = (is_there(state, contact), &mut state.stores.event_contacts.0);
            match (method, there) {
                ("add", _) if !known => Err(not_saved(problem("contactable", "can't be blank"))),
                ("add", true) => Err(not_saved(problem("contactable_id", "has already been taken"))),
                ("add", false) => {
                    contacts.push((event, contact));
                    done("Contact successfully added to event")
                }
                (_, false) => Err(not_found()),
                (_, true) => {
                    contacts.retain(|known| *known != (event, contact));
                    done("Contact successfully deleted from event")
                }
            }
        }
    }
}

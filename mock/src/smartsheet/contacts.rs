//! Contacts.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::asked::{Asked, Outcome};
use super::lists::by_page;
use super::problem::Problem;
use super::state::State;

/// What is held of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store {
    contacts: Vec<Contact>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Contact {
    id: String,
    name: String,
    email: String,
    modified_at: DateTime<Utc>,
}

const CONTACTS: [(&str, &str, &str); 4] = [
    ("AAAAATYU54QAD7_fNhTnhMRc", "Rosa Lindqvist", "rosa.lindqvist@venue.example"),
    ("AAAAATYU54QAD7_fNhTnhXkp", "Jamal Carter", "jamal.carter@agency.example"),
    ("AAAAATYU54QAD7_fNhTnh2vB", "Mall management", "office@mall.example"),
    ("AAAAATYU54QAD7_fNhTnh9Zq", "Greta Olsen", "greta.olsen@print.example"),
];

impl Store {
    pub(super) fn seeded(now: DateTime<Utc>) -> Self {
        let contact = |(days, (id, name, email)): (i64, (&str, &str, &str))| {
            let [id, name, email] = [id, name, email].map(str::to_owned);
            Contact { id, name, email, modified_at: now - TimeDelta::days(days) }
        };
        Self { contacts: (10..).step_by(40).zip(CONTACTS).map(contact).collect() }
    }
}

fn shown(contact: &Contact) -> Value {
    json!({ "id": contact.id, "name": contact.name, "email": contact.email })
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let contacts = &state.contacts.contacts;
    let answer = match asked.name() {
        "contacts.list" => {
            let since = asked.query.time("modifiedSince")?;
            let wanted = contacts.iter().filter(|contact| since.is_none_or(|since| contact.modified_at > since));
            by_page(&wanted.map(shown).collect::<Vec<_>>(), &asked.query)?
        }
        "contacts.get" => {
            let image = !asked.query.words("include", &["profileImage"])?.is_empty();
            let found = contacts.iter().find(|contact| contact.id == asked.text("contactId"));
            let mut shown = found.map(shown).ok_or_else(Problem::not_found)?;
            if let (true, Some(shown)) = (image, shown.as_object_mut()) {
                let image = json!({ "imageId": "u!1!nAtdn5RJB_o!mock", "height": 1050, "width": 1050 });
                shown.insert("profileImage".into(), image);
            }
            shown
        }
        _ => return Err(asked.unknown()),
    };
    Ok(answer.into())
}

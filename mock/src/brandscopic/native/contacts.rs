//! The company's address book.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::super::state::State;
use super::asked::Asked;
use super::{Outcome, Problems, countries, not_found, not_saved, ok, problem};

/// What a contact cannot be without.
const REQUIRED: [&str; 5] = ["first_name", "last_name", "country", "state", "city"];

/// Somebody in the address book.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Contact {
    pub(super) id: i64,
    texts: BTreeMap<String, String>,
}

impl Contact {
    fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    pub(super) fn full_name(&self) -> String {
        format!("{} {}", self.text("first_name"), self.text("last_name"))
    }

    pub(super) fn title(&self) -> &str {
        self.text("title")
    }

    pub(super) fn view(&self) -> Value {
        let mut view: Map<_, _> = self.texts.iter().map(|(name, text)| (name.clone(), json!(text))).collect();
        let street = format!("{} {}", self.text("street1"), self.text("street2")).trim().to_owned();
        let more = [
            ("id", json!(self.id)),
            ("full_name", json!(self.full_name())),
            ("street_address", json!(street)),
            ("country_name", json!(countries::name(self.text("country")))),
        ];
        view.extend(more.map(|(name, value)| (name.to_owned(), value)));
        view.into()
    }

    fn problems(&self) -> Problems {
        let mut problems = Problems::new();
        for name in REQUIRED.iter().filter(|name| self.text(name).trim().is_empty()) {
            problems.extend(problem(name, "can't be blank"));
        }
        let (country, state, email) = (self.text("country"), self.text("state"), self.text("email"));
        if !country.is_empty() && countries::name(country).is_none() {
            problems.extend(problem("country", "is not valid"));
        } else if !state.is_empty() && !countries::has_state(country, state) {
            problems.extend(problem("state", "is not valid"));
        }
        if !email.is_empty() && !email.contains('@') {
            problems.extend(problem("email", "is invalid"));
        }
        problems
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Store(Vec<Contact>);

impl Default for Store {
    fn default() -> Self {
        let contact = |id, first, last, title, (city, state)| {
            let texts = [
                ("first_name", first),
                ("last_name", last),
                ("title", title),
                ("company_name", "Copper Kettle Group"),
                ("city", city),
                ("state", state),
                ("country", "US"),
            ];
            Contact {
                id,
                texts: texts.into_iter().map(|(name, text): (&str, &str)| (name.to_owned(), text.to_owned())).collect(),
            }
        };
        Self(vec![
            contact(951, "Dana", "Whitfield", "Bar manager", ("New York", "NY")),
            contact(952, "Eli", "Navarro", "Buyer", ("Chicago", "IL")),
        ])
    }
}

impl Store {
    /// All contacts.
    pub(super) fn all(&self) -> impl Iterator<Item = &Contact> {
        self.0.iter()
    }

    pub(super) fn find(&self, id: i64) -> Option<&Contact> {
        self.0.iter().find(|contact| contact.id == id)
    }
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "list" => return ok(state.stores.contacts.all().map(Contact::view).collect()),
        "get" => return ok(state.stores.contacts.find(asked.id("id")?).ok_or_else(not_found)?.view()),
        _ => {}
    }
    let mut contact = match asked.method() {
        "create" => Contact::default(),
        _ => state.stores.contacts.find(asked.id("id")?).ok_or_else(not_found)?.clone(),
    };
    let sent =
        asked.operation.members.iter().filter_map(|name| Some(((*name).to_owned(), asked.sent.text(name)?.to_owned())));
    contact.texts.extend(sent);
    let problems = contact.problems();
    if !problems.is_empty() {
        return Err(not_saved(problems));
    }
    if let Some(known) = state.stores.contacts.0.iter_mut().find(|known| known.id == contact.id) {
        *known = contact;
        return ok(known.view());
    }
    contact.id = state.fresh_id();
    let view = contact.view();
    state.stores.contacts.0.push(contact);
    ok(view)
}

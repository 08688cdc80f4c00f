//! Which events a list is about.

use chrono::NaiveDate;
use serde_json::Value;

use super::super::answer::Answer;
use super::super::fields;
use super::super::state::{FakeEvent, FakePlace, State};
use super::asked::Asked;
use super::{areas, bad_parameter, brands};

/// How many events a page holds.
pub(super) const PAGE: usize = 30;

/// What is asked for, in the query or in the body.
pub(super) struct Wanted<'a> {
    asked: &'a Asked<'a>,
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
}

impl<'a> Wanted<'a> {
    /// Days must be texts, the others lists. Where there are facets, nobody looks at the days.
    pub(super) fn read(asked: &'a Asked<'a>) -> Result<Self, Answer> {
        let wrong = |name: &str| bad_parameter(&format!("Invalid parameter {name}"));
        for name in ["campaign", "place", "venue", "area", "user", "team", "brand", "status", "event_status"] {
            // An empty list is read as null.
            if asked.sent.get(name).is_some_and(|value| value.as_array().is_none_or(Vec::is_empty)) {
                return Err(wrong(name));
            }
        }
        let day = |name: &str| match (asked.sent.get(name), asked.method()) {
            (_, "status_facets") => Ok(None),
            (None, _) => asked.day(name),
            (Some(value), _) => value.as_str().and_then(fields::date).map(Some).ok_or_else(|| wrong(name)),
        };
        Ok(Self { asked, first: day("start_date")?, last: day("end_date")? })
    }

    /// The values of a filter: parameters of the query have brackets.
    fn values(&self, name: &str) -> Vec<String> {
        let sent = self.asked.sent.get(name).and_then(Value::as_array);
        let sent =
            sent.into_iter().flatten().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        self.asked.all(&format!("{name}[]")).map(str::to_owned).chain(sent).collect()
    }

    /// Whether a filter has no values or has one of these.
    fn has<T: ToString>(&self, name: &str, these: impl IntoIterator<Item = T>) -> bool {
        let values = self.values(name);
        values.is_empty() || these.into_iter().any(|this| values.contains(&this.to_string()))
    }

    fn fits(&self, state: &State, event: &FakeEvent) -> bool {
        let day = state.local(event.start).date();
        let now = self.asked.now;
        let venue = event.place.and_then(|id| state.venue(id));
        self.has("campaign", [event.project])
            && self.has("place", event.place)
            && self.has("venue", venue.map(FakePlace::venue_id))
            && self.has(
                "area",
                areas::all().iter().filter(|area| venue.is_some_and(|at| area.has(at))).map(|area| area.id),
            )
            && self.has("brand", brands::of_campaign(state, event.project).into_iter().flatten().map(|brand| brand.id))
            && self.has("user", state.stores.members.of(event.id, "user"))
            && self.has("team", state.stores.members.of(event.id, "team"))
            && self.has("status", [if event.inactive { "Inactive" } else { "Active" }])
            && (self.has("event_status", [event.native_status(now)])
                || now > event.end && self.has("event_status", ["Executed"]))
            && self.first.is_none_or(|first| (first..=self.last.unwrap_or(first)).contains(&day))
    }

    /// The events, the earliest first.
    pub(super) fn events<'s>(&self, state: &'s State) -> Vec<&'s FakeEvent> {
        let mut found: Vec<_> = state.events.iter().filter(|event| self.fits(state, event)).collect();
        found.sort_by_key(|event| (event.start, event.id));
        found
    }

    /// What the list was narrowed by.
    pub(super) fn applied(&self, state: &State) -> Value {
        let campaigns = self.values("campaign").into_iter().map(|id| {
            let named = state.projects.iter().find(|project| project.id.to_string() == id);
            let label = named.map_or_else(|| id.clone(), |project| project.name.clone());
            serde_json::json!({"label": label, "name": format!("campaign:{id}"), "expandible": false})
        });
        campaigns.collect()
    }

    /// The number of the page, and how it is echoed: a number by default, else as it was sent.
    pub(super) fn page(&self) -> (usize, Value) {
        match self.asked.sent.scalar("page") {
            Some(text) => (text.parse().unwrap_or(1).max(1), text.into()),
            None => self.asked.page(),
        }
    }
}

//! Areas: groups of the states that the venues are in.

use serde_json::{Value, json};

use super::super::state::{FakePlace, State};
use super::asked::Asked;
use super::{Outcome, not_found, ok};

/// An area.
pub(super) struct Area {
    pub(super) id: i64,
    pub(super) name: &'static str,
    states: &'static [&'static str],
}

const AREAS: [Area; 3] = [
    Area { id: 61, name: "Midwest", states: &["Illinois"] },
    Area { id: 62, name: "Northeast", states: &["New York", "Massachusetts"] },
    Area { id: 63, name: "West Coast", states: &["California"] },
];

impl Area {
    pub(super) fn has(&self, venue: &FakePlace) -> bool {
        self.states.contains(&venue.state.as_str())
    }

    pub(super) fn view(&self) -> Value {
        json!({"id": self.id, "name": self.name})
    }
}

/// By name.
pub(super) fn all() -> &'static [Area] {
    &AREAS
}

pub(super) fn find(id: i64) -> Option<&'static Area> {
    AREAS.iter().find(|area| area.id == id)
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    if asked.method() == "list" {
        return ok(AREAS.iter().map(Area::view).collect());
    }
    let area = find(asked.id("id")?).ok_or_else(not_found)?;
    let mut cities: Vec<_> = state.venues.iter().filter(|venue| area.has(venue)).collect();
    cities.sort_by_key(|venue| (&venue.city, &venue.state, venue.place_id));
    cities.dedup_by_key(|venue| (&venue.city, &venue.state));
    let view = |venue: &&FakePlace| json!({"id": venue.place_id + 70_000, "name": venue.city, "state": venue.state, "country": venue.country});
    ok(cities.iter().map(view).collect())
}

//! Venues, and places to make venues of.

use super::super::state::{FakePlace, State};
use super::asked::Asked;
use super::{Outcome, not_saved, ok, problem, views};

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "search" => search(state, asked),
        "create" => create(state, asked),
        _ => Err(asked.unknown()),
    }
}

fn search(state: &State, asked: &Asked<'_>) -> Outcome {
    let term = asked.required("term")?.to_lowercase();
    let hits = state.venues.iter().filter(|venue| venue.name.to_lowercase().contains(&term));
    ok(hits.take(10).map(views::hit).collect())
}

fn create(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let text = |name| asked.sent.text(name).unwrap_or_default().to_owned();
    // The map of this world has every city and street; only a number that is none, or a country, can be wrong.
    let numbered = text("street_number").starts_with(|c: char| c.is_ascii_digit());
    if !numbered || text("city").trim().is_empty() || text("country").len() != 2 {
        return Err(not_saved(problem("base", "The entered address doesn't seem to be valid")));
    }
    let street = format!("{} {}", text("street_number"), text("route")).trim().to_owned();
    let (name, city, state_name, zipcode, country) =
        (text("name"), text("city"), text("state"), text("zipcode"), text("country"));
    let venue = FakePlace { place_id: 0, name, street, city, state: state_name, zipcode, country, google_only: false };
    let id = state.add_venue(venue);
    ok(state.venue(id).map(views::place).unwrap_or_default())
}

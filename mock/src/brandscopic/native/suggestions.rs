//! What to narrow a list by, as somebody types.

use serde_json::{Value, json};

use super::super::state::State;

/// What fits what was typed, by kind.
pub(super) fn of(state: &State, typed: &str) -> Value {
    let campaigns = state.projects.iter().map(|project| (project.name.as_str(), project.id.to_string(), "campaign"));
    let places = state.venues.iter().filter(|venue| !venue.google_only);
    let places = places.map(|venue| (venue.name.as_str(), venue.venue_id().to_string(), "venue"));
    let word = |filter: &'static str| move |word: &&'static str| (*word, (*word).to_owned(), filter);
    let states = ["Active", "Inactive"];
    let statuses = ["Scheduled", "Executed", "Submitted", "Approved", "Rejected", "Late", "Due"];
    let groups = [
        ("Campaigns", campaigns.collect::<Vec<_>>()),
        ("Places", places.collect()),
        ("Active State", states.iter().map(word("status")).collect()),
        ("Event Status", statuses.iter().map(word("event_status")).collect()),
    ];
    let groups = groups.into_iter().map(|(label, all)| {
        let fitting = all.into_iter().filter_map(|(name, value, filter)| {
            Some(json!({"label": marked(name, typed)?, "value": value, "type": filter}))
        });
        (label, fitting.collect::<Vec<_>>())
    });
    groups.filter(|(_, hits)| !hits.is_empty()).map(|(label, hits)| json!({"label": label, "value": hits})).collect()
}

/// The name, with what was typed marked in it.
fn marked(name: &str, typed: &str) -> Option<String> {
    let at = name.to_ascii_lowercase().find(&typed.trim().to_ascii_lowercase())?;
    let (before, rest) = name.split_at_checked(at)?;
    let (hit, after) = rest.split_at_checked(typed.trim().len())?;
    Some(format!("{before}<i>{hit}</i>{after}"))
}

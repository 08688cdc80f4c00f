//! Events.

use chrono::{DateTime, Utc};
use serde_json::{Map, json};

use super::super::answer::Answer;
use super::super::fields::{self, Fields};
use super::super::state::{FakeEvent, FakePlace, State};
use super::asked::Asked;
use super::{Outcome, bad_parameter, not_found, not_saved, ok, views};

/// How many events a page holds.
const PAGE: usize = 30;

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "list" => list(state, asked),
        "get" => show(state, asked.id("id")?, asked.now),
        "create" => create(state, asked),
        "update" => update(state, asked),
        _ => Err(asked.unknown()),
    }
}

fn list(state: &State, asked: &Asked<'_>) -> Outcome {
    let (first, last) = (asked.day("start_date")?, asked.day("end_date")?);
    let matches = |event: &&FakeEvent| {
        let day = state.local(event.start).date();
        asked.one_of("campaign[]", Some(event.project))
            && asked.one_of("place[]", event.place)
            && asked.one_of("venue[]", event.place.and_then(|id| state.venue(id)).map(FakePlace::venue_id))
            && asked.spelt("status[]", if event.inactive { "Inactive" } else { "Active" })
            && asked.spelt("event_status[]", event.native_status(asked.now))
            && first.is_none_or(|first| (first..=last.unwrap_or(first)).contains(&day))
    };
    let mut found: Vec<_> = state.events.iter().filter(matches).collect();
    found.sort_by_key(|event| (event.start, event.id));
    let (number, echo) = asked.page();
    let results: Vec<_> =
        found.iter().skip((number - 1) * PAGE).take(PAGE).map(|e| views::listed(state, e, asked.now)).collect();
    ok(json!({
        "page": echo,
        "total_pages": found.len().div_ceil(PAGE),
        "total": found.len(),
        "filters": [],
        "results": results,
    }))
}

fn show(state: &State, id: i64, now: DateTime<Utc>) -> Outcome {
    state.event(id).map_or_else(|| Err(not_found()), |event| ok(views::shown(state, event, now)))
}

fn create(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let now = asked.now;
    let blank = FakeEvent {
        id: 0,
        project: 0,
        name: String::new(),
        start: now,
        end: now,
        place: None,
        venue: String::new(),
        location: String::new(),
        inactive: false,
        recap: None,
    };
    let mut event = apply(state, blank, &asked.sent)?;
    event.id = state.fresh_id();
    state.events.push(event);
    show(state, state.next_id, now)
}

fn update(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let id = asked.id("id")?;
    let event = state.event(id).cloned().ok_or_else(not_found)?;
    let changed = apply(state, event, &asked.sent)?;
    if let Some(event) = state.events.iter_mut().find(|event| event.id == id) {
        *event = changed;
    }
    show(state, id, asked.now)
}

/// The event with what was sent, or what is wrong with it.
fn apply(state: &mut State, mut event: FakeEvent, sent: &Fields) -> Result<FakeEvent, Answer> {
    let mut problems = Map::new();
    let mut wrong = |field: &str, problem: &str| {
        problems.insert(field.to_owned(), json!([problem]));
    };
    if sent.has("campaign_id") {
        event.project = sent.integer("campaign_id").unwrap_or_default();
    }
    if !state.projects.iter().any(|project| project.id == event.project) {
        wrong("campaign_id", "is invalid");
    }
    for (at, date_field, time_field) in
        [(&mut event.start, "start_date", "start_time"), (&mut event.end, "end_date", "end_time")]
    {
        let old = state.zone.to_local(*at);
        let date = sent.text(date_field).map_or(Some(old.date()), fields::date);
        let time = sent.text(time_field).map_or(Some(old.time()), fields::time);
        match (date, time) {
            (Some(date), Some(time)) => *at = state.zone.to_utc(date.and_time(time)),
            (None, _) => wrong(date_field, "is invalid"),
            (_, None) => wrong(time_field, "is invalid"),
        }
    }
    if event.end < event.start {
        let day = state.zone.to_local(event.start).format("%m/%d/%Y").to_string();
        wrong("end_date", &format!("should be after {day}"));
    }
    let reference = sent.scalar("place_reference").or_else(|| sent.scalar("place_id"));
    if let Some(reference) = reference {
        let is_meant = |venue: &&mut FakePlace| match reference.parse::<i64>() {
            Ok(id) => venue.place_id == id && !venue.google_only,
            Err(_) => venue.reference() == reference,
        };
        match state.venues.iter_mut().find(is_meant) {
            Some(venue) => {
                venue.google_only = false;
                event.place = Some(venue.place_id);
                (event.venue, event.location) = (venue.name.clone(), venue.location());
            }
            None => wrong("place_reference", "is invalid"),
        }
    } else if event.place.is_none() {
        wrong("place_reference", "cannot be blank");
    }
    if let Some(description) = sent.text("description") {
        description.clone_into(&mut event.name);
    }
    match sent.scalar("active").as_deref() {
        None => {}
        // Nothing but these two texts is accepted.
        Some(text @ ("true" | "false")) if sent.text("active").is_some() => event.inactive = text == "false",
        Some(_) => return Err(bad_parameter("Invalid parameter active")),
    }
    if problems.is_empty() { Ok(event) } else { Err(not_saved(problems)) }
}

//! Events.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::super::answer::Answer;
use super::super::fields::{self, Fields};
use super::super::state::{FakeEvent, FakePlace, FakeProject, State};
use super::asked::Asked;
use super::assets::Kind;
use super::event_filter::{PAGE, Wanted};
use super::{Outcome, bad_parameter, not_found, not_saved, ok, recap_moves, results, suggestions, surveys, views};
use crate::snapshot;

/// The least and the most of something.
type Limits = (Option<u64>, Option<u64>);

/// What is not part of an event, but known of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(in super::super) struct Store {
    /// Why and when recaps were rejected the last time.
    rejections: BTreeMap<i64, (String, DateTime<Utc>)>,
    /// By campaign and module.
    #[serde(with = "snapshot::pairs")]
    limits: BTreeMap<(i64, String), Limits>,
}

impl Store {
    pub(in super::super) fn set_limit(&mut self, campaign: i64, module: &str, min: Option<u64>, max: Option<u64>) {
        self.limits.insert((campaign, module.to_owned()), (min, max));
    }

    /// How much of something the events of a campaign need, and take.
    pub(super) fn limit(&self, campaign: i64, module: &str) -> Limits {
        self.limits.get(&(campaign, module.to_owned())).copied().unwrap_or_default()
    }

    pub(super) fn reject(&mut self, event: i64, reason: &str, now: DateTime<Utc>) {
        self.rejections.insert(event, (reason.to_owned(), now));
    }

    /// The time is told in words, even if there is none.
    pub(super) fn rejection(&self, event: &FakeEvent, now: DateTime<Utc>) -> Value {
        let words = |at: DateTime<Utc>| match (now - at).num_hours() {
            0 => "less than an hour".to_owned(),
            hours => format!("about {hours} hours"),
        };
        match self.rejections.get(&event.id) {
            Some((reason, at)) => json!({"rejected_at": words(*at), "rejected_reason": reason}),
            None => json!({"rejected_at": words(event.end.min(now)), "rejected_reason": null}),
        }
    }

    /// What a campaign asks for, as its events tell it.
    pub(super) fn modules(&self, campaign: &FakeProject) -> Value {
        let mut enabled = vec!["photos", "expenses", "comments"];
        enabled.extend(surveys::enabled(campaign).then_some("surveys"));
        let text = |limit: Option<u64>| limit.map(|limit| limit.to_string()).unwrap_or_default();
        let settings = enabled.iter().map(|module| {
            let (min, max) = self.limit(campaign.id, module);
            ((*module).to_owned(), json!({"settings": {"range_min": text(min), "range_max": text(max)}}))
        });
        json!({"modules": settings.collect::<Map<_, _>>(), "enabled_modules": enabled})
    }
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "list" | "filter" => list(state, asked),
        "status_facets" => facets(state, asked),
        "requiring_attention" => ok(attention(state, asked.now)),
        "autocomplete" => ok(suggestions::of(state, asked.query("q").unwrap_or_default())),
        "get" => show(state, asked.id("id")?, asked.now),
        "create" => create(state, asked),
        "update" => update(state, asked),
        "submit" | "approve" | "reject" => recap_moves::step(state, asked),
        "details_counters" => counters(state, asked),
        "results" => results::show(state, asked),
        _ => Err(asked.unknown()),
    }
}

fn list(state: &State, asked: &Asked<'_>) -> Outcome {
    let wanted = Wanted::read(asked)?;
    let (found, (number, echo)) = (wanted.events(state), wanted.page());
    let results: Vec<_> =
        found.iter().skip((number - 1) * PAGE).take(PAGE).map(|e| views::listed(state, e, asked.now)).collect();
    ok(json!({
        "page": echo,
        "total_pages": found.len().div_ceil(PAGE),
        "total": found.len(),
        "filters": wanted.applied(state),
        "results": results,
    }))
}

fn facets(state: &State, asked: &Asked<'_>) -> Outcome {
    let found = Wanted::read(asked)?.events(state);
    let facet = |label: &&str| {
        let count = found.iter().filter(|event| event.native_status(asked.now) == *label).count();
        json!({"id": label, "name": "event_status", "count": count, "label": label})
    };
    let facets: Vec<_> = ["Late", "Due", "Submitted", "Rejected", "Approved"].iter().map(facet).collect();
    ok(json!({"facets": facets}))
}

/// Nobody learns how many more there are.
fn attention(state: &State, now: DateTime<Utc>) -> Value {
    let today = state.local(now).date();
    let needs_some = |event: &&FakeEvent| match event.native_status(now) {
        "Late" | "Due" | "Rejected" => !event.inactive,
        "Scheduled" => !event.inactive && state.local(event.start).date() == today,
        _ => false,
    };
    let mut found: Vec<_> = state.events.iter().filter(needs_some).collect();
    found.sort_by_key(|event| (event.start, event.id));
    found.into_iter().take(PAGE).map(|event| views::listed(state, event, now)).collect()
}

/// How much of something there is on an event.
pub(super) fn count(state: &State, event: i64, what: &str) -> u64 {
    match what {
        "comments" => state.stores.comments.count("event", event),
        "documents" => state.stores.assets.of_event(Kind::Document, event).count() as u64,
        "expenses" => state.stores.expenses.count(event),
        "photos" => state.stores.assets.of_event(Kind::Photo, event).count() as u64,
        "contacts" => state.stores.event_contacts.count(event),
        "activities" => state.stores.activities.count(event),
        "attendance" => state.stores.invites.count(event),
        "user_tasks" | "team_tasks" => state.stores.tasks.count(event, what == "user_tasks"),
        _ => 0,
    }
}

/// Whether the campaign of an event allows no more of something.
pub(super) fn is_full(state: &State, event: i64, what: &str) -> bool {
    let max = state.event(event).and_then(|event| state.stores.events.limit(event.project, what).1);
    max.is_some_and(|max| count(state, event, what) >= max)
}

fn counters(state: &State, asked: &Asked<'_>) -> Outcome {
    let event = state.event(asked.id("id")?).ok_or_else(not_found)?;
    let counters = [
        "contacts",
        "user_tasks",
        "team_tasks",
        "documents",
        "activities",
        "attendance",
        "photos",
        "expenses",
        "comments",
    ];
    let counter = |what: &str| {
        let (min, max) = state.stores.events.limit(event.project, what);
        (what.to_owned(), json!({"count": count(state, event.id, what), "min": min, "max": max}))
    };
    ok(json!({"counters": counters.into_iter().map(counter).collect::<Map<_, _>>()}))
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
    results::save(state, asked, &changed)?;
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
    if let Some(visit) = sent.integer("visit_id") {
        match state.stores.visits.days(visit) {
            None => wrong("visit_id", "is invalid"),
            Some((first, last)) => {
                for (field, at) in [("start_date", event.start), ("end_date", event.end)] {
                    if !(first..=last).contains(&state.zone.to_local(at).date()) {
                        wrong(field, "should be within the visit");
                    }
                }
            }
        }
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

//! Campaigns, and how far their goals have been reached.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::state::{FakeEvent, FakeProject, State};
use super::areas::{self, Area};
use super::asked::Asked;
use super::{Outcome, not_found, ok, views};

/// What an expense may be for.
pub(super) const EXPENSE_CATEGORIES: [&str; 4] = ["Parking", "Staff", "Supplies", "Travel"];

/// How many events each campaign should have, and how many hours. A third of it is for each area.
const GOALS: [(&str, u32); 2] = [("EVENTS", 60), ("PROMO HOURS", 240)];

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "all" => ok(views::campaigns(state)),
        "overall_stats" => {
            let rows = state.projects.iter().flat_map(|project| overall(state, project, asked.now));
            ok(rows.collect())
        }
        "stats" => {
            let project = campaign(state, asked)?;
            let in_areas = areas::all().iter().flat_map(|area| of_area(state, project, area, asked.now));
            let (overall, areas): (Vec<_>, Vec<_>) = (overall(state, project, asked.now), in_areas.collect());
            ok(json!({"id": project.id, "name": project.name, "overall": overall, "areas": areas}))
        }
        "events" => {
            let project = campaign(state, asked)?;
            let of_campaign = state.events.iter().filter(|event| event.project == project.id && !event.inactive);
            ok(of_campaign.map(|event| json!([event.id, event.start.to_rfc3339()])).collect())
        }
        _ => campaign(state, asked).map(|_| ok(EXPENSE_CATEGORIES.iter().copied().collect()))?,
    }
}

fn campaign<'a>(state: &'a State, asked: &Asked<'_>) -> Result<&'a FakeProject, Answer> {
    let id = asked.id("id")?;
    state.projects.iter().find(|project| project.id == id).ok_or_else(not_found)
}

fn overall(state: &State, project: &FakeProject, now: DateTime<Utc>) -> Vec<Value> {
    let events: Vec<_> = active(state, project).collect();
    GOALS.iter().map(|(kpi, goal)| row(project.id, &project.name, kpi, f64::from(*goal), &events, now)).collect()
}

fn of_area(state: &State, project: &FakeProject, area: &Area, now: DateTime<Utc>) -> Vec<Value> {
    let is_there = |event: &&FakeEvent| event.place.and_then(|id| state.venue(id)).is_some_and(|venue| area.has(venue));
    let events: Vec<_> = active(state, project).filter(is_there).collect();
    GOALS.iter().map(|(kpi, goal)| row(area.id, area.name, kpi, f64::from(goal / 3), &events, now)).collect()
}

fn active<'a>(state: &'a State, project: &FakeProject) -> impl Iterator<Item = &'a FakeEvent> {
    let id = project.id;
    state.events.iter().filter(move |event| event.project == id && !event.inactive)
}

fn row(id: i64, name: &str, kpi: &str, goal: f64, events: &[&FakeEvent], now: DateTime<Utc>) -> Value {
    let weight = |event: &FakeEvent| match kpi {
        "EVENTS" => 1.0,
        _ => (event.end - event.start).as_seconds_f64() / 3600.0,
    };
    let sum = |over: bool| events.iter().filter(|event| (event.end <= now) == over).map(|event| weight(event)).sum();
    let (executed, scheduled): (f64, f64) = (sum(true), sum(false));
    let remaining = (goal - executed - scheduled).max(0.0);
    let percentage = |part: f64| (part * 100.0 / goal).round();
    json!({
        "id": id, "name": name, "start_date": null, "end_date": null, "goal": goal, "kpi": kpi,
        "executed": executed, "scheduled": scheduled, "remaining": remaining,
        "executed_percentage": percentage(executed), "scheduled_percentage": percentage(scheduled),
        "remaining_percentage": percentage(remaining),
    })
}

//! How the native face shows what there is.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::super::state::{FakeEvent, FakePlace, FakeRecap, State};

pub(super) fn companies(state: &State) -> Value {
    state.companies.iter().map(|c| json!({"id": c.id, "name": c.name, "company_user_id": c.id + 900})).collect()
}

pub(super) fn campaigns(state: &State) -> Value {
    let mut all: Vec<_> = state.projects.iter().map(|p| (&p.name, p.id)).collect();
    all.sort();
    all.into_iter().map(|(name, id)| json!({"id": id, "name": name})).collect()
}

/// A hit of a venue search.
pub(super) fn hit(venue: &FakePlace) -> Value {
    let id = if venue.google_only { json!(venue.reference()) } else { json!(venue.place_id) };
    let label = format!("{}, {}", venue.name, venue.address());
    json!({"value": venue.name, "label": label, "id": id, "location": null, "valid": true})
}

/// A place, as the answer to a created venue tells it: its id is not a venue's.
pub(super) fn place(venue: &FakePlace) -> Value {
    // A number or a text, as it comes.
    let latitude = f64::from(u8::try_from(venue.place_id % 10).unwrap_or_default()) / 4.0;
    json!({
        "id": venue.place_id,
        "name": venue.name,
        "formatted_address": venue.address(),
        "city": venue.city,
        "state": venue.state,
        "zipcode": venue.zipcode,
        "route": venue.street.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' '),
        "street_number": venue.street.split(' ').next(),
        "country": venue.country,
        "latitude": 40.0 + latitude,
        "longitude": format!("-7{}.25", venue.place_id % 10),
    })
}

/// An event within a list: its place has the id of the venue.
pub(super) fn listed(state: &State, event: &FakeEvent, now: DateTime<Utc>) -> Value {
    let view = common(state, event, now);
    let Some(venue) = event.place.and_then(|id| state.venue(id)) else { return view };
    let at = with(place(venue), json!({"id": venue.venue_id(), "state_name": venue.state}));
    with(view, json!({"place": at}))
}

/// One event: its place has the id of the place, and that of the venue alongside.
pub(super) fn shown(state: &State, event: &FakeEvent, now: DateTime<Utc>) -> Value {
    let at = event.place.and_then(|id| state.venue(id)).map(|venue| {
        let code = venue.state.chars().take(2).collect::<String>().to_uppercase();
        with(place(venue), json!({"venue_id": venue.venue_id(), "state": code, "state_name": venue.state}))
    });
    let over = now > event.end;
    let view = with(
        common(state, event, now),
        json!({
            "campaign": campaign(state, event, true),
            "place": at,
            "description": event.name,
            "rejected_info": state.stores.events.rejection(event, now),
            "have_data": over,
            "actions": if over { json!(["enter post event data", "upload photos"]) } else { json!([]) },
            "tasks_late_count": state.stores.tasks.late(event.id, state.local(now).date()),
            "tasks_due_today_count": state.stores.tasks.due(event.id, state.local(now).date()),
        }),
    );
    let spent = json!({"spent_by_impression": "0.35", "spent_by_interaction": "1.2", "spent_by_sample": 2});
    if over { with(view, json!({"data": spent})) } else { view }
}

/// `view` with `more` members.
pub(super) fn with(mut view: Value, more: Value) -> Value {
    if let (Value::Object(members), Value::Object(more)) = (&mut view, more) {
        members.extend(more);
    }
    view
}

fn common(state: &State, event: &FakeEvent, now: DateTime<Utc>) -> Value {
    let (start, end) = (state.local(event.start), state.local(event.end));
    json!({
        "id": event.id,
        "start_date": start.format("%m/%d/%Y").to_string(),
        "start_time": start.format("%-I:%M %p").to_string(),
        "end_date": end.format("%m/%d/%Y").to_string(),
        "end_time": end.format("%-I:%M %p").to_string(),
        "status": if event.inactive { "Inactive" } else { "Active" },
        "event_status": event.native_status(now),
        "phases": phases(state, event, now),
        "campaign": campaign(state, event, false),
    })
}

/// An event's campaign; with what it asks for, if the event is shown `whole`.
fn campaign(state: &State, event: &FakeEvent, whole: bool) -> Value {
    let Some(campaign) = state.projects.iter().find(|project| project.id == event.project) else {
        return Value::Null;
    };
    let view = json!({"id": campaign.id, "name": campaign.name});
    if whole { with(view, state.stores.events.modules(campaign)) } else { view }
}

fn phases(state: &State, event: &FakeEvent, now: DateTime<Utc>) -> Value {
    let recap = event.recap_at(now);
    let sent = matches!(recap, FakeRecap::Submitted | FakeRecap::Approved);
    let step = |id: &str, title: &str, complete: bool, required: bool| -> Value {
        json!({"id": id, "title": title, "complete": complete, "required": required})
    };
    let commented = state.stores.comments.count("event", event.id) > 0;
    let plan = [step("info", "Basic info", true, true), step("tasks", "Tasks", false, false)];
    let execute = [step("per", "Post event recap", sent, true), step("comments", "Comments", commented, false)];
    let results = [step("approve_per", "Approve the recap", recap == FakeRecap::Approved, true)];
    let (current, open) = match recap {
        FakeRecap::Unsent if now < event.start => ("plan", &plan[..]),
        FakeRecap::Unsent => ("execute", &execute[..]),
        _ => ("results", &results[..]),
    };
    let next = open.iter().find(|step| step["complete"] == false);
    json!({
        "current_phase": current,
        "next_step": next,
        "phases": {"plan": plan, "execute": execute, "results": results},
    })
}

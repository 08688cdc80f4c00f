//! Visits of brand ambassadors, and their documents.

use bytes::Bytes;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::fields;
use super::super::state::State;
use super::super::storage;
use super::asked::Asked;
use super::{Outcome, Problems, areas, not_found, not_saved, not_saved_but_ok, ok, problem, views};

/// What a page holds.
const PAGE: usize = 30;

/// Folders: id, the one it is in, name.
const FOLDERS: [(i64, Option<i64>, &str); 3] =
    [(801, None, "Playbooks"), (802, Some(801), "Tastings"), (803, None, "Forms")];

/// Documents: id, the folder it is in, name. What is in one is its name.
const DOCUMENTS: [(i64, Option<i64>, &str); 3] =
    [(950_801, None, "Code of conduct"), (950_802, Some(801), "First day"), (950_803, Some(802), "How to pour")];

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(Vec<Visit>);

impl Store {
    /// The first and the last day of a visit.
    pub(super) fn days(&self, id: i64) -> Option<(NaiveDate, NaiveDate)> {
        self.0.iter().find(|visit| visit.id == id).map(|visit| (visit.start, visit.end))
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Visit {
    id: i64,
    kind: String,
    start: NaiveDate,
    end: NaiveDate,
    user: i64,
    campaign: i64,
    area: Option<i64>,
    city: Option<String>,
    description: Option<String>,
    inactive: bool,
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "list" => list(state, asked),
        "get" => ok(view(state, &find(state, asked)?)),
        "create" => {
            let mut visit = Visit { id: state.next_id + 1, ..Visit::default() };
            // The one that fails with success.
            if let Err(problems) = fill(state, asked, &mut visit) {
                return not_saved_but_ok(problems);
            }
            visit.id = state.fresh_id();
            state.stores.visits.0.push(visit.clone());
            ok(view(state, &visit))
        }
        "update" => {
            let mut visit = find(state, asked)?;
            fill(state, asked, &mut visit).map_err(not_saved)?;
            let shown = view(state, &visit);
            state.stores.visits.0.iter_mut().filter(|old| old.id == visit.id).for_each(|old| *old = visit.clone());
            ok(shown)
        }
        "types" => {
            let mut types: Vec<_> = state.stores.visits.0.iter().map(|visit| visit.kind.as_str()).collect();
            types.sort_unstable();
            types.dedup();
            ok(types.into_iter().collect())
        }
        "events" => events(state, asked),
        "documents" => documents(asked),
        _ => Err(asked.unknown()),
    }
}

fn find(state: &State, asked: &Asked<'_>) -> Result<Visit, Answer> {
    let id = asked.id("id")?;
    state.stores.visits.0.iter().find(|visit| visit.id == id).cloned().ok_or_else(not_found)
}

fn fill(state: &State, asked: &Asked<'_>, visit: &mut Visit) -> Result<(), Problems> {
    let sent = &asked.sent;
    let mut problems = Problems::new();
    for (name, day) in [("start_date", &mut visit.start), ("end_date", &mut visit.end)] {
        match sent.text(name).map(fields::date) {
            Some(Some(sent)) => *day = sent,
            None if *day != NaiveDate::default() => {}
            _ => problems.extend(problem(name, "is not a date")),
        }
    }
    if problems.is_empty() && visit.end < visit.start {
        problems.extend(problem("end_date", "should be after the start date"));
    }
    visit.user = sent.integer("company_user_id").unwrap_or(visit.user);
    if state.stores.users.find(visit.user).is_none() {
        problems.extend(problem("company_user", "can't be blank"));
    }
    visit.campaign = sent.integer("campaign_id").unwrap_or(visit.campaign);
    if !state.projects.iter().any(|project| project.id == visit.campaign) {
        problems.extend(problem("campaign", "can't be blank"));
    }
    visit.kind = sent.scalar("visit_type").unwrap_or_else(|| visit.kind.clone());
    if visit.kind.trim().is_empty() {
        problems.extend(problem("visit_type", "can't be blank"));
    }
    visit.area = sent.integer("area_id").or(visit.area);
    visit.city = sent.scalar("city").or_else(|| visit.city.take());
    visit.description = sent.scalar("description").or_else(|| visit.description.take());
    match sent.text("active") {
        Some("true") => visit.inactive = false,
        Some("false") => visit.inactive = true,
        None if !sent.has("active") => {}
        _ => problems.extend(problem("active", "is not included in the list")),
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn list(state: &State, asked: &Asked<'_>) -> Outcome {
    let (number, echo) = asked.page();
    let first = asked.day("start_date")?;
    let last = asked.day("end_date")?.or(first);
    let wanted = |visit: &&Visit| {
        first.is_none_or(|first| visit.end >= first)
            && last.is_none_or(|last| visit.start <= last)
            && asked.one_of("user[]", Some(visit.user))
            && asked.one_of("campaign[]", Some(visit.campaign))
            && asked.one_of("area[]", visit.area)
            && asked.spelt("city[]", visit.city.as_deref().unwrap_or_default())
    };
    let mut found: Vec<_> = state.stores.visits.0.iter().filter(wanted).collect();
    found.sort_by_key(|visit| (visit.start, visit.id));
    let results: Vec<_> = found.iter().skip((number - 1) * PAGE).take(PAGE).map(|visit| view(state, visit)).collect();
    let mut page = json!({
        "page": echo,
        "total_pages": found.len().div_ceil(PAGE),
        "total": found.len(),
        "results": results,
    });
    if let Some(members) = page.as_object_mut().filter(|_| number == 1) {
        members.insert("facets".to_owned(), facets(state, &found));
    }
    ok(page)
}

fn facets(state: &State, found: &[&Visit]) -> Value {
    let campaigns = state.projects.iter().map(|project| {
        let count = found.iter().filter(|visit| visit.campaign == project.id).count();
        json!({"label": project.name, "id": project.id, "name": "campaign", "count": count, "selected": false})
    });
    let mut cities: Vec<_> = found.iter().filter_map(|visit| visit.city.as_deref()).collect();
    cities.sort_unstable();
    cities.dedup();
    let cities = cities.into_iter().map(|city| json!({"label": city, "id": city, "name": "city", "selected": false}));
    let (campaigns, cities): (Vec<_>, Vec<_>) = (campaigns.collect(), cities.collect());
    let top: Vec<_> = campaigns.iter().take(2).cloned().collect();
    json!([{"label": "Campaigns", "items": campaigns, "top_items": top}, {"label": "Cities", "items": cities}])
}

fn view(state: &State, visit: &Visit) -> Value {
    let campaign = state.projects.iter().find(|project| project.id == visit.campaign);
    let area = visit.area.map(|id| json!({"id": id, "name": areas::find(id).map(|area| area.name)}));
    json!({
        "id": visit.id,
        "visit_type": visit.kind,
        "start_date": visit.start.to_string(),
        "end_date": visit.end.to_string(),
        "area_id": visit.area,
        "campaign_id": visit.campaign,
        "city": visit.city,
        "description": visit.description,
        "status": if visit.inactive { "Inactive" } else { "Active" },
        "campaign": campaign.map(|campaign| json!({"id": campaign.id, "name": campaign.name})),
        "area": area,
        "user": state.stores.users.find(visit.user).map(|user| json!({"id": user.id, "full_name": user.full_name()})),
    })
}

/// Those of its campaign in its days.
fn events(state: &State, asked: &Asked<'_>) -> Outcome {
    let visit = find(state, asked)?;
    let within = state.events.iter().filter(|event| {
        let day = state.local(event.start).date();
        event.project == visit.campaign && (visit.start..=visit.end).contains(&day)
    });
    ok(within.map(|event| views::listed(state, event, asked.now)).collect())
}

fn documents(asked: &Asked<'_>) -> Outcome {
    let parent = asked.query("parent_id").map(|id| id.parse::<i64>().unwrap_or_default());
    if parent.is_some_and(|parent| !FOLDERS.iter().any(|(id, ..)| *id == parent)) {
        return Err(not_found());
    }
    // Nothing here belongs to a visit of its own.
    let all = asked.query("visit_id").is_none();
    let folders = FOLDERS.iter().filter(|(_, within, _)| all && *within == parent).map(|(id, _, name)| {
        json!({
            "id": id, "name": name, "updated_at": "2025-11-03T09:30:00.000-05:00", "type": "folder",
            "file_name": null, "content_type": null, "url": null, "thumbnail": null,
        })
    });
    let documents = DOCUMENTS.iter().filter(|(_, within, _)| all && *within == parent).map(|(id, _, name)| {
        let file_name = format!("{name}.txt");
        let address = storage::address(asked.request, *id, "original", &file_name);
        json!({
            "id": id, "name": name, "updated_at": "2025-11-03T09:30:00.000-05:00", "type": "document",
            "file_name": file_name, "content_type": "text/plain",
            "url": storage::signed(&address, *id, asked.now), "thumbnail": null,
        })
    });
    ok(folders.chain(documents).collect())
}

/// The same as [`super::assets::Store::file`].
pub(super) fn document_file(id: i64) -> Option<(String, Bytes, bool)> {
    let (.., name) = DOCUMENTS.iter().find(|(known, ..)| *known == id)?;
    Some(("text/plain".to_owned(), Bytes::from_static(name.as_bytes()), true))
}

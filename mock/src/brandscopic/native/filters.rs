//! What lists can be narrowed by.

use serde_json::{Value, json};

use super::super::state::State;
use super::asked::Asked;
use super::{Outcome, areas, not_found, ok};

/// Which headings a list has.
const SECTIONS: [(&str, &[&str]); 5] = [
    ("events", &["Campaigns", "Areas", "People", "Event Status", "Active State"]),
    ("venues", &["Campaigns", "Areas"]),
    ("visits", &["Campaigns", "Areas", "People"]),
    ("teams_tasks", &["Campaigns", "People", "Active State"]),
    ("user_tasks", &["Campaigns", "Active State"]),
];

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let section = asked.parameter("section");
    let (_, labels) = SECTIONS.iter().find(|(name, _)| *name == section).ok_or_else(not_found)?;
    let groups: Vec<_> = labels.iter().map(|label| json!({"label": label, "items": items(state, label)})).collect();
    ok(json!({"filters": groups}))
}

fn items(state: &State, label: &str) -> Vec<Value> {
    let word = |name: &'static str| move |word: &&str| json!({"id": word, "label": word, "value": word, "name": name, "selected": *word == "Active"});
    let thing = |name: &str, id: i64, label: &str| json!({"id": id, "label": label, "value": id, "name": name, "selected": false});
    match label {
        "Campaigns" => state.projects.iter().map(|project| thing("campaign", project.id, &project.name)).collect(),
        "Areas" => areas::all().iter().map(|area| thing("area", area.id, area.name)).collect(),
        "People" => state.stores.users.all().map(|user| thing("user", user.id, &user.full_name())).collect(),
        "Event Status" => {
            ["Scheduled", "Due", "Late", "Submitted", "Approved", "Rejected"].iter().map(word("event_status")).collect()
        }
        _ => ["Active", "Inactive"].iter().map(word("status")).collect(),
    }
}

//! Kinds of activities.

use serde_json::{Value, json};

use super::super::state::State;
use super::asked::Asked;
use super::{Outcome, not_found, ok};

/// Those that activities can be of. Attendance is listed among them, where a campaign has it.
const TYPES: [(i64, &str); 2] = [(301, "Bar Spend"), (302, "Shelf Check")];

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let shown = |listed: &dyn Fn(i64) -> bool| -> Vec<Value> {
        TYPES.iter().filter(|(id, _)| listed(*id)).map(|(id, _)| view(*id)).collect()
    };
    match asked.method() {
        "list" => ok(with_attendance(shown(&|_| true))),
        "campaigns" => {
            let kind = asked.id("id")?;
            if !TYPES.iter().any(|(id, _)| *id == kind) {
                return Err(not_found());
            }
            let campaigns = state.projects.iter().filter(|project| has(&project.name, kind));
            ok(campaigns.map(|project| json!({"id": project.id, "name": project.name})).collect())
        }
        "of_campaign" => {
            let id = asked.id("campaign")?;
            let project = state.projects.iter().find(|project| project.id == id).ok_or_else(not_found)?;
            ok(with_attendance(shown(&|kind| has(&project.name, kind))))
        }
        _ => Err(asked.unknown()),
    }
}

fn with_attendance(mut types: Vec<Value>) -> Value {
    types.push(json!({"id": "attendance", "name": "Invitations"}));
    types.into()
}

/// A kind, as activities name it.
pub(super) fn view(kind: i64) -> Value {
    let name = TYPES.iter().find(|(id, _)| *id == kind).map(|(_, name)| *name);
    json!({"id": kind, "name": name})
}

/// Whether a campaign has activities of this kind.
pub(super) fn has(campaign: &str, kind: i64) -> bool {
    match kind {
        301 => campaign != "Staff Training",
        302 => campaign == "Retail Display Audit",
        _ => false,
    }
}

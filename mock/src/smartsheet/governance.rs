//! Governance: how confidential things are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::asked::{Asked, Outcome, attributes, required_text, success};
use super::problem::Problem;
use super::state::{State, Word};
use super::users::PLAN;

/// The account's labels, from the most confidential to the least.
const LABELS: [(&str, &str, &str, &str); 3] = [
    ("3fa85f64-5717-4562-b3fc-2c963f66afa6", "Confidential", "Highly sensitive information", "#FFE0E3"),
    ("4aa85f64-5717-4562-b3fc-2c963f66afa7", "Internal", "For internal use only", "#E0F0FF"),
    ("5ba85f64-5717-4562-b3fc-2c963f66afa8", "Public", "For everybody", "#E6F4EA"),
];

/// The labels of sheets.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store {
    sheets: BTreeMap<i64, Word>,
}

impl Store {
    /// The name of a sheet's label.
    pub(super) fn label(&self, sheet: i64) -> Option<&str> {
        self.sheets.get(&sheet).map(AsRef::as_ref)
    }
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let answer = match asked.name() {
        "governance.data_classification" => settings(asked),
        "sheets.classify" => classify(state, asked),
        "sheets.declassify" => {
            let sheet = asked.id("sheetId")?;
            state.sheet(sheet)?;
            state.governance.sheets.remove(&sheet);
            Ok(success())
        }
        _ => Err(asked.unknown()),
    };
    answer.map(Into::into)
}

fn settings(asked: &Asked<'_>) -> Result<Value, Problem> {
    let plan: i64 =
        asked.query.get("planId").and_then(|id| id.parse().ok()).ok_or_else(|| Problem::bad_parameter("planId"))?;
    if plan != PLAN {
        return Err(Problem::not_found());
    }
    let label = |(order, (id, name, description, color)): (usize, (&str, &str, &str, &str))| {
        json!({
            "id": id, "name": name, "description": description, "color": color, "sensitivityOrder": order,
            "isDefault": name == "Internal",
        })
    };
    let labels: Vec<_> = (1..).zip(LABELS).map(label).collect();
    let [(most, ..), ..] = LABELS;
    let approvers = json!([{ "type": "USERS", "ids": [super::users::ME] }, { "type": "WORKSPACE_ADMINS", "ids": [] }]);
    Ok(json!({
        "orgId": 1_244_212, "planId": plan, "isDisabled": false, "allowManualChange": true, "labels": labels,
        "guidelinesUrl": "https://wiki.example.com/classification-guide",
        "downgradeApprovalSettings": {
            "mode": "CUSTOM", "labelApprovers": [{ "labelId": most, "approvers": approvers }],
        },
    }))
}

fn classify(state: &mut State, asked: &Asked<'_>) -> Result<Value, Problem> {
    let sheet = asked.id("sheetId")?;
    state.sheet(sheet)?;
    let body = asked.json()?;
    let id = required_text(attributes(&body, &["labelId"])?, "labelId", "labelId")?;
    let label = LABELS.iter().find(|label| label.0 == id);
    let label = label.ok_or_else(|| Problem::bad(1031, "The attribute labelId has an invalid value."))?;
    state.governance.sheets.insert(sheet, label.1.into());
    Ok(success())
}

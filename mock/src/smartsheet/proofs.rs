//! Proofs: files that people are asked to approve, in versions.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, success, written};
use super::attachments::{self, Parent, What, hang, row};
use super::discussions;
use super::lists;
use super::multipart::{self, File};
use super::problem::Problem;
use super::render::{author, permalink, time};
use super::state::{State, Word};

/// What is held of them: every version, in the order in which they were made.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store {
    versions: Vec<Version>,
    requests: Vec<Request>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Version {
    id: i64,
    /// The first version of the same proof.
    first: i64,
    sheet: i64,
    row: i64,
    name: String,
    kind: Word,
    number: usize,
    completed: bool,
    at: DateTime<Utc>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Request {
    proof: i64,
    emails: Vec<Value>,
}

impl Store {
    pub(super) fn drop_of(&mut self, gone: impl Fn(i64, i64) -> bool) {
        self.versions.retain(|held| !gone(held.sheet, held.row));
    }

    pub(super) fn ids(&self) -> BTreeSet<i64> {
        self.versions.iter().map(|held| held.id).collect()
    }

    fn get(&self, sheet: i64, id: i64) -> Result<&Version, Problem> {
        self.versions.iter().find(|held| held.sheet == sheet && held.id == id).ok_or_else(Problem::not_found)
    }

    fn newest(&self, first: i64) -> Option<i64> {
        self.versions.iter().rev().find(|held| held.first == first).map(|held| held.id)
    }
}

impl Version {
    fn shown(&self) -> Map<String, Value> {
        let shown = json!({
            "id": self.id, "originalId": self.first, "name": self.name, "proofType": self.kind, "version": self.number,
            "proofRequestUrl": permalink("proofs", self.first), "isCompleted": self.completed,
            "lastUpdatedAt": time(self.at), "lastUpdatedBy": author(),
        });
        shown.as_object().cloned().unwrap_or_default()
    }
}

fn kind(file: &File) -> &'static str {
    match file.mime.split('/').next() {
        Some("image") => "IMAGE",
        Some("video") => "VIDEO",
        _ => "DOCUMENT",
    }
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let sheet = asked.id("sheetId")?;
    state.sheet(sheet)?;
    // Everything but the list and the creation is about one version.
    let proof = match asked.name() {
        "proofs.list" | "proofs.create" => 0,
        _ => state.proofs.get(sheet, asked.id("proofId")?)?.id,
    };
    let of_it = |parent| parent == Parent::Proof(proof);
    let answer = match asked.name() {
        "proofs.list" => {
            let held = &state.proofs;
            let newest =
                held.versions.iter().filter(|one| one.sheet == sheet && held.newest(one.first) == Some(one.id));
            lists::by_page(&newest.map(|one| one.shown().into()).collect::<Vec<_>>(), &asked.query)?
        }
        "proofs.create" => create(state, asked)?,
        "proofs.get" => get(state, asked, proof)?,
        "proofs.update" => update(state, asked, proof)?,
        "proofs.delete" => {
            if state.proofs.get(sheet, proof)?.first != proof {
                return Err(Problem::not_found());
            }
            state.proofs.versions.retain(|held| held.first != proof);
            success()
        }
        "proofs.attachments" => lists::by_page(&state.attachments.listed(sheet, of_it), &asked.query)?,
        "proofs.attach" => attachments::attach(state, asked, Parent::Proof(proof))?,
        "proofs.discussions" => discussions::list(state, asked, of_it)?,
        "proofs.create_discussion" => discussions::create(state, asked, Parent::Proof(proof))?,
        "proofs.request_actions" => {
            let asked_of = state.proofs.requests.iter().filter(|held| held.proof == proof);
            let people = asked_of.flat_map(|held| &held.emails);
            let actions: Vec<_> =
                people.map(|email| json!({ "user": { "email": email }, "actionStatus": "PENDING" })).collect();
            lists::by_page(&actions, &asked.query)?
        }
        "proofs.create_request" => create_request(state, asked, proof)?,
        "proofs.delete_requests" => {
            state.proofs.requests.retain(|held| held.proof != proof);
            success()
        }
        "proofs.versions" => {
            let first = state.proofs.get(sheet, proof)?.first;
            let versions = state.proofs.versions.iter().filter(|held| held.first == first);
            lists::by_page(&versions.map(|one| one.shown().into()).collect::<Vec<_>>(), &asked.query)?
        }
        "proofs.add_version" => add_version(state, asked, proof)?,
        "proofs.delete_versions" => {
            if state.proofs.newest(state.proofs.get(sheet, proof)?.first) != Some(proof) {
                return Err(Problem::not_found());
            }
            state.proofs.versions.retain(|held| held.id != proof);
            success()
        }
        _ => return Err(asked.unknown()),
    };
    Ok(answer.into())
}

fn get(state: &State, asked: &Asked<'_>, proof: i64) -> Result<Value, Problem> {
    let sheet = asked.id("sheetId")?;
    let include = asked.query.words("include", &["attachments", "discussions"])?;
    let mut shown = state.proofs.get(sheet, proof)?.shown();
    let of_it = |parent| parent == Parent::Proof(proof);
    if include.contains(&"attachments") {
        shown.insert("attachments".into(), state.attachments.listed(sheet, of_it).into());
    }
    if include.contains(&"discussions") {
        shown.insert("discussions".into(), state.discussions.listed(state, sheet, of_it, true, true).into());
    }
    Ok(shown.into())
}

fn create(state: &mut State, asked: &Asked<'_>) -> Result<Value, Problem> {
    let (sheet, row) = (asked.id("sheetId")?, row(state, asked)?);
    if state.proofs.versions.iter().any(|held| held.row == row) {
        return Err(Problem::bad(1129, "The row has a proof already."));
    }
    let file = multipart::file(asked)?;
    let id = state.new_id();
    version(state, Version { id, first: id, sheet, row, number: 1, ..blank(&file, asked.now) }, file)
}

fn add_version(state: &mut State, asked: &Asked<'_>, of: i64) -> Result<Value, Problem> {
    let file = multipart::file(asked)?;
    let before = state.proofs.get(asked.id("sheetId")?, of)?;
    let (first, sheet, row) = (before.first, before.sheet, before.row);
    let number = state.proofs.versions.iter().filter(|held| held.first == first).map(|held| held.number).max();
    let id = state.new_id();
    let number = number.unwrap_or_default() + 1;
    version(state, Version { id, first, sheet, row, number, ..blank(&file, asked.now) }, file)
}

fn blank(file: &File, at: DateTime<Utc>) -> Version {
    Version {
        id: 0,
        first: 0,
        sheet: 0,
        row: 0,
        name: file.name.clone(),
        kind: kind(file).into(),
        number: 0,
        completed: false,
        at,
    }
}

fn version(state: &mut State, version: Version, file: File) -> Result<Value, Problem> {
    let shown = version.shown();
    let (sheet, id, at) = (version.sheet, version.id, version.at);
    state.proofs.versions.push(version);
    hang(state, sheet, Parent::Proof(id), What::File(file), at)?;
    Ok(written(shown))
}

/// The answer is the proof alone, unlike those to other writes.
fn update(state: &mut State, asked: &Asked<'_>, proof: i64) -> Result<Value, Problem> {
    let body = asked.json()?;
    let completed = attributes(&body, &["isCompleted"])?.get("isCompleted");
    let completed = completed.ok_or_else(|| Problem::missing("isCompleted"))?;
    let completed = completed.as_bool().ok_or_else(|| Problem::wrong_type("isCompleted"))?;
    let held = state.proofs.versions.iter_mut().find(|held| held.id == proof).ok_or_else(Problem::not_found)?;
    (held.completed, held.at) = (completed, asked.now);
    Ok(held.shown().into())
}

fn create_request(state: &mut State, asked: &Asked<'_>, proof: i64) -> Result<Value, Problem> {
    let body = asked.json()?;
    let body = attributes(&body, &["sendTo", "subject", "message", "ccMe", "isDownloadable"])?;
    let people = body.get("sendTo").and_then(Value::as_array).filter(|people| !people.is_empty());
    let people = people.ok_or_else(|| Problem::missing("sendTo"))?;
    let emails = people.iter().filter_map(|person| person.get("email").cloned()).collect();
    state.proofs.requests.push(Request { proof, emails });
    let mut shown = body.clone();
    let more = json!({
        "id": state.new_id(), "proofId": proof, "sentBy": author(), "sentAt": time(asked.now), "status": "ACTIVE",
    });
    shown.extend(more.as_object().cloned().unwrap_or_default());
    Ok(written(shown))
}

//! Attachments: of sheets, rows, comments and proofs.

use std::collections::BTreeSet;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, required_text, success, written};
use super::discussions;
use super::files;
use super::lists;
use super::multipart::{self, File};
use super::problem::Problem;
use super::render::{author, time};
use super::state::State;

/// Where links may lead.
const LINKS: [&str; 8] = ["BOX_COM", "DROPBOX", "EGNYTE", "EVERNOTE", "GOOGLE_DRIVE", "LINK", "ONEDRIVE", "TRELLO"];
const SUB_TYPES: [&str; 6] = ["DOCUMENT", "DRAWING", "FOLDER", "PDF", "PRESENTATION", "SPREADSHEET"];

/// What is held of them, in the order in which they were attached.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(Vec<Attachment>);

/// What something hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Parent {
    Sheet,
    Row(i64),
    Comment(i64),
    Proof(i64),
}

impl Parent {
    pub(super) fn shown(self, sheet: i64) -> [(String, Value); 2] {
        let (kind, id) = match self {
            Self::Sheet => ("SHEET", sheet),
            Self::Row(id) => ("ROW", id),
            Self::Comment(id) => ("COMMENT", id),
            Self::Proof(id) => ("PROOF", id),
        };
        [("parentType".to_owned(), kind.into()), ("parentId".to_owned(), id.into())]
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Attachment {
    id: i64,
    /// The first version of the same file.
    first: i64,
    sheet: i64,
    parent: Parent,
    at: DateTime<Utc>,
    what: What,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum What {
    File(File),
    /// As it was given.
    Link(Map<String, Value>),
}

impl Store {
    /// What is in a file, and its type.
    pub(super) fn file(&self, id: i64) -> Option<(String, Bytes)> {
        match &self.0.iter().find(|held| held.id == id)?.what {
            What::File(file) => Some((file.mime.clone(), file.bytes.clone())),
            What::Link(_) => None,
        }
    }

    /// The newest versions of the files of a sheet, and what they hang on.
    pub(super) fn files(&self, sheet: i64) -> impl Iterator<Item = (i64, Parent, &File)> {
        self.newest(sheet, |_| true).filter_map(|held| match &held.what {
            What::File(file) => Some((held.id, held.parent, file)),
            What::Link(_) => None,
        })
    }

    /// The newest versions of what hangs on anything that fits.
    fn newest(&self, sheet: i64, fits: impl Fn(Parent) -> bool) -> impl Iterator<Item = &Attachment> {
        let newest =
            |held: &Attachment| self.0.iter().rev().find(|other| other.first == held.first).map(|other| other.id);
        self.0.iter().filter(move |held| held.sheet == sheet && fits(held.parent) && newest(held) == Some(held.id))
    }

    /// As a list shows them.
    pub(super) fn listed(&self, sheet: i64, fits: impl Fn(Parent) -> bool) -> Vec<Value> {
        self.newest(sheet, fits).map(Attachment::shown).collect()
    }

    /// Drops what hangs on anything that fits.
    pub(super) fn drop_from(&mut self, fits: impl Fn(i64, Parent) -> bool) {
        self.0.retain(|held| !fits(held.sheet, held.parent));
    }

    fn get(&self, sheet: i64, id: i64) -> Result<&Attachment, Problem> {
        self.0.iter().find(|held| held.sheet == sheet && held.id == id).ok_or_else(Problem::not_found)
    }
}

impl Attachment {
    fn shown(&self) -> Value {
        let mut shown = Map::from_iter([("id".to_owned(), json!(self.id))]);
        shown.extend(self.parent.shown(self.sheet));
        let more = match &self.what {
            What::File(file) => json!({
                "attachmentType": "FILE", "name": file.name, "mimeType": file.mime, "sizeInKb": file.kilobytes(),
            }),
            What::Link(link) => Value::Object(link.clone()),
        };
        shown.extend(more.as_object().cloned().unwrap_or_default());
        shown.insert("createdAt".into(), time(self.at).into());
        shown.insert("createdBy".into(), author());
        shown.into()
    }

    /// By itself it is shown with the address of its file.
    fn shown_with_address(&self, asked: &Asked<'_>) -> Value {
        let mut shown = self.shown();
        if let (What::File(_), Some(shown)) = (&self.what, shown.as_object_mut()) {
            let url = files::address(asked.request, "attachments", &self.id.to_string(), asked.now);
            shown.insert("url".into(), url.into());
            shown.insert("urlExpiresInMillis".into(), files::LIFE.num_milliseconds().into());
        }
        shown
    }
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let sheet = asked.id("sheetId")?;
    state.sheet(sheet)?;
    let id = || asked.id("attachmentId");
    let answer = match asked.name() {
        "attachments.list" => {
            let all = state.attachments.listed(sheet, |parent| !matches!(parent, Parent::Proof(_)));
            lists::by_page(&all, &asked.query)?
        }
        "attachments.of_row" => {
            let row = row(state, asked)?;
            let comments = state.discussions.comments(|parent| parent == Parent::Row(row));
            let of_row = |parent| match parent {
                Parent::Row(id) => id == row,
                Parent::Comment(id) => comments.contains(&id),
                _ => false,
            };
            lists::by_page(&state.attachments.listed(sheet, of_row), &asked.query)?
        }
        "attachments.of_discussion" => {
            let comments = state.discussions.comments_of(sheet, asked.id("discussionId")?)?;
            let of_them = |parent| matches!(parent, Parent::Comment(id) if comments.contains(&id));
            lists::by_page(&state.attachments.listed(sheet, of_them), &asked.query)?
        }
        "attachments.versions" => {
            let first = state.attachments.get(sheet, id()?)?.first;
            let versions = state.attachments.0.iter().rev().filter(|held| held.first == first);
            lists::by_page(&versions.map(Attachment::shown).collect::<Vec<_>>(), &asked.query)?
        }
        "attachments.get" => state.attachments.get(sheet, id()?)?.shown_with_address(asked),
        "attachments.attach_to_sheet" => attach(state, asked, Parent::Sheet)?,
        "attachments.attach_to_row" => {
            let row = row(state, asked)?;
            attach(state, asked, Parent::Row(row))?
        }
        "attachments.attach_to_comment" => {
            let comment = asked.id("commentId")?;
            state.discussions.comment(sheet, comment)?;
            attach(state, asked, Parent::Comment(comment))?
        }
        "attachments.add_version" => add_version(state, asked, id()?)?,
        "attachments.delete" | "attachments.delete_versions" => {
            let first = state.attachments.get(sheet, id()?)?.first;
            let (id, all) = (id()?, asked.name() == "attachments.delete_versions");
            state.attachments.0.retain(|held| if all { held.first != first } else { held.id != id });
            state.sheet_mut(sheet)?.touched(asked.now);
            success()
        }
        _ => return Err(asked.unknown()),
    };
    Ok(answer.into())
}

/// The row in the path, which must be one of the sheet.
pub(super) fn row(state: &State, asked: &Asked<'_>) -> Result<i64, Problem> {
    let row = asked.id("rowId")?;
    let sheet = state.sheet(asked.id("sheetId")?)?;
    sheet.position(row).map(|_| row).ok_or_else(Problem::not_found)
}

/// Attaches what the body holds.
pub(super) fn attach(state: &mut State, asked: &Asked<'_>, parent: Parent) -> Result<Value, Problem> {
    let what = if asked.content_type() == "application/json" {
        What::Link(link(&asked.json()?)?)
    } else {
        What::File(multipart::file(asked)?)
    };
    let sheet = asked.id("sheetId")?;
    let id = hang(state, sheet, parent, what, asked.now)?;
    Ok(written(state.attachments.get(sheet, id)?.shown()))
}

/// Attaches it, and gives its id.
pub(super) fn hang(
    state: &mut State,
    sheet: i64,
    parent: Parent,
    what: What,
    now: DateTime<Utc>,
) -> Result<i64, Problem> {
    let id = state.new_id();
    state.sheet_mut(sheet)?.touched(now);
    state.attachments.0.push(Attachment { id, first: id, sheet, parent, at: now, what });
    Ok(id)
}

fn add_version(state: &mut State, asked: &Asked<'_>, of: i64) -> Result<Value, Problem> {
    let sheet = asked.id("sheetId")?;
    let before = state.attachments.get(sheet, of)?;
    let (first, parent) = (before.first, before.parent);
    if matches!(before.what, What::Link(_)) {
        return Err(Problem::bad(1100, "Versioning is not supported for attachments of this type."));
    }
    if matches!(parent, Parent::Comment(_)) {
        return Err(Problem::bad(1101, "Versioning is not supported for comment attachments."));
    }
    let file = multipart::file(asked)?;
    let id = hang(state, sheet, parent, What::File(file), asked.now)?;
    if let Some(held) = state.attachments.0.iter_mut().find(|held| held.id == id) {
        held.first = first;
    }
    Ok(written(state.attachments.get(sheet, id)?.shown()))
}

fn link(body: &Value) -> Result<Map<String, Value>, Problem> {
    let body = attributes(body, &["attachmentType", "attachmentSubType", "name", "description", "url"])?;
    let kind = required_text(body, "attachmentType", "attachment.attachmentType")?;
    required_text(body, "name", "attachment.name")?;
    required_text(body, "url", "attachment.url")?;
    let bad = |name: &str| Problem::bad(1031, format!("The value was not valid for the attribute attachment.{name}."));
    if !LINKS.contains(&kind.as_str()) {
        return Err(bad("attachmentType"));
    }
    match body.get("attachmentSubType").map(Value::as_str) {
        None => {}
        Some(Some(sub_type)) if SUB_TYPES.contains(&sub_type) && ["GOOGLE_DRIVE", "EGNYTE"].contains(&&*kind) => {}
        Some(_) => return Err(bad("attachmentSubType")),
    }
    Ok(body.clone())
}

/// Adds to a sheet or row, as it is shown, what hangs on it and is asked for.
pub(super) fn show(state: &State, sheet: i64, shown: &mut Value, include: &[&str]) {
    let (attachments, discussions) = (include.contains(&"attachments"), include.contains(&"discussions"));
    let put = |shown: &mut Value, parent: Parent| {
        let Some(shown) = shown.as_object_mut() else { return };
        let mut list = |name: &str, all: Vec<Value>| {
            if !all.is_empty() {
                shown.insert(name.to_owned(), all.into());
            }
        };
        if attachments {
            list("attachments", state.attachments.listed(sheet, |held| held == parent));
        }
        if discussions {
            list("discussions", state.discussions.listed(state, sheet, |held| held == parent, true, attachments));
        }
    };
    if !attachments && !discussions {
        return;
    }
    let row_id = |row: &Value| row.get("id").and_then(Value::as_i64).unwrap_or_default();
    if shown.get("rows").is_none() {
        let parent = Parent::Row(row_id(shown));
        return put(shown, parent);
    }
    put(shown, Parent::Sheet);
    for row in shown.get_mut("rows").and_then(Value::as_array_mut).into_iter().flatten() {
        let parent = Parent::Row(row_id(row));
        put(row, parent);
    }
}

/// After something was deleted or moved: drops what hung on it.
pub(super) fn sweep(state: &mut State, asked: &Asked<'_>) {
    if *asked.request.method() == Method::DELETE || asked.name() == "rows.move_to" {
        sweep_all(state);
    }
}

pub(super) fn sweep_all(state: &mut State) {
    let State { sheets, attachments, cell_history, discussions, filters, proofs, summaries, .. } = state;
    let gone = |sheet: i64, parent: Parent| match (sheets.get(&sheet), parent) {
        (None, _) => true,
        (Some(sheet), Parent::Row(row)) => sheet.position(row).is_none(),
        _ => false,
    };
    summaries.drop_of(|sheet| !sheets.contains_key(&sheet));
    filters.drop_of(|sheet| !sheets.contains_key(&sheet));
    let rows: BTreeSet<i64> = sheets.values().flat_map(|sheet| &sheet.rows).map(|row| row.id).collect();
    cell_history.drop_of(|row| !rows.contains(&row));
    proofs.drop_of(|sheet, row| gone(sheet, Parent::Row(row)));
    let proofs = proofs.ids();
    let gone = |sheet, parent| gone(sheet, parent) || matches!(parent, Parent::Proof(id) if !proofs.contains(&id));
    discussions.drop_of(gone);
    let comments = discussions.comments(|_| true);
    attachments.drop_from(|sheet, parent| {
        gone(sheet, parent) || matches!(parent, Parent::Comment(id) if !comments.contains(&id))
    });
}

/// Gives a copy of a sheet copies of what hangs on that sheet itself.
pub(super) fn carry_sheet(state: &mut State, from: i64, to: i64, attachments: bool, discussions: bool) {
    carry_one(state, (from, Parent::Sheet), (to, Parent::Sheet), attachments, discussions);
}

/// Gives rows of another sheet copies of what hangs on those they were made from.
pub(super) fn carry(state: &mut State, from: i64, rows: &[(i64, i64)], to: i64, attachments: bool, discussions: bool) {
    for (old, new) in rows {
        carry_one(state, (from, Parent::Row(*old)), (to, Parent::Row(*new)), attachments, discussions);
    }
}

/// A sheet, and what something in it hangs on.
type Hook = (i64, Parent);

fn carry_one(state: &mut State, from: Hook, to: Hook, attachments: bool, discussions: bool) {
    if attachments {
        copy(state, from, to);
    }
    if discussions {
        // What hangs on a comment goes with it.
        for (old, new) in discussions::copy(state, from, to) {
            copy(state, (from.0, Parent::Comment(old)), (to.0, Parent::Comment(new)));
        }
    }
}

fn copy(state: &mut State, from: Hook, (sheet, parent): Hook) {
    let held: Vec<_> = state.attachments.0.iter().filter(|held| (held.sheet, held.parent) == from).cloned().collect();
    let ids: Vec<(i64, i64)> = held.iter().map(|held| (held.id, state.new_id())).collect();
    let new = |old: i64| ids.iter().find(|(from, _)| *from == old).map_or(old, |(_, to)| *to);
    let copies =
        held.into_iter().map(|held| Attachment { id: new(held.id), first: new(held.first), sheet, parent, ..held });
    state.attachments.0.extend(copies);
}

/// What an account has before anybody calls: a plan, a link, and a question that was answered.
pub(super) fn seed(state: &mut State, sheet: i64, now: DateTime<Utc>) {
    let rows: Vec<i64> =
        state.sheet(sheet).map(|held| held.rows.iter().map(|row| row.id).collect()).unwrap_or_default();
    let (version, at) = (state.sheet(sheet).map(|held| (held.version, held.modified_at))).unwrap_or_default();
    let [first, second, ..] = rows.as_slice() else { return };
    let plan = File {
        name: "Floor plan.pdf".to_owned(),
        mime: "application/pdf".to_owned(),
        bytes: Bytes::from_static(b"%PDF-1.4\n%%EOF\n"),
    };
    let link = json!({ "attachmentType": "LINK", "name": "Brand guide", "url": "https://brand.example/guide" });
    let link = link.as_object().cloned().unwrap_or_default();
    let days = |days| now - TimeDelta::days(days);
    // The sheet is there, so that none of it can fail.
    let _ = hang(state, sheet, Parent::Sheet, What::Link(link), days(120));
    let _ = hang(state, sheet, Parent::Row(*first), What::File(plan), days(60));
    let question = "Is there power at the south entrance?";
    if let Ok(id) = discussions::begin(state, sheet, Parent::Row(*second), None, question, days(30)) {
        let _ = discussions::answer(state, sheet, id, "Yes, 32 A behind the kiosk.", days(29));
    }
    if let Ok(sheet) = state.sheet_mut(sheet) {
        (sheet.version, sheet.modified_at) = (version, at);
    }
}

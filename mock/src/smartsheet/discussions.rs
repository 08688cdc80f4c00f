//! Discussions, and the comments they are made of.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, required_text, success, written};
use super::attachments::{Parent, What, hang, row};
use super::lists;
use super::multipart::{self, File};
use super::problem::Problem;
use super::render::{author, time};
use super::state::State;

/// How much of its first comment a discussion is called by.
const TITLE: usize = 100;

/// What is held of them, in the order in which they were begun.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(Vec<Discussion>);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Discussion {
    id: i64,
    sheet: i64,
    parent: Parent,
    title: String,
    comments: Vec<Comment>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Comment {
    id: i64,
    text: String,
    created_at: DateTime<Utc>,
    modified_at: DateTime<Utc>,
}

impl Store {
    fn get(&self, sheet: i64, id: i64) -> Result<&Discussion, Problem> {
        self.0.iter().find(|held| held.sheet == sheet && held.id == id).ok_or_else(Problem::not_found)
    }

    fn get_mut(&mut self, sheet: i64, id: i64) -> Result<&mut Discussion, Problem> {
        self.0.iter_mut().find(|held| held.sheet == sheet && held.id == id).ok_or_else(Problem::not_found)
    }

    /// The discussion with this comment.
    pub(super) fn comment(&self, sheet: i64, id: i64) -> Result<i64, Problem> {
        let held = |discussion: &&Discussion| discussion.comments.iter().any(|comment| comment.id == id);
        let found = self.0.iter().filter(|discussion| discussion.sheet == sheet).find(held);
        found.map(|discussion| discussion.id).ok_or_else(Problem::not_found)
    }

    /// The discussions of a sheet, with the text of each comment and when it was written.
    pub(super) fn texts(&self, sheet: i64) -> impl Iterator<Item = (i64, &str, DateTime<Utc>)> {
        let of_sheet = self.0.iter().filter(move |discussion| discussion.sheet == sheet);
        of_sheet
            .flat_map(|held| held.comments.iter().map(|comment| (held.id, comment.text.as_str(), comment.modified_at)))
    }

    /// What was said on a sheet: discussions, what they are about, and their comments.
    pub(super) fn said(&self, sheet: i64) -> impl Iterator<Item = (i64, Parent, Vec<String>)> {
        let of_sheet = self.0.iter().filter(move |discussion| discussion.sheet == sheet);
        let texts = |held: &Discussion| held.comments.iter().map(|comment| comment.text.clone()).collect();
        of_sheet.map(move |held| (held.id, held.parent, texts(held)))
    }

    /// The comments of a discussion.
    pub(super) fn comments_of(&self, sheet: i64, id: i64) -> Result<BTreeSet<i64>, Problem> {
        Ok(self.get(sheet, id)?.comments.iter().map(|comment| comment.id).collect())
    }

    /// The comments of all discussions that hang on anything that fits.
    pub(super) fn comments(&self, fits: impl Fn(Parent) -> bool) -> BTreeSet<i64> {
        let discussions = self.0.iter().filter(|discussion| fits(discussion.parent));
        discussions.flat_map(|discussion| &discussion.comments).map(|comment| comment.id).collect()
    }

    pub(super) fn drop_of(&mut self, gone: impl Fn(i64, Parent) -> bool) {
        self.0.retain(|held| !gone(held.sheet, held.parent));
    }

    /// As a list shows them.
    pub(super) fn listed(
        &self,
        state: &State,
        sheet: i64,
        fits: impl Fn(Parent) -> bool,
        comments: bool,
        attachments: bool,
    ) -> Vec<Value> {
        let wanted = self.0.iter().filter(|held| held.sheet == sheet && fits(held.parent));
        wanted.map(|held| held.shown(state, comments, attachments)).collect()
    }
}

impl Discussion {
    fn shown(&self, state: &State, comments: bool, attachments: bool) -> Value {
        let last = self.comments.iter().max_by_key(|comment| comment.created_at);
        let mut shown = Map::from_iter([
            ("id".to_owned(), json!(self.id)),
            ("title".to_owned(), json!(self.title)),
            ("accessLevel".to_owned(), json!("OWNER")),
            ("readOnly".to_owned(), json!(false)),
            ("commentCount".to_owned(), json!(self.comments.len())),
            ("createdBy".to_owned(), author()),
            ("lastCommentedUser".to_owned(), author()),
        ]);
        shown.extend(last.map(|last| ("lastCommentedAt".to_owned(), json!(time(last.created_at)))));
        shown.extend(self.parent.shown(self.sheet));
        if comments {
            let all: Vec<_> = self.comments.iter().map(|comment| comment.shown(state, self, attachments)).collect();
            shown.insert("comments".into(), all.into());
        }
        if attachments {
            let own = |parent| matches!(parent, Parent::Comment(id) if self.comments.iter().any(|held| held.id == id));
            shown.insert("commentAttachments".into(), state.attachments.listed(self.sheet, own).into());
        }
        shown.into()
    }
}

impl Comment {
    fn shown(&self, state: &State, of: &Discussion, attachments: bool) -> Value {
        let mut shown = json!({
            "id": self.id, "discussionId": of.id, "text": self.text, "createdBy": author(),
            "createdAt": time(self.created_at), "modifiedAt": time(self.modified_at),
        });
        let attached = state.attachments.listed(of.sheet, |parent| parent == Parent::Comment(self.id));
        if let (true, false, Some(shown)) = (attachments, attached.is_empty(), shown.as_object_mut()) {
            shown.insert("attachments".into(), attached.into());
        }
        shown
    }
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let sheet = asked.id("sheetId")?;
    state.sheet(sheet)?;
    let id = || asked.id("discussionId");
    let comment = || asked.id("commentId");
    let answer = match asked.name() {
        "discussions.list" => list(state, asked, |parent| !matches!(parent, Parent::Proof(_)))?,
        "discussions.of_row" => {
            let row = row(state, asked)?;
            list(state, asked, |parent| parent == Parent::Row(row))?
        }
        "discussions.get" => state.discussions.get(sheet, id()?)?.shown(state, true, true),
        "discussions.create_on_sheet" => create(state, asked, Parent::Sheet)?,
        "discussions.create_on_row" => {
            let row = row(state, asked)?;
            create(state, asked, Parent::Row(row))?
        }
        "discussions.delete" => {
            let id = state.discussions.get(sheet, id()?)?.id;
            state.discussions.0.retain(|held| held.id != id);
            state.sheet_mut(sheet)?.touched(asked.now);
            success()
        }
        "comments.get" => shown_comment(state, sheet, comment()?)?,
        "comments.add" => add(state, asked, id()?)?,
        "comments.update" => update(state, asked, comment()?)?,
        "comments.delete" => delete_comment(state, asked, comment()?)?,
        _ => return Err(asked.unknown()),
    };
    Ok(answer.into())
}

/// The discussions on anything that fits, by page.
pub(super) fn list(state: &State, asked: &Asked<'_>, fits: impl Fn(Parent) -> bool) -> Result<Value, Problem> {
    let include = asked.query.words("include", &["attachments", "comments"])?;
    let (comments, attachments) = (include.contains(&"comments"), include.contains(&"attachments"));
    let all = state.discussions.listed(state, asked.id("sheetId")?, fits, comments, attachments);
    lists::by_page(&all, &asked.query)
}

fn shown_comment(state: &State, sheet: i64, id: i64) -> Result<Value, Problem> {
    let discussion = state.discussions.get(sheet, state.discussions.comment(sheet, id)?)?;
    let comment = discussion.comments.iter().find(|comment| comment.id == id).ok_or_else(Problem::not_found)?;
    Ok(comment.shown(state, discussion, true))
}

/// Begins the discussion that the body holds.
pub(super) fn create(state: &mut State, asked: &Asked<'_>, parent: Parent) -> Result<Value, Problem> {
    let (body, file) = multipart::object(asked, "discussion")?;
    let body = attributes(&body, &["title", "comment"])?;
    let comment = body.get("comment").ok_or_else(|| Problem::missing("discussion.comment"))?;
    let text = required_text(attributes(comment, &["text"])?, "text", "comment.text")?;
    let title = match body.get("title") {
        None | Some(Value::Null) => None,
        Some(Value::String(title)) => Some(title.clone()),
        Some(_) => return Err(Problem::wrong_type("title")),
    };
    let sheet = asked.id("sheetId")?;
    let id = begin(state, sheet, parent, title, &text, asked.now)?;
    let comment = state.discussions.get(sheet, id)?.comments.first().map(|comment| comment.id).unwrap_or_default();
    attach(state, sheet, comment, file, asked.now)?;
    Ok(written(state.discussions.get(sheet, id)?.shown(state, true, true)))
}

pub(super) fn begin(
    state: &mut State,
    sheet: i64,
    parent: Parent,
    title: Option<String>,
    text: &str,
    now: DateTime<Utc>,
) -> Result<i64, Problem> {
    let (id, comment) = (state.new_id(), state.new_id());
    let title = title.filter(|title| !title.is_empty()).unwrap_or_else(|| text.chars().take(TITLE).collect());
    let first = Comment { id: comment, text: text.to_owned(), created_at: now, modified_at: now };
    state.discussions.0.push(Discussion { id, sheet, parent, title, comments: vec![first] });
    state.sheet_mut(sheet)?.touched(now);
    Ok(id)
}

pub(super) fn answer(
    state: &mut State,
    sheet: i64,
    discussion: i64,
    text: &str,
    now: DateTime<Utc>,
) -> Result<i64, Problem> {
    let id = state.new_id();
    let comment = Comment { id, text: text.to_owned(), created_at: now, modified_at: now };
    state.discussions.get_mut(sheet, discussion)?.comments.push(comment);
    state.sheet_mut(sheet)?.touched(now);
    Ok(id)
}

fn attach(state: &mut State, sheet: i64, comment: i64, file: Option<File>, now: DateTime<Utc>) -> Result<(), Problem> {
    match file {
        Some(file) => hang(state, sheet, Parent::Comment(comment), What::File(file), now).map(drop),
        None => Ok(()),
    }
}

fn add(state: &mut State, asked: &Asked<'_>, discussion: i64) -> Result<Value, Problem> {
    let sheet = asked.id("sheetId")?;
    state.discussions.get(sheet, discussion)?;
    let (body, file) = multipart::object(asked, "comment")?;
    let text = required_text(attributes(&body, &["text"])?, "text", "comment.text")?;
    let id = answer(state, sheet, discussion, &text, asked.now)?;
    attach(state, sheet, id, file, asked.now)?;
    Ok(written(shown_comment(state, sheet, id)?))
}

fn update(state: &mut State, asked: &Asked<'_>, id: i64) -> Result<Value, Problem> {
    let sheet = asked.id("sheetId")?;
    let discussion = state.discussions.comment(sheet, id)?;
    let body = asked.json()?;
    let text = required_text(attributes(&body, &["text"])?, "text", "comment.text")?;
    let held = state.discussions.get_mut(sheet, discussion)?;
    if let Some(comment) = held.comments.iter_mut().find(|comment| comment.id == id) {
        (comment.text, comment.modified_at) = (text, asked.now);
    }
    state.sheet_mut(sheet)?.touched(asked.now);
    Ok(written(shown_comment(state, sheet, id)?))
}

/// A discussion goes with its last comment.
fn delete_comment(state: &mut State, asked: &Asked<'_>, id: i64) -> Result<Value, Problem> {
    let sheet = asked.id("sheetId")?;
    let discussion = state.discussions.comment(sheet, id)?;
    state.discussions.get_mut(sheet, discussion)?.comments.retain(|comment| comment.id != id);
    state.discussions.0.retain(|held| !held.comments.is_empty());
    state.sheet_mut(sheet)?.touched(asked.now);
    Ok(success())
}

/// Gives something in another sheet copies of the discussions on something: what their comments became.
pub(super) fn copy(state: &mut State, from: (i64, Parent), (sheet, parent): (i64, Parent)) -> Vec<(i64, i64)> {
    let held: Vec<_> = state.discussions.0.iter().filter(|held| (held.sheet, held.parent) == from).cloned().collect();
    let mut ids = Vec::new();
    for mut discussion in held {
        (discussion.id, discussion.sheet, discussion.parent) = (state.new_id(), sheet, parent);
        for comment in &mut discussion.comments {
            let id = state.new_id();
            ids.push((comment.id, id));
            comment.id = id;
        }
        state.discussions.0.push(discussion);
    }
    ids
}

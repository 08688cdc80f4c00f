//! Comments on events and on tasks.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::state::State;
use super::asked::Asked;
use super::{Outcome, done, events, not_found, not_saved, not_saved_but_ok, ok, problem, subject};

/// What is commented on: the name of its parameter in the path, and its id.
type Subject = (&'static str, i64);

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(Vec<Comment>);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Comment {
    id: i64,
    #[serde(deserialize_with = "subject::one")]
    subject: Subject,
    content: String,
    created_at: DateTime<Utc>,
}

impl Comment {
    fn view(&self) -> Value {
        json!({
            "id": self.id,
            "content": self.content,
            "created_at": self.created_at.to_rfc3339(),
            "created_by": {"id": State::USER, "full_name": "Ann Field"},
        })
    }
}

impl Store {
    /// Those on an event.
    pub(super) fn on_event(&self, event: i64) -> impl Iterator<Item = Value> {
        self.0.iter().filter(move |comment| comment.subject == ("event", event)).map(Comment::view)
    }

    /// How many there are on an event or a task.
    pub(super) fn count(&self, what: &str, id: i64) -> u64 {
        self.0.iter().filter(|comment| comment.subject.0 == what && comment.subject.1 == id).count() as u64
    }
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let subject = subject(state, asked)?;
    let of_subject = |comment: &&mut Comment| comment.subject == subject;
    let blank = || problem("content", "can't be blank");
    let content = asked.sent.text("content").filter(|content| !content.trim().is_empty());
    let (method, _) = asked.method().split_once('_').unwrap_or_default();
    match (method, content) {
        ("of", _) => ok(state.stores.comments.0.iter_mut().filter(of_subject).map(|comment| comment.view()).collect()),
        // The one that fails with success.
        ("create", None) => not_saved_but_ok(blank()),
        ("create", Some(_)) if subject.0 == "event" && events::is_full(state, subject.1, "comments") => {
            not_saved_but_ok(problem("base", "has reached the limit of comments of its campaign"))
        }
        ("create", Some(content)) => {
            let comment = Comment { id: state.fresh_id(), subject, content: content.to_owned(), created_at: asked.now };
            let view = comment.view();
            state.stores.comments.0.push(comment);
            ok(view)
        }
        (method, content) => {
            let id = asked.id("id")?;
            let found = state.stores.comments.0.iter_mut().filter(of_subject).find(|comment| comment.id == id);
            let comment = found.ok_or_else(not_found)?;
            if method == "delete" {
                state.stores.comments.0.retain(|comment| comment.id != id);
                return done("Comment successfully deleted");
            }
            content.ok_or_else(|| not_saved(blank()))?.clone_into(&mut comment.content);
            ok(comment.view())
        }
    }
}

fn subject(state: &State, asked: &Asked<'_>) -> Result<Subject, Answer> {
    if asked.method().ends_with("_task") {
        let id = asked.id("task")?;
        return state.stores.tasks.has(id).then_some(("task", id)).ok_or_else(not_found);
    }
    let id = asked.id("event")?;
    state.event(id).map(|_| ("event", id)).ok_or_else(not_found)
}

//! Comments on events and on tasks.

use chrono::{DateTime, Utc};
use connectors_core::Request;
use connectors_core::provider::{Call, Operation};
use connectors_core::wire::lenient;
use http::Method;
use serde::{Deserialize, Serialize};

use super::request::{CallExt, nameless, not_blank, operation, removed, resource};
use super::{CommentId, RemoteEventId, TaskId, UserId};

static OF_EVENT: Operation = operation(Method::GET, "comments.of_event", "/events/{event}/comments.json");
static CREATE_ON_EVENT: Operation =
    operation(Method::POST, "comments.create_on_event", "/events/{event}/comments.json");
static UPDATE_ON_EVENT: Operation =
    operation(Method::PUT, "comments.update_on_event", "/events/{event}/comments/{id}.json");
static DELETE_ON_EVENT: Operation =
    operation(Method::DELETE, "comments.delete_on_event", "/events/{event}/comments/{id}.json");
static OF_TASK: Operation = operation(Method::GET, "comments.of_task", "/tasks/{task}/comments.json");
static CREATE_ON_TASK: Operation = operation(Method::POST, "comments.create_on_task", "/tasks/{task}/comments.json");
static UPDATE_ON_TASK: Operation =
    operation(Method::PUT, "comments.update_on_task", "/tasks/{task}/comments/{id}.json");
static DELETE_ON_TASK: Operation =
    operation(Method::DELETE, "comments.delete_on_task", "/tasks/{task}/comments/{id}.json");

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// What it says.
    pub content: String,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<DateTime<Utc>>,
    /// Who made it.
    #[serde(default)]
    pub created_by: Option<Commentator>,
}

/// Who made a comment. `Debug` does not show the name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Commentator {
    /// The person; not the id that the members of a company go by.
    pub id: UserId,
    /// First and last name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub full_name: String,
}

nameless!(Commentator);

resource! {
    /// The endpoints of comments: [`Native::comments`](super::Native::comments). A campaign may limit how many an event
    /// has.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::{Contract, native::RemoteEventId};
    /// # use connectors_mock::MockBrandscopic;
    /// # let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    /// # let event = RemoteEventId::new(mock.fake().events()[0].id);
    /// let comments = mock.client().native()?.comments();
    /// let first = comments.create_on_event(event, "Ran out of cups").await?;
    /// comments.update_on_event(event, first.id, "Ran out of cups at six").await?;
    /// assert_eq!(comments.of_event(event).await?[0].content, "Ran out of cups at six");
    /// comments.delete_on_event(event, first.id).await?;
    ///
    /// # let draft = connectors_brandscopic::native::TaskDraft::new("Order cups");
    /// # let task = mock.client().native()?.tasks().create_on_event(event, &draft).await?.id;
    /// let question = comments.create_on_task(task, "How many?").await?;
    /// comments.update_on_task(task, question.id, "How many are left?").await?;
    /// assert_eq!(comments.of_task(task).await?[0].content, "How many are left?");
    /// comments.delete_on_task(task, question.id).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub struct Comments;
}

/// The body of a write.
#[derive(Serialize)]
struct Body<'a> {
    comment: Content<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    content: &'a str,
}

impl Comments {
    /// The comments on an event, the oldest first, all at once.
    pub fn of_event(&self, event: RemoteEventId) -> Request<Vec<Comment>> {
        Request::new(self.0.call(&OF_EVENT).id("event", event.get()))
    }

    /// Comments on an event.
    pub fn create_on_event(&self, event: RemoteEventId, content: &str) -> Request<Comment> {
        write(self.0.call(&CREATE_ON_EVENT).id("event", event.get()), content)
    }

    /// Lets a comment on an event say something else.
    pub fn update_on_event(&self, event: RemoteEventId, comment: CommentId, content: &str) -> Request<Comment> {
        write(self.0.call(&UPDATE_ON_EVENT).id("event", event.get()).id("id", comment.get()), content)
    }

    /// Deletes a comment on an event.
    pub fn delete_on_event(&self, event: RemoteEventId, comment: CommentId) -> Request<()> {
        removed(self.0.call(&DELETE_ON_EVENT).id("event", event.get()).id("id", comment.get()))
    }

    /// The comments on a task, the oldest first, all at once.
    pub fn of_task(&self, task: TaskId) -> Request<Vec<Comment>> {
        Request::new(self.0.call(&OF_TASK).id("task", task.get()))
    }

    /// Comments on a task.
    pub fn create_on_task(&self, task: TaskId, content: &str) -> Request<Comment> {
        write(self.0.call(&CREATE_ON_TASK).id("task", task.get()), content)
    }

    /// Lets a comment on a task say something else.
    pub fn update_on_task(&self, task: TaskId, comment: CommentId, content: &str) -> Request<Comment> {
        write(self.0.call(&UPDATE_ON_TASK).id("task", task.get()).id("id", comment.get()), content)
    }

    /// Deletes a comment on a task.
    pub fn delete_on_task(&self, task: TaskId, comment: CommentId) -> Request<()> {
        removed(self.0.call(&DELETE_ON_TASK).id("task", task.get()).id("id", comment.get()))
    }
}

fn write(call: Call, content: &str) -> Request<Comment> {
    Request::new(call.json(&Body { comment: Content { content } })).check(not_blank("content", content))
}

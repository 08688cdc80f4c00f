//! Discussions, and the comments they are made of.

use chrono::{DateTime, Utc};
use connectors_core::NewFile;
use connectors_core::{Error, Result};
use serde::{Deserialize, Serialize};

use super::access::{AccessLevel, Person};
use super::attachment::{Attachment, ParentType};
use super::ids::{CommentId, DiscussionId};
use super::time;
use crate::files::FileExt as _;

/// A discussion, as read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Discussion {
    /// The id.
    pub id: DiscussionId,
    /// The title; unless it was given one, the beginning of the first comment.
    pub title: Option<String>,
    /// The comments, the oldest first. In lists only where asked for.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub comments: Vec<Comment>,
    /// What is attached to the comments. In lists only where asked for.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub comment_attachments: Vec<Attachment>,
    /// How many comments there are.
    pub comment_count: Option<u32>,
    /// What it hangs on.
    pub parent_type: Option<ParentType>,
    /// The id of what it hangs on, of a kind that depends on the type.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::opt_number")]
    pub parent_id: Option<i64>,
    /// What the caller may do with it.
    pub access_level: Option<AccessLevel>,
    /// Whether the caller may only read it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub read_only: bool,
    /// Who began it.
    pub created_by: Option<Person>,
    /// When the last comment was made.
    #[serde(default, deserialize_with = "time::opt")]
    pub last_commented_at: Option<DateTime<Utc>>,
    /// Who made it.
    pub last_commented_user: Option<Person>,
}

/// A comment, as read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Comment {
    /// The id.
    pub id: CommentId,
    /// What it says.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub text: String,
    /// What it is a part of.
    pub discussion_id: Option<DiscussionId>,
    /// What is attached to it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub attachments: Vec<Attachment>,
    /// When it was made.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// Who made it.
    pub created_by: Option<Person>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
}

/// A comment to be made, possibly with a file.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewComment {
    /// What it says.
    pub text: String,
    /// A file to attach.
    #[serde(skip)]
    pub file: Option<NewFile>,
}

impl NewComment {
    /// A comment that says this.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), file: None }
    }

    /// Attaches a file.
    pub fn file(mut self, file: NewFile) -> Self {
        self.file = Some(file);
        self
    }

    pub(crate) fn check(&self, field: &str) -> Result<()> {
        check_text(field, &self.text)?;
        self.file.as_ref().map_or(Ok(()), NewFile::check)
    }
}

impl From<&str> for NewComment {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// Refuses a comment that says nothing.
pub(crate) fn check_text(field: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(Error::invalid(field, "must not be blank").with_code(1012));
    }
    Ok(())
}

/// A discussion to be begun: its first comment, possibly with a file.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewDiscussion {
    /// The title; without one, Smartsheet takes the beginning of the comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The first comment.
    pub comment: NewComment,
}

impl NewDiscussion {
    /// A discussion that begins with this comment.
    pub fn new(comment: impl Into<NewComment>) -> Self {
        Self { title: None, comment: comment.into() }
    }

    /// Gives it a title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        self.comment.check("comment.text")
    }
}

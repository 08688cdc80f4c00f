//! What a test sees when it looks into the fake.

use std::collections::BTreeMap;

use bytes::Bytes;
use connectors_smartsheet::{AttachmentId, DiscussionId, FolderId, RowId, SheetId, UserId, WebhookId, WorkspaceId};
use serde_json::Value;

use super::attachments::Parent;
use super::fake::FakeSmartsheet;
use super::state::{Container, Row, Sheet};

/// A sheet, as a test looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FakeSheet {
    /// The id.
    pub id: SheetId,
    /// The name.
    pub name: String,
    /// Goes up with every change.
    pub version: u64,
    /// The titles of the columns, in their order.
    pub columns: Vec<String>,
}

/// A row, as a test looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FakeRow {
    /// The id.
    pub id: RowId,
    /// The position, from 1.
    pub number: usize,
    /// How often it was written.
    pub version: u64,
    /// What its cells show, by the titles of their columns. Those that hold nothing are not there.
    pub cells: BTreeMap<String, String>,
}

impl FakeRow {
    /// What the cell in the column with this title shows.
    pub fn cell(&self, title: &str) -> Option<&str> {
        self.cells.get(title).map(String::as_str)
    }
}

/// A file that was attached, as a test looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FakeAttachment {
    /// The id.
    pub id: AttachmentId,
    /// The row it hangs on; `None` where it hangs on the sheet, a comment or a proof.
    pub row: Option<RowId>,
    /// The name of the file.
    pub name: String,
    /// Its type.
    pub mime_type: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// A discussion, as a test looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FakeDiscussion {
    /// The id.
    pub id: DiscussionId,
    /// The row it is about; `None` where it is about the sheet or a proof.
    pub row: Option<RowId>,
    /// What was said, the oldest first.
    pub comments: Vec<String>,
}

/// A user, as a test looks at them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FakeUser {
    /// The id.
    pub id: UserId,
    /// The e-mail address.
    pub email: String,
    /// First and last name.
    pub name: String,
    /// `ACTIVE`, `PENDING` or `DEACTIVATED`.
    pub status: String,
    /// Whether they are a system admin.
    pub admin: bool,
}

/// A webhook, as a test looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FakeWebhook {
    /// The id.
    pub id: WebhookId,
    /// The name.
    pub name: String,
    /// Where its callbacks go.
    pub callback_url: String,
    /// Such as `ENABLED`.
    pub status: String,
    /// How many callbacks have not been taken yet.
    pub pending: usize,
}

impl FakeSmartsheet {
    /// The sheets, in the order in which they appeared.
    pub fn sheets(&self) -> Vec<FakeSheet> {
        self.state().sheets_in_order().filter(|sheet| !sheet.template).map(FakeSheet::of).collect()
    }

    /// The sheet of this name; the newest where there are several.
    pub fn sheet_named(&self, name: &str) -> Option<FakeSheet> {
        self.sheets().into_iter().rfind(|sheet| sheet.name == name)
    }

    /// The workspace of this name; the newest where there are several.
    pub fn workspace_named(&self, name: &str) -> Option<WorkspaceId> {
        named(&self.state().workspaces, name).map(WorkspaceId::new)
    }

    /// The folder of this name, wherever it is; the newest where there are several.
    pub fn folder_named(&self, name: &str) -> Option<FolderId> {
        named(&self.state().folders, name).map(FolderId::new)
    }

    /// The rows of a sheet, in their order; none where there is no such sheet.
    pub fn rows(&self, sheet: SheetId) -> Vec<FakeRow> {
        let state = self.state();
        let Ok(sheet) = state.sheet(sheet.get()) else { return Vec::new() };
        let look = |(position, row): (usize, &Row)| FakeRow {
            id: RowId::new(row.id),
            number: position + 1,
            version: row.version,
            cells: sheet
                .columns
                .iter()
                .filter_map(|column| Some((column.title.clone(), shown(row, column.id)?)))
                .collect(),
        };
        sheet.rows.iter().enumerate().map(look).collect()
    }

    /// The files that were attached to a sheet and what is in it, the newest version of each; links are not among them.
    pub fn attachments(&self, sheet: SheetId) -> Vec<FakeAttachment> {
        let row = |parent| if let Parent::Row(id) = parent { Some(RowId::new(id)) } else { None };
        let state = self.state();
        let files = state.attachments.files(sheet.get());
        let look = files.map(|(id, parent, file)| FakeAttachment {
            id: AttachmentId::new(id),
            row: row(parent),
            name: file.name.clone(),
            mime_type: file.mime.clone(),
            bytes: file.bytes.clone(),
        });
        look.collect()
    }

    /// The discussions of a sheet, in the order in which they were begun.
    pub fn discussions(&self, sheet: SheetId) -> Vec<FakeDiscussion> {
        let row = |parent| if let Parent::Row(id) = parent { Some(RowId::new(id)) } else { None };
        let state = self.state();
        let said = state.discussions.said(sheet.get());
        said.map(|(id, parent, comments)| FakeDiscussion { id: DiscussionId::new(id), row: row(parent), comments })
            .collect()
    }

    /// The users of the account.
    pub fn users(&self) -> Vec<FakeUser> {
        let state = self.state();
        let look = state.users.all().map(|user| FakeUser {
            id: UserId::new(user.id),
            email: user.email.clone(),
            name: user.name(),
            status: user.status.to_string(),
            admin: user.admin,
        });
        look.collect()
    }

    /// The webhooks, in the order in which they were created.
    pub fn webhooks(&self) -> Vec<FakeWebhook> {
        self.state().webhooks.looked_at()
    }
}

impl FakeSheet {
    fn of(sheet: &Sheet) -> Self {
        let columns = sheet.columns.iter().map(|column| column.title.clone()).collect();
        Self { id: SheetId::new(sheet.id), name: sheet.name.clone(), version: sheet.version, columns }
    }
}

fn named(held: &[Container], name: &str) -> Option<i64> {
    held.iter().rfind(|container| container.name == name).map(|container| container.id)
}

/// What a cell shows, or holds where it does not say what it shows.
fn shown(row: &Row, column: i64) -> Option<String> {
    let cell = row.cells.get(&column)?;
    cell.display.clone().or_else(|| match cell.value.as_ref()? {
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    })
}

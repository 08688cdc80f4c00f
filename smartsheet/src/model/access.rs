//! People, and what they may do.

use connectors_core::open_enum;
use serde::Deserialize;

use super::ids::UserId;

open_enum! {
    /// What somebody may do with a sheet, folder or workspace.
    pub enum AccessLevel {
        /// Read.
        "VIEWER" => Viewer,
        /// Read and comment. Shown as a viewer unless it is asked for.
        "COMMENTER" => Commenter,
        /// Change rows.
        "EDITOR" => Editor,
        /// Change rows, and share.
        "EDITOR_SHARE" => EditorShare,
        /// Change everything, and share.
        "ADMIN" => Admin,
        /// Everything.
        "OWNER" => Owner,
    }
}

/// Who did something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Person {
    /// The name.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
}

/// The account and user that a token belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserProfile {
    /// The user's id.
    pub id: UserId,
    /// The e-mail address.
    pub email: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The account.
    pub account: Option<Account>,
    /// Whether the user is a system admin.
    #[serde(default)]
    pub admin: bool,
    /// Whether the user may create sheets.
    #[serde(default)]
    pub licensed_sheet_creator: bool,
    /// The locale in which lenient writes are interpreted, such as `en_US`.
    pub locale: Option<String>,
    /// The time zone, such as `US/Pacific`.
    pub time_zone: Option<String>,
    /// The company.
    pub company: Option<String>,
}

impl UserProfile {
    /// First and last name, as far as they are known.
    pub fn name(&self) -> String {
        let parts = [&self.first_name, &self.last_name].into_iter().flatten().map(|part| part.trim());
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// The account of a user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// The id.
    pub id: Option<i64>,
    /// The name.
    pub name: Option<String>,
}

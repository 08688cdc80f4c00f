//! People, and what they may do.

use connectors_core::open_enum;
use serde::Deserialize;

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

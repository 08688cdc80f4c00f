//! What a search finds.

use connectors_core::open_enum;
use serde::Deserialize;

use super::ids::{RowId, SheetId};

open_enum! {
    /// What a thing that was found is, or is part of.
    pub enum SearchObjectType {
        /// An attachment.
        "attachment" => Attachment,
        /// A dashboard.
        "dashboard" | "sight" => Dashboard,
        /// A discussion, by one of its comments.
        "discussion" => Discussion,
        /// A folder.
        "folder" => Folder,
        /// A report.
        "report" => Report,
        /// A row, by one of its cells.
        "row" => Row,
        /// A sheet.
        "sheet" => Sheet,
        /// A field of a sheet summary.
        "summaryField" => SummaryField,
        /// A template.
        "template" => Template,
        /// A workspace.
        "workspace" => Workspace,
    }
}

/// What a search finds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct SearchResult {
    /// What was found. Smartsheet gives the best matches only: see the total.
    #[serde(alias = "result")]
    pub results: Vec<SearchResultItem>,
    /// How many there are.
    pub total_count: Option<u64>,
}

/// A thing that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct SearchResultItem {
    /// What it is.
    pub object_type: Option<SearchObjectType>,
    /// Its id, of a kind that depends on the type.
    #[serde(deserialize_with = "connectors_core::wire::lenient::opt_number")]
    pub object_id: Option<i64>,
    /// The text that was found: a name, a cell, a comment.
    pub text: Option<String>,
    /// What is around it, such as the cells of the row.
    pub context_data: Vec<String>,
    /// What it is in.
    pub parent_object_type: Option<SearchObjectType>,
    /// The id of what it is in.
    #[serde(deserialize_with = "connectors_core::wire::lenient::opt_number")]
    pub parent_object_id: Option<i64>,
    /// The name of what it is in.
    pub parent_object_name: Option<String>,
    /// Whether it is a favorite. Only where asked for.
    pub favorite: Option<bool>,
    /// Whether what it is in is a favorite. Only where asked for.
    pub parent_object_favorite: Option<bool>,
    /// The page of the proof, if it is part of one.
    pub proof_url: Option<String>,
}

impl SearchResultItem {
    /// The row, if it is one.
    pub fn row_id(&self) -> Option<RowId> {
        let id = self.object_id.filter(|_| self.object_type == Some(SearchObjectType::Row));
        id.map(RowId::new)
    }

    /// The sheet that it is or is in.
    pub fn sheet_id(&self) -> Option<SheetId> {
        let pairs = [(&self.object_type, self.object_id), (&self.parent_object_type, self.parent_object_id)];
        let sheet = pairs.into_iter().find(|(kind, _)| **kind == Some(SearchObjectType::Sheet));
        sheet.and_then(|(_, id)| id).map(SheetId::new)
    }
}

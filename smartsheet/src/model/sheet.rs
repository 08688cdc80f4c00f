//! Sheets, as they are read and created.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::access::AccessLevel;
use super::attachment::Attachment;
use super::column::{Column, NewColumn};
use super::container::Workspace;
use super::cross_sheet_reference::CrossSheetReference;
use super::discussion::Discussion;
use super::filter::SheetFilter;
use super::ids::{SheetId, UserId};
use super::row::Row;
use super::row_read;
use super::sheet_settings::{ProjectSettings, ResourceManagement, SheetUserPermissions, SheetUserSettings};
use super::summary::Summary;
use super::time;

/// A sheet with its columns and rows.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Sheet {
    /// The id.
    pub id: SheetId,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// Goes up with every change of the sheet.
    pub version: Option<u64>,
    /// How many rows the sheet has, whatever part of them was asked for.
    pub total_row_count: Option<u64>,
    /// What the caller may do with it.
    pub access_level: Option<AccessLevel>,
    /// Its page.
    pub permalink: Option<String>,
    /// The columns, in the order of the sheet.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub columns: Vec<Column>,
    /// The rows, in the order of the sheet.
    #[serde(default, deserialize_with = "row_read::rows")]
    pub rows: Vec<Row>,
    /// What is attached to the sheet itself. Only where asked for with `attachments`.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub attachments: Vec<Attachment>,
    /// What is said about the sheet itself. Only where asked for with `discussions`.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub discussions: Vec<Discussion>,
    /// When it was created.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
    /// The owner's e-mail address. Only where asked for with `ownerInfo`.
    pub owner: Option<String>,
    /// The owner. Only where asked for with `ownerInfo`.
    pub owner_id: Option<UserId>,
    /// The workspace it is in.
    pub workspace: Option<Workspace>,
    /// What it was made from. Only where asked for with `source`.
    pub source: Option<Source>,
    /// Whether the caller may only read it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub read_only: bool,
    /// Whether it is a project sheet with dependencies.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub dependencies_enabled: bool,
    /// How confidential it is, by the names of the account.
    pub data_classification: Option<String>,
    /// What it was copied from.
    pub from_id: Option<SheetId>,
    /// Whether it is a favorite of the caller.
    pub favorite: Option<bool>,
    /// Whether images can be put into its cells.
    pub cell_image_upload_enabled: Option<bool>,
    /// What may be attached to it, such as `FILE` and `LINK`.
    pub effective_attachment_options: Option<Vec<String>>,
    /// Whether it is shown as a Gantt chart.
    pub gantt_enabled: Option<bool>,
    /// Whether it has a summary.
    pub has_summary_fields: Option<bool>,
    /// Whether it can have columns of several picklist values.
    pub is_multi_picklist_enabled: Option<bool>,
    /// Whether its resources are managed.
    pub resource_management_enabled: Option<bool>,
    /// What manages them.
    pub resource_management_type: Option<ResourceManagement>,
    /// Whether filters show the parents of rows that they show.
    pub show_parent_rows_for_filters: Option<bool>,
    /// The working time; only of project sheets.
    pub project_settings: Option<ProjectSettings>,
    /// What the caller chose for themselves.
    pub user_settings: Option<SheetUserSettings>,
    /// What the caller may do besides the access level.
    pub user_permissions: Option<SheetUserPermissions>,
    /// The references of its formulas to other sheets. Only where asked for with `crossSheetReferences`.
    pub cross_sheet_references: Option<Vec<CrossSheetReference>>,
    /// Its filters. Only where asked for with `filterDefinitions`.
    pub filters: Option<Vec<SheetFilter>>,
    /// The fields beside its rows.
    pub summary: Option<Summary>,
    /// The configuration of the Gantt chart, as JSON. Only where asked for with `ganttConfig`.
    #[serde(default, deserialize_with = "json")]
    pub gantt_config: Option<Box<str>>,
    /// The contacts that its cells refer to, as JSON.
    #[serde(default, deserialize_with = "json")]
    pub contact_references: Option<Box<str>>,
}

/// What nobody has described, as it is.
fn json<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Box<str>>, D::Error> {
    Ok(Option::<Box<RawValue>>::deserialize(source)?.map(Into::into))
}

/// What a sheet was made from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Source {
    /// The id.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::opt_number")]
    pub id: Option<i64>,
    /// What it is: `sheet`, `template`, `report`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// A sheet without columns and rows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SheetSummary {
    /// The id.
    pub id: SheetId,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// What the caller may do with it.
    pub access_level: Option<AccessLevel>,
    /// Its page.
    pub permalink: Option<String>,
    /// The columns: when it was created from columns.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub columns: Vec<Column>,
    /// Its version. Only where asked for with `sheetVersion`.
    pub version: Option<u64>,
    /// Whether it is a favorite of the caller.
    pub favorite: Option<bool>,
    /// The owner's e-mail address. Only where asked for with `ownerInfo`.
    pub owner: Option<String>,
    /// The owner. Only where asked for with `ownerInfo`.
    pub owner_id: Option<UserId>,
    /// What it was made from. Only where asked for with `source`.
    pub source: Option<Source>,
    /// When it was created.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
}

/// What a new sheet is made of: a template or sheet, or columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewSheet {
    /// The name.
    pub name: String,
    /// The template or sheet to copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_id: Option<SheetId>,
    /// The columns, exactly one of them primary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<NewColumn>>,
}

impl NewSheet {
    /// A copy of a template or sheet. Only its structure, unless more is included.
    pub fn from_template(name: impl Into<String>, template: SheetId) -> Self {
        Self { name: name.into(), from_id: Some(template), columns: None }
    }

    /// An empty sheet with these columns.
    pub fn with_columns(name: impl Into<String>, columns: impl IntoIterator<Item = NewColumn>) -> Self {
        Self { name: name.into(), from_id: None, columns: Some(columns.into_iter().collect()) }
    }
}

#[cfg(test)]
mod tests {
    use connectors_core::provider::decode_json;

    use super::*;

    #[test]
    fn a_sheet_is_read_with_what_nobody_knows_yet_and_an_error_says_where_it_is() {
        let sheet = |column: &str| {
            let rows = format!(
                r#"[{{"id":"7","rowNumber":1,"cells":[{{"columnId":{column},"value":1.50}}],"mood":["new"]}}]"#
            );
            let columns = r#"[{"id":1,"index":0,"title":"A","type":"HOLOGRAM"}]"#;
            decode_json::<Sheet>(
                format!(r#"{{"id":5,"accessLevel":"GUEST","columns":{columns},"rows":{rows}}}"#).as_bytes(),
            )
        };
        let read = sheet("1").unwrap();
        assert_eq!(read.rows[0].cells[0].value.to_string(), "1.50");
        assert!(!read.columns[0].column_type.is_known() && !read.access_level.unwrap().is_known());
        let error = sheet("true").unwrap_err();
        assert_eq!(error.json_path(), Some("rows[0].cells[0].columnId"));
    }
}

//! Reports, as they are read and written.

use chrono::{DateTime, Utc};
use connectors_core::{Error, Result, open_enum};
use serde::{Deserialize, Serialize};

use super::access::AccessLevel;
use super::cell::Cell;
use super::column::{AutoNumberFormat, ColumnType, ContactOption, SystemColumnType};
use super::container::Workspace;
use super::ids::{ColumnId, ReportId, SheetId, UserId, VirtualColumnId, WorkspaceId};
use super::report_definition::ReportDefinitionUpdate;
use super::row::Row;
use super::sheet::{SheetSummary, Source};
use super::time;
use crate::destination::Destination;

/// A report: rows of many sheets, one page of them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Report {
    /// The id.
    pub id: ReportId,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// How many rows the report has on all of its pages.
    pub total_row_count: Option<u64>,
    /// The columns, each of which stands for columns of the sheets.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub columns: Vec<ReportColumn>,
    /// The rows of this page. Each says which sheet it is of.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub rows: Vec<Row>,
    /// Whether it shows sheet summaries instead of rows.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub is_summary_report: bool,
    /// Goes up with every change.
    pub version: Option<u64>,
    /// What the caller may do with it.
    pub access_level: Option<AccessLevel>,
    /// Its page.
    pub permalink: Option<String>,
    /// The sheets and workspaces it is about. Only where asked for with `scope`.
    pub scope: Option<ReportSources>,
    /// The sheets that its rows are of. Only where asked for with `sourceSheets`.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub source_sheets: Vec<SheetSummary>,
    /// What it was made from. Only where asked for with `source`.
    pub source: Option<Source>,
    /// The workspace it is in.
    pub workspace: Option<Workspace>,
    /// The owner's e-mail address.
    pub owner: Option<String>,
    /// The owner.
    pub owner_id: Option<UserId>,
    /// Whether it is a favorite of the caller.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub favorite: bool,
    /// Whether the caller may only read it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub read_only: bool,
    /// What may be attached to its rows.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub effective_attachment_options: Vec<String>,
    /// When it was created.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
}

impl Report {
    /// The first column with this title. Titles are not unique: columns of different types may share one.
    pub fn column(&self, title: &str) -> Option<&ReportColumn> {
        self.columns.iter().find(|column| column.title == title)
    }

    /// The cell of a row in the first column with this title; `None` where the row's sheet has no such column.
    pub fn cell<'a>(&self, row: &'a Row, title: &str) -> Option<&'a Cell> {
        let id = self.column(title)?.virtual_id;
        row.cells.iter().find(|cell| cell.virtual_column_id() == Some(id))
    }
}

/// What a report is about, as far as it is asked for with the report itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ReportSources {
    /// Sheets.
    pub sheets: Vec<SheetSummary>,
    /// Workspaces, with all of their sheets.
    pub workspaces: Vec<Workspace>,
}

/// A report without columns and rows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportSummary {
    /// The id.
    pub id: ReportId,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// What the caller may do with it.
    pub access_level: Option<AccessLevel>,
    /// Its page.
    pub permalink: Option<String>,
    /// Whether it shows sheet summaries instead of rows.
    pub is_summary_report: Option<bool>,
    /// The columns: when it was created.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub columns: Vec<ReportColumn>,
    /// When it was created.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
}

/// A column of a report.
#[expect(clippy::struct_excessive_bools, reason = "they are Smartsheet's, and independent of each other")]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportColumn {
    /// The id, which the cells name.
    pub virtual_id: VirtualColumnId,
    /// The id of the column of a sheet that it was made from.
    pub id: Option<ColumnId>,
    /// The position, from 0.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub index: u32,
    /// The title.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub title: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub column_type: Option<ColumnType>,
    /// What Smartsheet writes into it.
    pub system_column_type: Option<SystemColumnType>,
    /// Whether it stands for the primary columns.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub primary: bool,
    /// Whether it names the row's sheet.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub sheet_name_column: bool,
    /// Whether it is hidden.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub hidden: bool,
    /// Whether other values than the options are refused.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub validation: bool,
    /// The width, in pixels.
    pub width: Option<u32>,
    /// 0 for plain columns, 1 for several contacts, 2 for several picklist values.
    pub version: Option<u32>,
    /// What may be chosen in a picklist.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub options: Vec<String>,
    /// Who may be chosen in a contact column.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub contact_options: Vec<ContactOption>,
    /// The symbols of a checkbox or picklist.
    pub symbol: Option<String>,
    /// How its running numbers are written.
    pub auto_number_format: Option<AutoNumberFormat>,
    /// What it is for.
    pub description: Option<String>,
    /// The formula of every cell.
    pub formula: Option<String>,
    /// The format of new cells.
    pub format: Option<String>,
}

/// A column that a report is to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewReportColumn {
    /// The title that the columns of the sheets have; may be chosen for the primary columns.
    pub title: String,
    /// What they hold.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// The position, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// What Smartsheet writes into them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_column_type: Option<SystemColumnType>,
    /// Whether they are the primary columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<bool>,
    /// Whether it is the column that names the row's sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet_name_column: Option<bool>,
    /// Whether it is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// The width, in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
}

impl NewReportColumn {
    /// The columns of the sheets that have this title and type.
    pub fn new(title: impl Into<String>, column_type: ColumnType) -> Self {
        Self {
            title: title.into(),
            column_type,
            index: None,
            system_column_type: None,
            primary: None,
            sheet_name_column: None,
            hidden: None,
            width: None,
        }
    }

    /// The primary columns of the sheets, shown with this title.
    pub fn primary(title: impl Into<String>) -> Self {
        Self { primary: Some(true), ..Self::new(title, ColumnType::TextNumber) }
    }

    /// The name of the row's sheet.
    pub fn sheet_name(title: impl Into<String>) -> Self {
        Self { sheet_name_column: Some(true), ..Self::new(title, ColumnType::TextNumber) }
    }

    /// What Smartsheet writes, such as who created the row.
    pub fn system(title: impl Into<String>, kind: SystemColumnType, column_type: ColumnType) -> Self {
        Self { system_column_type: Some(kind), ..Self::new(title, column_type) }
    }

    /// Hides it.
    pub fn hidden(mut self) -> Self {
        self.hidden = Some(true);
        self
    }

    /// The width, in pixels.
    pub fn width(mut self, width: u32) -> Self {
        self.width = Some(width);
        self
    }

    fn check(&self, field: &str) -> Result<()> {
        if self.title.trim().is_empty() { Err(Error::invalid(field, "must not be blank")) } else { Ok(()) }
    }
}

/// How many columns a report can have.
const MAX_COLUMNS: usize = 400;

/// Refuses columns that Smartsheet would refuse.
pub(crate) fn check_columns(columns: &[NewReportColumn]) -> Result<()> {
    crate::request::count("columns", columns.len(), MAX_COLUMNS)?;
    let mut all = columns.iter().enumerate();
    all.try_for_each(|(index, column)| column.check(&format!("columns[{index}].title")))
}

/// A change of a report's column. What is not set stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportColumnUpdate {
    /// The new title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The new position, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// Whether it is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// The width, in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
}

impl ReportColumnUpdate {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Renames it, where it does not find its columns by the title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Moves it to this position, from 0.
    pub fn index(mut self, index: u32) -> Self {
        self.index = Some(index);
        self
    }

    /// Hides or shows it.
    pub fn hidden(mut self, hidden: bool) -> Self {
        self.hidden = Some(hidden);
        self
    }

    /// The width, in pixels.
    pub fn width(mut self, width: u32) -> Self {
        self.width = Some(width);
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        if *self == Self::default() {
            return Err(Error::invalid("update", "changes nothing"));
        }
        self.title.as_deref().map_or(Ok(()), |title| crate::request::not_blank("title", title))
    }
}

open_enum! {
    #![ignore_case]
    /// What a report can be about.
    pub enum ReportAssetType {
        /// A sheet.
        "sheet" => Sheet,
        /// A workspace, with all of its sheets.
        "workspace" => Workspace,
    }
}

/// A sheet or workspace that a report is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportScope {
    /// What it is.
    pub asset_type: ReportAssetType,
    /// Its id, of a kind that depends on the type.
    #[serde(deserialize_with = "connectors_core::wire::lenient::number")]
    pub asset_id: i64,
}

impl From<SheetId> for ReportScope {
    fn from(id: SheetId) -> Self {
        Self { asset_type: ReportAssetType::Sheet, asset_id: id.get() }
    }
}

impl From<WorkspaceId> for ReportScope {
    fn from(id: WorkspaceId) -> Self {
        Self { asset_type: ReportAssetType::Workspace, asset_id: id.get() }
    }
}

/// How many sheets and workspaces a report can be about.
const MAX_SCOPE: usize = 100;

/// Refuses a scope that Smartsheet would refuse.
pub(crate) fn check_scope(scope: &[ReportScope]) -> Result<()> {
    crate::request::count("scope", scope.len(), MAX_SCOPE)?;
    match scope.iter().position(|item| item.asset_id <= 0) {
        Some(index) => Err(Error::invalid(format!("scope[{index}].assetId"), "must be a positive number")),
        None => Ok(()),
    }
}

/// A report to be created.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewReport {
    /// The name, of 1 to 50 characters.
    pub name: String,
    /// Where it is put.
    destination: Place,
    /// The columns, at most 400.
    pub columns: Vec<NewReportColumn>,
    /// The sheets and workspaces it is about, at most 100.
    pub scope: Vec<ReportScope>,
    /// What it shows of them; everything if this is not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_definition: Option<ReportDefinitionUpdate>,
    /// Whether it shows sheet summaries instead of rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_summary_report: Option<bool>,
}

/// Where a report is put.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    destination_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_id: Option<i64>,
}

impl NewReport {
    /// A report in this folder or workspace, of these columns, about these sheets and workspaces.
    pub fn new<S: Into<ReportScope>>(
        name: impl Into<String>,
        destination: impl Into<Destination>,
        columns: impl IntoIterator<Item = NewReportColumn>,
        scope: impl IntoIterator<Item = S>,
    ) -> Self {
        let (destination_type, destination_id) = destination.into().parts();
        Self {
            name: name.into(),
            destination: Place { destination_type, destination_id },
            columns: columns.into_iter().collect(),
            scope: scope.into_iter().map(Into::into).collect(),
            report_definition: None,
            is_summary_report: None,
        }
    }

    /// What it shows: filters, groups, summaries, order.
    pub fn definition(mut self, definition: ReportDefinitionUpdate) -> Self {
        self.report_definition = Some(definition);
        self
    }

    /// Shows sheet summaries instead of rows.
    pub fn of_summaries(mut self) -> Self {
        self.is_summary_report = Some(true);
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        crate::request::not_blank("name", &self.name)?;
        if self.name.chars().count() > 50 {
            return Err(Error::invalid("name", "must have at most 50 characters").with_code(1041));
        }
        let Some(destination) = self.destination.destination_id else {
            return Err(Error::invalid("destination", "must be a folder or a workspace"));
        };
        super::ids::positive("destination.destinationId", destination)?;
        check_columns(&self.columns)?;
        check_scope(&self.scope)?;
        self.report_definition.as_ref().map_or(Ok(()), |definition| definition.check("reportDefinition."))
    }
}

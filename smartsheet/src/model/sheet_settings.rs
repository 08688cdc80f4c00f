//! What is set for a sheet, besides its columns and rows; and how it is sorted.

use chrono::NaiveDate;
use connectors_core::{Error, Result, open_enum};
use serde::{Deserialize, Serialize};

use super::ids::{ColumnId, FilterId};
use super::number::Number;
use crate::request::not_blank;

open_enum! {
    /// A day of the week that may be worked on.
    pub enum WorkingDay {
        /// Monday.
        "MONDAY" => Monday,
        /// Tuesday.
        "TUESDAY" => Tuesday,
        /// Wednesday.
        "WEDNESDAY" => Wednesday,
        /// Thursday.
        "THURSDAY" => Thursday,
        /// Friday.
        "FRIDAY" => Friday,
        /// Saturday.
        "SATURDAY" => Saturday,
        /// Sunday.
        "SUNDAY" => Sunday,
    }
}

open_enum! {
    /// What manages the resources of a sheet.
    pub enum ResourceManagement {
        /// Nothing.
        "NONE" => None,
        /// Smartsheet's earlier resource management.
        "LEGACY_RESOURCE_MANAGEMENT" => Legacy,
        /// Resource Management by Smartsheet.
        "RESOURCE_MANAGEMENT_BY_SMARTSHEET" => BySmartsheet,
    }
}

open_enum! {
    /// What somebody may do with the summary of a sheet.
    pub enum SummaryPermission {
        /// Read it.
        "READ_ONLY" => ReadOnly,
        /// Change its values.
        "READ_WRITE" => ReadWrite,
        /// Delete its fields.
        "READ_DELETE" => ReadDelete,
        /// Everything.
        "ADMIN" => Admin,
    }
}

/// The working time of a project sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProjectSettings {
    /// How many hours a working day has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length_of_day: Option<Number>,
    /// The days off besides those of the week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub non_working_days: Option<Vec<NaiveDate>>,
    /// The days of the week that are worked on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<Vec<WorkingDay>>,
}

impl ProjectSettings {
    /// Nothing set yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many hours a working day has.
    pub fn length_of_day(mut self, hours: impl Into<Number>) -> Self {
        self.length_of_day = Some(hours.into());
        self
    }

    /// The days off besides those of the week.
    pub fn non_working_days(mut self, days: impl IntoIterator<Item = NaiveDate>) -> Self {
        self.non_working_days = Some(days.into_iter().collect());
        self
    }

    /// The days of the week that are worked on.
    pub fn working_days(mut self, days: impl IntoIterator<Item = WorkingDay>) -> Self {
        self.working_days = Some(days.into_iter().collect());
        self
    }
}

/// What a user chose for a sheet, for themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SheetUserSettings {
    /// Whether the critical path is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical_path_enabled: Option<bool>,
    /// Whether tasks that sum up others are shown in the calendar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_summary_tasks: Option<bool>,
    /// The filter that is on. Read only.
    #[serde(skip_serializing)]
    pub applied_sheet_filter_id: Option<FilterId>,
}

impl SheetUserSettings {
    /// Nothing set yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the critical path is shown.
    pub fn critical_path_enabled(mut self, enabled: bool) -> Self {
        self.critical_path_enabled = Some(enabled);
        self
    }

    /// Whether tasks that sum up others are shown in the calendar.
    pub fn display_summary_tasks(mut self, display: bool) -> Self {
        self.display_summary_tasks = Some(display);
        self
    }
}

/// What a user may do with a sheet, besides their access level.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SheetUserPermissions {
    /// What they may do with its summary.
    pub summary_permissions: Option<SummaryPermission>,
}

/// A change of a sheet itself. What is not set stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SheetUpdate {
    /// The new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The working time; only of project sheets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_settings: Option<ProjectSettings>,
    /// What the caller chooses for themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_settings: Option<SheetUserSettings>,
}

impl SheetUpdate {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Renames it.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Changes the working time; only of project sheets.
    pub fn project_settings(mut self, settings: ProjectSettings) -> Self {
        self.project_settings = Some(settings);
        self
    }

    /// Changes what the caller chose for themselves.
    pub fn user_settings(mut self, settings: SheetUserSettings) -> Self {
        self.user_settings = Some(settings);
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        if *self == Self::default() {
            return Err(Error::invalid("update", "changes nothing"));
        }
        self.name.as_deref().map_or(Ok(()), |name| not_blank("name", name))?;
        let hours = self.project_settings.as_ref().and_then(|settings| settings.length_of_day.as_ref());
        if hours.is_some_and(|hours| !(0.0..=24.0).contains(&hours.as_f64())) {
            return Err(Error::invalid("projectSettings.lengthOfDay", "must be at most 24 hours"));
        }
        Ok(())
    }
}

open_enum! {
    /// Which way it is sorted.
    pub enum SortDirection {
        /// The smallest first.
        "ASCENDING" => Ascending,
        /// The largest first.
        "DESCENDING" => Descending,
    }
}

/// A column that rows are sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SortCriterion {
    /// The column.
    pub column_id: ColumnId,
    /// Which way.
    pub direction: SortDirection,
}

impl SortCriterion {
    /// The smallest first.
    pub fn ascending(column: ColumnId) -> Self {
        Self { column_id: column, direction: SortDirection::Ascending }
    }

    /// The largest first.
    pub fn descending(column: ColumnId) -> Self {
        Self { column_id: column, direction: SortDirection::Descending }
    }
}

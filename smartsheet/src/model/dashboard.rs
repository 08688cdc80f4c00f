//! Dashboards, which the API calls sights, and their widgets.

use chrono::{DateTime, Utc};
use connectors_core::open_enum;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::access::AccessLevel;
use super::cell::{Cell, CellValue};
use super::column::Column;
use super::container::Workspace;
use super::envelope::ErrorBody;
use super::ids::{ColumnId, FolderId, ReportId, RowId, SheetId, SightId, WidgetId, WorkspaceId};
use super::link::Hyperlink;
use super::sheet::Source;
use super::time;

/// A dashboard.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Dashboard {
    /// The id.
    pub id: SightId,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// What the caller may do with it.
    pub access_level: Option<AccessLevel>,
    /// Its page.
    pub permalink: Option<String>,
    /// How many columns its grid has.
    pub column_count: Option<u32>,
    /// What is on it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub widgets: Vec<Widget>,
    /// The colour behind the widgets, such as `#E2E2E2`.
    pub background_color: Option<String>,
    /// The colour of widgets that have none of their own.
    pub default_widget_background_color: Option<String>,
    /// Whether it is a favorite of the caller.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub favorite: bool,
    /// What it was made from. Only where asked for with `source`.
    pub source: Option<Source>,
    /// The workspace it is in.
    pub workspace: Option<Workspace>,
    /// When it was created.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
}

/// A dashboard without its widgets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DashboardSummary {
    /// The id.
    pub id: SightId,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// What the caller may do with it.
    pub access_level: Option<AccessLevel>,
    /// Its page.
    pub permalink: Option<String>,
    /// When it was created.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
}

open_enum! {
    /// What a widget shows.
    pub enum WidgetType {
        /// A chart.
        "CHART" => Chart,
        /// A report, as a table or Gantt chart.
        "GRIDGANTT" => Report,
        /// An image.
        "IMAGE" => Image,
        /// Values of cells.
        "METRIC" => Metric,
        /// Formatted text.
        "RICHTEXT" => RichText,
        /// Values of a sheet's summary.
        "SHEETSUMMARY" => SheetSummary,
        /// A link, or several.
        "SHORTCUT" => Shortcut,
        /// A link with an icon.
        "SHORTCUTICON" => ShortcutIcon,
        /// A list of links.
        "SHORTCUTLIST" => ShortcutList,
        /// A heading.
        "TITLE" => Title,
        /// A web page.
        "WEBCONTENT" => WebContent,
    }
}

/// A widget of a dashboard.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Widget {
    /// The id.
    pub id: Option<WidgetId>,
    /// What it shows.
    #[serde(rename = "type")]
    pub kind: WidgetType,
    /// What is in it; none where it cannot be shown.
    pub contents: Option<WidgetContents>,
    /// Why it cannot be shown.
    pub error: Option<ErrorBody>,
    /// The heading.
    pub title: Option<String>,
    /// Whether the heading is shown.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub show_title: bool,
    /// Whether the icon of the heading is shown.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub show_title_icon: bool,
    /// The format of the heading, as 17 comma-separated indexes.
    pub title_format: Option<String>,
    /// The font of the heading.
    pub title_font: Option<String>,
    /// The column of the grid that it begins in, from 0.
    pub x_position: Option<u32>,
    /// The line of the grid that it begins in, from 0.
    pub y_position: Option<u32>,
    /// How many columns it takes.
    pub width: Option<u32>,
    /// How many lines it takes.
    pub height: Option<u32>,
    /// How a report is shown: 1 as a table, 2 as a Gantt chart.
    pub view_mode: Option<u32>,
    /// The version of its kind.
    pub version: Option<u32>,
}

/// What is in a widget. What is not told apart here is kept as JSON.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum WidgetContents {
    /// Formatted text, or a heading.
    RichText(RichText),
    /// A web page.
    WebContent(WebContent),
    /// An image.
    Image(WidgetImage),
    /// A report.
    Report(WidgetReport),
    /// Links.
    Shortcuts(Vec<Shortcut>),
    /// Values of cells or summary fields.
    Metrics(Metrics),
    /// Something else, such as a chart, as JSON.
    Other(Box<str>),
}

impl<'de> Deserialize<'de> for WidgetContents {
    /// By what the contents call themselves, which is not always what the widget does. What has another form than
    /// expected does not keep the dashboard from being read.
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Probe {
            #[serde(rename = "type")]
            kind: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Links {
            shortcut_data: Vec<Shortcut>,
        }
        fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
            serde_json::from_str(json).ok()
        }
        let json = <&RawValue>::deserialize(source)?.get();
        let kind = read::<Probe>(json).and_then(|probe| probe.kind);
        let typed = match kind.as_deref().unwrap_or_default() {
            "RICHTEXT" | "TITLE" => read(json).map(Self::RichText),
            "WEBCONTENT" | "WidgetWebContent" => read(json).map(Self::WebContent),
            "IMAGE" => read(json).map(Self::Image),
            "GRIDGANTT" => read(json).map(Self::Report),
            "METRIC" | "SHEETSUMMARY" => read(json).map(Self::Metrics),
            "SHORTCUT" | "SHORTCUTICON" | "SHORTCUTLIST" => {
                read::<Links>(json).map(|links| Self::Shortcuts(links.shortcut_data))
            }
            _ => None,
        };
        Ok(typed.unwrap_or_else(|| Self::Other(json.into())))
    }
}

/// Formatted text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RichText {
    /// The text, as HTML.
    pub html_content: String,
    /// The colour behind it.
    pub background_color: Option<String>,
}

/// A web page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WebContent {
    /// Its address.
    pub url: String,
}

/// An image in a widget.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct WidgetImage {
    /// The name of its file.
    pub file_name: Option<String>,
    /// Its key; `POST /imageurls` turns it into an address.
    pub private_id: Option<String>,
    /// The width, in pixels.
    pub width: Option<u32>,
    /// The height, in pixels.
    pub height: Option<u32>,
    /// How it fits into the widget: `ACTUAL_SIZE`, `FILL` or `FIT`.
    pub fit: Option<String>,
    /// Its format, as 17 comma-separated indexes.
    pub format: Option<String>,
    /// Whether there is room around it: `MARGIN` or `NO_MARGIN`.
    pub margin: Option<String>,
    /// Where it leads.
    pub hyperlink: Option<WidgetHyperlink>,
}

/// A report in a widget.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct WidgetReport {
    /// The report.
    pub report_id: Option<ReportId>,
    /// What is shown, as HTML.
    pub html_content: Option<String>,
    /// The colour behind it.
    pub background_color: Option<String>,
    /// Where it leads.
    pub hyperlink: Option<WidgetHyperlink>,
}

/// A link in a widget.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Shortcut {
    /// What it says.
    pub label: Option<String>,
    /// The format of that, as 17 comma-separated indexes.
    pub label_format: Option<String>,
    /// Where it leads.
    pub hyperlink: Option<Hyperlink>,
    /// Where the thing behind it is kept, such as `SMARTSHEET` or `GOOGLE_DRIVE`.
    pub attachment_type: Option<String>,
    /// The media type of a file.
    pub mime_type: Option<String>,
    /// The position, from 0.
    pub order: Option<u32>,
}

/// Values of cells or summary fields.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Metrics {
    /// The sheet.
    pub sheet_id: Option<SheetId>,
    /// The values.
    pub cell_data: Vec<Metric>,
    /// The columns of the cells.
    pub columns: Vec<Column>,
    /// Where it leads.
    pub hyperlink: Option<WidgetHyperlink>,
}

/// A value of a cell or summary field.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Metric {
    /// What it is called.
    pub label: Option<String>,
    /// The format of that, as 17 comma-separated indexes.
    pub label_format: Option<String>,
    /// The format of the value.
    pub value_format: Option<String>,
    /// The position, from 0.
    pub order: Option<u32>,
    /// Where it comes from: `CELL` or `SUMMARY_FIELD`.
    pub data_source: Option<String>,
    /// The value. Only in dashboards asked for with rich values.
    pub object_value: CellValue,
    /// The cell.
    pub cell: Option<Cell>,
    /// The sheet, where it is not the widget's.
    pub sheet_id: Option<SheetId>,
    /// The column.
    pub column_id: Option<ColumnId>,
    /// The row.
    pub row_id: Option<RowId>,
}

open_enum! {
    /// What a click on a widget does.
    pub enum WidgetInteraction {
        /// Nothing.
        "NONE" => None,
        /// Opens a page of the web.
        "WEB" => Web,
        /// Opens a thing of Smartsheet.
        "SMARTSHEET_ITEM" => SmartsheetItem,
        /// Opens what the widget shows.
        "SOURCE_SHEET" => SourceSheet,
        /// Copies a set of templates.
        "DISTI_COPY" => DistiCopy,
    }
}

/// Where a click on a widget leads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct WidgetHyperlink {
    /// What it does.
    pub interaction_type: Option<WidgetInteraction>,
    /// The address.
    pub url: Option<String>,
    /// The sheet.
    pub sheet_id: Option<SheetId>,
    /// The report.
    pub report_id: Option<ReportId>,
    /// The dashboard.
    pub sight_id: Option<SightId>,
    /// The folder.
    pub folder_id: Option<FolderId>,
    /// The workspace.
    pub workspace_id: Option<WorkspaceId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_of_another_form_are_kept_as_they_are() {
        let read = |json: &str| serde_json::from_str::<WidgetContents>(json).unwrap();
        for odd in [r#"{"type":"CHART","axes":[]}"#, r#"{"type":"WEBCONTENT","url":7}"#, r#"{"colour":"red"}"#, "[]"] {
            assert_eq!(read(odd), WidgetContents::Other(odd.into()));
        }
        let page = WebContent { url: "https://example.com".into() };
        // The name that Smartsheet sends, and the one that it documents.
        for kind in ["WidgetWebContent", "WEBCONTENT"] {
            let json = format!(r#"{{"type":"{kind}","url":"https://example.com"}}"#);
            assert_eq!(read(&json), WidgetContents::WebContent(page.clone()));
        }
    }

    #[test]
    fn a_widget_of_unknown_kind_or_without_contents_does_not_keep_a_dashboard_from_being_read() {
        let json = r#"{"id":1,"name":"D","widgets":[{"id":2,"type":"HOLOGRAM","contents":{"type":"HOLOGRAM"}},
            {"type":"METRIC","error":{"errorCode":1170,"message":"gone"}}]}"#;
        let read: Dashboard = serde_json::from_str(json).unwrap();
        assert!(!read.widgets[0].kind.is_known() && read.widgets[0].contents.is_some());
        let error = read.widgets[1].error.as_ref().unwrap();
        assert_eq!(error.error_code, Some(crate::ErrorCode::WIDGET_SHEET_GONE));
    }
}

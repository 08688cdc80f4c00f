//! What requests ask for.

use http::Method;

use super::problem::Problem;
use super::state::Place;
use crate::fake::Route;

/// An endpoint, with the ids in its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    Me,
    ListSheets,
    CreateSheet(Place),
    GetSheet(i64),
    DeleteSheet(i64),
    CopySheet(i64),
    SheetVersion(i64),
    AddRows(i64),
    UpdateRows(i64),
    DeleteRows(i64),
    GetRow(i64, i64),
    ListColumns(i64),
    GetColumn(i64, i64),
    UpdateColumn(i64, i64),
    ListWorkspaces,
    Children(Place),
    Metadata(Place),
}

impl Endpoint {
    /// The endpoint of a path below `/2.0`, which may be left out.
    pub(super) fn of(method: &Method, path: &str) -> Result<Self, Problem> {
        let segments: Vec<_> = path.split('/').skip(1).filter(|segment| *segment != "2.0").collect();
        if segments.iter().any(|segment| segment.is_empty()) {
            return Err(Problem::not_found());
        }
        let id = |segment: &str| {
            let id = segment.parse::<i64>().ok().filter(|id| *id > 0);
            id.ok_or_else(|| Problem::bad(1018, format!("The value '{segment}' was not valid for an id in the path.")))
        };
        let place = |kind: &str, segment: &str| {
            let container = if kind == "folders" { Place::Folder } else { Place::Workspace };
            id(segment).map(container)
        };
        let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
        let found: Vec<(Method, Self)> = match *segments.as_slice() {
            ["users", "me"] => vec![(get, Self::Me)],
            ["sheets"] => vec![(get, Self::ListSheets), (post, Self::CreateSheet(Place::Home))],
            ["sheets", sheet] => vec![(get, Self::GetSheet(id(sheet)?)), (delete, Self::DeleteSheet(id(sheet)?))],
            ["sheets", sheet, "copy"] => vec![(post, Self::CopySheet(id(sheet)?))],
            ["sheets", sheet, "version"] => vec![(get, Self::SheetVersion(id(sheet)?))],
            ["sheets", sheet, "rows"] => {
                let sheet = id(sheet)?;
                vec![(post, Self::AddRows(sheet)), (put, Self::UpdateRows(sheet)), (delete, Self::DeleteRows(sheet))]
            }
            ["sheets", sheet, "rows", row] => vec![(get, Self::GetRow(id(sheet)?, id(row)?))],
            ["sheets", sheet, "columns"] => vec![(get, Self::ListColumns(id(sheet)?))],
            ["sheets", sheet, "columns", column] => {
                let (sheet, column) = (id(sheet)?, id(column)?);
                vec![(get, Self::GetColumn(sheet, column)), (put, Self::UpdateColumn(sheet, column))]
            }
            ["workspaces"] => vec![(get, Self::ListWorkspaces)],
            [kind @ ("folders" | "workspaces"), container, "sheets"] => {
                vec![(post, Self::CreateSheet(place(kind, container)?))]
            }
            [kind @ ("folders" | "workspaces"), container, "children"] => {
                vec![(get, Self::Children(place(kind, container)?))]
            }
            [kind @ ("folders" | "workspaces"), container, "metadata"] => {
                vec![(get, Self::Metadata(place(kind, container)?))]
            }
            _ => return Err(Problem::not_found()),
        };
        let endpoint = found.into_iter().find_map(|(allowed, endpoint)| (allowed == *method).then_some(endpoint));
        endpoint.ok_or_else(|| Problem::new(405, 1010, "HTTP Method not supported."))
    }

    /// By the names of the client's operations.
    pub(super) fn route(self) -> Route {
        match self {
            Self::Me => Route::read("users.me"),
            Self::ListSheets => Route::read("sheets.list"),
            Self::CreateSheet(_) => Route::write("sheets.create"),
            Self::GetSheet(_) => Route::read("sheets.get"),
            Self::DeleteSheet(_) => Route::write("sheets.delete"),
            Self::CopySheet(_) => Route::write("sheets.copy").cost(10),
            Self::SheetVersion(_) => Route::read("sheets.version"),
            Self::AddRows(_) => Route::write("rows.add"),
            Self::UpdateRows(_) => Route::write("rows.update"),
            Self::DeleteRows(_) => Route::write("rows.delete"),
            Self::GetRow(..) => Route::read("rows.get"),
            Self::ListColumns(_) => Route::read("columns.list"),
            Self::GetColumn(..) => Route::read("columns.get"),
            Self::UpdateColumn(..) => Route::write("columns.update"),
            Self::ListWorkspaces => Route::read("workspaces.list"),
            Self::Children(Place::Folder(_)) => Route::read("folders.children"),
            Self::Children(_) => Route::read("workspaces.children"),
            Self::Metadata(Place::Folder(_)) => Route::read("folders.metadata"),
            Self::Metadata(_) => Route::read("workspaces.metadata"),
        }
    }

    /// The query parameters that it knows, besides those that every endpoint knows.
    pub(super) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::ListSheets => &["include", "includeAll", "modifiedSince", "page", "pageSize"],
            Self::Me | Self::CreateSheet(_) | Self::Metadata(_) => &["include"],
            Self::GetSheet(_) => &[
                "include",
                "exclude",
                "columnIds",
                "rowIds",
                "ifVersionAfter",
                "level",
                "page",
                "pageSize",
                "rowsModifiedSince",
            ],
            Self::CopySheet(_) => &["include", "exclude"],
            Self::AddRows(_) | Self::UpdateRows(_) => &["allowPartialSuccess", "overrideValidation"],
            Self::DeleteRows(_) => &["ids", "ignoreRowsNotFound"],
            Self::GetRow(..) => &["include", "exclude", "level"],
            Self::ListColumns(_) => &["level", "page", "pageSize", "includeAll"],
            Self::GetColumn(..) => &["level"],
            Self::ListWorkspaces => &["maxItems", "lastKey", "paginationType"],
            Self::Children(_) => &["childrenResourceTypes", "include", "maxItems", "lastKey"],
            Self::DeleteSheet(_) | Self::SheetVersion(_) | Self::UpdateColumn(..) => &[],
        }
    }

    /// Whether it takes a body.
    pub(super) fn has_body(self) -> bool {
        matches!(
            self,
            Self::CreateSheet(_) | Self::CopySheet(_) | Self::AddRows(_) | Self::UpdateRows(_) | Self::UpdateColumn(..)
        )
    }
}

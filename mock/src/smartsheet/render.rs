//! What the fake holds, in Smartsheet's words.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::state::{Cell, Column, Container, Place, Row, Sheet};

/// What is shown of a sheet's cells and columns.
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the query")]
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// Typed values, and the true types of the columns of several values.
    pub(super) rich: bool,
    /// The types of columns are told truly.
    pub(super) level: usize,
    /// Cells that never held anything are left out.
    pub(super) sparse: bool,
    /// Only these columns.
    pub(super) columns: Option<Vec<i64>>,
    pub(super) permalinks: bool,
    pub(super) column_types: bool,
}

impl Shape {
    /// The answer to a write: the cells that hold something.
    pub(super) fn written() -> Self {
        Self { sparse: true, ..Self::default() }
    }

    fn shows(&self, column: i64) -> bool {
        self.columns.as_ref().is_none_or(|columns| columns.contains(&column))
    }
}

pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Whose token it is.
pub(super) fn author() -> Value {
    json!({ "name": "Mona Mock", "email": "mona.mock@example.com" })
}

pub(super) fn permalink(kind: &str, id: i64) -> String {
    format!("https://app.smartsheet.test/{kind}/{id}")
}

pub(super) fn column(sheet: &Sheet, column: &Column, level: usize) -> Value {
    let index = sheet.columns.iter().position(|other| other.id == column.id).unwrap_or_default();
    // Below level 2, columns of several values look like plain ones.
    let kind = if level < 2 && column.kind.starts_with("MULTI_") { "TEXT_NUMBER" } else { &column.kind };
    let version = match (level, column.kind.as_str()) {
        (2.., "MULTI_CONTACT_LIST") => 1,
        (2.., "MULTI_PICKLIST") => 2,
        _ => 0,
    };
    let mut shown = column.extras.clone();
    let base = json!({
        "id": column.id, "version": version, "index": index, "title": column.title, "type": kind, "validation": false, "width": 150,
    });
    merge(&mut shown, base);
    if column.primary {
        shown.insert("primary".into(), true.into());
    }
    shown.into()
}

/// Adds what is not there yet.
fn merge(into: &mut Map<String, Value>, from: Value) {
    if let Value::Object(from) = from {
        for (name, value) in from {
            into.entry(name).or_insert(value);
        }
    }
}

pub(super) fn cell(column: &Column, cell: &Cell, shape: &Shape) -> Value {
    let mut shown = Map::from_iter([("columnId".to_owned(), json!(column.id))]);
    let mut put = |name: &str, value: Option<Value>| shown.extend(value.map(|value| (name.to_owned(), value)));
    put("value", cell.value.clone());
    put("displayValue", cell.display.clone().map(Value::from));
    if shape.rich {
        put("objectValue", cell.object.clone().or_else(|| cell.value.clone()));
    }
    put("formula", cell.formula.clone().map(Value::from));
    put("hyperlink", cell.hyperlink.clone());
    put("linkInFromCell", cell.link.clone());
    put("image", cell.image.clone());
    put("format", cell.format.clone().map(Value::from));
    put("columnType", shape.column_types.then(|| column.kind.clone().into()));
    shown.into()
}

pub(super) fn row(sheet: &Sheet, id: i64, shape: &Shape) -> Option<Value> {
    let position = sheet.position(id)?;
    let row = sheet.rows.get(position)?;
    let never = Cell::default();
    let cells: Vec<_> = sheet
        .columns
        .iter()
        .filter(|column| shape.shows(column.id))
        .filter_map(|column| match (row.cells.get(&column.id), shape.sparse) {
            _ if column.is_system() => Some(json!({ "columnId": column.id, "value": time(row.created_at) })),
            (Some(held), _) => Some(cell(column, held, shape)),
            (None, true) => None,
            (None, false) => Some(cell(column, &never, shape)),
        })
        .collect();
    let mut shown = json!({
        "id": row.id, "rowNumber": position + 1, "version": row.version, "expanded": row.expanded, "locked": row.locked,
        "createdAt": time(row.created_at), "modifiedAt": time(row.modified_at), "cells": cells,
    });
    if let Some(shown) = shown.as_object_mut() {
        let sibling = sheet.rows.iter().take(position).rev().find(|other| other.parent == row.parent);
        let ids = [("siblingId", sibling.map(|row: &Row| row.id)), ("parentId", row.parent)];
        shown.extend(ids.into_iter().filter_map(|(name, id)| Some((name.to_owned(), json!(id?)))));
        shown.extend(row.format.as_ref().map(|format| ("format".to_owned(), json!(format))));
        if shape.permalinks {
            shown.insert("permalink".into(), permalink("rows", row.id).into());
        }
    }
    Some(shown)
}

/// A sheet with the given rows of it.
pub(super) fn sheet(sheet: &Sheet, rows: &[i64], shape: &Shape) -> Value {
    let columns: Vec<_> =
        sheet.columns.iter().filter(|held| shape.shows(held.id)).map(|held| column(sheet, held, shape.level)).collect();
    let rows: Vec<_> = rows.iter().filter_map(|id| row(sheet, *id, shape)).collect();
    json!({
        "id": sheet.id, "name": sheet.name, "version": sheet.version, "totalRowCount": sheet.rows.len(), "accessLevel": "OWNER",
        "effectiveAttachmentOptions": ["GOOGLE_DRIVE", "LINK", "FILE"], "ganttEnabled": false, "dependenciesEnabled": false,
        "permalink": permalink("sheets", sheet.id), "createdAt": time(sheet.created_at), "modifiedAt": time(sheet.modified_at),
        "columns": columns, "rows": rows,
    })
}

/// A sheet in a list.
pub(super) fn summary(sheet: &Sheet) -> Map<String, Value> {
    let shown = json!({
        "id": sheet.id, "name": sheet.name, "accessLevel": "OWNER", "permalink": permalink("sheets", sheet.id),
        "createdAt": time(sheet.created_at), "modifiedAt": time(sheet.modified_at),
    });
    shown.as_object().cloned().unwrap_or_default()
}

pub(super) fn container(kind: &str, container: &Container) -> Value {
    json!({
        "id": container.id, "name": container.name, "accessLevel": "OWNER", "permalink": permalink(kind, container.id),
        "createdAt": time(container.created_at), "modifiedAt": time(container.modified_at),
    })
}

/// Something in a folder or workspace. The two name its type differently.
pub(super) fn child(mut shown: Map<String, Value>, kind: &str, parent: Place) -> Value {
    let name = if matches!(parent, Place::Folder(_)) { "resourceType" } else { "type" };
    shown.insert(name.into(), kind.into());
    shown.into()
}

//! Reading, creating and changing sheets and columns.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, required_text};
use super::attachments;
use super::automation_rules;
use super::containers;
use super::filters;
use super::imports;
use super::lists;
use super::placed::{self, destination};
use super::problem::Problem;
use super::query::Query;
use super::render::{self, Shape};
use super::seed::new_sheet;
use super::sheet_settings;
use super::sort;
use super::state::{Cell, Column, Place, Row, Sheet, State};

const INCLUDES: [&str; 13] = [
    "attachments",
    "columnType",
    "crossSheetReferences",
    "discussions",
    "filters",
    "filterDefinitions",
    "format",
    "ganttConfig",
    "objectValue",
    "ownerInfo",
    "rowPermalink",
    "source",
    "writerInfo",
];
const EXCLUDES: [&str; 4] = ["filteredOutRows", "linkInFromCellDetails", "linksOutToCellsDetails", "nonexistentCells"];
pub(super) const COPIES: [&str; 9] =
    ["attachments", "cellLinks", "data", "discussions", "filters", "forms", "ruleRecipients", "rules", "shares"];

const KINDS: [&str; 11] = [
    "TEXT_NUMBER",
    "DATE",
    "DATETIME",
    "ABSTRACT_DATETIME",
    "CHECKBOX",
    "PICKLIST",
    "MULTI_PICKLIST",
    "CONTACT_LIST",
    "MULTI_CONTACT_LIST",
    "DURATION",
    "PREDECESSOR",
];
pub(super) const COLUMN_EXTRAS: [&str; 11] = [
    "options",
    "contactOptions",
    "symbol",
    "systemColumnType",
    "autoNumberFormat",
    "width",
    "validation",
    "hidden",
    "locked",
    "formula",
    "description",
];

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let (query, now) = (&asked.query, asked.now);
    let sheet = || asked.id("sheetId");
    let answer = match asked.name() {
        "sheets.list" => lists::sheets(state, query),
        "sheets.get" => get(state, sheet()?, query),
        "sheets.delete" => delete(state, sheet()?),
        "sheets.version" => state.sheet(sheet()?).map(|sheet| json!({ "version": sheet.version })),
        "sheets.path" => path(state, sheet()?),
        "sheets.copy" => copy(state, sheet()?, &asked.json()?, query, now),
        "sheets.create_at_home" => create(state, Place::Home, &asked.json()?, query, now),
        "sheets.create_in_folder" => create(state, Place::Folder(asked.id("folderId")?), &asked.json()?, query, now),
        "sheets.create_in_workspace" => {
            create(state, Place::Workspace(asked.id("workspaceId")?), &asked.json()?, query, now)
        }
        "sheets.import_at_home" => return imports::import(state, Place::Home, asked),
        "sheets.import_into_folder" => return imports::import(state, Place::Folder(asked.id("folderId")?), asked),
        "sheets.import_into_workspace" => {
            return imports::import(state, Place::Workspace(asked.id("workspaceId")?), asked);
        }
        "sheets.move_to" => containers::move_sheet(state, sheet()?, &asked.json()?, now),
        "sheets.sort" => sort::sort(state, sheet()?, &asked.json()?, query, now),
        "sheets.update" | "sheets.send" | "sheets.publish" | "sheets.publish_status" => {
            return sheet_settings::handle(state, asked);
        }
        _ => Err(asked.unknown()),
    };
    answer.map(Into::into)
}

fn path(state: &State, id: i64) -> Result<Value, Problem> {
    let sheet = state.sheet(id)?;
    placed::path(state, sheet.place, "sheets", render::summary(sheet).into())
}

/// How cells and columns are asked for.
pub(super) fn shape(query: &Query) -> Result<Shape, Problem> {
    shape_of(query, &INCLUDES)
}

fn shape_of(query: &Query, includes: &[&str]) -> Result<Shape, Problem> {
    let include = query.words("include", includes)?;
    let exclude = query.words("exclude", &EXCLUDES)?;
    let level = query.number("level")?.unwrap_or(0);
    let asked = |word| include.contains(&word);
    Ok(Shape {
        rich: asked("objectValue") && level >= 2,
        level,
        sparse: exclude.contains(&"nonexistentCells"),
        columns: query.ids("columnIds")?,
        permalinks: asked("rowPermalink"),
        column_types: asked("columnType"),
    })
}

pub(super) fn get(state: &State, id: i64, query: &Query) -> Result<Value, Problem> {
    let sheet = state.sheet(id)?;
    let shape = shape(query)?;
    if let Some(unknown) = shape.columns.iter().flatten().find(|id| sheet.column(**id).is_none()) {
        return Err(Problem::bad(1036, format!("The columnId {unknown} is invalid.")));
    }
    if query.number("ifVersionAfter")?.is_some_and(|seen| u64::try_from(seen).is_ok_and(|seen| sheet.version <= seen)) {
        return Ok(json!({ "version": sheet.version }));
    }
    let since = query.time("rowsModifiedSince")?;
    let (wanted, positions) = (query.ids("rowIds")?, query.ids("rowNumbers")?);
    let keep = |(row, position): &(&Row, i64)| {
        since.is_none_or(|since| row.modified_at >= since)
            && wanted.as_ref().is_none_or(|ids| ids.contains(&row.id))
            && positions.as_ref().is_none_or(|positions| positions.contains(position))
    };
    let filtered_out = filtered_out(state, sheet, query)?;
    let left_out = query.words("exclude", &EXCLUDES)?.contains(&"filteredOutRows");
    let rows: Vec<i64> = sheet.rows.iter().zip(1..).filter(keep).map(|(row, _)| row.id).collect();
    let stays = |id: &i64| !left_out || !filtered_out.as_ref().is_some_and(|out| out.contains(id));
    let rows: Vec<i64> = rows.into_iter().filter(stays).collect();
    let rows = match (query.number("page")?, query.number("pageSize")?) {
        // Asked for neither, all rows come at once.
        (None, None) => rows.as_slice(),
        (page, size) => page_of(&rows, page.unwrap_or(1), size.unwrap_or(100)).0,
    };
    let mut shown = render::sheet(sheet, rows, &shape);
    for row in shown.get_mut("rows").and_then(Value::as_array_mut).into_iter().flatten() {
        let id = row.get("id").and_then(Value::as_i64).unwrap_or_default();
        if let (Some(out), Some(row)) = (&filtered_out, row.as_object_mut()) {
            row.insert("filteredOut".into(), out.contains(&id).into());
        }
    }
    if let (Some(label), Some(shown)) = (state.governance.label(id), shown.as_object_mut()) {
        shown.insert("dataClassification".into(), label.into());
    }
    attachments::show(state, id, &mut shown, &query.words("include", &INCLUDES)?);
    sheet_settings::show(state, sheet, query, &mut shown)?;
    Ok(shown)
}

/// The rows that the chosen filter hides; nothing where none was chosen.
fn filtered_out(state: &State, sheet: &Sheet, query: &Query) -> Result<Option<BTreeSet<i64>>, Problem> {
    let Some(text) = query.get("filterId") else { return Ok(None) };
    let id = text.parse().map_err(|_| Problem::bad_parameter("filterId"))?;
    let filter = state.filters.get(sheet.id, id)?;
    let hidden = sheet.rows.iter().filter(|row| !filters::passes(filter, row));
    Ok(Some(hidden.map(|row| row.id).collect()))
}

/// A page from 1, and how many there are. Past the end, the last one comes again.
pub(super) fn page_of<T>(all: &[T], page: usize, size: usize) -> (&[T], usize) {
    let size = size.max(1);
    let pages = all.len().div_ceil(size).max(1);
    let page = page.clamp(1, pages);
    (all.chunks(size).nth(page - 1).unwrap_or_default(), pages)
}

pub(super) fn get_row(state: &State, sheet: i64, row: i64, query: &Query) -> Result<Value, Problem> {
    let sheet = state.sheet(sheet)?;
    let includes = [&INCLUDES[..], &["columns"]].concat();
    let shape = shape_of(query, &includes)?;
    let mut shown = render::row(sheet, row, &shape).ok_or_else(Problem::not_found)?;
    let include = query.words("include", &includes)?;
    attachments::show(state, sheet.id, &mut shown, &include);
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("sheetId".into(), json!(sheet.id));
        if include.contains(&"columns") {
            let columns: Vec<_> = sheet.columns.iter().map(|held| render::column(sheet, held, shape.level)).collect();
            shown.insert("columns".into(), columns.into());
        }
    }
    Ok(shown)
}

pub(super) fn delete(state: &mut State, id: i64) -> Result<Value, Problem> {
    state.sheet(id)?;
    state.sheets.remove(&id);
    state.order.retain(|held| *held != id);
    Ok(json!({ "message": "SUCCESS", "resultCode": 0 }))
}

pub(super) fn create(
    state: &mut State,
    place: Place,
    body: &Value,
    query: &Query,
    now: DateTime<Utc>,
) -> Result<Value, Problem> {
    state.check_place(place)?;
    let include = query.words("include", &COPIES)?;
    let body = attributes(body, &["name", "fromId", "columns"])?;
    let name = required_text(body, "name", "sheet.name")?;
    let id = match (body.get("fromId"), body.get("columns")) {
        (Some(from), None) => {
            let from = from.as_i64().ok_or_else(|| Problem::wrong_type("fromId"))?;
            copy_of(state, from, &name, place, &include, now)?.0
        }
        (None, Some(columns)) => {
            let columns = columns.as_array().ok_or_else(|| Problem::wrong_type("columns"))?;
            let columns = new_columns(state, columns)?;
            new_sheet(state, &name, place, columns, now)
        }
        _ => return Err(Problem::bad(1054, "A new sheet needs either fromId or columns.")),
    };
    let sheet = state.sheet(id)?;
    let mut result =
        json!({ "id": id, "name": name, "accessLevel": "OWNER", "permalink": render::permalink("sheets", id) });
    if let (None, Some(result)) = (sheet.source, result.as_object_mut()) {
        let columns: Vec<_> = sheet.columns.iter().map(|column| render::column(sheet, column, 2)).collect();
        result.insert("columns".into(), columns.into());
    }
    Ok(json!({ "message": "SUCCESS", "resultCode": 0, "result": result }))
}

pub(super) fn copy(
    state: &mut State,
    id: i64,
    body: &Value,
    query: &Query,
    now: DateTime<Utc>,
) -> Result<Value, Problem> {
    state.sheet(id)?;
    let include = query.words("include", &COPIES)?;
    query.words("exclude", &["sheetHyperlinks"])?;
    let (place, name) = destination(state, body, true)?;
    let (new, _) = copy_of(state, id, &name, place, &include, now)?;
    let result =
        json!({ "id": new, "name": name, "accessLevel": "OWNER", "permalink": render::permalink("sheets", new) });
    Ok(json!({ "message": "SUCCESS", "resultCode": 0, "result": result }))
}

/// What was copied, and what it became.
pub(super) type Renamed = BTreeMap<i64, i64>;

/// Makes a copy with the rows and what else is asked for; gives its id, and the new ids of all that is in it.
pub(super) fn copy_of(
    state: &mut State,
    from: i64,
    name: &str,
    place: Place,
    include: &[&str],
    now: DateTime<Utc>,
) -> Result<(i64, Renamed), Problem> {
    let with = |word| include.contains(&word) || include.contains(&"all");
    let source = state.sheets.get(&from).cloned().ok_or_else(Problem::not_found)?;
    let columns: Vec<_> = source.columns.iter().map(|column| Column { id: state.new_id(), ..column.clone() }).collect();
    let taken = if with("data") { source.rows.as_slice() } else { &[] };
    let rows: Vec<(i64, i64)> = taken.iter().map(|row| (row.id, state.new_id())).collect();
    let mut renamed: Renamed = source.columns.iter().zip(&columns).map(|(old, new)| (old.id, new.id)).collect();
    renamed.extend(rows.iter().copied());
    let id = new_sheet(state, name, place, columns, now);
    renamed.insert(from, id);
    let new = |old: &i64| renamed.get(old).copied();
    let cell = |cell: &Cell| Cell { link: cell.link.clone().filter(|_| with("cellLinks")), ..cell.clone() };
    let copies = taken.iter().zip(&rows).map(|(row, (_, id))| Row {
        id: *id,
        parent: row.parent.as_ref().and_then(new),
        version: 1,
        created_at: now,
        modified_at: now,
        cells: row.cells.iter().filter_map(|(column, held)| Some((new(column)?, cell(held)))).collect(),
        ..row.clone()
    });
    if let Some(sheet) = state.sheets.get_mut(&id) {
        (sheet.rows, sheet.source) = (copies.collect(), Some(from));
    }
    attachments::carry_sheet(state, from, id, with("attachments"), with("discussions"));
    attachments::carry(state, from, &rows, id, with("attachments"), with("discussions"));
    if with("filters") {
        filters::copy(state, from, id, &renamed);
    }
    if with("rules") {
        automation_rules::copy(state, from, id, with("ruleRecipients"));
    }
    Ok((id, renamed))
}

/// Puts the new ids in place of those of what was copied, wherever they stand.
pub(super) fn rename(value: &mut Value, renamed: &Renamed) {
    match value {
        Value::Number(number) => {
            if let Some(new) = number.as_i64().and_then(|id| renamed.get(&id)) {
                *value = json!(new);
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|value| rename(value, renamed)),
        Value::Object(all) => all.values_mut().for_each(|value| rename(value, renamed)),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

pub(super) fn new_columns(state: &mut State, columns: &[Value]) -> Result<Vec<Column>, Problem> {
    let mut checked: Vec<(String, String, bool, Map<String, Value>)> = Vec::new();
    for column in columns {
        let known: Vec<_> = ["title", "type", "primary"].into_iter().chain(COLUMN_EXTRAS).collect();
        let column = attributes(column, &known)?;
        let title = required_text(column, "title", "column.title")?;
        if checked.iter().any(|(earlier, ..)| *earlier == title) {
            return Err(Problem::bad(1056, format!("Column titles must be unique: \"{title}\".")));
        }
        let kind = required_text(column, "type", "column.type")?;
        known_kind(&kind)?;
        let primary = column.get("primary").and_then(Value::as_bool).unwrap_or(false);
        checked.push((title, kind, primary, extras(column)));
    }
    if checked.iter().filter(|(_, _, primary, _)| *primary).count() != 1 {
        return Err(Problem::bad(1055, "A sheet must have exactly one primary column."));
    }
    let ids = checked.into_iter().map(|(title, kind, primary, extras)| Column {
        id: state.new_id(),
        title,
        kind,
        primary,
        extras,
    });
    Ok(ids.collect())
}

pub(super) fn known_kind(kind: &str) -> Result<(), Problem> {
    if KINDS.contains(&kind) { Ok(()) } else { Err(Problem::wrong_type("type")) }
}

pub(super) fn extras(column: &Map<String, Value>) -> Map<String, Value> {
    let extras = column.iter().filter(|(name, _)| COLUMN_EXTRAS.contains(&name.as_str()));
    extras.map(|(name, value)| (name.clone(), value.clone())).collect()
}

//! Writing rows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, bulk, success};
use super::attachments;
use super::cells::{Write, written};
use super::placing::{Placing, Target};
use super::problem::Problem;
use super::query::Query;
use super::render;
use super::sheets;
use super::state::{Cell, Column, Row, Sheet, State};

const MAX_ROWS: usize = 500;

const WRITABLE: [&str; 12] = [
    "cells",
    "format",
    "expanded",
    "locked",
    "toTop",
    "toBottom",
    "parentId",
    "siblingId",
    "above",
    "id",
    "indent",
    "outdent",
];

const READ_ONLY: [&str; 9] = [
    "rowNumber",
    "sheetId",
    "createdAt",
    "modifiedAt",
    "createdBy",
    "modifiedBy",
    "version",
    "accessLevel",
    "permalink",
];

/// One checked row of a request.
struct Checked {
    id: Option<i64>,
    target: Target,
    cells: BTreeMap<i64, Cell>,
    expanded: Option<bool>,
    locked: Option<bool>,
    format: Option<String>,
    links: bool,
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let (query, now) = (&asked.query, asked.now);
    let sheet = asked.id("sheetId")?;
    let answer = match asked.name() {
        "rows.add" => write(state, sheet, &asked.json()?, query, true, now),
        "rows.update" => write(state, sheet, &asked.json()?, query, false, now),
        "rows.delete" => delete(state, sheet, query, now),
        "rows.copy_to" => transfer(state, sheet, asked, false),
        "rows.move_to" => transfer(state, sheet, asked, true),
        "rows.send" => send(state, sheet, asked),
        "rows.get" => sheets::get_row(state, sheet, asked.id("rowId")?, query),
        _ => Err(asked.unknown()),
    };
    answer.map(Into::into)
}

/// Adds or updates rows, as `POST` or `PUT` on `/sheets/{id}/rows`.
fn write(
    state: &mut State,
    sheet: i64,
    body: &Value,
    query: &Query,
    adding: bool,
    now: DateTime<Utc>,
) -> Result<Value, Problem> {
    let held = state.sheet(sheet)?;
    let (rows, single): (&[Value], bool) = match body {
        Value::Array(rows) => (rows, false),
        one @ Value::Object(_) => (std::slice::from_ref(one), true),
        _ => return Err(Problem::wrong_type("row")),
    };
    if rows.is_empty() || rows.len() > MAX_ROWS {
        return Err(Problem::bad(1160, format!("A request must have 1 to {MAX_ROWS} rows.")));
    }
    let partial = query.flag("allowPartialSuccess")?;
    query.flag("overrideValidation")?;
    let (mut checked, mut refused) = (Vec::new(), Vec::new());
    for (index, row) in rows.iter().enumerate() {
        match check(held, row, adding) {
            Ok(row) => checked.push(row),
            Err(problem) => {
                let id = row.get("id").and_then(Value::as_i64);
                if !partial {
                    return Err(problem.at(index, id));
                }
                refused.push((index, id, problem));
            }
        }
    }
    let kinds: BTreeSet<_> = checked.iter().map(|row| row.target.kind()).collect();
    if kinds.len() > 1 {
        return Err(Problem::bad(1123, "All rows of a request must use the same location specifier."));
    }
    if checked.iter().any(|row| row.links) && checked.iter().any(|row| !row.links) {
        return Err(Problem::bad(1115, "Mixing cell link updates and value updates in one request is not supported."));
    }
    let ids: Vec<i64> = apply(state, sheet, checked, adding, now)?;
    let held = state.sheet(sheet)?;
    let shape = render::Shape::written();
    let written: Vec<_> = ids.iter().filter_map(|id| render::row(held, *id, &shape)).collect();
    let version = held.version;
    let mut answer = bulk(state, version, &refused);
    let result = if single { written.into_iter().next().unwrap_or_default() } else { Value::Array(written) };
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("result".into(), result);
    }
    Ok(answer)
}

fn check(sheet: &Sheet, row: &Value, adding: bool) -> Result<Checked, Problem> {
    let row = row.as_object().ok_or_else(|| Problem::wrong_type("row"))?;
    for name in row.keys().map(String::as_str) {
        let misplaced = READ_ONLY.contains(&name) || (adding && ["id", "indent", "outdent"].contains(&name));
        if misplaced {
            return Err(Problem::not_allowed(&format!("row.{name}")));
        }
        if !WRITABLE.contains(&name) {
            return Err(Problem::unknown_attribute(name));
        }
    }
    let id = match (adding, row.get("id")) {
        (true, _) => None,
        (false, None) => return Err(Problem::missing("row.id")),
        (false, Some(id)) => Some(id.as_i64().ok_or_else(|| Problem::wrong_type("id"))?),
    };
    let held = match id {
        None => None,
        Some(id) => {
            let found = sheet.rows.iter().find(|held| held.id == id);
            Some(found.ok_or_else(|| Problem::bad(1034, format!("The row id {id} is invalid.")))?)
        }
    };
    let writes = match row.get("cells") {
        None => &[][..],
        Some(cells) => cells.as_array().ok_or_else(|| Problem::wrong_type("cells"))?,
    };
    let (mut cells, mut links) = (BTreeMap::new(), false);
    for write in writes {
        let write = Write::new(write)?;
        let id = write.column()?;
        let column = sheet.column(id).ok_or_else(|| Problem::bad(1036, format!("The columnId {id} is invalid.")))?;
        let cell = written(column, held.and_then(|row| row.cells.get(&id)), write, adding)?;
        links |= write.is_link();
        if cells.insert(id, cell).is_some() {
            return Err(Problem::bad(1037, format!("The columnId {id} is used more than once in a row.")));
        }
    }
    let flag =
        |name: &str| row.get(name).map(|value| value.as_bool().ok_or_else(|| Problem::wrong_type(name))).transpose();
    let format =
        row.get("format").map(|value| value.as_str().ok_or_else(|| Problem::wrong_type("format"))).transpose()?;
    let (expanded, locked) = (flag("expanded")?, flag("locked")?);
    Ok(Checked {
        id,
        target: Target::read(sheet, row)?,
        cells,
        expanded,
        locked,
        format: format.map(str::to_owned),
        links,
    })
}

fn apply(
    state: &mut State,
    sheet: i64,
    checked: Vec<Checked>,
    adding: bool,
    now: DateTime<Utc>,
) -> Result<Vec<i64>, Problem> {
    let new_ids: Vec<i64> = checked.iter().map(|row| row.id.unwrap_or_else(|| state.new_id())).collect();
    let sheet = state.sheet_mut(sheet)?;
    if checked.is_empty() {
        return Ok(new_ids);
    }
    let mut changes = Vec::new();
    for (id, change) in new_ids.iter().zip(&checked) {
        let held = sheet.rows.iter().find(|held| held.id == *id);
        let created = held.map_or(now, |row| row.created_at);
        for (column, after) in &change.cells {
            let before = held.and_then(|row| row.cells.get(column)).cloned();
            changes.push(((*id, *column), created, before, after.clone()));
        }
    }
    let may_fail = |row: &Checked| matches!(row.target, Target::Child { .. } | Target::Sibling { .. });
    let before = (!adding && checked.iter().any(may_fail)).then(|| sheet.rows.clone());
    let mut placing = Placing::default();
    for (id, change) in new_ids.iter().copied().zip(checked) {
        let target = change.target;
        let placed = if adding {
            let mut row = Row::new(id, now);
            update(&mut row, change, now);
            placing.put(sheet, vec![row], target)
        } else {
            if let Some(row) = sheet.rows.iter_mut().find(|row| row.id == id) {
                update(row, change, now);
            }
            placing.move_to(sheet, id, target)
        };
        if let Err(problem) = placed {
            sheet.rows = before.unwrap_or_default();
            return Err(problem);
        }
    }
    sheet.touched(now);
    for (place, created, before, after) in changes {
        state.cell_history.changed(place, created, before, after, now);
    }
    Ok(new_ids)
}

fn update(row: &mut Row, change: Checked, now: DateTime<Utc>) {
    row.cells.extend(change.cells);
    row.expanded = change.expanded.unwrap_or(row.expanded);
    row.locked = change.locked.unwrap_or(row.locked);
    row.format = change.format.or_else(|| row.format.take());
    row.version += 1;
    row.modified_at = now;
}

/// Deletes rows with their children, as `DELETE` on `/sheets/{id}/rows`.
fn delete(state: &mut State, sheet: i64, query: &Query, now: DateTime<Utc>) -> Result<Value, Problem> {
    let ids = query.ids("ids")?.ok_or_else(|| Problem::missing("ids"))?;
    let ignore = query.flag("ignoreRowsNotFound")?;
    let sheet = state.sheet_mut(sheet)?;
    if !ignore && ids.iter().any(|id| sheet.position(*id).is_none()) {
        return Err(Problem::not_found());
    }
    let mut gone: Vec<i64> = ids.into_iter().filter(|id| sheet.position(*id).is_some()).collect();
    while let Some(child) =
        sheet.rows.iter().find(|row| row.parent.is_some_and(|p| gone.contains(&p)) && !gone.contains(&row.id))
    {
        gone.push(child.id);
    }
    if !gone.is_empty() {
        sheet.rows.retain(|row| !gone.contains(&row.id));
        sheet.touched(now);
    }
    Ok(json!({ "message": "SUCCESS", "resultCode": 0, "version": sheet.version, "result": gone }))
}

/// Copies or moves rows to the bottom of another sheet; columns are matched by title and type, missing ones are added.
fn transfer(state: &mut State, from: i64, asked: &Asked<'_>, moving: bool) -> Result<Value, Problem> {
    let known: &[&str] =
        if moving { &["attachments", "discussions"] } else { &["all", "attachments", "children", "discussions"] };
    let include = asked.query.words("include", known)?;
    let ignore = asked.query.flag("ignoreRowsNotFound")?;
    let body = asked.json()?;
    let body = attributes(&body, &["rowIds", "to"])?;
    let ids = id_list(body, "rowIds")?;
    let to = attributes(body.get("to").ok_or_else(|| Problem::missing("to"))?, &["sheetId"])?;
    let to = to.get("sheetId").and_then(Value::as_i64).ok_or_else(|| Problem::missing("to.sheetId"))?;
    if from == to {
        return Err(Problem::bad(1136, "The source and destination sheet must not be the same."));
    }
    let source = state.sheet(from)?;
    if !ignore && ids.iter().any(|id| source.position(*id).is_none()) {
        return Err(Problem::not_found());
    }
    let with_children = moving || include.iter().any(|word| ["all", "children"].contains(word));
    let mut wanted: Vec<i64> = ids;
    while let Some(child) = source.rows.iter().find(|row| {
        with_children && row.parent.is_some_and(|parent| wanted.contains(&parent)) && !wanted.contains(&row.id)
    }) {
        wanted.push(child.id);
    }
    let rows: Vec<Row> = source.rows.iter().filter(|row| wanted.contains(&row.id)).cloned().collect();
    let above: BTreeMap<i64, Option<i64>> = source.rows.iter().map(|row| (row.id, row.parent)).collect();
    let columns = source.columns.clone();
    let destination = state.sheet(to)?;
    let matching = |column: &Column| {
        let same = |other: &&Column| other.title == column.title && other.kind == column.kind;
        destination.columns.iter().find(same).map(|other| other.id)
    };
    let matched: Vec<Option<i64>> = columns.iter().map(matching).collect();
    let mut new_columns = Vec::new();
    let mut new_ids = BTreeMap::new();
    for (column, matched) in columns.iter().zip(matched) {
        let id = matched.unwrap_or_else(|| {
            let id = state.new_id();
            new_columns.push(Column { id, primary: false, ..column.clone() });
            id
        });
        new_ids.insert(column.id, id);
    }
    let mappings: Vec<(i64, i64)> = rows.iter().map(|row| (row.id, state.new_id())).collect();
    let renamed = |old: i64| mappings.iter().find(|(from, _)| *from == old).map(|(_, to)| *to);
    let destination = state.sheet_mut(to)?;
    destination.columns.extend(new_columns);
    for row in rows {
        let cells = row.cells.into_iter().filter_map(|(column, cell)| Some((*new_ids.get(&column)?, cell))).collect();
        // Those in between may have stayed behind.
        let parent = std::iter::successors(row.parent, |id| above.get(id).copied().flatten()).find_map(renamed);
        let id = renamed(row.id).unwrap_or(row.id);
        destination.rows.push(Row {
            id,
            parent,
            cells,
            version: 1,
            created_at: asked.now,
            modified_at: asked.now,
            ..row
        });
    }
    destination.touched(asked.now);
    if moving {
        let source = state.sheet_mut(from)?;
        source.rows.retain(|row| !wanted.contains(&row.id));
        source.touched(asked.now);
    }
    let with = |word| include.contains(&"all") || include.contains(&word);
    attachments::carry(state, from, &mappings, to, with("attachments"), with("discussions"));
    let mappings: Vec<_> = mappings.iter().map(|(from, to)| json!({ "from": from, "to": to })).collect();
    // Bare, unlike the answers to other writes.
    Ok(json!({ "destinationSheetId": to, "rowMappings": mappings }))
}

fn id_list(body: &Map<String, Value>, name: &str) -> Result<Vec<i64>, Problem> {
    let list = body.get(name).ok_or_else(|| Problem::missing(name))?;
    let list = list.as_array().ok_or_else(|| Problem::wrong_type(name))?;
    list.iter().map(|id| id.as_i64().ok_or_else(|| Problem::wrong_type(name))).collect()
}

/// Nobody gets the e-mail, but one that could not be sent is refused.
fn send(state: &State, sheet: i64, asked: &Asked<'_>) -> Result<Value, Problem> {
    let sheet = state.sheet(sheet)?;
    let body = asked.json()?;
    let known = [
        "sendTo",
        "subject",
        "message",
        "ccMe",
        "rowIds",
        "columnIds",
        "includeAttachments",
        "includeDiscussions",
        "layout",
    ];
    let body = attributes(&body, &known)?;
    if body.get("sendTo").and_then(Value::as_array).is_none_or(Vec::is_empty) {
        return Err(Problem::missing("email.sendTo"));
    }
    if let Some(unknown) = id_list(body, "rowIds")?.into_iter().find(|id| sheet.position(*id).is_none()) {
        return Err(Problem::bad(1034, format!("The row id {unknown} is invalid.")));
    }
    Ok(success())
}

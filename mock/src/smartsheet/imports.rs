//! Sheets made from files.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::asked::{Asked, Outcome, written};
use super::problem::Problem;
use super::render;
use super::seed::new_sheet;
use super::state::{Cell, Column, Place, Row, State};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What every workbook is taken to hold: nobody needs more of a fake.
const WORKBOOK: &str = "Task,Owner,Hours\nSet up,Anna,4\nTake down,Ben,2\n";

pub(super) fn import(state: &mut State, place: Place, asked: &Asked<'_>) -> Outcome {
    state.check_place(place)?;
    let query = &asked.query;
    let name = query.get("sheetName").filter(|name| !name.trim().is_empty());
    let name =
        name.ok_or_else(|| Problem::bad(1009, "A required parameter is missing from your request: sheetName."))?;
    let (header, primary) = (query.number("headerRowIndex")?, query.number("primaryColumnIndex")?.unwrap_or(0));
    if !["text/csv", XLSX].contains(&asked.content_type()) {
        return Err(Problem::new(415, 1124, "Invalid Content-Type header. Media type not supported."));
    }
    // Its name is not asked for: the sheet has one.
    let (_, bytes) = asked.file()?;
    let unreadable = || Problem::bad(1053, "The file cannot be imported.");
    let table = if asked.content_type() == XLSX {
        bytes.starts_with(b"PK\x03\x04").then(|| parse(WORKBOOK)).flatten()
    } else {
        std::str::from_utf8(&bytes).ok().and_then(parse)
    };
    let mut table = table.filter(|table| !table.is_empty()).ok_or_else(unreadable)?;
    let width = table.iter().map(Vec::len).max().unwrap_or_default();
    let titles = match header {
        None => Vec::new(),
        Some(at) if at < table.len() => table.drain(..=at).next_back().unwrap_or_default(),
        Some(_) => return Err(Problem::bad_parameter("headerRowIndex")),
    };
    if primary >= width {
        return Err(Problem::bad_parameter("primaryColumnIndex"));
    }
    let columns = columns(state, &titles, width, primary)?;
    let ids: Vec<i64> = columns.iter().map(|column| column.id).collect();
    let rows: Vec<_> = table.iter().map(|texts| row(state, &ids, texts, asked)).collect();
    let id = new_sheet(state, name, place, columns, asked.now);
    if let Some(sheet) = state.sheets.get_mut(&id) {
        sheet.rows = rows;
    }
    let mut shown = render::summary(state.sheet(id)?);
    shown.retain(|name, _| ["id", "name", "accessLevel", "permalink"].contains(&name.as_str()));
    shown.insert("type".into(), "sheet".into());
    Ok(written(shown).into())
}

fn columns(state: &mut State, titles: &[String], width: usize, primary: usize) -> Result<Vec<Column>, Problem> {
    let mut columns = Vec::<Column>::new();
    for at in 0..width {
        let title = titles.get(at).map(|title| title.trim()).filter(|title| !title.is_empty());
        let title = title.map_or_else(|| format!("Column{}", at + 1), str::to_owned);
        if columns.iter().any(|earlier| earlier.title == title) {
            return Err(Problem::bad(1056, format!("Column titles must be unique: \"{title}\".")));
        }
        let (id, kind) = (state.new_id(), "TEXT_NUMBER".to_owned());
        columns.push(Column { id, title, kind, primary: at == primary, extras: Map::new() });
    }
    Ok(columns)
}

fn row(state: &mut State, columns: &[i64], texts: &[String], asked: &Asked<'_>) -> Row {
    let cells: BTreeMap<_, _> = columns
        .iter()
        .zip(texts)
        .filter(|(_, text)| !text.is_empty())
        .map(|(column, text)| {
            let number = serde_json::from_str::<serde_json::Number>(text).ok().map(Value::Number);
            let value = number.unwrap_or_else(|| Value::from(text.as_str()));
            (*column, Cell { value: Some(value), display: Some(text.clone()), ..Cell::default() })
        })
        .collect();
    Row { version: 1, cells, ..Row::new(state.new_id(), asked.now) }
}

/// The rows of a list of values separated by commas; `None` where a quote is not closed.
fn parse(text: &str) -> Option<Vec<Vec<String>>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut chars) = (false, text.chars().peekable());
    while let Some(next) = chars.next() {
        match (quoted, next) {
            (true, '"') if chars.peek() == Some(&'"') => field.extend(chars.next()),
            (true, '"') => quoted = false,
            (false, '"') if field.is_empty() => quoted = true,
            (false, ',') => row.push(std::mem::take(&mut field)),
            (false, '\r') if chars.peek() == Some(&'\n') => {}
            (false, '\n') => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            (_, other) => field.push(other),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows.retain(|row| row.iter().any(|field| !field.is_empty()));
    (!quoted).then_some(rows)
}

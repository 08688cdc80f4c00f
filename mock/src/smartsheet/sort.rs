//! Sorting a sheet.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::asked::attributes;
use super::problem::Problem;
use super::query::Query;
use super::sheets;
use super::state::{Row, Sheet, State};

pub(super) fn sort(
    state: &mut State,
    id: i64,
    body: &Value,
    query: &Query,
    now: DateTime<Utc>,
) -> Result<Value, Problem> {
    let sheet = state.sheet_mut(id)?;
    let criteria = attributes(body, &["sortCriteria"])?.get("sortCriteria");
    let criteria = criteria.and_then(Value::as_array).filter(|criteria| !criteria.is_empty());
    let criteria = criteria.ok_or_else(|| Problem::missing("sortCriteria"))?;
    let criteria: Vec<_> = criteria.iter().map(|criterion| read(sheet, criterion)).collect::<Result<_, _>>()?;
    let rows = std::mem::take(&mut sheet.rows);
    sheet.rows = below(None, &rows, &criteria);
    sheet.touched(now);
    sheets::get(state, id, query)
}

fn read(sheet: &Sheet, criterion: &Value) -> Result<(i64, bool), Problem> {
    let criterion = attributes(criterion, &["columnId", "direction"])?;
    let column = criterion.get("columnId").and_then(Value::as_i64).ok_or_else(|| Problem::missing("columnId"))?;
    if sheet.column(column).is_none() {
        return Err(Problem::bad(1036, format!("The columnId {column} is invalid.")));
    }
    match criterion.get("direction").and_then(Value::as_str) {
        None | Some("ASCENDING") => Ok((column, false)),
        Some("DESCENDING") => Ok((column, true)),
        Some(_) => Err(Problem::wrong_type("direction")),
    }
}

/// The rows below this one in their new order, each followed by those below it.
fn below(parent: Option<i64>, all: &[Row], criteria: &[(i64, bool)]) -> Vec<Row> {
    let mut level: Vec<&Row> = all.iter().filter(|row| row.parent == parent).collect();
    level.sort_by(|a, b| {
        let orders =
            criteria.iter().map(|(column, descending)| compare(value(a, *column), value(b, *column), *descending));
        orders.fold(Ordering::Equal, Ordering::then)
    });
    level.into_iter().flat_map(|row| [vec![row.clone()], below(Some(row.id), all, criteria)].concat()).collect()
}

fn value(row: &Row, column: i64) -> Option<&Value> {
    let value = row.cells.get(&column)?.value.as_ref()?;
    (value.as_str() != Some("")).then_some(value)
}

/// Numbers before texts, and what is blank at the end whichever way it is sorted.
fn compare(a: Option<&Value>, b: Option<&Value>, descending: bool) -> Ordering {
    let (Some(a), Some(b)) = (a, b) else { return a.is_none().cmp(&b.is_none()) };
    let order = match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
        (Value::Number(_), _) => Ordering::Less,
        (_, Value::Number(_)) => Ordering::Greater,
        (a, b) => text(a).cmp(&text(b)),
    };
    if descending { order.reverse() } else { order }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_lowercase)
}

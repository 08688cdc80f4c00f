//! Where rows go. A sheet is a list in which those below a row follow it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::problem::Problem;
use super::state::{Row, Sheet};

/// Where rows go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Stay,
    Top,
    Bottom,
    Child { parent: i64, last: bool },
    Deeper,
    Higher,
    Sibling { of: i64, above: bool },
}

impl Target {
    /// The kind, which all rows of a request must share.
    pub(super) fn kind(self) -> u8 {
        match self {
            Self::Stay => 0,
            Self::Top => 1,
            Self::Bottom => 2,
            Self::Child { last, .. } => 3 + u8::from(last),
            Self::Sibling { above, .. } => 5 + u8::from(above),
            Self::Deeper => 7,
            Self::Higher => 8,
        }
    }

    /// What a row of a request says about its place.
    pub(super) fn read(sheet: &Sheet, row: &Map<String, Value>) -> Result<Self, Problem> {
        let on = |name: &str| row.get(name).and_then(Value::as_bool) == Some(true);
        let id = |name: &str, code| match row.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let id = value.as_i64().ok_or_else(|| Problem::wrong_type(name))?;
                let known = sheet.position(id).is_some();
                if known { Ok(Some(id)) } else { Err(Problem::bad(code, format!("The {name} {id} is invalid."))) }
            }
        };
        let (parent, sibling) = (id("parentId", 1063)?, id("siblingId", 1064)?);
        let step = |name: &str| match row.get(name) {
            None => Ok(false),
            Some(value) if value.as_i64() == Some(1) => Ok(true),
            Some(_) => Err(Problem::bad(1031, format!("The attribute {name} must be 1."))),
        };
        match (step("indent")?, step("outdent")?) {
            (false, false) => {}
            (deeper, _)
                if ["parentId", "siblingId", "toTop", "toBottom"].iter().all(|name| !row.contains_key(*name)) =>
            {
                return Ok(if deeper { Self::Deeper } else { Self::Higher });
            }
            _ => return Err(Problem::bad(1062, "Invalid row location.")),
        }
        Ok(match (parent, sibling, on("toTop"), on("toBottom"), on("above")) {
            (None, None, false, false, false) => Self::Stay,
            (None, None, true, false, false) => Self::Top,
            (None, None, false, true, false) => Self::Bottom,
            (Some(parent), None, false, last, false) => Self::Child { parent, last },
            (None, Some(of), false, false, above) => Self::Sibling { of, above },
            _ => return Err(Problem::bad(1062, "Invalid row location.")),
        })
    }
}

/// Puts the rows of one request where they go; those that go to the same place stay in their order.
#[derive(Debug, Default)]
pub(super) struct Placing {
    /// The last row that went to each place.
    last: Vec<(Target, i64)>,
}

impl Placing {
    /// Moves a row with all that is below it.
    pub(super) fn move_to(&mut self, sheet: &mut Sheet, id: i64, target: Target) -> Result<(), Problem> {
        let Some(position) = sheet.position(id) else { return Err(Problem::not_found()) };
        match target {
            Target::Stay => {}
            Target::Deeper => deeper(sheet, position),
            Target::Higher => higher(sheet, position),
            _ => {
                let block: Vec<_> = sheet.rows.drain(position..end_of(&sheet.rows, position)).collect();
                return self.put(sheet, block, target);
            }
        }
        Ok(())
    }

    /// Puts a row in, followed by those below it.
    pub(super) fn put(&mut self, sheet: &mut Sheet, mut block: Vec<Row>, target: Target) -> Result<(), Problem> {
        let Some(id) = block.first().map(|row| row.id) else { return Ok(()) };
        let rows = &sheet.rows;
        let (parent, mut position) = place(sheet, target)?;
        let appends = matches!(target, Target::Stay | Target::Bottom | Target::Sibling { above: true, .. })
            || matches!(target, Target::Child { last: true, .. });
        let earlier = self.last.iter_mut().find(|(place, _)| !appends && *place == target);
        if let Some((_, last)) = earlier {
            let after = sheet.position(*last).filter(|at| rows.get(*at).is_some_and(|row| row.parent == parent));
            position = after.map_or(position, |at| end_of(rows, at));
            *last = id;
        } else if !appends {
            self.last.push((target, id));
        }
        if let Some(row) = block.first_mut() {
            row.parent = parent;
        }
        sheet.rows.splice(position..position, block);
        Ok(())
    }
}

/// The parent that a row gets, and its position. What is to be moved is not in the sheet: nothing goes below itself.
fn place(sheet: &Sheet, target: Target) -> Result<(Option<i64>, usize), Problem> {
    let rows = &sheet.rows;
    Ok(match target {
        Target::Top => (None, 0),
        Target::Stay | Target::Bottom | Target::Deeper | Target::Higher => (None, rows.len()),
        Target::Child { parent, last } => {
            let at = sheet.position(parent).ok_or_else(|| invalid(1063, "parentId", parent))?;
            (Some(parent), if last { end_of(rows, at) } else { at + 1 })
        }
        Target::Sibling { of, above } => {
            let at = sheet.position(of).ok_or_else(|| invalid(1064, "siblingId", of))?;
            (rows.get(at).and_then(|row| row.parent), if above { at } else { end_of(rows, at) })
        }
    })
}

fn invalid(code: u32, name: &str, id: i64) -> Problem {
    Problem::bad(code, format!("The {name} {id} is invalid."))
}

/// Where those below a row end.
fn end_of(rows: &[Row], position: usize) -> usize {
    let mut block: BTreeSet<i64> = rows.get(position).map(|row| row.id).into_iter().collect();
    let below = rows.iter().skip(position + 1);
    position
        + 1
        + below.take_while(|row| row.parent.is_some_and(|p| block.contains(&p)) && block.insert(row.id)).count()
}

/// It goes below the row above it on its level; the first one of a level stays.
fn deeper(sheet: &mut Sheet, position: usize) {
    let parent = sheet.rows.get(position).and_then(|row| row.parent);
    let above = sheet.rows.iter().take(position).rev().find(|other| other.parent == parent).map(|row| row.id);
    if let (Some(above), Some(row)) = (above, sheet.rows.get_mut(position)) {
        row.parent = Some(above);
    }
}

/// It goes on the level of its parent, where it is: those that followed it on its old level are below it then.
fn higher(sheet: &mut Sheet, position: usize) {
    let Some(row) = sheet.rows.get(position) else { return };
    let (id, Some(parent)) = (row.id, row.parent) else { return };
    let level = sheet.rows.iter().find(|row| row.id == parent).and_then(|row| row.parent);
    for other in sheet.rows.iter_mut().skip(position) {
        if other.id == id {
            other.parent = level;
        } else if other.parent == Some(parent) {
            other.parent = Some(id);
        }
    }
}

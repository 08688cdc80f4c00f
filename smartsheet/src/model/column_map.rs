//! From titles to columns.

use std::collections::HashMap;
use std::slice;

use chrono::NaiveDate;
use connectors_core::{Error, ErrorKind, Result};

use super::column::{Column, ColumnType};
use super::ids::ColumnId;
use super::row_write::Writable;
use super::write::CellInput;
use crate::error_code::ErrorCode;

/// The columns of a sheet, by title and by id. Titles are compared letter for letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnMap {
    columns: Vec<Column>,
    by_title: HashMap<String, Vec<usize>>,
    by_id: HashMap<ColumnId, usize>,
}

impl ColumnMap {
    /// The map of these columns.
    pub fn new(columns: Vec<Column>) -> Self {
        let mut by_title: HashMap<String, Vec<usize>> = HashMap::with_capacity(columns.len());
        for (place, column) in columns.iter().enumerate() {
            by_title.entry(column.title.clone()).or_default().push(place);
        }
        let by_id = columns.iter().enumerate().map(|(place, column)| (column.id, place)).collect();
        Self { columns, by_title, by_id }
    }

    /// The column with this title, if there is exactly one.
    pub fn get(&self, title: &str) -> Option<&Column> {
        match self.by_title.get(title)?.as_slice() {
            [place] => self.columns.get(*place),
            _ => None,
        }
    }

    /// The column with this id.
    pub fn by_id(&self, id: ColumnId) -> Option<&Column> {
        self.columns.get(*self.by_id.get(&id)?)
    }

    /// The column with this title. The error names the title, and says which ones there are.
    pub fn require(&self, title: &str) -> Result<&Column> {
        if let Some(column) = self.get(title) {
            return Ok(column);
        }
        if self.by_title.contains_key(title) {
            let message = format!("several columns have the title `{title}`");
            let error = Error::new(ErrorKind::Ambiguous, message).with_origin(crate::PROVIDER, "");
            return Err(error.with_field(title).with_hint("rename one of them"));
        }
        let titles: Vec<_> = self.columns.iter().map(|c| c.title.as_str()).collect();
        let hint = format!("the sheet has: {}", titles.join(", "));
        let error =
            Error::invalid(title, format!("the sheet has no column `{title}`")).with_origin(crate::PROVIDER, "");
        Err(error.with_code(ErrorCode::INVALID_COLUMN_ID).with_hint(hint))
    }

    /// The column that names the rows.
    pub fn primary(&self) -> Option<&Column> {
        self.columns.iter().find(|c| c.primary)
    }

    /// The columns, in the order of the sheet.
    pub fn iter(&self) -> slice::Iter<'_, Column> {
        self.columns.iter()
    }

    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }
}

impl ColumnMap {
    /// Refuses rows that write to columns which do not exist or cannot be written, or what does not fit them. The error
    /// names row and column.
    pub(crate) fn check<R: Writable>(&self, rows: &[R]) -> Result<()> {
        for (index, row) in rows.iter().enumerate() {
            for (place, cell) in row.cells().iter().enumerate() {
                let Some(column) = self.by_id(cell.column_id) else {
                    let field = format!("rows[{index}].cells[{place}].columnId");
                    let problem = format!("the sheet has no column {}", cell.column_id);
                    return Err(Error::invalid(field, problem).with_code(ErrorCode::INVALID_COLUMN_ID));
                };
                if cell.strict != Some(false) && cell.override_validation != Some(true) {
                    check_fit(column, &cell.input)
                        .map_err(|error| error.with_field(format!("rows[{index}].{}", column.title)))?;
                }
            }
        }
        Ok(())
    }
}

/// Refuses what cannot be written into a column. The error names its title.
pub(crate) fn check_fit(column: &Column, input: &CellInput) -> Result<()> {
    let refuse = |code: ErrorCode, problem: &str| {
        Err(Error::invalid(&column.title, problem).with_origin(crate::PROVIDER, "").with_code(code))
    };
    if column.system_column_type.is_some() {
        return refuse(ErrorCode::SYSTEM_COLUMN, "is written by Smartsheet itself");
    }
    if column.formula.is_some() {
        return refuse(ErrorCode::COLUMN_FORMULA, "is computed by the formula of its column");
    }
    if column.locked_for_user {
        return refuse(ErrorCode::COLUMN_LOCKED, "is locked for the owner of the token");
    }
    if let Some((_, code, problem)) = input.problem() {
        return refuse(code, problem);
    }
    match (&column.column_type, input) {
        (ColumnType::Checkbox, CellInput::Text(_) | CellInput::Number(_)) => {
            refuse(ErrorCode::VALUE_DOES_NOT_FIT, "is a checkbox, and takes true or false")
        }
        (ColumnType::Date, CellInput::Text(text)) if !text.is_empty() && text.parse::<NaiveDate>().is_err() => {
            refuse(ErrorCode::VALUE_DOES_NOT_FIT, "takes dates like 2026-06-05")
        }
        (ColumnType::Date, CellInput::Number(_) | CellInput::Bool(_)) => {
            refuse(ErrorCode::VALUE_DOES_NOT_FIT, "takes dates like 2026-06-05")
        }
        (ColumnType::Picklist, CellInput::Text(text))
            if column.validation && !text.is_empty() && !column.options.iter().any(|option| option == text) =>
        {
            refuse(ErrorCode::VALUE_DOES_NOT_FIT, "takes one of its options")
        }
        _ => Ok(()),
    }
}

impl<'a> IntoIterator for &'a ColumnMap {
    type Item = &'a Column;
    type IntoIter = slice::Iter<'a, Column>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> ColumnMap {
        let column = |id, title| serde_json::json!({ "id": id, "title": title, "type": "TEXT_NUMBER" });
        let columns = [column(1, "Event ID"), column(2, "Venue"), column(3, "Venue")];
        ColumnMap::new(columns.into_iter().map(|c| serde_json::from_str(&c.to_string()).unwrap()).collect())
    }

    #[test]
    fn a_title_that_is_missing_or_not_unique_is_named() {
        let map = map();
        assert_eq!(map.require("Event ID").unwrap().id, ColumnId::new(1));
        let missing = map.require("City").unwrap_err();
        assert_eq!((missing.kind(), missing.field()), (ErrorKind::InvalidRequest, Some("City")));
        assert!(missing.hint().unwrap().contains("Event ID, Venue"));
        assert_eq!(map.require("Venue").unwrap_err().kind(), ErrorKind::Ambiguous);
    }
}

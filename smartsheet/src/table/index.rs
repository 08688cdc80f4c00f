//! The rows of a sheet by their keys: what every write by key begins with.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::provider::KeyGuard;
use connectors_core::{CachePolicy, Error, ErrorKind, Result};

use super::column_cache::columns;
use crate::model::ids::positive;
use crate::model::{Cell, CellValue, Column, ColumnId, ColumnMap, Row, SheetId};
use crate::query::SheetExclude;
use crate::{ErrorCode, SmartsheetClient, SmartsheetErrorExt};

/// How long a call waits for the calls before it that work on the same sheet.
const TURN: Duration = Duration::from_secs(60 * 60);

/// What rows hold in the columns of interest. Nobody else of this client changes them while it exists.
pub(crate) struct RowIndex<'a> {
    client: &'a SmartsheetClient,
    selection: Selection,
    rows: Vec<Row>,
    by_key: HashMap<String, Vec<usize>>,
    _turn: KeyGuard,
}

/// The columns of interest.
struct Selection {
    sheet: SheetId,
    columns: Arc<ColumnMap>,
    key: ColumnId,
    wanted: Vec<ColumnId>,
}

impl<'a> RowIndex<'a> {
    /// Waits for its turn at the sheet, then reads the column of keys and those with the given titles.
    pub(crate) async fn read(
        client: &'a SmartsheetClient,
        sheet: SheetId,
        key_column: &str,
        titles: &[&str],
    ) -> Result<Self> {
        positive("sheet", sheet.get())?;
        let clock = client.core().clock();
        let turn = client.turns().lock(&format!("sheet/{sheet}"), clock.as_ref(), clock.now() + TURN).await?;
        let mut policy = CachePolicy::Use;
        loop {
            let (columns, fresh) = columns(client, sheet, policy).await.map_err(no_such_sheet)?;
            let read = async {
                let selection = Selection::new(sheet, columns, key_column, titles)?;
                Ok((selection.rows(client).await?, selection))
            };
            match read.await {
                Ok((rows, selection)) => {
                    let mut index = Self { client, selection, rows, by_key: HashMap::new(), _turn: turn };
                    index.sort_in();
                    return Ok(index);
                }
                // Remembered columns may be out of date; those fetched just now are what there is.
                Err(Failure::Columns(_)) if !fresh => policy = CachePolicy::Refresh,
                Err(failure) => return Err(no_such_sheet(failure.into())),
            }
        }
    }

    /// Reads the rows again.
    pub(crate) async fn refresh(&mut self) -> Result<()> {
        self.rows = self.selection.rows(self.client).await?;
        self.sort_in();
        Ok(())
    }

    fn sort_in(&mut self) {
        self.by_key.clear();
        for (place, row) in self.rows.iter().enumerate() {
            for id in row.cell(self.selection.key).into_iter().flat_map(keys) {
                let places = self.by_key.entry(id).or_default();
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
    }

    /// The row with a key, if there is one; several are an error.
    pub(crate) fn find(&self, key: &str) -> Result<Option<&Row>> {
        match self.by_key.get(key).map_or(&[][..], Vec::as_slice) {
            [] => Ok(None),
            [place] => Ok(self.rows.get(*place)),
            several => {
                let title = self.selection.columns.by_id(self.selection.key).map_or("", |column| &column.title);
                Err(ambiguous(title, key, several.iter().filter_map(|p| self.rows.get(*p)).map(|r| r.row_number)))
            }
        }
    }

    /// How many rows the sheet has, and how many columns.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.rows.len(), self.selection.columns.len())
    }

    /// The column with this title, which was among those asked for.
    pub(crate) fn column(&self, title: &str) -> Result<&Column> {
        self.selection.columns.require(title)
    }

    /// The column of keys.
    pub(crate) fn key(&self) -> ColumnId {
        self.selection.key
    }
}

/// What a cell says as a key: its value, and what people see where that differs.
pub(crate) fn keys(cell: &Cell) -> impl Iterator<Item = String> {
    let value = match &cell.value {
        CellValue::Text(text) => Some(text.trim().to_owned()),
        // A sheet may hold 1001 as a number where we say "1001", and spell it 1001.0.
        CellValue::Number(number) => {
            let text = number.as_str();
            Some(
                text.split_once('.')
                    .filter(|(_, zeros)| zeros.bytes().all(|b| b == b'0'))
                    .map_or(text, |(whole, _)| whole)
                    .to_owned(),
            )
        }
        _ => None,
    };
    let shown = cell.display_value().map(|text| text.trim().to_owned()).filter(|text| Some(text) != value.as_ref());
    [value, shown].into_iter().flatten().filter(|id| !id.is_empty())
}

/// Several rows have the same key.
pub(super) fn ambiguous(title: &str, key: &str, rows: impl Iterator<Item = u32>) -> Error {
    let numbers: Vec<_> = rows.map(|number| number.to_string()).collect();
    let message = format!("rows {} all have `{key}` in the column `{title}`", numbers.join(", "));
    let error = Error::new(ErrorKind::Ambiguous, message).with_origin(crate::PROVIDER, "");
    error.with_field(title).with_hint("delete all but one of them")
}

/// Names the field where the sheet is not there.
pub(crate) fn no_such_sheet(error: Error) -> Error {
    if error.kind() == ErrorKind::NotFound { error.with_field("sheet") } else { error }
}

enum Failure {
    /// The columns are not what they were taken for.
    Columns(Error),
    Other(Error),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        let (Failure::Columns(error) | Failure::Other(error)) = failure;
        error
    }
}

impl Selection {
    fn new(sheet: SheetId, columns: Arc<ColumnMap>, key_column: &str, titles: &[&str]) -> Result<Self, Failure> {
        let find = |title: &str| columns.require(title).map_err(Failure::Columns);
        let key = find(key_column)?.id;
        let mut wanted = vec![key];
        for title in titles {
            let column = find(title)?;
            if column.system_column_type.is_some() {
                return Err(Failure::Columns(Error::invalid(*title, "is written by Smartsheet itself")));
            }
            wanted.push(column.id);
        }
        Ok(Self { sheet, columns, key, wanted })
    }

    /// All rows, reduced to the wanted columns, after a check that these still have the titles they are known by.
    async fn rows(&self, client: &SmartsheetClient) -> Result<Vec<Row>, Failure> {
        let get = client.sheets().get(self.sheet).column_ids(self.wanted.iter().copied()).rich_values();
        let answer =
            get.exclude([SheetExclude::NonexistentCells]).await.map_err(|error| match error.smartsheet_code() {
                Some(ErrorCode::INVALID_COLUMN_ID) => Failure::Columns(error),
                _ => Failure::Other(error),
            })?;
        let same = |id: &ColumnId| {
            let now = answer.columns.iter().find(|column| column.id == *id);
            now.is_some_and(|now| self.columns.by_id(*id).is_some_and(|then| then.title == now.title))
        };
        if self.wanted.iter().all(same) {
            return Ok(answer.rows);
        }
        let message = "the columns of the sheet changed while it was read";
        Err(Failure::Columns(Error::new(ErrorKind::Conflict, message).with_retryable(true)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_compared_as_people_read_them() {
        let ids = |json: &str| keys(&serde_json::from_str(json).unwrap()).collect::<Vec<_>>();
        assert_eq!(ids(r#"{"columnId":1,"value":" e-1 ","displayValue":" e-1 "}"#), ["e-1"]);
        assert_eq!(ids(r#"{"columnId":1,"value":1001.0,"displayValue":"1001"}"#), ["1001"]);
        assert_eq!(ids(r#"{"columnId":1,"value":7,"displayValue":"007"}"#), ["7", "007"]);
        assert_eq!(ids(r#"{"columnId":1}"#), Vec::<String>::new());
    }
}

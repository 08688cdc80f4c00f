//! Rows as structs: whatever a sheet holds, no panic, and no cell's text in an error.
#![no_main]

use std::collections::BTreeMap;

use connectors_core::ErrorKind;
use connectors_fuzz::check_error;
use connectors_smartsheet::{CellValue, ColumnMap, Contact, Number, Sheet};
use libfuzzer_sys::fuzz_target;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
enum Status {
    Open,
    Closed,
}

/// A field of every kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Record {
    name: String,
    #[serde(default)]
    small: Option<u8>,
    #[serde(default)]
    signed: Option<i64>,
    #[serde(default)]
    float: f64,
    #[serde(default)]
    exact: Option<Number>,
    #[serde(default)]
    done: bool,
    #[serde(default)]
    status: Option<Status>,
    #[serde(default)]
    day: Option<chrono::NaiveDate>,
    #[serde(default)]
    person: Option<Contact>,
    #[serde(default)]
    list: Vec<String>,
}

fuzz_target!(|data: &[u8]| {
    let Ok(sheet) = serde_json::from_slice::<Sheet>(data) else { return };
    let columns = ColumnMap::new(sheet.columns);
    for row in &sheet.rows {
        let _ = columns.read::<BTreeMap<String, String>>(row);
        match columns.read::<Record>(row) {
            Ok(record) => {
                // What was read can be written, unless a title is missing or a column does not take it.
                if let Err(error) = columns.row_from(&record).build() {
                    check_error(&error);
                }
            }
            Err(error) => {
                check_error(&error);
                assert_eq!(error.kind(), ErrorKind::Decode);
                for (place, cell) in row.cells.iter().enumerate() {
                    if let CellValue::Text(text) = &cell.value
                        && text.len() > 12
                        && !columns.iter().any(|column| column.title.contains(&**text))
                        && error.message().contains(&**text)
                    {
                        // A cell may say by chance what every such error says.
                        let mut other = row.clone();
                        other.cells[place].value = CellValue::Text("#".repeat(text.len()).into());
                        let same = columns.read::<Record>(&other).is_err_and(|it| it.message() == error.message());
                        assert!(same, "{error} tells {text:?}");
                    }
                }
            }
        }
    }
});

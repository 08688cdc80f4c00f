//! Sheets and reports as files.

use serde_json::Value;

use super::asked::{Answer, Asked, Outcome};
use super::problem::Problem;

/// Paper sizes, and what they are in points.
const PAPER: [(&str, u32, u32); 9] = [
    ("LETTER", 612, 792),
    ("LEGAL", 612, 1008),
    ("WIDE", 792, 1224),
    ("ARCHD", 1728, 2592),
    ("A4", 595, 842),
    ("A3", 842, 1191),
    ("A2", 1191, 1684),
    ("A1", 1684, 2384),
    ("A0", 2384, 3370),
];

/// The file that is asked for in place of this answer, if one is.
pub(super) fn instead(asked: &Asked<'_>, answer: Answer) -> Outcome {
    let size = asked.query.get("paperSize").unwrap_or("LETTER");
    let size = PAPER.iter().find(|(name, ..)| *name == size).ok_or_else(|| Problem::bad_parameter("paperSize"))?;
    let Answer::Json(shown) = &answer else { return Ok(answer) };
    Ok(match asked.accept() {
        "text/csv" => Answer::File("text/csv", csv(shown).into()),
        "application/vnd.ms-excel" => Answer::File("application/vnd.ms-excel", workbook(shown).into()),
        "application/pdf" => Answer::File("application/pdf", pdf(shown, size.1, size.2).into()),
        _ => answer,
    })
}

fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// What the cells show, with the titles of the columns in front.
fn table(shown: &Value) -> Vec<Vec<String>> {
    let columns = list(shown, "columns");
    let title = |column: &Value| column.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
    // Those of reports stand for columns of several sheets.
    let id = |of: &Value, name: &str, other: &str| of.get(name).or_else(|| of.get(other)).and_then(Value::as_i64);
    let text = |cell: &Value| match cell.get("displayValue").or_else(|| cell.get("value")) {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    };
    let row = |row: &Value| {
        let cell = |column: &Value| {
            let wanted = id(column, "virtualId", "id");
            list(row, "cells").iter().find(|cell| id(cell, "virtualColumnId", "columnId") == wanted).map(text)
        };
        columns.iter().map(|column| cell(column).unwrap_or_default()).collect()
    };
    std::iter::once(columns.iter().map(title).collect()).chain(list(shown, "rows").iter().map(row)).collect()
}

fn csv(shown: &Value) -> String {
    let field = |text: &String| {
        if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.clone() }
    };
    let line = |row: &Vec<String>| row.iter().map(field).collect::<Vec<_>>().join(",") + "\n";
    table(shown).iter().map(line).collect()
}

/// A page that says what it is of.
fn pdf(shown: &Value, width: u32, height: u32) -> String {
    let name = shown.get("name").and_then(Value::as_str).unwrap_or_default();
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect();
    let text = format!("BT /F1 18 Tf 72 {} Td ({name}) Tj ET", height - 72);
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents 4 0 R>>endobj\n\
         4 0 obj<</Length {}>>stream\n{text}\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
        text.len()
    )
}

/// A ZIP archive of the table, as workbooks are, but with nothing that a spreadsheet program would want beside it.
fn workbook(shown: &Value) -> Vec<u8> {
    let (name, content) = ("xl/worksheets/sheet1.csv", csv(shown).into_bytes());
    let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).to_le_bytes();
    let long = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
    let mut about = Vec::new();
    // The versions, flags, method and time of a file that is only stored.
    about.extend_from_slice(&[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x5c]);
    about.extend_from_slice(&checksum(&content).to_le_bytes());
    about.extend_from_slice(&long(content.len()));
    about.extend_from_slice(&long(content.len()));
    about.extend_from_slice(&short(name.len()));
    let mut zip = b"PK\x03\x04".to_vec();
    zip.extend_from_slice(&about);
    zip.extend_from_slice(&[0, 0]);
    zip.extend_from_slice(name.as_bytes());
    zip.extend_from_slice(&content);
    let directory = zip.len();
    zip.extend_from_slice(b"PK\x01\x02\x14\0");
    zip.extend_from_slice(&about);
    zip.extend_from_slice(&[0; 16]);
    zip.extend_from_slice(name.as_bytes());
    let length = zip.len() - directory;
    zip.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    zip.extend_from_slice(&long(length));
    zip.extend_from_slice(&long(directory));
    zip.extend_from_slice(&[0, 0]);
    zip
}

/// CRC-32, as in every ZIP archive.
fn checksum(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

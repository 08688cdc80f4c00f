//! What may be written into a cell, and what it holds then.

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Map, Value};

use super::problem::Problem;
use super::state::{Cell, Column};

const WRITABLE: [&str; 9] = [
    "columnId",
    "value",
    "formula",
    "objectValue",
    "strict",
    "format",
    "hyperlink",
    "linkInFromCell",
    "overrideValidation",
];

const READ_ONLY: [&str; 4] = ["displayValue", "columnType", "conditionalFormat", "linksOutToCells"];

const MAX_TEXT: usize = 4000;
const MAX_NUMBER: f64 = 9_007_199_254_740_992.0;

/// The attributes of one cell of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Write<'a>(&'a Map<String, Value>);

impl<'a> Write<'a> {
    pub(super) fn new(cell: &'a Value) -> Result<Self, Problem> {
        let cell = cell.as_object().ok_or_else(|| Problem::wrong_type("cell"))?;
        for name in cell.keys() {
            if READ_ONLY.contains(&name.as_str()) {
                return Err(Problem::not_allowed(&format!("cell.{name}")));
            }
            if !WRITABLE.contains(&name.as_str()) {
                return Err(Problem::unknown_attribute(name));
            }
        }
        Ok(Self(cell))
    }

    pub(super) fn column(self) -> Result<i64, Problem> {
        let id = self.0.get("columnId").ok_or_else(|| Problem::missing("cell.columnId"))?;
        // Ids are numbers on the wire, and nothing else.
        id.as_i64().ok_or_else(|| Problem::wrong_type("columnId"))
    }

    fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }

    /// Set to something, not to null.
    fn set(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn is_link(self) -> bool {
        self.0.contains_key("linkInFromCell")
    }

    fn flag(self, name: &str, default: bool) -> Result<bool, Problem> {
        self.get(name).map_or(Ok(default), |value| value.as_bool().ok_or_else(|| Problem::wrong_type(name)))
    }

    fn text(self, name: &str) -> Result<Option<&'a str>, Problem> {
        self.set(name).map(|value| value.as_str().ok_or_else(|| Problem::wrong_type(name))).transpose()
    }
}

/// What a cell holds after a write.
pub(super) fn written(column: &Column, held: Option<&Cell>, write: Write<'_>, adding: bool) -> Result<Cell, Problem> {
    if column.is_system() {
        return Err(Problem::bad(
            1046,
            format!("The column \"{}\" is a system column and cannot be written.", column.title),
        ));
    }
    let mut cell = held.cloned().unwrap_or_default();
    if let Some(format) = write.text("format")? {
        cell.format = Some(format.to_owned());
    }
    if let Some(formula) = write.text("formula")? {
        return computed(formula, write, cell.format);
    }
    let fresh = Cell { format: cell.format.clone(), ..Cell::default() };
    if write.is_link() {
        return linked(write, adding, fresh);
    }
    if write.get("hyperlink").is_some() {
        return leading(write, fresh);
    }
    let strict = write.flag("strict", true)?;
    write.flag("overrideValidation", false)?;
    match (write.get("value"), write.set("objectValue")) {
        (Some(_), Some(_)) => Err(Problem::bad(1130, "Only one of cell.value or objectValue may be non-null.")),
        (None, Some(object)) => rich(column, object, fresh),
        (Some(value), None) => plain(column, value, strict, fresh),
        (None, None) if cell.format.is_some() => Ok(cell),
        (None, None) => Err(Problem::missing("cell.value")),
    }
}

fn computed(formula: &str, write: Write<'_>, format: Option<String>) -> Result<Cell, Problem> {
    let others = ["value", "objectValue", "hyperlink", "linkInFromCell"];
    if others.iter().any(|name| write.set(name).is_some()) {
        let message = "If cell.formula is specified, then value, objectValue, image, hyperlink, and linkInFromCell must not be specified.";
        return Err(Problem::bad(1163, message));
    }
    if !formula.starts_with('=') {
        return Err(Problem::bad(1162, "Invalid formula: it must start with '='."));
    }
    Ok(Cell { formula: Some(formula.to_owned()), format, ..Cell::default() })
}

fn linked(write: Write<'_>, adding: bool, cell: Cell) -> Result<Cell, Problem> {
    if adding {
        return Err(Problem::not_allowed("cell.linkInFromCell"));
    }
    let Some(link) = write.set("linkInFromCell") else { return Ok(cell) };
    if write.set("hyperlink").is_some() {
        return Err(Problem::bad(1109, "Only one of cell.hyperlink and cell.linkInFromCell may be non-null."));
    }
    if write.get("value").is_none_or(|value| !value.is_null()) {
        return Err(Problem::bad(1110, "cell.value must be null for cell links."));
    }
    let mut link = link.as_object().cloned().ok_or_else(|| Problem::wrong_type("linkInFromCell"))?;
    for name in ["sheetId", "rowId", "columnId"] {
        if link.get(name).and_then(Value::as_i64).is_none() {
            return Err(Problem::missing(&format!("linkInFromCell.{name}")));
        }
    }
    link.insert("status".into(), "OK".into());
    Ok(Cell { link: Some(link.into()), ..cell })
}

fn leading(write: Write<'_>, cell: Cell) -> Result<Cell, Problem> {
    let text = match write.set("value") {
        None => None,
        Some(Value::String(text)) => Some(text.as_str()).filter(|text| !text.is_empty()),
        Some(_) => return Err(Problem::bad(1113, "cell.value must be a string when the cell is a hyperlink.")),
    };
    let Some(link) = write.set("hyperlink") else {
        // The hyperlink is taken away; the text stays if one was given.
        return Ok(text.map_or(cell.clone(), |text| shown(text, cell)));
    };
    let link = link.as_object().ok_or_else(|| Problem::wrong_type("hyperlink"))?;
    if let Some(unknown) = link.keys().find(|name| !["url", "sheetId", "reportId", "sightId"].contains(&name.as_str()))
    {
        return Err(Problem::unknown_attribute(unknown));
    }
    let has = |name: &str| link.get(name).is_some_and(|value| !value.is_null());
    let internal = ["sheetId", "reportId", "sightId"].into_iter().filter(|name| has(name)).count();
    match (has("url"), internal) {
        (true, 1..) => {
            return Err(Problem::bad(1112, "hyperlink.url must be null for sheet, report, or Sight hyperlinks."));
        }
        (false, 2..) => {
            return Err(Problem::bad(1111, "Only one of hyperlink.sheetId, reportId and sightId may be non-null."));
        }
        (false, 0) => {
            return Err(Problem::bad(1117, "One of hyperlink.url, sheetId, reportId and sightId must be non-null."));
        }
        _ => {}
    }
    let mut held = link.clone();
    if internal == 1 {
        held.insert("url".into(), "https://app.smartsheet.test/b/home".into());
    }
    let fallback = link.get("url").and_then(Value::as_str).unwrap_or("Linked item");
    Ok(Cell { hyperlink: Some(held.into()), ..shown(text.unwrap_or(fallback), cell) })
}

fn shown(text: &str, cell: Cell) -> Cell {
    Cell { value: Some(text.into()), display: Some(text.to_owned()), ..cell }
}

fn plain(column: &Column, value: &Value, strict: bool, cell: Cell) -> Result<Cell, Problem> {
    let does_not_fit = || {
        let message =
            format!("Your request does not match the type of the column \"{}\" ({}).", column.title, column.kind);
        Problem::bad(1042, message)
    };
    match value {
        Value::Object(_) | Value::Array(_) => return Err(Problem::wrong_type("value")),
        Value::String(text) if text.chars().count() > MAX_TEXT => {
            return Err(Problem::bad(1041, format!("The value for cell in column \"{}\" is too long.", column.title)));
        }
        Value::Number(number) if number.as_f64().is_none_or(|n| n.abs() > MAX_NUMBER) => {
            return if strict {
                Err(Problem::bad(1148, "The number is out of range."))
            } else {
                Ok(shown(&number.to_string(), cell))
            };
        }
        _ => {}
    }
    if value.is_null() || value == "" {
        let unchecked = (column.kind == "CHECKBOX").then_some(Value::Bool(false));
        return Ok(Cell { value: unchecked, ..cell });
    }
    let text = value.as_str();
    let fits = match column.kind.as_str() {
        "CHECKBOX" => value.is_boolean(),
        "DATE" => text.is_some_and(|text| text.parse::<NaiveDate>().is_ok()),
        "ABSTRACT_DATETIME" => text.is_some_and(|text| text.parse::<NaiveDateTime>().is_ok()),
        "CONTACT_LIST" => text.is_some_and(|text| {
            text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
        }),
        "PICKLIST" => {
            column.extras.get("options").and_then(Value::as_array).is_none_or(|options| options.contains(value))
        }
        "MULTI_PICKLIST" | "MULTI_CONTACT_LIST" | "PREDECESSOR" => false,
        _ => !value.is_boolean() || column.kind == "TEXT_NUMBER",
    };
    if strict && !fits {
        return Err(does_not_fit());
    }
    let display = match (column.kind.as_str(), value) {
        ("DATE" | "CHECKBOX", _) => None,
        (_, Value::String(text)) => Some(text.clone()),
        (_, Value::Number(number)) => Some(number.to_string()),
        (_, Value::Bool(checked)) => Some(checked.to_string()),
        _ => None,
    };
    let object = match column.kind.as_str() {
        "DATE" if fits => Some(serde_json::json!({ "objectType": "DATE", "value": value })),
        "CONTACT_LIST" if fits => Some(serde_json::json!({ "objectType": "CONTACT", "email": value })),
        _ => None,
    };
    Ok(Cell { value: Some(value.clone()), display, object, ..cell })
}

/// An object value, and the plain one that goes with it.
fn rich(column: &Column, object: &Value, cell: Cell) -> Result<Cell, Problem> {
    let Some(members) = object.as_object() else { return plain(column, object, true, cell) };
    let kind =
        members.get("objectType").and_then(Value::as_str).ok_or_else(|| Problem::missing("objectValue.objectType"))?;
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let each = |value: Option<&Value>, read: &dyn Fn(&Value) -> Option<String>| -> Option<String> {
        let all: Option<Vec<_>> = value?.as_array()?.iter().map(read).collect();
        all.map(|all| all.join(", "))
    };
    let person = |contact: &Value| text(contact.get("name")).or_else(|| text(contact.get("email")));
    let fits_column: &[&str] = match kind {
        "CONTACT" => &["CONTACT_LIST"],
        "MULTI_CONTACT" => &["MULTI_CONTACT_LIST"],
        "MULTI_PICKLIST" => &["MULTI_PICKLIST"],
        "DATE" => &["DATE"],
        "ABSTRACT_DATETIME" => &["ABSTRACT_DATETIME"],
        "DURATION" => &["DURATION"],
        "PREDECESSOR_LIST" => &["PREDECESSOR"],
        _ => return Err(Problem::bad(1131, format!("The objectType \"{kind}\" is not supported."))),
    };
    if !fits_column.contains(&column.kind.as_str()) {
        return Err(Problem::bad(
            1042,
            format!("A value of type {kind} does not fit the column \"{}\".", column.title),
        ));
    }
    let (value, display) = match kind {
        "CONTACT" => (text(members.get("email")), person(object)),
        "MULTI_CONTACT" => (each(members.get("values"), &person), each(members.get("values"), &person)),
        "MULTI_PICKLIST" => {
            let values = each(members.get("values"), &|value| text(Some(value)));
            (values.clone(), values)
        }
        "DURATION" => (Some("1d".to_owned()), Some("1d".to_owned())),
        "PREDECESSOR_LIST" => (Some("1FS".to_owned()), Some("1FS".to_owned())),
        _ => (text(members.get("value")), None),
    };
    let value = value.ok_or_else(|| Problem::wrong_type("objectValue"))?;
    Ok(Cell { value: Some(value.into()), display, object: Some(object.clone()), ..cell })
}

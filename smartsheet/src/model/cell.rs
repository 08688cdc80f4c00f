//! Cells as they are read.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::ids::ColumnId;
use super::link::{CellLink, Hyperlink};
use super::number::Number;
use super::object_value::ObjectValue;
use super::raw;

/// What a cell holds.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub enum CellValue {
    /// Nothing.
    #[default]
    Empty,
    /// Text; also dates (`2026-06-05`), contacts (their e-mail address) and picklist values.
    Text(Box<str>),
    /// A number.
    Number(Number),
    /// A checkbox, flag or star.
    Bool(bool),
    /// Something that no cell held when this was written, as JSON.
    Other(Box<str>),
}

impl CellValue {
    /// Whether there is nothing in the cell, or an empty text.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty) || self.as_str() == Some("")
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The number as a float.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number().map(Number::as_f64)
    }

    /// The number, if it is written as an integer.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// The state of a checkbox.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(checked) => Some(*checked),
            _ => None,
        }
    }

    /// The date in a date column.
    pub fn as_date(&self) -> Option<NaiveDate> {
        self.as_str()?.parse().ok()
    }
}

impl fmt::Display for CellValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.pad(""),
            Self::Text(text) | Self::Other(text) => f.pad(text),
            Self::Number(number) => f.pad(number.as_str()),
            Self::Bool(checked) => f.pad(if *checked { "true" } else { "false" }),
        }
    }
}

impl CellValue {
    pub(super) fn read(json: &RawValue) -> Self {
        if let Some(text) = raw::text(json) {
            return Self::Text(text.into());
        }
        match json.get() {
            "null" => Self::Empty,
            "true" => Self::Bool(true),
            "false" => Self::Bool(false),
            other if other.starts_with(['{', '[']) => Self::Other(other.into()),
            number => Self::Number(Number::from_text(number)),
        }
    }
}

impl<'de> Deserialize<'de> for CellValue {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(source).map(Self::read)
    }
}

/// One cell of a row, as read. Made for sheets with half a million of them: what most cells lack takes no room.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Cell {
    /// The column.
    pub column_id: ColumnId,
    /// What it holds.
    pub value: CellValue,
    /// What is shown; the empty text stands for the value's own, which most cells show.
    display: Option<Box<str>>,
    extras: Option<Box<Extras>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Extras {
    object_value: Option<ObjectValue>,
    formula: Option<String>,
    hyperlink: Option<Hyperlink>,
    link_in: Option<CellLink>,
    format: Option<String>,
    column_type: Option<String>,
}

impl Cell {
    /// What a person sees in the cell, where Smartsheet formats it: texts, numbers, contacts and picklists.
    pub fn display_value(&self) -> Option<&str> {
        match (self.display.as_deref()?, &self.value) {
            ("", CellValue::Text(text)) => Some(text),
            ("", CellValue::Number(number)) => Some(number.as_str()),
            ("", CellValue::Bool(checked)) => Some(if *checked { "true" } else { "false" }),
            ("", _) => None,
            (text, _) => Some(text),
        }
    }

    /// The typed value of contacts, multi-picklists, dates, durations and predecessors. Only in sheets that were
    /// asked for with rich values; a plain text, number or boolean that repeats [`value`](Cell::value) is left out.
    pub fn object_value(&self) -> Option<&ObjectValue> {
        self.extras.as_ref()?.object_value.as_ref()
    }

    /// The formula that computes the value.
    pub fn formula(&self) -> Option<&str> {
        self.extras.as_ref()?.formula.as_deref()
    }

    /// Where the cell leads when it is clicked.
    pub fn hyperlink(&self) -> Option<&Hyperlink> {
        self.extras.as_ref()?.hyperlink.as_ref()
    }

    /// The cell of another sheet that the value comes from.
    pub fn link_in_from_cell(&self) -> Option<&CellLink> {
        self.extras.as_ref()?.link_in.as_ref()
    }

    /// The format, as 17 comma-separated indexes. Only in sheets asked for with `format`.
    pub fn format(&self) -> Option<&str> {
        self.extras.as_ref()?.format.as_deref()
    }

    /// The type of the column. Only in sheets asked for with `columnType`.
    pub fn column_type(&self) -> Option<super::ColumnType> {
        self.extras.as_ref()?.column_type.as_deref().map(super::ColumnType::from)
    }
}

/// What a person sees, else the value.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.display_value() {
            Some(text) => f.pad(text),
            None => fmt::Display::fmt(&self.value, f),
        }
    }
}

/// A cell on the wire. The texts stay where they are until it is known what to keep.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    column_id: ColumnId,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    display_value: Option<&'a RawValue>,
    #[serde(borrow)]
    object_value: Option<&'a RawValue>,
    formula: Option<String>,
    hyperlink: Option<Hyperlink>,
    link_in_from_cell: Option<CellLink>,
    format: Option<String>,
    column_type: Option<String>,
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(source)?;
        let value = wire.value.map(CellValue::read).unwrap_or_default();
        let display = match (wire.display_value, wire.value) {
            // Word for word the same, but for the quotes around a number's text.
            (Some(shown), Some(value)) if shown.get().trim_matches('"') == value.get().trim_matches('"') => {
                Some(Box::default())
            }
            (shown, _) => shown.and_then(raw::text).filter(|text| !text.is_empty()).map(Box::from),
        };
        let repeats = |object: &&RawValue| wire.value.is_none_or(|value| value.get() != object.get());
        let object_value = wire.object_value.filter(repeats).map(ObjectValue::read);
        let extras = Extras {
            object_value,
            formula: wire.formula,
            hyperlink: wire.hyperlink,
            link_in: wire.link_in_from_cell,
            format: wire.format,
            column_type: wire.column_type,
        };
        let extras = (extras != Extras::NONE).then(|| Box::new(extras));
        Ok(Self { column_id: wire.column_id, value, display, extras })
    }
}

impl Extras {
    const NONE: Self =
        Self { object_value: None, formula: None, hyperlink: None, link_in: None, format: None, column_type: None };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(json: &str) -> Cell {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn values_keep_their_type_and_every_digit() {
        let value = |json: &str| cell(&format!(r#"{{"columnId":1,"value":{json}}}"#)).value;
        assert_eq!(value("14").as_i64(), Some(14));
        assert_eq!(value("65.0").to_string(), "65.0");
        assert_eq!(value("0.12345678901234567890123").to_string(), "0.12345678901234567890123");
        assert_eq!(value("false").as_bool(), Some(false));
        assert_eq!(value(r#""say \"hi\" \u00e9""#).as_str(), Some("say \"hi\" é"));
        assert_eq!(value(r#""2026-06-05""#).as_date(), NaiveDate::from_ymd_opt(2026, 6, 5));
        assert!(value("null").is_empty() && value(r#""""#).is_empty());
        assert!(cell(r#"{"columnId":"101"}"#).value.is_empty());
    }

    #[test]
    fn a_display_value_is_kept_once() {
        let same = cell(r#"{"columnId":1,"value":14,"displayValue":"14"}"#);
        assert_eq!((same.display_value(), same.display.as_deref()), (Some("14"), Some("")));
        let name = cell(r#"{"columnId":1,"value":"jane@example.com","displayValue":"Jane \"J\" Doe"}"#);
        assert_eq!(name.to_string(), "Jane \"J\" Doe");
        assert_eq!(cell(r#"{"columnId":1,"value":true}"#).display_value(), None);
    }

    #[test]
    fn a_cell_of_a_large_sheet_is_small() {
        assert!(size_of::<Cell>() <= 56, "{}", size_of::<Cell>());
    }

    #[test]
    fn rich_values_stand_beside_the_plain_one() {
        let contact = cell(
            r#"{"columnId":1,"value":"jane@example.com","objectValue":{"objectType":"CONTACT","email":"jane@example.com"}}"#,
        );
        assert!(
            matches!(contact.object_value(), Some(ObjectValue::Contact(c)) if c.email.as_deref() == Some("jane@example.com"))
        );
        assert!(cell(r#"{"columnId":1,"value":5,"objectValue":5}"#).object_value().is_none());
    }
}

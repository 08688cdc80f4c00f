//! Cells as they are read.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::column::ColumnType;
use super::ids::{ColumnId, RowId, VirtualColumnId};
use super::image::Image;
use super::link::{CellLink, Hyperlink};
use super::number::Number;
use super::object_value::ObjectValue;
use super::raw;
use super::text::{Text, in_place, put_in_place};

/// What a cell holds.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub enum CellValue {
    /// Nothing.
    #[default]
    Empty,
    /// Text; also dates (`2026-06-05`), contacts (their e-mail address) and picklist values.
    Text(Text),
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
            Self::Text(text) => f.pad(text),
            Self::Other(json) => f.pad(json),
            Self::Number(number) => f.pad(number.as_str()),
            Self::Bool(checked) => f.pad(if *checked { "true" } else { "false" }),
        }
    }
}

impl CellValue {
    pub(super) fn read(json: &str) -> Self {
        match json.as_bytes().first() {
            // What is no text although it begins like one is kept as it is.
            Some(b'"') => raw::text(json).map_or_else(|| Self::Other(json.into()), Self::Text),
            Some(b'{' | b'[') => Self::Other(json.into()),
            _ => match json {
                "null" => Self::Empty,
                "true" => Self::Bool(true),
                "false" => Self::Bool(false),
                number => Self::Number(Number::from_text(number)),
            },
        }
    }
}

impl<'de> Deserialize<'de> for CellValue {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(source).map(|json| Self::read(json.get()))
    }
}

/// One cell of a row, as read. Made for sheets with half a million of them: what most cells lack takes no room.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Cell {
    /// The column; 0 in a report's cell whose [column](Self::virtual_column_id) stands for none of a sheet.
    pub column_id: ColumnId,
    /// What it holds.
    pub value: CellValue,
    pub(super) more: More,
}

/// The longest displayed text that is kept in place.
const SHOWN: usize = 14;

/// What there is besides the value.
#[derive(Clone, PartialEq)]
pub(super) enum More {
    Nothing,
    /// What is shown is the value's own text, as in most cells.
    Same,
    /// What is shown is something else, and short.
    Shown {
        len: u8,
        bytes: [u8; SHOWN],
    },
    Extras(Box<Extras>),
}

/// What few cells have.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Extras {
    /// What is shown; the empty text stands for the value's own.
    pub(super) shown: Option<Text>,
    pub(super) object_value: Option<Box<ObjectValue>>,
    pub(super) formula: Option<Box<str>>,
    pub(super) hyperlink: Option<Box<Hyperlink>>,
    pub(super) link_in: Option<Box<CellLink>>,
    pub(super) links_out: Vec<CellLink>,
    pub(super) format: Option<Box<str>>,
    pub(super) conditional_format: Option<Box<str>>,
    pub(super) column_type: Option<ColumnType>,
    pub(super) virtual_column_id: Option<VirtualColumnId>,
    pub(super) row_id: Option<RowId>,
    pub(super) image: Option<Box<Image>>,
}

impl More {
    pub(super) fn new(shown: Option<Text>, extras: Option<Box<Extras>>) -> Self {
        match (shown, extras) {
            (None, None) => Self::Nothing,
            (Some(shown), None) => match put_in_place(&shown) {
                Some((len, bytes)) => Self::Shown { len, bytes },
                None => Self::Extras(Box::new(Extras { shown: Some(shown), ..Extras::default() })),
            },
            (shown, Some(extras)) => Self::Extras(Box::new(Extras { shown, ..*extras })),
        }
    }

    pub(super) fn same(extras: Option<Box<Extras>>) -> Self {
        match extras {
            None => Self::Same,
            Some(extras) => Self::new(Some(Text::default()), Some(extras)),
        }
    }
}

impl fmt::Debug for More {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("Nothing"),
            Self::Same => f.write_str("Same"),
            Self::Shown { len, bytes } => f.debug_tuple("Shown").field(&in_place(*len, bytes)).finish(),
            Self::Extras(extras) => fmt::Debug::fmt(extras, f),
        }
    }
}

impl Cell {
    /// What a person sees in the cell, where Smartsheet formats it: texts, numbers, contacts and picklists.
    pub fn display_value(&self) -> Option<&str> {
        let shown = match &self.more {
            More::Nothing => return None,
            More::Same => "",
            More::Shown { len, bytes } => in_place(*len, bytes),
            More::Extras(extras) => extras.shown.as_deref()?,
        };
        match (shown, &self.value) {
            ("", CellValue::Text(text)) => Some(text),
            ("", CellValue::Number(number)) => Some(number.as_str()),
            ("", CellValue::Bool(checked)) => Some(if *checked { "true" } else { "false" }),
            ("", _) => None,
            (text, _) => Some(text),
        }
    }

    fn extras(&self) -> Option<&Extras> {
        match &self.more {
            More::Extras(extras) => Some(extras),
            _ => None,
        }
    }

    /// The typed value of contacts, multi-picklists, dates, durations and predecessors. Only in sheets that were
    /// asked for with rich values; a plain text, number or boolean that repeats [`value`](Cell::value) is left out.
    pub fn object_value(&self) -> Option<&ObjectValue> {
        self.extras()?.object_value.as_deref()
    }

    /// The formula that computes the value.
    pub fn formula(&self) -> Option<&str> {
        self.extras()?.formula.as_deref()
    }

    /// Where the cell leads when it is clicked.
    pub fn hyperlink(&self) -> Option<&Hyperlink> {
        self.extras()?.hyperlink.as_deref()
    }

    /// The cell of another sheet that the value comes from.
    pub fn link_in_from_cell(&self) -> Option<&CellLink> {
        self.extras()?.link_in.as_deref()
    }

    /// The cells of other sheets that show this one's value.
    pub fn links_out_to_cells(&self) -> &[CellLink] {
        self.extras().map(|extras| extras.links_out.as_slice()).unwrap_or_default()
    }

    /// The format, as 17 comma-separated indexes. Only in sheets asked for with `format`.
    pub fn format(&self) -> Option<&str> {
        self.extras()?.format.as_deref()
    }

    /// The format by the rules of conditional formatting, spelled like [`format`](Self::format) and asked for with it.
    pub fn conditional_format(&self) -> Option<&str> {
        self.extras()?.conditional_format.as_deref()
    }

    /// The type of the column. Only in sheets asked for with `columnType`.
    pub fn column_type(&self) -> Option<ColumnType> {
        self.extras()?.column_type.clone()
    }

    /// The column of the report that the cell stands in, which stands for columns of several sheets. Only in reports.
    pub fn virtual_column_id(&self) -> Option<VirtualColumnId> {
        self.extras()?.virtual_column_id
    }

    /// The image in the cell.
    pub fn image(&self) -> Option<&Image> {
        self.extras()?.image.as_deref()
    }

    /// The row, where cells come without theirs.
    pub fn row_id(&self) -> Option<RowId> {
        self.extras()?.row_id
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
        assert_eq!((same.display_value(), &same.more), (Some("14"), &More::Same));
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

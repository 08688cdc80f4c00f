//! Cells, as they are written.

use chrono::NaiveDate;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::ids::ColumnId;
use super::link::{CellLink, Hyperlink};
use super::number::Number;
use super::object_value::ObjectValue;

/// The longest text of a cell, in characters.
const MAX_TEXT: usize = 4000;

/// What to put into a cell. Texts, numbers, booleans and dates convert into it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CellInput {
    /// A text, at most 4000 characters; also e-mail addresses of contacts, and picklist values.
    Text(String),
    /// A number, at most 2^53 either way.
    Number(Number),
    /// The state of a checkbox.
    Bool(bool),
    /// A formula, beginning with `=`.
    Formula(String),
    /// Contacts, several picklist values, durations, predecessors.
    Object(ObjectValue),
    /// A text that leads somewhere when it is clicked; without a text, Smartsheet shows the target's name.
    Hyperlink(Option<String>, Hyperlink),
    /// The value of a cell in another sheet. Only on updates, and not together with other values.
    Link(CellLink),
    /// Empties the cell: [`CellInput::clear`] and its neighbours.
    Clear(Clear),
}

/// What a cell is emptied of: Smartsheet wants to be told in different words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Clear {
    /// A text, number, date, contact or picklist value; a checkbox becomes unchecked.
    #[default]
    Value,
    /// A hyperlink and its text.
    Hyperlink,
    /// A link from another sheet, and its value.
    Link,
    /// Predecessors.
    Predecessors,
}

impl CellInput {
    /// Computes the cell by this formula, which begins with `=`.
    pub fn formula(formula: impl Into<String>) -> Self {
        Self::Formula(formula.into())
    }

    /// Shows `text`, and leads to `target` when it is clicked.
    pub fn hyperlink(text: impl Into<String>, target: Hyperlink) -> Self {
        Self::Hyperlink(Some(text.into()), target)
    }

    /// Empties the cell.
    pub fn clear() -> Self {
        Self::Clear(Clear::Value)
    }

    /// The member that Smartsheet would refuse, and why.
    pub(crate) fn problem(&self) -> Option<(&'static str, &'static str)> {
        let text = match self {
            Self::Text(text) | Self::Hyperlink(Some(text), _) | Self::Formula(text) => text.as_str(),
            _ => "",
        };
        match self {
            _ if text.chars().nth(MAX_TEXT).is_some() => Some(("value", "must have at most 4000 characters")),
            Self::Number(number) if !number.is_in_range() => {
                Some(("value", "must be finite and at most 2^53 either way"))
            }
            Self::Formula(formula) if !formula.starts_with('=') => Some(("formula", "must begin with `=`")),
            Self::Hyperlink(_, link) => {
                let Hyperlink { url, sheet_id, report_id, sight_id } = link;
                let targets = [url.is_some(), sheet_id.is_some(), report_id.is_some(), sight_id.is_some()];
                let one = targets.into_iter().filter(|set| *set).count() == 1;
                (!one).then_some(("hyperlink", "must lead to exactly one of url, sheet, report and dashboard"))
            }
            _ => None,
        }
    }
}

macro_rules! into_input {
    ($($type:ty => $value:ident: $input:expr),+ $(,)?) => {$(
        impl From<$type> for CellInput {
            fn from($value: $type) -> Self {
                $input
            }
        }
    )+};
}

into_input! {
    &str => text: Self::Text(text.to_owned()),
    String => text: Self::Text(text),
    bool => checked: Self::Bool(checked),
    NaiveDate => date: Self::Text(date.to_string()),
    Number => number: Self::Number(number),
    ObjectValue => value: Self::Object(value),
    i32 => number: Self::Number(number.into()),
    i64 => number: Self::Number(number.into()),
    u32 => number: Self::Number(number.into()),
    u64 => number: Self::Number(number.into()),
    usize => number: Self::Number(number.into()),
    f64 => number: Self::Number(number.into()),
}

/// Nothing empties the cell.
impl<T: Into<CellInput>> From<Option<T>> for CellInput {
    fn from(input: Option<T>) -> Self {
        input.map_or(Self::clear(), Into::into)
    }
}

/// One cell to write. Cells that are not written stay as they are.
///
/// ```
/// use connectors_smartsheet::{CellInput, CellWrite, ColumnId, Hyperlink};
///
/// let (name, footfall, page, note) = (ColumnId::new(1), ColumnId::new(2), ColumnId::new(3), ColumnId::new(4));
/// let cells = [
///     CellWrite::value(name, "Kick-off"),
///     CellWrite::value(footfall, 1250),
///     CellWrite::value(page, CellInput::hyperlink("Landing page", Hyperlink::url("https://fizz.example"))),
///     CellWrite::clear(note),
/// ];
/// # let _ = cells;
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CellWrite {
    /// The column.
    pub column_id: ColumnId,
    /// What to put there.
    pub input: CellInput,
    /// `Some(false)`: Smartsheet interprets texts in the user's locale (`"$5,000"`, `"50%"`) and takes what does not
    /// fit the column's type as text. Otherwise what does not fit is refused.
    pub strict: Option<bool>,
    /// The format, as 17 comma-separated indexes.
    pub format: Option<String>,
    /// `Some(true)`: writes a value that the column's validation refuses. Needs an admin.
    pub override_validation: Option<bool>,
}

impl CellWrite {
    /// Writes a value.
    pub fn value(column: ColumnId, input: impl Into<CellInput>) -> Self {
        let input = input.into();
        Self { column_id: column, input, strict: None, format: None, override_validation: None }
    }

    /// Computes the cell by this formula, which begins with `=`.
    pub fn formula(column: ColumnId, formula: impl Into<String>) -> Self {
        Self::value(column, CellInput::formula(formula))
    }

    /// Writes contacts, several picklist values, a duration or predecessors.
    pub fn object_value(column: ColumnId, value: ObjectValue) -> Self {
        Self::value(column, value)
    }

    /// Shows `text`, and leads to `target` when it is clicked.
    pub fn hyperlink(column: ColumnId, text: impl Into<String>, target: Hyperlink) -> Self {
        Self::value(column, CellInput::hyperlink(text, target))
    }

    /// Shows the value of a cell in another sheet. Only on updates, and not together with other values.
    pub fn link(column: ColumnId, from: CellLink) -> Self {
        Self::value(column, CellInput::Link(from))
    }

    /// Empties the cell. Hyperlinks, links and predecessors have their own [`Clear`].
    pub fn clear(column: ColumnId) -> Self {
        Self::value(column, CellInput::clear())
    }

    /// Whether what does not fit the column is refused, instead of being taken as text.
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = Some(strict);
        self
    }

    /// The format, as 17 comma-separated indexes into the tables of `GET /serverinfo`.
    pub fn format(mut self, format: impl Into<String>) -> Self {
        self.format = Some(format.into());
        self
    }

    /// Writes a value that the column's validation refuses.
    pub fn override_validation(mut self, override_validation: bool) -> Self {
        self.override_validation = Some(override_validation);
        self
    }
}

impl Serialize for CellWrite {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        let mut cell = target.serialize_map(None)?;
        cell.serialize_entry("columnId", &self.column_id)?;
        match &self.input {
            CellInput::Text(text) => cell.serialize_entry("value", text)?,
            CellInput::Number(number) => cell.serialize_entry("value", number)?,
            CellInput::Bool(checked) => cell.serialize_entry("value", checked)?,
            CellInput::Formula(formula) => cell.serialize_entry("formula", formula)?,
            CellInput::Object(value) => cell.serialize_entry("objectValue", value)?,
            CellInput::Hyperlink(text, link) => {
                cell.serialize_entry("value", text)?;
                cell.serialize_entry("hyperlink", link)?;
            }
            CellInput::Link(link) => {
                cell.serialize_entry("value", &())?;
                cell.serialize_entry("linkInFromCell", link)?;
            }
            CellInput::Clear(Clear::Predecessors) => cell.serialize_entry("value", &())?,
            CellInput::Clear(what) => {
                cell.serialize_entry("value", "")?;
                match what {
                    Clear::Hyperlink => cell.serialize_entry("hyperlink", &())?,
                    Clear::Link => cell.serialize_entry("linkInFromCell", &())?,
                    Clear::Value | Clear::Predecessors => {}
                }
            }
        }
        if let Some(strict) = self.strict {
            cell.serialize_entry("strict", &strict)?;
        }
        if let Some(format) = &self.format {
            cell.serialize_entry("format", format)?;
        }
        if let Some(override_validation) = self.override_validation {
            cell.serialize_entry("overrideValidation", &override_validation)?;
        }
        cell.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_clear_says_what_smartsheet_wants_to_hear() {
        let clear = |what| serde_json::to_string(&CellWrite::value(ColumnId::new(1), CellInput::Clear(what))).unwrap();
        assert_eq!(clear(Clear::Value), r#"{"columnId":1,"value":""}"#);
        assert_eq!(clear(Clear::Hyperlink), r#"{"columnId":1,"value":"","hyperlink":null}"#);
        assert_eq!(clear(Clear::Link), r#"{"columnId":1,"value":"","linkInFromCell":null}"#);
        assert_eq!(clear(Clear::Predecessors), r#"{"columnId":1,"value":null}"#);
    }
}

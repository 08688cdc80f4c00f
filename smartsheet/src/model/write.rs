//! Cells, as they are written.

use std::fmt;

use chrono::NaiveDate;
use connectors_core::Error;
use serde::de::{MapAccess, Visitor};
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::ids::ColumnId;
use super::link::{CellLink, Hyperlink};
use super::number::Number;
use super::object_value::ObjectValue;
use crate::error_code::ErrorCode;

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
    /// The attributes of a cell as they are on the wire, for what has no variant: [`CellInput::attributes`].
    Attributes(Attributes),
}

/// Attributes of a cell, as JSON: [`CellInput::attributes`].
#[derive(Debug, Clone, PartialEq)]
pub struct Attributes(Vec<(String, Box<str>)>);

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

    /// Sends these attributes, the members of an object, in place of a value: for what has no variant. Contradictions
    /// that Smartsheet is known to refuse are refused here too.
    ///
    /// ```
    /// use connectors_smartsheet::CellInput;
    /// use serde_json::json;
    ///
    /// let image = CellInput::attributes(&json!({ "value": "Front", "image": { "altText": "The front of the store" } }))?;
    /// assert!(CellInput::attributes(&"=TODAY()").is_err(), "not an object");
    /// # let _ = image;
    /// # Ok::<(), connectors_core::Error>(())
    /// ```
    pub fn attributes(attributes: &impl Serialize) -> connectors_core::Result<Self> {
        let refused = |error| Error::invalid("cell", "must be an object").with_source(error);
        let json = serde_json::to_string(attributes).map_err(refused)?;
        let members: Members = serde_json::from_str(&json).map_err(refused)?;
        Ok(Self::Attributes(Attributes(members.0)))
    }

    /// The member that Smartsheet would refuse, with which code, and why.
    pub(crate) fn problem(&self) -> Option<(&'static str, ErrorCode, &'static str)> {
        const LONG: &str = "must have at most 4000 characters";
        const ONE: &str = "must lead to exactly one of url, sheet, report and dashboard";
        let too_long = |text: &str| text.len() > MAX_TEXT && text.chars().nth(MAX_TEXT).is_some();
        match self {
            Self::Text(text) | Self::Hyperlink(Some(text), _) if too_long(text) => {
                Some(("value", ErrorCode::TOO_LONG, LONG))
            }
            Self::Formula(text) if too_long(text) => Some(("formula", ErrorCode::TOO_LONG, LONG)),
            Self::Number(number) if !number.is_in_range() => {
                Some(("value", ErrorCode::NUMBER_OUT_OF_RANGE, "must be finite and at most 2^53 either way"))
            }
            Self::Formula(formula) if !formula.starts_with('=') => {
                Some(("formula", ErrorCode::FORMULA_SYNTAX, "must begin with `=`"))
            }
            Self::Hyperlink(_, link) => {
                let Hyperlink { url, sheet_id, report_id, sight_id } = link;
                let targets = [url.is_some(), sheet_id.is_some(), report_id.is_some(), sight_id.is_some()];
                match targets.into_iter().filter(|set| *set).count() {
                    0 => Some(("hyperlink", ErrorCode::HYPERLINK_WITHOUT_TARGET, ONE)),
                    1 => None,
                    _ => Some(("hyperlink", ErrorCode::HYPERLINK_TARGETS, ONE)),
                }
            }
            Self::Attributes(attributes) => attributes.problem(),
            _ => None,
        }
    }

    /// Whether it takes its value from another sheet.
    pub(crate) fn is_link(&self) -> bool {
        match self {
            Self::Link(_) => true,
            Self::Attributes(attributes) => attributes.set("linkInFromCell").is_some(),
            _ => false,
        }
    }
}

impl Attributes {
    /// An attribute that is there and not null.
    fn set(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, json)| known == name && **json != *"null").map(|(_, json)| &**json)
    }

    fn problem(&self) -> Option<(&'static str, ErrorCode, &'static str)> {
        let set = |name| self.set(name).is_some();
        if set("formula") && ["value", "objectValue", "hyperlink", "linkInFromCell"].into_iter().any(set) {
            return Some((
                "formula",
                ErrorCode::FORMULA_AND_VALUE,
                "excludes a value, object value, hyperlink and link",
            ));
        }
        if set("objectValue") && set("value") {
            return Some(("objectValue", ErrorCode::VALUE_AND_OBJECT_VALUE, "excludes a value"));
        }
        if set("linkInFromCell") && set("hyperlink") {
            return Some(("linkInFromCell", ErrorCode::LINK_AND_HYPERLINK, "excludes a hyperlink"));
        }
        if set("linkInFromCell") && set("value") {
            return Some(("linkInFromCell", ErrorCode::LINKS_AND_VALUES, "excludes a value: it must be null"));
        }
        None
    }
}

/// The members of a JSON object, in their order.
pub(crate) struct Members(pub(crate) Vec<(String, Box<str>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some((name, json)) = map.next_entry::<String, &RawValue>()? {
                    members.push((name, json.get().into()));
                }
                Ok(Members(members))
            }
        }
        source.deserialize_map(Object)
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
            CellInput::Attributes(Attributes(members)) => {
                for (name, json) in members {
                    let json = serde_json::from_str::<&RawValue>(json).map_err(S::Error::custom)?;
                    cell.serialize_entry(name, json)?;
                }
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

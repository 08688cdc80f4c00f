//! Sheet summaries: fields beside the rows.

use chrono::{DateTime, Utc};
use connectors_core::wire::Field;
use connectors_core::{Error, Result};
use serde::{Deserialize, Serialize};

use super::access::Person;
use super::cell::CellValue;
use super::column::{ColumnType, ContactOption};
use super::ids::SummaryFieldId;
use super::image::Image;
use super::link::Hyperlink;
use super::object_value::ObjectValue;
use super::time;
use super::write::CellInput;
use crate::error_code::ErrorCode;

/// The summary of a sheet.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    /// The fields, in their order.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub fields: Vec<SummaryField>,
}

impl Summary {
    /// The field with this title.
    pub fn get(&self, title: &str) -> Option<&SummaryField> {
        self.fields.iter().find(|field| field.title == title)
    }
}

/// A field of a sheet summary, as read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SummaryField {
    /// The id.
    pub id: SummaryFieldId,
    /// The title; unique in its sheet.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub title: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub field_type: Option<ColumnType>,
    /// The position, from 0.
    pub index: Option<u32>,
    /// The value.
    pub object_value: Option<ObjectValue>,
    /// The value as people see it.
    pub display_value: Option<String>,
    /// The formula that computes it.
    pub formula: Option<String>,
    /// Where it leads.
    pub hyperlink: Option<Hyperlink>,
    /// The image in it.
    pub image: Option<Image>,
    /// What may be chosen in a picklist.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub options: Vec<String>,
    /// Who may be chosen in a contact field.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub contact_options: Vec<ContactOption>,
    /// The symbols of a checkbox or picklist.
    pub symbol: Option<String>,
    /// Whether other values than the options are refused.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub validation: bool,
    /// How it looks. Only where asked for.
    pub format: Option<String>,
    /// Whether only owners and admins may change it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub locked: bool,
    /// Whether the caller may not change it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub locked_for_user: bool,
    /// When it was created.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// Who created it. Only where asked for.
    pub created_by: Option<Person>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
    /// Who changed it last. Only where asked for.
    pub modified_by: Option<Person>,
}

/// What may be said of a field, new or old.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    #[serde(skip_serializing_if = "Field::is_absent")]
    object_value: Field<ObjectValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    formula: Option<String>,
    #[serde(skip_serializing_if = "Field::is_absent")]
    hyperlink: Field<Hyperlink>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locked: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contact_options: Vec<ContactOption>,
    #[serde(skip_serializing_if = "Option::is_none")]
    symbol: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validation: Option<bool>,
    /// What is wrong with the value.
    #[serde(skip)]
    problem: Option<(&'static str, ErrorCode, &'static str)>,
}

impl Content {
    fn set(&mut self, value: CellInput) {
        self.problem = value.problem();
        (self.object_value, self.hyperlink, self.formula) = (Field::Absent, Field::Absent, None);
        match value {
            CellInput::Text(text) => self.object_value = ObjectValue::Plain(CellValue::Text(text.into())).into(),
            CellInput::Number(number) => self.object_value = ObjectValue::Plain(CellValue::Number(number)).into(),
            CellInput::Bool(checked) => self.object_value = ObjectValue::Plain(CellValue::Bool(checked)).into(),
            CellInput::Formula(formula) => self.formula = Some(formula),
            CellInput::Object(value) => self.object_value = value.into(),
            CellInput::Hyperlink(text, link) => {
                let text = text.map(|text| ObjectValue::Plain(CellValue::Text(text.into())));
                self.object_value = text.map_or(Field::Absent, Field::Value);
                self.hyperlink = link.into();
            }
            CellInput::Link(_) => {
                self.problem = Some((
                    "value",
                    ErrorCode::ATTRIBUTE_NOT_ALLOWED,
                    "must not be a link to a cell, which only cells hold",
                ));
            }
            CellInput::Attributes(_) => {
                const OTHER: &str = "must not be attributes of a cell: a field has its own";
                self.problem = Some(("value", ErrorCode::ATTRIBUTE_NOT_ALLOWED, OTHER));
            }
            CellInput::Clear(_) => (self.object_value, self.hyperlink) = (Field::Null, Field::Absent),
        }
    }

    fn check(&self, at: usize) -> Result<()> {
        match self.problem {
            Some((member, code, problem)) => {
                Err(Error::invalid(format!("fields[{at}].{member}"), problem).with_code(code))
            }
            None => Ok(()),
        }
    }
}

macro_rules! content {
    ($type:ident) => {
        impl $type {
            /// What it holds: a text, number, boolean, date, formula, hyperlink or typed value.
            pub fn value(mut self, value: impl Into<CellInput>) -> Self {
                self.content.set(value.into());
                self
            }

            /// Its position, from 0.
            pub fn index(mut self, index: u32) -> Self {
                self.content.index = Some(index);
                self
            }

            /// How it looks: 17 positions in the tables that Smartsheet's server tells of.
            pub fn format(mut self, format: impl Into<String>) -> Self {
                self.content.format = Some(format.into());
                self
            }

            /// Whether only owners and admins may change it.
            pub fn locked(mut self, locked: bool) -> Self {
                self.content.locked = Some(locked);
                self
            }

            /// What may be chosen in a picklist.
            pub fn options<T: Into<String>>(mut self, options: impl IntoIterator<Item = T>) -> Self {
                self.content.options = options.into_iter().map(Into::into).collect();
                self
            }

            /// Who may be chosen in a contact field.
            pub fn contact_options(mut self, people: impl IntoIterator<Item = ContactOption>) -> Self {
                self.content.contact_options = people.into_iter().collect();
                self
            }

            /// The symbols of a checkbox or picklist, such as `FLAG` or `RYG`.
            pub fn symbol(mut self, symbol: impl Into<String>) -> Self {
                self.content.symbol = Some(symbol.into());
                self
            }

            /// Whether other values than the options are refused.
            pub fn validation(mut self, validation: bool) -> Self {
                self.content.validation = Some(validation);
                self
            }
        }
    };
}

/// A field to be added to a sheet summary.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[must_use = "a field is not added before it is given to a request"]
pub struct NewSummaryField {
    title: String,
    #[serde(rename = "type")]
    field_type: ColumnType,
    #[serde(flatten)]
    content: Content,
}

impl NewSummaryField {
    /// An empty field.
    pub fn new(title: impl Into<String>, field_type: ColumnType) -> Self {
        Self { title: title.into(), field_type, content: Content::default() }
    }

    pub(crate) fn check(&self, at: usize) -> Result<()> {
        check_title(at, &self.title)?;
        self.content.check(at)
    }
}

content!(NewSummaryField);

/// A change of a field. What is not named stays as it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[must_use = "a change is not made before it is given to a request"]
pub struct SummaryFieldUpdate {
    id: SummaryFieldId,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    field_type: Option<ColumnType>,
    #[serde(flatten)]
    content: Content,
}

impl SummaryFieldUpdate {
    /// A change of the field with this id.
    pub fn new(id: SummaryFieldId) -> Self {
        Self { id, title: None, field_type: None, content: Content::default() }
    }

    /// Calls it by this title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Lets it hold something else.
    pub fn field_type(mut self, field_type: ColumnType) -> Self {
        self.field_type = Some(field_type);
        self
    }

    pub(crate) fn check(&self, at: usize) -> Result<()> {
        super::ids::positive(&format!("fields[{at}].id"), self.id.get())?;
        self.title.as_deref().map_or(Ok(()), |title| check_title(at, title))?;
        self.content.check(at)
    }
}

content!(SummaryFieldUpdate);

fn check_title(at: usize, title: &str) -> Result<()> {
    crate::request::not_blank(&format!("fields[{at}].title"), title)
}

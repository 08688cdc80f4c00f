//! Columns, as they are read and written.

use connectors_core::open_enum;
use connectors_core::wire::Field;
use serde::{Deserialize, Serialize};

use super::ids::ColumnId;

open_enum! {
    /// What a column holds.
    ///
    /// A sheet that is read without rich values reports the two `MULTI_` types as [`TextNumber`](Self::TextNumber).
    pub enum ColumnType {
        /// Texts and numbers.
        "TEXT_NUMBER" => TextNumber,
        /// Dates.
        "DATE" => Date,
        /// Points in time; system columns only.
        "DATETIME" => DateTime,
        /// Local dates and times; project sheets only.
        "ABSTRACT_DATETIME" => AbstractDateTime,
        /// Checkboxes, flags, stars.
        "CHECKBOX" => Checkbox,
        /// One of some options, or a symbol.
        "PICKLIST" => Picklist,
        /// Several of some options.
        "MULTI_PICKLIST" => MultiPicklist,
        /// A person.
        "CONTACT_LIST" => ContactList,
        /// Several people.
        "MULTI_CONTACT_LIST" => MultiContactList,
        /// A time span; project sheets only.
        "DURATION" => Duration,
        /// The rows to be done before; project sheets only.
        "PREDECESSOR" => Predecessor,
    }
}

open_enum! {
    /// What Smartsheet itself writes into a column. Such columns cannot be written.
    pub enum SystemColumnType {
        /// A running number.
        "AUTO_NUMBER" => AutoNumber,
        /// Who created the row.
        "CREATED_BY" => CreatedBy,
        /// When the row was created.
        "CREATED_DATE" => CreatedDate,
        /// Who changed the row last.
        "MODIFIED_BY" => ModifiedBy,
        /// When the row was changed last.
        "MODIFIED_DATE" => ModifiedDate,
    }
}

/// How a running number is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AutoNumberFormat {
    /// In front; may hold `{YYYY}`, `{MM}` and `{DD}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// Behind; may hold the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// As many zeros as the number has digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill: Option<String>,
    /// The first number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starting_number: Option<u64>,
}

impl AutoNumberFormat {
    /// Numbers between `prefix` and `suffix`, filled up with zeros to `digits`.
    pub fn new(prefix: impl Into<String>, digits: usize, suffix: impl Into<String>) -> Self {
        let fill = "0".repeat(digits);
        Self { prefix: Some(prefix.into()), suffix: Some(suffix.into()), fill: Some(fill), starting_number: None }
    }
}

/// A person who may be chosen in a contact column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactOption {
    /// The name shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl ContactOption {
    /// The person with this e-mail address.
    pub fn new(email: impl Into<String>) -> Self {
        Self { name: None, email: Some(email.into()) }
    }
}

/// A column, as read.
#[expect(clippy::struct_excessive_bools, reason = "they are Smartsheet's, and independent of each other")]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Column {
    /// The id.
    pub id: ColumnId,
    /// The position, from 0.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub index: u32,
    /// The title.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub title: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// Whether it is the one column that names the rows.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub primary: bool,
    /// What Smartsheet writes into it.
    pub system_column_type: Option<SystemColumnType>,
    /// How its running numbers are written.
    pub auto_number_format: Option<AutoNumberFormat>,
    /// What may be chosen in a picklist.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub options: Vec<String>,
    /// Who may be chosen in a contact column.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub contact_options: Vec<ContactOption>,
    /// The symbols of a checkbox or picklist, such as `FLAG` or `RYG`.
    pub symbol: Option<String>,
    /// Whether other values than the options are refused.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub validation: bool,
    /// The formula of every cell.
    pub formula: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The width, in pixels.
    pub width: Option<u32>,
    /// Whether it is hidden.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub hidden: bool,
    /// Whether only owners and admins may write to it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub locked: bool,
    /// Whether the caller may not write to it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub locked_for_user: bool,
    /// 0 for plain columns, 1 for several contacts, 2 for several picklist values.
    pub version: Option<u32>,
    /// The format of new and blank cells, as 17 comma-separated indexes. Only where asked for with `format`.
    pub format: Option<String>,
    /// What the column means in a project or calendar, such as `CALENDAR_START_DATE`.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub tags: Vec<String>,
}

/// A column to be created.
///
/// ```
/// use connectors_smartsheet::{ColumnType, NewColumn};
///
/// let status = NewColumn::new("Status", ColumnType::Picklist).options(["planned", "active", "done"]).width(120);
/// # let _ = status;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewColumn {
    /// The title; unique in its sheet.
    pub title: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// Whether it names the rows: exactly one column of a sheet does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<bool>,
    /// What Smartsheet writes into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_column_type: Option<SystemColumnType>,
    /// How its running numbers are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_number_format: Option<AutoNumberFormat>,
    /// What may be chosen in a picklist.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Who may be chosen in a contact column.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contact_options: Vec<ContactOption>,
    /// The symbols of a checkbox or picklist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub symbol: Option<String>,
    /// The width, in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// The formula of every cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether other values than the options are refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation: Option<bool>,
    /// Whether it is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// Whether only owners and admins may write to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked: Option<bool>,
}

impl NewColumn {
    /// A column with this title.
    pub fn new(title: impl Into<String>, column_type: ColumnType) -> Self {
        Self {
            title: title.into(),
            column_type,
            primary: None,
            system_column_type: None,
            auto_number_format: None,
            options: Vec::new(),
            contact_options: Vec::new(),
            symbol: None,
            width: None,
            formula: None,
            description: None,
            validation: None,
            hidden: None,
            locked: None,
        }
    }

    /// Whether it names the rows.
    pub fn primary(mut self, primary: bool) -> Self {
        self.primary = Some(primary);
        self
    }

    /// What may be chosen in it.
    pub fn options<T: Into<String>>(mut self, options: impl IntoIterator<Item = T>) -> Self {
        self.options = options.into_iter().map(Into::into).collect();
        self
    }

    /// Who may be chosen in it.
    pub fn contacts(mut self, contacts: impl IntoIterator<Item = ContactOption>) -> Self {
        self.contact_options = contacts.into_iter().collect();
        self
    }

    /// Shows symbols, such as `FLAG`, `STAR`, `RYG` or `HARVEY_BALLS`.
    pub fn symbol(mut self, symbol: impl Into<String>) -> Self {
        self.symbol = Some(symbol.into());
        self
    }

    /// Leaves writing to Smartsheet.
    pub fn system(mut self, kind: SystemColumnType) -> Self {
        self.system_column_type = Some(kind);
        self
    }

    /// How running numbers are written.
    pub fn auto_number(mut self, format: AutoNumberFormat) -> Self {
        self.auto_number_format = Some(format);
        self.system(SystemColumnType::AutoNumber)
    }

    /// The width, in pixels.
    pub fn width(mut self, width: u32) -> Self {
        self.width = Some(width);
        self
    }

    /// Computes every cell by this formula, which begins with `=`.
    pub fn formula(mut self, formula: impl Into<String>) -> Self {
        self.formula = Some(formula.into());
        self
    }

    /// What it is for.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Whether other values than the options are refused.
    pub fn validation(mut self, validation: bool) -> Self {
        self.validation = Some(validation);
        self
    }

    /// Whether it is hidden.
    pub fn hidden(mut self, hidden: bool) -> Self {
        self.hidden = Some(hidden);
        self
    }

    /// Whether only owners and admins may write to it.
    pub fn locked(mut self, locked: bool) -> Self {
        self.locked = Some(locked);
        self
    }
}

/// A change of a column. What is not set stays.
///
/// ```
/// use connectors_smartsheet::{ColumnType, ColumnUpdate};
///
/// let change = ColumnUpdate::new().column_type(2, ColumnType::Picklist).options(["planned", "done"]).width(200);
/// # let _ = change;
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ColumnUpdate {
    /// The new position. Smartsheet wants it with a new type as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// The new title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The new type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub column_type: Option<ColumnType>,
    /// What may be chosen in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<String>>,
    /// Who may be chosen in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_options: Option<Vec<ContactOption>>,
    /// The symbols.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub symbol: Field<String>,
    /// The formula of every cell.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub formula: Field<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub description: Field<String>,
    /// Whether other values than the options are refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation: Option<bool>,
    /// Whether it is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// Whether only owners and admins may write to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked: Option<bool>,
    /// The width, in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
}

impl ColumnUpdate {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves it to this position, from 0.
    pub fn index(mut self, index: u32) -> Self {
        self.index = Some(index);
        self
    }

    /// Renames it.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Changes what it holds. Smartsheet wants to be told the position with it.
    pub fn column_type(mut self, index: u32, column_type: ColumnType) -> Self {
        self.column_type = Some(column_type);
        self.index(index)
    }

    /// What may be chosen in it.
    pub fn options<T: Into<String>>(mut self, options: impl IntoIterator<Item = T>) -> Self {
        self.options = Some(options.into_iter().map(Into::into).collect());
        self
    }

    /// Who may be chosen in it.
    pub fn contacts(mut self, contacts: impl IntoIterator<Item = ContactOption>) -> Self {
        self.contact_options = Some(contacts.into_iter().collect());
        self
    }

    /// The symbols; `None` takes them away.
    pub fn symbol(mut self, symbol: impl Into<Field<String>>) -> Self {
        self.symbol = symbol.into();
        self
    }

    /// The formula of every cell; `None` takes it away.
    pub fn formula(mut self, formula: impl Into<Field<String>>) -> Self {
        self.formula = formula.into();
        self
    }

    /// What it is for; `None` takes it away.
    pub fn description(mut self, description: impl Into<Field<String>>) -> Self {
        self.description = description.into();
        self
    }

    /// Whether other values than the options are refused.
    pub fn validation(mut self, validation: bool) -> Self {
        self.validation = Some(validation);
        self
    }

    /// Whether it is hidden.
    pub fn hidden(mut self, hidden: bool) -> Self {
        self.hidden = Some(hidden);
        self
    }

    /// Whether only owners and admins may write to it.
    pub fn locked(mut self, locked: bool) -> Self {
        self.locked = Some(locked);
        self
    }

    /// The width, in pixels.
    pub fn width(mut self, width: u32) -> Self {
        self.width = Some(width);
        self
    }
}

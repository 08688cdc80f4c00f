//! Filters: those that sheets hold, and what they have in common with the ones of reports.

use std::fmt;

use chrono::NaiveDate;
use connectors_core::open_enum;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::cell::CellValue;
use super::ids::{ColumnId, FilterId};
use super::number::Number;
use super::object_value::ObjectValue;
use super::text::Text;

open_enum! {
    /// Who sees a filter.
    pub enum FilterType {
        /// Its owner.
        "PERSONAL" => Personal,
        /// Everybody who sees the sheet.
        "SHARED" => Shared,
        /// Nobody by name: what somebody has filtered without saving it.
        "ADHOC" => AdHoc,
    }
}

open_enum! {
    /// How conditions are joined.
    pub enum FilterJoin {
        /// All of them hold.
        "AND" => And,
        /// At least one of them holds.
        "OR" => Or,
    }
}

open_enum! {
    /// What a condition asks of a cell or row. Sheets and reports do not know all of the same ones.
    pub enum FilterOperator {
        /// Is this value.
        "EQUAL" => Equal,
        /// Is not this value.
        "NOT_EQUAL" => NotEqual,
        /// Is above this value, or later.
        "GREATER_THAN" => GreaterThan,
        /// Is this value or above. Reports only.
        "GREATER_THAN_OR_EQUAL" => GreaterThanOrEqual,
        /// Is below this value, or earlier.
        "LESS_THAN" => LessThan,
        /// Is this value or below. Reports only.
        "LESS_THAN_OR_EQUAL" => LessThanOrEqual,
        /// Holds this text.
        "CONTAINS" => Contains,
        /// Does not hold this text.
        "DOES_NOT_CONTAIN" => DoesNotContain,
        /// Lies between two values.
        "BETWEEN" => Between,
        /// Does not lie between two values.
        "NOT_BETWEEN" => NotBetween,
        /// Is today.
        "TODAY" => Today,
        /// Is not today.
        "NOT_TODAY" => NotToday,
        /// Lies in the past.
        "PAST" => Past,
        /// Does not lie in the past.
        "NOT_PAST" => NotPast,
        /// Lies in the future.
        "FUTURE" => Future,
        /// Does not lie in the future.
        "NOT_FUTURE" => NotFuture,
        /// Lies in the last so many days.
        "LAST_N_DAYS" => LastNDays,
        /// Does not lie in the last so many days.
        "NOT_LAST_N_DAYS" => NotLastNDays,
        /// Lies in the next so many days.
        "NEXT_N_DAYS" => NextNDays,
        /// Does not lie in the next so many days.
        "NOT_NEXT_N_DAYS" => NotNextNDays,
        /// Holds nothing.
        "IS_BLANK" => IsBlank,
        /// Holds something.
        "IS_NOT_BLANK" => IsNotBlank,
        /// Is a number.
        "IS_NUMBER" => IsNumber,
        /// Is no number.
        "IS_NOT_NUMBER" => IsNotNumber,
        /// Is a date.
        "IS_DATE" => IsDate,
        /// Is no date.
        "IS_NOT_DATE" => IsNotDate,
        /// Is checked.
        "IS_CHECKED" => IsChecked,
        /// Is not checked.
        "IS_UNCHECKED" | "IS_NOT_CHECKED" => IsUnchecked,
        /// Is one of these.
        "IS_ONE_OF" => IsOneOf,
        /// Is none of these.
        "IS_NOT_ONE_OF" => IsNotOneOf,
        /// Holds at least one of these.
        "HAS_ANY_OF" => HasAnyOf,
        /// Holds none of these.
        "HAS_NONE_OF" => HasNoneOf,
        /// Holds all of these.
        "HAS_ALL_OF" => HasAllOf,
        /// Does not hold all of these.
        "NOT_ALL_OF" => NotAllOf,
        /// Holds exactly these.
        "MULTI_IS_EQUAL" => MultiIsEqual,
        /// Holds other than exactly these.
        "MULTI_IS_NOT_EQUAL" => MultiIsNotEqual,
        /// The row has attachments. Sheets only, as what follows.
        "HAS_ATTACHMENTS" => HasAttachments,
        /// The row has no attachments.
        "NO_ATTACHMENTS" => NoAttachments,
        /// The row has comments.
        "HAS_COMMENTS" => HasComments,
        /// The row has no comments.
        "NO_COMMENTS" => NoComments,
        /// The row is locked.
        "IS_LOCKED" => IsLocked,
        /// The row is not locked.
        "NOT_LOCKED" => NotLocked,
        /// The row lies on the critical path.
        "ON_CRITICAL_PATH" => OnCriticalPath,
        /// The row does not lie on the critical path.
        "NOT_ON_CRITICAL_PATH" => NotOnCriticalPath,
    }
}

impl FilterOperator {
    /// How many values it needs, as far as that is fixed.
    pub(crate) fn operands(&self) -> Option<usize> {
        Some(match self {
            Self::Equal
            | Self::NotEqual
            | Self::GreaterThan
            | Self::GreaterThanOrEqual
            | Self::LessThan
            | Self::LessThanOrEqual
            | Self::Contains
            | Self::DoesNotContain
            | Self::LastNDays
            | Self::NotLastNDays
            | Self::NextNDays
            | Self::NotNextNDays => 1,
            Self::Between | Self::NotBetween => 2,
            Self::IsOneOf
            | Self::IsNotOneOf
            | Self::HasAnyOf
            | Self::HasNoneOf
            | Self::HasAllOf
            | Self::NotAllOf
            | Self::MultiIsEqual
            | Self::MultiIsNotEqual
            | Self::Unknown(_) => return None,
            _ => 0,
        })
    }
}

/// What a cell is compared with.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FilterValue {
    /// Nothing.
    Blank,
    /// A text.
    Text(Text),
    /// A number.
    Number(Number),
    /// A date.
    Date(NaiveDate),
    /// Whoever looks.
    CurrentUser,
    /// Something else, as JSON.
    Other(Box<str>),
}

impl fmt::Display for FilterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => f.pad(""),
            Self::Text(text) => f.pad(text),
            Self::Other(json) => f.pad(json),
            Self::Number(number) => f.pad(number.as_str()),
            Self::Date(date) => fmt::Display::fmt(date, f),
            Self::CurrentUser => f.pad("CURRENT_USER"),
        }
    }
}

impl From<&str> for FilterValue {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for FilterValue {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Number> for FilterValue {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<i64> for FilterValue {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<f64> for FilterValue {
    fn from(number: f64) -> Self {
        Self::Number(number.into())
    }
}

impl From<NaiveDate> for FilterValue {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

/// The object value of whoever looks.
const CURRENT_USER: &str = r#"{"objectType":"CURRENT_USER"}"#;

impl Serialize for FilterValue {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Blank => target.serialize_unit(),
            Self::Text(text) => target.serialize_str(text),
            Self::Number(number) => number.serialize(target),
            Self::Date(date) => ObjectValue::Date(date.to_string()).serialize(target),
            Self::CurrentUser => ObjectValue::Other(CURRENT_USER.into()).serialize(target),
            Self::Other(json) => ObjectValue::Other(json.as_ref().into()).serialize(target),
        }
    }
}

impl<'de> Deserialize<'de> for FilterValue {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Tagged {
            object_type: String,
            value: Option<NaiveDate>,
        }
        let json = <&RawValue>::deserialize(source)?;
        Ok(match CellValue::deserialize(json).map_err(D::Error::custom)? {
            CellValue::Empty => Self::Blank,
            CellValue::Text(text) => Self::Text(text),
            CellValue::Number(number) => Self::Number(number),
            CellValue::Bool(checked) => Self::Other(checked.to_string().into()),
            CellValue::Other(json) => match serde_json::from_str::<Tagged>(&json) {
                Ok(Tagged { object_type, value: Some(date) }) if object_type == "DATE" => Self::Date(date),
                Ok(Tagged { object_type, .. }) if object_type == "CURRENT_USER" => Self::CurrentUser,
                _ => Self::Other(json),
            },
        })
    }
}

/// A filter that a sheet holds. The API cannot create or change one.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SheetFilter {
    /// The id.
    pub id: FilterId,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// Who sees it.
    #[serde(alias = "type")]
    pub filter_type: Option<FilterType>,
    /// What passes it.
    pub query: Option<FilterQuery>,
    /// Whether it is the other rows that pass.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub exclude_selected: bool,
    /// How often it was changed.
    pub version: Option<u64>,
}

/// What passes a filter.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FilterQuery {
    /// How the conditions are joined.
    pub operator: Option<FilterJoin>,
    /// The conditions.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub criteria: Vec<FilterCriterion>,
    /// Whether the parents of rows that pass are shown, too.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub include_parent: bool,
}

/// A condition of a filter.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FilterCriterion {
    /// The column whose cell is looked at; none where it is about the row.
    pub column_id: Option<ColumnId>,
    /// What is asked of it.
    pub operator: FilterOperator,
    /// What the cell is compared with.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub values: Vec<FilterValue>,
    /// What is looked at where it is no cell, such as `ROW`.
    pub target: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_both_ways() {
        for json in [r#""Berlin""#, "42", "null", CURRENT_USER, r#"{"objectType":"DATE","value":"2026-06-05"}"#, "true"]
        {
            let value: FilterValue = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&value).unwrap(), json, "{value:?}");
            assert_eq!(matches!(value, FilterValue::Other(_)), json == "true");
        }
        assert_eq!(FilterValue::from(NaiveDate::default()).to_string(), "1970-01-01");
    }
}

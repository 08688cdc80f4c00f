//! Typed values: contacts, multi-picklists, dates, durations, predecessors.

use connectors_core::open_enum;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::cell::CellValue;
use super::ids::RowId;
use super::number::Number;

/// The typed value of a cell.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ObjectValue {
    /// A text, number or boolean.
    Plain(CellValue),
    /// A person.
    Contact(Contact),
    /// Several people.
    MultiContact(Vec<Contact>),
    /// Several picklist values.
    MultiPicklist(Vec<String>),
    /// A date, `2026-06-05`.
    Date(String),
    /// A point in time, ISO 8601 in UTC. Read only: system columns have it.
    DateTime(String),
    /// A local date and time without a zone, `2026-06-05T13:00:00`.
    AbstractDateTime(String),
    /// A time span.
    Duration(Duration),
    /// The rows that have to be done before.
    PredecessorList(Vec<Predecessor>),
    /// A kind that this version does not know, as JSON.
    Other(Box<str>),
}

/// A person in a contact column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "objectType", rename = "CONTACT")]
#[non_exhaustive]
pub struct Contact {
    /// The id, a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl Contact {
    /// The person with this e-mail address.
    pub fn email(email: impl Into<String>) -> Self {
        Self { email: Some(email.into()), ..Self::default() }
    }

    /// Shows this name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

/// A time span. All parts may have a fraction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "objectType", rename = "DURATION", default)]
#[non_exhaustive]
pub struct Duration {
    /// Whether it goes back in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub negative: Option<bool>,
    /// Whether it counts around the clock, not in working time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elapsed: Option<bool>,
    /// Weeks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weeks: Option<Number>,
    /// Days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<Number>,
    /// Hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Number>,
    /// Minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<Number>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<Number>,
    /// Milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<Number>,
}

open_enum! {
    /// How a row depends on its predecessor.
    pub enum PredecessorType {
        /// Starts when the predecessor finishes.
        "FS" => FinishToStart,
        /// Finishes when the predecessor finishes.
        "FF" => FinishToFinish,
        /// Starts when the predecessor starts.
        "SS" => StartToStart,
        /// Finishes when the predecessor starts.
        "SF" => StartToFinish,
    }
}

/// A row that has to be done before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Predecessor {
    /// The row.
    pub row_id: RowId,
    /// Its number when it was read.
    #[serde(skip_serializing)]
    pub row_number: Option<u32>,
    /// How this row depends on it.
    #[serde(rename = "type")]
    pub kind: PredecessorType,
    /// The time between the two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lag: Option<Duration>,
    /// Whether it was in the critical path when it was read.
    #[serde(skip_serializing)]
    pub in_critical_path: Option<bool>,
    /// Whether it made no sense when it was read, for it is part of a circle for instance.
    #[serde(skip_serializing)]
    pub invalid: Option<bool>,
}

impl Predecessor {
    /// Depends on `row` in this way.
    pub fn new(row: RowId, kind: PredecessorType) -> Self {
        Self { row_id: row, row_number: None, kind, lag: None, in_critical_path: None, invalid: None }
    }
}

/// Every member that an object value may have; which ones count follows from the type.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tagged<'a> {
    object_type: Option<String>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    values: Option<&'a RawValue>,
    #[serde(borrow)]
    predecessors: Option<&'a RawValue>,
}

impl ObjectValue {
    /// Several picklist values, or several contacts, as a list of them.
    pub(crate) fn list(text: &str) -> Self {
        let picklist = || serde_json::from_str(text).map(Self::MultiPicklist);
        let contacts = || serde_json::from_str(text).map(Self::MultiContact);
        picklist().or_else(|_| contacts()).unwrap_or_else(|_| Self::Other(text.into()))
    }

    pub(crate) fn read(json: &str) -> Self {
        if !json.starts_with('{') {
            return Self::Plain(CellValue::read(json));
        }
        tagged(json).unwrap_or_else(|| Self::Other(json.into()))
    }
}

fn tagged(json: &str) -> Option<ObjectValue> {
    fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
        serde_json::from_str(json).ok()
    }
    let object: Tagged<'_> = read(json)?;
    Some(match object.object_type.as_deref()? {
        "CONTACT" => ObjectValue::Contact(read(json)?),
        "MULTI_CONTACT" => ObjectValue::MultiContact(read(object.values?.get())?),
        "MULTI_PICKLIST" => ObjectValue::MultiPicklist(read(object.values?.get())?),
        "DATE" => ObjectValue::Date(read(object.value?.get())?),
        "DATETIME" => ObjectValue::DateTime(read(object.value?.get())?),
        "ABSTRACT_DATETIME" => ObjectValue::AbstractDateTime(read(object.value?.get())?),
        "DURATION" => ObjectValue::Duration(read(json)?),
        "PREDECESSOR_LIST" => ObjectValue::PredecessorList(read(object.predecessors?.get())?),
        "NUMBER" => ObjectValue::Plain(CellValue::read(object.value?.get())),
        _ => return None,
    })
}

impl<'de> Deserialize<'de> for ObjectValue {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(source).map(|json| Self::read(json.get()))
    }
}

impl Serialize for ObjectValue {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        fn member<S: Serializer, T: Serialize>(
            target: S,
            kind: &'static str,
            name: &'static str,
            value: &T,
        ) -> Result<S::Ok, S::Error> {
            let mut object = target.serialize_struct("ObjectValue", 2)?;
            object.serialize_field("objectType", kind)?;
            object.serialize_field(name, value)?;
            object.end()
        }
        match self {
            Self::Plain(value) => value.serialize(target),
            Self::Contact(contact) => contact.serialize(target),
            Self::Duration(span) => span.serialize(target),
            Self::MultiContact(contacts) => member(target, "MULTI_CONTACT", "values", contacts),
            Self::MultiPicklist(values) => member(target, "MULTI_PICKLIST", "values", values),
            Self::Date(value) => member(target, "DATE", "value", value),
            Self::DateTime(value) => member(target, "DATETIME", "value", value),
            Self::AbstractDateTime(value) => member(target, "ABSTRACT_DATETIME", "value", value),
            Self::PredecessorList(rows) => member(target, "PREDECESSOR_LIST", "predecessors", rows),
            Self::Other(json) => raw(json, target),
        }
    }
}

impl Serialize for CellValue {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Empty => target.serialize_unit(),
            Self::Text(text) => target.serialize_str(text),
            Self::Number(number) => number.serialize(target),
            Self::Bool(checked) => target.serialize_bool(*checked),
            Self::Other(json) => raw(json, target),
        }
    }
}

fn raw<S: Serializer>(json: &str, target: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(json.to_owned()).map_err(serde::ser::Error::custom)?.serialize(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_survives_both_ways() {
        for json in [
            r#"{"objectType":"CONTACT","name":"Jane Doe","email":"jane@example.com"}"#,
            r#"{"objectType":"MULTI_CONTACT","values":[{"objectType":"CONTACT","email":"jane@example.com"}]}"#,
            r#"{"objectType":"MULTI_PICKLIST","values":["Crew A","Crew B"]}"#,
            r#"{"objectType":"DATE","value":"2026-06-05"}"#,
            r#"{"objectType":"ABSTRACT_DATETIME","value":"2026-06-05T13:00:00"}"#,
            r#"{"objectType":"DURATION","negative":false,"days":2.5}"#,
            r#"{"objectType":"PREDECESSOR_LIST","predecessors":[{"rowId":7,"type":"FS","lag":{"objectType":"DURATION","days":1}}]}"#,
            r#"{"objectType":"HOLOGRAM","depth":[1,2]}"#,
            "12.50",
            "true",
            r#""plain""#,
        ] {
            let value: ObjectValue = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&value).unwrap(), json, "{value:?}");
            assert_eq!(matches!(value, ObjectValue::Other(_)), json.contains("HOLOGRAM"), "{json}");
        }
    }
}

//! Rows as the user's own structs: fields are columns, by title.

use std::fmt::{self, Display};

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer, MapAccess, Unexpected,
    Visitor,
};
use serde::forward_to_deserialize_any;

use crate::model::{Cell, CellValue, Column, ColumnMap, ColumnType, Number, ObjectValue, Row};

/// Why a row is not a `T`: what serde says, without what the cells hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// The title of the column, where it is the fault of one.
    pub(crate) title: Option<String>,
    pub(crate) message: String,
}

impl Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unreadable {}

impl serde::de::Error for Unreadable {
    fn custom<T: Display>(message: T) -> Self {
        Self { title: None, message: message.to_string() }
    }

    // What serde says by itself quotes the value.
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("holds {}, not {expected}", kind(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("holds {} that is not {expected}", kind(found)))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(format_args!("holds a text that is none of {}", expected.join(", ")))
    }
}

fn kind(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a checkbox",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
        Unexpected::Str(_) => "a text",
        Unexpected::Unit | Unexpected::Option => "nothing",
        Unexpected::Seq => "a list",
        Unexpected::Map => "an object",
        _ => "something else",
    }
}

/// What `serde_json` says quotes the value, too, before it says what was expected.
fn of_json(error: serde_json::Error) -> Unreadable {
    let message = error.to_string();
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => Unreadable::custom(format_args!("holds something that is not {expected}")),
        None => Unreadable::custom(message),
    }
}

pub(crate) fn decode<T: DeserializeOwned>(columns: &ColumnMap, row: &Row) -> Result<T, Unreadable> {
    T::deserialize(RowSource { columns, row })
}

struct RowSource<'a> {
    columns: &'a ColumnMap,
    row: &'a Row,
}

impl<'de> Deserializer<'de> for RowSource<'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_map(Cells { row: self.row, columns: self.columns.iter(), next: 0, value: None })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Cells<'a> {
    row: &'a Row,
    columns: std::slice::Iter<'a, Column>,
    /// Cells come in the order of the columns, but not for every column.
    next: usize,
    value: Option<(&'a Column, CellSource<'a>)>,
}

impl<'a> Cells<'a> {
    fn cell(&mut self, column: &Column) -> Option<&'a Cell> {
        let expected = self.row.cells.get(self.next).filter(|cell| cell.column_id == column.id);
        if expected.is_some() {
            self.next += 1;
        }
        expected.or_else(|| self.row.cell(column.id))
    }
}

impl<'de> MapAccess<'de> for Cells<'de> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        while let Some(column) = self.columns.next() {
            let cell = self.cell(column);
            let empty = cell.is_none_or(|cell| cell.value == CellValue::Empty && cell.object_value().is_none());
            // Nobody has touched it yet; every other cell without a value is absent.
            if empty && column.column_type != ColumnType::Checkbox {
                continue;
            }
            let source = cell.filter(|_| !empty).map_or(CellSource::Unchecked, CellSource::Cell);
            self.value = Some((column, source));
            let title: StrDeserializer<'_, Unreadable> = column.title.as_str().into_deserializer();
            return seed.deserialize(title).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unreadable> {
        let (column, source) = self.value.take().ok_or_else(|| Unreadable::custom("a value was asked for twice"))?;
        seed.deserialize(source).map_err(|error| Unreadable { title: Some(column.title.clone()), ..error })
    }
}

#[derive(Clone, Copy)]
enum CellSource<'a> {
    Cell(&'a Cell),
    /// A checkbox that was never touched.
    Unchecked,
}

impl<'a> CellSource<'a> {
    fn value(self) -> &'a CellValue {
        match self {
            Self::Cell(cell) => &cell.value,
            Self::Unchecked => &CellValue::Bool(false),
        }
    }

    /// What stands in the cell beside the plain value.
    fn object(self) -> Option<&'a ObjectValue> {
        match self {
            Self::Cell(cell) => cell.object_value(),
            Self::Unchecked => None,
        }
    }

    /// The typed value as JSON, of any lifetime.
    fn json(self) -> Option<serde_json::Value> {
        serde_json::to_value(self.object()?).ok()
    }
}

fn number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, Unreadable> {
    // A whole number may be spelt 65.0.
    let text = number.as_str();
    let whole = text.split_once('.').filter(|(_, zeros)| zeros.bytes().all(|b| b == b'0')).map_or(text, |(w, _)| w);
    if let Ok(signed) = whole.parse::<i64>() {
        return visitor.visit_i64(signed);
    }
    match whole.parse::<u64>() {
        Ok(unsigned) => visitor.visit_u64(unsigned),
        Err(_) => visitor.visit_f64(number.as_f64()),
    }
}

macro_rules! numbers {
    ($($method:ident)+) => {$(
        /// Also of a text that says one.
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            match self.value() {
                CellValue::Text(text) if text.trim().parse::<f64>().is_ok_and(f64::is_finite) => {
                    number(&Number::from_text(text.trim()), visitor)
                }
                _ => self.deserialize_any(visitor),
            }
        }
    )+};
}

impl<'de> Deserializer<'de> for CellSource<'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.value() {
            CellValue::Empty => match self.json() {
                Some(json) => json.deserialize_any(visitor).map_err(of_json),
                None => visitor.visit_unit(),
            },
            CellValue::Text(text) => visitor.visit_borrowed_str(text),
            CellValue::Number(held) => number(held, visitor),
            CellValue::Bool(checked) => visitor.visit_bool(*checked),
            CellValue::Other(json) => {
                serde_json::Deserializer::from_str(json).deserialize_any(visitor).map_err(of_json)
            }
        }
    }

    numbers!(deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64);

    /// Also of a number, digit for digit: ids are one or the other.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.value() {
            CellValue::Number(number) => visitor.visit_borrowed_str(number.as_str()),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_some(self)
    }

    /// Several contacts or picklist values; a single value is a list of one.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let list = match self.object() {
            Some(ObjectValue::MultiPicklist(values)) => serde_json::to_value(values),
            Some(ObjectValue::MultiContact(contacts)) => serde_json::to_value(contacts),
            Some(ObjectValue::PredecessorList(rows)) => serde_json::to_value(rows),
            _ => match self.value() {
                CellValue::Text(text) => Ok(vec![text.to_string()].into()),
                _ => return self.deserialize_any(visitor),
            },
        };
        list.and_then(|list| list.deserialize_seq(visitor)).map_err(of_json)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.json() {
            Some(json) => json.deserialize_any(visitor).map_err(of_json),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.value() {
            CellValue::Text(text) => {
                let text: StrDeserializer<'_, Unreadable> = (&**text).into_deserializer();
                text.deserialize_enum(name, variants, visitor)
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.value() {
            // The one that asks for the digits as they are spelt: a `Number`.
            CellValue::Number(number) if name.ends_with("::RawValue") => {
                serde_json::Deserializer::from_str(number.as_str())
                    .deserialize_newtype_struct(name, visitor)
                    .map_err(of_json)
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    forward_to_deserialize_any! {
        bool i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::model::Sheet;

    #[test]
    fn no_item_of_a_list_is_quoted() {
        let sheet = json!({
            "id": 7, "name": "s", "columns": [{"id": 1, "title": "Tags", "type": "MULTI_PICKLIST"}],
            "rows": [{"id": 8, "rowNumber": 1, "cells": [{
                "columnId": 1, "objectValue": {"objectType": "MULTI_PICKLIST", "values": ["private"]},
            }]}],
        });
        let sheet: Sheet = serde_json::from_str(&sheet.to_string()).unwrap();
        let columns = ColumnMap::new(sheet.columns);
        let error = decode::<BTreeMap<String, Vec<u8>>>(&columns, &sheet.rows[0]).unwrap_err();
        assert_eq!((error.title.as_deref(), &*error.message), (Some("Tags"), "holds something that is not u8"));
    }
}

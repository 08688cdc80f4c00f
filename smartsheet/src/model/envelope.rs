//! What Smartsheet wraps its answers in.

use connectors_core::{Error, ErrorKind};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::ids::RowId;
use crate::error_code::ErrorCode;

/// The answer to a write.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: DeserializeOwned"))]
#[non_exhaustive]
pub struct WriteResult<T> {
    /// What was written, as it is now.
    // Some endpoints call it `data`.
    #[serde(alias = "data")]
    pub result: T,
    /// The version of the sheet after the write.
    pub version: Option<u64>,
    /// The items that were refused, where that leaves the others written.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub failed_items: Vec<FailedItem>,
}

/// One item of a write that was refused while others were carried out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FailedItem {
    /// The position in the call, from 0.
    pub index: usize,
    /// The row, if it exists.
    pub row_id: Option<RowId>,
    /// Why.
    pub error: ErrorBody,
}

/// What Smartsheet says about a failure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ErrorBody {
    /// What failed.
    pub error_code: Option<ErrorCode>,
    /// In Smartsheet's words.
    pub message: Option<String>,
    /// The id to quote to Smartsheet's support.
    pub ref_id: Option<String>,
    /// Where it failed.
    #[serde(default, deserialize_with = "detail")]
    pub(crate) detail: Option<Detail>,
}

/// Which item of a bulk write an error is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Detail {
    pub(crate) index: Option<usize>,
    pub(crate) row_id: Option<RowId>,
}

impl FailedItem {
    /// As an error of the family.
    pub fn to_error(&self) -> Error {
        let message = self.error.message.as_deref().unwrap_or("refused without a reason");
        let mut error = Error::new(ErrorKind::InvalidRequest, message).with_origin(crate::PROVIDER, "");
        error = error.with_field(format!("rows[{}]", self.index));
        if let Some(code) = self.error.error_code {
            error = error.with_code(code.get());
            error = code.advice().into_iter().fold(error, Error::with_hint);
        }
        match &self.error.ref_id {
            Some(id) => error.with_request_id(id.clone()),
            None => error,
        }
    }
}

/// A detail is an object or an array, and what is in it depends on the operation: anything else is passed over, lest
/// the code of the error be lost with it.
fn detail<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Detail>, D::Error> {
    let value = Value::deserialize(source)?;
    let object = value.as_array().map_or(Some(&value), |list| list.first()).and_then(Value::as_object);
    Ok(object.map(|object| {
        let number = |name: &str| {
            let value = object.get(name)?;
            value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
        };
        Detail {
            index: number("index").and_then(|index| index.try_into().ok()),
            row_id: number("rowId").map(RowId::new),
        }
    }))
}

/// One page of a list that is paged by number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: DeserializeOwned"))]
#[non_exhaustive]
pub struct OffsetPage<T> {
    /// What is on it.
    #[serde(default = "Vec::new", deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub data: Vec<T>,
    /// Its number, from 1.
    pub page_number: Option<u32>,
    /// How many items a page holds; absent when all of them come at once.
    pub page_size: Option<u32>,
    /// How many pages there are.
    pub total_pages: Option<i64>,
    /// How many items there are on all pages.
    pub total_count: Option<i64>,
}

/// One page of a list that is paged by token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: DeserializeOwned"))]
#[non_exhaustive]
pub struct TokenPage<T> {
    /// What is on it; possibly fewer than asked for, although more follow.
    // Shares are `items`.
    #[serde(default = "Vec::new", alias = "items", deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub data: Vec<T>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::opt_string")]
    pub last_key: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Column;

    #[test]
    fn null_is_as_good_as_nothing() {
        let column = r#"{"id":"7","index":null,"title":null,"type":"DATE","primary":null,"options":null,"tags":null}"#;
        let page: OffsetPage<Column> = serde_json::from_str(&format!(r#"{{"data":[{column}]}}"#)).unwrap();
        assert_eq!((page.data[0].title.as_str(), page.data[0].options.len(), page.data[0].primary), ("", 0, false));
        assert!(serde_json::from_str::<OffsetPage<Column>>(r#"{"data":null}"#).unwrap().data.is_empty());
        let written: WriteResult<u8> =
            serde_json::from_str(r#"{"result":1,"failedItems":null,"version":null}"#).unwrap();
        assert!(written.failed_items.is_empty());
    }
}

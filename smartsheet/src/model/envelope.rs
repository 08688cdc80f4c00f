//! What Smartsheet wraps its answers in.

use std::fmt;

use connectors_core::{Error, ErrorKind};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};

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
    #[serde(default)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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

/// A detail is an object or an array, and what is in it depends on the operation: anything else is passed over.
fn detail<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Detail>, D::Error> {
    struct Tolerant;
    impl<'de> Visitor<'de> for Tolerant {
        type Value = Option<Detail>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object or an array")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            Detail::deserialize(MapAccessDeserializer::new(map)).map(Some)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let first = list.next_element::<Detail>()?;
            while list.next_element::<serde::de::IgnoredAny>()?.is_some() {}
            Ok(first)
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok(None)
        }
    }
    source.deserialize_any(Tolerant)
}

/// One page of a list that is paged by number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: DeserializeOwned"))]
#[non_exhaustive]
pub struct OffsetPage<T> {
    /// What is on it.
    #[serde(default = "Vec::new")]
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
    #[serde(default = "Vec::new", alias = "items")]
    pub data: Vec<T>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::opt_string")]
    pub last_key: Option<String>,
}

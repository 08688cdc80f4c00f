//! Reads what gateways write, each in its own way.

use connectors_core::provider::Call;
use connectors_core::{BoxFuture, Request, Response, Result};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A request whose answer may come inside `{"data": …}`.
pub(super) fn request<T: DeserializeOwned + Send + 'static>(call: Call) -> Request<T> {
    fn send<T: DeserializeOwned + Send + 'static>(call: Call) -> BoxFuture<Result<Response<T>>> {
        Box::pin(async move { Ok(call.send::<Bare<T>>().await?.map(|bare| bare.0)) })
    }
    Request::with(call, send)
}

/// A thing, taken out of the `data` that some gateways put it into.
struct Bare<T>(T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Bare<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let mut value = Value::deserialize(source)?;
        let wrapped = value.get("id").is_none() && value.get("data").is_some_and(Value::is_object);
        if let Some(data) = value.get_mut("data").filter(|_| wrapped) {
            value = data.take();
        }
        T::deserialize(value).map(Self).map_err(D::Error::custom)
    }
}

/// An id that is a text at most gateways, and a number at some.
pub(super) fn id<'de, D: Deserializer<'de>>(source: D) -> Result<String, D::Error> {
    opt_id(source)?.ok_or_else(|| D::Error::custom("the id is empty"))
}

/// As [`id`]; null and the empty text are none.
pub(super) fn opt_id<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(source)? {
        Value::String(text) => Ok(Some(text).filter(|text| !text.trim().is_empty())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Null => Ok(None),
        _ => Err(D::Error::custom("expected an id: a text or a number")),
    }
}

/// A list; null is an empty one.
pub(super) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(source: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(source)?.unwrap_or_default())
}

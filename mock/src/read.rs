//! JSON that comes from outside: states, setups, events.

use connectors_core::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;

/// Reads `text`. The error says where it is wrong, in the words of whoever reads it: it is the caller's own text.
pub(crate) fn read<T: DeserializeOwned>(what: &str, text: &str) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|wrong| {
        let error = Error::new(ErrorKind::InvalidRequest, format!("this is no {what}: {}", wrong.inner()));
        match wrong.path().to_string() {
            path if path == "." => error.with_field(what),
            path => error.with_field(path.clone()).with_json_path(path),
        }
    })?;
    let end = reader.end();
    end.map_err(|_| Error::invalid(what, format!("there is more behind the end of the {what}")))?;
    Ok(value)
}

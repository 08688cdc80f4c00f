//! What the services hold at first.

use std::collections::BTreeMap;
use std::path::Path;

use connectors_core::{Error, ErrorKind, Result};
use connectors_mock::Backend;
use serde_json::value::RawValue;

use crate::failure::Failure;

const SERVICES: [&str; 4] = ["brandscopic", "placer", "qrtiger", "smartsheet"];

/// A setup for each service, as the file has them.
#[derive(Debug)]
pub struct Initial {
    setups: BTreeMap<String, Box<RawValue>>,
}

impl Initial {
    pub fn read(file: &Path) -> std::result::Result<Self, Failure> {
        let shown = file.display();
        let text = std::fs::read_to_string(file)
            .map_err(|problem| Failure::failed(format!("{shown} cannot be read: {problem}; name another file")))?;
        let setups: BTreeMap<String, _> = serde_json::from_str(&text).map_err(|problem| {
            Failure::failed(format!(
                "{shown} is not as it should be ({problem}): one JSON object, with a setup for each service"
            ))
        })?;
        if let Some(name) = setups.keys().find(|name| !SERVICES.contains(&name.as_str())) {
            let known = SERVICES.join(", ");
            return Err(Failure::failed(format!("{shown} has a setup for {name:?}, which is none of {known}")));
        }
        Ok(Self { setups })
    }

    /// The service of this name holds its setup, if there is one.
    pub fn add(&self, name: &str, backend: &Backend) -> Result<()> {
        let Some(setup) = self.setups.get(name) else { return Ok(()) };
        backend.add(setup.get()).map_err(|problem| {
            let field = problem.field().map(|field| format!("{field}: ")).unwrap_or_default();
            let told = format!("the setup of {name}: {field}{}", problem.message());
            Error::new(ErrorKind::Config, told)
        })
    }
}

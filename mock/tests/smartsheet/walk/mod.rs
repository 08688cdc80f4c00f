//! Every operation of the list is called once, and answers with something.

mod containers;
mod content;
mod people;
mod rows;
mod tracking;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::future::IntoFuture;
use std::path::Path;

use connectors_core::Result;
use connectors_mock::MockSmartsheet;
use connectors_smartsheet::SmartsheetClient;

/// Calls operations one after the other, and notes which.
pub struct Walk {
    pub mock: MockSmartsheet,
    called: BTreeSet<String>,
}

impl Walk {
    fn new() -> Self {
        Self { mock: MockSmartsheet::new(), called: BTreeSet::new() }
    }

    pub fn client(&self) -> SmartsheetClient {
        self.mock.client().clone()
    }

    /// Sends the request, which must succeed, reach the fake as this operation, and answer with more than defaults.
    pub async fn call<T: Debug>(&mut self, name: &str, request: impl IntoFuture<Output = Result<T>>) -> T {
        let before = self.mock.backend().count(name);
        let answer = request.await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(self.mock.backend().count(name), before + 1, "{name} is not what was sent");
        let shown = format!("{answer:?}");
        assert!(size_of::<T>() == 0 || says_something(&shown), "{name} answered with defaults alone: {shown}");
        self.called.insert(name.to_owned());
        answer
    }
}

/// Whether a field holds something besides `None`, `false`, 0, an empty text or an empty list.
fn says_something(debug: &str) -> bool {
    let empty = ["None", "Some", "false", "0", "0.0", "\"\"", "Absent", "Null"];
    // What stands before a brace, a parenthesis or a bracket is the name of a type, and what ends in a colon is one of
    // a field.
    let mut values = debug.split([',', '{', '(', '[', '}', ')', ']']).filter_map(|part| {
        let value = part.rsplit(": ").next().unwrap_or(part).trim();
        let after = part.as_ptr() as usize + part.len() - debug.as_ptr() as usize;
        let opens = debug[after..].starts_with(['{', '(', '[']);
        (!opens && !value.is_empty()).then_some(value)
    });
    values.any(|value| !empty.contains(&value))
}

#[tokio::test]
async fn complete() {
    let mut walk = Walk::new();
    containers::walk(&mut walk).await;
    content::walk(&mut walk).await;
    people::walk(&mut walk).await;
    rows::walk(&mut walk).await;
    tracking::walk(&mut walk).await;
    webhooks::walk(&mut walk).await;

    let examples = examples();
    let mut missing = BTreeMap::new();
    for line in include_str!("../../../src/smartsheet/operations.csv").lines().skip(1) {
        let fields: Vec<_> = line.split(',').collect();
        assert_eq!(fields.len(), 8, "{line}");
        let (name, status) = (fields[0], fields[4]);
        if status == "gone" {
            assert!(name.is_empty(), "{line}");
            continue;
        }
        let (resource, method) = name.split_once('.').unwrap_or(("", name));
        let spelled = [format!("{resource}().{method}("), format!("{resource}.{method}(")];
        if !walk.called.contains(name) {
            missing.entry("never called").or_insert_with(Vec::new).push(name);
        }
        if !spelled.iter().any(|call| examples.contains(call.trim_start_matches("()"))) {
            missing.entry("without an example").or_insert_with(Vec::new).push(name);
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The code of all examples in the client's documentation, without white space.
fn examples() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../smartsheet/src");
    let mut code = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let mut inside = false;
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let line = line.trim();
            let Some(line) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else { continue };
            if line.trim().starts_with("```") {
                inside = !inside;
            } else if inside {
                code.extend(line.chars().filter(|c| !c.is_whitespace()));
            }
        }
    }
    code
}

//! Every operation of a provider's list is called once through its client, and answers with something.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::future::IntoFuture;
use std::path::Path;

use connectors_core::Result;
use connectors_mock::Backend;

/// Calls operations one after the other, and notes which.
pub struct Calls {
    backend: Backend,
    called: BTreeSet<String>,
}

impl Calls {
    pub fn new(backend: &Backend) -> Self {
        Self { backend: backend.clone(), called: BTreeSet::new() }
    }

    /// Sends the request, which must succeed, reach the fake as this operation, and answer with more than defaults.
    pub async fn call<T: Debug>(&mut self, name: &str, request: impl IntoFuture<Output = Result<T>>) -> T {
        let before = self.backend.count(name);
        let answer = request.await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(self.backend.count(name) > before, "{name} is not what was sent");
        let shown = format!("{answer:?}");
        assert!(size_of::<T>() == 0 || says_something(&shown), "{name} answered with defaults alone: {shown}");
        self.called.insert(name.to_owned());
        answer
    }

    /// Whether each line of the list was called, and is called by an example in the client's documentation. The name of
    /// an operation stands first in its line; what is gone has none.
    pub fn assert_complete(&self, list: &str, client: &str) {
        let examples = examples(client);
        let columns = list.lines().next().unwrap_or_default().split(',').count();
        let mut missing = BTreeMap::new();
        for line in list.lines().skip(1) {
            let fields: Vec<_> = line.split(',').collect();
            assert_eq!(fields.len(), columns, "{line}");
            let name = fields[0];
            if name.is_empty() {
                continue;
            }
            let (resource, method) = name.rsplit_once('.').unwrap_or(("", name));
            let resource = resource.rsplit('.').next().unwrap_or_default();
            let spelled = [format!("{resource}().{method}("), format!("{resource}.{method}(")];
            if !self.called.contains(name) {
                missing.entry("never called").or_insert_with(Vec::new).push(name);
            }
            if !spelled.iter().any(|call| examples.contains(call.trim_start_matches("()"))) {
                missing.entry("without an example").or_insert_with(Vec::new).push(name);
            }
        }
        assert!(missing.is_empty(), "{missing:#?}");
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

/// The code of all examples in the documentation of a client, without white space.
fn examples(client: &str) -> String {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(client).join("src")];
    let mut code = String::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                code.push_str(&examples_of(&std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    code
}

fn examples_of(source: &str) -> String {
    let (mut code, mut inside) = (String::new(), false);
    for line in source.lines() {
        let line = line.trim();
        let Some(line) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else { continue };
        if line.trim().starts_with("```") {
            inside = !inside;
        } else if inside {
            code.extend(line.chars().filter(|c| !c.is_whitespace()));
        }
    }
    code
}

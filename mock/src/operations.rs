//! The endpoints of a provider, as a checked-in list has them: one line each, with the name of the client's method.

use std::collections::HashMap;

use connectors_core::{Error, Result};
use http::Method;

/// What stands in a path in place of the names in braces.
pub(crate) type Parameters = Vec<(&'static str, String)>;

/// One line of a list. The columns `name`, `method` and `template` are everywhere, others by provider.
#[derive(Debug)]
pub(crate) struct Line {
    /// As the client spells it.
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    template: Vec<&'static str>,
    fields: Vec<(&'static str, &'static str)>,
}

impl Line {
    /// What stands in this column; nothing where there is none.
    pub(crate) fn field(&self, column: &str) -> &'static str {
        self.fields.iter().find(|(name, _)| *name == column).map(|(_, value)| *value).unwrap_or_default()
    }

    /// The words that stand in this column.
    pub(crate) fn words(&self, column: &str) -> impl Iterator<Item = &'static str> + use<> {
        self.field(column).split_whitespace()
    }

    /// The members that stand in this column, and those of them that are marked as required.
    pub(crate) fn members(&self, column: &str) -> (Vec<&'static str>, Vec<&'static str>) {
        let all = self.words(column).map(|name| name.trim_end_matches('!')).collect();
        (all, self.words(column).filter_map(|name| name.strip_suffix('!')).collect())
    }

    /// How many parameters the path has, if it is one of this operation.
    fn count(&self, path: &str) -> Option<usize> {
        let mut parameters = 0;
        for (known, given) in self.template.iter().zip(segments(path)) {
            match parameter(known) {
                Some(_) if given.is_empty() => return None,
                Some(_) => parameters += 1,
                None if *known == given => {}
                None => return None,
            }
        }
        Some(parameters)
    }

    /// The parameters of a path of this operation.
    fn parameters(&self, path: &str) -> Parameters {
        let both = self.template.iter().zip(segments(path));
        let decoded = |text| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        both.filter_map(|(known, given)| Some((parameter(known)?, decoded(given)))).collect()
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').skip(1)
}

/// The name in braces.
fn parameter(segment: &'static str) -> Option<&'static str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// The lines of a list, the names of the columns first. Lines without a name are of what is gone.
fn lines(list: &'static str) -> Vec<Line> {
    let mut lines = list.lines();
    let columns: Vec<_> = lines.next().unwrap_or_default().split(',').collect();
    let read = |line: &'static str| {
        let fields: Vec<_> = columns.iter().copied().zip(line.split(',')).collect();
        let of = |column| fields.iter().find(|(name, _)| *name == column).map(|(_, value)| *value);
        let (name, method, template) = (of("name")?, of("method")?.parse().ok()?, of("template")?);
        let template = template.split('/').skip(1).collect();
        (!name.is_empty()).then_some(Line { name, method, template, fields })
    };
    lines.filter_map(read).collect()
}

/// Whether an operation has this name, or one like it: `rows.*` are all of a resource, `*` are all.
pub(crate) fn is_like(name: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(resource) => resource.ends_with('.') && name.starts_with(resource),
        None => name == pattern,
    }
}

/// Refuses what none of the known operations is like; where none are known, everything goes.
pub(crate) fn check(known: &[&str], pattern: &str) -> Result<()> {
    if pattern == "*" || known.is_empty() || known.iter().any(|name| is_like(name, pattern)) {
        return Ok(());
    }
    let word = pattern.split(['.', '*']).find(|word| !word.is_empty()).unwrap_or_default();
    let near: Vec<_> = known.iter().filter(|name| name.contains(word)).copied().collect();
    let known = if near.is_empty() { known } else { near.as_slice() };
    Err(Error::invalid("operation", format!("there is no operation {pattern:?}; there are {}", known.join(", "))))
}

/// Why there is no operation for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// There is no such path.
    Path,
    /// The path is there, by other methods.
    Method,
}

/// The operations of a provider, found by what is asked.
#[derive(Debug)]
pub(crate) struct List<T> {
    operations: Vec<T>,
    line: fn(&T) -> &Line,
    /// Those whose paths have so many segments, and begin with this one.
    by_shape: HashMap<(usize, &'static str), Vec<usize>>,
}

impl<T> List<T> {
    /// The operations of a checked-in list that `read` wants.
    pub(crate) fn new(list: &'static str, read: fn(Line) -> Option<T>, line: fn(&T) -> &Line) -> Self {
        let operations: Vec<_> = lines(list).into_iter().filter_map(read).collect();
        let mut by_shape = HashMap::<_, Vec<_>>::new();
        for (at, operation) in operations.iter().enumerate() {
            let template = &line(operation).template;
            let first = template.first().copied().unwrap_or_default();
            debug_assert!(parameter(first).is_none(), "{template:?} could be anything");
            by_shape.entry((template.len(), first)).or_default().push(at);
        }
        Self { operations, line, by_shape }
    }

    /// The names of all.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.operations.iter().map(|operation| (self.line)(operation).name)
    }

    /// What a request asks for, and the parameters in its path.
    pub(crate) fn find(&self, method: &Method, path: &str) -> std::result::Result<(&T, Parameters), Mismatch> {
        let operation = self.operation(method, path)?;
        Ok((operation, (self.line)(operation).parameters(path)))
    }

    /// What a request asks for.
    pub(crate) fn operation(&self, method: &Method, path: &str) -> std::result::Result<&T, Mismatch> {
        let shape = (segments(path).count(), segments(path).next().unwrap_or_default());
        let candidates = self.by_shape.get(&shape).ok_or(Mismatch::Path)?;
        let candidates = candidates.iter().filter_map(|at| self.operations.get(*at));
        let mut fewest = None;
        let mut found = None;
        for operation in candidates {
            let line = (self.line)(operation);
            let Some(parameters) = line.count(path).filter(|count| fewest.is_none_or(|fewest| *count <= fewest)) else {
                continue;
            };
            // `/users/me` is no user whose id is `me`.
            if fewest.is_none_or(|fewest| parameters < fewest) {
                (fewest, found) = (Some(parameters), None);
            }
            found = found.or((line.method == *method).then_some(operation));
        }
        fewest.ok_or(Mismatch::Path)?;
        found.ok_or(Mismatch::Method)
    }
}

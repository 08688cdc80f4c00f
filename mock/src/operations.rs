//! The endpoints of a provider, as a checked-in list has them: one line each, with the name of the client's method.

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

    /// The parameters of the path, if it is one of this operation.
    fn parameters(&self, path: &[&str]) -> Option<Parameters> {
        (self.template.len() == path.len()).then_some(())?;
        let mut parameters = Vec::new();
        for (known, given) in self.template.iter().zip(path) {
            match known.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(_) if given.is_empty() => return None,
                Some(name) => {
                    let text = percent_encoding::percent_decode_str(given).decode_utf8_lossy().into_owned();
                    parameters.push((name, text));
                }
                None if known == given => {}
                None => return None,
            }
        }
        Some(parameters)
    }
}

/// The lines of a list, the names of the columns first. Lines without a name are of what is gone.
pub(crate) fn lines(list: &'static str) -> Vec<Line> {
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

/// Why there is no operation for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// There is no such path.
    Path,
    /// The path is there, by other methods.
    Method,
}

/// What a request asks for, and the parameters in its path.
pub(crate) fn find<'a, T>(
    list: &'a [T],
    line: impl Fn(&T) -> &Line,
    method: &Method,
    path: &str,
) -> Result<(&'a T, Parameters), Mismatch> {
    let path: Vec<_> = path.split('/').skip(1).collect();
    let mut found: Vec<_> =
        list.iter().filter_map(|operation| Some((operation, line(operation).parameters(&path)?))).collect();
    // `/users/me` is no user whose id is `me`.
    let fewest = found.iter().map(|(_, parameters)| parameters.len()).min().ok_or(Mismatch::Path)?;
    found.retain(|(operation, parameters)| parameters.len() == fewest && line(operation).method == *method);
    found.into_iter().next().ok_or(Mismatch::Method)
}

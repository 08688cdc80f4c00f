//! What can be wrong with a campaign.

use std::fmt;

use crate::error::Error;
use crate::redact;

/// One thing that is wrong with a campaign.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, such as `events[3].endsAt`; empty for the whole.
    pub path: String,
    /// The line of the file, from 1.
    pub line: Option<usize>,
    /// The column of a syntax error, from 1.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl Problem {
    /// A problem of the campaign itself, not of a file.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), line: None, column: None, message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}")?;
            self.column.map_or(Ok(()), |column| write!(f, ", column {column}"))?;
            f.write_str(": ")?;
        }
        // Both may quote the file, where a text can hold anything.
        let [path, message] = [&self.path, &self.message].map(|text| redact::bounded(text, usize::MAX));
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        f.write_str(&message)
    }
}

/// The problem as the error of a request that has it.
impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::invalid(problem.path, problem.message)
    }
}

/// All that is wrong with a campaign file, by line. `Display` gives one line to each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignErrors(Vec<Problem>);

impl CampaignErrors {
    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.line);
        Self(problems)
    }

    /// The problems, at least one.
    pub fn problems(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for CampaignErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            write!(f, "{}{problem}", if index > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for CampaignErrors {}

/// The path of a member.
pub(super) fn member(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

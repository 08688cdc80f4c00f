//! What a suite found.

use std::fmt;

use serde::Serialize;

use crate::journal;

/// How one check went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Outcome {
    /// It is as it should be.
    Held,
    /// It is not: what was found, what was expected, and where the suite says so.
    Failed(String),
    /// It was not asked: why.
    Skipped(String),
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// What should be, as a sentence.
    pub name: String,
    /// How it went.
    pub outcome: Outcome,
    /// The reason without any value of the service.
    #[serde(skip)]
    pub(super) brief: String,
}

/// What a suite found, check by check.
///
/// `Display` is a table for people, with a summary at its end.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use connectors_mock::{MockQrTiger, conformance};
///
/// let report = conformance::qrtiger(&MockQrTiger::new()).await;
/// println!("{report}");
/// assert!(report.is_conformant() && report.failed().next().is_none());
/// # }
/// ```
#[must_use = "a report is to be looked at; `assert` fails where anything does not hold"]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// What was looked at, such as `smartsheet`.
    pub subject: String,
    /// The checks, in the order in which they were made.
    pub checks: Vec<Check>,
    /// What was found out by the way, such as the variant of a gateway.
    pub observed: Vec<String>,
}

impl Report {
    pub(super) fn new(subject: &str) -> Self {
        Self { subject: subject.to_owned(), checks: Vec::new(), observed: Vec::new() }
    }

    /// The checks that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| matches!(check.outcome, Outcome::Failed(_)))
    }

    /// How the check of this name went; nothing where there is none.
    pub fn outcome(&self, name: &str) -> Option<&Outcome> {
        self.checks.iter().find(|check| check.name == name).map(|check| &check.outcome)
    }

    /// Nothing failed, and not everything was skipped.
    pub fn is_conformant(&self) -> bool {
        self.count().0 > 0 && self.failed().next().is_none()
    }

    /// For tests: fails unless it [is conformant](Self::is_conformant).
    ///
    /// # Panics
    ///
    /// With the table, if it is not.
    #[track_caller]
    pub fn assert(&self) {
        if !self.is_conformant() {
            journal::fail(&self.to_string());
        }
    }

    /// The same without any value that the service gave: of what failed, only what should have been, and the kind of
    /// error.
    pub fn without_values(mut self) -> Self {
        for check in &mut self.checks {
            if let Outcome::Failed(reason) | Outcome::Skipped(reason) = &mut check.outcome {
                reason.clone_from(&check.brief);
            }
        }
        self
    }

    /// Takes in what another suite found about the same.
    pub(super) fn append(&mut self, other: Self) {
        self.checks.extend(other.checks);
        self.observed.extend(other.observed);
    }

    /// How many held, failed, and were skipped.
    fn count(&self) -> (usize, usize, usize) {
        let count = |of: fn(&Outcome) -> bool| self.checks.iter().filter(|check| of(&check.outcome)).count();
        let held = count(|outcome| *outcome == Outcome::Held);
        let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
        (held, failed, self.checks.len() - held - failed)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.subject)?;
        for Check { name, outcome, .. } in &self.checks {
            let (word, reason) = match outcome {
                Outcome::Held => ("held", None),
                Outcome::Failed(reason) => ("FAILED", Some(reason)),
                Outcome::Skipped(why) => ("skipped", Some(why)),
            };
            writeln!(f, "  {word:7}  {name}")?;
            for line in reason.into_iter().flat_map(|reason| reason.lines()) {
                writeln!(f, "           {line}")?;
            }
        }
        for observed in &self.observed {
            writeln!(f, "  noted    {observed}")?;
        }
        let (held, failed, skipped) = self.count();
        let verdict = if self.is_conformant() { "conforms" } else { "does not conform" };
        write!(f, "{} {verdict}: {held} held, {failed} failed, {skipped} skipped", self.subject)
    }
}

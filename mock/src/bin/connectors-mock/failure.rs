//! Why the program ends early.

use std::fmt;
use std::process::ExitCode;

/// What went wrong, where, and what to do about it.
#[derive(Debug)]
pub enum Failure {
    /// The program was asked for something that does not fit together.
    Usage(String),
    /// It could not do what it was asked for.
    Failed(String),
}

impl Failure {
    /// It could not do what it was asked for.
    pub fn failed(problem: impl Into<String>) -> Self {
        Self::Failed(problem.into())
    }

    /// Tells it, and how the program ends.
    pub fn report(self) -> ExitCode {
        match self {
            Self::Usage(problem) => {
                eprintln!("error: {problem}\n\nFor more information, try '--help'.");
                ExitCode::from(2)
            }
            Self::Failed(problem) => {
                eprintln!("connectors-mock: {problem}");
                ExitCode::FAILURE
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(problem) | Self::Failed(problem) => f.write_str(problem),
        }
    }
}

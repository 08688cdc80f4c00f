//! Why the program ends early.

use std::process::ExitCode;

use connectors_core::Error;

/// What went wrong, and what to do about it.
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
                eprintln!("connectors-dashboard: {problem}");
                ExitCode::FAILURE
            }
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let field = error.field().map(|field| format!("{field}: ")).unwrap_or_default();
        let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
        Self::Failed(format!("{field}{}{hint}", error.message()))
    }
}

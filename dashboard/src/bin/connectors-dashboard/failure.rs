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

    /// What was asked for does not fit together.
    #[expect(clippy::needless_pass_by_value, reason = "what errors are mapped by")]
    pub fn usage(error: Error) -> Self {
        Self::Usage(words(&error))
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
        Self::Failed(words(&error))
    }
}

/// What an error says, without its kind.
fn words(error: &Error) -> String {
    let field = error.field().map(|field| format!("{field}: ")).unwrap_or_default();
    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("{field}{}{hint}", error.message())
}

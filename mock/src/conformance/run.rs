//! How suites are run: check by check, whatever happens.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, Location};

use connectors_core::{ConnectionReport, Error, ErrorKind, redact};
use futures_util::FutureExt;

use super::report::{Check, Outcome, Report};
use crate::recorder::Exhausted;

/// Ends the check unless this is so. What is said is without values; `of` shows those.
macro_rules! ensure {
    ($condition:expr, $claim:expr) => {
        ensure!($condition, $claim, of "")
    };
    ($condition:expr, $claim:expr, of $values:expr) => {
        if !$condition {
            return Err($crate::conformance::run::Failure::broken(&$claim.to_string(), &format!("{:?}", $values)));
        }
    };
}

/// Ends the check unless both are the same.
macro_rules! ensure_eq {
    ($found:expr, $expected:expr, $claim:expr) => {
        match (&$found, &$expected) {
            (found, expected) if *found != *expected => {
                let values = format!("it is {found:?}, not {expected:?}");
                return Err($crate::conformance::run::Failure::broken(&$claim.to_string(), &values));
            }
            _ => {}
        }
    };
}

/// So much is said of what was found, in characters.
const SHOWN: usize = 800;

/// Why a check did not hold.
#[derive(Debug)]
pub(super) struct Failure {
    /// Whether it could not be asked at all.
    skipped: bool,
    /// Without any value of the service.
    brief: String,
    values: String,
}

pub(super) type Checked<T = ()> = Result<T, Failure>;

impl Failure {
    #[track_caller]
    pub(super) fn broken(claim: &str, values: &str) -> Self {
        let place = place(Location::caller());
        Self { skipped: false, brief: format!("{claim} ({place})"), values: redact::bounded(values, SHOWN) }
    }

    /// The check does not apply.
    pub(super) fn not_asked(why: impl Into<String>) -> Self {
        Self { skipped: true, brief: why.into(), values: String::new() }
    }
}

/// Whether a request was not sent because the suite may send no more.
fn exhausted(error: &Error) -> Option<Failure> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(link) = cause {
        if let Some(limit) = link.downcast_ref::<Exhausted>() {
            return Some(Failure::not_asked(limit.to_string()));
        }
        cause = link.source();
    }
    None
}

/// What cannot be done is not asked; anything else that goes wrong is a failure.
impl From<Error> for Failure {
    #[track_caller]
    fn from(error: Error) -> Self {
        if let Some(not_asked) = exhausted(&error) {
            return not_asked;
        }
        if error.kind() == ErrorKind::Unsupported {
            return Self { values: error.message().to_owned(), ..Self::not_asked("the service does not have it") };
        }
        let status = error.status().map(|status| format!(", HTTP {}", status.as_u16())).unwrap_or_default();
        let claim = format!("{} failed: {}{status}", error.operation(), error.kind());
        Self::broken(&claim, &format!("{error:#}"))
    }
}

/// Below the crate: where it lies on this machine is nobody's business.
fn place(location: &Location<'_>) -> String {
    let file = location.file().replace('\\', "/");
    let below = file.rsplit_once("src/").map_or(file.as_str(), |(_, below)| below);
    format!("{below}:{}", location.line())
}

/// A suite under way.
pub(super) struct Run(Report);

impl Run {
    pub(super) fn new(subject: &str) -> Self {
        Self(Report::new(subject))
    }

    /// Makes one check, and gives what came out of it if it held. A panic of the service is a failure.
    pub(super) async fn check<T>(&mut self, name: &str, check: impl Future<Output = Checked<T>>) -> Option<T> {
        let outcome = match AssertUnwindSafe(check).catch_unwind().await {
            Ok(outcome) => outcome,
            Err(panic) => {
                let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
                let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
                Err(Failure::broken("the service panicked", &text))
            }
        };
        let (held, outcome, brief) = match outcome {
            Ok(held) => (Some(held), Outcome::Held, String::new()),
            Err(Failure { skipped, brief, values }) => {
                let reason = if values.is_empty() { brief.clone() } else { format!("{brief}\n{values}") };
                (None, if skipped { Outcome::Skipped(reason) } else { Outcome::Failed(reason) }, brief)
            }
        };
        self.0.checks.push(Check { name: name.to_owned(), outcome, brief });
        held
    }

    /// What was found out by the way.
    pub(super) fn note(&mut self, observed: impl Into<String>) {
        self.0.observed.push(observed.into());
    }

    pub(super) fn append(&mut self, report: Report) {
        self.0.append(report);
    }

    pub(super) fn finish(self) -> Report {
        self.0
    }
}

/// The connection test says that the service can be used.
#[track_caller]
pub(super) fn connected(report: &ConnectionReport) -> Checked {
    if let Some(not_asked) = report.error.as_ref().and_then(exhausted) {
        return Err(not_asked);
    }
    ensure!(report.is_connected(), format!("it is connected, not {:?}", report.status), of report);
    Ok(())
}

/// What an earlier check gave.
pub(super) fn given<T>(from: Option<&T>) -> Checked<&T> {
    from.ok_or_else(|| Failure::not_asked("an earlier check did not give what this one needs"))
}

/// The error of what should have been refused.
#[track_caller]
pub(super) fn refusal<T: Debug>(outcome: connectors_core::Result<T>, what: &str) -> Checked<Error> {
    match outcome {
        Err(error) if error.kind() == ErrorKind::Unsupported => Err(error.into()),
        Err(error) => exhausted(&error).map_or(Ok(error), Err),
        Ok(done) => Err(Failure::broken(&format!("{what} is not refused"), &format!("{done:?}"))),
    }
}

/// It is refused like this; by this field, where one is named.
#[track_caller]
pub(super) fn refused<T: Debug>(
    outcome: connectors_core::Result<T>,
    kind: ErrorKind,
    field: Option<&str>,
    what: &str,
) -> Checked {
    let error = refusal(outcome, what)?;
    if error.kind() == kind && (field.is_none() || error.field() == field) {
        return Ok(());
    }
    let of = field.map(|field| format!(" of {field:?}")).unwrap_or_default();
    let claim = format!("{what} is refused as \"{kind}\"{of}");
    Err(Failure::broken(&claim, &format!("it is {} of {:?}: {error}", error.kind(), error.field())))
}

/// It is denied as something that the service does not have.
#[track_caller]
pub(super) fn denied<T: Debug>(outcome: connectors_core::Result<T>, what: &str) -> Checked {
    match outcome {
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(()),
        Err(error) => Err(Failure::broken(&format!("{what} is denied as unsupported"), &error.to_string())),
        Ok(done) => Err(Failure::broken(&format!("{what} is denied as unsupported"), &format!("{done:?}"))),
    }
}

/// What a service says that it can do is not unsupported.
#[track_caller]
pub(super) fn claimed<T>(outcome: connectors_core::Result<T>, what: &str) -> Checked<T> {
    outcome.map_err(|error| match error.kind() {
        ErrorKind::Unsupported => {
            Failure::broken(&format!("{what} is said to be possible, and unsupported"), &error.to_string())
        }
        _ => error.into(),
    })
}

pub(super) use {ensure, ensure_eq};

//! What a provider's crate keeps of itself about every request, such as a quota of a week.

use std::fmt::Debug;
use std::sync::Arc;

use http::StatusCode;

use crate::core::Core;
use crate::error::Result;
use crate::operation::Operation;
use crate::options::BoxFuture;

/// Asked before each request of a client, retries and polls too, and told what came of it. What goes
/// [elsewhere](Core::fetch) is none of its business.
pub trait Gate: Debug + Send + Sync + 'static {
    /// What has to be done before a request of this operation, if anything; where it fails, so does the call. It may
    /// send requests of its own. [`enter`](Self::enter) follows at once, in the same poll.
    fn prepare(self: Arc<Self>, core: &Core, operation: &'static Operation) -> Option<BoxFuture<Result<()>>>;

    /// Lets a request in, or refuses the call.
    fn enter(&self, operation: &'static Operation) -> Result<()>;

    /// This came of a request that was let in.
    fn leave(&self, operation: &'static Operation, passed: Passed);
}

/// What came of a request that was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// It was never sent.
    Unsent,
    /// It may have been sent, and has no answer: it was given up, or its connection broke.
    Lost,
    /// It was answered.
    Answered(StatusCode),
}

/// A request that was let in.
pub(crate) struct Admitted {
    gate: Arc<dyn Gate>,
    operation: &'static Operation,
    passed: Passed,
}

impl Admitted {
    pub(crate) fn new(gate: &Arc<dyn Gate>, operation: &'static Operation) -> Result<Self> {
        gate.enter(operation)?;
        Ok(Self { gate: Arc::clone(gate), operation, passed: Passed::Unsent })
    }

    pub(crate) fn is(&mut self, passed: Passed) {
        self.passed = passed;
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.gate.leave(self.operation, self.passed);
    }
}

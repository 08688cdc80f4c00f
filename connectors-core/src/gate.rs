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
    /// What has to be found out before a request of this operation, if anything. It may send requests of its own.
    fn prepare(self: Arc<Self>, core: &Core, operation: &'static Operation) -> Option<BoxFuture<()>>;

    /// Lets a request in, or refuses the call.
    fn enter(&self, operation: &'static Operation) -> Result<()>;

    /// A request that was let in has been answered by this status, or has no answer: it was never sent, given up, or
    /// its connection broke.
    fn leave(&self, operation: &'static Operation, status: Option<StatusCode>);
}

/// A request that was let in.
pub(crate) struct Admitted {
    gate: Arc<dyn Gate>,
    operation: &'static Operation,
    status: Option<StatusCode>,
}

impl Admitted {
    pub(crate) fn new(gate: &Arc<dyn Gate>, operation: &'static Operation) -> Result<Self> {
        gate.enter(operation)?;
        Ok(Self { gate: Arc::clone(gate), operation, status: None })
    }

    pub(crate) fn answered(&mut self, status: StatusCode) {
        self.status = Some(status);
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.gate.leave(self.operation, self.status);
    }
}

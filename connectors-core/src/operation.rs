//! What a provider can do: one constant per endpoint.

use http::Method;

/// Whether a request may be sent again when nobody knows if the first one took effect.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Safety {
    /// Changes nothing: repeat at will (also for reads that are POSTs).
    ReadOnly,
    /// Doing it twice is the same as doing it once.
    Idempotent,
    /// Carries a key by which the provider recognises a repetition.
    Keyed,
    /// Every request has an effect: repeated only when it certainly did not run.
    Once,
}

/// One endpoint of a provider, as a constant beside the method that calls it.
///
/// ```
/// use connectors_core::provider::{Operation, Safety};
/// use http::Method;
///
/// const GET_SHEET: Operation = Operation::new("acme", "sheets.get", Method::GET, "/sheets/{sheetId}");
/// const COPY: Operation = Operation::new("acme", "sheets.copy", Method::POST, "/sheets/{sheetId}/copy").cost(10);
/// const REPORT: Operation = Operation::new("acme", "reports.run", Method::POST, "/reports")
///     .safety(Safety::ReadOnly)
///     .group("reports");
/// assert_eq!((GET_SHEET.safety, COPY.safety, REPORT.safety), (Safety::ReadOnly, Safety::Once, Safety::ReadOnly));
/// ```
#[derive(Debug, Clone)]
pub struct Operation {
    /// The provider's name, in lower case.
    pub provider: &'static str,
    /// `resource.action`, as the client spells it.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base URL; parameters in braces.
    pub path: &'static str,
    /// What may be repeated. By default from the method: GET and HEAD read, PUT and DELETE are idempotent.
    pub safety: Safety,
    /// The rate-limit group it counts in, besides `"*"`.
    pub group: &'static str,
    /// How many calls of the quota it costs.
    pub cost: u32,
}

impl Operation {
    /// An operation whose safety follows from its method, in group `""`, at cost 1.
    pub const fn new(provider: &'static str, name: &'static str, method: Method, path: &'static str) -> Self {
        let safety = match &method {
            &Method::GET | &Method::HEAD => Safety::ReadOnly,
            &Method::PUT | &Method::DELETE => Safety::Idempotent,
            _ => Safety::Once,
        };
        Self { provider, name, method, path, safety, group: "", cost: 1 }
    }

    /// Overrules the safety that the method suggests.
    pub const fn safety(mut self, safety: Safety) -> Self {
        self.safety = safety;
        self
    }

    /// Counts in this rate-limit group as well.
    pub const fn group(mut self, group: &'static str) -> Self {
        self.group = group;
        self
    }

    /// Counts as this many calls.
    pub const fn cost(mut self, cost: u32) -> Self {
        self.cost = cost;
        self
    }
}

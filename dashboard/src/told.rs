//! How what happens is put into what the page shows.

use chrono::{DateTime, Utc};
use connectors_core::{ConnectionReport, ConnectionStatus, Error, Result};

use crate::model::{Activity, Failure, Level, Sync, SyncState, TestReport};
use crate::provider::Provider;
use crate::store;

/// What is wrong, without what to do about it: that is told on a line of its own.
pub(crate) fn line(error: &Error) -> String {
    let text = error.to_string();
    let line = error.hint().and_then(|hint| text.strip_suffix(hint)?.strip_suffix("; "));
    line.map_or(text.clone(), str::to_owned)
}

impl Failure {
    pub(crate) fn new(provider: &'static Provider, error: &Error, entity: Option<String>, at: DateTime<Utc>) -> Self {
        Self {
            id: 0,
            at,
            integration: provider.id,
            operation: error.operation().to_owned(),
            kind: error.kind().as_str().to_owned(),
            message: line(error),
            hint: error.hint().map(str::to_owned),
            entity: entity.or_else(|| error.field().map(str::to_owned)),
            status: error.status().map(|status| status.as_u16()),
            request_id: error.request_id().map(str::to_owned),
            retryable: error.is_retryable(),
            maybe_applied: error.maybe_applied(),
        }
    }

    pub(crate) fn to_json(&self) -> Result<String> {
        store::json(self)
    }

    pub(crate) fn parsed(id: i64, provider: &'static Provider, text: &str) -> Result<Self> {
        Ok(Self { id, integration: provider.id, ..store::parsed(text)? })
    }
}

impl Activity {
    pub(crate) fn parsed(id: i64, integration: Option<&str>, text: &str) -> Result<Self> {
        let integration = integration.and_then(Provider::of).map(|provider| provider.id);
        Ok(Self { id, integration, ..store::parsed(text)? })
    }
}

impl TestReport {
    pub(crate) fn new(provider: &'static Provider, report: &ConnectionReport) -> Self {
        let name = provider.name;
        let explanation = match report.status {
            ConnectionStatus::Connected => format!("{name} answers and accepts the credentials."),
            ConnectionStatus::Unreachable => format!("{name} does not answer: the address, the network or TLS."),
            ConnectionStatus::BadKey => format!("{name} answers, and does not accept the credentials."),
            ConnectionStatus::MissingPermission => {
                format!("{name} accepts the credentials, which lack a right, a scope or a plan.")
            }
            ConnectionStatus::Throttled => format!("{name} says that these are too many requests for now."),
            ConnectionStatus::WrongUrl => format!("Something answers at this address, but not {name}'s API."),
            _ => format!("{name} fails."),
        };
        let explanation = match &report.error {
            Some(error) => format!("{explanation} In detail: {}.", line(error)),
            None => explanation,
        };
        Self {
            integration: provider.id,
            status: report.status,
            connected: report.is_connected(),
            explanation,
            hint: report.error.as_ref().and_then(|error| error.hint()).map(str::to_owned),
            identity: report.identity.clone(),
            elapsed_ms: u64::try_from(report.elapsed.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

impl Sync {
    /// How it ended, as an activity and a toast say it.
    pub(crate) fn told(&self) -> (Level, String) {
        let Self { id, total, created, updated, unchanged, failed, unknown, pending, .. } = self;
        let done = format!("{created} created, {updated} changed, {unchanged} unchanged");
        let wrong = format!("{failed} failed, {unknown} unknown, {pending} not begun");
        match self.state {
            SyncState::Succeeded => (Level::Success, format!("sync {id} done: {total} events, {done}")),
            SyncState::Cancelled => (Level::Warning, format!("sync {id} cancelled: {done}, {wrong}")),
            SyncState::Partial => (Level::Warning, format!("sync {id} done in part: {done}, {wrong}")),
            _ => {
                let why = self.message.as_ref().map(|message| format!(": {message}")).unwrap_or_default();
                (Level::Error, format!("sync {id} failed{why} ({done}, {wrong})"))
            }
        }
    }
}

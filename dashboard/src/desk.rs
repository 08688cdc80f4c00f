//! One integration, as the hub keeps it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use connectors_core::{ConnectionReport, ConnectionStatus, Error};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::meter::Meter;
use crate::model::{Count, Quota, Source, Status, Sync, SyncState, Traffic};
use crate::provider::{Integration, Provider};

/// One integration: what it is connected to, and how it stands.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) provider: &'static Provider,
    pub(crate) meter: Arc<Meter>,
    state: Mutex<DeskState>,
}

#[derive(Debug)]
pub(crate) struct DeskState {
    pub(crate) integration: Option<Arc<dyn Integration>>,
    pub(crate) source: Source,
    /// Why it could not be connected, although it is set up.
    pub(crate) refused: Option<Error>,
    pub(crate) standing: Standing,
    pub(crate) long_quotas: Vec<Quota>,
    pub(crate) running: Option<Running>,
    /// Whether its card has changed since it was told.
    pub(crate) stale: bool,
}

/// The sync under way: it has the desk for itself.
#[derive(Debug, Clone)]
pub(crate) struct Running {
    /// Its number, once it has one.
    pub(crate) sync: Option<i64>,
    pub(crate) cancelled: CancellationToken,
}

/// What is kept of a desk over restarts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Standing {
    pub(crate) health: Option<Health>,
    pub(crate) identity: Option<String>,
    pub(crate) tested_at: Option<DateTime<Utc>>,
    pub(crate) counts: Vec<Count>,
    pub(crate) counted_at: Option<DateTime<Utc>>,
    pub(crate) traffic: Traffic,
}

/// How the connection was when it was last used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Health {
    pub(crate) status: Status,
    pub(crate) reason: Option<String>,
    pub(crate) hint: Option<String>,
}

impl Health {
    /// What the outcome of a call says of the connection.
    pub(crate) fn of(provider: &'static Provider, error: Option<&Error>) -> Self {
        let Some(error) = error else { return Self { status: Status::Connected, reason: None, hint: None } };
        let report = ConnectionReport::new(provider.id, error.elapsed(), Err(error.clone()));
        Self::tested(&report)
    }

    /// What a connection test says.
    pub(crate) fn tested(report: &ConnectionReport) -> Self {
        let status = match report.status {
            ConnectionStatus::Connected => Status::Connected,
            ConnectionStatus::Throttled => Status::Degraded,
            _ => Status::Failing,
        };
        let hint = report.error.as_ref().and_then(|error| error.hint()).map(str::to_owned);
        Self { status, reason: report.message.clone(), hint }
    }
}

impl Desk {
    pub(crate) fn new(provider: &'static Provider, meter: Arc<Meter>, standing: Standing) -> Self {
        let state = DeskState {
            integration: None,
            source: Source::None,
            refused: None,
            standing,
            long_quotas: Vec::new(),
            running: None,
            stale: true,
        };
        Self { provider, meter, state: Mutex::new(state) }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, DeskState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DeskState {
    /// Uses this integration from now on, or tells why there is none.
    pub(crate) fn take(&mut self, integration: Option<Arc<dyn Integration>>, source: Source, refused: Option<Error>) {
        (self.integration, self.source, self.refused, self.stale) = (integration, source, refused, true);
    }

    /// How the integration stands, why, and what to do about it.
    pub(crate) fn judged(&self, last_sync: Option<&Sync>) -> Health {
        let health = |status, reason: Option<&str>, hint: Option<&str>| Health {
            status,
            reason: reason.map(str::to_owned),
            hint: hint.map(str::to_owned),
        };
        if let Some(error) = &self.refused {
            return health(Status::Failing, Some(&error.to_string()), error.hint());
        }
        if self.integration.is_none() {
            return health(Status::NotConfigured, Some("no key is set"), Some("enter one in the settings"));
        }
        match (&self.standing.health, last_sync) {
            (Some(known), _) if known.status != Status::Connected => known.clone(),
            (_, Some(sync)) if !matches!(sync.state, SyncState::Succeeded | SyncState::Cancelled) => {
                let said = sync.message.clone().unwrap_or_else(|| match (sync.failed, sync.unknown) {
                    (failed, 0) => format!("{failed} of {} events failed", sync.total),
                    (failed, unknown) => format!("{failed} of {} events failed, {unknown} are unknown", sync.total),
                });
                let hint = sync.resumable.then_some("resume the sync: it takes up what is left");
                health(Status::Degraded, Some(&format!("the last sync: {said}")), hint)
            }
            (Some(known), _) => known.clone(),
            (None, Some(_)) => health(Status::Connected, None, None),
            (None, None) => health(Status::Unknown, Some("not tested yet"), Some("test the connection, or sync")),
        }
    }
}

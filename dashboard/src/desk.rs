//! One integration, as the hub keeps it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use connectors_core::{ConnectionReport, ConnectionStatus, Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::meter::{Meter, Said};
use crate::model::{Count, Quota, Source, Status, Sync, SyncState, Traffic};
use crate::provider::{Integration, Provider};

/// So many requests in a row that failed are no bad luck.
const FAILING_AFTER: u32 = 3;

const PATIENCE: &str = "nothing to do: what was asked for is asked for again after the wait";

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
    /// What people call the contract in force, where there are several.
    pub(crate) contract: Option<&'static str>,
    /// Why it could not be connected, although it is set up.
    pub(crate) refused: Option<Error>,
    pub(crate) standing: Standing,
    pub(crate) long_quotas: Vec<Quota>,
    pub(crate) running: Option<Running>,
    /// Whether its settings are being changed: no sync begins meanwhile.
    pub(crate) changing: bool,
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
    /// What it is about, without anything secret: see `Values::account`. Another account is another story.
    pub(crate) account: String,
    /// When it began.
    pub(crate) since: Option<DateTime<Utc>>,
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
    /// What the clients say of the connection. One request that fails may be bad luck; several in a row are not, nor is
    /// a key that is rejected.
    pub(crate) fn said(provider: &'static Provider, said: &Said) -> Self {
        match said {
            Said::Works => Self { status: Status::Connected, reason: None, hint: None },
            Said::Throttled(wait) => {
                let wait = wait.map(|wait| format!(" and asks to wait for {} s", wait.as_secs_f64().ceil()));
                let reason =
                    format!("{} says that these are too many requests{}", provider.name, wait.unwrap_or_default());
                Self { status: Status::Degraded, reason: Some(reason), hint: Some(PATIENCE.to_owned()) }
            }
            Said::Fails(error, in_a_row) => {
                let mut health = Self::tested(&ConnectionReport::new(provider.id, error.elapsed(), Err(error.clone())));
                if *in_a_row < FAILING_AFTER && error.kind() != ErrorKind::Auth {
                    health.status = Status::Degraded;
                }
                health
            }
        }
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
            contract: None,
            refused: None,
            standing,
            long_quotas: Vec::new(),
            running: None,
            changing: false,
            stale: true,
        };
        Self { provider, meter, state: Mutex::new(state) }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, DeskState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps syncs from beginning while the settings are changed.
    pub(crate) fn hold(&self) -> Result<Hold<'_>> {
        let conflict =
            |message: String, hint: &'static str| Err(Error::new(ErrorKind::Conflict, message).with_hint(hint));
        let (name, mut state) = (self.provider.name, self.state());
        if state.source == Source::Application {
            return conflict(format!("the application sets {name} up"), "change its settings there");
        }
        if state.running.is_some() {
            return conflict(format!("a sync of {name} is under way"), "wait for its end, or cancel it");
        }
        state.changing = true;
        Ok(Hold(self))
    }
}

/// Held while the settings of a desk are changed.
#[derive(Debug)]
pub(crate) struct Hold<'a>(&'a Desk);

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.0.state().changing = false;
    }
}

impl DeskState {
    /// What it is connected to, or why it is not.
    pub(crate) fn integration(&self, provider: &'static Provider) -> Result<Arc<dyn Integration>> {
        if let Some(error) = &self.refused {
            return Err(error.clone());
        }
        let missing = || Error::config(provider.id, "is not set up").with_hint("enter a key in its settings");
        self.integration.clone().ok_or_else(missing)
    }

    /// Uses this integration from now on, or tells why there is none.
    pub(crate) fn take(&mut self, integration: Option<Arc<dyn Integration>>, source: Source, refused: Option<Error>) {
        (self.integration, self.source, self.refused, self.stale) = (integration, source, refused, true);
    }

    /// Whether this is what it is connected to.
    pub(crate) fn uses(&self, integration: &Arc<dyn Integration>) -> bool {
        self.integration.as_ref().is_some_and(|ours| Arc::ptr_eq(ours, integration))
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
        // A sync by other settings says nothing about these.
        let last_sync = last_sync.filter(|sync| sync.ended_at >= self.standing.since);
        match (&self.standing.health, last_sync) {
            (Some(known), _) if known.status != Status::Connected => known.clone(),
            (_, Some(sync)) if !matches!(sync.state, SyncState::Succeeded | SyncState::Cancelled) => {
                let said = sync.message.clone().unwrap_or_else(|| match (sync.failed, sync.unknown) {
                    (failed, 0) => format!("{failed} of {} events failed", sync.total),
                    (0, unknown) => format!("{unknown} of {} events are unknown", sync.total),
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

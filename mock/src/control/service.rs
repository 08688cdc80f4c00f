//! A fake at its place.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::faults::Posted;
use crate::backend::Backend;

/// A fake below a prefix of a port.
#[derive(Debug)]
pub(super) struct Service {
    port: u16,
    prefix: String,
    backend: Backend,
    pub(super) posted: Mutex<Posted>,
}

/// What is told of a service.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    pub(super) name: String,
    pub(super) provider: &'static str,
    pub(super) url: String,
    /// What clients of this family are to be told, as variables of the environment.
    pub(super) environment: BTreeMap<&'static str, String>,
    pub(super) now: DateTime<Utc>,
    /// How much there is of what it holds.
    pub(super) holds: BTreeMap<&'static str, usize>,
    pub(super) requests: u64,
    pub(super) faults_pending: usize,
    pub(super) faults_met: BTreeMap<&'static str, u32>,
    pub(super) chaos: Option<f64>,
    pub(super) latency: String,
    pub(super) quotas_enforced: bool,
}

impl Service {
    pub(super) fn new(address: SocketAddr, prefix: &str, backend: Backend) -> Self {
        Self { port: address.port(), prefix: prefix.to_owned(), backend, posted: Mutex::default() }
    }

    pub(super) fn backend(&self) -> &Backend {
        &self.backend
    }

    pub(super) fn provider(&self) -> &'static str {
        self.backend.fake().provider()
    }

    /// What tells it from others of its provider.
    pub(super) fn by_place(&self) -> String {
        match self.prefix.trim_matches('/') {
            "" => format!("{}-{}", self.provider(), self.port),
            prefix => prefix.replace('/', "-"),
        }
    }

    /// Where a client finds it that knows this machine by this name.
    pub(super) fn url(&self, host: &str) -> String {
        format!("http://{host}:{}{}", self.port, self.prefix)
    }

    pub(super) fn summary(&self, name: &str, host: &str) -> Summary {
        let (backend, url) = (&self.backend, self.url(host));
        let settings = backend.settings();
        Summary {
            name: name.to_owned(),
            provider: self.provider(),
            environment: backend.fake().environment(&url).into_iter().collect(),
            url,
            now: backend.clock().now_utc(),
            holds: backend.fake().holds().into_iter().collect(),
            requests: settings.requests,
            faults_pending: backend.pending_faults(),
            faults_met: backend.fault_counts(),
            chaos: settings.chaos,
            latency: settings.latency.to_string(),
            quotas_enforced: settings.quotas_enforced,
        }
    }
}

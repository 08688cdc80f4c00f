//! The fake itself: which face a request is for, and what people can do to its world from outside.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use connectors_brandscopic::Contract;
use connectors_core::{HttpRequest, Result};
use http::StatusCode;

use super::gateway::GatewayVariant;
use super::setup::{BrandscopicSetup, Origin};
use super::state::{Company, FakeEvent, FakePlace, FakeProject, FakeRecap, State};
use super::{gateway, native, storage};
use crate::fake::{Fake, Reply, Route, headers, html, with_retry_after};
use crate::snapshot;

/// Where each face begins.
const NATIVE: &str = "/api/v1";
const GATEWAY: &str = "/v1";

/// A Brandscopic without a server: one world that the native API (`/api/v1`) and a gateway (`/v1`) both show.
pub struct FakeBrandscopic {
    state: Mutex<State>,
    /// Whose words failures are told in that happen before a request is understood.
    contract: Contract,
    variant: GatewayVariant,
    origin: Origin,
}

impl FakeBrandscopic {
    /// The user's e-mail on the native face.
    pub const EMAIL: &str = "field@example.com";
    /// The user's password on the native face.
    pub const PASSWORD: &str = "mock-password";
    /// The company that the user worked for last; 12 is another one of the user.
    pub const COMPANY: i64 = 7;
    /// The key of the gateway.
    pub const API_KEY: &str = "mock-key";

    pub(super) fn new(origin: Origin, contract: Contract, variant: GatewayVariant, now: DateTime<Utc>) -> Result<Self> {
        let state = Mutex::new(origin.begin(None, now)?);
        Ok(Self { state, contract, variant, origin })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All events, in the order of their creation.
    pub fn events(&self) -> Vec<FakeEvent> {
        self.state().events.clone()
    }

    /// All campaigns or projects, in the order of their creation.
    pub fn projects(&self) -> Vec<FakeProject> {
        self.state().projects.clone()
    }

    /// All venues, in the order of their creation.
    pub fn venues(&self) -> Vec<FakePlace> {
        self.state().venues.clone()
    }

    /// What a gateway was told as the external id of a project or an event.
    pub fn external_id(&self, id: i64) -> Option<String> {
        self.state().external_ids.get(&id).cloned()
    }

    /// Ends the user's session: the token is no longer accepted, a login gives a new one.
    pub fn expire_token(&self) {
        self.state().token += 1;
    }

    /// Somebody edits an event by hand. Does nothing if there is none with this id.
    pub fn edit(&self, event: i64, change: impl FnOnce(&mut FakeEvent)) {
        if let Some(event) = self.state().events.iter_mut().find(|e| e.id == event) {
            change(event);
        }
    }

    /// The field staff hands in a recap, or somebody judges it.
    pub fn set_recap(&self, event: i64, recap: FakeRecap) {
        self.edit(event, |event| event.recap = Some(recap));
    }

    /// Somebody limits how much of something (`photos`, `expenses` or `comments`) the events of a campaign have: a recap
    /// with less cannot be submitted, and no more is taken.
    pub fn limit(&self, campaign: i64, module: &str, min: Option<u64>, max: Option<u64>) {
        self.state().stores.events.set_limit(campaign, module, min, max);
    }

    /// Somebody deactivates an event by hand.
    pub fn deactivate(&self, event: i64) {
        self.edit(event, |event| event.inactive = true);
    }

    /// Somebody wants a receipt for each expense of this campaign.
    pub fn require_receipts(&self, campaign: i64) {
        self.state().stores.expenses.require_receipts(campaign);
    }

    /// What lies in the storage that files are put into before they are registered: the keys, in the order they came.
    pub fn stored_keys(&self) -> Vec<String> {
        self.state().storage.keys()
    }

    /// An administrator takes a permission, such as `events_create`, from the user's role.
    pub fn revoke(&self, permission: &str) {
        self.state().stores.users.revoke(permission);
    }

    /// The user joins another company.
    pub fn join_company(&self, id: i64, name: impl Into<String>) {
        self.state().companies.push(Company { id, name: name.into() });
    }

    /// Somebody removes the user from the company with this id.
    pub fn leave_company(&self, company: i64) {
        self.state().companies.retain(|known| known.id != company);
    }
}

impl fmt::Debug for FakeBrandscopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("FakeBrandscopic")
            .field("contract", &self.contract)
            .field("projects", &state.projects.len())
            .field("venues", &state.venues.len())
            .field("events", &state.events.len())
            .finish_non_exhaustive()
    }
}

impl Fake for FakeBrandscopic {
    fn provider(&self) -> &'static str {
        "brandscopic"
    }

    fn operations(&self) -> Vec<&'static str> {
        super::operations::names().chain(gateway::names()).chain(["uploads.download", "uploads.store"]).collect()
    }

    /// Of the contract that it was made for: a client is told of one alone.
    fn environment(&self, base: &str) -> Vec<(&'static str, String)> {
        match self.contract {
            Contract::Native => vec![
                ("BRANDSCOPIC_HOST", base.to_owned()),
                ("BRANDSCOPIC_EMAIL", Self::EMAIL.to_owned()),
                ("BRANDSCOPIC_PASSWORD", Self::PASSWORD.to_owned()),
            ],
            _ => vec![
                ("BRANDSCOPIC_API_URL", format!("{base}{GATEWAY}")),
                ("BRANDSCOPIC_API_KEY", Self::API_KEY.to_owned()),
            ],
        }
    }

    fn holds(&self) -> Vec<(&'static str, usize)> {
        let state = self.state();
        vec![
            ("campaigns or projects", state.projects.len()),
            ("venues", state.venues.len()),
            ("events", state.events.len()),
        ]
    }

    fn route(&self, request: &HttpRequest) -> Option<Route> {
        if let Some(route) = storage::route(request) {
            return Some(route);
        }
        let path = request.uri().path();
        if let Some(below) = path.strip_prefix(NATIVE) {
            return Some(native::route(request, below)?.0.route());
        }
        gateway::route(request.method(), path.strip_prefix(GATEWAY)?)
    }

    fn handle(&self, request: &HttpRequest, now: DateTime<Utc>) -> Reply {
        let path = request.uri().path();
        let mut state = self.state();
        if storage::route(request).is_some() {
            return storage::serve(&mut state, request, now);
        }
        if let Some(below) = path.strip_prefix(NATIVE) {
            return match native::route(request, below) {
                Some(found) => native::handle(&mut state, found, request, now),
                None => native::nowhere(),
            };
        }
        match path.strip_prefix(GATEWAY) {
            Some(below) => gateway::handle(&mut state, self.variant, below, request, now),
            None => html(StatusCode::NOT_FOUND),
        }
    }

    fn credentials(&self) -> http::HeaderMap {
        let state = self.state();
        let company = state.companies.first().map(|company| company.id).unwrap_or_default();
        headers([
            ("authorization", format!("Bearer {}", Self::API_KEY)),
            ("x-tenant-id", state.tenant.clone().unwrap_or_default()),
            ("x-auth-token", state.token()),
            ("x-user-email", Self::EMAIL.to_owned()),
            ("x-company-id", company.to_string()),
        ])
    }

    fn throttled(&self, retry_after: Option<Duration>) -> Reply {
        let reply = match self.contract {
            Contract::Native => native::refusal(StatusCode::TOO_MANY_REQUESTS, "Too many requests"),
            _ => gateway::refusal(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", "too many requests"),
        };
        with_retry_after(reply.into(), retry_after)
    }

    fn failure(&self, status: StatusCode) -> Reply {
        match self.contract {
            // Crashes and router timeouts answer with a page.
            Contract::Native => html(status),
            _ => gateway::refusal(status, "UPSTREAM_FAILED", "the service behind the gateway failed").into(),
        }
    }

    fn reset(&self, seed: Option<u64>, now: DateTime<Utc>) -> Result<()> {
        *self.state() = self.origin.begin(seed, now)?;
        Ok(())
    }

    fn save(&self) -> Result<String> {
        snapshot::write(self.provider(), &*self.state())
    }

    fn load(&self, state: &str) -> Result<()> {
        let loaded: State = snapshot::read(self.provider(), state)?;
        loaded.check()?;
        *self.state() = loaded;
        Ok(())
    }

    fn add(&self, setup: &str, now: DateTime<Utc>) -> Result<()> {
        let setup: BrandscopicSetup = snapshot::parse(setup)?;
        snapshot::amend(&mut *self.state(), |with| setup.apply(with, now))
    }
}

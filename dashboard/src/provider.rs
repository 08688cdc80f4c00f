//! What the dashboard has to know about a provider.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use connectors_core::provider::Vars;
use connectors_core::{ConnectionReport, LinkStore, Observer, Result};

use crate::model::{Choice, Count, Quota};
use crate::providers::{BRANDSCOPIC, PLACER, QRTIGER, SMARTSHEET};
use crate::run::Run;

/// A provider that the dashboard has a card for.
#[derive(Debug)]
#[non_exhaustive]
pub struct Provider {
    /// Its id, as in URLs and errors.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// The contracts to choose from; empty where there is but one.
    pub contracts: &'static [Choice],
    /// The environment variable that chooses the contract, where the other variables do not.
    pub contract_var: Option<&'static str>,
    /// Its settings, in the order to show them.
    pub fields: &'static [Field],
    /// Whether a sync creates or changes something there.
    pub writes: bool,
    /// Makes an integration of its settings.
    pub(crate) connect: fn(&Parts<'_>) -> Result<Arc<dyn Integration>>,
}

/// A setting, called as the environment variable that it may come from.
#[derive(Debug)]
#[non_exhaustive]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What to know about it.
    pub help: &'static str,
    /// What becomes of it.
    pub kind: FieldKind,
    /// Whether the integration cannot do without.
    pub required: bool,
    /// The contract that it belongs to, unless it belongs to all.
    pub contract: Option<&'static str>,
    /// What holds when nothing is set.
    pub default: Option<&'static str>,
}

/// What becomes of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// It is shown.
    Plain,
    /// It is shown, and says whom the secrets are sent to: changing it takes giving them again.
    Address,
    /// Only its last four characters are ever shown.
    Key,
    /// Nothing of it is ever shown.
    Password,
}

impl FieldKind {
    /// Whether it is never told to anybody.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Key | Self::Password)
    }
}

/// What an integration is made of.
pub(crate) struct Parts<'a> {
    pub(crate) vars: Vars<'a>,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) links: Arc<dyn LinkStore>,
}

impl Provider {
    /// All of them, in the order to show them.
    pub const ALL: [&'static Self; 4] = [&BRANDSCOPIC, &PLACER, &SMARTSHEET, &QRTIGER];

    /// The one with this id.
    pub fn of(id: &str) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|provider| provider.id == id)
    }
}

/// A provider's service at work for the dashboard: what the buttons of its card do.
#[async_trait]
pub trait Integration: Debug + Send + Sync + 'static {
    /// Whose it is.
    fn provider(&self) -> &'static Provider;

    /// Whether the provider can be reached and accepts the credentials.
    async fn test_connection(&self) -> Result<ConnectionReport>;

    /// The counts that its card shows.
    async fn counts(&self) -> Result<Vec<Count>>;

    /// How much of its long quotas is used, of a week or a month. Those of seconds and minutes are seen in passing.
    async fn quotas(&self) -> Result<Vec<Quota>> {
        Ok(Vec::new())
    }

    /// Brings the events that are [pending](Run::pending) up to date. An event that fails is [settled](Run::settle) as
    /// such; an error from here is one that stops all that is left.
    async fn sync(&self, run: &Run) -> Result<()>;
}

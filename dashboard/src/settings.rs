//! Settings: from the environment, or entered and kept sealed.

use std::collections::{BTreeMap, BTreeSet};

use connectors_core::provider::Vars;
use connectors_core::{Error, Result};
use secrecy::{ExposeSecret, SecretString};

use crate::model::{FieldValue, Settings, Source};
use crate::provider::{Field, FieldKind, Provider};

/// The name under which the contract is kept.
const CONTRACT: &str = "contract";

/// The longest value of a setting, in bytes.
const LONGEST: usize = 4096;

/// So much of a key is shown at the most, and never more than a quarter of it.
const SHOWN: usize = 4;

/// The settings that are in force: those entered, or those of the environment, never a mixture.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    pub(crate) contract: Option<String>,
    pub(crate) values: BTreeMap<&'static str, SecretString>,
}

/// What is to be set anew. What is not named stays.
///
/// ```
/// use connectors_dashboard::SettingsChange;
///
/// let change = SettingsChange::new().set("SMARTSHEET_ACCESS_TOKEN", "s3cret").unset("SMARTSHEET_API_URL");
/// assert!(!format!("{change:?}").contains("s3cret"));
/// ```
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct SettingsChange {
    /// The contract.
    pub contract: Option<String>,
    /// Values by the names of fields; `None`, or a blank one, takes a value away.
    pub values: BTreeMap<String, Option<SecretString>>,
}

impl SettingsChange {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Chooses the contract.
    pub fn contract(mut self, contract: impl Into<String>) -> Self {
        self.contract = Some(contract.into());
        self
    }

    /// Sets a value.
    pub fn set(mut self, name: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.values.insert(name.into(), Some(value.into()));
        self
    }

    /// Takes a value away.
    pub fn unset(mut self, name: impl Into<String>) -> Self {
        self.values.insert(name.into(), None);
        self
    }
}

impl Values {
    /// What the environment sets.
    pub(crate) fn from_vars(provider: &'static Provider, vars: Vars<'_>) -> Self {
        let values = provider.fields.iter().filter_map(|field| Some((field.name, vars.get(field.name)?.into())));
        let values: BTreeMap<_, SecretString> = values.collect();
        let set = Self { contract: provider.contract_var.and_then(|name| vars.get(name)), values };
        Self { contract: set.contract.clone().or_else(|| set.implied_contract(provider)), ..set }
    }

    /// What was kept.
    pub(crate) fn from_kept(provider: &'static Provider, mut kept: BTreeMap<String, SecretString>) -> Self {
        let contract = kept.remove(CONTRACT).map(|contract| contract.expose_secret().to_owned());
        let values = provider.fields.iter().filter_map(|field| Some((field.name, kept.remove(field.name)?)));
        Self { contract, values: values.collect() }
    }

    /// What is to be kept.
    pub(crate) fn to_keep(&self) -> BTreeMap<String, SecretString> {
        let mut kept: BTreeMap<_, _> =
            self.values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        if let Some(contract) = &self.contract {
            kept.insert(CONTRACT.to_owned(), contract.clone().into());
        }
        kept
    }

    /// Whether nothing is set.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Whether one of them is a secret: without one, an environment sets nothing up.
    pub(crate) fn names_a_secret(&self, provider: &'static Provider) -> bool {
        provider.fields.iter().any(|field| field.kind.is_secret() && self.values.contains_key(field.name))
    }

    /// What people call the contract, where there are several.
    pub(crate) fn contract_label(&self, provider: &'static Provider) -> Option<&'static str> {
        let chosen = provider.contracts.iter().find(|choice| Some(choice.value) == self.contract.as_deref());
        chosen.map(|choice| choice.label)
    }

    /// The contract that the values are of.
    fn implied_contract(&self, provider: &'static Provider) -> Option<String> {
        let named = |field: &&Field| field.required && self.values.contains_key(field.name);
        let contract = provider.fields.iter().filter(named).find_map(|field| field.contract);
        contract.or_else(|| provider.contracts.first().map(|choice| choice.value)).map(str::to_owned)
    }

    /// A value, by the name of its variable, if it belongs to the contract.
    pub(crate) fn get(&self, provider: &'static Provider, name: &str) -> Option<String> {
        if provider.contract_var == Some(name) {
            return self.contract.clone();
        }
        let field = provider.fields.iter().find(|field| field.name == name)?;
        let applies = field.contract.is_none_or(|contract| self.contract.as_deref() == Some(contract));
        applies.then(|| self.values.get(field.name).map(|value| value.expose_secret().to_owned()))?
    }

    /// These values, changed.
    pub(crate) fn changed(mut self, provider: &'static Provider, change: SettingsChange) -> Result<Self> {
        let (mut given, mut moved) = (BTreeSet::new(), Vec::new());
        for (name, value) in change.values {
            let field = provider.fields.iter().find(|field| field.name == name);
            let field = field.ok_or_else(|| Error::invalid(&name, format!("{} has no such setting", provider.name)))?;
            let value = value.map(|value| SecretString::from(value.expose_secret().trim()));
            let value = value.filter(|value| !value.expose_secret().is_empty());
            let old = match &value {
                Some(value) => {
                    check(field, value.expose_secret())?;
                    given.insert(field.name);
                    self.values.insert(field.name, value.clone())
                }
                None => self.values.remove(field.name),
            };
            let same = old.as_ref().map(ExposeSecret::expose_secret) == value.as_ref().map(ExposeSecret::expose_secret);
            if field.kind == FieldKind::Address && !same {
                moved.push(field);
            }
        }
        let old = self.contract.take();
        self.contract = match change.contract {
            Some(contract) if provider.contracts.iter().any(|choice| choice.value == contract) => Some(contract),
            Some(_) => {
                // Not repeated: it may be a key at the wrong place.
                return Err(Error::invalid(CONTRACT, format!("{} has no such contract", provider.name)));
            }
            None => old.clone().or_else(|| self.implied_contract(provider)),
        };
        let other_contract = old.is_some() && old != self.contract;
        // Whoever may change where secrets are sent must not have those sent there that are kept.
        let kept = provider.fields.iter().filter(|field| field.kind.is_secret() && !given.contains(field.name));
        for secret in kept.filter(|field| self.values.contains_key(field.name)) {
            let address = moved.iter().find(|address| {
                address.contract.is_none() || secret.contract.is_none() || address.contract == secret.contract
            });
            let (field, what) = match address {
                Some(address) => (address.name, "address"),
                None if other_contract && secret.contract.is_none() => (CONTRACT, "contract"),
                None => continue,
            };
            let hint = format!("enter the {} again with it: what is kept is not sent elsewhere", secret.name);
            return Err(Error::invalid(field, format!("is another {what}")).with_hint(hint));
        }
        Ok(self)
    }

    /// What tells these settings from others, without anything secret.
    pub(crate) fn account(&self, provider: &'static Provider, source: Source) -> String {
        let mut account = format!("{source:?} {}", self.contract.as_deref().unwrap_or_default());
        for field in provider.fields {
            if let Some(value) = self.values.get(field.name) {
                account = format!("{account} {}={}", field.name, masked(field.kind, value.expose_secret()));
            }
        }
        account
    }

    /// As people may see them.
    pub(crate) fn shown(&self, provider: &'static Provider, source: Source) -> Settings {
        let fields = provider.fields.iter().map(|field| FieldValue {
            name: field.name,
            label: field.label,
            help: field.help,
            secret: field.kind.is_secret(),
            required: field.required,
            contract: field.contract,
            default: field.default,
            value: self.values.get(field.name).map(|value| masked(field.kind, value.expose_secret())),
        });
        let chosen = provider.contracts.iter().map(|choice| choice.value);
        Settings {
            integration: provider.id,
            source,
            editable: source != Source::Application,
            contracts: provider.contracts.to_vec(),
            contract: chosen.into_iter().find(|value| Some(*value) == self.contract.as_deref()),
            fields: fields.collect(),
        }
    }
}

fn check(field: &Field, value: &str) -> Result<()> {
    if value.len() > LONGEST {
        return Err(Error::invalid(field.name, format!("is longer than {LONGEST} bytes")));
    }
    if value.chars().any(char::is_control) {
        return Err(Error::invalid(field.name, "has control characters, such as a line break"));
    }
    Ok(())
}

fn masked(kind: FieldKind, value: &str) -> String {
    let shown = match kind {
        FieldKind::Plain => return value.to_owned(),
        FieldKind::Address => return bare(value),
        FieldKind::Password => 0,
        FieldKind::Key => SHOWN.min(value.chars().count() / 4),
    };
    let skipped = value.chars().count() - shown;
    format!("••••{}", value.chars().skip(skipped).collect::<String>())
}

/// An address without what people put into one although it does not belong there.
fn bare(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    match address.rsplit_once('@') {
        Some((_, host)) => format!("••••@{host}"),
        None => address.to_owned(),
    }
}

//! What the fake begins with.

use chrono::{DateTime, Utc};
use connectors_core::{Error, Result};
use serde::{Deserialize, Serialize};

use super::fake::CATEGORIES;
use super::state::{ALPHABET, State};
use super::visits::ScanContext;
use crate::snapshot::{is_default, is_of_our_time};

/// What a [`FakeQrTiger`](crate::FakeQrTiger) holds from the beginning, or is given on the way: from code or from JSON,
/// whose members are those of the methods. All of it is optional.
///
/// ```
/// use connectors_mock::{CodeSetup, MockQrTiger, QrTigerSetup};
///
/// let menu = CodeSetup::new("Menu", "https://example.com/menu").id("MENU01");
/// let mock = MockQrTiger::builder().initial(QrTigerSetup::new().code(menu).quiet()).build()?;
/// assert_eq!(mock.fake().codes()[0].id, "MENU01");
///
/// let from_json = MockQrTiger::builder().initial_json(
///     r#"{"quiet": true, "codes": [{"id": "MENU01", "name": "Menu", "destination": "https://example.com/menu"}]}"#,
/// )?;
/// assert_eq!(from_json.build()?.backend().save()?, mock.backend().save()?);
///
/// mock.backend().add(r#"{"codes": [{"destination": "https://example.com/tour"}]}"#)?;
/// let error = mock.backend().add(r#"{"codes": [{"destination": "https://example.com", "id": "MENU01"}]}"#);
/// assert_eq!(error.unwrap_err().field(), Some("codes[0].id"));
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QrTigerSetup {
    #[serde(skip_serializing_if = "is_default")]
    codes: Vec<CodeSetup>,
    #[serde(skip_serializing_if = "is_default")]
    quiet: bool,
}

impl QrTigerSetup {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// A further code.
    pub fn code(mut self, code: CodeSetup) -> Self {
        self.codes.push(code);
        self
    }

    /// No code is scanned but by those who do: [`FakeQrTiger::be_quiet`](crate::FakeQrTiger::be_quiet).
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    pub(super) fn apply(&self, state: &mut State, now: DateTime<Utc>) -> Result<()> {
        state.is_quiet |= self.quiet;
        let mut codes = self.codes.iter().enumerate();
        codes.try_for_each(|(at, code)| code.apply(state, now, &format!("codes[{at}]")))
    }
}

/// A dynamic code that is there from the beginning; in JSON, it needs a `destination`.
///
/// ```
/// use connectors_mock::{CodeSetup, MockQrTiger, QrTigerSetup, ScanContext};
/// use chrono::{TimeZone, Utc};
///
/// let noon = Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).unwrap();
/// let code = CodeSetup::new("Tour", "https://example.com/tour").created_at(noon).scan(ScanContext::new(noon));
/// assert_eq!(
///     serde_json::to_string(&code)?,
///     r#"{"name":"Tour","destination":"https://example.com/tour","created_at":"2026-03-01T12:00:00Z","scans":[{"at":"2026-03-01T12:00:00Z"}]}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeSetup {
    #[serde(default, skip_serializing_if = "is_default")]
    id: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    name: String,
    #[serde(default = "CodeSetup::url", skip_serializing_if = "CodeSetup::is_url")]
    category: String,
    destination: String,
    #[serde(default, skip_serializing_if = "is_default")]
    created_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "is_default")]
    archived: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    blocked: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    locked: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    expires_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "is_default")]
    expires_after_scans: Option<u64>,
    #[serde(default, skip_serializing_if = "is_default")]
    scans: Vec<ScanContext>,
}

impl CodeSetup {
    /// A code of category `url` that leads there, made now.
    pub fn new(name: impl Into<String>, destination: impl Into<String>) -> Self {
        Self {
            id: None,
            name: name.into(),
            category: Self::url(),
            destination: destination.into(),
            created_at: None,
            archived: false,
            blocked: false,
            locked: false,
            expires_at: None,
            expires_after_scans: None,
            scans: Vec::new(),
        }
    }

    fn url() -> String {
        "url".to_owned()
    }

    fn is_url(category: &String) -> bool {
        category == "url"
    }

    /// With this id, six upper-case letters and digits, instead of one that depends on the seed.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Of this category: `url`, `text` or `Vcard`.
    pub fn category(mut self, category: impl Into<String>) -> Self {
        self.category = category.into();
        self
    }

    /// Made then. It has been scanned for weeks before, unless the setup is [quiet](QrTigerSetup::quiet).
    pub fn created_at(mut self, at: DateTime<Utc>) -> Self {
        self.created_at = Some(at);
        self
    }

    /// Archived in the dashboard.
    pub fn archived(mut self) -> Self {
        self.archived = true;
        self
    }

    /// Blocked by the provider.
    pub fn blocked(mut self) -> Self {
        self.blocked = true;
        self
    }

    /// Asks for a password.
    pub fn locked(mut self) -> Self {
        self.locked = true;
        self
    }

    /// Stops working then.
    pub fn expires_at(mut self, at: DateTime<Utc>) -> Self {
        self.expires_at = Some(at);
        self
    }

    /// Stops working after so many scans.
    pub fn expires_after_scans(mut self, scans: u64) -> Self {
        self.expires_after_scans = Some(scans);
        self
    }

    /// Somebody scanned it, before any of the above stopped them.
    pub fn scan(mut self, scan: ScanContext) -> Self {
        self.scans.push(scan);
        self
    }

    fn apply(&self, state: &mut State, now: DateTime<Utc>, path: &str) -> Result<()> {
        let refuse = |member: &str, message: &str| Err(Error::invalid(format!("{path}.{member}"), message));
        if !CATEGORIES.contains(&self.category.as_str()) {
            return refuse("category", "must be url, text or Vcard");
        }
        if self.destination.trim().is_empty() {
            return refuse("destination", "must not be blank");
        }
        let at = self.created_at.unwrap_or(now);
        if !is_of_our_time(at) {
            return refuse("created_at", "must be from 2000 to 2099");
        }
        let made = match &self.id {
            Some(id) if id.len() != 6 || !id.bytes().all(|letter| ALPHABET.contains(&letter)) => {
                return refuse("id", "must be six upper-case letters and digits");
            }
            Some(id) if state.ids.contains(id) => return refuse("id", "is that of another code"),
            Some(id) => state.create_as(id.clone(), &self.category, &self.destination, at),
            None => state.create(&self.category, &self.destination, at),
        };
        for scan in &self.scans {
            state.visit(&made.id, scan.clone());
        }
        if let Some(code) = state.find(&made.id) {
            self.name.clone_into(&mut code.name);
            (code.archived, code.blocked, code.locked) = (self.archived, self.blocked, self.locked);
            (code.expires_at, code.expires_after_scans) = (self.expires_at, self.expires_after_scans);
        }
        Ok(())
    }
}

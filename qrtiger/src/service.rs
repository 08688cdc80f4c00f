//! The small face that applications code against, and what goes in and out of it.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use connectors_core::{CampaignId, ConnectionReport, DateRange, Error, EventId, Result, ServiceSummary, TimeZone};
use serde::{Serialize, Serializer};
use url::Url;

use crate::breakdown::HourScans;
use crate::{Design, PROVIDER, QrId, QrImage};

/// Dynamic QR codes and their scans. [`QrTigerClient`](crate::QrTigerClient) is the real thing,
/// `connectors_mock::MockQrTiger` the offline one; take an `Arc<dyn QrTigerService>` to accept both.
///
/// A method that an implementation does not have fails with
/// [`ErrorKind::Unsupported`](connectors_core::ErrorKind::Unsupported).
#[async_trait]
pub trait QrTigerService: Send + Sync {
    /// The dynamic code of an event: the one made before, or a new one, named after the event.
    ///
    /// Doing it twice gives the same code. A create whose outcome is unknown is looked up by its destination in the
    /// list of codes; where that is not certain either, the error's
    /// [`maybe_applied`](connectors_core::Error::maybe_applied) is true and the code is not made again before
    /// somebody [`record`](connectors_core::Links::record)s or [`forget`](connectors_core::Links::forget)s it. Until it is
    /// settled, ask for the same destination.
    ///
    /// Asking for another destination than the code was made for is a
    /// [`Conflict`](connectors_core::ErrorKind::Conflict): a printed code is not repointed by the way.
    async fn generate_qr_code(&self, request: GenerateQrCode) -> Result<QrCode> {
        let _ = request;
        unsupported("generate_qr_code")
    }

    /// How often a code was scanned: when, where and by what.
    async fn scan_stats(&self, request: ScanStatsRequest) -> Result<ScanStats> {
        let _ = request;
        unsupported("scan_stats")
    }

    /// Pauses, archives or reactivates a code. Doing it twice is the same as doing it once.
    ///
    /// The provider has no call for this: the client repoints the code to a page that you configure, see
    /// [`paused_page`](crate::QrTigerBuilder::paused_page). Without it, the error is
    /// [`Unsupported`](connectors_core::ErrorKind::Unsupported).
    async fn update_qr_code(&self, request: UpdateQrCode) -> Result<QrCode> {
        let _ = request;
        unsupported("update_qr_code")
    }

    /// The dynamic codes of the account, in the provider's order.
    async fn list_qr_codes(&self, request: ListQrCodes) -> Result<Vec<QrCode>> {
        let _ = request;
        unsupported("list_qr_codes")
    }

    /// Whether the service can be used: one call, the cheapest that needs the key.
    async fn test_connection(&self) -> Result<ConnectionReport> {
        unsupported("test_connection")
    }

    /// How many codes there are, and how many scans they have: `codes`, `scans`.
    async fn summary(&self) -> Result<ServiceSummary> {
        unsupported("summary")
    }
}

connectors_core::forward_service!(QrTigerService {
    generate_qr_code(request: GenerateQrCode) -> QrCode;
    scan_stats(request: ScanStatsRequest) -> ScanStats;
    update_qr_code(request: UpdateQrCode) -> QrCode;
    list_qr_codes(request: ListQrCodes) -> Vec<QrCode>;
    test_connection() -> ConnectionReport;
    summary() -> ServiceSummary;
});

fn unsupported<T>(operation: &'static str) -> Result<T> {
    Err(Error::unsupported(PROVIDER, operation, "this implementation does not have it"))
}

/// What [`QrTigerService::generate_qr_code`] makes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct GenerateQrCode {
    /// The campaign that the event belongs to.
    pub campaign: CampaignId,
    /// The event that the code is for.
    pub event: EventId,
    /// Where the code leads: an http or https address.
    pub data: Url,
    /// Its name in the dashboard; unless set, a new code is named after event and campaign, an old one keeps its name.
    pub name: Option<String>,
    /// How it looks; the provider's default unless set.
    pub design: Option<Design>,
}

impl GenerateQrCode {
    /// A code for this event of this campaign that leads to `data`.
    pub fn new(scope: &CampaignId, event: &EventId, data: Url) -> Self {
        Self { campaign: scope.clone(), event: event.clone(), data, name: None, design: None }
    }

    /// Names the code in the dashboard, also one that is there already.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// How the code looks. Only a new code takes it.
    pub fn design(mut self, design: Design) -> Self {
        self.design = Some(design);
        self
    }
}

/// A dynamic code.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct QrCode {
    /// Its id.
    pub id: QrId,
    /// Its name in the dashboard.
    pub name: String,
    /// What is printed.
    #[serde(serialize_with = "url_text")]
    pub short_url: Url,
    /// The rendered code, where the answer has it.
    pub image: Option<QrImage>,
    /// Where it leads when it is active; `None` for a code that holds no link.
    #[serde(serialize_with = "opt_url_text")]
    pub destination: Option<Url>,
    /// Whether it works.
    pub status: QrStatus,
    /// Scans since it was created.
    pub scans: u64,
    /// When it was created.
    pub created_at: Option<DateTime<Utc>>,
    /// Whether it was made, or found to have been made, by this call.
    pub is_new: bool,
}

fn url_text<S: Serializer>(url: &Url, target: S) -> std::result::Result<S::Ok, S::Error> {
    target.serialize_str(url.as_str())
}

#[expect(clippy::ref_option, reason = "the form that serde calls")]
fn opt_url_text<S: Serializer>(url: &Option<Url>, target: S) -> std::result::Result<S::Ok, S::Error> {
    url.as_ref().map(Url::as_str).serialize(target)
}

/// Whether a code works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum QrStatus {
    /// It leads to its destination.
    Active,
    /// It leads to the paused page.
    Paused,
    /// It leads to the archived page, or was archived in the dashboard.
    Archived,
    /// The provider has blocked it. Cannot be set.
    Blocked,
    /// Its time or its number of scans is up. Cannot be set.
    Expired,
}

impl QrStatus {
    /// The status in one lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Archived => "archived",
            Self::Blocked => "blocked",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for QrStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What [`QrTigerService::scan_stats`] counts.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ScanStatsRequest {
    /// The code.
    pub id: QrId,
    /// The days that are counted.
    pub period: Period,
    /// Whose days.
    pub time_zone: TimeZone,
}

impl ScanStatsRequest {
    /// The scans of this code within these days of UTC.
    pub fn new(id: QrId, period: Period) -> Self {
        Self { id, period, time_zone: TimeZone::UTC }
    }

    /// Counts the days of this zone.
    pub fn time_zone(mut self, zone: TimeZone) -> Self {
        self.time_zone = zone;
        self
    }
}

/// The days that are counted. None of them may lie in the future.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Period {
    /// One day.
    Day(NaiveDate),
    /// All days of a range.
    Range(DateRange),
    /// So many days up to and including today; at least 1.
    LastDays(u32),
    /// All days since the first scan.
    All,
}

/// How often a code was scanned.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ScanStats {
    /// The code.
    pub id: QrId,
    /// All scans since it was created.
    pub total_scans: u64,
    /// All different visitors since it was created.
    pub unique_scans: u64,
    /// Scans within the period.
    pub scans_in_period: u64,
    /// Different visitors within the period.
    pub unique_in_period: u64,
    /// Every day of the period in order, those without scans too; empty if there is no day to begin with.
    pub by_day: Vec<DayScans>,
    /// Every hour of a [`Period::Day`], those without scans too. Empty for other periods, and where the provider does not
    /// tell hours.
    pub by_hour: Vec<HourScans>,
    /// Scans by kind of device, most first.
    pub by_device: Vec<Count>,
    /// Scans by country, most first; by name or by code, as the provider has it.
    pub by_country: Vec<Count>,
    /// Scans by city, most first.
    pub by_city: Vec<Count>,
    /// The last day of the period with a scan; the provider does not tell the time.
    pub last_scanned_on: Option<NaiveDate>,
    /// Whose days.
    pub time_zone: TimeZone,
}

/// The scans of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DayScans {
    /// The day, in the zone that was asked for.
    pub date: NaiveDate,
    /// How many scans.
    pub scans: u64,
    /// How many different visitors.
    pub unique: u64,
}

/// How many scans share something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Count {
    /// What they share; `unknown` where the provider could not tell.
    pub label: String,
    /// How many.
    pub scans: u64,
}

/// What [`QrTigerService::update_qr_code`] sets.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UpdateQrCode {
    /// The code.
    pub id: QrId,
    /// What it becomes: active, paused or archived.
    pub status: QrStatus,
}

impl UpdateQrCode {
    /// Makes this code active, paused or archived.
    pub fn new(id: QrId, status: QrStatus) -> Self {
        Self { id, status }
    }
}

/// What [`QrTigerService::list_qr_codes`] lists.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ListQrCodes {
    /// Only codes of this status.
    pub status: Option<QrStatus>,
}

impl ListQrCodes {
    /// All codes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only codes of this status. The provider cannot filter, so all are read all the same.
    pub fn status(mut self, status: QrStatus) -> Self {
        self.status = Some(status);
        self
    }
}

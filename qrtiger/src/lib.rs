//! A typed client of [QR TIGER](https://www.qrcode-tiger.com): dynamic QR codes and their scans.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use connectors_core::{CampaignId, EventId, TimeZone};
//! use connectors_mock::MockQrTiger;
//! use connectors_qrtiger::{GenerateQrCode, Period, QrStatus, QrTigerService, ScanStatsRequest, UpdateQrCode};
//!
//! let qr = MockQrTiger::new(); // or QrTigerClient::from_env()?, with a key
//!
//! let (campaign, event) = (CampaignId::new("summer-2026")?, EventId::new("evt-001")?);
//! let request = GenerateQrCode::new(&campaign, &event, "https://example.com/taste".parse()?);
//! let code = qr.generate_qr_code(request.clone()).await?;
//! assert_eq!(qr.generate_qr_code(request).await?.id, code.id, "doing it twice makes nothing twice");
//!
//! let week = ScanStatsRequest::new(code.id.clone(), Period::LastDays(7)).time_zone(TimeZone::new("Europe/Berlin")?);
//! for day in qr.scan_stats(week).await?.by_day {
//!     println!("{}: {} scans", day.date, day.scans);
//! }
//!
//! let paused = qr.update_qr_code(UpdateQrCode::new(code.id, QrStatus::Paused)).await?;
//! assert_eq!(paused.status, QrStatus::Paused);
//! # Ok(())
//! # }
//! ```
//!
//! # Where to go
//!
//! | for | see |
//! |---|---|
//! | applications, and swapping in the mock | [`QrTigerService`] |
//! | everything that the provider's API has | [`QrTigerClient`]: [`campaigns`](QrTigerClient::campaigns), [`tracking`](QrTigerClient::tracking), [`statics`](QrTigerClient::statics), [`uploads`](QrTigerClient::uploads), [`request`](QrTigerClient::request) |
//! | many codes at once, with an outcome for each | [`Campaigns::create_many`] |
//! | how codes look, and their images | [`Design`], [`QrTigerClient::download`], [`Campaigns::download_image`] |
//! | the requests of the month | [`Quota`] |
//! | what static codes hold: Wi-Fi, contacts, dates | [`payload`] |
//! | links that web analytics recognise | [`Utm`] |
//! | series and shares of scans | [`ScanStats`] |
//! | drawing codes offline (feature `render`), and whether cameras can read them | `Render`, [`Design::check_contrast`] |
//! | settings | [`QrTigerBuilder`] |
//! | errors | [`connectors_core::Error`], [`QrTigerErrorExt`] |
//!
//! # What to know of the provider
//!
//! * The API lives at `https://api.qrtiger.com`; there is no version in its URLs. Paths begin with `/api`, which the
//!   client adds.
//! * Errors often come with status 200 and a status of their own inside: a rejected key is 403 inside of 200.
//! * Plans count requests by the month: [`monthly_quota`](QrTigerBuilder::monthly_quota) keeps to them.
//! * The API can neither delete a code nor pause it. Making a code is never repeated blindly, and
//!   [`pause`](QrTigerClient::pause), [`resume`](QrTigerClient::resume) and [`archive`](QrTigerClient::archive) work by
//!   repointing.
//! * A name is ignored when a code is made: [`create_named`](Campaigns::create_named) sets it afterwards.
//! * No rate is documented. By default two requests a second are sent, two at a time.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod breakdown;
mod builder;
mod campaigns;
mod classify;
mod client;
mod download;
mod endpoints;
mod generate;
mod model;
mod pages;
pub mod payload;
mod quota;
#[cfg(feature = "render")]
mod render;
mod service;
mod service_impl;
mod statics;
mod stats;
mod status;
mod tracking;
mod uploads;
mod utm;

pub use crate::breakdown::{DeviceKind, DeviceScans, HourScans, MonthScans, OTHERS};
pub use crate::builder::QrTigerBuilder;
pub use crate::campaigns::{
    CampaignPage, Campaigns, CodeOutcome, CreateCampaign, CreateMany, CreateNamed, EditCampaign, NewCode,
};
pub use crate::classify::QrTigerErrorExt;
pub use crate::client::QrTigerClient;
pub use crate::download::ImageDownload;
pub use crate::model::{
    Campaign, Category, Color, DataPattern, DataPeriod, Design, EyeInner, EyeOuter, Frame, Gradient, ImageFormat, QrId,
    QrImage, ScanCount, ScanData, ScanKey, VCard,
};
pub use crate::pages::DESTINATION_PARAMETER;
pub use crate::quota::{FileQuotaStore, MemoryQuotaStore, Quota, QuotaMonth, QuotaStore};
#[cfg(feature = "render")]
pub use crate::render::Render;
pub use crate::service::{
    Count, DayScans, GenerateQrCode, ListQrCodes, Period, QrCode, QrStatus, QrTigerService, ScanStats,
    ScanStatsRequest, UpdateQrCode,
};
pub use crate::statics::{CreateStaticCode, StaticCode, Statics};
pub use crate::tracking::{GetScanData, Tracking};
pub use crate::uploads::Uploads;
pub use crate::utm::Utm;

/// The provider's name, in errors, links and telemetry.
pub(crate) const PROVIDER: &str = "qrtiger";

//! Typed async client for [Placer.ai](https://www.placer.ai) foot traffic: how many people come to a place, and when.
//!
//! Applications code against [`PlacerService`], which [`PlacerClient`] implements, and `MockPlacer` of
//! `connectors-mock`, so that they run without key and network:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> connectors_core::Result<()> {
//! use connectors_core::DateRange;
//! use connectors_mock::MockPlacer;
//! use connectors_placer::{FootfallRequest, MovementRequest, PlacerService, hour_label, latest_complete_day};
//!
//! let placer = MockPlacer::new(); // PlacerClient::from_env()? for the real one
//! let venue = MockPlacer::venue_ids().remove(0);
//! let week = DateRange::last_days(7, latest_complete_day("2026-03-02".parse().expect("a date")))?;
//!
//! let footfall = placer.footfall(FootfallRequest::new(venue.clone(), week)).await?;
//! assert_eq!((footfall.rows.len(), footfall.cost.calls), (7, 1));
//!
//! let movement = placer.movement(MovementRequest::new(venue)).await?;
//! println!("busiest in the {}, at {:?}", movement.time_of_day, movement.peak_hours.first().map(|h| hour_label(*h)));
//! # Ok(())
//! # }
//! ```
//!
//! # What to know
//!
//! * **Reports are computed when they are asked for.** The client asks again until they are there; nothing to do.
//! * **Calls are scarce**, by the week. Answers are cached for an hour, overlapping questions share their requests, what
//!   cannot be right is refused before it costs anything, and [`Footfall::cost`] says what was spent.
//! * **There is no daily report of unique visitors or dwell time.** [`Fidelity`] says what having them costs.
//! * **Data is four days late**: [`latest_complete_day`], [`AvailabilityPolicy`].
//! * **Levels of [`Movement`] are relative to the venue itself**; they do not compare venues.
//!
//! # Where to go next
//!
//! | for | see |
//! |---|---|
//! | settings, environment variables, the two [`Contract`]s | [`PlacerClient::from_env`], [`PlacerBuilder`] |
//! | footfall, movement, aggregates; swapping the client for the mock | [`PlacerService`], [`Fidelity`] |
//! | what a question is going to cost, before it is asked | [`PlacerClient::estimate`] |
//! | the quotas of the week | [`PlacerBuilder::weekly_quota`], [`PlacerClient::quota`] |
//! | keeping reports for the next run, in a file with the feature `store` | [`PlacerBuilder::report_store`], [`ReportStore`] |
//! | coming back to a report later | [`Progress`], [`Pending`] |
//! | finding a venue's id by its name, the places of a chain | [`Pois`] |
//! | weeks, comparisons, alerts, profiles, the latest day with data | [`Analytics::week_pattern`], [`week_over_week`](Analytics::week_over_week), [`alerts`](Analytics::alerts), [`profile`](Analytics::profile), [`latest_available`](Analytics::latest_available) |
//! | one's own store list, and what two places have in common, as areas with the feature `geo` | [`Analytics::match_stores`], [`cbg_overlap`](Analytics::cbg_overlap) |
//! | how many came, when, for how long, from where | [`Visits`], [`Loyalty`], [`TradeAreas`], [`Area`] |
//! | how a place compares, where else people go, what is sold | [`Ranking`], [`Journey`], [`Retail`] |
//! | places and collections of the account's own | [`CustomPois`], [`Tags`] |
//! | what the key has used | [`Account`] |
//! | what integration gateways have besides | [`GatewayApi`], [`GatewayDates`] |
//! | what is not typed yet | [`PlacerClient::request`] |
//! | errors, and a report that is not there yet | [`connectors_core::Error`], [`PlacerErrorExt`], [`Outcome`] |
//!
//! # Coming from `api.placer.ai`
//!
//! A REST API of that address is often assumed, and does not exist: the builder refuses it. What is expected of it, and
//! what there is:
//!
//! | what you may expect | what there is |
//! |---|---|
//! | `https://api.placer.ai/v1`, `Authorization: Bearer` | `https://papi.placer.ai`, `x-api-key`: the builder's defaults |
//! | `GET /venues/{id}/footfall?start&end` | [`PlacerService::footfall`] |
//! | unique visitors and dwell time in every row | [`Fidelity::PerDay`], for two more calls a day |
//! | `GET /venues/{id}/movement`, `/insights` | [`PlacerService::movement`], derived from [`Visits::hours`] |
//! | `GET /venues/{id}/audience`, `/demographics` | [`TradeAreas::demographics`] |
//! | `GET /venues/search`, `/locations` | [`Pois::search`] |
//! | an id of one's own choice | [`VenueId`], found by searching |
//! | `GET /reports/{id}` until it is completed | the same request again, which the client does |
//! | instants | days, both included: [`DateRange`](connectors_core::DateRange) |
//! | today's numbers | [`latest_complete_day`] |
//! | `/health` | [`PlacerService::test_connection`] |
//! | a gateway that does serve the first two | [`Contract::Gateway`], [`PlacerClient::gateway`] |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod analytics;
mod builder;
mod classify;
mod client;
mod code;
mod contract;
mod dates;
mod derive;
mod flags;
mod gateway;
mod meter;
mod model;
mod native;
mod quota;
mod service;
mod service_impl;
mod store;
mod ttl;

pub use crate::analytics::*;
pub use crate::builder::{Contract, PlacerBuilder, documented_limits, strict_limits};
pub use crate::client::PlacerClient;
pub use crate::code::{PlacerCode, PlacerErrorExt};
pub use crate::dates::{
    DATA_LAG_DAYS, last_full_month, last_full_weeks, latest_complete_day, quota_renewal, trailing_months,
};
pub use crate::derive::compare::{AlertRule, Trailing, compare};
pub use crate::gateway::GatewayApi;
pub use crate::model::*;
pub use crate::native::*;
pub use crate::quota::{QuotaStatus, WeeklyQuota};
pub use crate::service::PlacerService;
#[cfg(feature = "store")]
#[cfg_attr(docsrs, doc(cfg(feature = "store")))]
pub use crate::store::FileReportStore;
pub use crate::store::{MemoryReportStore, ReportStore, StoreKey, StoredReport};

/// The provider's name in errors and telemetry.
pub const PROVIDER: &str = "placer";

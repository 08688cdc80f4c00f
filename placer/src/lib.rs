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
//! | finding a venue's id by its name | [`Pois::search`] |
//! | the reports as Placer serves them | [`Reports`] |
//! | what is not typed yet | [`PlacerClient::request`] |
//! | errors | [`connectors_core::Error`], [`PlacerErrorExt`] |
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

pub use crate::analytics::*;
pub use crate::builder::{Contract, PlacerBuilder, documented_limits};
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

/// The provider's name in errors and telemetry.
pub const PROVIDER: &str = "placer";

//! Suites of behaviour, the same for every face, both contracts, and your own implementations.
//!
//! | you have | you run |
//! |---|---|
//! | an implementation of a service trait, on something that may be written to | [`brandscopic`], [`placer`], [`smartsheet`], [`qrtiger`] |
//! | one on something that must not be changed | [`brandscopic_read_only`], [`placer_read_only`], [`smartsheet_read_only`], [`qrtiger_read_only`] |
//! | a gateway that speaks the gateway contract | [`brandscopic_gateway`], [`placer_gateway`] |
//!
//! Each makes all its checks, whatever fails on the way, and gives a [`Report`]. What a service does not have, and says so
//! by [`Unsupported`](connectors_core::ErrorKind::Unsupported) where its trait allows that, is skipped.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! use connectors_mock::{MockSmartsheet, conformance};
//!
//! let mock = MockSmartsheet::new();
//! let report = conformance::smartsheet(&mock, mock.folder_id().into(), mock.template_id()).await;
//! report.assert();
//! # }
//! ```

#[cfg(feature = "brandscopic")]
mod brandscopic;
#[cfg(feature = "brandscopic")]
mod brandscopic_gateway;
mod gateway;
#[cfg(feature = "placer")]
mod placer;
#[cfg(feature = "placer")]
mod placer_gateway;
#[cfg(feature = "qrtiger")]
mod qrtiger;
mod report;
mod run;
#[cfg(feature = "smartsheet")]
mod smartsheet;

#[cfg(feature = "brandscopic")]
pub use self::brandscopic::{brandscopic, brandscopic_campaign, brandscopic_read_only};
#[cfg(feature = "brandscopic")]
pub use self::brandscopic_gateway::brandscopic_gateway;
pub use self::gateway::Gateway;
#[cfg(feature = "placer")]
pub use self::placer::{placer, placer_read_only};
#[cfg(feature = "placer")]
pub use self::placer_gateway::placer_gateway;
#[cfg(feature = "qrtiger")]
pub use self::qrtiger::{qrtiger, qrtiger_read_only};
pub use self::report::{Check, Outcome, Report};
#[cfg(feature = "smartsheet")]
pub use self::smartsheet::{smartsheet, smartsheet_read_only};

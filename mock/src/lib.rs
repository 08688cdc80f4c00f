//! Stateful offline fakes of Brandscopic, Placer.ai, Smartsheet and QR TIGER, so that programs and test suites run
//! without any key or network.
//!
//! Each provider is one state machine with four faces:
//!
//! 1. **Trait**: `MockX` implements the provider's service trait, by running the real client over face 2.
//! 2. **In process**: [`InProcess`] is a transport for the real client, without sockets.
//! 3. **HTTP**: [`MockServer`] and the program `connectors-mock serve`, for clients in any language.
//! 4. **Journal and faults**: every request is recorded; a [`Backend`] makes requests go wrong, scripted or random.
//!
//! [Testing your integration](testing_your_integration) is the guide to all of it.
//!
//! Time is virtual unless another clock is given: a quota or a back-off costs no wall time.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> connectors_core::Result<()> {
//! use connectors_mock::MockQrTiger;
//! use connectors_qrtiger::{ListQrCodes, QrTigerService};
//!
//! let mock = MockQrTiger::new();
//! mock.backend().on("campaigns.list").status(503);
//! mock.list_qr_codes(ListQrCodes::new()).await?;
//! assert_eq!(mock.backend().count("campaigns.list"), 2, "the failed request was repeated");
//! # Ok(())
//! # }
//! ```

#![cfg_attr(
    not(all(
        feature = "brandscopic",
        feature = "placer",
        feature = "qrtiger",
        feature = "server",
        feature = "smartsheet"
    )),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "what the fakes share is for whichever of them are there"
    )
)]

mod backend;
#[cfg(feature = "brandscopic")]
mod brandscopic;
mod cassette;
mod chaos;
mod clock;
pub mod conformance;
#[cfg(feature = "server")]
mod control;
#[cfg(feature = "server")]
mod deliver;
mod face;
mod fake;
mod fault;
mod in_process;
mod journal;
mod latency;
mod multipart;
mod operations;
mod outgoing;
#[cfg(feature = "placer")]
pub mod placer;
#[cfg(feature = "qrtiger")]
mod qrtiger;
mod quota;
mod recorder;
mod rule;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "smartsheet")]
mod smartsheet;
mod snapshot;
#[cfg(feature = "wiremock")]
mod wiremocked;

#[cfg(all(
    feature = "brandscopic",
    feature = "placer",
    feature = "qrtiger",
    feature = "server",
    feature = "smartsheet"
))]
#[doc = include_str!("../TESTING.md")]
pub mod testing_your_integration {}

pub use crate::backend::Backend;
#[cfg(feature = "brandscopic")]
pub use crate::brandscopic::{
    BrandscopicSetup, CampaignSetup, CompanyUserSetup, EventSetup, FakeBrandscopic, FakeEvent, FakePlace, FakeProject,
    FakeRecap, GatewayVariant, MockBrandscopic, MockBrandscopicBuilder, VenueSetup,
};
pub use crate::cassette::{Cassette, Comparison, Difference, Keep};
pub use crate::chaos::Chaos;
pub use crate::clock::ShiftedClock;
#[cfg(feature = "server")]
pub use crate::control::Control;
pub use crate::fake::{Fake, Reply, Route};
pub use crate::fault::Fault;
pub use crate::in_process::InProcess;
pub use crate::journal::{Count, Entry, Journal};
pub use crate::latency::Latency;
pub use crate::outgoing::Outgoing;
#[cfg(feature = "placer")]
pub use crate::placer::{FakePlacer, MockPlacer, MockPlacerBuilder, PlacerSetup};
#[cfg(feature = "qrtiger")]
pub use crate::qrtiger::{
    CodeSetup, FakeCode, FakeQrTiger, FakeUpload, Landing, MockQrTiger, MockQrTigerBuilder, QrTigerSetup, ScanContext,
};
pub use crate::recorder::Recorder;
pub use crate::rule::Rule;
#[cfg(feature = "server")]
pub use crate::server::MockServer;
#[cfg(feature = "smartsheet")]
pub use crate::smartsheet::{
    DeliveredCallback, FakeAttachment, FakeDiscussion, FakeRow, FakeSheet, FakeSmartsheet, FakeUser, FakeWebhook,
    FolderSetup, GroupSetup, MockSmartsheet, MockSmartsheetBuilder, PersonSetup, RowSetup, SheetSetup, SmartsheetSetup,
    WorkspaceSetup,
};
#[cfg(feature = "wiremock")]
pub use crate::wiremocked::Wiremocked;

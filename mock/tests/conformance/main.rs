//! The suites find what does not hold, and recordings what a fake says otherwise.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "the helpers of tests are tests, too")]

mod cassettes;
mod gateways;
mod liars;
mod redaction;
#[cfg(feature = "live")]
mod verify_live;

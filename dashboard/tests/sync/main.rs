//! Syncs: one at a time, to be stopped and taken up again, each event accounted for whatever happens.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests are tests, too"
)]

mod accounting;
mod faults;
mod killed;
mod one_at_a_time;
mod restarted;
mod soak;
mod stopping;
mod support;

//! Whatever comes over a connection is answered, as far as HTTP has an answer to it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the helpers of tests are tests, too"
)]

mod bodies;
mod connections;
mod defects;
mod heads;
mod random;
mod raw;
mod slow;

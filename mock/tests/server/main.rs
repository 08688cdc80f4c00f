//! The program `connectors-mock serve`, run as others run it, and asked by plain HTTP.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "the helpers of tests are tests, too")]

mod api;
mod clients;
mod faults;
mod page;
mod program;
mod state;
mod strict;
mod usage;

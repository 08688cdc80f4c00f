//! The API and the page: over the router in process, over sockets where it takes them, and by the program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests are tests, too"
)]

mod access;
mod anything;
mod bounds;
mod browser;
mod csrf;
mod described;
mod headers;
mod logins;
mod nested;
mod program;
mod secrets;
mod sessions;
mod site;
mod sockets;
mod streams;

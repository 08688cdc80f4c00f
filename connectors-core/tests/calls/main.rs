//! What a call does besides repeating itself (that is `retry.rs`): one program, because all of it shares `common`.

#![allow(clippy::unwrap_used, reason = "also the helpers of the tests are tests")]

mod auth;
mod capture;
#[path = "../common/mod.rs"]
mod common;
mod deadline;
mod observer;
mod secrets;
mod streaming;
#[cfg(feature = "rustls")]
mod transport;

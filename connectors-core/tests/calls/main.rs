//! What a call does besides repeating itself (that is `retry.rs`): one program, because all of it shares `common`.

#![allow(clippy::unwrap_used, reason = "also the helpers of the tests are tests")]

mod auth;
mod cancellation;
mod capture;
#[path = "../common/mod.rs"]
mod common;
mod deadline;
mod download;
mod observer;
mod paths;
mod secrets;
mod streaming;
#[cfg(feature = "tower")]
mod tower;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod transport;
mod upload;

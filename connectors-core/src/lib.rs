//! The core of the `connectors` family: what every typed client of it stands on.
//!
//! # For applications
//!
//! The crate's root holds what the clients' signatures speak of: one [`Error`] for all providers, the campaign
//! vocabulary ([`Campaign`], [`CampaignEvent`], [`Venue`]), [`Pager`], [`BulkOptions`], the [`LinkStore`] that remembers
//! what was created, the [`TokenStore`] that a login outlives the program in, and what a client's builder may be given: a [`Transport`], a [`Clock`], a [`RetryPolicy`],
//! [`RateLimits`], an [`Observer`].
//!
//! ```
//! use connectors_core::{Error, ErrorKind};
//!
//! fn exit_code(error: &Error) -> u8 {
//!     match error.kind() {
//!         ErrorKind::Config | ErrorKind::InvalidRequest => 2,
//!         _ if error.maybe_applied() => 3, // look before repeating
//!         _ if error.is_retryable() => 75, // try again later
//!         _ => 1,
//!     }
//! }
//! # assert_eq!(exit_code(&Error::config("SMARTSHEET_ACCESS_TOKEN", "is empty")), 2);
//! ```
//!
//! # What a call does
//!
//! Validate → credential → turn among writes of one resource → place in the quota → one request under its own
//! deadline → the provider's judgement of status, headers *and* body → done, or wait and repeat. A request is repeated
//! only when that is safe: see [`provider::Safety`]. Every wait is bounded by the call's deadline, every retry is paid
//! from a budget, every body is read under a cap, but for those that the caller reads as a stream. Permits are given
//! back before a wait.
//!
//! | default | value |
//! |---|---|
//! | deadline of a call | 120 s |
//! | deadline of a request | 30 s |
//! | connect | 10 s |
//! | requests per call | 4 |
//! | back-off | full jitter, 250 ms doubling to 20 s |
//! | `Retry-After` | honoured up to 60 s, beyond that the call fails and tells it |
//! | answer | 32 MiB after decompression |
//! | redirects | never followed: a key must not reach another origin |
//!
//! A provider's crate says where its own defaults differ.
//!
//! # For provider crates
//!
//! [`provider`] holds the machinery and is exempt from semver: pin the minor version. Start with
//! [`provider::Operation`] and [`provider::Core`].
//!
//! # Features
//!
//! `rustls` (default), `native-tls` and `rustls-no-provider` choose the TLS of the default transport; without any of
//! them the crate does not depend on reqwest and a client needs a transport of your own. `tower` makes a transport of
//! any tower service, and the other way round. `testing` adds `testing::VirtualClock`.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod auth;
mod bulk;
mod cache;
mod call;
mod campaign;
mod check;
mod classify;
mod clock;
mod config;
mod connection;
mod core;
mod decode;
mod download;
mod elsewhere;
mod error;
mod exchange;
mod files;
mod gate;
mod limit;
mod links;
mod multipart;
mod new_file;
mod operation;
mod options;
mod page;
pub mod redact;
mod request;
mod response;
mod retry;
mod run;
mod service;
mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
mod transport;
pub mod wire;
mod zone;

pub use crate::auth::{FileTokenStore, MemoryTokenStore, Token, TokenStore};
pub use crate::bulk::{BulkOptions, Progress};
pub use crate::cache::{CacheOutcome, CachePolicy, CacheStats};
pub use crate::campaign::{Campaign, CampaignErrors, CampaignEvent, CampaignId, EventId, Problem, Venue};
pub use crate::clock::{Clock, Sleep, SystemClock};
pub use crate::connection::{ConnectionReport, ConnectionStatus, ServiceSummary};
pub use crate::download::Download;
pub use crate::error::{Error, ErrorKind, Result};
pub use crate::limit::{Priority, RateLimits, RateState, Window};
pub use crate::links::{FileLinkStore, Link, LinkKey, LinkState, LinkStore, Links, MemoryLinkStore, Remote};
pub use crate::new_file::NewFile;
pub use crate::options::{BoxFuture, RequestOptions};
pub use crate::page::{Cursor, Page, Pager, Pages};
pub use crate::request::Request;
pub use crate::response::{Meta, Response};
pub use crate::retry::{PollPolicy, RetryPolicy};
pub use crate::telemetry::{Event, Observer, WaitReason};
pub use crate::transport::{
    HttpRequest, HttpResponse, ResponseBody, Transport, TransportError, TransportErrorKind, Upload, UploadBody,
    UploadRequest,
};
#[cfg(feature = "reqwest")]
pub use crate::transport::{ReqwestTransport, ReqwestTransportBuilder};
#[cfg(feature = "tower")]
pub use crate::transport::{TowerTransport, TransportService};
pub use crate::zone::{DateRange, TimeZone};

/// The machinery under the clients, for provider crates. Exempt from semver: pin the minor version.
pub mod provider {
    pub use crate::auth::{
        ApiKey, AuthHeaders, Credential, Token, TokenCredential, TokenSource, TokenStore, checked, next_partition,
    };
    pub use crate::bulk::run_bounded;
    pub use crate::cache::{Cache, CacheKey, Cached, Failed, Fetched};
    pub use crate::call::Call;
    pub use crate::check::{not_blank, positive};
    pub use crate::classify::{Answer, Classify, ErrorBody, Ran, Verdict, standard};
    pub use crate::config::{ClientOptions, Vars, base_url};
    pub use crate::core::{Core, Defaults};
    pub use crate::decode::json as decode_json;
    pub use crate::files::{Readers, off_thread, replace_file};
    pub use crate::gate::{Gate, Passed};
    pub use crate::limit::{KeyGuard, KeyedLocks, Permit, RateLimiter};
    pub use crate::links::{Ensured, Lookup, Remote};
    pub use crate::multipart::{Boundary, Multipart, media_type, unguessable};
    pub use crate::operation::{Operation, Safety};
    pub use crate::retry::retry_after;
}

//! What reports come to when they are put together. One file per question.

mod expand;
mod match_stores;
mod overlap;
mod work;

pub use self::expand::ExpandRequest;
pub use self::match_stores::MatchStoresRequest;
pub use self::overlap::CbgOverlapRequest;
#[cfg(feature = "geo")]
pub use self::overlap::OverlapRequest;

use crate::PlacerClient;

/// Answers that are made of several reports, or computed from rows: [`PlacerClient::analytics`].
#[derive(Debug, Clone)]
pub struct Analytics(pub(crate) PlacerClient);

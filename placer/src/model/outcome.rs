//! What a report came to.

use std::sync::Arc;

use connectors_core::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

use crate::PROVIDER;

/// A report, or why there is none. Placer not having data is an answer, not an error.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome<R> {
    /// The report.
    Ready(Arc<R>),
    /// There is nothing to tell, and why.
    NoData(NoData),
}

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum NoData {
    /// Nothing is known of this place in this range, or too little to tell.
    NoContent,
    /// The place is flagged: its sample is too small to rely on, so that Placer makes no reports on it.
    Flagged,
    /// The place takes no part in the ranking, in Placer's words.
    NotRanked(String),
}

impl<R> Outcome<R> {
    pub(crate) fn ready(report: R) -> Self {
        Self::Ready(Arc::new(report))
    }

    /// The report, if there is one.
    pub fn found(&self) -> Option<&Arc<R>> {
        match self {
            Self::Ready(report) => Some(report),
            Self::NoData(_) => None,
        }
    }

    /// The report, if there is one.
    pub fn into_option(self) -> Option<Arc<R>> {
        match self {
            Self::Ready(report) => Some(report),
            Self::NoData(_) => None,
        }
    }

    /// Why there is none.
    pub fn no_data(&self) -> Option<&NoData> {
        match self {
            Self::Ready(_) => None,
            Self::NoData(reason) => Some(reason),
        }
    }

    /// The report; [`NotFound`](ErrorKind::NotFound) when there is none.
    pub fn required(self) -> Result<Arc<R>> {
        match self {
            Self::Ready(report) => Ok(report),
            Self::NoData(reason) => Err(reason.into_error()),
        }
    }
}

// Not derived: what cannot be cloned can be shared.
impl<R> Clone for Outcome<R> {
    fn clone(&self) -> Self {
        match self {
            Self::Ready(report) => Self::Ready(Arc::clone(report)),
            Self::NoData(reason) => Self::NoData(reason.clone()),
        }
    }
}

impl NoData {
    /// As an error, for those who cannot go on without.
    pub(crate) fn into_error(self) -> Error {
        let (message, hint) = match self {
            Self::NoContent => {
                ("there is no data for this place and range".into(), "ask for more days, or for another place")
            }
            Self::Flagged => {
                ("the place is flagged: its data is too thin to report on".into(), "choose a larger place nearby")
            }
            Self::NotRanked(reason) => {
                (format!("the place is not ranked: {reason}"), "choose another scope, period or region")
            }
        };
        Error::new(ErrorKind::NotFound, message).with_origin(PROVIDER, "report").with_hint(hint)
    }
}

//! Placer's own error codes.

use connectors_core::{Error, ErrorKind};

use crate::PROVIDER;
use crate::model::VenueId;
use crate::native::PendingReport;

/// What Placer calls a failure. Ids of its documentation; see each [`ErrorKind`] for what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlacerCode {
    /// 1000: the key may not do this.
    Unauthorized,
    /// 1001: the contract does not include the data set.
    UnauthorizedDataSource,
    /// 1008: the contract does not include the place.
    PermissionDenied,
    /// 1016: the place touches a restricted area.
    RestrictedArea,
    /// 1025: withheld to protect people's privacy.
    UndeliverableEntity,
    /// 2000: malformed, or a wrong address.
    BadRequest,
    /// 2002: a parameter that cannot be; also days that there is no data for yet.
    InvalidArguments,
    /// 2004: too many requests.
    RateLimited,
    /// 2005: the week's number of distinct places is used up.
    LimitExceeded,
    /// 3000 or 4000: no such place.
    NotFound,
    /// 3005: the report is being computed.
    InProgress,
    /// 3006: nothing is known about this place and range.
    NoContent,
    /// 5000: Placer failed.
    GeneralError,
    /// A code that this version does not know.
    Other(i64),
}

impl From<i64> for PlacerCode {
    fn from(code: i64) -> Self {
        match code {
            1000 => Self::Unauthorized,
            1001 => Self::UnauthorizedDataSource,
            1008 => Self::PermissionDenied,
            1016 => Self::RestrictedArea,
            1025 => Self::UndeliverableEntity,
            2000 => Self::BadRequest,
            2002 => Self::InvalidArguments,
            2004 => Self::RateLimited,
            2005 => Self::LimitExceeded,
            3000 | 4000 => Self::NotFound,
            3005 => Self::InProgress,
            3006 => Self::NoContent,
            5000 => Self::GeneralError,
            other => Self::Other(other),
        }
    }
}

impl PlacerCode {
    /// The kind of error it makes; `None` when only the HTTP status can tell.
    pub(crate) fn kind(self) -> Option<ErrorKind> {
        Some(match self {
            Self::Unauthorized
            | Self::UnauthorizedDataSource
            | Self::PermissionDenied
            | Self::RestrictedArea
            | Self::UndeliverableEntity => ErrorKind::PermissionDenied,
            Self::BadRequest | Self::InvalidArguments => ErrorKind::InvalidRequest,
            Self::RateLimited => ErrorKind::RateLimited,
            Self::LimitExceeded => ErrorKind::QuotaExhausted,
            Self::NotFound | Self::NoContent => ErrorKind::NotFound,
            Self::InProgress => ErrorKind::Pending,
            Self::GeneralError => ErrorKind::Server,
            Self::Other(_) => return None,
        })
    }

    pub(crate) fn hint(self) -> Option<&'static str> {
        Some(match self {
            Self::Unauthorized | Self::UnauthorizedDataSource | Self::PermissionDenied => {
                "ask Placer to add it to the contract; other places and reports are not affected"
            }
            Self::RestrictedArea => "choose a place outside of restricted areas",
            Self::UndeliverableEntity => "Placer withholds it to protect people's privacy: choose a larger place",
            Self::InvalidArguments => "check the ids, and that the range does not end too late for data to be there",
            Self::LimitExceeded => "ask about fewer different places, or wait for Sunday, 00:00 UTC",
            _ => return None,
        })
    }
}

/// What Placer's errors say besides what every [`Error`] says.
///
/// ```
/// use connectors_placer::{PlacerCode, PlacerErrorExt};
///
/// fn is_outside_the_contract(error: &connectors_core::Error) -> bool {
///     matches!(error.placer_code(), Some(PlacerCode::PermissionDenied | PlacerCode::UnauthorizedDataSource))
/// }
/// ```
pub trait PlacerErrorExt {
    /// Placer's own code, if the error is Placer's and carries one.
    fn placer_code(&self) -> Option<PlacerCode>;

    /// The place that is there instead of the one that [`CustomPois::create`](crate::CustomPois::create) was to make:
    /// an equal one, or the one itself when it is made and could not be waited for. Placer says it in words, so that it
    /// is found by its form.
    fn existing_poi(&self) -> Option<VenueId>;

    /// How a report stands that was still being computed at the deadline; `None` for other errors. The same call later
    /// continues with it.
    fn pending(&self) -> Option<PendingReport>;
}

impl PlacerErrorExt for Error {
    fn placer_code(&self) -> Option<PlacerCode> {
        let code = self.code().filter(|_| self.provider() == PROVIDER)?;
        code.parse().ok().map(|code: i64| PlacerCode::from(code))
    }

    fn pending(&self) -> Option<PendingReport> {
        (self.kind() == ErrorKind::Pending && self.provider() == PROVIDER).then(|| PendingReport {
            request_id: self.request_id().map(str::to_owned),
            polls: self.attempts(),
            elapsed: self.elapsed(),
            retry_after: self.retry_after().unwrap_or_default(),
        })
    }

    fn existing_poi(&self) -> Option<VenueId> {
        // What is refused here quotes what it was given.
        let of_creation = self.operation() == "custom_pois.create" && self.field().is_none();
        let named = || ["complex:", "venue:"].into_iter().find_map(|prefix| id_in(self.message(), prefix));
        if self.provider() == PROVIDER && of_creation && self.kind() != ErrorKind::NotFound { named() } else { None }
    }
}

/// An id with this prefix in a text.
fn id_in(text: &str, prefix: &'static str) -> Option<VenueId> {
    text.match_indices(prefix).find_map(|(at, _)| {
        let hex: String = text.get(at + prefix.len()..)?.chars().take_while(char::is_ascii_alphanumeric).collect();
        let id = VenueId::new(format!("{prefix}{hex}")).ok()?;
        id.check_native().is_ok().then_some(id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_equal_place_is_found_in_words() {
        let id = |text: &str, prefix| id_in(text, prefix).map(|id| id.to_string());
        let complex = "complex:5f0c1de2a9b84c7d3e6f0a11";
        assert_eq!(id(&format!("POI exists already ({complex})."), "complex:").as_deref(), Some(complex));
        assert_eq!(id(&format!("complex: see {complex}"), "complex:").as_deref(), Some(complex), "by its form");
        assert_eq!(id(&format!("{complex}0"), "complex:"), None, "too long");
        assert_eq!(id("venue:5F0C1DE2A9B84C7D3E6F0A11", "venue:"), None);
    }
}

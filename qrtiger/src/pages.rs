//! Pausing and archiving without an endpoint for it: codes are repointed to a page that remembers where they led.

use std::fmt;

use chrono::{DateTime, Utc};
use connectors_core::{Error, Result};
use url::Url;

use crate::{Campaign, Category, PROVIDER, QrStatus};

/// The query parameter of a paused or archived page that carries the original destination.
pub const DESTINATION_PARAMETER: &str = "qrDestination";

/// The pages that paused and archived codes lead to.
#[derive(Clone, Default)]
pub(crate) struct StatusPages {
    pub(crate) paused: Option<Url>,
    pub(crate) archived: Option<Url>,
}

/// What a code is at, and where it leads when it is active.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) status: QrStatus,
    /// `None` where it does not lead to a link, or the page lost it.
    pub(crate) destination: Option<Url>,
    /// Whether the status comes from the provider's own flags, which no call changes.
    pub(crate) flagged: bool,
    /// Whether it leads to one of the pages, whatever the flags say.
    pub(crate) parked: bool,
}

impl StatusPages {
    pub(crate) fn check(&self) -> Result<()> {
        for (field, page) in [("paused_page", &self.paused), ("archived_page", &self.archived)] {
            let Some(page) = page else { continue };
            if !is_web(page) {
                return Err(Error::config(field, "is not an http or https address"));
            }
            if page.query_pairs().any(|(name, _)| name == DESTINATION_PARAMETER) {
                return Err(Error::config(
                    field,
                    format!("carries `{DESTINATION_PARAMETER}`, which is added by the client"),
                ));
            }
        }
        if self.paused.is_some() && self.paused == self.archived {
            return Err(Error::config("archived_page", "is the same as paused_page")
                .with_hint("give it a path or query of its own: the two are told apart by their address"));
        }
        Ok(())
    }

    /// Reads a code's status off where it leads, and off the provider's own flags.
    pub(crate) fn read(&self, campaign: &Campaign, now: DateTime<Utc>) -> Standing {
        let content =
            campaign.content.as_deref().filter(|_| matches!(campaign.category, Category::Url | Category::Unknown(_)));
        let target = content.and_then(|text| Url::parse(text).ok()).filter(is_web);
        let (parked, destination) = match &target {
            Some(url) => self.unpark(url),
            None => (QrStatus::Active, None),
        };
        let flag = match campaign {
            Campaign { archived: true, .. } => Some(QrStatus::Archived),
            Campaign { blocked: true, .. } => Some(QrStatus::Blocked),
            campaign => campaign.is_expired(now).then_some(QrStatus::Expired),
        };
        let (is_flagged, is_parked) = (flag.is_some(), parked != QrStatus::Active);
        Standing { status: flag.unwrap_or(parked), destination, flagged: is_flagged, parked: is_parked }
    }

    /// The page that stands for this status; none for an active code, which leads to its own destination.
    pub(crate) fn page(&self, status: QrStatus) -> Result<Option<&Url>> {
        let (page, setter) = match status {
            QrStatus::Active => return Ok(None),
            QrStatus::Paused => (&self.paused, "paused_page"),
            QrStatus::Archived => (&self.archived, "archived_page"),
            QrStatus::Blocked | QrStatus::Expired => {
                return Err(Error::invalid("status", format!("`{status}` is the provider's to set")));
            }
        };
        page.as_ref().map(Some).ok_or_else(|| {
            let reason = format!("the API cannot make a code {status}, and no page is configured to repoint it to");
            Error::unsupported(PROVIDER, "update_qr_code", reason)
                .with_hint(format!("build the client with `.{setter}(url)`"))
        })
    }

    /// What status an address stands for, and the destination behind it.
    fn unpark(&self, url: &Url) -> (QrStatus, Option<Url>) {
        let mut page = url.clone();
        let others = url.query_pairs().filter(|(name, _)| name != DESTINATION_PARAMETER);
        page.set_query(None);
        page.query_pairs_mut().extend_pairs(others).finish();
        if page.query() == Some("") {
            page.set_query(None);
        }
        let carried = || {
            let (_, text) = url.query_pairs().find(|(name, _)| name == DESTINATION_PARAMETER)?;
            Url::parse(&text).ok().filter(is_web)
        };
        let parked = [(&self.paused, QrStatus::Paused), (&self.archived, QrStatus::Archived)];
        match parked.into_iter().find(|(configured, _)| configured.as_ref().is_some_and(|c| same_page(c, &page))) {
            Some((_, status)) => (status, carried()),
            None => (QrStatus::Active, Some(url.clone())),
        }
    }
}

/// The address of a page that remembers where the code led.
pub(crate) fn parked_at(page: &Url, destination: &Url) -> Url {
    let mut address = page.clone();
    address.query_pairs_mut().append_pair(DESTINATION_PARAMETER, destination.as_str());
    address
}

/// Whether two addresses are of one page, however their queries are encoded.
fn same_page(one: &Url, two: &Url) -> bool {
    one[..url::Position::AfterPath] == two[..url::Position::AfterPath] && one.query_pairs().eq(two.query_pairs())
}

pub(crate) fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

impl fmt::Debug for StatusPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |page: &Option<Url>| page.as_ref().map(Url::to_string);
        f.debug_struct("StatusPages")
            .field("paused", &text(&self.paused))
            .field("archived", &text(&self.archived))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    fn pages() -> StatusPages {
        StatusPages {
            paused: Some(url("https://example.com/state?lang=en&is=paused")),
            archived: Some(url("https://example.com/state?lang=en&is=over")),
        }
    }

    fn read(content: &str) -> (QrStatus, Option<Url>) {
        let text = serde_json::json!({"qrId": "A1B2C3", "redirectUrl": content}).to_string();
        let standing = pages().read(&serde_json::from_str(&text).unwrap(), DateTime::UNIX_EPOCH);
        (standing.status, standing.destination)
    }

    #[test]
    fn a_destination_survives_being_parked_whatever_is_in_it() {
        for destination in [
            "https://a.example/",
            "https://a.example/x?y=1&qrDestination=z#part",
            "https://bücher.example/ü?q=a+b%20c&r=%26",
        ] {
            let destination = url(destination);
            for status in [QrStatus::Paused, QrStatus::Archived] {
                let parked = parked_at(pages().page(status).unwrap().unwrap(), &destination);
                assert!(parked.as_str().starts_with("https://example.com/state?lang=en&is="), "{parked}");
                assert_eq!(read(parked.as_str()), (status, Some(destination.clone())));
            }
            assert_eq!(read(destination.as_str()), (QrStatus::Active, Some(destination)));
        }
    }

    #[test]
    fn a_page_without_the_parameter_is_parked_all_the_same() {
        let bare = read("https://example.com/state?lang=en&is=paused");
        assert_eq!(bare, (QrStatus::Paused, None));
        let own = read("https://example.com/state?lang=en");
        assert_eq!(own.0, QrStatus::Active);
    }

    #[test]
    fn the_flags_of_the_dashboard_come_first() {
        let status = |flags: &str| {
            let text = format!(r#"{{"qrId":"A1B2C3","redirectUrl":"https://a.example/","scans":9,{flags}}}"#);
            pages().read(&serde_json::from_str(&text).unwrap(), "2026-03-02T00:00:00Z".parse().unwrap()).status
        };
        assert_eq!(status(r#""archive":true"#), QrStatus::Archived);
        assert_eq!(status(r#""blocked":true"#), QrStatus::Blocked);
        assert_eq!(status(r#""expiryDate":"2026-03-01T23:59:59Z""#), QrStatus::Expired);
        assert_eq!(status(r#""expiryScans":9"#), QrStatus::Expired);
        assert_eq!(status(r#""expiryScans":10,"expiryDate":null"#), QrStatus::Active);
    }

    #[test]
    fn pages_that_cannot_work_are_refused() {
        let field = |paused: &str, archived: &str| {
            let pages = StatusPages { paused: Some(url(paused)), archived: Some(url(archived)) };
            pages.check().err().and_then(|error| error.field().map(str::to_owned))
        };
        assert_eq!(field("mailto:a@example.com", "https://a.example/").as_deref(), Some("paused_page"));
        assert_eq!(field("https://a.example/", "https://a.example").as_deref(), Some("archived_page"));
        assert_eq!(field("https://a.example/?qrDestination=x", "https://b.example").as_deref(), Some("paused_page"));
        assert_eq!(field("https://a.example/?s=1", "https://a.example/?s=2"), None);
    }
}

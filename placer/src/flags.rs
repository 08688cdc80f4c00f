//! Which places are known to be flagged, so that reports on them need not be paid for.

use std::time::Duration;

use connectors_core::provider::{CacheKey, Core, Fetched};

use crate::model::{Entity, Poi, VenueId};

/// A place may become unflagged with the data of another day.
const TTL: Duration = Duration::from_secs(24 * 3600);

/// The places that an answer of late called flagged. They are kept among the cached answers, and within their bounds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flags<'a>(pub(crate) &'a Core);

/// A flagged place.
struct Flag;

/// A place as an answer tells of it.
pub(crate) trait Flagged {
    fn flag(&self) -> (&VenueId, Option<bool>);
}

impl Flagged for Poi {
    fn flag(&self) -> (&VenueId, Option<bool>) {
        (&self.api_id, self.is_flagged)
    }
}

impl Flagged for Entity {
    fn flag(&self) -> (&VenueId, Option<bool>) {
        (&self.api_id, self.flagged)
    }
}

impl Flags<'_> {
    /// An answer told of these places.
    pub(crate) fn saw<'a, P: Flagged + 'a>(self, places: impl IntoIterator<Item = &'a P>) {
        for place in places {
            let (venue, flagged) = place.flag();
            if let Some(flagged) = flagged {
                self.learn(venue, flagged);
            }
        }
    }

    pub(crate) fn learn(self, venue: &VenueId, flagged: bool) {
        if flagged {
            self.0.cache().insert(key(venue), Fetched { value: Flag, bytes: 0, ttl: TTL });
        } else {
            self.0.cache().invalidate(&key(venue));
        }
    }

    pub(crate) fn holds(self, venue: &VenueId) -> bool {
        self.0.cache().holds::<Flag>(&key(venue))
    }
}

/// Whether a place is flagged is told to every key alike.
fn key(venue: &VenueId) -> CacheKey {
    CacheKey::new(0, venue.as_str(), b"flagged")
}

//! Where people come from, as an area.

use serde::{Deserialize, Serialize};

use super::{Area, VenueId, VisitSegment};

/// The area that the visitors of a venue come from, or that is near enough to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TradeArea {
    /// The venue.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The area, in one piece or several. [`Area::radius_miles`] tells how far it reaches.
    pub area: Area,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
}

connectors_core::open_enum! {
    /// How people are put on the map. Placer names these two ways, and explains neither.
    pub enum Allocation {
        /// What is done unless told otherwise.
        "weightedCentroid" => WeightedCentroid,
        /// The plain one.
        "centroid" => Centroid,
    }
}

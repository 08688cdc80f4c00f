//! The request body of the visit reports. One form for all: what a report does not take is never set, so that the
//! provider cannot ignore it in silence.

use chrono::NaiveDate;
use connectors_core::DateRange;
use serde::Serialize;

use crate::model::{Filters, Granularity, NearbyRadius, VenueId, VisitSegment};

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Body {
    pub(super) start_date: NaiveDate,
    pub(super) end_date: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) api_id: Option<VenueId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) api_ids: Vec<VenueId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) granularity: Option<Granularity>,
    #[serde(skip_serializing_if = "Filters::is_empty")]
    pub(super) filters: Filters,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nearby_radius: Option<NearbyRadius>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) include_metadata: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) visit_duration_segmentation: Option<VisitSegment>,
}

impl Body {
    pub(super) fn new(range: DateRange) -> Self {
        Self {
            start_date: range.start(),
            end_date: range.end(),
            api_id: None,
            api_ids: Vec::new(),
            granularity: None,
            filters: Filters::default(),
            nearby_radius: None,
            include_metadata: None,
            visit_duration_segmentation: None,
        }
    }

    /// The same about one venue.
    pub(super) fn about(&self, venue: VenueId) -> Self {
        Self { api_id: Some(venue), ..self.clone() }
    }

    /// The same about many venues.
    pub(super) fn about_all(&self, venues: Vec<VenueId>) -> Self {
        Self { api_ids: venues, ..self.clone() }
    }
}

//! What integration gateways tell. None of it is Placer's own API.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{TrafficLevel, VenueId};

/// How a gateway wants to be asked for days: [`PlacerBuilder::gateway_dates`](crate::PlacerBuilder::gateway_dates).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum GatewayDates {
    /// By the first and the last day, `?start&end`: one call for all of them.
    #[default]
    Range,
    /// By one day at a time, `?date`: one call for each.
    SingleDay,
}

/// One day at a venue, as a gateway tells it: [`GatewayApi::footfall`](crate::GatewayApi::footfall).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GatewayDay {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// Its name, where the gateway tells it.
    pub venue_name: Option<String>,
    /// The day.
    pub date: NaiveDate,
    /// Visits.
    pub visits: u64,
    /// Different people.
    pub unique_visitors: Option<u64>,
    /// How long they stayed on average, in minutes.
    #[serde(rename = "avgDwellTime")]
    pub avg_dwell_minutes: Option<f64>,
    /// The busiest hour, `0..=23`.
    pub peak_hour: Option<u8>,
    /// The visits of each hour, where the gateway tells them.
    pub hourly: Option<[u64; 24]>,
}

/// When people come to a venue, as a gateway tells it: [`GatewayApi::movement`](crate::GatewayApi::movement).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GatewayMovement {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// Its name, where the gateway tells it.
    pub venue_name: Option<String>,
    /// The day it is about, where the gateway says so.
    pub date: Option<NaiveDate>,
    /// The busiest part of the day, in the gateway's words.
    pub time_of_day: String,
    /// How busy that is, compared with the venue itself.
    pub traffic_level: TrafficLevel,
    /// The busiest hours, ascending, `0..=23`.
    pub peak_hours: Vec<u8>,
    /// How long people stay on average, in minutes.
    pub average_visit_minutes: Option<f64>,
    /// The visits of each hour, where the gateway tells them.
    pub hourly: Option<[u64; 24]>,
}

/// Who comes to a venue, as a gateway tells it: [`GatewayApi::demographics`](crate::GatewayApi::demographics). Whether
/// the shares are percentages or fractions is the gateway's choice.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GatewayDemographics {
    /// Their ages, such as `18-24`.
    pub age_groups: Vec<GatewayShare>,
    /// Women and men.
    pub gender_split: Vec<GatewayShare>,
    /// How often they come.
    pub visit_frequency: Vec<GatewayShare>,
}

/// One group of people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GatewayShare {
    /// The group, in the gateway's words.
    pub name: String,
    /// How large it is.
    pub share: f64,
}

/// How a gateway is: [`GatewayApi::health`](crate::GatewayApi::health).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GatewayHealth {
    /// Whether all is well: it answered, and not with a status of trouble.
    pub healthy: bool,
    /// Its own word for it.
    pub status: Option<String>,
    /// Its version.
    pub version: Option<String>,
}

//! An event as Brandscopic tells it.

use chrono::NaiveDateTime;
use connectors_core::wire::{Field, lenient};
use serde::{Deserialize, Serialize};

use super::{PlaceId, RemoteCampaign, RemoteCampaignId, RemoteEventId, VenueId, dates};

connectors_core::open_enum! {
    /// Whether an event counts. Deactivating it is as near to deleting as Brandscopic gets.
    pub enum Activity {
        /// It counts.
        "Active" => Active,
        /// It was deactivated.
        "Inactive" => Inactive,
    }
}

connectors_core::open_enum! {
    /// How far an event's recap has come.
    pub enum Recap {
        /// The event is to come.
        "Scheduled" => Scheduled,
        /// The event is over, the recap is due.
        "Due" => Due,
        /// The recap is overdue.
        "Late" => Late,
        /// The recap waits for approval.
        "Submitted" => Submitted,
        /// The recap is approved.
        "Approved" => Approved,
        /// The recap has to be reworked.
        "Rejected" => Rejected,
    }
}

/// An event. Lists leave some members out; what only [`get`](super::Events::get) tells is marked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Wire")]
#[non_exhaustive]
pub struct RemoteEvent {
    /// Its id.
    pub id: RemoteEventId,
    /// When it starts, in the time zone of the user's profile.
    pub start: NaiveDateTime,
    /// When it ends, in the time zone of the user's profile.
    pub end: NaiveDateTime,
    /// Whether it counts.
    pub status: Activity,
    /// How far its recap has come.
    pub event_status: Recap,
    /// Where it happens.
    pub place: Option<Place>,
    /// Its campaign.
    pub campaign: Option<RemoteCampaign>,
    /// What it is; events have no name of their own. Only from `get`.
    pub description: Option<String>,
    /// Whether results were entered. Only from `get`.
    pub have_data: Option<bool>,
    /// What it cost. Only from `get`.
    pub data: Option<Spending>,
}

/// What an event cost, in the company's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Spending {
    /// Per impression.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub spent_by_impression: Option<f64>,
    /// Per interaction.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub spent_by_interaction: Option<f64>,
    /// Per sample.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub spent_by_sample: Option<f64>,
}

/// Where an event happens.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "WirePlace")]
#[non_exhaustive]
pub struct Place {
    /// The place. Only from `get`: a list's `id` is that of the venue.
    pub place_id: Option<PlaceId>,
    /// The venue.
    pub venue_id: Option<VenueId>,
    /// Its name.
    pub name: Option<String>,
    /// City.
    pub city: Option<String>,
    /// The state's or region's full name.
    pub state: Option<String>,
    /// The country's two-letter code.
    pub country: Option<String>,
    /// The address in one line.
    pub formatted_address: Option<String>,
}

#[derive(Deserialize)]
struct Wire {
    id: RemoteEventId,
    start_date: String,
    #[serde(default)]
    start_time: Option<String>,
    #[serde(default)]
    end_date: Option<String>,
    #[serde(default)]
    end_time: Option<String>,
    #[serde(default = "active")]
    status: Activity,
    event_status: Recap,
    #[serde(default)]
    place: Option<Place>,
    #[serde(default)]
    campaign: Option<RemoteCampaign>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    description: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    have_data: Option<bool>,
    #[serde(default)]
    data: Option<Spending>,
}

fn active() -> Activity {
    Activity::Active
}

impl TryFrom<Wire> for RemoteEvent {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        let start =
            dates::parse(&wire.start_date, wire.start_time.as_deref()).ok_or("a start in US form is missing")?;
        let end_date = wire.end_date.as_deref().unwrap_or(&wire.start_date);
        let end = dates::parse(end_date, wire.end_time.as_deref()).ok_or("an end in US form is missing")?;
        let Wire { id, status, event_status, place, campaign, description, have_data, data, .. } = wire;
        Ok(Self { id, start, end: end.max(start), status, event_status, place, campaign, description, have_data, data })
    }
}

#[derive(Deserialize)]
struct WirePlace {
    #[serde(default, deserialize_with = "lenient::opt_number")]
    id: Option<i64>,
    /// Its presence, even as null, is what tells a single event from one in a list.
    #[serde(default)]
    venue_id: Field<VenueId>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    city: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    state: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    state_name: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    country: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    formatted_address: Option<String>,
}

impl From<WirePlace> for Place {
    fn from(wire: WirePlace) -> Self {
        let (place_id, venue_id) = match wire.venue_id {
            Field::Absent => (None, wire.id.map(VenueId::new)),
            Field::Null => (wire.id.map(PlaceId::new), None),
            Field::Value(venue) => (wire.id.map(PlaceId::new), Some(venue)),
        };
        let WirePlace { name, city, state, state_name, country, formatted_address, .. } = wire;
        Self { place_id, venue_id, name, city, state: state_name.or(state), country, formatted_address }
    }
}

/// What to write of an event: everything for a create, what changes for an update.
///
/// Times are in the time zone of the user's profile, to the minute.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct EventDraft {
    /// The campaign.
    pub campaign: Option<RemoteCampaignId>,
    /// When it starts.
    pub start: Option<NaiveDateTime>,
    /// When it ends.
    pub end: Option<NaiveDateTime>,
    /// Where it happens. Only administrators may leave it out.
    pub place: Option<super::PlaceReference>,
    /// What it is.
    pub description: Option<String>,
    /// `false` deactivates it, which needs a permission of its own.
    pub active: Option<bool>,
}

impl EventDraft {
    /// An event of a campaign, from `start` to `end`.
    pub fn new(campaign: RemoteCampaignId, start: NaiveDateTime, end: NaiveDateTime) -> Self {
        Self { campaign: Some(campaign), start: Some(start), end: Some(end), ..Self::default() }
    }

    /// An update that changes nothing yet.
    pub fn change() -> Self {
        Self::default()
    }

    /// Moves it.
    pub fn times(mut self, start: NaiveDateTime, end: NaiveDateTime) -> Self {
        (self.start, self.end) = (Some(start), Some(end));
        self
    }

    /// Where it happens.
    pub fn place(mut self, place: super::PlaceReference) -> Self {
        self.place = Some(place);
        self
    }

    /// What it is.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Activates or deactivates it.
    pub fn active(mut self, active: bool) -> Self {
        self.active = Some(active);
        self
    }

    /// Whether it would change nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn to_wire(&self) -> WireDraft<'_> {
        WireDraft {
            campaign_id: self.campaign,
            start_date: self.start.map(|at| dates::date(at.date())),
            start_time: self.start.map(|at| dates::time(at.time())),
            end_date: self.end.map(|at| dates::date(at.date())),
            end_time: self.end.map(|at| dates::time(at.time())),
            place_reference: self.place.as_ref(),
            description: self.description.as_deref(),
            active: self.active.map(|active| if active { "true" } else { "false" }),
        }
    }
}

/// Booleans are texts here: the server accepts no others.
#[derive(Serialize)]
pub(super) struct WireDraft<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    campaign_id: Option<RemoteCampaignId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place_reference: Option<&'a super::PlaceReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<&'static str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_id_of_a_list_is_a_venue_and_that_of_a_single_event_a_place() {
        let ids = |place| {
            let event = format!(
                r#"{{"id":1,"start_date":"06/05/2026","start_time":"9:00 AM","end_date":"06/05/2026",
                    "end_time":"11:00 AM","event_status":"Parked","place":{place}}}"#
            );
            let event: RemoteEvent = serde_json::from_str(&event).unwrap();
            assert_eq!(event.event_status.as_str(), "Parked");
            let place = event.place.unwrap();
            (place.place_id.map(PlaceId::get), place.venue_id.map(VenueId::get))
        };
        assert_eq!(ids(r#"{"id":7}"#), (None, Some(7)));
        assert_eq!(ids(r#"{"id":8,"venue_id":7}"#), (Some(8), Some(7)));
        assert_eq!(ids(r#"{"id":8,"venue_id":null}"#), (Some(8), None));
    }

    #[test]
    fn decimals_may_be_texts() {
        let spending: Spending = serde_json::from_str(r#"{"spent_by_sample":"3.5","spent_by_impression":2}"#).unwrap();
        assert_eq!((spending.spent_by_sample, spending.spent_by_impression), (Some(3.5), Some(2.0)));
    }

    #[test]
    fn an_update_sends_what_changes_alone() {
        let change = EventDraft::change().active(false);
        assert_eq!(serde_json::to_string(&change.to_wire()).unwrap(), r#"{"active":"false"}"#);
    }
}

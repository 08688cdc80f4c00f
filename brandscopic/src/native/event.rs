//! An event as Brandscopic tells it.

use chrono::NaiveDateTime;
use connectors_core::wire::{Field, lenient};
use serde::{Deserialize, Serialize};

use super::{EventModule, Phases, PlaceId, RemoteCampaign, RemoteCampaignId, RemoteEventId, VenueId, dates, modules};

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
        /// The event is over, the recap is due: up to about two days after the end.
        "Due" => Due,
        /// The recap is overdue.
        "Late" => Late,
        /// The recap waits for approval.
        "Submitted" => Submitted,
        /// The recap is approved.
        "Approved" => Approved,
        /// The recap has to be reworked.
        "Rejected" => Rejected,
        /// The event has taken place. Lists can be narrowed by it, but no event is told to be in this state.
        "Executed" => Executed,
    }
}

connectors_core::open_enum! {
    /// What the user can do about an event.
    pub enum EventAction {
        /// Fill in the recap.
        "enter post event data" => EnterResults,
        /// Add photos.
        "upload photos" => UploadPhotos,
        /// Add surveys.
        "conduct surveys" => ConductSurveys,
        /// Add expenses.
        "enter expenses" => EnterExpenses,
        /// Add comments of consumers.
        "gather comments" => GatherComments,
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
    /// How far it has come by its campaign's plan.
    pub phases: Option<Phases>,
    /// Where it happens.
    pub place: Option<Place>,
    /// Its campaign.
    pub campaign: Option<RemoteCampaign>,
    /// What its campaign asks for. Only from `get`.
    pub modules: Vec<EventModule>,
    /// What it is; events have no name of their own. Only from `get`.
    pub description: Option<String>,
    /// Why its recap was rejected the last time. Only from `get`.
    pub rejection: Option<Rejection>,
    /// Whether results were entered. Only from `get`.
    pub have_data: Option<bool>,
    /// What it cost. Only from `get`.
    pub data: Option<Spending>,
    /// What the user can do about it. Only from `get`.
    pub actions: Vec<EventAction>,
    /// How many of its tasks are overdue. Only from `get`.
    pub tasks_late_count: Option<u64>,
    /// How many of its tasks are due today. Only from `get`.
    pub tasks_due_today_count: Option<u64>,
}

impl RemoteEvent {
    /// What its campaign asks for of this kind. Only from `get`.
    pub fn module(&self, name: &super::ModuleName) -> Option<&EventModule> {
        self.modules.iter().find(|module| module.name == *name)
    }
}

/// What is known of the rejection of a recap.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Rejection {
    /// What has to be reworked; `None` if the recap was never rejected.
    #[serde(default, rename = "rejected_reason", deserialize_with = "lenient::opt_string")]
    pub reason: Option<String>,
    /// How long ago, in English words such as `about 2 hours`. Not a date, and told even if the recap was never
    /// rejected.
    #[serde(default, rename = "rejected_at", deserialize_with = "lenient::opt_string")]
    pub ago: Option<String>,
}

/// What an event cost, in the company's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
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
    /// Street.
    pub route: Option<String>,
    /// House number.
    pub street_number: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Postal code.
    pub zipcode: Option<String>,
    /// The state's or region's full name.
    pub state: Option<String>,
    /// The state's or region's code. Only from `get`.
    pub state_code: Option<String>,
    /// The country's two-letter code.
    pub country: Option<String>,
    /// The address in one line.
    pub formatted_address: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
}

#[derive(Deserialize)]
struct Wire {
    id: RemoteEventId,
    start_date: String,
    #[serde(default)]
    start_time: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    end_date: Option<String>,
    #[serde(default)]
    end_time: Option<String>,
    #[serde(default = "active")]
    status: Activity,
    event_status: Recap,
    #[serde(default)]
    phases: Option<Phases>,
    #[serde(default)]
    place: Option<Place>,
    #[serde(default)]
    campaign: Option<WireCampaign>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    description: Option<String>,
    #[serde(default, rename = "rejected_info")]
    rejection: Option<Rejection>,
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    have_data: Option<bool>,
    #[serde(default)]
    data: Option<Spending>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    actions: Vec<EventAction>,
    #[serde(default, deserialize_with = "lenient::opt_number")]
    tasks_late_count: Option<u64>,
    #[serde(default, deserialize_with = "lenient::opt_number")]
    tasks_due_today_count: Option<u64>,
}

#[derive(Deserialize)]
struct WireCampaign {
    id: RemoteCampaignId,
    name: String,
    #[serde(default, deserialize_with = "lenient::or_default")]
    enabled_modules: Vec<String>,
    #[serde(default)]
    modules: serde_json::Value,
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
        let campaign = wire.campaign.as_ref();
        Ok(Self {
            id: wire.id,
            start,
            end: end.max(start),
            status: wire.status,
            event_status: wire.event_status,
            phases: wire.phases,
            place: wire.place,
            modules: campaign.map(|c| modules::read(&c.enabled_modules, &c.modules)).unwrap_or_default(),
            campaign: wire.campaign.map(|campaign| RemoteCampaign { id: campaign.id, name: campaign.name }),
            description: wire.description,
            rejection: wire.rejection,
            have_data: wire.have_data,
            data: wire.data,
            actions: wire.actions,
            tasks_late_count: wire.tasks_late_count,
            tasks_due_today_count: wire.tasks_due_today_count,
        })
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
    route: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    street_number: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    city: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    zipcode: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    state: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    state_name: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    country: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    formatted_address: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_number")]
    latitude: Option<f64>,
    #[serde(default, deserialize_with = "lenient::opt_number")]
    longitude: Option<f64>,
}

impl From<WirePlace> for Place {
    fn from(wire: WirePlace) -> Self {
        let id_of_a_place = wire.id.map(PlaceId::new);
        let (place_id, venue_id, state, state_code) = match wire.venue_id {
            Field::Absent => (None, wire.id.map(VenueId::new), wire.state_name.or(wire.state), None),
            Field::Null => (id_of_a_place, None, wire.state_name, wire.state),
            Field::Value(venue) => (id_of_a_place, Some(venue), wire.state_name, wire.state),
        };
        Self {
            place_id,
            venue_id,
            name: wire.name,
            route: wire.route,
            street_number: wire.street_number,
            city: wire.city,
            zipcode: wire.zipcode,
            state,
            state_code,
            country: wire.country,
            formatted_address: wire.formatted_address,
            latitude: wire.latitude,
            longitude: wire.longitude,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(more: &str) -> RemoteEvent {
        let event = format!(
            r#"{{"id":1,"start_date":"06/05/2026","start_time":"9:00 AM","end_date":"06/05/2026",
                "end_time":"11:00 AM","event_status":"Parked"{more}}}"#
        );
        serde_json::from_str(&event).unwrap()
    }

    #[test]
    fn the_place_id_of_a_list_is_a_venue_and_that_of_a_single_event_a_place() {
        let ids = |place: &str| {
            let event = read(&format!(r#","place":{place}"#));
            assert_eq!(event.event_status.as_str(), "Parked");
            let place = event.place.unwrap();
            (place.place_id.map(PlaceId::get), place.venue_id.map(VenueId::get))
        };
        assert_eq!(ids(r#"{"id":7}"#), (None, Some(7)));
        assert_eq!(ids(r#"{"id":8,"venue_id":7}"#), (Some(8), Some(7)));
        assert_eq!(ids(r#"{"id":8,"venue_id":null}"#), (Some(8), None));
    }

    #[test]
    fn the_state_of_a_list_is_a_name_and_that_of_a_single_event_a_code() {
        let states = |place: &str| {
            let place = read(&format!(r#","place":{place}"#)).place.unwrap();
            (place.state.unwrap_or_default(), place.state_code.unwrap_or_default())
        };
        assert_eq!(states(r#"{"id":7,"state":"Illinois"}"#), ("Illinois".into(), String::new()));
        let shown = r#"{"id":7,"venue_id":8,"state":"IL","state_name":"Illinois"}"#;
        assert_eq!(states(shown), ("Illinois".into(), "IL".into()));
        assert_eq!(states(r#"{"id":7,"venue_id":8,"state":"IL"}"#), (String::new(), "IL".into()));
    }

    #[test]
    fn decimals_may_be_texts() {
        let spending: Spending = serde_json::from_str(r#"{"spent_by_sample":"3.5","spent_by_impression":2}"#).unwrap();
        assert_eq!((spending.spent_by_sample, spending.spent_by_impression), (Some(3.5), Some(2.0)));
        let place = read(r#","place":{"latitude":"40.72","longitude":-73.99}"#).place.unwrap();
        assert_eq!((place.latitude, place.longitude), (Some(40.72), Some(-73.99)));
    }

    #[test]
    fn what_an_event_lacks_may_be_null() {
        let nulls = r#","phases":null,"place":null,"campaign":null,"rejected_info":null,"data":null,"actions":null"#;
        assert_eq!(read(nulls), read(""));
    }
}

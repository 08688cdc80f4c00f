//! Invites to events and venues.

use chrono::NaiveDate;
use connectors_core::provider::{Call, Operation};
use connectors_core::wire::lenient;
use connectors_core::{Error, Request, Result};
use http::Method;
use serde::{Deserialize, Serialize};

use super::request::{CallExt, operation, positive, resource};
use super::{InviteId, PlaceReference, RemoteCampaign, RemoteEventId, VenueId, wire};

static OF_EVENT: Operation = operation(Method::GET, "invites.of_event", "/events/{event}/invites.json");
static GET_ON_EVENT: Operation = operation(Method::GET, "invites.get_on_event", "/events/{event}/invites/{id}.json");
static CREATE_ON_EVENT: Operation = operation(Method::POST, "invites.create_on_event", "/events/{event}/invites.json");
static UPDATE_ON_EVENT: Operation =
    operation(Method::PUT, "invites.update_on_event", "/events/{event}/invites/{id}.json");
static OF_VENUE: Operation = operation(Method::GET, "invites.of_venue", "/venues/{venue}/invites.json");
static GET_ON_VENUE: Operation = operation(Method::GET, "invites.get_on_venue", "/venues/{venue}/invites/{id}.json");
static CREATE_ON_VENUE: Operation = operation(Method::POST, "invites.create_on_venue", "/venues/{venue}/invites.json");
static UPDATE_ON_VENUE: Operation =
    operation(Method::PUT, "invites.update_on_venue", "/venues/{venue}/invites/{id}.json");

/// How many were invited to an event by a venue, and how many came.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Invite {
    /// Its id.
    pub id: InviteId,
    /// How many were invited.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub invitees: Option<u32>,
    /// How many said that they would come.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub rsvps_count: Option<u32>,
    /// How many came.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub attendees: Option<u32>,
    /// Whether it counts.
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    pub active: Option<bool>,
    /// What they were invited to.
    #[serde(default)]
    pub event: Option<InviteEvent>,
    /// The venue that it is for.
    #[serde(default)]
    pub venue: Option<InviteVenue>,
}

/// The event of an invite.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct InviteEvent {
    /// Its id.
    pub id: RemoteEventId,
    /// The day on which it starts, in the time zone of the user's profile.
    #[serde(default, deserialize_with = "wire::opt_day::deserialize")]
    pub start_date: Option<NaiveDate>,
    /// The day on which it ends, in the time zone of the user's profile.
    #[serde(default, deserialize_with = "wire::opt_day::deserialize")]
    pub end_date: Option<NaiveDate>,
    /// Its campaign.
    #[serde(default)]
    pub campaign: Option<RemoteCampaign>,
}

/// The venue of an invite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InviteVenue {
    /// Its id.
    pub id: VenueId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub name: Option<String>,
    /// A mark of the customer whose feature this is.
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    pub top_venue: Option<bool>,
    /// A mark of the customer whose feature this is.
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    pub jameson_locals: Option<bool>,
}

/// Which venue an invite is for: one of the company, or by its place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InviteVenueReference {
    /// A venue of the company.
    Venue(VenueId),
    /// A place.
    Place(PlaceReference),
}

/// What to write of an invite: everything for a create, what changes for an update.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InviteDraft {
    /// How many are invited.
    pub invitees: Option<u32>,
    /// How many say that they will come.
    pub rsvps_count: Option<u32>,
    /// How many came.
    pub attendees: Option<u32>,
    /// `false` deactivates it.
    pub active: Option<bool>,
}

impl InviteDraft {
    /// An invite of so many.
    pub fn new(invitees: u32) -> Self {
        Self { invitees: Some(invitees), ..Self::default() }
    }

    /// An update that changes nothing yet.
    pub fn change() -> Self {
        Self::default()
    }

    /// How many are invited.
    pub fn invitees(mut self, count: u32) -> Self {
        self.invitees = Some(count);
        self
    }

    /// How many say that they will come.
    pub fn rsvps_count(mut self, count: u32) -> Self {
        self.rsvps_count = Some(count);
        self
    }

    /// How many came.
    pub fn attendees(mut self, count: u32) -> Self {
        self.attendees = Some(count);
        self
    }

    /// Activates or deactivates it.
    pub fn active(mut self, active: bool) -> Self {
        self.active = Some(active);
        self
    }
}

resource! {
    /// The endpoints of invites: [`Native::invites`](super::Native::invites). An
    /// invite joins an event and a venue.
    ///
    /// Brandscopic has them for one of its customers; users of another company lack the permission.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::{Contract, native::{RemoteEventId, VenueId}};
    /// # use connectors_mock::MockBrandscopic;
    /// # let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    /// # let event = RemoteEventId::new(mock.fake().events()[0].id);
    /// # let place = mock.client().native()?.events().list().await?.results[0].place.clone();
    /// # let venue = place.unwrap().venue_id.unwrap();
    /// use connectors_brandscopic::native::{InviteDraft, InviteVenueReference};
    ///
    /// let invites = mock.client().native()?.invites();
    /// let made = invites.create_on_event(event, &InviteVenueReference::Venue(venue), &InviteDraft::new(40)).await?;
    /// invites.update_on_event(event, made.id, &InviteDraft::change().rsvps_count(25)).await?;
    /// assert_eq!(invites.get_on_event(event, made.id).await?.rsvps_count, Some(25));
    /// assert_eq!(invites.of_event(event).await?.len(), 1);
    ///
    /// let other = invites.create_on_venue(venue, event, &InviteDraft::new(12)).await?;
    /// invites.update_on_venue(venue, other.id, &InviteDraft::change().attendees(9)).await?;
    /// assert_eq!(invites.get_on_venue(venue, other.id).await?.attendees, Some(9));
    /// assert_eq!(invites.of_venue(venue).await?.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub struct Invites;
}

/// The body of a write.
#[derive(Serialize)]
struct Body<'a> {
    invite: WireInvite<'a>,
}

#[derive(Serialize)]
struct WireInvite<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    place_reference: Option<&'a PlaceReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    venue_id: Option<VenueId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<RemoteEventId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invitees: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rsvps_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attendees: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "wire::flag_as_text")]
    active: Option<bool>,
}

impl Invites {
    /// The invites of an event, all at once.
    pub fn of_event(&self, event: RemoteEventId) -> Request<Vec<Invite>> {
        Request::new(self.0.call(&OF_EVENT).id("event", event.get()))
    }

    /// One invite of an event.
    pub fn get_on_event(&self, event: RemoteEventId, id: InviteId) -> Request<Invite> {
        Request::new(self.0.call(&GET_ON_EVENT).id("event", event.get()).id("id", id.get()))
    }

    /// Adds an invite to an event.
    pub fn create_on_event(
        &self,
        event: RemoteEventId,
        venue: &InviteVenueReference,
        draft: &InviteDraft,
    ) -> Request<Invite> {
        let mut invite = WireInvite::from(draft);
        let checked = match venue {
            InviteVenueReference::Venue(id) => positive("venue_id", id.get()),
            InviteVenueReference::Place(place) => {
                place.place_id().map_or(Ok(()), |id| positive("place_reference", id.get()))
            }
        };
        match venue {
            InviteVenueReference::Venue(id) => invite.venue_id = Some(*id),
            InviteVenueReference::Place(place) => invite.place_reference = Some(place),
        }
        write(self.0.call(&CREATE_ON_EVENT).id("event", event.get()), invite).check(checked).check(complete(draft))
    }

    /// Changes an invite of an event.
    pub fn update_on_event(&self, event: RemoteEventId, id: InviteId, change: &InviteDraft) -> Request<Invite> {
        let call = self.0.call(&UPDATE_ON_EVENT).id("event", event.get()).id("id", id.get());
        write(call, change.into()).check(changes(change))
    }

    /// The invites of a venue, all at once.
    pub fn of_venue(&self, venue: VenueId) -> Request<Vec<Invite>> {
        Request::new(self.0.call(&OF_VENUE).id("venue", venue.get()))
    }

    /// One invite of a venue.
    pub fn get_on_venue(&self, venue: VenueId, id: InviteId) -> Request<Invite> {
        Request::new(self.0.call(&GET_ON_VENUE).id("venue", venue.get()).id("id", id.get()))
    }

    /// Adds an invite to a venue.
    pub fn create_on_venue(&self, venue: VenueId, event: RemoteEventId, draft: &InviteDraft) -> Request<Invite> {
        let invite = WireInvite { event_id: Some(event), ..WireInvite::from(draft) };
        let call = self.0.call(&CREATE_ON_VENUE).id("venue", venue.get());
        write(call, invite).check(positive("event_id", event.get())).check(complete(draft))
    }

    /// Changes an invite of a venue.
    pub fn update_on_venue(&self, venue: VenueId, id: InviteId, change: &InviteDraft) -> Request<Invite> {
        let call = self.0.call(&UPDATE_ON_VENUE).id("venue", venue.get()).id("id", id.get());
        write(call, change.into()).check(changes(change))
    }
}

impl<'a> From<&'a InviteDraft> for WireInvite<'a> {
    fn from(draft: &'a InviteDraft) -> Self {
        let InviteDraft { invitees, rsvps_count, attendees, active } = *draft;
        Self { place_reference: None, venue_id: None, event_id: None, invitees, rsvps_count, attendees, active }
    }
}

fn write(call: Call, invite: WireInvite<'_>) -> Request<Invite> {
    Request::new(call.json(&Body { invite }))
}

fn complete(draft: &InviteDraft) -> Result<()> {
    let missing = Error::invalid("invitees", "is required to create an invite");
    if draft.invitees.is_some() { Ok(()) } else { Err(missing) }
}

fn changes(change: &InviteDraft) -> Result<()> {
    if *change == InviteDraft::default() { Err(Error::invalid("invite", "changes nothing")) } else { Ok(()) }
}

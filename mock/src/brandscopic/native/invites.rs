//! Invites to events and venues.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::fields::Fields;
use super::super::state::{FakePlace, State};
use super::asked::Asked;
use super::{Outcome, bad_parameter, not_found, not_saved, ok, problem};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(Vec<Invite>);

impl Store {
    /// How many an event has.
    pub(super) fn count(&self, event: i64) -> u64 {
        self.0.iter().filter(|invite| !invite.inactive && invite.event == event).count() as u64
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Invite {
    id: i64,
    event: i64,
    /// The place of the venue.
    place: i64,
    invitees: i64,
    rsvps: i64,
    attendees: i64,
    inactive: bool,
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let at_venue = asked.method().ends_with("_venue");
    let subject = asked.id(if at_venue { "venue" } else { "event" })?;
    let place = state.venues.iter().find(|venue| at_venue && venue.venue_id() == subject).map(|venue| venue.place_id);
    if place.is_none() && (at_venue || state.event(subject).is_none()) {
        return Err(not_found());
    }
    let of_subject = |invite: &&Invite| place.map_or(invite.event == subject, |place| invite.place == place);
    let (method, _) = asked.method().split_once('_').unwrap_or_default();
    if method == "of" {
        return ok(state.stores.invites.0.iter().filter(of_subject).map(|invite| view(state, invite)).collect());
    }
    if method == "create" {
        let blank = || not_saved(problem("invitees", "can't be blank"));
        asked.sent.integer("invitees").ok_or_else(blank)?;
        let (event, place) = match place {
            Some(place) => (event(state, &asked.sent)?, place),
            None => (subject, venue(state, &asked.sent)?),
        };
        let invite = apply(asked, Invite { id: state.fresh_id(), event, place, ..Invite::default() })?;
        let view = view(state, &invite);
        state.stores.invites.0.push(invite);
        return ok(view);
    }
    let id = asked.id("id")?;
    let found = state.stores.invites.0.iter().filter(of_subject).find(|invite| invite.id == id);
    let invite = found.cloned().ok_or_else(not_found)?;
    if method == "get" {
        return ok(view(state, &invite));
    }
    let invite = apply(asked, invite)?;
    let view = view(state, &invite);
    if let Some(old) = state.stores.invites.0.iter_mut().find(|invite| invite.id == id) {
        *old = invite;
    }
    ok(view)
}

fn event(state: &State, sent: &Fields) -> Result<i64, Answer> {
    let event = sent.integer("event_id").and_then(|id| state.event(id));
    event.map(|event| event.id).ok_or_else(|| not_saved(problem("event", "can't be blank")))
}

fn venue(state: &State, sent: &Fields) -> Result<i64, Answer> {
    let (id, reference) = (sent.integer("venue_id"), sent.scalar("place_reference"));
    let is_it = |venue: &&FakePlace| {
        let place = reference.as_ref().is_some_and(|r| *r == venue.reference() || r.parse() == Ok(venue.place_id));
        id == Some(venue.venue_id()) || place
    };
    let found = state.venues.iter().find(is_it);
    found.map(|venue| venue.place_id).ok_or_else(|| not_saved(problem("venue", "can't be blank")))
}

fn apply(asked: &Asked<'_>, mut invite: Invite) -> Result<Invite, Answer> {
    let counts =
        [("invitees", &mut invite.invitees), ("rsvps_count", &mut invite.rsvps), ("attendees", &mut invite.attendees)];
    for (name, count) in counts {
        if asked.sent.has(name) {
            let sent = asked.sent.integer(name).filter(|sent| *sent >= 0);
            *count = sent.ok_or_else(|| not_saved(problem(name, "is not a number")))?;
        }
    }
    match asked.sent.text("active") {
        Some(text @ ("true" | "false")) => invite.inactive = text == "false",
        // Nothing but these two texts is accepted.
        _ if asked.sent.has("active") => return Err(bad_parameter("Invalid parameter active")),
        _ => {}
    }
    Ok(invite)
}

fn view(state: &State, invite: &Invite) -> Value {
    let day = |at| state.local(at).format("%m/%d/%Y").to_string();
    let event = state.event(invite.event).map(|event| {
        let campaign = state.projects.iter().find(|project| project.id == event.project);
        json!({
            "id": event.id,
            "start_date": day(event.start),
            "end_date": day(event.end),
            "campaign": campaign.map(|campaign| json!({"id": campaign.id, "name": campaign.name})),
        })
    });
    let venue = state
        .venue(invite.place)
        .map(|venue| json!({"id": venue.venue_id(), "name": venue.name, "top_venue": false, "jameson_locals": null}));
    json!({
        "id": invite.id,
        "invitees": invite.invitees,
        "rsvps_count": invite.rsvps,
        "attendees": invite.attendees,
        "active": !invite.inactive,
        "event": event,
        "venue": venue,
    })
}

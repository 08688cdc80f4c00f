//! What to write of an event.

use chrono::{DateTime, NaiveDateTime, Utc};
use connectors_core::{Error, Result, TimeZone};
use serde::Serialize;

use super::request::positive;
use super::wire::flag_as_text;
use super::{PlaceReference, RemoteCampaignId, VisitId, dates};

/// What to write of an event: everything for a create, what changes for an update.
///
/// Times are in the time zone of the user's profile, to the minute.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct EventDraft {
    /// The campaign. It must be one that the user may see.
    pub campaign: Option<RemoteCampaignId>,
    /// When it starts.
    pub start: Option<NaiveDateTime>,
    /// When it ends; not before the start.
    pub end: Option<NaiveDateTime>,
    /// Where it happens. Only administrators may leave it out, others must choose one within their areas.
    pub place: Option<PlaceReference>,
    /// What it is.
    pub description: Option<String>,
    /// The visit that it belongs to; the event must lie within its days.
    pub visit: Option<VisitId>,
    /// `false` deactivates it, which needs a permission of its own.
    pub active: Option<bool>,
}

impl EventDraft {
    /// An event of a campaign, from `start` to `end` by the clocks of the user.
    pub fn new(campaign: RemoteCampaignId, start: NaiveDateTime, end: NaiveDateTime) -> Self {
        Self { campaign: Some(campaign), start: Some(start), end: Some(end), ..Self::default() }
    }

    /// An event of a campaign at times of its venue. `user` is the time zone of the profile of the user who logs in:
    /// Brandscopic reads all times by that person's clocks, not by those of the venue and not as UTC.
    ///
    /// ```
    /// use connectors_brandscopic::native::{EventDraft, LocalTimes, RemoteCampaignId};
    /// use connectors_core::TimeZone;
    ///
    /// let (berlin, new_york) = (TimeZone::new("Europe/Berlin")?, TimeZone::new("America/New_York")?);
    /// let (start, end) = ("2026-06-05T17:00:00".parse().unwrap(), "2026-06-05T20:30:00".parse().unwrap());
    /// let times = LocalTimes::new(start, end, berlin);
    /// let draft = EventDraft::from_local(RemoteCampaignId::new(3), times, new_york)?;
    /// assert_eq!(draft.start, "2026-06-05T11:00:00".parse().ok());
    /// # Ok::<(), connectors_core::Error>(())
    /// ```
    ///
    /// Fails as [`LocalTimes::in_zone`] does.
    pub fn from_local(campaign: RemoteCampaignId, times: LocalTimes, user: TimeZone) -> Result<Self> {
        let (start, end) = times.in_zone(user)?;
        Ok(Self::new(campaign, start, end))
    }

    /// An update that changes nothing yet.
    pub fn change() -> Self {
        Self::default()
    }

    /// Moves it. For times of a venue see [`LocalTimes::in_zone`].
    pub fn times(mut self, start: NaiveDateTime, end: NaiveDateTime) -> Self {
        (self.start, self.end) = (Some(start), Some(end));
        self
    }

    /// Where it happens: a place, not a venue, or what a search for venues gave.
    pub fn place(mut self, place: PlaceReference) -> Self {
        self.place = Some(place);
        self
    }

    /// What it is.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The visit that it belongs to.
    pub fn visit(mut self, visit: VisitId) -> Self {
        self.visit = Some(visit);
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

    /// Whether it is all that an event needs.
    pub(super) fn complete(&self) -> Result<()> {
        let missing = |field: &str| Err(Error::invalid(field, "is required to create an event"));
        match (self.campaign, self.start, self.end) {
            (None, ..) => missing("campaign_id"),
            (_, None, _) => missing("start_date"),
            (.., None) => missing("end_date"),
            _ => self.consistent(),
        }
    }

    /// Whether it changes something.
    pub(super) fn changes(&self) -> Result<()> {
        if self.is_empty() { Err(Error::invalid("event", "changes nothing")) } else { self.consistent() }
    }

    fn consistent(&self) -> Result<()> {
        let place = self.place.as_ref().and_then(PlaceReference::place_id).map(super::PlaceId::get);
        let ids = [
            ("campaign_id", self.campaign.map(RemoteCampaignId::get)),
            ("place_reference", place),
            ("visit_id", self.visit.map(VisitId::get)),
        ];
        for (field, id) in ids {
            id.map_or(Ok(()), |id| positive(field, id))?;
        }
        if self.start.zip(self.end).is_some_and(|(start, end)| end < start) {
            return Err(Error::invalid("end_date", "must not be before the start"));
        }
        Ok(())
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
            visit_id: self.visit,
            active: self.active,
        }
    }
}

/// The body of a write.
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
    /// A number stands for a place that Brandscopic has.
    #[serde(skip_serializing_if = "Option::is_none")]
    place_reference: Option<&'a PlaceReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visit_id: Option<VisitId>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "flag_as_text")]
    active: Option<bool>,
}

/// When something starts and ends by the clocks where it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LocalTimes {
    /// When it starts.
    pub start: NaiveDateTime,
    /// When it ends.
    pub end: NaiveDateTime,
    /// Whose clocks show these times.
    pub zone: TimeZone,
}

impl LocalTimes {
    /// Times as the clocks of `zone` show them: the first time if they do so twice, as much later as they are put
    /// forward if they skip it.
    pub fn new(start: NaiveDateTime, end: NaiveDateTime, zone: TimeZone) -> Self {
        Self { start, end, zone }
    }

    /// Start and end by the clocks of another zone, such as the user's, to the minute.
    ///
    /// Fails with [`InvalidRequest`](connectors_core::ErrorKind::InvalidRequest) on a time that those clocks show a
    /// second time, when they are put back: written down, it would be taken for the first.
    pub fn in_zone(&self, user: TimeZone) -> Result<(NaiveDateTime, NaiveDateTime)> {
        let shown = |field: &str, at| by_the_clocks_of(user, self.zone.to_utc(at)).ok_or_else(|| twice(field));
        Ok((shown("start_time", self.start)?, shown("end_time", self.end)?))
    }
}

/// What the clocks of a zone show at this instant, to the minute, unless they have shown it before.
pub(super) fn by_the_clocks_of(zone: TimeZone, at: DateTime<Utc>) -> Option<NaiveDateTime> {
    let shown = zone.to_local(at);
    (zone.to_utc(shown) == at).then(|| dates::to_the_minute(shown))
}

pub(super) fn twice(field: &str) -> Error {
    Error::invalid(
        field,
        "is shown twice by the user's clocks, which are put back then; Brandscopic cannot tell apart which is meant",
    )
    .with_hint("choose a time before or after that hour")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::new(name).unwrap()
    }

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn an_update_sends_what_changes_alone() {
        let change = EventDraft::change().active(false);
        assert_eq!(serde_json::to_string(&change.to_wire()).unwrap(), r#"{"active":"false"}"#);
    }

    #[test]
    fn the_clocks_of_venue_and_user_are_put_forward_on_days_of_their_own() {
        // Between 8 and 29 March 2026 New York is an hour closer to Berlin.
        for (day, hour) in [("2026-03-07", "11"), ("2026-03-08", "12"), ("2026-03-28", "12"), ("2026-03-29", "11")] {
            let start = at(&format!("{day}T17:00:00"));
            let shown = LocalTimes::new(start, start, zone("Europe/Berlin")).in_zone(zone("America/New_York")).unwrap();
            assert_eq!(shown.0, at(&format!("{day}T{hour}:00:00")));
        }
    }

    #[test]
    fn a_time_that_the_venues_clocks_skip_is_as_much_later() {
        let skipped = at("2026-03-29T02:30:00");
        let (start, _) = LocalTimes::new(skipped, skipped, zone("Europe/Berlin")).in_zone(zone("Etc/UTC")).unwrap();
        assert_eq!(start, at("2026-03-29T01:30:00"), "03:30 in Berlin");
    }

    #[test]
    fn a_time_that_the_users_clocks_show_twice_is_refused_the_second_time() {
        // New York puts its clocks back at 06:00 in UTC on 1 November 2026.
        let user = zone("America/New_York");
        let times = |start: &str, end: &str| LocalTimes::new(at(start), at(end), TimeZone::UTC).in_zone(user);
        let first = times("2026-11-01T05:30:00", "2026-11-01T07:00:00").unwrap();
        assert_eq!(first, (at("2026-11-01T01:30:00"), at("2026-11-01T02:00:00")));
        let second = times("2026-11-01T05:30:00", "2026-11-01T06:30:00").unwrap_err();
        assert_eq!(second.field(), Some("end_time"));
    }
}

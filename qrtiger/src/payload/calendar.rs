//! Adding a date to a calendar.

use chrono::{DateTime, Days, NaiveDate, Utc};
use connectors_core::{CampaignEvent, DateRange, Error, Result};
use url::Url;

use super::{escaped, line, property};

/// A date for the calendar, as one `VEVENT`. Times are written in UTC, so that every phone shows them in its own zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEvent {
    title: String,
    span: Span,
    location: Option<String>,
    description: Option<String>,
    url: Option<Url>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    Times(DateTime<Utc>, DateTime<Utc>),
    Days(DateRange),
}

impl CalendarEvent {
    /// From one time to a later one. The error names the field `title` or `end`.
    pub fn new(title: impl Into<String>, start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Self> {
        if end <= start {
            return Err(Error::invalid("end", "must be after the start"));
        }
        Self::of(title, Span::Times(start, end))
    }

    /// Whole days, wherever one is. The error names the field `title`.
    pub fn all_day(title: impl Into<String>, days: DateRange) -> Result<Self> {
        Self::of(title, Span::Days(days))
    }

    /// An event of a campaign: its name, time, venue and page.
    pub fn of_event(event: &CampaignEvent) -> Result<Self> {
        let venue = &event.venue;
        let address = venue.address.iter().chain([&venue.city]);
        let location = std::iter::once(&venue.name).chain(address).map(String::as_str).collect::<Vec<_>>().join(", ");
        let date = Self::new(event.name.as_str(), event.starts_at_utc(), event.ends_at_utc())?;
        Ok(date.location(location).url(&event.destination))
    }

    fn of(title: impl Into<String>, span: Span) -> Result<Self> {
        Ok(Self { title: line("title", title)?, span, location: None, description: None, url: None })
    }

    /// Where.
    pub fn location(mut self, place: impl Into<String>) -> Self {
        self.location = Some(place.into());
        self
    }

    /// What else there is to say, in lines.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// A page about it.
    pub fn url(mut self, page: &Url) -> Self {
        self.url = Some(page.clone());
        self
    }

    /// What a code holds: the event, in lines, without a calendar around it, as phones read it.
    pub fn text(&self) -> String {
        let mut event = String::from("BEGIN:VEVENT\r\n");
        property(&mut event, "SUMMARY", &escaped(&self.title));
        match self.span {
            Span::Times(start, end) => {
                let utc = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
                property(&mut event, "DTSTART", &utc(start));
                property(&mut event, "DTEND", &utc(end));
            }
            Span::Days(days) => {
                let date = |day: NaiveDate| day.format("%Y%m%d").to_string();
                // The end is the first day after it.
                let end = days.end().checked_add_days(Days::new(1)).unwrap_or(days.end());
                property(&mut event, "DTSTART;VALUE=DATE", &date(days.start()));
                property(&mut event, "DTEND;VALUE=DATE", &date(end));
            }
        }
        for (name, text) in [("LOCATION", &self.location), ("DESCRIPTION", &self.description)] {
            if let Some(text) = text {
                property(&mut event, name, &escaped(text));
            }
        }
        if let Some(url) = &self.url {
            property(&mut event, "URL", url.as_str());
        }
        event.push_str("END:VEVENT\r\n");
        event
    }
}

#[cfg(test)]
mod tests {
    use connectors_core::{EventId, TimeZone, Venue};

    use super::*;

    #[test]
    fn times_are_of_utc_and_days_end_on_the_next() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let event = CalendarEvent::new("Tasting, pier", at("2026-06-05T11:00:00+02:00"), at("2026-06-05T10:00:00Z"));
        let event = event.unwrap().location("Kai 1; Ulm").description("Bring\nfriends");
        let event = event.url(&"https://example.com/e1".parse().unwrap());
        let expected = "BEGIN:VEVENT\r\nSUMMARY:Tasting\\, pier\r\nDTSTART:20260605T090000Z\r\nDTEND:20260605T100000Z\r\n\
            LOCATION:Kai 1\\; Ulm\r\nDESCRIPTION:Bring\\nfriends\r\nURL:https://example.com/e1\r\nEND:VEVENT\r\n";
        assert_eq!(event.text(), expected);
        let venue = Venue::new("v1", "Pier 9", "Ulm", "Germany");
        let (id, zone) = (EventId::new("e1").unwrap(), TimeZone::new("Europe/Berlin").unwrap());
        let (start, end) = ("2026-06-05T11:00:00".parse().unwrap(), "2026-06-05T12:00:00".parse().unwrap());
        let page = "https://example.com/e1".parse().unwrap();
        let ours = CampaignEvent::new(id, "Tasting, pier", venue, zone, start, end, page);
        let ours = CalendarEvent::of_event(&ours).unwrap();
        assert_eq!(ours.location("Kai 1; Ulm").description("Bring\nfriends"), event);

        let day = "2026-12-31".parse().unwrap();
        let text = CalendarEvent::all_day("New Year's Eve", DateRange::single(day)).unwrap().text();
        assert!(text.contains("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"), "{text}");
        assert_eq!(
            CalendarEvent::new("x", at("2026-06-05T10:00:00Z"), at("2026-06-05T10:00:00Z")).unwrap_err().field(),
            Some("end")
        );
        assert_eq!(CalendarEvent::all_day("a\nb", DateRange::single(day)).unwrap_err().field(), Some("title"));
    }
}

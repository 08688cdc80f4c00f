//! How far an event has come, in the service's words.

use chrono::{DateTime, Utc};
use connectors_core::TimeZone;

use super::{Activity, PhaseName, Recap, RemoteEvent};
use crate::EventStatus;

/// The status of an event, and Brandscopic's own word for it. `zone` is the one that its times are in; while that is not
/// known, an event counts as to come until Brandscopic tells of a phase that comes with its start.
pub(super) fn status(event: &RemoteEvent, zone: Option<TimeZone>, now: DateTime<Utc>) -> (EventStatus, String) {
    if event.status != Activity::Active {
        return (EventStatus::Cancelled, event.status.to_string());
    }
    let phase = event.phases.as_ref().and_then(|phases| phases.current.as_ref());
    let has_begun = match zone {
        Some(zone) => now >= zone.to_utc(event.start),
        None => matches!(phase, Some(PhaseName::Execute | PhaseName::Results)),
    };
    let status = match &event.event_status {
        // The word lasts until the event is over; whether it has begun is for us to say.
        Recap::Scheduled if !has_begun => EventStatus::Pending,
        Recap::Scheduled | Recap::Executed | Recap::Due | Recap::Late | Recap::Rejected => EventStatus::Active,
        Recap::Submitted | Recap::Approved => EventStatus::Completed,
        Recap::Unknown(word) => EventStatus::from(word.as_str()),
    };
    (status, event.event_status.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_its_meaning_and_scheduled_has_two() {
        let zone = TimeZone::new("America/New_York").unwrap();
        // 9:00 AM in New York is 13:00 in UTC.
        let (before, during) = ("2026-06-05T12:59:00Z", "2026-06-05T13:00:00Z");
        for (status, word, now, expected) in [
            ("Active", "Scheduled", before, "pending"),
            ("Active", "Scheduled", during, "active"),
            ("Active", "Due", during, "active"),
            ("Active", "Late", during, "active"),
            ("Active", "Rejected", during, "active"),
            ("Active", "Submitted", during, "completed"),
            ("Active", "Approved", during, "completed"),
            ("Active", "Parked", during, "Parked"),
            ("Inactive", "Scheduled", before, "cancelled"),
        ] {
            let event = serde_json::json!({
                "id": 1, "status": status, "event_status": word,
                "start_date": "06/05/2026", "start_time": "9:00 AM", "end_date": "06/05/2026", "end_time": "1:00 PM",
            });
            let mut phased = event.clone();
            let event: RemoteEvent = serde_json::from_value(event).unwrap();
            let (read, raw) = super::status(&event, Some(zone), now.parse().unwrap());
            assert_eq!(read.as_str(), expected, "{status} {word}");
            assert_eq!(raw, if status == "Inactive" { status } else { word });
            if word == "Scheduled" && status == "Active" {
                let unplaced = super::status(&event, None, now.parse().unwrap());
                assert_eq!(unplaced.0, EventStatus::Pending, "nobody knows when it begins");
                phased["phases"] = serde_json::json!({"current_phase": "execute", "phases": {}});
                let phased: RemoteEvent = serde_json::from_value(phased).unwrap();
                let told = super::status(&phased, None, now.parse().unwrap());
                assert_eq!(told.0, EventStatus::Active, "unless Brandscopic tells");
            }
        }
    }
}

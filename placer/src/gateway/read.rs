//! Reads what gateways write.

use chrono::NaiveDate;
use connectors_core::{DateRange, Error, ErrorKind, Result};
use serde::Deserialize;
use serde::de::MapAccess;
use serde_json::Value;

use crate::derive::movement as derive;
use crate::model::{
    FootfallDay, GatewayDay, GatewayDemographics, GatewayHealth, GatewayMovement, GatewayShare, HourlyVisits, Movement,
    MovementConfig, Quality, TrafficLevel, VenueId, parse_hour,
};
use crate::native::node::{Count, Measure, Members, Text};

/// A row as gateways write it.
#[derive(Debug, Default)]
pub(super) struct Day {
    venue_name: Option<String>,
    date: Option<String>,
    visits: Count,
    unique_visitors: Count,
    dwell: Measure,
    peak_hour: Option<String>,
    traffic_by_hour: Vec<Hour>,
}

#[derive(Debug, Deserialize)]
struct Hour {
    hour: Text,
    visits: Count,
}

impl Members for Day {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "venueName" => self.venue_name = map.next_value::<Text>()?.0,
            "date" => self.date = map.next_value::<Text>()?.0,
            "visits" => self.visits = map.next_value()?,
            "uniqueVisitors" => self.unique_visitors = map.next_value()?,
            "avgDwellTime" => self.dwell = map.next_value()?,
            // Some have the name that movements have; the proper one goes first.
            "averageVisitDuration" => {
                let minutes: Measure = map.next_value()?;
                self.dwell.0 = self.dwell.0.or(minutes.0);
            }
            "peakHour" => self.peak_hour = map.next_value::<Text>()?.0,
            "trafficByHour" => self.traffic_by_hour = map.next_value::<Option<_>>()?.unwrap_or_default(),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Day {
    /// The day; `None` when it has no visits or is not of the range. What has no date is no day, but perhaps an error.
    pub(super) fn into_day(self, venue: &VenueId, range: DateRange) -> Result<Option<GatewayDay>> {
        let date = self.date.as_deref().and_then(day);
        let date = date.ok_or_else(|| unreadable("a row has no date, or not one written YYYY-MM-DD"))?;
        let Some(visits) = self.visits.0 else { return Ok(None) };
        Ok(range.contains(date).then(|| GatewayDay {
            venue: venue.clone(),
            venue_name: self.venue_name,
            date,
            visits,
            unique_visitors: self.unique_visitors.0,
            avg_dwell_minutes: self.dwell.0,
            peak_hour: self.peak_hour.as_deref().and_then(parse_hour),
            hourly: hourly(&self.traffic_by_hour),
        }))
    }
}

impl From<GatewayDay> for FootfallDay {
    fn from(day: GatewayDay) -> Self {
        Self {
            venue: day.venue,
            date: day.date,
            visits: day.visits,
            unique_visitors: day.unique_visitors,
            avg_dwell_minutes: day.avg_dwell_minutes,
            panel_visits: None,
            segment: None,
            quality: Quality::Reported,
        }
    }
}

/// All days of an answer that are of the range, in order. A day may be repeated; which of two different ones is right,
/// nobody can tell.
pub(super) fn days(read: Vec<Day>, venue: &VenueId, range: DateRange) -> Result<Vec<GatewayDay>> {
    let days: Result<Vec<_>> = read.into_iter().filter_map(|day| day.into_day(venue, range).transpose()).collect();
    let mut days = days?;
    days.sort_by_key(|day| day.date);
    days.dedup();
    let twice = days.iter().zip(days.iter().skip(1)).find(|(one, next)| one.date == next.date);
    match twice {
        Some((day, _)) => Err(unreadable(format!("{} has several rows that differ", day.date))),
        None => Ok(days),
    }
}

fn unreadable(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Decode, message).with_json_path("date")
}

/// An instant begins with its day.
fn day(text: &str) -> Option<NaiveDate> {
    text.get(..10)?.parse().ok()
}

/// The visits of each hour; `None` when there are none to be read.
fn hourly(read: &[Hour]) -> Option<[u64; 24]> {
    let mut hours = [0; 24];
    let mut found = false;
    for entry in read {
        let hour = entry.hour.0.as_deref().and_then(parse_hour);
        if let Some(slot) = hour.and_then(|hour| hours.get_mut(usize::from(hour))) {
            *slot = entry.visits.0.unwrap_or_default();
            found = true;
        }
    }
    found.then_some(hours)
}

/// A pattern as gateways write it.
#[derive(Debug, Default)]
pub(super) struct Pattern {
    venue_name: Option<String>,
    date: Option<String>,
    time_of_day: Option<String>,
    traffic_level: Option<String>,
    peak_hours: Vec<Text>,
    duration: Measure,
    traffic_by_hour: Vec<Hour>,
}

impl Members for Pattern {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "venueName" => self.venue_name = map.next_value::<Text>()?.0,
            "date" => self.date = map.next_value::<Text>()?.0,
            "timeOfDay" => self.time_of_day = map.next_value::<Text>()?.0,
            "trafficLevel" => self.traffic_level = map.next_value::<Text>()?.0,
            "peakHours" => self.peak_hours = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "averageVisitDuration" => self.duration = map.next_value()?,
            "trafficByHour" => self.traffic_by_hour = map.next_value::<Option<_>>()?.unwrap_or_default(),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Pattern {
    /// The pattern; `None` when it says nothing.
    pub(super) fn into_movement(self, venue: VenueId) -> Option<GatewayMovement> {
        let mut peak_hours: Vec<u8> =
            self.peak_hours.iter().filter_map(|text| parse_hour(text.0.as_deref()?)).collect();
        peak_hours.sort_unstable();
        peak_hours.dedup();
        Some(GatewayMovement {
            venue,
            venue_name: self.venue_name,
            date: self.date.as_deref().and_then(day),
            time_of_day: self.time_of_day?,
            traffic_level: TrafficLevel::from(self.traffic_level?.as_str()),
            peak_hours,
            average_visit_minutes: self.duration.0,
            hourly: hourly(&self.traffic_by_hour),
        })
    }
}

impl GatewayMovement {
    /// As a pattern, with what follows from the hours where they are told.
    pub(super) fn pattern(self, config: &MovementConfig) -> Movement {
        let hourly = self.hourly.unwrap_or_default();
        let visits =
            HourlyVisits { venue: self.venue.clone(), hours: hourly, opening_hours: Vec::new(), segment: None };
        Movement {
            venue: self.venue,
            range: self.date.map(DateRange::single),
            time_of_day: self.time_of_day,
            traffic_level: self.traffic_level,
            peak_hours: self.peak_hours,
            dayparts: Vec::new(),
            hourly,
            quiet_hours: derive::quiet_hours(&visits, config),
            surge: derive::surge(&hourly),
            hours: if self.hourly.is_some() { derive::hours(&visits, config) } else { Vec::new() },
        }
    }
}

/// Groups of people as gateways write them.
#[derive(Debug, Default)]
pub(super) struct People {
    age_groups: Value,
    gender_split: Value,
    visit_frequency: Value,
}

impl Members for People {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "ageGroups" => self.age_groups = map.next_value()?,
            "genderSplit" => self.gender_split = map.next_value()?,
            "visitFrequency" => self.visit_frequency = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl From<People> for GatewayDemographics {
    fn from(read: People) -> Self {
        Self {
            age_groups: shares(&read.age_groups),
            gender_split: shares(&read.gender_split),
            visit_frequency: shares(&read.visit_frequency),
        }
    }
}

/// `{"18-24": 14.2}`, `{"18-24": {"percentage": 14.2}}` or `[{"range": "18-24", "percentage": 14.2}]`.
fn shares(value: &Value) -> Vec<GatewayShare> {
    let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.trim_end_matches('%').trim().parse().ok());
    // There may be a count besides.
    let inner = |value: &Value| {
        let named = ["percentage", "percent", "share", "value"].into_iter().find_map(|name| number(value.get(name)?));
        named.or_else(|| value.as_object()?.values().find_map(number))
    };
    let named = |(name, value): (&String, &Value)| {
        Some(GatewayShare { name: name.clone(), share: number(value).or_else(|| inner(value))? })
    };
    let entry = |value: &Value| {
        // The group's name is the text that is no number.
        let texts = value.as_object()?.values().filter(|value| number(value).is_none());
        Some(GatewayShare { name: texts.into_iter().find_map(Value::as_str)?.to_owned(), share: inner(value)? })
    };
    match value {
        Value::Object(groups) => groups.iter().filter_map(named).collect(),
        Value::Array(groups) => groups.iter().filter_map(entry).collect(),
        _ => Vec::new(),
    }
}

/// A gateway that answers at all is well, unless it says otherwise.
pub(super) fn health(body: &[u8]) -> GatewayHealth {
    let read: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| read.get(name).and_then(Value::as_str).map(str::to_owned);
    let bare = || read.as_str().map(str::to_owned);
    let status = text("status").or_else(bare).filter(|status| !status.trim().is_empty());
    let well = ["ok", "okay", "up", "healthy", "pass", "green", "alive", "ready", "operational"];
    let healthy = status.as_ref().is_none_or(|status| well.contains(&status.trim().to_lowercase().as_str()));
    GatewayHealth { healthy, status, version: text("version") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::node::Node;

    fn members<M: Members>(body: &str) -> Vec<M> {
        serde_json::from_str::<Node<M>>(body).unwrap().into_entries().into_iter().map(|entry| entry.members).collect()
    }

    #[test]
    fn rows_come_as_a_list_or_alone_and_dates_as_days_or_instants() {
        let venue = VenueId::new("harbor-tacos").unwrap();
        let range = DateRange::single("2026-02-01".parse().unwrap());
        for body in [
            r#"[{"venueId":"harbor-tacos","date":"2026-02-01","visits":610,"uniqueVisitors":580,"avgDwellTime":38.5}]"#,
            r#"{"date":"2026-02-01T00:00:00.000Z","visits":"610","uniqueVisitors":580.0,"avgDwellTime":38.5,"peakHour":"12:00"}"#,
        ] {
            let row = members::<Day>(body).remove(0).into_day(&venue, range).unwrap().unwrap();
            assert_eq!(
                (row.visits, row.unique_visitors, row.avg_dwell_minutes),
                (610, Some(580), Some(38.5)),
                "{body}"
            );
        }
        let outside = members::<Day>(r#"{"date":"2026-02-02","visits":1}"#).remove(0);
        assert!(outside.into_day(&venue, range).unwrap().is_none());
    }

    #[test]
    fn what_is_no_row_or_contradicts_another_is_an_error_instead_of_a_missing_day() {
        let venue = VenueId::new("harbor-tacos").unwrap();
        let range = DateRange::single("2026-02-01".parse().unwrap());
        for body in [r#"{"error":"quota"}"#, r#"[{"visits":610}]"#, r#"[{"date":"1 Feb","visits":610}]"#] {
            assert_eq!(members::<Day>(body).remove(0).into_day(&venue, range).unwrap_err().kind(), ErrorKind::Decode);
        }
        let rows = |visits: [u64; 2]| {
            let row =
                |visits| Day { date: Some("2026-02-01".to_owned()), visits: Count(Some(visits)), ..Day::default() };
            days(visits.map(row).into(), &venue, range)
        };
        assert_eq!(rows([610, 610]).unwrap().len(), 1);
        assert_eq!(rows([610, 705]).unwrap_err().json_path(), Some("date"));
    }

    #[test]
    fn hours_come_in_both_ways() {
        let venue = VenueId::new("harbor-tacos").unwrap();
        for hours in [r#"["12:00 PM","1:00 PM"]"#, r#"["12:00","13:00"]"#] {
            let body = format!(r#"{{"timeOfDay":"Afternoon","trafficLevel":"High","peakHours":{hours}}}"#);
            let movement = members::<Pattern>(&body).remove(0).into_movement(venue.clone()).unwrap();
            assert_eq!((movement.peak_hours, movement.traffic_level), (vec![12, 13], TrafficLevel::High));
        }
        assert!(members::<Pattern>("{}").remove(0).into_movement(venue).is_none());
    }

    #[test]
    fn extras_are_read_where_they_are_told() {
        let venue = VenueId::new("harbor-tacos").unwrap();
        let range = DateRange::single("2026-02-01".parse().unwrap());
        let body = r#"{"venueName":"Harbor","date":"2026-02-01","visits":610,"averageVisitDuration":41,"peakHour":"1:00 PM",
            "trafficByHour":[{"hour":9,"visits":20},{"hour":"13:00","visits":"70"},{"hour":"2:00 PM","visits":null}]}"#;
        let day = members::<Day>(body).remove(0).into_day(&venue, range).unwrap().unwrap();
        let hours = day.hourly.unwrap();
        assert_eq!(
            (day.venue_name.as_deref(), day.peak_hour, day.avg_dwell_minutes),
            (Some("Harbor"), Some(13), Some(41.0))
        );
        assert_eq!((hours[9], hours[13], hours.iter().sum::<u64>()), (20, 70, 90));
        let text = serde_json::to_string(&day).unwrap();
        assert_eq!(serde_json::from_str::<GatewayDay>(&text).unwrap(), day);
    }

    #[test]
    fn groups_are_read_in_every_form() {
        let told = |body: &str| GatewayDemographics::from(members::<People>(body).remove(0));
        let expected = [("18-24", 14.5), ("25-34", 22.0)];
        for groups in [
            r#"{"18-24":14.5,"25-34":"22%"}"#,
            r#"{"18-24":{"percentage":14.5},"25-34":{"percentage":22}}"#,
            r#"[{"range":"18-24","count":9,"percentage":14.5},{"share":22,"label":"25-34"}]"#,
        ] {
            let told = told(&format!(r#"{{"ageGroups":{groups},"genderSplit":null}}"#));
            let groups: Vec<_> = told.age_groups.iter().map(|group| (group.name.as_str(), group.share)).collect();
            assert_eq!((groups, told.gender_split), (expected.to_vec(), vec![]));
        }
    }

    #[test]
    fn health_is_what_the_gateway_says() {
        for (body, healthy) in [
            (r#"{"status":"OK","version":"1.4"}"#, true),
            (r#""healthy""#, true),
            ("", true),
            (r#"{"status":"degraded"}"#, false),
            (r#"{"status":"DOWN"}"#, false),
        ] {
            assert_eq!(health(body.as_bytes()).healthy, healthy, "{body}");
        }
    }
}

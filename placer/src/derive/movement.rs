//! From the visits of each hour to a pattern.

use connectors_core::{DateRange, Error, ErrorKind, Result};

use crate::PROVIDER;
use crate::model::{Daypart, DaypartLevel, HourlyVisits, Movement, MovementConfig, TrafficLevel};

/// Derives when people come. Hours in which the venue is closed do not count; without opening hours, those without
/// visits do not.
#[expect(clippy::cast_precision_loss, reason = "ratios of counts of people")]
pub(crate) fn movement(visits: &HourlyVisits, range: DateRange, config: &MovementConfig) -> Result<Movement> {
    let by_hour = || (0_u8..).zip(visits.hours);
    let listed = |hour| visits.opening_hours.iter().any(|hours| hours.includes(hour));
    let open: Vec<(u8, u64)> = if visits.opening_hours.is_empty() {
        by_hour().filter(|(_, count)| *count > 0).collect()
    } else {
        by_hour().filter(|(hour, _)| listed(*hour)).collect()
    };
    let mean = |hours: &[(u8, u64)]| {
        let total: u64 = hours.iter().map(|(_, count)| count).sum();
        total as f64 / hours.len().max(1) as f64
    };
    let overall = mean(&open);
    let level = |part: &Daypart| {
        let hours: Vec<_> = open.iter().filter(|(hour, _)| part.hours.contains(hour)).copied().collect();
        let score = mean(&hours) / overall;
        let level = DaypartLevel { name: part.name.clone(), score, level: config.level(score) };
        (!hours.is_empty()).then_some(level)
    };
    let dayparts: Vec<_> = if overall > 0.0 { config.dayparts.iter().filter_map(level).collect() } else { Vec::new() };
    let busiest = dayparts.iter().reduce(|best, part| if part.score > best.score { part } else { best });
    let Some(busiest) = busiest.cloned() else {
        return Err(no_visits(visits.venue.as_str(), range));
    };
    let threshold = config.peak_share * by_hour().map(|(_, count)| count).max().unwrap_or_default() as f64;
    let peak_hours =
        by_hour().filter(|(_, count)| *count > 0 && *count as f64 >= threshold).map(|(hour, _)| hour).collect();
    Ok(Movement {
        venue: visits.venue.clone(),
        range: Some(range),
        time_of_day: busiest.name,
        traffic_level: busiest.level,
        peak_hours,
        dayparts,
        hourly: visits.hours,
    })
}

/// There is nothing that a pattern could be derived from.
pub(crate) fn no_visits(venue: &str, range: DateRange) -> Error {
    let message = format!("there is no data for {venue} from {range}");
    Error::new(ErrorKind::NotFound, message)
        .with_origin(PROVIDER, "movement")
        .with_hint("ask for more days, or for another venue")
}

impl MovementConfig {
    fn level(&self, score: f64) -> TrafficLevel {
        if score < self.low_below {
            TrafficLevel::Low
        } else if score > self.high_above {
            TrafficLevel::High
        } else {
            TrafficLevel::Medium
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::*;
    use crate::model::{OpeningHours, VenueId};

    const LUNCH_AND_DINNER: [u64; 24] =
        [0, 0, 0, 0, 0, 0, 40, 210, 380, 450, 620, 1400, 1980, 1750, 900, 760, 880, 1320, 1610, 1190, 640, 220, 30, 0];

    fn derived(hours: [u64; 24], opening_hours: Vec<OpeningHours>) -> Result<Movement> {
        let venue = VenueId::new("venue:5f0c1de2a9b84c7d3e6f0a11").unwrap();
        let range = DateRange::last_days(28, "2026-02-26".parse().unwrap()).unwrap();
        let visits = HourlyVisits { venue, hours, opening_hours, segment: None };
        movement(&visits, range, &MovementConfig::default())
    }

    #[test]
    fn the_busiest_part_of_the_open_hours_is_named() {
        let found = derived(LUNCH_AND_DINNER, vec![OpeningHours::new(Weekday::Mon, 7, 22)]).unwrap();
        assert_eq!((found.time_of_day.as_str(), &found.traffic_level), ("afternoon", &TrafficLevel::High));
        assert_eq!(found.peak_hours, [12, 13]);
        let names: Vec<_> = found.dayparts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["morning", "afternoon", "evening", "late"], "nobody is there at night");
        assert_eq!(
            serde_json::to_value(&found).unwrap(),
            serde_json::json!({"venueId": "venue:5f0c1de2a9b84c7d3e6f0a11", "timeOfDay": "afternoon", "trafficLevel": "high",
                "peakHours": ["12:00 PM", "1:00 PM"]})
        );
    }

    #[test]
    fn without_opening_hours_those_with_visits_count() {
        let mut hours = [0; 24];
        (hours[23], hours[0], hours[1]) = (10, 30, 20);
        let found = derived(hours, Vec::new()).unwrap();
        assert_eq!((found.time_of_day.as_str(), found.peak_hours), ("night", vec![0]));
        assert_eq!(found.dayparts.len(), 2);
    }

    #[test]
    fn no_visits_at_all_are_no_pattern() {
        assert_eq!(derived([0; 24], Vec::new()).unwrap_err().kind(), ErrorKind::NotFound);
    }
}

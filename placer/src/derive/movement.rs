//! From the visits of each hour to a pattern.

use connectors_core::{DateRange, Error, ErrorKind, Result};

use crate::PROVIDER;
use crate::model::{
    Daypart, DaypartLevel, HourLevel, HourlyVisits, Movement, MovementConfig, MovementHour, Surge, TrafficLevel,
};

/// Derives when people come. Hours in which the venue is closed do not count; without opening hours, those without
/// visits do not.
#[expect(clippy::cast_precision_loss, reason = "ratios of counts of people")]
pub(crate) fn movement(visits: &HourlyVisits, range: DateRange, config: &MovementConfig) -> Result<Movement> {
    let by_hour = || (0_u8..).zip(visits.hours);
    let open = open_hours(visits);
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
        quiet_hours: quiet_hours(visits, config),
        surge: surge(&visits.hours),
        hours: hours(visits, config),
    })
}

/// The hours in which the venue is open, with their visits.
fn open_hours(visits: &HourlyVisits) -> Vec<(u8, u64)> {
    let listed = |hour| visits.opening_hours.iter().any(|hours| hours.includes(hour));
    let open = |(hour, count): &(u8, u64)| if visits.opening_hours.is_empty() { *count > 0 } else { listed(*hour) };
    (0_u8..).zip(visits.hours).filter(open).collect()
}

/// The emptiest of the open hours.
#[expect(clippy::cast_precision_loss, reason = "ratios of counts of people")]
pub(crate) fn quiet_hours(visits: &HourlyVisits, config: &MovementConfig) -> Vec<u8> {
    let most = config.quiet_share * visits.hours.iter().max().copied().unwrap_or_default() as f64;
    open_hours(visits).into_iter().filter(|(_, count)| *count as f64 <= most).map(|(hour, _)| hour).collect()
}

/// The hours at which visits rise and fall the most. Midnight is an hour like others: the range has many days.
pub(crate) fn surge(hours: &[u64; 24]) -> Surge {
    // The earliest of equals, hence the reverse order: of equals `max` gives the last.
    let steepest = |after: [u64; 24], before: [u64; 24]| {
        let rises = (0_u8..24).zip(after.into_iter().zip(before)).rev();
        rises
            .map(|(hour, (after, before))| (after.saturating_sub(before), hour))
            .max_by_key(|(rise, _)| *rise)
            .filter(|(rise, _)| *rise > 0)
            .map(|(_, hour)| hour)
    };
    let (mut earlier, mut later) = (*hours, *hours);
    earlier.rotate_right(1);
    later.rotate_left(1);
    Surge { most_come: steepest(*hours, earlier), most_leave: steepest(*hours, later) }
}

/// All hours of the day, each compared with the mean of the open ones.
#[expect(clippy::cast_precision_loss, reason = "ratios of counts of people")]
pub(crate) fn hours(visits: &HourlyVisits, config: &MovementConfig) -> Vec<MovementHour> {
    let open = open_hours(visits);
    let total = visits.hours.iter().sum::<u64>() as f64;
    let mean = open.iter().map(|(_, count)| count).sum::<u64>() as f64 / open.len().max(1) as f64;
    let row = |(hour, count): (u8, u64)| {
        let is_open = open.iter().any(|(open, _)| *open == hour);
        let score = (is_open && mean > 0.0).then(|| count as f64 / mean);
        let level = score.map(|score| config.hour_level(score));
        MovementHour {
            venue: visits.venue.clone(),
            hour,
            visits: count,
            share: if total > 0.0 { count as f64 / total } else { 0.0 },
            open: is_open,
            score,
            level,
            intensity: level.map(HourLevel::intensity),
        }
    };
    (0_u8..).zip(visits.hours).map(row).collect()
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

    /// The same in five steps.
    pub(crate) fn hour_level(&self, score: f64) -> HourLevel {
        match self.level(score) {
            TrafficLevel::Low if score < self.low_below / 2.0 => HourLevel::Low,
            TrafficLevel::Low => HourLevel::BelowAverage,
            TrafficLevel::High if score > self.high_above * 1.5 => HourLevel::High,
            TrafficLevel::High => HourLevel::AboveAverage,
            _ => HourLevel::Average,
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
    fn hours_have_levels_shares_and_surges() {
        let found = derived(LUNCH_AND_DINNER, vec![OpeningHours::new(Weekday::Mon, 7, 22)]).unwrap();
        assert_eq!(found.surge, Surge { most_come: Some(11), most_leave: Some(13) });
        assert_eq!(found.quiet_hours, [7, 8, 9, 21], "closed hours are not quiet");
        let levels: Vec<_> = found.hours.iter().filter_map(|hour| Some((hour.hour, hour.intensity?))).collect();
        assert_eq!(levels[0], (7, -2));
        assert!(levels.contains(&(12, 2)) && levels.contains(&(17, 1)) && levels.contains(&(16, 0)), "{levels:?}");
        assert!(levels.contains(&(9, -1)) && levels.len() == 15, "{levels:?}");
        assert!((found.hours.iter().map(|hour| hour.share).sum::<f64>() - 1.0).abs() < 1e-9);
        for hour in &found.hours {
            let of_score = hour.score.map(|score| MovementConfig::default().level(score));
            assert_eq!(hour.level.map(HourLevel::traffic_level), of_score, "five levels collapse into the three");
        }
        let mut around_midnight = [10; 24];
        around_midnight[0] = 50;
        assert_eq!(surge(&around_midnight), Surge { most_come: Some(0), most_leave: Some(0) });
        assert_eq!(surge(&[5; 24]), Surge::default());
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

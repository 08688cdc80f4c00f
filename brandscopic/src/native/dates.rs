//! Dates and times as Brandscopic writes them: US style, in the user's own time zone.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};

const DATE: &str = "%m/%d/%Y";
const TIME: &str = "%-I:%M %p";

/// `06/05/2026`
pub(crate) fn date(day: NaiveDate) -> String {
    day.format(DATE).to_string()
}

/// `9:05 AM`
pub(crate) fn time(time: NaiveTime) -> String {
    time.format(TIME).to_string()
}

/// What the wire can carry of a time: whole minutes.
pub(crate) fn to_the_minute(at: NaiveDateTime) -> NaiveDateTime {
    at.with_second(0).and_then(|at| at.with_nanosecond(0)).unwrap_or(at)
}

/// Reads a date and a time; `09:05 AM`, `9:05am` and `21:05` are all met in practice. A missing time is midnight.
pub(crate) fn parse(date: &str, time: Option<&str>) -> Option<NaiveDateTime> {
    let day = NaiveDate::parse_from_str(date.trim(), DATE).ok()?;
    let time = time.map(str::trim).filter(|time| !time.is_empty());
    Some(day.and_time(time.map_or(Some(NaiveTime::MIN), parse_time)?))
}

pub(crate) fn parse_time(text: &str) -> Option<NaiveTime> {
    let text = text.to_ascii_uppercase();
    ["%I:%M %p", "%I:%M%p", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(&text, format).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_minute_of_a_day_survives_the_way_there_and_back() {
        let day: NaiveDate = "2026-12-31".parse().unwrap();
        for minute in 0..24 * 60 {
            let at = day.and_hms_opt(minute / 60, minute % 60, 0).unwrap();
            assert_eq!(parse(&date(day), Some(&time(at.time()))), Some(at));
        }
    }

    #[test]
    fn midnight_and_noon_are_not_mixed_up_and_other_spellings_are_read() {
        let hour = |text| parse("06/05/2026", Some(text)).map(|at| at.hour());
        assert_eq!(["12:00 AM", "12:00 PM", "12:00pm", "09:00 AM", "21:30"].map(hour), [0, 12, 12, 9, 21].map(Some));
        assert_eq!(hour("soon"), None);
        assert_eq!(parse("2026-06-05", None), None);
        assert_eq!(
            (date("2026-06-05".parse().unwrap()), time(NaiveTime::MIN)),
            ("06/05/2026".into(), "12:00 AM".into())
        );
    }
}

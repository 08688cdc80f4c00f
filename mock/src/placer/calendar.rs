//! The days on which everything is different, in the United States.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A day with habits of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holiday {
    NewYear,
    Easter,
    Memorial,
    Independence,
    Labor,
    ThanksgivingEve,
    Thanksgiving,
    BlackFriday,
    /// The last Saturday before Christmas.
    SuperSaturday,
    ChristmasEve,
    Christmas,
    AfterChristmas,
}

impl Holiday {
    /// How many there are.
    pub(super) const COUNT: usize = 12;

    /// Which one it is, if any.
    pub(super) fn on(date: NaiveDate) -> Option<Self> {
        let (day, weekday) = (date.day(), date.weekday());
        match (date.month(), day) {
            (1, 1) => Some(Self::NewYear),
            (3 | 4, _) if weekday == Weekday::Sun && easter(date.year()) == Some(date) => Some(Self::Easter),
            (5, 25..) if weekday == Weekday::Mon => Some(Self::Memorial),
            (7, 4) => Some(Self::Independence),
            (9, 1..=7) if weekday == Weekday::Mon => Some(Self::Labor),
            (11, 21..=27) if weekday == Weekday::Wed => Some(Self::ThanksgivingEve),
            (11, 22..=28) if weekday == Weekday::Thu => Some(Self::Thanksgiving),
            (11, 23..=29) if weekday == Weekday::Fri => Some(Self::BlackFriday),
            (12, 24) => Some(Self::ChristmasEve),
            (12, 25) => Some(Self::Christmas),
            (12, 26) => Some(Self::AfterChristmas),
            (12, 17..=23) if weekday == Weekday::Sat => Some(Self::SuperSaturday),
            _ => None,
        }
    }
}

/// By the method of the anonymous Gregorian computus.
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let epact = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let to_sunday = (32 + 2 * (b % 4) + 2 * (c / 4) - epact - c % 4) % 7;
    let late = (a + 11 * epact + 22 * to_sunday) / 451;
    let from_march = epact + to_sunday - 7 * late + 21;
    NaiveDate::from_ymd_opt(year, 3, 1)?.checked_add_days(Days::new(from_march.unsigned_abs().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_fall_on_their_days() {
        let on = |day: &str| Holiday::on(day.parse().unwrap());
        for (day, holiday) in [
            ("2025-01-01", Holiday::NewYear),
            ("2024-03-31", Holiday::Easter),
            ("2025-04-20", Holiday::Easter),
            ("2026-04-05", Holiday::Easter),
            ("2025-05-26", Holiday::Memorial),
            ("2025-07-04", Holiday::Independence),
            ("2025-09-01", Holiday::Labor),
            ("2025-11-26", Holiday::ThanksgivingEve),
            ("2025-11-27", Holiday::Thanksgiving),
            ("2024-11-29", Holiday::BlackFriday),
            ("2025-12-20", Holiday::SuperSaturday),
            ("2025-12-25", Holiday::Christmas),
        ] {
            assert_eq!(on(day), Some(holiday), "{day}");
        }
        assert_eq!((on("2026-02-14"), on("2025-11-20"), on("2025-05-19")), (None, None, None));
        let of_a_year = (0..365).filter(|day| Holiday::on(NaiveDate::default() + Days::new(*day)).is_some());
        assert_eq!(of_a_year.count(), Holiday::COUNT);
    }
}

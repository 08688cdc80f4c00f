//! The days that rankings know by name.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use connectors_core::DateRange;

use super::fake::FIRST_YEAR;

/// The days of a preset, when there is data up to `latest`; `None` for a name that there is not.
pub(super) fn named(preset: &str, latest: NaiveDate) -> Option<DateRange> {
    let first_of_year = |year| NaiveDate::from_ymd_opt(year, 1, 1);
    let months = |count: u32, end: NaiveDate| {
        let start = end.with_day(1)?.checked_sub_months(Months::new(count - 1))?;
        DateRange::new(start, end).ok()
    };
    match preset {
        "lastWeek" => DateRange::last_days(7, last_sunday(latest)?).ok(),
        "lastMonth" => months(1, last_month_end(latest)?),
        "last3Months" => months(3, last_month_end(latest)?),
        "last6Months" => months(6, last_month_end(latest)?),
        "last12Months" => months(12, last_month_end(latest)?),
        "lastQuarter" => {
            let end = last_month_end(latest)?;
            months(
                3,
                end.with_day(1)?
                    .checked_sub_months(Months::new(end.month() % 3))?
                    .checked_add_months(Months::new(1))?
                    .pred_opt()?,
            )
        }
        "yearToDate" => DateRange::new(first_of_year(latest.year())?, latest).ok(),
        preset => {
            let year = preset.strip_prefix("year")?.parse().ok().filter(|year| *year >= FIRST_YEAR)?;
            DateRange::new(first_of_year(year)?, first_of_year(year + 1)?.pred_opt()?.min(latest)).ok()
        }
    }
}

fn last_sunday(latest: NaiveDate) -> Option<NaiveDate> {
    let sunday = latest.week(Weekday::Mon).last_day();
    if sunday <= latest { Some(sunday) } else { sunday.checked_sub_days(Days::new(7)) }
}

fn last_month_end(latest: NaiveDate) -> Option<NaiveDate> {
    let end = latest.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()?;
    if end <= latest { Some(end) } else { latest.with_day(1)?.pred_opt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_full_weeks_months_quarters_and_years() {
        let range = |preset: &str, latest: &str| named(preset, latest.parse().unwrap()).map(|range| range.to_string());
        for (preset, latest, days) in [
            ("lastWeek", "2026-02-26", "2026-02-16 to 2026-02-22"),
            ("lastWeek", "2026-02-22", "2026-02-16 to 2026-02-22"),
            ("lastMonth", "2026-02-26", "2026-01-01 to 2026-01-31"),
            ("lastMonth", "2026-02-28", "2026-02-01 to 2026-02-28"),
            ("last3Months", "2026-02-26", "2025-11-01 to 2026-01-31"),
            ("last12Months", "2026-02-26", "2025-02-01 to 2026-01-31"),
            ("lastQuarter", "2026-02-26", "2025-10-01 to 2025-12-31"),
            ("lastQuarter", "2026-03-31", "2026-01-01 to 2026-03-31"),
            ("yearToDate", "2026-02-26", "2026-01-01 to 2026-02-26"),
            ("year2026", "2026-02-26", "2026-01-01 to 2026-02-26"),
            ("year2018", "2026-02-26", "2018-01-01 to 2018-12-31"),
        ] {
            assert_eq!(range(preset, latest).as_deref(), Some(days), "{preset}");
        }
        for preset in ["year2017", "year2027", "lastDecade", "yearX", ""] {
            assert_eq!(range(preset, "2026-02-26"), None, "{preset}");
        }
    }
}

//! Months.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, Utc};
use connectors_core::{Error, Result};

/// A month of UTC, written `2026-03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuotaMonth {
    first: NaiveDate,
}

impl QuotaMonth {
    /// The month that this instant is in.
    pub fn of(at: DateTime<Utc>) -> Self {
        let day = at.date_naive();
        Self { first: day.with_day(1).unwrap_or(day) }
    }

    /// The first day of the month.
    pub fn first_day(self) -> NaiveDate {
        self.first
    }

    /// When the next month begins.
    pub fn end(self) -> DateTime<Utc> {
        let next = self.first.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
        next.and_time(NaiveTime::MIN).and_utc()
    }
}

impl fmt::Display for QuotaMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.first.format("%Y-%m").to_string())
    }
}

impl FromStr for QuotaMonth {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d");
        let month = first.ok().map(|first| Self { first }).filter(|month| month.to_string() == text);
        month.ok_or_else(|| Error::invalid("month", "must be written like 2026-03"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_a_name_and_an_end() {
        let month = QuotaMonth::of("2026-12-31T23:59:59Z".parse().unwrap());
        assert_eq!(
            (month.to_string(), month.end().to_rfc3339()),
            ("2026-12".into(), "2027-01-01T00:00:00+00:00".into())
        );
        assert_eq!("2026-12".parse::<QuotaMonth>().unwrap(), month);
        for other in ["2026-13", "2026-1", "", "2026-12-01", "+2026-12"] {
            assert!(other.parse::<QuotaMonth>().is_err(), "{other}");
        }
    }
}

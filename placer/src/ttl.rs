//! How long answers are good.

use std::time::Duration;

use chrono::{Days, NaiveDate};

use crate::dates::latest_complete_day;

/// How many days before the latest complete one a period must have ended for its numbers to have settled.
const SETTLED_AFTER: Days = Days::new(7);

/// By whether the numbers may still change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ttl {
    pub(crate) open: Duration,
    pub(crate) closed: Duration,
    pub(crate) no_data: Duration,
}

impl Ttl {
    /// As the caller wants it, instead.
    pub(crate) fn chosen(self, ttl: Duration) -> Self {
        Self { open: ttl, closed: ttl, no_data: self.no_data.min(ttl) }
    }

    /// For a report on days that end then, if it is on days.
    pub(crate) fn of(self, end: Option<NaiveDate>, today: NaiveDate) -> Duration {
        let settled = latest_complete_day(today).checked_sub_days(SETTLED_AFTER);
        if end.zip(settled).is_some_and(|(end, settled)| end <= settled) { self.closed } else { self.open }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ended_a_week_before_the_latest_day_is_closed() {
        let [open, closed, no_data] = [60, 600, 6].map(Duration::from_secs);
        let ttl = Ttl { open, closed, no_data };
        let of = |end: &str| ttl.of(Some(end.parse().unwrap()), "2026-03-02".parse().unwrap());
        assert_eq!((of("2026-02-26"), of("2026-02-20"), of("2026-02-19")), (open, open, closed));
        assert_eq!(ttl.of(None, "2026-03-02".parse().unwrap()), open, "a ranking of this month");
        let chosen = ttl.chosen(Duration::from_secs(3));
        assert_eq!((chosen.closed, chosen.no_data), (Duration::from_secs(3), Duration::from_secs(3)));
    }
}

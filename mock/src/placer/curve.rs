//! How many people come, and when: realistic, and always the same for one seed, place and day.

use chrono::{Datelike, NaiveDate, Weekday};

use super::venues::Profile;

/// The bins of dwell-time reports, in minutes.
pub(super) const DWELL_BINS: [u32; 12] = [0, 5, 15, 30, 45, 60, 75, 90, 105, 120, 135, 150];

/// One place's days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Curve<'a> {
    pub(super) seed: u64,
    pub(super) id: &'a str,
    pub(super) profile: Profile,
    pub(super) daily_visits: u32,
}

impl Profile {
    /// From Monday to Sunday, around 1.
    fn weekdays(self) -> [f64; 7] {
        match self {
            Self::Mall => [0.78, 0.80, 0.84, 0.90, 1.08, 1.42, 1.18],
            Self::Market => [0.86, 0.90, 0.94, 0.98, 1.10, 1.26, 0.96],
            Self::Plaza => [1.08, 1.12, 1.14, 1.12, 1.06, 0.82, 0.66],
            Self::Park => [0.72, 0.74, 0.78, 0.84, 1.00, 1.52, 1.40],
            Self::Arena => [0.40, 0.52, 0.72, 1.10, 1.60, 1.86, 0.80],
        }
    }

    /// The weight of each hour.
    fn hours(self) -> [f64; 24] {
        let mut hours = [0.0; 24];
        let (from, weights): (usize, &[f64]) = match self {
            Self::Mall => (10, &[3.0, 5.0, 7.0, 8.0, 9.0, 10.0, 10.0, 9.0, 8.0, 6.0, 3.0]),
            Self::Market => (8, &[3.0, 4.0, 5.0, 9.0, 14.0, 13.0, 7.0, 5.0, 6.0, 8.0, 7.0, 4.0]),
            Self::Plaza => (
                0,
                &[
                    0.4, 0.2, 0.1, 0.1, 0.2, 0.8, 3.0, 7.0, 10.0, 7.0, 5.0, 6.0, 8.0, 7.0, 5.0, 6.0, 8.0, 11.0, 9.0,
                    6.0, 4.0, 3.0, 2.0, 1.0,
                ],
            ),
            Self::Park => (
                0,
                &[
                    0.2, 0.1, 0.1, 0.1, 0.2, 0.6, 1.5, 2.5, 3.0, 4.0, 5.0, 7.0, 9.0, 10.0, 11.0, 11.0, 10.0, 8.0, 6.0,
                    4.0, 2.5, 1.5, 0.8, 0.4,
                ],
            ),
            Self::Arena => (17, &[3.0, 10.0, 14.0, 12.0, 9.0, 4.0]),
        };
        for (slot, weight) in hours.iter_mut().skip(from).zip(weights) {
            *slot = *weight;
        }
        hours
    }

    /// The first and the closing hour; `None` when it never closes.
    pub(super) fn opening(self) -> Option<(u8, u8)> {
        match self {
            Self::Mall => Some((10, 21)),
            Self::Market => Some((8, 20)),
            Self::Arena => Some((17, 23)),
            Self::Plaza | Self::Park => None,
        }
    }

    fn dwell(self) -> f64 {
        match self {
            Self::Mall => 62.0,
            Self::Market => 39.0,
            Self::Plaza => 21.0,
            Self::Park => 55.0,
            Self::Arena => 118.0,
        }
    }

    /// How its visits are counted unless asked otherwise.
    pub(super) fn segment(self) -> &'static str {
        match self {
            Self::Plaza => "allVisits",
            _ => "10MinOrLonger",
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "invented counts of people, far below 2^53 and never negative"
)]
impl Curve<'_> {
    /// Anything from 0 to 1, by what it is for.
    fn chance(&self, purpose: &str, date: NaiveDate) -> f64 {
        let text = self.id.bytes().chain(purpose.bytes()).map(u64::from);
        let parts = text.chain([u64::from(date.num_days_from_ce().unsigned_abs()), self.seed]);
        // FNV-1a, and then the finaliser of SplitMix64: FNV alone leaves neighbouring days alike.
        let mut hash = parts.fold(0xcbf2_9ce4_8422_2325_u64, |hash, part| (hash ^ part).wrapping_mul(0x0100_0000_01b3));
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((hash ^ (hash >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn visits(&self, date: NaiveDate, share: f64) -> u64 {
        let weekday = date.weekday().num_days_from_monday() as usize;
        let weekday = self.profile.weekdays().get(weekday).copied().unwrap_or(1.0);
        let season = 1.0 + 0.12 * (f64::from(date.month0()) - 6.0).abs().mul_add(-1.0 / 3.0, 1.0);
        let noise = 0.9 + 0.2 * self.chance("visits", date);
        (f64::from(self.daily_visits) * weekday * season * noise * share).round() as u64
    }

    /// The sample behind so many visits.
    pub(super) fn panel(visits: u64) -> u64 {
        visits / 44
    }

    /// Different people among so many visits in so many days.
    pub(super) fn visitors(&self, visits: u64, days: usize, first: NaiveDate) -> u64 {
        let again = 1.03 + 0.04 * self.chance("visitors", first) + 0.05 * (days as f64 - 1.0).powf(0.75);
        (visits as f64 / again).round() as u64
    }

    /// A day's visits by the hour; they add up.
    pub(super) fn hourly(&self, date: NaiveDate, visits: u64) -> [u64; 24] {
        let weights = self.profile.hours();
        let total: f64 = weights.iter().sum();
        let mut hours = weights.map(|weight| (visits as f64 * weight / total) as u64);
        let rest = visits - hours.iter().sum::<u64>();
        let busiest = weights.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(hour, _)| hour);
        // What rounding leaves goes to the busiest hour or the one after it.
        let shift = usize::from(self.chance("hours", date) < 0.5 && weights.get(busiest + 1).is_some_and(|w| *w > 0.0));
        if let Some(hour) = hours.get_mut(busiest + shift) {
            *hour += rest;
        }
        hours
    }

    /// A day's average stay, in minutes.
    pub(super) fn dwell(&self, date: NaiveDate) -> f64 {
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        let longer = if weekend { 1.12 } else { 1.0 };
        (self.profile.dwell() * longer * (0.92 + 0.16 * self.chance("dwell", date))).round()
    }

    /// So many visits by their length, around an average; they add up.
    pub(super) fn dwell_bins(visits: u64, average: f64) -> [u64; 12] {
        let weight = |from: u32| {
            let distance = (f64::from(from) + 7.0 - average) / (average * 0.5);
            (-distance * distance / 2.0).exp()
        };
        let weights = DWELL_BINS.map(weight);
        let total: f64 = weights.iter().sum();
        let mut bins = weights.map(|weight| (visits as f64 * weight / total) as u64);
        let rest = visits - bins.iter().sum::<u64>();
        if let Some(bin) = bins.iter_mut().max() {
            *bin += rest;
        }
        bins
    }
}

#[cfg(test)]
mod tests {
    use super::super::venues::VENUES;
    use super::*;

    fn curve(venue: usize, seed: u64) -> Curve<'static> {
        let venue = &VENUES[venue];
        Curve { seed, id: venue.id, profile: venue.profile, daily_visits: venue.daily_visits }
    }

    #[test]
    fn a_day_is_the_same_every_time_and_another_by_another_seed() {
        let day: NaiveDate = "2026-02-14".parse().unwrap();
        assert_eq!(curve(0, 7).visits(day, 1.0), curve(0, 7).visits(day, 1.0));
        assert_ne!(curve(0, 7).visits(day, 1.0), curve(0, 8).visits(day, 1.0));
        assert_ne!(curve(0, 7).visits(day, 1.0), curve(5, 7).visits(day, 1.0));
    }

    #[test]
    fn malls_are_fuller_on_saturdays_and_closed_at_night() {
        let visits = |day: &str| curve(3, 7).visits(day.parse().unwrap(), 1.0);
        assert!(visits("2026-02-14") > visits("2026-02-10"));
        let hours = curve(3, 7).hourly("2026-02-14".parse().unwrap(), 6000);
        assert_eq!((hours.iter().sum::<u64>(), hours[3]), (6000, 0));
    }

    #[test]
    fn visits_by_length_add_up() {
        assert_eq!(Curve::dwell_bins(1234, 39.0).iter().sum::<u64>(), 1234);
    }
}

//! How many people come, and when: realistic, and always the same for one seed, place and day.
//!
//! A day at a place is what its [`Profile`] makes of weekday, season and holiday, times the weather, which all places
//! of a city share, times the place's own trend over the years and the day's own luck.

use chrono::{Datelike, NaiveDate};

use super::profile::{Profile, is_weekend};
use super::weather::{self, mix, unit};

/// The bins of dwell-time reports, in minutes.
pub(super) const DWELL_BINS: [u32; 12] = [0, 5, 15, 30, 45, 60, 75, 90, 105, 120, 135, 150];

/// How long people stay follows a log-logistic law of this shape: half of them less than 0.85 of the average.
const DWELL_SHAPE: f64 = 3.2;

/// The average of that law, when half of them stay less than 1.
const DWELL_MEAN: f64 = 1.182;

/// One place's days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Curve<'a> {
    pub(super) seed: u64,
    pub(super) id: &'a str,
    pub(super) profile: Profile,
    pub(super) daily_visits: u32,
    /// Hashes of the place and of its city, made once instead of every day.
    place: u64,
    city: u64,
}

/// FNV-1a.
fn hash(parts: impl Iterator<Item = u64>) -> u64 {
    parts.fold(0xcbf2_9ce4_8422_2325_u64, |hash, part| (hash ^ part).wrapping_mul(0x0100_0000_01b3))
}

/// The days since the year 1.
fn number(date: NaiveDate) -> u64 {
    u64::from(date.num_days_from_ce().unsigned_abs())
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "invented counts of people, far below 2^53 and never negative"
)]
impl<'a> Curve<'a> {
    /// The days of this place in this city.
    pub(super) fn new(seed: u64, id: &'a str, city: &str, profile: Profile, daily_visits: u32) -> Self {
        let keyed = |text: &str| mix(hash(text.bytes().map(u64::from).chain([seed])));
        Self { seed, id, profile, daily_visits, place: keyed(id), city: keyed(city) }
    }

    /// Anything from 0 to 1, by what it is for.
    pub(super) fn chance(&self, purpose: &str, date: NaiveDate) -> f64 {
        let text = self.id.bytes().chain(purpose.bytes()).map(u64::from);
        // FNV alone leaves neighbouring days alike.
        unit(mix(hash(text.chain([number(date), self.seed]))))
    }

    /// As [`chance`](Self::chance), for what is asked for every day.
    fn draw(&self, purpose: u64, date: NaiveDate) -> f64 {
        unit(mix(self.place ^ mix(purpose) ^ number(date)))
    }

    pub(super) fn visits(&self, date: NaiveDate, share: f64) -> u64 {
        let expected = f64::from(self.daily_visits) * self.profile.level(date, self.draw(1, date)) * self.trend(date);
        let fine = 1.0 + self.profile.weather() * weather::fineness(self.city, number(date));
        // The fewer people, the more it matters whether one of them comes.
        let spread = 0.04 + 0.7 / expected.max(1.0).sqrt();
        let luck = 1.0 + spread * (2.0 * self.draw(2, date) - 1.0);
        (expected * fine * luck.max(0.0) * share).round() as u64
    }

    /// How the place does over the years, compared with the middle of 2025: between 3 % less and 5 % more each year.
    fn trend(&self, date: NaiveDate) -> f64 {
        let yearly = 0.08 * unit(mix(self.place)) - 0.03;
        let years = (f64::from(date.num_days_from_ce()) - 739_433.0) / 365.25;
        (yearly * years).exp()
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
        let mut weights = self.profile.hours(date.weekday());
        for (hour, weight) in (0..).zip(&mut weights) {
            *weight *= 0.9 + 0.2 * self.draw(100 + hour, date);
        }
        let total: f64 = weights.iter().sum();
        // Whole people, so that what was rounded away in one hour is made up for in the next.
        let (mut weight_so_far, mut told) = (0.0, 0);
        weights.map(|weight| {
            weight_so_far += weight;
            let so_far = (visits as f64 * weight_so_far / total).round() as u64;
            let hour = so_far - told;
            told = so_far;
            hour
        })
    }

    /// A day's average stay, in minutes.
    pub(super) fn dwell(&self, date: NaiveDate) -> f64 {
        let longer = if is_weekend(date.weekday()) { 1.12 } else { 1.0 };
        (self.profile.stay() * longer * (0.92 + 0.16 * self.chance("dwell", date))).round()
    }

    /// So many visits by their length, around an average; they add up.
    pub(super) fn dwell_bins(visits: u64, average: f64) -> [u64; 12] {
        let median = average.max(1.0) / DWELL_MEAN;
        let shorter_than = |minutes: u32| 1.0 / (1.0 + (f64::from(minutes) / median).powf(-DWELL_SHAPE));
        let mut told = 0;
        let mut ends = DWELL_BINS.iter().skip(1);
        DWELL_BINS.map(|_| {
            let so_far = ends.next().map_or(visits, |end| (visits as f64 * shorter_than(*end)).round() as u64);
            let bin = so_far - told;
            told = so_far;
            bin
        })
    }
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "ratios of small numbers")]
mod tests {
    use chrono::{Days, Weekday};

    use super::super::venues::VENUES;
    use super::*;

    fn curve(venue: usize, seed: u64) -> Curve<'static> {
        let venue = &VENUES[venue];
        Curve::new(seed, venue.id, venue.city, venue.profile, venue.daily_visits)
    }

    fn of(profile: Profile) -> Curve<'static> {
        Curve::new(7, "venue:a", "Boston", profile, 10_000)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn sum(curve: Curve<'_>, first: &str, days: u64) -> f64 {
        (0..days).map(|n| curve.visits(day(first) + Days::new(n), 1.0) as f64).sum()
    }

    #[test]
    fn a_day_is_the_same_every_time_and_another_by_another_seed() {
        let day = day("2026-02-14");
        assert_eq!(curve(0, 7).visits(day, 1.0), curve(0, 7).visits(day, 1.0));
        assert_ne!(curve(0, 7).visits(day, 1.0), curve(0, 8).visits(day, 1.0));
        assert_ne!(curve(0, 7).visits(day, 1.0), curve(5, 7).visits(day, 1.0));
    }

    #[test]
    fn an_average_day_of_every_profile_is_average() {
        for profile in Profile::ALL {
            let mean = sum(of(profile), "2024-07-01", 2 * 365) / 730.0;
            assert!((9_000.0..11_000.0).contains(&mean), "{profile:?}: {mean}");
        }
    }

    #[test]
    fn seasons_differ_by_profile() {
        let month = |profile, first| sum(of(profile), first, 28);
        assert!(month(Profile::Park, "2025-07-01") > 2.0 * month(Profile::Park, "2025-01-01"));
        assert!(month(Profile::Mall, "2025-11-26") > 1.6 * month(Profile::Mall, "2025-01-08"));
        assert!(month(Profile::Gym, "2025-01-08") > 1.2 * month(Profile::Gym, "2025-07-01"));
        let jumps = (1..365).filter(|n| {
            let (before, after) = (day("2025-01-01") + Days::new(n - 1), day("2025-01-01") + Days::new(n + 6));
            let level = |date| Profile::Park.level(date, 0.5);
            let plain = |date| super::super::calendar::Holiday::on(date).is_none();
            plain(before) && plain(after) && (level(after) / level(before) - 1.0).abs() > 0.12
        });
        assert_eq!(jumps.count(), 0, "a week makes little difference");
    }

    #[test]
    fn holidays_close_some_places_and_fill_others() {
        // Compared with the same weekday a week before.
        let change = |profile, date: &str| {
            let visits = |date| of(profile).visits(date, 1.0) as f64;
            visits(day(date)) / visits(day(date) - Days::new(7))
        };
        for (profile, date, low, high) in [
            (Profile::Mall, "2025-11-27", 0.0, 0.12),
            (Profile::Mall, "2025-11-28", 1.7, 2.8),
            (Profile::Mall, "2025-12-25", 0.0, 0.1),
            (Profile::Grocery, "2025-11-26", 1.3, 1.9),
            (Profile::Grocery, "2025-11-27", 0.2, 0.5),
            (Profile::Office, "2025-07-04", 0.0, 0.15),
            (Profile::Office, "2025-05-26", 0.0, 0.15),
            (Profile::Coffee, "2025-12-25", 0.0, 0.4),
            (Profile::Gym, "2025-12-25", 0.0, 0.2),
            (Profile::Park, "2025-09-01", 1.1, 2.2),
        ] {
            let change = change(profile, date);
            assert!((low..=high).contains(&change), "{profile:?} on {date}: {change}");
        }
    }

    #[test]
    fn places_of_one_city_share_its_weather() {
        let park = |id, city| Curve::new(7, id, city, Profile::Park, 10_000);
        let residuals = |curve: Curve<'_>| -> Vec<f64> {
            let dates = (0..365).map(|n| day("2025-01-01") + Days::new(n));
            dates.map(|date| curve.visits(date, 1.0) as f64 / curve.profile.level(date, 0.5) / 10_000.0 - 1.0).collect()
        };
        let correlation = |a: &[f64], b: &[f64]| {
            let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
            let (of_a, of_b) = (mean(a), mean(b));
            let product =
                |x: &[f64], y: &[f64], mx: f64, my: f64| x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>();
            product(a, b, of_a, of_b) / (product(a, a, of_a, of_a) * product(b, b, of_b, of_b)).sqrt()
        };
        let (one, other, elsewhere) = (park("a", "Boston"), park("b", "Boston"), park("c", "Miami"));
        let (one, other, elsewhere) = (residuals(one), residuals(other), residuals(elsewhere));
        assert!(correlation(&one, &other) > 0.8, "{}", correlation(&one, &other));
        assert!(correlation(&one, &elsewhere).abs() < 0.25, "{}", correlation(&one, &elsewhere));
        assert!(correlation(&one[1..], &one[..364]) > 0.35, "a wet day follows a wet day");
    }

    #[test]
    fn years_change_slowly() {
        for venue in 0..VENUES.len() {
            let years: Vec<_> = (2019..2026).map(|year| sum(curve(venue, 7), &format!("{year}-01-01"), 364)).collect();
            let changes = years.windows(2).map(|pair| pair[1] / pair[0] - 1.0);
            assert!(changes.clone().all(|change| change.abs() < 0.09), "{venue}: {:?}", changes.collect::<Vec<_>>());
        }
        let trends: Vec<_> = (0..VENUES.len()).map(|venue| curve(venue, 7).trend(day("2018-01-01"))).collect();
        assert!(trends.iter().any(|trend| *trend > 1.0) && trends.iter().any(|trend| *trend < 0.9), "{trends:?}");
    }

    #[test]
    fn a_stadium_is_full_when_something_is_on() {
        let visits: Vec<_> =
            (0..365).map(|n| of(Profile::Stadium).visits(day("2025-01-01") + Days::new(n), 1.0)).collect();
        let (full, empty) =
            (visits.iter().filter(|v| **v > 30_000).count(), visits.iter().filter(|v| **v < 2_000).count());
        assert!((60..110).contains(&full) && full + empty >= 355, "{full} events, {empty} days without");
    }

    #[test]
    fn hours_follow_the_profile_and_add_up() {
        for profile in Profile::ALL {
            for date in ["2026-02-11", "2026-02-14"].map(day) {
                let hours = of(profile).hourly(date, 6001);
                assert_eq!(hours.iter().sum::<u64>(), 6001, "{profile:?}");
                if let Some((open, close)) = profile.opening(date.weekday()) {
                    let outside = (0_u8..).zip(hours).filter(|(hour, _)| *hour < open || *hour >= close);
                    assert_eq!(outside.map(|(_, count)| count).sum::<u64>(), 0, "{profile:?} is closed");
                }
            }
        }
        let busiest = |profile, date| {
            let hours = of(profile).hourly(day(date), 6001);
            (0..24).max_by_key(|hour| hours[*hour]).unwrap()
        };
        let (wednesday, saturday) = ("2026-02-11", "2026-02-14");
        assert!((7..=8).contains(&busiest(Profile::Coffee, wednesday)));
        assert!((9..=11).contains(&busiest(Profile::Coffee, saturday)));
        assert!((17..=18).contains(&busiest(Profile::Gym, wednesday)));
        assert_eq!(Profile::Office.opening(Weekday::Sat), None);
    }

    #[test]
    fn visits_by_length_add_up_to_their_average() {
        for average in [17.0, 39.0, 62.0] {
            let bins = Curve::dwell_bins(12_345, average);
            assert_eq!(bins.iter().sum::<u64>(), 12_345);
            let middles =
                DWELL_BINS.iter().zip(DWELL_BINS.iter().skip(1).chain([&190])).map(|(a, b)| f64::from(a + b) / 2.0);
            let mean = bins.iter().zip(middles).map(|(count, minutes)| *count as f64 * minutes).sum::<f64>() / 12_345.0;
            assert!((mean / average - 1.0).abs() < 0.12, "{average}: {mean}");
        }
    }
}

//! Scans out of nothing: by weekday and hour, the same for the same seed.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// One scan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Scan {
    pub(super) at: DateTime<Utc>,
    pub(super) device: Option<Cow<'static, str>>,
    pub(super) country: Option<Cow<'static, str>>,
    pub(super) city: Option<Cow<'static, str>>,
    /// Whether this visitor was not there before.
    pub(super) first: bool,
}

/// What a code is scanned at, from hour to hour; busiest around noon and in the evening.
const HOURS: [f64; 24] = [
    0.05, 0.02, 0.01, 0.01, 0.01, 0.03, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0, 0.9, 0.7, 0.65, 0.7, 0.85, 1.0, 0.9, 0.6,
    0.4, 0.2, 0.1,
];

/// From Monday on.
const WEEKDAYS: [f64; 7] = [0.5, 0.55, 0.6, 0.75, 1.0, 1.3, 1.1];

const DEVICES: [Option<&str>; 8] =
    [Some("iOS"), Some("iOS"), Some("iOS"), Some("Android"), Some("Android"), Some("Android"), Some("Windows"), None];

const PLACES: [Option<(&str, &str)>; 9] = [
    Some(("United States", "Chicago")),
    Some(("United States", "Austin")),
    Some(("United States", "Chicago")),
    Some(("United States", "Denver")),
    Some(("Germany", "Berlin")),
    Some(("Germany", "Hamburg")),
    Some(("Canada", "Toronto")),
    Some(("United States", "")),
    None,
];

/// How long a code has been in circulation when it is made. A campaign runs on a clock that hardly moves, so a code
/// without a past would never be scanned.
pub(super) fn past(seed: u64, id: &str) -> TimeDelta {
    TimeDelta::days(random(seed, id, 0).i64(14..=35))
}

/// The scans of a day that come by themselves, the first one first.
fn on(seed: u64, id: &str, day: NaiveDate) -> Vec<Scan> {
    let popularity = random(seed, id, 1).f64() * 1.5 + 0.2;
    let mut scans = Vec::new();
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    let mut random = random(seed, id, midnight.timestamp().unsigned_abs());
    let weekday = WEEKDAYS.get(day.weekday().num_days_from_monday() as usize).copied().unwrap_or(1.0);
    for (hour, weight) in (0..).zip(HOURS) {
        // Up to four guests, so that quiet hours and quiet days occur.
        for _ in 0..4 {
            if random.f64() >= popularity * weight * weekday / 4.0 {
                continue;
            }
            let at = midnight + TimeDelta::hours(hour) + TimeDelta::seconds(random.i64(0..3600));
            let scan = anyone(&mut random, at);
            scans.push(Scan { first: random.f64() < 0.7, ..scan });
        }
    }
    scans.sort_by_key(|scan| scan.at);
    scans
}

/// So many scans are remembered, of whichever codes.
const REMEMBERED: usize = 200_000;

/// The scans that came by themselves, so that they are not made up again for every request. It depends on nothing that
/// is not given, so a copy may begin anew.
#[derive(Debug, Default)]
pub(super) struct Past {
    counted: HashMap<String, Counted>,
    listed: HashMap<String, Listed>,
    /// How many there are of those that are listed.
    held: usize,
}

/// How often a code was scanned before a day.
#[derive(Debug, Clone, Copy)]
struct Counted {
    start: DateTime<Utc>,
    day: NaiveDate,
    before: usize,
}

/// How a code was scanned before a day.
#[derive(Debug)]
struct Listed {
    start: DateTime<Utc>,
    day: NaiveDate,
    before: Vec<Scan>,
}

impl Clone for Past {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Past {
    /// How many [scans](Self::scans) there are.
    pub(super) fn count(&mut self, seed: u64, id: &str, start: DateTime<Utc>, now: DateTime<Utc>) -> usize {
        let (first, today) = (start.date_naive(), now.date_naive());
        if !self.counted.contains_key(id) {
            self.counted.insert(id.to_owned(), Counted { start, day: first, before: 0 });
        }
        let Some(counted) = self.counted.get_mut(id) else { return 0 };
        if counted.start != start || counted.day > today {
            *counted = Counted { start, day: first, before: 0 };
        }
        while let Some(next) = counted.day.succ_opt().filter(|_| counted.day < today) {
            counted.before += on(seed, id, counted.day).iter().filter(|scan| scan.at >= start).count();
            counted.day = next;
        }
        counted.before + on(seed, id, today).iter().filter(|scan| (start..=now).contains(&scan.at)).count()
    }

    /// All scans from `start` on that have happened by `now`. Later ones are added as the clock moves, none change.
    pub(super) fn scans(&mut self, seed: u64, id: &str, start: DateTime<Utc>, now: DateTime<Utc>) -> &[Scan] {
        if self.held > REMEMBERED {
            (self.held, self.listed) = (0, HashMap::new());
        }
        let begin = || Listed { start, day: start.date_naive(), before: Vec::new() };
        let listed = self.listed.entry(id.to_owned()).or_insert_with(begin);
        if listed.start != start {
            self.held -= listed.before.len();
            *listed = begin();
        }
        while let Some(next) = listed.day.succ_opt().filter(|_| listed.day <= now.date_naive()) {
            let scans = on(seed, id, listed.day).into_iter().filter(|scan| scan.at >= start);
            let known = listed.before.len();
            listed.before.extend(scans);
            self.held += listed.before.len() - known;
            listed.day = next;
        }
        let end = listed.before.partition_point(|scan| scan.at <= now);
        listed.before.get(..end).unwrap_or_default()
    }
}

/// A new visitor with some device, from somewhere.
pub(super) fn anyone(random: &mut fastrand::Rng, at: DateTime<Utc>) -> Scan {
    let device = random.choice(DEVICES).flatten().map(Cow::Borrowed);
    let (country, city) = random.choice(PLACES).flatten().unzip();
    Scan { at, device, country: country.map(Cow::Borrowed), city: city.map(Cow::Borrowed), first: true }
}

/// Randomness that depends on nothing else.
pub(super) fn random(seed: u64, id: &str, salt: u64) -> fastrand::Rng {
    let bytes = seed.to_le_bytes().into_iter().chain(id.bytes()).chain(salt.to_le_bytes());
    // FNV-1a.
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    fastrand::Rng::with_seed(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scans_only_ever_grow_and_are_plausible() {
        let now: DateTime<Utc> = "2026-03-02T09:00:00Z".parse().unwrap();
        let scans = |seed, id, start, now| Past::default().scans(seed, id, start, now).to_vec();
        for id in ["4QX81D", "ZZ0ZZ0", "B7K2M9"] {
            let start = now - past(7, id);
            let before = scans(7, id, start, now);
            let after = scans(7, id, start, now + TimeDelta::days(2));
            assert!(before.len() > 10 && after.len() > before.len(), "{id}: {} then {}", before.len(), after.len());
            assert_eq!(&after[..before.len()], &before[..], "{id}");
            assert_ne!(scans(8, id, start, now), before, "{id}: another seed, other scans");
        }
    }

    #[test]
    fn what_is_remembered_is_what_would_be_made_up() {
        let now: DateTime<Utc> = "2026-03-02T09:00:00Z".parse().unwrap();
        let start = now - TimeDelta::days(20);
        let mut one = Past::default();
        // The clock goes on and back, and the code was made at another time after all.
        for (start, hours) in [(start, 0), (start, 40), (start, 5), (start, -700), (now, 30), (start, 30), (start, 64)]
        {
            let now = now + TimeDelta::hours(hours);
            let anew = Past::default().scans(7, "4QX81D", start, now).to_vec();
            assert!(anew.iter().all(|scan| (start..=now).contains(&scan.at)) && anew.is_sorted_by_key(|scan| scan.at));
            assert_eq!(one.scans(7, "4QX81D", start, now), anew);
            assert_eq!(one.count(7, "4QX81D", start, now), anew.len());
        }
    }

    #[test]
    fn only_so_much_is_remembered() {
        let now: DateTime<Utc> = "2026-03-02T09:00:00Z".parse().unwrap();
        let mut one = Past::default();
        let most = (0..2_000).map(|id| {
            one.scans(7, &id.to_string(), now - TimeDelta::days(30), now);
            assert_eq!(one.held, one.listed.values().map(|listed| listed.before.len()).sum::<usize>());
            one.held
        });
        let most = most.max();
        assert!(most.is_some_and(|most| (REMEMBERED..REMEMBERED + 3_000).contains(&most)), "{most:?}");
    }
}

//! How long a report takes to be there.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// When a report that was asked for for the first time is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Computing {
    /// After so many answers that it is not.
    Polls(u32),
    /// After the time that Placer publishes as its average.
    Time,
}

/// The reports that were asked for, by operation and body.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Reports(BTreeMap<String, Asked>);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Asked {
    first: DateTime<Utc>,
    times: u32,
}

impl Reports {
    /// Whether the report is there; asking for it brings it nearer.
    pub(super) fn is_ready(&mut self, computing: Computing, name: &str, body: &[u8], now: DateTime<Utc>) -> bool {
        let key = format!("{name} {}", String::from_utf8_lossy(body));
        let asked = self.0.entry(key).or_insert(Asked { first: now, times: 0 });
        asked.times += 1;
        match computing {
            Computing::Polls(polls) => asked.times > polls,
            Computing::Time => (now - asked.first).to_std().is_ok_and(|waited| waited >= average(name)),
        }
    }

    /// The longest ago goes, once there is a lot: a report is not there for ever.
    pub(super) fn make_room(&mut self) {
        if self.0.len() >= 10_000 {
            let mut firsts: Vec<_> = self.0.values().map(|asked| asked.first).collect();
            let (_, middle, _) = firsts.select_nth_unstable(5000);
            let middle = *middle;
            self.0.retain(|_, asked| asked.first > middle);
        }
    }
}

/// What Placer publishes; two seconds where it does not.
pub(super) fn average(operation: &str) -> Duration {
    Duration::from_millis(match operation {
        "reports.visits.metrics" => 10_000,
        "reports.visits.trends" => 3_580,
        "reports.visits.hours" => 790,
        "reports.visits.days" => 720,
        "reports.visits.dwell_time" => 770,
        "reports.trade_area.true_trade_area" => 2_240,
        "reports.trade_area.demographics" => 1_580,
        "reports.ranking.overview" => 8_800,
        "reports.ranking.overview_multi" => 620,
        "reports.ranking.top" | "reports.ranking.closely_ranked" => 3_800,
        "reports.journey.favorite_places" => 5_000,
        "reports.journey.favorite_chains" => 1_800,
        _ => 2_000,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_kept_of_any_number() {
        let (mut reports, start) = (Reports::default(), DateTime::UNIX_EPOCH);
        let mut ask = |number: u32| {
            reports.make_room();
            let body = number.to_string();
            let ready =
                reports.is_ready(Computing::Polls(1), "r", body.as_bytes(), start + Duration::from_secs(number.into()));
            (ready, reports.0.len())
        };
        let most = (0..30_000).map(|number| ask(number).1).max();
        assert_eq!(most, Some(10_000));
        assert!(ask(29_999).0 && ask(26_000).0, "they were asked for before");
        assert!(!ask(1).0, "nobody knows it any more");
    }
}

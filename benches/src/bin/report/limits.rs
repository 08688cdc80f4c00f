//! How soon many calls are through a quota that the provider enforces, and how often it had to refuse one.

use std::time::Duration;

use connectors_benches::LIST;
use connectors_core::provider::run_bounded;
use connectors_core::{Clock, RateLimits};

use crate::args::Args;
use crate::fake::{Fake, HEAVY, Nature, Seen};
use crate::table::{Row, count};
use crate::{Outcome, virtually};

/// How much longer than the windows demand it may take.
const RATIO: f64 = 1.02;

struct Scenario {
    name: &'static str,
    nature: Nature,
    calls: usize,
    /// Every how manieth call is a heavy one.
    heavy_every: usize,
    budgeted: bool,
}

fn scenarios() -> [Scenario; 5] {
    let ten = RateLimits::none().window("*", 10, Duration::from_secs(1));
    let minute = RateLimits::none().window("*", 300, Duration::from_secs(60));
    let scenario = |name, nature, calls| Scenario { name, nature, calls, heavy_every: usize::MAX, budgeted: true };
    let steady = Nature { limits: ten, ..Nature::latency(100) };
    let jittery = Nature { latency: 50..=150, stamped: 0.0, ..steady.clone() };
    let worse = Nature { stamped: 0.5, ..jittery.clone() };
    let polled = Nature { polls: 2, ..steady.clone() };
    let weighted = Nature { limits: minute, ..worse.clone() };
    [
        scenario("limits/10 per s, 100 ms", steady, 1000),
        scenario("limits/10 per s, 50-150 ms", jittery, 1000),
        // Nobody can tell where in its latency a request was stamped. Who allows for all of it, so as to be refused
        // never, loses the mean latency above the shortest in every window: 5 % here, more than the budget has.
        Scenario {
            budgeted: false,
            ..scenario("limits/10 per s, 50-150 ms, half of it before the stamp", worse, 1000)
        },
        scenario("limits/10 per s, 100 ms, each polled twice", polled, 500),
        // Twenty of cost in eleven calls, so that whole windows can be filled.
        Scenario { heavy_every: 11, ..scenario("limits/300 per min, every 11th costs 10", weighted, 1650) },
    ]
}

pub fn measure(args: &Args) -> Outcome<Vec<Row>> {
    let mut rows = Vec::new();
    for scenario in scenarios().into_iter().filter(|scenario| args.wants_group(scenario.name)) {
        rows.extend(run(scenario)?);
    }
    Ok(rows)
}

fn run(Scenario { name, nature, calls, heavy_every, budgeted }: Scenario) -> Outcome<[Row; 2]> {
    let (fake, core) = Fake::with_core(nature.clone())?;
    let work = |index: usize, ()| {
        let operation = if index % heavy_every == heavy_every - 1 { &HEAVY } else { &LIST };
        core.call(operation).path("sheetId", index + 1).send_bytes()
    };
    let started = fake.clock().now();
    let results = virtually(run_bounded(vec![(); calls], calls, None, work))?;
    let took = fake.clock().now().duration_since(started);
    results.into_iter().collect::<Result<Vec<_>, _>>()?;
    let Seen { cost, throttled, .. } = fake.seen();
    let floor = earliest(&nature, cost).as_secs_f64();
    let time = Row::new(name, "s", took.as_secs_f64()).floor(floor);
    let refused = Row::new(format!("{name}, refused"), "requests", count(throttled)).floor(0.0);
    Ok(if budgeted { [time.budget(floor * RATIO), refused.budget(0.0)] } else { [time, refused] })
}

/// When work of this cost can be through at the earliest: each span of a window but the last is full, the last answer
/// comes fast.
fn earliest(nature: &Nature, cost: u64) -> Duration {
    let spans = nature.limits.windows().map(|window| {
        let spans = cost.div_ceil(window.limit.into()).saturating_sub(1);
        window.per * u32::try_from(spans).unwrap_or(u32::MAX)
    });
    spans.max().unwrap_or_default() + nature.fastest()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floor_is_that_of_the_narrowest_window() {
        let limits =
            RateLimits::none().window("*", 10, Duration::from_secs(1)).window("*", 300, Duration::from_secs(60));
        let nature = Nature { limits, latency: 50..=150, ..Nature::default() };
        let earliest = |cost| earliest(&nature, cost).as_millis();
        assert_eq!([0, 1, 10].map(earliest), [50; 3], "the first span is free");
        assert_eq!([11, 20, 21].map(earliest), [1050, 1050, 2050]);
        assert_eq!([300, 301, 601].map(earliest), [29_050, 60_050, 120_050]);
    }

    #[test]
    fn a_scenario_becomes_a_time_and_a_count_of_refusals() {
        let scenario = Scenario { name: "limits/x", calls: 40, ..scenarios().into_iter().next_back().unwrap() };
        let [time, refused] = run(scenario).unwrap();
        assert_eq!((time.name(), refused.name()), ("limits/x", "limits/x, refused"));
        assert!(!refused.exceeds());
    }
}

//! What a launch would take, learnt from a rehearsal on the fakes.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use connectors_core::RateLimits;
use serde::Serialize;

use super::services::Services;

/// The calls, quotas and seconds of a launch.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    services: BTreeMap<&'static str, ServicePlan>,
    calls: usize,
    seconds: f64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ServicePlan {
    calls: usize,
    operations: BTreeMap<&'static str, usize>,
    quotas: Vec<String>,
    seconds: f64,
}

impl Plan {
    /// Reads the journals of a rehearsal that is over.
    pub fn of(rehearsed: &Services) -> Self {
        let services: BTreeMap<_, _> = rehearsed
            .fakes
            .iter()
            .map(|fake| {
                let journal = fake.backend.journal();
                let mut operations = BTreeMap::new();
                for entry in &journal {
                    *operations.entry(entry.operation.unwrap_or("other")).or_default() += 1;
                }
                let span = journal
                    .first()
                    .zip(journal.last())
                    .map(|(first, last)| (last.at - first.at).to_std().unwrap_or_default());
                let seconds = span.unwrap_or_default().as_secs_f64();
                (fake.name, ServicePlan { calls: journal.len(), operations, quotas: quotas(&fake.limits), seconds })
            })
            .collect();
        let calls = services.values().map(|service| service.calls).sum();
        Self { services, calls, seconds: rehearsed.elapsed().as_secs_f64() }
    }
}

fn quotas(limits: &RateLimits) -> Vec<String> {
    let windows = limits.windows().map(|window| {
        let what = if window.group == "*" { "calls" } else { window.group };
        format!("{} {what} per {}", window.limit, span(window.per))
    });
    windows.chain(limits.max_in_flight().map(|n| format!("{n} in flight"))).collect()
}

fn span(per: Duration) -> String {
    match per.as_secs() {
        1 => "second".to_owned(),
        60 => "minute".to_owned(),
        3600 => "hour".to_owned(),
        seconds => format!("{seconds} s"),
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, service) in &self.services {
            writeln!(
                f,
                "{name}: {} calls in about {:.0} s (quotas: {})",
                service.calls,
                service.seconds.ceil(),
                service.quotas.join(", ")
            )?;
            service.operations.iter().try_for_each(|(operation, calls)| writeln!(f, "  {calls:>4} × {operation}"))?;
        }
        writeln!(
            f,
            "\n{} calls, about {:.0} s plus the providers' own time. Rehearsed on the fakes; nothing was sent.",
            self.calls,
            self.seconds.ceil()
        )
    }
}

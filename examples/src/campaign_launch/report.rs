//! What a launch came to: every event accounted for, as a table or as JSON.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use connectors_core::{Campaign, Error};
use serde::Serialize;

/// One event, as far as it got at each service.
#[derive(Debug, Default, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventOutcome {
    pub event_id: String,
    pub name: String,
    pub venue: String,
    pub city: String,
    pub starts_at: String,
    pub expected_footfall: Option<u64>,
    pub peak_hours: Vec<String>,
    pub brandscopic_id: Option<String>,
    pub brandscopic_status: Option<String>,
    pub sheet_row: Option<u32>,
    pub short_link: Option<String>,
    pub scans: Option<u64>,
}

/// Something that did not work in the end.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    pub service: &'static str,
    pub event_id: Option<String>,
    pub what: &'static str,
    pub why: String,
    pub may_have_been_applied: bool,
}

impl Failure {
    pub fn new(service: &'static str, what: &'static str, event_id: Option<&str>, error: &Error) -> Self {
        let may_have_been_applied = error.maybe_applied();
        Self { service, event_id: event_id.map(str::to_owned), what, why: error.to_string(), may_have_been_applied }
    }
}

#[derive(Debug, Default, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    pub events: usize,
    pub venues: usize,
    pub synced: usize,
    pub rows: usize,
    pub codes: usize,
    pub created: usize,
    pub expected_footfall: u64,
    pub scans: u64,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CampaignHead {
    pub id: String,
    pub name: String,
    pub client: String,
    pub region: String,
    pub sheet: Option<String>,
    pub venues_visits: Option<u64>,
    pub venues_period: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LaunchReport {
    pub campaign: CampaignHead,
    pub events: Vec<EventOutcome>,
    pub totals: Totals,
    pub failures: Vec<Failure>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub disturbances: BTreeMap<&'static str, Disturbance>,
}

/// What the fakes did wrong on purpose at one service.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Disturbance {
    pub requests: usize,
    pub disturbed: usize,
    pub faults: BTreeMap<&'static str, u32>,
    pub calls_failed: usize,
}

impl LaunchReport {
    pub fn new(campaign: &Campaign) -> Self {
        let events = campaign.events.iter().map(|event| EventOutcome {
            event_id: event.id.to_string(),
            name: event.name.clone(),
            venue: event.venue.name.clone(),
            city: event.venue.city.clone(),
            starts_at: event.starts_at.format("%Y-%m-%d %H:%M").to_string(),
            ..EventOutcome::default()
        });
        Self {
            campaign: CampaignHead {
                id: campaign.id.to_string(),
                name: campaign.name.clone(),
                client: campaign.client.clone(),
                region: campaign.region.clone(),
                sheet: None,
                venues_visits: None,
                venues_period: None,
            },
            events: events.collect(),
            totals: Totals::default(),
            failures: Vec::new(),
            disturbances: BTreeMap::new(),
        }
    }

    pub fn event(&mut self, id: &str) -> Option<&mut EventOutcome> {
        self.events.iter_mut().find(|e| e.event_id == id)
    }

    pub fn fail(&mut self, service: &'static str, what: &'static str, event: Option<&str>, error: &Error) {
        self.failures.push(Failure::new(service, what, event, error));
    }

    /// Adds up the events; `created` is counted as the launch goes.
    pub fn add_up(&mut self) {
        let mut venues: Vec<_> = self.events.iter().map(|e| &e.venue).collect();
        venues.sort_unstable();
        venues.dedup();
        let count = |has: fn(&EventOutcome) -> bool| self.events.iter().filter(|e| has(e)).count();
        self.totals = Totals {
            events: self.events.len(),
            venues: venues.len(),
            synced: count(|e| e.brandscopic_id.is_some()),
            rows: count(|e| e.sheet_row.is_some()),
            codes: count(|e| e.short_link.is_some()),
            created: self.totals.created,
            expected_footfall: self.events.iter().filter_map(|e| e.expected_footfall).sum(),
            scans: self.events.iter().filter_map(|e| e.scans).sum(),
        };
    }
}

impl fmt::Display for LaunchReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = &self.campaign;
        writeln!(f, "{} for {}, {}", head.name, head.client, head.region)?;
        if let Some(sheet) = &head.sheet {
            writeln!(f, "tracker: {sheet}")?;
        }
        if let (Some(visits), Some(period)) = (head.venues_visits, &head.venues_period) {
            writeln!(f, "visits to all venues, {period}: {visits}")?;
        }
        writeln!(f)?;
        let titles = ["event", "starts", "venue", "footfall", "peak hours", "status", "row", "short link", "scans"];
        let rows: Vec<[String; 9]> = self.events.iter().map(cells).collect();
        let widths: Vec<usize> = titles
            .iter()
            .enumerate()
            .map(|(column, title)| {
                let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
                cells.chain([title.len()]).max().unwrap_or_default()
            })
            .collect();
        let line = |cells: &[String]| {
            let mut text = String::new();
            for (column, (cell, &width)) in cells.iter().zip(&widths).enumerate() {
                // Numbers to the right, words to the left. Writing to a String cannot fail.
                let _ = if matches!(column, 3 | 6 | 8) {
                    write!(text, "{cell:>width$}  ")
                } else {
                    write!(text, "{cell:<width$}  ")
                };
            }
            text.trim_end().to_owned()
        };
        writeln!(f, "{}", line(&titles.map(str::to_owned)))?;
        writeln!(f, "{}", line(&widths.iter().map(|&w| "-".repeat(w)).collect::<Vec<_>>()))?;
        rows.iter().try_for_each(|row| writeln!(f, "{}", line(row)))?;
        let t = &self.totals;
        writeln!(
            f,
            "\n{} events at {} venues: {} synced, {} rows, {} codes ({} things created); {} visitors expected, {} scans",
            t.events, t.venues, t.synced, t.rows, t.codes, t.created, t.expected_footfall, t.scans
        )?;
        for (service, d) in &self.disturbances {
            let share = d.disturbed * 100 / d.requests.max(1);
            let kinds: Vec<_> = d.faults.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
            writeln!(
                f,
                "{service}: {} of {} requests disturbed ({share} %): {}; {} calls failed in the end",
                d.disturbed,
                d.requests,
                kinds.join(", "),
                d.calls_failed
            )?;
        }
        match self.failures.len() {
            0 => writeln!(f, "nothing failed"),
            n => {
                writeln!(f, "{n} failed:")?;
                self.failures.iter().try_for_each(|failure| {
                    let event = failure.event_id.as_deref().map(|id| format!(" {id}")).unwrap_or_default();
                    let unknown = if failure.may_have_been_applied { " (may have been done all the same)" } else { "" };
                    writeln!(f, "  {}: {}{event}: {}{unknown}", failure.service, failure.what, failure.why)
                })
            }
        }
    }
}

fn cells(event: &EventOutcome) -> [String; 9] {
    fn or_dash(value: Option<impl ToString>) -> String {
        value.map_or_else(|| "-".to_owned(), |v| v.to_string())
    }
    [
        format!("{} {}", event.event_id, event.name),
        event.starts_at.clone(),
        format!("{}, {}", event.venue, event.city),
        or_dash(event.expected_footfall),
        if event.peak_hours.is_empty() { "-".to_owned() } else { event.peak_hours.join(", ") },
        or_dash(event.brandscopic_status.as_ref()),
        or_dash(event.sheet_row),
        or_dash(event.short_link.as_ref()),
        or_dash(event.scans),
    ]
}

//! Smartsheet: the campaign's tracker, a row per event.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use connectors_core::{CampaignEvent, ConnectionReport, Error, ErrorKind, Result};
use connectors_smartsheet::{
    CreateSheet, Destination, EventRow, SmartsheetBuilder, SmartsheetService, Template, UpsertEventRows, UpsertOutcome,
    WorkspaceId, tracker,
};

use crate::model::Count;
use crate::provider::{Field, FieldKind, Integration, Parts, Provider};
use crate::run::{Change, Done, Run};
use crate::{BRANDSCOPIC, PLACER, QRTIGER};

/// Smartsheet, as the dashboard knows it.
pub static SMARTSHEET: Provider = Provider {
    id: "smartsheet",
    name: "Smartsheet",
    contracts: &[],
    contract_var: None,
    fields: &[
        Field {
            name: "SMARTSHEET_ACCESS_TOKEN",
            label: "Access token",
            help: "from Account > Personal Settings > API Access",
            kind: FieldKind::Key,
            required: true,
            contract: None,
            default: None,
        },
        Field {
            name: "SMARTSHEET_API_URL",
            label: "Base URL",
            help: "where the API is",
            kind: FieldKind::Address,
            required: false,
            contract: None,
            default: Some("https://api.smartsheet.com/2.0"),
        },
        Field {
            name: "SMARTSHEET_WORKSPACE_ID",
            label: "Workspace",
            help: "the number of the workspace that the tracker goes to",
            kind: FieldKind::Plain,
            required: true,
            contract: None,
            default: None,
        },
    ],
    writes: true,
    connect: |Parts { vars, observer, links, .. }| {
        let builder = SmartsheetBuilder::from_vars(|name| vars.get(name))?;
        let workspace = vars.require(WORKSPACE)?.parse::<i64>().ok().filter(|id| *id > 0).ok_or_else(|| {
            Error::config(WORKSPACE, "is not a workspace id").with_hint("write the number of the workspace")
        })?;
        let client = builder.observer(Arc::clone(observer)).link_store(Arc::clone(links)).build()?;
        Ok(Arc::new(SmartsheetIntegration::new(Arc::new(client), WorkspaceId::from(workspace))))
    },
};

const WORKSPACE: &str = "SMARTSHEET_WORKSPACE_ID";

/// So many rows are written between two looks at whether the sync is to stop. For each look the sheet is read.
const ROWS: usize = 500;

/// A Smartsheet service at work for the dashboard.
#[derive(Clone)]
pub struct SmartsheetIntegration {
    service: Arc<dyn SmartsheetService>,
    destination: Destination,
}

impl SmartsheetIntegration {
    /// This service, and where the tracker goes.
    pub fn new(service: Arc<dyn SmartsheetService>, destination: impl Into<Destination>) -> Self {
        Self { service, destination: destination.into() }
    }
}

impl fmt::Debug for SmartsheetIntegration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmartsheetIntegration").field("destination", &self.destination).finish_non_exhaustive()
    }
}

#[async_trait]
impl Integration for SmartsheetIntegration {
    fn provider(&self) -> &'static Provider {
        &SMARTSHEET
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        self.service.test_connection().await
    }

    async fn counts(&self) -> Result<Vec<Count>> {
        let summary = self.service.summary().await?;
        let sheets = summary.counts.into_iter().filter(|(label, _)| *label == "sheets");
        Ok(sheets.map(|(label, value)| Count::new(label, value)).collect())
    }

    /// The rows hold what the syncs of the others have found out by now.
    async fn sync(&self, run: &Run) -> Result<()> {
        let pending = run.pending();
        if pending.is_empty() {
            return Ok(());
        }
        let create = CreateSheet::new(run.campaign(), Template::event_tracker(), self.destination);
        let sheet = self.service.create_sheet(create).await?;
        let (footfall, codes) = (run.facts(&PLACER).await?, run.facts(&QRTIGER).await?);
        let statuses = run.facts(&BRANDSCOPIC).await?;
        let fact = |facts: &Facts, event: &CampaignEvent, name: &str| facts.get(event.id.as_str())?.get(name).cloned();
        for events in pending.chunks(ROWS) {
            if run.is_cancelled() {
                break;
            }
            let rows = events.iter().map(|event| {
                let mut row = EventRow::new(event.id.clone())
                    .set(tracker::EVENT, event.name.as_str())
                    .set(tracker::VENUE, event.venue.name.as_str())
                    .set(tracker::CITY, event.venue.city.as_str())
                    .set(tracker::STARTS, event.starts_at.date())
                    .set(tracker::ENDS, event.ends_at.date());
                let number = |facts, name| fact(facts, event, name).and_then(|text| text.parse::<u64>().ok());
                if let Some(visits) = number(&footfall, "expected_footfall") {
                    row = row.set(tracker::EXPECTED_FOOTFALL, visits);
                }
                if let Some(hours) = fact(&footfall, event, "peak_hours").filter(|hours| !hours.is_empty()) {
                    row = row.set(tracker::PEAK_HOURS, hours);
                }
                if let Some(status) = fact(&statuses, event, "status") {
                    row = row.set(tracker::BRANDSCOPIC_STATUS, status);
                }
                if let Some(link) = fact(&codes, event, "short_url") {
                    row = row.set(tracker::QR_LINK, link);
                }
                if let Some(scans) = number(&codes, "scans") {
                    row = row.set(tracker::SCANS, scans);
                }
                row
            });
            run.begin(events.iter().map(|event| event.id.clone())).await?;
            let written = self.service.upsert_event_rows(UpsertEventRows::new(sheet.id, rows.collect())).await;
            let outcomes: Vec<_> = match written {
                Ok(report) => {
                    let outcome =
                        |outcome| match outcome {
                            UpsertOutcome::Created(row) => Ok(Done::new(Change::Created).remote_id(row.row_id)),
                            UpsertOutcome::Updated(row) => Ok(Done::new(Change::Updated).remote_id(row.row_id)),
                            UpsertOutcome::Unchanged(row) => Ok(Done::new(Change::Unchanged).remote_id(row.row_id)),
                            UpsertOutcome::Failed(error) => Err(error),
                            UpsertOutcome::Unknown(error) => Err(error.with_maybe_applied(true)),
                            _ => Err(Error::new(ErrorKind::Decode, "an outcome that is not known here")
                                .with_maybe_applied(true)),
                        };
                    report.items.into_iter().map(|item| (item.key, outcome(item.outcome))).collect()
                }
                Err(error) => events.iter().map(|event| (event.id.clone(), Err(error.clone()))).collect(),
            };
            run.settle(outcomes).await?;
        }
        Ok(())
    }
}

type Facts = std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>>;

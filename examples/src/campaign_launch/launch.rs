//! The job: one campaign, four services. A failure at one of them never stops the rest.

use std::collections::HashMap;

use chrono::Days;
use connectors_brandscopic::{BulkSync, CreateProject, EventStatusRequest, SyncOutcome};
use connectors_core::{BulkOptions, Campaign, CampaignEvent, DateRange, Error, Result};
use connectors_placer::{
    AggregateRequest, Footfall, FootfallRequest, Movement, MovementRequest, VenueId, hour_label, latest_complete_day,
};
use connectors_qrtiger::{GenerateQrCode, Period, QrId, QrStatus, ScanStatsRequest, UpdateQrCode};
use connectors_smartsheet::{
    CreateSheet, EventRow, SheetDataRequest, Template, UpdateEventRow, UpsertEventRows, UpsertOutcome, tracker,
};
use futures_util::stream::{self, StreamExt};

use super::progress::Steps;
use super::report::LaunchReport;
use super::services::Services;

/// How far back footfall is looked at.
const DAYS: u32 = 28;

/// How many calls are under way at a time where the service trait has no bulk form.
const AT_A_TIME: usize = 4;

pub async fn launch(campaign: &Campaign, services: &Services, steps: &Steps) -> LaunchReport {
    let mut report = LaunchReport::new(campaign);
    sync_events(campaign, services, steps, &mut report).await;
    look_up_footfall(campaign, services, steps, &mut report).await;
    write_tracker(campaign, services, steps, &mut report).await;
    make_codes(campaign, services, steps, &mut report).await;
    report.add_up();
    report
}

/// Runs `work` on each item, a few at a time, in the order of the items.
async fn each<I, T, F: Future<Output = T>>(items: impl IntoIterator<Item = I>, work: impl FnMut(I) -> F) -> Vec<T> {
    stream::iter(items).map(work).buffered(AT_A_TIME).collect().await
}

async fn sync_events(campaign: &Campaign, services: &Services, steps: &Steps, report: &mut LaunchReport) {
    const SERVICE: &str = "brandscopic";
    let brandscopic = &services.brandscopic;
    let project = match brandscopic.create_project(CreateProject::new(campaign)).await {
        Ok(project) => project,
        Err(error) => {
            for event in &campaign.events {
                report.fail(SERVICE, "project", Some(event.id.as_str()), &error);
            }
            return;
        }
    };
    report.totals.created += usize::from(project.is_new);
    let options = BulkOptions::default().on_progress(steps.follow("Brandscopic: events"));
    let synced =
        match brandscopic.bulk_sync_events(BulkSync::new(&project, campaign.events.clone()).options(options)).await {
            Ok(synced) => synced,
            Err(error) => return report.fail(SERVICE, "bulk sync", None, &error),
        };
    for item in &synced.items {
        if let Some(error) = item.error() {
            report.fail(SERVICE, "sync", Some(item.event_id.as_str()), error);
        }
        report.totals.created += usize::from(item.synced().is_some_and(|s| s.outcome == SyncOutcome::Created));
    }
    let there = synced.items.iter().filter_map(|item| item.synced());
    let project = &project;
    let statuses = each(there, |event| async move {
        let request = EventStatusRequest::new(project, event.event_id.clone());
        (event, steps.one("Brandscopic: status", brandscopic.event_status(request)).await)
    });
    for (event, status) in statuses.await {
        let id = event.event_id.as_str();
        if let Some(outcome) = report.event(id) {
            outcome.brandscopic_id = Some(event.remote_id.clone());
        }
        match status {
            Ok(status) => {
                if let Some(outcome) = report.event(id) {
                    outcome.brandscopic_status = Some(status.status.to_string());
                }
            }
            Err(error) => report.fail(SERVICE, "status", Some(id), &error),
        }
    }
}

/// The last complete days before the event, or before the data ends, whichever is earlier.
fn days_before(event: &CampaignEvent, services: &Services) -> Result<DateRange> {
    let eve = event.starts_at.date() - Days::new(1);
    DateRange::last_days(DAYS, eve.min(latest_complete_day(services.today)))
}

fn venue_id(event: &CampaignEvent) -> Result<VenueId> {
    let missing = || Error::invalid("placerId", format!("the venue {} has none", event.venue.id));
    VenueId::new(event.venue.placer_id.as_deref().ok_or_else(missing)?)
}

/// What to expect: the mean of the same weekdays.
fn expected(footfall: &Footfall, event: &CampaignEvent) -> Option<u64> {
    use chrono::Datelike;
    let weekday = event.starts_at.weekday();
    let alike: Vec<u64> =
        footfall.rows.iter().filter(|row| row.date.weekday() == weekday).map(|row| row.visits).collect();
    let days = u64::try_from(alike.len()).ok().filter(|n| *n > 0)?;
    Some((alike.iter().sum::<u64>() + days / 2) / days)
}

async fn look_up_footfall(campaign: &Campaign, services: &Services, steps: &Steps, report: &mut LaunchReport) {
    const SERVICE: &str = "placer";
    let placer = &services.placer;
    let looked_up = each(&campaign.events, |event| async move {
        let work = async {
            let (venue, range) = (venue_id(event)?, days_before(event, services)?);
            // Events that share venue and days share one answer: the client's cache sees to it.
            placer.footfall(FootfallRequest::new(venue, range)).await
        };
        (event, steps.one("Placer.ai: footfall", work).await)
    });
    for (event, footfall) in looked_up.await {
        match footfall {
            Ok(footfall) => {
                if let Some(outcome) = report.event(event.id.as_str()) {
                    outcome.expected_footfall = expected(&footfall, event);
                }
            }
            Err(error) => report.fail(SERVICE, "footfall", Some(event.id.as_str()), &error),
        }
    }

    let mut venues: Vec<VenueId> = campaign.events.iter().filter_map(|event| venue_id(event).ok()).collect();
    venues.sort_unstable();
    venues.dedup();
    let recent = DateRange::last_days(DAYS, latest_complete_day(services.today));
    let recent = &recent;
    let movements = each(&venues, |venue| async move {
        let work = async { placer.movement(MovementRequest::new(venue.clone()).range(recent.clone()?)).await };
        (venue, steps.one("Placer.ai: movement", work).await)
    });
    let mut peaks: HashMap<&str, Movement> = HashMap::new();
    for (venue, movement) in movements.await {
        match movement {
            Ok(movement) => drop(peaks.insert(venue.as_str(), movement)),
            Err(error) => report.fail(SERVICE, "movement", None, &error),
        }
    }
    for event in &campaign.events {
        let movement = event.venue.placer_id.as_deref().and_then(|id| peaks.get(id));
        if let (Some(movement), Some(outcome)) = (movement, report.event(event.id.as_str())) {
            outcome.peak_hours = movement.peak_hours.iter().map(|hour| hour_label(*hour)).collect();
        }
    }

    let all = async { placer.aggregate_footfall(AggregateRequest::new(venues.clone(), recent.clone()?)).await };
    match steps.one("Placer.ai: all venues", all).await {
        Ok(all) => {
            report.campaign.venues_visits = Some(all.total_visits);
            report.campaign.venues_period = Some(all.effective_range.to_string());
            for failure in &all.failures {
                report.fail(SERVICE, "aggregate", None, &failure.error);
            }
        }
        Err(error) => report.fail(SERVICE, "aggregate", None, &error),
    }
}

async fn write_tracker(campaign: &Campaign, services: &Services, steps: &Steps, report: &mut LaunchReport) {
    const SERVICE: &str = "smartsheet";
    let smartsheet = &services.smartsheet;
    let create = CreateSheet::new(campaign, Template::event_tracker(), services.destination);
    let sheet = match smartsheet.create_sheet(create).await {
        Ok(sheet) => sheet,
        Err(error) => {
            for event in &campaign.events {
                report.fail(SERVICE, "tracker", Some(event.id.as_str()), &error);
            }
            return;
        }
    };
    report.totals.created += usize::from(sheet.is_new);
    report.campaign.sheet = Some(sheet.permalink.clone());

    let rows = campaign.events.iter().zip(&report.events).map(|(event, outcome)| {
        let mut row = EventRow::new(event.id.clone())
            .set(tracker::EVENT, event.name.as_str())
            .set(tracker::VENUE, event.venue.name.as_str())
            .set(tracker::CITY, event.venue.city.as_str())
            .set(tracker::STARTS, event.starts_at.date())
            .set(tracker::ENDS, event.ends_at.date());
        if let Some(visits) = outcome.expected_footfall {
            row = row.set(tracker::EXPECTED_FOOTFALL, visits);
        }
        if !outcome.peak_hours.is_empty() {
            row = row.set(tracker::PEAK_HOURS, outcome.peak_hours.join(", "));
        }
        row
    });
    let options = BulkOptions::default().on_progress(steps.follow("Smartsheet: rows"));
    match smartsheet.upsert_event_rows(UpsertEventRows::new(sheet.id, rows.collect()).options(options)).await {
        Ok(upserted) => {
            for item in &upserted.items {
                report.totals.created += usize::from(matches!(item.outcome, UpsertOutcome::Created(_)));
                if let UpsertOutcome::Failed(error) | UpsertOutcome::Unknown(error) = &item.outcome {
                    report.fail(SERVICE, "row", Some(item.key.as_str()), error);
                }
            }
        }
        Err(error) => report.fail(SERVICE, "rows", None, &error),
    }

    // The first three get their status into the tracker, found by event id.
    for event in campaign.events.iter().take(3) {
        let status = report.event(event.id.as_str()).and_then(|outcome| outcome.brandscopic_status.clone());
        let update = UpdateEventRow::new(sheet.id, event.id.clone())
            .set(tracker::BRANDSCOPIC_STATUS, status.unwrap_or_else(|| "unknown".to_owned()));
        if let Err(error) = steps.one("Smartsheet: three rows", smartsheet.update_event_row(update)).await {
            report.fail(SERVICE, "row update", Some(event.id.as_str()), &error);
        }
    }

    match steps.one("Smartsheet: reading back", smartsheet.sheet_data(SheetDataRequest::new(sheet.id))).await {
        Ok(data) => {
            for row in &data.rows {
                let id = row.get(&data.columns, tracker::EVENT_ID).map(ToString::to_string).unwrap_or_default();
                if let Some(outcome) = report.event(&id) {
                    outcome.sheet_row = Some(row.row_number);
                }
            }
        }
        Err(error) => report.fail(SERVICE, "reading back", None, &error),
    }
}

async fn make_codes(campaign: &Campaign, services: &Services, steps: &Steps, report: &mut LaunchReport) {
    const SERVICE: &str = "qrtiger";
    let qrtiger = &services.qrtiger;
    let made = each(&campaign.events, |event| async move {
        let request = GenerateQrCode::new(&campaign.id, &event.id, event.destination.clone());
        let code = match steps.one("QR TIGER: codes", qrtiger.generate_qr_code(request)).await {
            Ok(code) => code,
            Err(error) => return (event, Err(error)),
        };
        let request = ScanStatsRequest::new(code.id.clone(), Period::LastDays(7)).time_zone(event.time_zone);
        let scans = steps.one("QR TIGER: scans", qrtiger.scan_stats(request)).await;
        (event, Ok((code, scans)))
    });
    let mut first: Option<QrId> = None;
    for (event, made) in made.await {
        let id = event.id.as_str();
        let (code, scans) = match made {
            Ok(made) => made,
            Err(error) => {
                report.fail(SERVICE, "code", Some(id), &error);
                continue;
            }
        };
        report.totals.created += usize::from(code.is_new);
        if let Err(error) = &scans {
            report.fail(SERVICE, "scans", Some(id), error);
        }
        if let Some(outcome) = report.event(id) {
            outcome.short_link = Some(code.short_url.to_string());
            outcome.scans = scans.ok().map(|stats| stats.total_scans);
        }
        first.get_or_insert(code.id);
    }

    let Some(code) = first else { return };
    for status in [QrStatus::Paused, QrStatus::Active] {
        let update = UpdateQrCode::new(code.clone(), status);
        if let Err(error) = steps.one("QR TIGER: pause and resume", qrtiger.update_qr_code(update)).await {
            report.fail(SERVICE, "pause and resume", None, &error);
        }
    }
}

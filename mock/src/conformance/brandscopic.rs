//! What every implementation of [`BrandscopicService`] does.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use connectors_brandscopic::{
    BrandscopicService, BulkSync, Capability, CreateProject, EventStatus, EventStatusRequest, Project, SyncEvent,
    SyncOutcome,
};
use connectors_core::{
    BulkOptions, Campaign, CampaignEvent, CampaignId, Error, ErrorKind, EventId, Progress, Result, TimeZone, Venue,
};
use url::Url;

use super::report::Report;
use super::run::{Checked, Run, claimed, connected, denied, ensure, ensure_eq, given, refusal, refused};

/// A campaign of six events at three venues in two time zones, one event a day from `first_day` on.
///
/// On the native contract, an active campaign called `Conformance Tour` must exist.
pub fn brandscopic_campaign(first_day: NaiveDate) -> Result<Campaign> {
    let venues = [
        ("kettle", "The Copper Kettle", "New York", "US", "214 Bowery", "America/New_York"),
        ("hall", "Lakeside Hall", "Chicago", "US", "600 East Grand Avenue", "America/Chicago"),
        ("kran", "Kran Halle", "Berlin", "Germany", "Torstraße 12", "Europe/Berlin"),
    ];
    let page = Url::parse("https://conformance.test/").map_err(|e| Error::invalid("destination", e.to_string()))?;
    let mut events = Vec::new();
    for (number, (id, name, city, country, address, zone)) in (1..=6).zip(venues.into_iter().cycle()) {
        let mut venue = Venue::new(id, name, city, country);
        venue.address = Some(address.to_owned());
        let starts = (first_day + TimeDelta::days(number)).and_time(NaiveTime::MIN) + TimeDelta::hours(17);
        let (event, zone) = (EventId::new(format!("event-{number}"))?, TimeZone::new(zone)?);
        let ends = starts + TimeDelta::hours(4);
        events.push(CampaignEvent::new(event, format!("Tasting {number}"), venue, zone, starts, ends, page.clone()));
    }
    Ok(Campaign::new(CampaignId::new("conformance")?, "Conformance Tour", "Fizz", "North", events))
}

/// The whole suite, with a campaign whose events are still to come and were never synced: makes a project and its
/// events, changes one, and does everything twice.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use connectors_mock::{MockBrandscopic, conformance};
///
/// let campaign = conformance::brandscopic_campaign("2026-05-01".parse()?)?;
/// conformance::brandscopic(&MockBrandscopic::new(), &campaign).await.assert();
/// # Ok(())
/// # }
/// ```
pub async fn brandscopic(service: &dyn BrandscopicService, campaign: &Campaign) -> Report {
    let mut run = Run::new("brandscopic");
    reads(&mut run, service).await;
    let project = run.check("a campaign becomes a project, and the second time the same", projects(service, campaign));
    let project = project.await;
    let project = || given(project.as_ref());
    run.check("a project without a name is refused", nameless(service, campaign)).await;
    run.check("what is wrong with a single event is refused by its field", async {
        bad_events(service, project()?, campaign).await
    })
    .await;
    run.check("of many events, every problem is told, and nothing is sent", async {
        bad_bulk(service, project()?, campaign).await
    })
    .await;
    run.check("an event is created once, and the second time unchanged", async {
        single_events(service, project()?, campaign).await
    })
    .await;
    run.check("of many events, those that are left are created, in their order", async {
        bulk(service, project()?, campaign).await
    })
    .await;
    run.check("what was synced is pending until it begins", async { statuses(service, project()?, campaign).await })
        .await;
    run.check("an event that changed is updated, or that is denied", async {
        changes(service, project()?, campaign).await
    })
    .await;
    run.check("what is another event of ours is not adopted, or adopting is denied", async {
        adoption(service, project()?, campaign).await
    })
    .await;
    run.check("the summary counts what was made", async {
        project()?;
        let counts = service.summary().await?.counts;
        let count = |name| counts.iter().find(|(counted, _)| *counted == name).map_or(0, |(_, count)| *count);
        ensure!(
            count("campaigns") >= 1 && count("events") >= campaign.events.len() as u64,
            "a campaign and its events are counted",
            of counts
        );
        Ok(())
    })
    .await;
    run.finish()
}

/// The part that changes nothing: no project, no event. A handful of requests.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use connectors_mock::{MockBrandscopic, conformance};
///
/// let mock = MockBrandscopic::new();
/// conformance::brandscopic_read_only(&mock).await.assert();
/// mock.backend().journal().assert_not_called("projects.create");
/// # }
/// ```
pub async fn brandscopic_read_only(service: &dyn BrandscopicService) -> Report {
    let mut run = Run::new("brandscopic, read only");
    reads(&mut run, service).await;
    run.finish()
}

async fn reads(run: &mut Run, service: &dyn BrandscopicService) {
    run.check("the connection test says that it is connected", async { connected(&service.test_connection().await?) })
        .await;
    run.check("it says that it creates events and tells how far they are", async {
        let capabilities = service.capabilities();
        capabilities.check(Capability::CreateEvents)?;
        capabilities.check(Capability::EventStatus)?;
        for status in [EventStatus::Pending, EventStatus::Active, EventStatus::Completed, EventStatus::Cancelled] {
            let words = capabilities.status_words();
            ensure!(words.iter().any(|(_, means)| *means == status), format!("there is a word for {status}"), of words);
        }
        Ok(())
    })
    .await;
    run.check("the summary counts campaigns and events", async {
        let counts = service.summary().await?.counts;
        for name in ["campaigns", "events"] {
            ensure!(counts.iter().any(|(counted, _)| *counted == name), format!("{name} are counted"), of counts);
        }
        Ok(())
    })
    .await;
}

async fn projects(service: &dyn BrandscopicService, campaign: &Campaign) -> Checked<Project> {
    let project = service.create_project(CreateProject::new(campaign)).await?;
    ensure_eq!((&project.campaign, &project.name), (&campaign.id, &campaign.name), "it is the campaign's");
    let again = service.create_project(CreateProject::new(campaign)).await?;
    ensure_eq!((&again.id, again.is_new), (&project.id, false), "the second time, it is found");
    Ok(project)
}

async fn nameless(service: &dyn BrandscopicService, campaign: &Campaign) -> Checked {
    let mut nameless = CreateProject::new(campaign);
    " ".clone_into(&mut nameless.name);
    let outcome = service.create_project(nameless).await;
    refused(outcome, ErrorKind::InvalidRequest, Some("name"), "a blank name")
}

async fn bad_events(service: &dyn BrandscopicService, project: &Project, campaign: &Campaign) -> Checked {
    let good = given(campaign.events.first())?;
    let (mut nameless, mut backwards) = (good.clone(), good.clone());
    nameless.name = String::new();
    backwards.ends_at = backwards.starts_at - TimeDelta::minutes(1);
    for (bad, field) in [(&nameless, "name"), (&backwards, "endsAt")] {
        let outcome = service.sync_event(SyncEvent::new(project, bad.clone())).await;
        refused(outcome, ErrorKind::InvalidRequest, Some(field), "what is wrong")?;
    }
    Ok(())
}

async fn bad_bulk(service: &dyn BrandscopicService, project: &Project, campaign: &Campaign) -> Checked {
    let good = given(campaign.events.first())?;
    let mut nameless = good.clone();
    nameless.name = String::new();
    let all = vec![good.clone(), nameless, good.clone()];
    let error = refusal(service.bulk_sync_events(BulkSync::new(project, all)).await, "a bad list")?;
    ensure_eq!(
        (error.kind(), error.field()),
        (ErrorKind::InvalidRequest, Some("events[1].name")),
        "the first problem is told by its field"
    );
    let message = error.message();
    ensure!(message.contains("events[1]") && message.contains("events[2]"), "every problem is listed", of message);
    let status = service.event_status(EventStatusRequest::new(project, good.id.clone())).await;
    refused(status, ErrorKind::NotFound, None, "the status of what was not sent")
}

async fn single_events(service: &dyn BrandscopicService, project: &Project, campaign: &Campaign) -> Checked {
    for event in campaign.events.iter().take(2) {
        let synced = service.sync_event(SyncEvent::new(project, event.clone())).await?;
        ensure_eq!((&synced.event_id, synced.outcome), (&event.id, SyncOutcome::Created), "the first time, it is new");
        let again = service.sync_event(SyncEvent::new(project, event.clone())).await?;
        let same = (synced.remote_id, SyncOutcome::Unchanged);
        ensure_eq!((again.remote_id, again.outcome), same, "the second time, it is unchanged");
    }
    Ok(())
}

async fn bulk(service: &dyn BrandscopicService, project: &Project, campaign: &Campaign) -> Checked {
    let seen: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let listener = Arc::clone(&seen);
    let report = move |progress| listener.lock().unwrap_or_else(PoisonError::into_inner).push(progress);
    let options = BulkOptions::default().concurrency(3).on_progress(report);
    let request = BulkSync::new(project, campaign.events.clone()).options(options);
    let report = service.bulk_sync_events(request).await?;
    let ids: Vec<_> = report.items.iter().map(|item| &item.event_id).collect();
    ensure_eq!(ids, campaign.events.iter().map(|event| &event.id).collect::<Vec<_>>(), "in the order of the input");
    let outcomes: Vec<_> = report.items.iter().filter_map(|item| Some(item.synced()?.outcome)).collect();
    let expected = |number| if number < 2 { SyncOutcome::Unchanged } else { SyncOutcome::Created };
    let expected: Vec<_> = (0..campaign.events.len()).map(expected).collect();
    ensure_eq!(outcomes, expected, "only what was left is created");
    let total = campaign.events.len();
    let done: Vec<_> =
        seen.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|p| (p.done, p.total, p.failed)).collect();
    let expected: Vec<_> = (1..=total).map(|done| (done, total, 0)).collect();
    ensure_eq!(done, expected, "progress is told event by event");
    let json = serde_json::to_value(&report).unwrap_or_default();
    let expected = serde_json::json!({"success": true, "syncedCount": total, "failedCount": 0, "errors": []});
    ensure_eq!(json, expected, "the report as JSON");
    Ok(())
}

async fn statuses(service: &dyn BrandscopicService, project: &Project, campaign: &Campaign) -> Checked {
    for event in &campaign.events {
        let report = service.event_status(EventStatusRequest::new(project, event.id.clone())).await?;
        ensure_eq!((&report.event_id, &report.status), (&event.id, &EventStatus::Pending), "it is still to come");
        let told = !report.raw.is_empty() && !report.remote_id.is_empty();
        ensure!(told, "the provider's own word and id are told", of report);
    }
    Ok(())
}

async fn changes(service: &dyn BrandscopicService, project: &Project, campaign: &Campaign) -> Checked {
    let first = given(campaign.events.first())?;
    let mut moved = first.clone();
    moved.starts_at += TimeDelta::minutes(30);
    moved.name.push_str(" with music");
    let changed = service.sync_event(SyncEvent::new(project, moved.clone())).await;
    if !service.capabilities().can(Capability::UpdateEvents) {
        denied(changed, "a change")?;
        let unchanged = service.sync_event(SyncEvent::new(project, first.clone())).await?;
        ensure_eq!(unchanged.outcome, SyncOutcome::Unchanged, "what was not changed stays as it is");
        return Ok(());
    }
    let synced = claimed(changed, "a change")?;
    ensure_eq!(synced.outcome, SyncOutcome::Updated, "it is updated");
    let again = service.sync_event(SyncEvent::new(project, moved)).await?;
    let same = (synced.remote_id, SyncOutcome::Unchanged);
    ensure_eq!((again.remote_id, again.outcome), same, "the second time, it is unchanged");
    Ok(())
}

async fn adoption(service: &dyn BrandscopicService, project: &Project, campaign: &Campaign) -> Checked {
    let mut another = given(campaign.events.last())?.clone();
    another.id = EventId::new("event-beside")?;
    another.name.push_str(" again");
    let beside = service.bulk_sync_events(BulkSync::new(project, vec![another.clone()]).adopt_existing()).await;
    let single = service.sync_event(SyncEvent::new(project, another).adopt_existing()).await;
    if !service.capabilities().can(Capability::AdoptEvents) {
        denied(beside, "adopting many")?;
        return denied(single, "adopting one");
    }
    let beside = claimed(beside, "adopting many")?;
    let outcomes: Vec<_> = beside.items.iter().filter_map(|item| Some(item.synced()?.outcome)).collect();
    ensure_eq!(outcomes, [SyncOutcome::Created], "what is another of ours is not taken over");
    ensure_eq!(claimed(single, "adopting one")?.outcome, SyncOutcome::Unchanged, "it is there by now");
    Ok(())
}

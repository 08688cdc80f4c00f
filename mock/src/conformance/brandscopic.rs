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

/// Runs the suite with a campaign whose events are still to come and were never synced.
///
/// # Panics
///
/// When the service does not behave.
pub async fn brandscopic(service: &dyn BrandscopicService, campaign: &Campaign) -> Result<()> {
    assert!(service.test_connection().await?.is_connected());
    let capabilities = service.capabilities();
    assert!(capabilities.can(Capability::CreateEvents) && capabilities.can(Capability::EventStatus));
    for status in [EventStatus::Pending, EventStatus::Active, EventStatus::Completed, EventStatus::Cancelled] {
        assert!(capabilities.status_words().iter().any(|(_, means)| *means == status), "no word for {status}");
    }
    let project = projects(service, campaign).await?;
    bad_input(service, &project, campaign).await;
    single_events(service, &project, campaign).await?;
    bulk(service, &project, campaign).await?;
    statuses(service, &project, campaign).await?;
    changes(service, &project, campaign).await?;
    adoption(service, &project, campaign).await?;
    let counts = service.summary().await?.counts;
    let count = |name| counts.iter().find(|(counted, _)| *counted == name).map_or(0, |(_, count)| *count);
    assert!(count("campaigns") >= 1 && count("events") >= campaign.events.len() as u64, "{counts:?}");
    Ok(())
}

async fn projects(service: &dyn BrandscopicService, campaign: &Campaign) -> Result<Project> {
    let project = service.create_project(CreateProject::new(campaign)).await?;
    assert_eq!((&project.campaign, &project.name), (&campaign.id, &campaign.name));
    let again = service.create_project(CreateProject::new(campaign)).await?;
    assert_eq!((&again.id, again.is_new), (&project.id, false), "the second time, it is found");
    let mut nameless = CreateProject::new(campaign);
    " ".clone_into(&mut nameless.name);
    let refused = service.create_project(nameless).await.map_err(|e| (e.kind(), e.field().map(str::to_owned)));
    assert_eq!(refused.err(), Some((ErrorKind::InvalidRequest, Some("name".to_owned()))));
    Ok(project)
}

async fn bad_input(service: &dyn BrandscopicService, project: &Project, campaign: &Campaign) {
    let Some(good) = campaign.events.first() else { return };
    let (mut nameless, mut backwards) = (good.clone(), good.clone());
    nameless.name = String::new();
    backwards.ends_at = backwards.starts_at - TimeDelta::minutes(1);
    for (bad, field) in [(&nameless, "name"), (&backwards, "endsAt")] {
        let refused = service.sync_event(SyncEvent::new(project, bad.clone())).await;
        let refused = refused.map_err(|e| (e.kind(), e.field().map(str::to_owned)));
        assert_eq!(refused.err(), Some((ErrorKind::InvalidRequest, Some(field.to_owned()))));
    }
    let all = vec![good.clone(), nameless, good.clone()];
    let refused = service.bulk_sync_events(BulkSync::new(project, all)).await.err();
    assert_eq!(refused.as_ref().map(Error::kind), Some(ErrorKind::InvalidRequest));
    assert_eq!(refused.as_ref().and_then(Error::field), Some("events[1].name"));
    let message = refused.as_ref().map_or("", Error::message);
    assert!(message.contains("events[1]") && message.contains("events[2]"), "every problem is listed: {message}");
    let status = service.event_status(EventStatusRequest::new(project, good.id.clone())).await;
    assert_eq!(status.err().map(|error| error.kind()), Some(ErrorKind::NotFound), "nothing was sent");
}

async fn single_events(service: &dyn BrandscopicService, project: &Project, campaign: &Campaign) -> Result<()> {
    for event in campaign.events.iter().take(2) {
        let synced = service.sync_event(SyncEvent::new(project, event.clone())).await?;
        assert_eq!((&synced.event_id, synced.outcome), (&event.id, SyncOutcome::Created));
        let again = service.sync_event(SyncEvent::new(project, event.clone())).await?;
        assert_eq!((again.remote_id, again.outcome), (synced.remote_id, SyncOutcome::Unchanged));
    }
    Ok(())
}

async fn bulk(service: &dyn BrandscopicService, project: &Project, campaign: &Campaign) -> Result<()> {
    let seen: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let listener = Arc::clone(&seen);
    let report = move |progress| listener.lock().unwrap_or_else(PoisonError::into_inner).push(progress);
    let options = BulkOptions::default().concurrency(3).on_progress(report);
    let request = BulkSync::new(project, campaign.events.clone()).options(options);
    let report = service.bulk_sync_events(request).await?;
    let ids: Vec<_> = report.items.iter().map(|item| &item.event_id).collect();
    assert_eq!(ids, campaign.events.iter().map(|event| &event.id).collect::<Vec<_>>(), "in the order of the input");
    let outcomes: Vec<_> = report.items.iter().filter_map(|item| Some(item.synced()?.outcome)).collect();
    let expected = |number| if number < 2 { SyncOutcome::Unchanged } else { SyncOutcome::Created };
    assert_eq!(outcomes, (0..campaign.events.len()).map(expected).collect::<Vec<_>>(), "only what was left is created");
    let total = campaign.events.len();
    let done: Vec<_> =
        seen.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|p| (p.done, p.total, p.failed)).collect();
    assert_eq!(done, (1..=total).map(|done| (done, total, 0)).collect::<Vec<_>>());
    let json = serde_json::to_value(&report).unwrap_or_default();
    assert_eq!(json, serde_json::json!({"success": true, "syncedCount": total, "failedCount": 0, "errors": []}));
    Ok(())
}

async fn statuses(service: &dyn BrandscopicService, project: &Project, campaign: &Campaign) -> Result<()> {
    for event in &campaign.events {
        let report = service.event_status(EventStatusRequest::new(project, event.id.clone())).await?;
        assert_eq!((&report.event_id, &report.status), (&event.id, &EventStatus::Pending), "{report:?}");
        assert!(!report.raw.is_empty() && !report.remote_id.is_empty());
    }
    Ok(())
}

async fn changes(service: &dyn BrandscopicService, project: &Project, campaign: &Campaign) -> Result<()> {
    let Some(mut moved) = campaign.events.first().cloned() else { return Ok(()) };
    moved.starts_at += TimeDelta::minutes(30);
    moved.name.push_str(" with music");
    let sync = async |event: &CampaignEvent| service.sync_event(SyncEvent::new(project, event.clone())).await;
    let changed = sync(&moved).await;
    if !service.capabilities().can(Capability::UpdateEvents) {
        let denied = changed.err().map(|error| error.kind());
        assert_eq!(denied, Some(ErrorKind::Unsupported), "what cannot be done is not claimed to be");
        if let Some(first) = campaign.events.first() {
            assert_eq!(sync(first).await?.outcome, SyncOutcome::Unchanged);
        }
        return Ok(());
    }
    let synced = changed?;
    assert_eq!(synced.outcome, SyncOutcome::Updated);
    let again = sync(&moved).await?;
    assert_eq!((again.remote_id, again.outcome), (synced.remote_id, SyncOutcome::Unchanged));
    Ok(())
}

async fn adoption(service: &dyn BrandscopicService, project: &Project, campaign: &Campaign) -> Result<()> {
    let Some(mut another) = campaign.events.last().cloned() else { return Ok(()) };
    another.id = EventId::new("event-beside")?;
    another.name.push_str(" again");
    let beside = service.bulk_sync_events(BulkSync::new(project, vec![another.clone()]).adopt_existing()).await;
    let single = service.sync_event(SyncEvent::new(project, another).adopt_existing()).await;
    if !service.capabilities().can(Capability::AdoptEvents) {
        let kinds = (beside.err().map(|error| error.kind()), single.err().map(|error| error.kind()));
        assert_eq!(kinds, (Some(ErrorKind::Unsupported), Some(ErrorKind::Unsupported)));
        return Ok(());
    }
    let outcomes: Vec<_> = beside?.items.iter().filter_map(|item| Some(item.synced()?.outcome)).collect();
    assert_eq!(outcomes, [SyncOutcome::Created], "what is another of ours is not taken over");
    assert_eq!(single?.outcome, SyncOutcome::Unchanged);
    Ok(())
}

//! Brings the events of a campaign to Brandscopic, over a bad connection, and twice: the second run changes what
//! differs and creates nothing.
//!
//! `cargo run --example brandscopic_bulk_sync` needs no key and no network. The real thing differs in one line:
//! `BrandscopicClient::from_env()?` in place of the mock.

use std::error::Error;

use chrono::{NaiveDate, TimeDelta};
use connectors_brandscopic::{
    BrandscopicService, BulkSync, Contract, CreateProject, EventStatusRequest, Project, SyncReport, SyncResult,
};
use connectors_core::{BulkOptions, Campaign, CampaignEvent, Venue};
use connectors_mock::{Fault, MockBrandscopic};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut campaign = campaign()?;
    // Brandscopic itself cannot create campaigns by its API: somebody made this one by hand.
    let brandscopic = MockBrandscopic::builder().contract(Contract::Native).campaign(&campaign.name).build()?;
    let project = brandscopic.create_project(CreateProject::new(&campaign)).await?;
    println!("{} is campaign {} of Brandscopic\n", project.name, project.id);

    // The second create loses its answer, the third meets a server that is down.
    let broken = [Fault::Slow(std::time::Duration::from_secs(2)), Fault::ResetAfter, Fault::Status(503)];
    brandscopic.backend().script("events.create", broken);
    let progress = BulkOptions::default().on_progress(|p| println!("  {} of {} done", p.done, p.total));
    let request = BulkSync::new(&project, campaign.events.clone()).options(progress);
    let first = brandscopic.bulk_sync_events(request).await?;
    print(&brandscopic, &project, &first).await?;

    for event in campaign.events.iter_mut().take(2) {
        event.ends_at += TimeDelta::hours(1);
    }
    println!("\nThe same again, with two events an hour longer:");
    let second = brandscopic.bulk_sync_events(BulkSync::new(&project, campaign.events)).await?;
    print(&brandscopic, &project, &second).await?;

    let there = brandscopic.fake().events().len();
    println!("\nBrandscopic holds {there} events. As JSON: {}", serde_json::to_string(&second)?);
    Ok(())
}

async fn print(service: &dyn BrandscopicService, project: &Project, report: &SyncReport) -> Result<(), Box<dyn Error>> {
    for item in &report.items {
        match &item.result {
            SyncResult::Done(event) => {
                let status = service.event_status(EventStatusRequest::new(project, item.event_id.clone())).await?;
                println!(
                    "{:<8} {:<6} {:<10} {}",
                    item.event_id,
                    event.remote_id,
                    format!("{:?}", event.outcome),
                    status.status
                );
            }
            // Kept by the link store as well: the next run looks for it before it creates anything.
            SyncResult::Unknown(error) => println!("{:<8} may be there: {error}", item.event_id),
            SyncResult::Failed(error) => println!("{:<8} failed: {error}", item.event_id),
        }
    }
    Ok(())
}

/// Six evenings at two venues: one that Brandscopic knows, one that it has to be told about.
fn campaign() -> Result<Campaign, Box<dyn Error>> {
    let known = Venue::new("kettle", "The Copper Kettle", "New York", "US");
    let mut new = Venue::new("pavilion", "Riverside Pavilion", "Austin", "US");
    (new.address, new.state) = (Some("450 River Street, 78701".to_owned()), Some("Texas".to_owned()));
    let places = [(known, "America/New_York"), (new, "America/Chicago")];
    let first_day = NaiveDate::from_ymd_opt(2026, 6, 5).ok_or("not a day")?;
    let mut events = Vec::new();
    for (number, (venue, zone)) in (1..=6).zip(places.iter().cycle()) {
        let starts = (first_day + TimeDelta::days(number)).and_hms_opt(18, 0, 0).ok_or("not a time")?;
        let (name, page) = (format!("Cold brew night {number}"), "https://fizz.example/cold-brew".parse()?);
        let id = format!("night-{number}").parse()?;
        events.push(CampaignEvent::new(
            id,
            name,
            venue.clone(),
            zone.parse()?,
            starts,
            starts + TimeDelta::hours(4),
            page,
        ));
    }
    Ok(Campaign::new("cold-brew".parse()?, "Cold Brew Summer", "Fizz", "United States", events))
}

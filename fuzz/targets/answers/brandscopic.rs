use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use connectors_brandscopic::gateway::{NewEvent, NewProject};
use connectors_brandscopic::native::{EventDraft, NewVenue, PlaceReference, RemoteCampaignId, RemoteEventId};
use connectors_brandscopic::{
    BrandscopicBuilder, BrandscopicClient, BrandscopicService, BulkSync, CreateProject, EventStatusRequest, SyncEvent,
};
use connectors_core::{Campaign, CampaignEvent, Remote, Result};
use connectors_fuzz::first;
use connectors_mock::conformance::brandscopic_campaign;
use http::Method;

use crate::wire::Wire;
use crate::{KEY, on_wire, operations};

fn client(wire: &Arc<Wire>, builder: BrandscopicBuilder) -> Result<BrandscopicClient> {
    on_wire!(wire, builder).build()
}

fn native_client(wire: &Arc<Wire>) -> Result<BrandscopicClient> {
    client(wire, BrandscopicClient::builder().native("brandscopic.test", "field@example.com", KEY))
}

fn gateway_client(wire: &Arc<Wire>) -> Result<BrandscopicClient> {
    client(wire, BrandscopicClient::builder().gateway(KEY).api_url("https://brandscopic.test/v1"))
}

fn campaign() -> Campaign {
    brandscopic_campaign(NaiveDate::from_ymd_opt(2026, 5, 1).expect("a day")).expect("a campaign")
}

fn event() -> CampaignEvent {
    campaign().events.remove(0)
}

fn times() -> (NaiveDateTime, NaiveDateTime) {
    (event().starts_at, event().ends_at)
}

fn draft() -> EventDraft {
    let (start, end) = times();
    EventDraft::new(RemoteCampaignId::new(12), start, end).place(PlaceReference::new("31"))
}

const EVENT: RemoteEventId = RemoteEventId::new(5486);

/// A project that has been made before, so that every answer is one to what follows.
async fn project(client: &BrandscopicClient) -> Result<connectors_brandscopic::Project> {
    let campaign = campaign();
    let key = client.project_key(&campaign.id).await?;
    client.links().record(&key, Remote::new("12").with("name", campaign.name.clone())).await?;
    client.create_project(CreateProject::new(&campaign)).await
}

async fn sync(client: &BrandscopicClient) -> Result<()> {
    let project = project(client).await?;
    client.sync_event(SyncEvent::new(&project, event())).await.map(drop)
}

async fn bulk_sync(client: &BrandscopicClient) -> Result<()> {
    let project = project(client).await?;
    client.bulk_sync_events(BulkSync::new(&project, campaign().events)).await.map(drop)
}

async fn status(client: &BrandscopicClient) -> Result<()> {
    let (project, event) = (project(client).await?, event().id);
    let key = client.event_key(&project.id, &event).await?;
    client.links().record(&key, Remote::new("5486")).await?;
    client.event_status(EventStatusRequest::new(&project, event)).await.map(drop)
}

operations!(native(client = native_client) {
    Call "brandscopic events.list": client.native()?.events().list();
    Work "brandscopic events.list pager": first(client.native()?.events().list().pager());
    Call "brandscopic events.get": client.native()?.events().get(EVENT);
    Create "brandscopic events.create": client.native()?.events().create(&draft());
    Call "brandscopic events.update": client.native()?.events().update(EVENT, &EventDraft::change().active(true));
    Work "brandscopic campaigns.all": client.native()?.campaigns().all();
    Work "brandscopic campaigns.find": client.native()?.campaigns().find("Conformance Tour");
    Call "brandscopic venues.search": client.native()?.venues().search("kettle").near(40.7, -74.0);
    Create "brandscopic venues.create": client.native()?.venues().create(&NewVenue::new("Kettle", "Boston", "Massachusetts", "US"));
    Call "brandscopic companies.list": client.native()?.companies().list();
    Work "brandscopic create_project": client.create_project(CreateProject::new(&campaign()));
    Work "brandscopic sync_event": sync(&client);
    Work "brandscopic bulk_sync_events": bulk_sync(&client);
    Work "brandscopic event_status": status(&client);
    Work "brandscopic test_connection": client.test_connection();
    Work "brandscopic summary": client.summary();
    Create "brandscopic request": client.request(&Method::POST, "/events.json").send_bytes();
});

operations!(gateway(client = gateway_client) {
    Create "brandscopic gateway projects.create": client.gateway()?.projects().create(&NewProject::new("Tour", "Fizz", "DACH"));
    Create "brandscopic gateway events.create": client.gateway()?.events().create(
        &NewEvent::new("12", "Tasting", DateTime::UNIX_EPOCH.fixed_offset(), "Berlin, Germany", "Kran Halle"));
    Call "brandscopic gateway events.get": client.gateway()?.events().get("5486");
    Call "brandscopic gateway events.status": client.gateway()?.events().status("5486");
    Work "brandscopic gateway create_project": client.create_project(CreateProject::new(&campaign()));
    Work "brandscopic gateway sync_event": sync(&client);
    Work "brandscopic gateway bulk_sync_events": bulk_sync(&client);
    Work "brandscopic gateway event_status": status(&client);
    Work "brandscopic gateway test_connection": client.test_connection();
    Work "brandscopic gateway summary": client.summary();
});

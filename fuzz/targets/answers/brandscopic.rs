use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use connectors_brandscopic::gateway::{NewEvent, NewProject};
use connectors_brandscopic::native::{
    ActivityDraft, EventDraft, ExpenseDraft, FilterSection, NewFile, NewVenue, PlaceReference, RemoteCampaignId,
    RemoteEventId, TaskDraft,
};
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
    Call "brandscopic events.filter": client.native()?.events().filter();
    Call "brandscopic events.status_facets": client.native()?.events().status_facets();
    Call "brandscopic events.requiring_attention": client.native()?.events().requiring_attention();
    Call "brandscopic events.autocomplete": client.native()?.events().autocomplete("tast");
    Call "brandscopic events.results": client.native()?.events().results(EVENT);
    Call "brandscopic events.details_counters": client.native()?.events().details_counters(EVENT);
    Work "brandscopic events.submit": client.native()?.events().submit(EVENT);
    Call "brandscopic users.list": client.native()?.users().list();
    Call "brandscopic users.get": client.native()?.users().get(911.into());
    Call "brandscopic users.permissions": client.native()?.users().permissions();
    Call "brandscopic users.notifications": client.native()?.users().notifications();
    Call "brandscopic contacts.list": client.native()?.contacts().list();
    Call "brandscopic campaigns.overall_stats": client.native()?.campaigns().overall_stats();
    Call "brandscopic campaigns.stats": client.native()?.campaigns().stats(12.into());
    Call "brandscopic campaigns.events": client.native()?.campaigns().events(12.into());
    Call "brandscopic areas.cities": client.native()?.areas().cities(4.into());
    Call "brandscopic brands.marques": client.native()?.brands().marques(3.into());
    Call "brandscopic countries.states": client.native()?.countries().states("US");
    Call "brandscopic filters.get": client.native()?.filters().get(FilterSection::Events);
    Call "brandscopic members.list": client.native()?.members().list(EVENT);
    Call "brandscopic members.assignable": client.native()?.members().assignable(EVENT);
    Call "brandscopic event_contacts.list": client.native()?.event_contacts().list(EVENT);
    Call "brandscopic comments.of_event": client.native()?.comments().of_event(EVENT);
    Create "brandscopic comments.create_on_event": client.native()?.comments().create_on_event(EVENT, "Twelve left");
    Call "brandscopic tasks.mine": client.native()?.tasks().mine();
    Create "brandscopic tasks.create_on_event": client.native()?.tasks().create_on_event(EVENT, &TaskDraft::new("Ice"));
    Call "brandscopic photos.list": client.native()?.photos().list(EVENT);
    Work "brandscopic photos.upload": client.native()?.photos().upload(EVENT, NewFile::new("a.png", &b"\x89PNG"[..]));
    Call "brandscopic documents.list": client.native()?.documents().list(EVENT);
    Call "brandscopic expenses.list": client.native()?.expenses().list(EVENT);
    Create "brandscopic expenses.create": client.native()?.expenses().create(
        EVENT, &ExpenseDraft::new("Supplies", event().starts_at.date(), 40));
    Call "brandscopic surveys.list": client.native()?.surveys().list(EVENT);
    Call "brandscopic invites.of_event": client.native()?.invites().of_event(EVENT);
    Call "brandscopic activities.get": client.native()?.activities().get(7.into());
    Call "brandscopic activities.blank": client.native()?.activities().blank(7.into());
    Create "brandscopic activities.deactivate": client.native()?.activities().deactivate_on_event(EVENT, 7.into());
    Work "brandscopic activities.create_on_event": client.native()?.activities().create_on_event(
        EVENT, &ActivityDraft::new(7.into(), event().starts_at.date(), 911.into()));
    Call "brandscopic activity_types.list": client.native()?.activity_types().list();
    Call "brandscopic venues.get": client.native()?.venues().get(50_031.into());
    Work "brandscopic venues.list pager": first(client.native()?.venues().list().pager());
    Call "brandscopic venues.analysis": client.native()?.venues().analysis(50_031.into());
    Call "brandscopic venues.photos": client.native()?.venues().photos(50_031.into());
    Call "brandscopic venues.comments": client.native()?.venues().comments(50_031.into());
    Work "brandscopic visits.list pager": first(client.native()?.visits().list().pager());
    Work "brandscopic visits.documents_below": client.native()?.visits().documents_below(None);
    Work "brandscopic resolve_venue": client.native()?.resolve_venue(event().venue);
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

use std::sync::Arc;

use bytes::Bytes;
use connectors_core::{CampaignId, EventId, Remote, Result, TimeZone};
use connectors_fuzz::first;
use connectors_qrtiger::{
    DataPeriod, GenerateQrCode, ListQrCodes, NewCode, Period, QrId, QrStatus, QrTigerClient, QrTigerService,
    ScanStatsRequest, UpdateQrCode,
};
use http::Method;
use url::Url;

use crate::wire::Wire;
use crate::{KEY, on_wire, operations};

fn client(wire: &Arc<Wire>) -> Result<QrTigerClient> {
    on_wire!(wire, QrTigerClient::builder().api_key(KEY).paused_page(page("paused")).archived_page(page("archived")))
        .build()
}

fn page(name: &str) -> Url {
    Url::parse("https://pages.test/").and_then(|pages| pages.join(name)).expect("a URL")
}

fn id() -> QrId {
    QrId::new("W3PB").expect("an id")
}

fn code() -> GenerateQrCode {
    let (campaign, event) = (CampaignId::new("summer-26").expect("an id"), EventId::new("e-1").expect("an id"));
    GenerateQrCode::new(&campaign, &event, page("menu"))
}

/// Makes a code that has been made before, so that every answer is one to what follows.
async fn known(client: &QrTigerClient) -> Result<()> {
    let code = code();
    let remote = Remote::new("W3PB").with("destination", page("menu"));
    client.links().record(&client.link_key(&code.campaign, &code.event), remote).await?;
    client.generate_qr_code(code.name("Tasting")).await.map(drop)
}

fn stats(period: Period) -> ScanStatsRequest {
    ScanStatsRequest::new(id(), period).time_zone(TimeZone::new("America/Chicago").expect("a zone"))
}

operations!(operations(client = client) {
    Create "qrtiger campaigns.create": client.campaigns().create("https://pages.test/menu");
    Call "qrtiger campaigns.edit": client.campaigns().edit(&id()).destination(&page("menu"));
    Work "qrtiger campaigns.list": first(client.campaigns().list());
    Call "qrtiger campaigns.page": client.campaigns().page(2).limit(3);
    Call "qrtiger tracking.data": client.tracking().data(&id()).period(DataPeriod::Month);
    Create "qrtiger statics.create": client.statics().create("https://pages.test/menu");
    Create "qrtiger uploads.image": client.uploads().image("logo.png", Bytes::from_static(b"\x89PNG\r\n\x1a\n"));
    Work "qrtiger campaigns.create_named": client.campaigns().create_named("https://pages.test/menu", "Menu");
    Work "qrtiger campaigns.ensure_destination": client.campaigns().ensure_destination(&id(), &page("menu"));
    Work "qrtiger campaigns.create_many": client.campaigns().create_many([NewCode::link(page("menu")).name("Menu")]);
    Work "qrtiger pause": client.pause(&id());
    Work "qrtiger generate_qr_code": client.generate_qr_code(code());
    Work "qrtiger generate_qr_code known": known(&client);
    Work "qrtiger scan_stats all": client.scan_stats(stats(Period::All));
    Work "qrtiger scan_stats days": client.scan_stats(stats(Period::LastDays(28)));
    Work "qrtiger update_qr_code": client.update_qr_code(UpdateQrCode::new(id(), QrStatus::Paused));
    Work "qrtiger update_qr_code active": client.update_qr_code(UpdateQrCode::new(id(), QrStatus::Active));
    Work "qrtiger list_qr_codes": client.list_qr_codes(ListQrCodes::new());
    Work "qrtiger test_connection": client.test_connection();
    Work "qrtiger summary": client.summary();
    Call "qrtiger request": client.request(&Method::GET, "/api/other").send_bytes();
});

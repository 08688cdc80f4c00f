//! A campaign, the four services on fakes in virtual time, and what the fakes hold in the end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use connectors_brandscopic::Contract;
use connectors_core::testing::VirtualClock;
use connectors_core::{Campaign, CampaignEvent, CampaignId, EventId, TimeZone, Venue};
use connectors_dashboard::model::{Item, ItemState, Sync, SyncState};
use connectors_dashboard::{
    BRANDSCOPIC, BrandscopicIntegration, IntegrationHub, PLACER, PlacerIntegration, QRTIGER, QrTigerIntegration,
    SMARTSHEET, SmartsheetIntegration, Store,
};
use connectors_mock::placer::VENUES;
use connectors_mock::{Backend, MockBrandscopic, MockPlacer, MockQrTiger, MockSmartsheet};
use connectors_smartsheet::{SheetDataRequest, SmartsheetService, tracker};

/// Integrations in the order of their cards.
pub const ALL: [&str; 4] = ["brandscopic", "placer", "smartsheet", "qrtiger"];

/// A campaign of so many events, `E0001` and so on.
pub fn campaign(events: usize) -> Campaign {
    let day = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
    let events = (1..=events).zip(VENUES.iter().cycle()).map(|(number, place)| {
        let id = format!("E{number:04}");
        let mut venue = Venue::new(place.id.trim_start_matches("venue:"), place.name, place.city, place.country);
        venue.state = Some(place.state.to_owned());
        venue.address = Some(place.street.to_owned());
        venue.placer_id = Some(place.id.to_owned());
        let (from, to) = (day.and_hms_opt(11, 0, 0).unwrap(), day.and_hms_opt(17, 0, 0).unwrap());
        let page = format!("https://stops.example/{id}").parse().unwrap();
        let zone = TimeZone::new(place.time_zone).unwrap();
        CampaignEvent::new(EventId::new(&id).unwrap(), format!("Stop {id}"), venue, zone, from, to, page)
    });
    Campaign::new(CampaignId::new("stops").unwrap(), "Stops", "Fizz", "US", events.collect())
}

/// The ids of the events of a campaign.
pub fn ids(campaign: &Campaign) -> Vec<String> {
    campaign.events.iter().map(|event| event.id.to_string()).collect()
}

/// The services on fakes, and a hub over them.
pub struct World {
    pub hub: IntegrationHub,
    pub brandscopic: MockBrandscopic,
    pub placer: MockPlacer,
    pub smartsheet: MockSmartsheet,
    pub qrtiger: MockQrTiger,
}

impl World {
    /// Of this campaign, with Brandscopic behind a gateway, where nothing can be looked up.
    pub async fn new(campaign: Campaign) -> Self {
        let clock = Arc::new(VirtualClock::default());
        let builder = IntegrationHub::builder(Store::in_memory().unwrap(), Arc::new(campaign)).clock(clock.clone());
        let observer = |provider| builder.observer(provider);
        let brandscopic = MockBrandscopic::builder().contract(Contract::Gateway).clock(clock.clone());
        let brandscopic = brandscopic.link_store(builder.link_store());
        let brandscopic = brandscopic.client(|client| client.observer(observer(&BRANDSCOPIC))).build().unwrap();
        let placer = MockPlacer::builder().clock(clock.clone());
        let placer = placer.client(|client| client.observer(observer(&PLACER))).build().unwrap();
        let smartsheet = MockSmartsheet::builder().clock(clock.clone()).link_store(builder.link_store());
        let smartsheet = smartsheet.client(|client| client.observer(observer(&SMARTSHEET))).build().unwrap();
        let qrtiger = MockQrTiger::builder().clock(clock.clone()).link_store(builder.link_store());
        let qrtiger = qrtiger.client(|client| client.observer(observer(&QRTIGER))).build().unwrap();
        let footfall = PlacerIntegration::new(Arc::new(placer.clone())).quota_of(placer.client().clone());
        let codes = QrTigerIntegration::new(Arc::new(qrtiger.clone())).quota(qrtiger.client().quota());
        let workspace = smartsheet.workspace_id();
        let hub = builder
            .integration(Arc::new(BrandscopicIntegration::new(Arc::new(brandscopic.clone()))))
            .integration(Arc::new(footfall))
            .integration(Arc::new(SmartsheetIntegration::new(Arc::new(smartsheet.clone()), workspace)))
            .integration(Arc::new(codes))
            .build()
            .await
            .unwrap();
        Self { hub, brandscopic, placer, smartsheet, qrtiger }
    }

    pub fn backend(&self, integration: &str) -> &Backend {
        match integration {
            "brandscopic" => self.brandscopic.backend(),
            "placer" => self.placer.backend(),
            "smartsheet" => self.smartsheet.backend(),
            _ => self.qrtiger.backend(),
        }
    }

    /// Syncs to the end.
    pub async fn sync(&self, integration: &str) -> Sync {
        ended(&self.hub, self.hub.sync(integration).await.unwrap().id).await
    }

    /// Resumes to the end.
    pub async fn resume(&self, sync: &Sync) -> Sync {
        ended(&self.hub, self.hub.resume(sync.id).await.unwrap().id).await
    }

    /// How often the fake of an integration holds each event. Nothing goes wrong with its requests any more.
    pub async fn held(&self, integration: &str) -> BTreeMap<String, usize> {
        self.backend(integration).calm();
        let held = match integration {
            "brandscopic" => events_of(&self.brandscopic),
            "smartsheet" => rows_of(&self.smartsheet).await,
            "qrtiger" => codes_of(&self.qrtiger),
            _ => Vec::new(),
        };
        counted(held)
    }
}

/// The events of the campaign that the fake of Brandscopic holds.
pub fn events_of(mock: &MockBrandscopic) -> Vec<String> {
    let events = mock.fake().events().into_iter();
    events.filter_map(|event| event.name.strip_prefix("Stop ").map(str::to_owned)).collect()
}

/// The events of the campaign that the fake of QR TIGER holds codes of.
pub fn codes_of(mock: &MockQrTiger) -> Vec<String> {
    let codes = mock.fake().codes().into_iter();
    codes.filter_map(|code| code.destination.strip_prefix("https://stops.example/").map(str::to_owned)).collect()
}

/// The events of the campaign that the fake of Smartsheet holds rows of.
pub async fn rows_of(mock: &MockSmartsheet) -> Vec<String> {
    let mut rows = Vec::new();
    for sheet in mock.client().sheets().list().await.unwrap().data {
        let data = mock.sheet_data(SheetDataRequest::new(sheet.id)).await.unwrap();
        let Some(column) = data.columns.get(tracker::EVENT_ID).map(|column| column.id) else { continue };
        let ids = data.rows.iter().filter_map(|row| row.cell(column)).map(ToString::to_string);
        rows.extend(ids.filter(|id| id.starts_with('E')));
    }
    rows
}

pub fn counted(held: Vec<String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for id in held {
        *counts.entry(id).or_default() += 1;
    }
    counts
}

/// Waits for the end of a sync.
pub async fn ended(hub: &IntegrationHub, sync: i64) -> Sync {
    let waiting = async {
        loop {
            let now = hub.sync_status(sync).await.unwrap();
            if now.ended_at.is_some() {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), waiting).await.expect("the sync does not end")
}

/// Every event is in one bucket, and the items say the same as the counts.
pub async fn accounted(hub: &IntegrationHub, sync: &Sync, campaign: &Campaign) -> Vec<Item> {
    let items = hub.items(sync.id).await.unwrap();
    assert_eq!(items.iter().map(|item| item.event.to_string()).collect::<Vec<_>>(), ids(campaign));
    let count = |state| items.iter().filter(|item| item.state == state).count() as u64;
    let counted = [ItemState::Created, ItemState::Updated, ItemState::Unchanged, ItemState::Failed, ItemState::Unknown];
    let counted = counted.map(count);
    assert_eq!(counted, [sync.created, sync.updated, sync.unchanged, sync.failed, sync.unknown], "{sync:?}");
    assert_eq!(counted.iter().sum::<u64>() + sync.pending, campaign.events.len() as u64, "{sync:?}");
    assert_eq!(count(ItemState::Pending), sync.pending, "nothing is under way any more: {sync:?}");
    if sync.state == SyncState::Succeeded {
        assert_eq!(sync.failed + sync.unknown + sync.pending, 0, "{sync:?}");
    }
    items
}

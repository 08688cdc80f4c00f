//! Ten thousand events: as fast as the requests allow, and none lost or doubled when the work is killed half-way.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use connectors_brandscopic::{
    BrandscopicClient, BrandscopicService, BulkSync, Contract, CreateProject, Project, SyncReport, SyncResult,
};
use connectors_core::{
    BulkOptions, CampaignEvent, FileLinkStore, HttpRequest, HttpResponse, LinkState, LinkStore, MemoryLinkStore,
    RateLimits, Transport, TransportError, Venue,
};
use connectors_mock::{FakeBrandscopic, InProcess, MockBrandscopic};
use http::Method;

use crate::{BOTH, campaign};

const EVENTS: usize = 10_000;
const VENUES: usize = 25;
const AT_A_TIME: usize = 16;
const LATENCY: Duration = Duration::from_millis(50);

fn venue(number: usize) -> Venue {
    Venue::new(format!("venue-{number}"), format!("Hall {number:02}"), "New York", "US")
}

/// `count` events, one a day at each of the venues, all at the same hour.
fn events(count: usize) -> Vec<CampaignEvent> {
    let pattern = campaign().events.remove(0);
    let first = NaiveDate::from_ymd_opt(2026, 5, 1).unwrap().and_hms_opt(17, 0, 0).unwrap();
    let event = |number: usize| {
        let mut event = pattern.clone();
        event.id = format!("event-{number}").parse().unwrap();
        event.name = format!("Tasting {number}");
        event.venue = venue(number % VENUES);
        event.starts_at = first + TimeDelta::days((number / VENUES).try_into().unwrap());
        event.ends_at = event.starts_at + TimeDelta::hours(4);
        event
    };
    (0..count).map(event).collect()
}

/// A provider that takes 50 ms for an answer, and a client of it that has sixteen requests in flight.
struct World {
    mock: MockBrandscopic,
    contract: Contract,
    store: Arc<dyn LinkStore>,
    project: Project,
}

impl World {
    async fn new(contract: Contract, store: Arc<dyn LinkStore>) -> Self {
        let builder = MockBrandscopic::builder().contract(contract).campaign("Conformance Tour");
        let builder = (0..VENUES).fold(builder, |builder, number| {
            let venue = venue(number);
            builder.venue(&venue.name, &venue.city, &venue.country)
        });
        let mock = builder.build().unwrap();
        mock.backend().latency(LATENCY);
        let client = client(&mock, contract, store.clone());
        let project = client.create_project(CreateProject::new(&campaign())).await.unwrap();
        Self { mock, contract, store, project }
    }

    /// Another client with the same links, as another process would have it.
    fn client(&self) -> BrandscopicClient {
        client(&self.mock, self.contract, self.store.clone())
    }

    fn request(&self, count: usize) -> BulkSync {
        BulkSync::new(&self.project, events(count)).options(BulkOptions::default().concurrency(AT_A_TIME))
    }

    /// Begins, and is killed after so long; says how many events there are by then.
    async fn killed_after(&self, client: BrandscopicClient, count: usize, time: Duration) -> usize {
        self.killed(client, count, self.mock.backend().clock().sleep(time)).await
    }

    async fn killed(&self, client: BrandscopicClient, count: usize, when: impl Future<Output = ()>) -> usize {
        let request = self.request(count);
        let work = tokio::spawn(async move { client.bulk_sync_events(request).await });
        when.await;
        work.abort();
        assert!(work.await.unwrap_err().is_cancelled(), "it was still at work");
        self.mock.fake().events().len()
    }

    /// The events there, of which each is there once.
    fn events_there(&self) -> usize {
        let there = self.mock.fake().events();
        let names: BTreeSet<_> = there.iter().map(|event| &event.name).collect();
        assert_eq!(names.len(), there.len(), "doubled");
        there.len()
    }

    async fn open_intents(&self) -> usize {
        let key = self.client().event_key(&self.project.id, &"event-0".parse().unwrap()).await.unwrap();
        let links = self.store.list(&key.provider, &key.kind, &key.scope).await.unwrap();
        links.iter().filter(|(_, link)| link.state == LinkState::Intended).count()
    }
}

fn client(mock: &MockBrandscopic, contract: Contract, store: Arc<dyn LinkStore>) -> BrandscopicClient {
    client_over(Arc::new(InProcess::new(mock.backend().clone())), mock, contract, store)
}

fn client_over(
    transport: Arc<dyn Transport>,
    mock: &MockBrandscopic,
    contract: Contract,
    store: Arc<dyn LinkStore>,
) -> BrandscopicClient {
    let client = match contract {
        Contract::Native => {
            let (email, password) = (FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD);
            let native = BrandscopicClient::builder().native("https://brandscopic.test", email, password);
            native.time_zone("America/New_York".parse().unwrap())
        }
        _ => BrandscopicClient::builder().gateway(FakeBrandscopic::API_KEY).api_url("https://brandscopic.test/v1"),
    };
    let limits = RateLimits::none().in_flight(AT_A_TIME);
    client
        .transport(transport)
        .clock(Arc::clone(mock.backend().clock()))
        .limits(limits)
        .link_store(store)
        .seed(7)
        .build()
        .unwrap()
}

fn unknown(report: &SyncReport) -> usize {
    report.items.iter().filter(|item| matches!(item.result, SyncResult::Unknown(_))).count()
}

/// Two of ours are never linked to one of theirs, and what is linked is there.
fn assert_linked(world: &World, report: &SyncReport) {
    let there: BTreeSet<_> = world.mock.fake().events().iter().map(|event| event.id.to_string()).collect();
    let linked: BTreeSet<_> = report.items.iter().filter_map(|item| Some(item.synced()?.remote_id.clone())).collect();
    assert_eq!(linked.len(), report.synced_count());
    assert!(linked.is_subset(&there));
}

#[tokio::test]
async fn ten_thousand_events_take_no_longer_than_their_requests() {
    for contract in BOTH {
        let world = World::new(contract, Arc::new(MemoryLinkStore::default())).await;
        let (client, clock) = (world.client(), world.mock.backend().clock());
        client.test_connection().await.unwrap();
        let (before, started) = (world.mock.backend().journal().total(), clock.now());
        let report = client.bulk_sync_events(world.request(EVENTS)).await.unwrap();
        let (took, requests) = (clock.now() - started, world.mock.backend().journal().total() - before);
        assert!(report.is_success() && world.events_there() == EVENTS);
        // One for each event, and on the native contract one for each venue.
        let venues = if contract == Contract::Native { VENUES } else { 0 };
        assert_eq!(requests, (EVENTS + venues) as u64, "{contract:?}");
        // By the events alone, so that what the venues cost comes out of the five per cent.
        let least = LATENCY * u32::try_from(EVENTS).unwrap() / u32::try_from(AT_A_TIME).unwrap();
        assert!(took <= least.mul_f64(1.05), "{contract:?}: {took:?} instead of {least:?}");
    }
}

#[tokio::test]
async fn killed_half_way_the_native_contract_ends_up_with_each_event_once() {
    let world = World::new(Contract::Native, Arc::new(MemoryLinkStore::default())).await;
    let there = world.killed_after(world.client(), EVENTS, Duration::from_secs(15)).await;
    assert!((EVENTS / 3..EVENTS * 2 / 3).contains(&there), "{there}");
    let open = world.open_intents().await;
    assert!((1..=AT_A_TIME).contains(&open), "{open}");

    let report = world.client().bulk_sync_events(world.request(EVENTS)).await.unwrap();
    assert!(report.is_success(), "{:?}", report.errors().next());
    assert_eq!(world.events_there(), EVENTS);
    assert_linked(&world, &report);
}

#[tokio::test]
async fn killed_half_way_a_gateway_ends_up_with_each_event_at_most_once() {
    let world = World::new(Contract::Gateway, Arc::new(MemoryLinkStore::default())).await;
    let there = world.killed_after(world.client(), EVENTS, Duration::from_secs(15)).await;
    assert!((EVENTS / 3..EVENTS * 2 / 3).contains(&there), "{there}");

    let report = world.client().bulk_sync_events(world.request(EVENTS)).await.unwrap();
    let unknown = unknown(&report);
    assert!((1..=AT_A_TIME).contains(&unknown), "{unknown}");
    assert_eq!(report.synced_count() + unknown, EVENTS, "all others are there");
    let there = world.events_there();
    assert!((EVENTS - unknown..=EVENTS).contains(&there), "{there}");
    assert_linked(&world, &report);
}

#[tokio::test]
async fn killed_again_and_again_amid_faults_nothing_is_lost_or_doubled() {
    const COUNT: usize = 2_000;
    for contract in BOTH {
        let world = World::new(contract, Arc::new(MemoryLinkStore::default())).await;
        for seed in 1..=3 {
            world.mock.backend().chaos(seed);
            world.killed_after(world.client(), COUNT, Duration::from_secs(3)).await;
            world.events_there();
        }
        // Not killed any more, but still amid faults.
        let report = world.client().bulk_sync_events(world.request(COUNT)).await.unwrap();
        assert_eq!(report.items.len(), COUNT);
        world.events_there();

        world.mock.backend().calm();
        let report = world.client().bulk_sync_events(world.request(COUNT)).await.unwrap();
        let unknown = unknown(&report);
        assert_eq!(report.synced_count() + unknown, COUNT, "{contract:?}: {:?}", report.errors().next());
        assert_linked(&world, &report);
        let there = world.events_there();
        if contract == Contract::Native {
            assert_eq!((there, unknown), (COUNT, 0));
        }
        let faults = world.mock.backend().fault_counts();
        assert!(faults.len() >= 5 && faults.values().sum::<u32>() > 200, "{faults:?}");
    }
}

/// A file that goes away with the test.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("brandscopic-{name}-{}.jsonl", std::process::id())))
    }

    fn open(&self) -> Arc<dyn LinkStore> {
        Arc::new(FileLinkStore::open(&self.0).unwrap())
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Fails when an event arrives whose intent is not in the file.
#[derive(Debug)]
struct Watching(InProcess, PathBuf);

#[async_trait::async_trait]
impl Transport for Watching {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let path = request.uri().path();
        if request.method() == Method::POST && (path.ends_with("/events") || path.ends_with("/events.json")) {
            let sent: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
            let name = sent["event"]["description"].as_str().or(sent["name"].as_str()).unwrap();
            let id = format!("\"event-{}\"", name.strip_prefix("Tasting ").unwrap());
            let on_disk = std::fs::read_to_string(&self.1).unwrap();
            assert!(on_disk.lines().any(|line| line.contains(&id) && line.contains("intended")), "{id}");
        }
        self.0.send(request).await
    }
}

#[tokio::test]
async fn no_event_is_sent_before_its_intent_is_on_disk() {
    const COUNT: usize = 200;
    for contract in BOTH {
        let file = File::new(&format!("watched-{contract:?}"));
        let world = World::new(contract, file.open()).await;
        let transport = Watching(InProcess::new(world.mock.backend().clone()), file.0.clone());
        let client = client_over(Arc::new(transport), &world.mock, contract, world.store.clone());
        assert!(client.bulk_sync_events(world.request(COUNT)).await.unwrap().is_success());
        assert_eq!(world.events_there(), COUNT);
    }
}

#[tokio::test]
async fn a_process_that_died_between_the_intent_and_the_answer_is_taken_over_by_the_next() {
    const COUNT: usize = 500;
    for contract in BOTH {
        let file = File::new(&format!("{contract:?}"));
        let mut world = World::new(contract, file.open()).await;
        // By count: the disk knows nothing of virtual time.
        let half_way = async {
            while world.mock.fake().events().len() < COUNT / 2 {
                tokio::task::yield_now().await;
            }
        };
        let there = world.killed(world.client(), COUNT, half_way).await;
        assert!((COUNT / 2..COUNT).contains(&there), "{there}");
        // Nothing of it is left but the file.
        world.store = Arc::new(MemoryLinkStore::default());
        world.store = file.open();
        let open = world.open_intents().await;
        assert!((1..=AT_A_TIME).contains(&open), "{open}");

        let report = world.client().bulk_sync_events(world.request(COUNT)).await.unwrap();
        let unknown = unknown(&report);
        assert_eq!(report.synced_count() + unknown, COUNT);
        assert_linked(&world, &report);
        let there = world.events_there();
        match contract {
            Contract::Native => assert_eq!((there, unknown), (COUNT, 0)),
            _ => assert!(unknown <= AT_A_TIME && (COUNT - unknown..=COUNT).contains(&there), "{unknown} of {there}"),
        }
    }
}

//! The four services: the fakes, or the real ones whose environment variables are set.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{NaiveDate, Utc};
use connectors_brandscopic::{BrandscopicBuilder, BrandscopicService, Contract};
use connectors_core::testing::VirtualClock;
use connectors_core::{
    Campaign, Clock, Error, ErrorKind, FileLinkStore, LinkStore, MemoryLinkStore, RateLimits, Result,
};
use connectors_mock::{Backend, MockBrandscopic, MockPlacer, MockQrTiger, MockSmartsheet};
use connectors_placer::{PlacerBuilder, PlacerService};
use connectors_qrtiger::{QrTigerBuilder, QrTigerService};
use connectors_smartsheet::{Destination, SmartsheetBuilder, SmartsheetService, WorkspaceId, tracker};
use serde_json::value::RawValue;

use super::args::Args;

pub struct Services {
    pub brandscopic: Arc<dyn BrandscopicService>,
    pub placer: Arc<dyn PlacerService>,
    pub smartsheet: Arc<dyn SmartsheetService>,
    pub qrtiger: Arc<dyn QrTigerService>,
    /// Where the tracker goes.
    pub destination: Destination,
    /// Today, by the clock of the service that footfall comes from.
    pub today: NaiveDate,
    pub fakes: Vec<Fake>,
    pub live: Vec<&'static str>,
    clock: VirtualClock,
    memory: Option<PathBuf>,
    kept: Kept,
    mocks: Mocks,
    tracker: String,
}

/// Those of the services that are fakes and create something.
#[derive(Default)]
struct Mocks {
    brandscopic: Option<MockBrandscopic>,
    smartsheet: Option<MockSmartsheet>,
    qrtiger: Option<MockQrTiger>,
}

/// What is at the providers, as far as they are fakes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct State {
    /// When they start, and their names.
    pub events: Vec<String>,
    /// The trackers.
    pub sheets: usize,
    /// The event ids of their rows.
    pub rows: Vec<String>,
    /// Where they lead.
    pub codes: Vec<String>,
}

/// A fake behind one of the services.
pub struct Fake {
    pub name: &'static str,
    pub backend: Backend,
    pub limits: RateLimits,
}

/// What the fakes hold, by their names: a file that `connectors-mock serve --state` reads, too.
type Kept = BTreeMap<String, Box<RawValue>>;

impl Services {
    /// `rehearsal`: fakes only, in good order, that remember nothing.
    pub fn new(args: &Args, campaign: &Campaign, rehearsal: bool) -> Result<Self> {
        let clock = VirtualClock::new(campaign.as_of.unwrap_or_else(Utc::now));
        let links: Arc<dyn LinkStore> = match &args.links {
            Some(path) if !rehearsal => Arc::new(FileLinkStore::open(path)?),
            _ => Arc::new(MemoryLinkStore::default()),
        };
        let memory = args.links.as_deref().filter(|_| !rehearsal).map(|links| with_suffix(links, ".mock.json"));
        let kept = memory.as_deref().map_or_else(|| Ok(Kept::new()), load)?;
        let mut fakes = Vec::new();
        let mut live = Vec::new();
        let mut mocks = Mocks::default();
        let set = |name: &str| args.live && !rehearsal && std::env::var(name).is_ok_and(|v| !v.trim().is_empty());
        let mut fake = |name: &'static str, backend: &Backend, limits: &RateLimits| {
            kept.get(name).map_or(Ok(()), |held| backend.load(held.get()))?;
            fakes.push(Fake { name, backend: backend.clone(), limits: limits.clone() });
            Ok::<_, Error>(())
        };

        let brandscopic: Arc<dyn BrandscopicService> = if set("BRANDSCOPIC_API_KEY") || set("BRANDSCOPIC_HOST") {
            live.push("brandscopic");
            Arc::new(BrandscopicBuilder::from_env()?.link_store(Arc::clone(&links)).build()?)
        } else {
            // Campaigns are created in Brandscopic itself; the launch finds this one by its name.
            let mock = MockBrandscopic::builder().contract(Contract::Native).campaign(&campaign.name);
            let mock = mock.clock(Arc::new(clock.clone())).link_store(Arc::clone(&links)).build()?;
            fake("brandscopic", mock.backend(), mock.client().limits())?;
            mocks.brandscopic = Some(mock.clone());
            Arc::new(mock)
        };
        let placer: Arc<dyn PlacerService> = if set("PLACER_API_KEY") {
            live.push("placer");
            Arc::new(PlacerBuilder::from_env()?.build()?)
        } else {
            let mock = MockPlacer::builder().clock(Arc::new(clock.clone())).build()?;
            fake("placer", mock.backend(), mock.client().limits())?;
            Arc::new(mock)
        };
        let (smartsheet, destination): (Arc<dyn SmartsheetService>, _) = if set("SMARTSHEET_ACCESS_TOKEN") {
            live.push("smartsheet");
            (Arc::new(SmartsheetBuilder::from_env()?.link_store(Arc::clone(&links)).build()?), live_workspace()?)
        } else {
            let mock =
                MockSmartsheet::builder().clock(Arc::new(clock.clone())).link_store(Arc::clone(&links)).build()?;
            fake("smartsheet", mock.backend(), mock.client().limits())?;
            mocks.smartsheet = Some(mock.clone());
            let destination = Destination::Workspace(mock.workspace_id());
            (Arc::new(mock), destination)
        };
        let qrtiger: Arc<dyn QrTigerService> = if set("QRTIGER_API_KEY") {
            live.push("qrtiger");
            let mut builder = QrTigerBuilder::from_env()?.link_store(links);
            if let Ok(page) = std::env::var("QRTIGER_PAUSED_PAGE") {
                let page = page.parse().map_err(|_| Error::config("QRTIGER_PAUSED_PAGE", "is not a URL"))?;
                builder = builder.paused_page(page);
            }
            Arc::new(builder.build()?)
        } else {
            let mock = MockQrTiger::builder().clock(Arc::new(clock.clone())).link_store(links).build()?;
            fake("qrtiger", mock.backend(), mock.client().limits())?;
            mocks.qrtiger = Some(mock.clone());
            Arc::new(mock)
        };
        let today = if live.contains(&"placer") { Utc::now() } else { clock.now_utc() }.date_naive();
        if let Some(seed) = args.faults.filter(|_| !rehearsal) {
            for (number, fake) in (0..).zip(&fakes) {
                fake.backend.chaos(seed.wrapping_mul(4).wrapping_add(number));
            }
        }
        let tracker = campaign.name.clone();
        Ok(Self {
            brandscopic,
            placer,
            smartsheet,
            qrtiger,
            destination,
            today,
            fakes,
            live,
            clock,
            memory,
            kept,
            mocks,
            tracker,
        })
    }

    /// What is at the providers, as far as they are fakes.
    pub fn state(&self) -> State {
        let mut state = State::default();
        if let Some(mock) = &self.mocks.brandscopic {
            let events = mock.fake().events().into_iter();
            state.events = events.map(|event| format!("{} {}", event.start.to_rfc3339(), event.name)).collect();
        }
        if let Some(mock) = &self.mocks.smartsheet {
            let sheets = mock.fake().sheets().into_iter().filter(|sheet| sheet.name.starts_with(&self.tracker));
            for sheet in sheets {
                state.sheets += 1;
                let ids = mock
                    .fake()
                    .rows(sheet.id)
                    .into_iter()
                    .filter_map(|row| row.cell(tracker::EVENT_ID).map(str::to_owned));
                state.rows.extend(ids);
            }
        }
        if let Some(mock) = &self.mocks.qrtiger {
            state.codes = mock.fake().codes().into_iter().map(|code| code.destination).collect();
        }
        state
    }

    /// How much virtual time has passed.
    pub fn elapsed(&self) -> std::time::Duration {
        self.clock.elapsed()
    }

    /// Keeps what the fakes hold beside the links, so that what the links speak of is there next time.
    pub fn keep(&self) -> Result<()> {
        let Some(path) = self.memory.as_ref().filter(|_| !self.fakes.is_empty()) else { return Ok(()) };
        // What is kept of a service that is not a fake this time stays.
        let mut kept = self.kept.clone();
        for fake in &self.fakes {
            let held = RawValue::from_string(fake.backend.save()?).map_err(|e| storage(path, &e))?;
            kept.insert(fake.name.to_owned(), held);
        }
        let text = serde_json::to_vec(&kept).map_err(|e| storage(path, &e))?;
        // A crash leaves the old file or the new one.
        let new = with_suffix(path, ".new");
        fs::write(&new, text).and_then(|()| fs::rename(&new, path)).map_err(|e| storage(path, &e))
    }
}

fn live_workspace() -> Result<Destination> {
    let id = std::env::var("SMARTSHEET_WORKSPACE_ID").unwrap_or_default();
    let id: i64 = id.trim().parse().map_err(|_| {
        Error::config("SMARTSHEET_WORKSPACE_ID", "is not a workspace id")
            .with_hint("set it to the id of the workspace that the tracker goes to")
    })?;
    Ok(Destination::Workspace(WorkspaceId::from(id)))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn load(path: &Path) -> Result<Kept> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|e| storage(path, &e)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Kept::new()),
        Err(e) => Err(storage(path, &e)),
    }
}

fn storage(path: &Path, cause: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorKind::Storage, format!("{}: {cause}", path.display()))
}

//! The control API of a server, below `/__mock`: for tests and people outside of this process.

mod below;
mod faults;
mod page;
mod problem;
mod received;
mod service;
mod state_file;

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use connectors_core::Result;
use http::{Method, Request};
use hyper::body::Incoming;

use self::problem::Problem;
use self::service::Service;
use self::state_file::StateFile;
use crate::backend::{Backend, STRAYS};
use crate::fake::Reply;

type Begin = Box<dyn Fn(&str, &Backend) -> Result<()> + Send + Sync>;

/// What the servers of a program have in common: the services that their control API and their page show, and a file
/// that keeps what those hold. Clones share everything.
///
/// Every [`MockServer`](crate::MockServer) has this API below `/__mock`, with a page for people at `/__mock/`. Bodies are
/// JSON; an error is `{"error": "..", "field": ".."}`. A service is named as its provider, or by its prefix where there
/// are several of one provider. Web pages from elsewhere are refused.
///
/// | request | does |
/// |---|---|
/// | `GET /__mock/services` | tells services, addresses, settings for clients, counts |
/// | `POST /__mock/reset {"service"?, "seed"?}` | back to the beginning, of one service or all |
/// | `POST /__mock/save` | saves to the state file |
/// | `GET, POST /__mock/clock {"advance_ms"}` | tells the time, moves it on |
/// | `GET, PUT /__mock/{service}/state` | all that it holds |
/// | `POST /__mock/{service}/seed` | a setup: what it holds besides |
/// | `GET, DELETE /__mock/{service}/journal?since=&limit=&operation=` | the requests from a number on; the last 100 without |
/// | `GET /__mock/{service}/operations` | the names for faults and journals |
/// | `GET, POST, DELETE /__mock/{service}/faults`, `…/faults/{id}` | what goes wrong, as a [`Rule`](crate::Rule) has it |
/// | `PUT, DELETE /__mock/{service}/chaos {"ratio", "seed"?}` | random faults |
/// | `PUT /__mock/{service}/latency {"latency": "80ms"}` | how long answers take |
/// | `PUT /__mock/{service}/quotas {"enforced": false}` | whether the provider's quotas are enforced |
/// | `POST /__mock/{service}/webhooks` | something happens that is told to others, see [`Backend::trigger`] |
///
/// A fault: `{"operation": "rows.update", "times": 2, "status": 503, "retry_after_ms": 1000}`. One of `status`, `html`,
/// `throttle`, `quota_exhausted`, `not_ready`, `refuse`, `reset_before`, `reset_after`, `truncate` and `oversized_mib`;
/// besides or instead `slow_ms`, `retry_after_ms`, `headers`, `content_type`, `json` or `text`; `carried_out`; and `times`
/// or `always`, `after`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::net::{Ipv4Addr, SocketAddr};
/// use std::time::Duration;
/// use connectors_mock::{Control, MockPlacer, MockQrTiger, MockServer};
///
/// let control = Control::new().begin(|_, backend| {
///     backend.latency(Duration::from_millis(20));
///     Ok(())
/// });
/// let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
/// let codes = MockServer::bind_with(any, [("", MockQrTiger::new().backend().clone())], &control).await?;
/// let places = MockServer::bind_with(any, [("", MockPlacer::new().backend().clone())], &control).await?;
/// println!("both are shown at {}, and at {}", codes.url("/__mock/"), places.url("/__mock/"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Control(Arc<Inner>);

#[derive(Default)]
struct Inner {
    services: Mutex<Vec<Arc<Service>>>,
    begin: OnceLock<Begin>,
    file: OnceLock<StateFile>,
    strays: Mutex<BTreeSet<String>>,
}

impl Control {
    /// A control without services.
    pub fn new() -> Self {
        Self::default()
    }

    /// Does this to each service, by the name of its provider, when it begins and when it is reset. The first one that is
    /// told counts.
    pub fn begin(self, begin: impl Fn(&str, &Backend) -> Result<()> + Send + Sync + 'static) -> Self {
        let _ = self.0.begin.set(Box::new(begin));
        self
    }

    /// Goes on from this file where it is there, and saves to it: after a change by the control API, and by
    /// [`save`](Self::save). It is replaced as a whole, never written into. Each service begins as the file tells; what it
    /// tells of others stays in it. The first file that is told counts; an error says what is wrong with it.
    pub fn state_file(self, file: impl AsRef<Path>) -> Result<Self> {
        let _ = self.0.file.set(StateFile::open(file.as_ref())?);
        Ok(self)
    }

    /// Saves to the state file what the services hold, if there is one and anything has changed. It may take a while.
    pub fn save(&self) -> Result<()> {
        self.0.file.get().map_or(Ok(()), |file| file.save(&self.named()))
    }

    /// What was asked for that no service has, also before a reset: the method and the path of up to 100 different
    /// requests to each service, and of as many to none.
    pub fn strays(&self) -> Vec<String> {
        let mut strays: Vec<_> = lock(&self.0.strays).iter().cloned().collect();
        for (name, service) in self.named() {
            strays.extend(service.backend().strays().into_iter().map(|stray| format!("{name}: {stray}")));
        }
        strays
    }

    /// Somebody asks for what no fake is mounted for.
    pub(crate) fn stray(&self, method: &Method, path: &str) {
        let mut strays = lock(&self.0.strays);
        if strays.len() < STRAYS {
            strays.insert(format!("{method} {}", path.split('?').next().unwrap_or_default()));
        }
    }

    /// The way in to these services, at this address.
    pub(crate) fn entrance<'a>(
        &self,
        address: SocketAddr,
        mounts: impl IntoIterator<Item = (&'a str, &'a Backend)>,
    ) -> Result<Entrance> {
        let mut has_root = false;
        for (prefix, backend) in mounts {
            has_root |= prefix.is_empty();
            let service = Arc::new(Service::new(address, prefix, backend.clone()));
            self.begin_service(&service)?;
            lock(&self.0.services).push(service);
        }
        Ok(Entrance { control: self.clone(), address, has_root })
    }

    fn begin_service(&self, service: &Service) -> Result<()> {
        self.prepare(service)?;
        self.0.file.get().map_or(Ok(()), |file| file.restore(service))
    }

    fn prepare(&self, service: &Service) -> Result<()> {
        self.0.begin.get().map_or(Ok(()), |begin| begin(service.provider(), service.backend()))
    }

    /// All services, by the names that they have at the moment.
    fn named(&self) -> Vec<(String, Arc<Service>)> {
        let services = lock(&self.0.services).clone();
        let of = |provider: &str| services.iter().filter(|service| service.provider() == provider).count();
        let name = |service: &Arc<Service>| match of(service.provider()) {
            1 => service.provider().to_owned(),
            _ => service.by_place(),
        };
        let mut named: Vec<_> = services.iter().map(|service| (name(service), Arc::clone(service))).collect();
        named.sort_by(|(one, _), (other, _)| one.cmp(other));
        named
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.named().into_iter().map(|(name, _)| name).collect();
        f.debug_struct("Control").field("services", &names).finish_non_exhaustive()
    }
}

/// Where the control API is reached.
#[derive(Debug)]
pub(crate) struct Entrance {
    control: Control,
    address: SocketAddr,
    has_root: bool,
}

impl Entrance {
    /// Whether this path is the control's.
    pub(crate) fn claims(&self, path: &str) -> bool {
        let below = path.strip_prefix("/__mock");
        below.is_some_and(|below| below.is_empty() || below.starts_with('/')) || (path == "/" && !self.has_root)
    }

    /// What the control answers.
    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Reply {
        below::answer(self, request).await.unwrap_or_else(Problem::reply)
    }

    /// Somebody asks for what no fake is mounted for.
    pub(crate) fn stray(&self, method: &Method, path: &str) {
        self.control.stray(method, path);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! `connectors-mock serve`.

mod fakes;
mod options;

use std::io::Write;
use std::sync::Arc;

use connectors_core::{Clock, RateLimits};
use connectors_mock::{Chaos, MockServer, ShiftedClock};

pub use self::options::Options;
use crate::failure::Failure;

/// Serves until the program is told to end.
pub async fn run(options: Options) -> Result<(), Failure> {
    // Other programs live in real time, so the fakes do too.
    let clock: Arc<dyn Clock> = Arc::new(ShiftedClock::new());
    let mut servers = Vec::new();
    for (address, services) in options.places()? {
        let mut mounts = Vec::new();
        for (name, prefix) in &services {
            let backend = fakes::make(name, &options, &clock)?;
            if let Some(latency) = options.latency {
                backend.latency(latency);
            }
            if let Some(share) = options.faults {
                backend.chaos(Chaos::new(options.seed).ratio(share));
            }
            if options.no_quotas {
                backend.quotas(RateLimits::none());
            }
            mounts.push((prefix.as_str(), backend));
        }
        let server = MockServer::bind(address, mounts).await;
        let server =
            server.map_err(|problem| Failure::failed(format!("{address} cannot be listened to: {problem}")))?;
        for (_, prefix) in &services {
            // Nobody may be listening any more.
            let _ = writeln!(std::io::stdout(), "{}", server.url(prefix));
        }
        servers.push(server);
    }
    std::future::pending().await
}

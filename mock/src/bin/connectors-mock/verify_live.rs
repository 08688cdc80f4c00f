//! `connectors-mock verify-live`.

mod services;
mod told;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use connectors_core::{ReqwestTransport, Transport};
use connectors_mock::{Backend, Keep, Recorder};

use self::told::Told;
use crate::failure::Failure;

/// Run the read-only conformance suites against the real services, with your own keys
///
/// Asks the services whose variables are set (SMARTSHEET_ACCESS_TOKEN, PLACER_API_KEY, QRTIGER_API_KEY,
/// BRANDSCOPIC_API_KEY or BRANDSCOPIC_HOST with BRANDSCOPIC_EMAIL and BRANDSCOPIC_PASSWORD; their addresses by
/// .._API_URL). Nothing is written there: what is no reading is not sent. Prints what holds and where the fakes differ,
/// and writes a report and a recording of each service, both redacted, for you to look through and to send to us if you
/// like.
#[expect(clippy::doc_markdown, reason = "the help prints it as it stands")]
#[derive(Debug, Args)]
pub struct Options {
    /// Where the files are written
    #[arg(long, value_name = "DIRECTORY", default_value = ".")]
    pub out: PathBuf,
    /// No more requests than this to each service
    #[arg(long, value_name = "REQUESTS", default_value_t = 60)]
    pub max_requests: usize,
    /// No longer than this for each service, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub deadline: u64,
    /// The Smartsheet sheet to read; the first of the list unless given
    #[arg(long, value_name = "ID")]
    pub sheet: Option<i64>,
    /// The place to ask Placer.ai about; the first of the account's properties, or of a search, unless given
    #[arg(long, value_name = "ID")]
    pub venue: Option<String>,
    /// Keeps names, numbers and texts in the recording, which is for you alone then
    #[arg(long)]
    pub values: bool,
}

impl Options {
    fn keep(&self) -> Keep {
        if self.values { Keep::Values } else { Keep::Shapes }
    }

    /// A way to the service that remembers, and sends what reads alone. What it has below `base` the fake has below `root`.
    fn recorder(&self, provider: &str, base: &str, root: &str, fake: &Backend) -> Result<Recorder, Failure> {
        let transport: Arc<dyn Transport> = Arc::new(ReqwestTransport::new().map_err(failed)?);
        let fake = fake.clone();
        let reads = move |request: &connectors_core::HttpRequest| fake.route(request).is_some_and(|route| !route.write);
        let recorder = Recorder::new(provider, transport).mounted(base, root).only(reads);
        Ok(recorder.at_most(self.max_requests).for_at_most(Duration::from_secs(self.deadline)))
    }
}

/// Asks all services that there are keys for.
pub async fn run(options: Options) -> Result<(), Failure> {
    let set = |name: &str| std::env::var(name).is_ok_and(|value| !value.trim().is_empty());
    let mut told: Vec<Told> = Vec::new();
    for service in services::ALL {
        if !service.variables.iter().any(|name| set(name)) {
            println!("{}: not asked, because {} is not set", service.provider, service.variables.join(" or "));
            continue;
        }
        match service.ask(&options).await {
            Ok(of_service) => {
                println!("\n{of_service}");
                of_service.write(&options.out)?;
                told.push(of_service);
            }
            Err(Failure::Failed(problem) | Failure::Usage(problem)) => {
                return Err(Failure::failed(format!("{}: {problem}", service.provider)));
            }
        }
    }
    if told.is_empty() {
        return Err(Failure::Usage("no service has its variables set".to_owned()));
    }
    let bad: Vec<_> = told.iter().filter(|told| !told.is_conformant()).map(Told::provider).collect();
    if bad.is_empty() { Ok(()) } else { Err(Failure::failed(format!("{} did not conform", bad.join(" and ")))) }
}

/// An error, as its one line.
#[expect(clippy::needless_pass_by_value, reason = "what errors are mapped by")]
fn failed(error: connectors_core::Error) -> Failure {
    Failure::failed(error.to_string())
}

//! `connectors-mock verify-live`.

mod services;
mod told;
mod until;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use connectors_core::{ReqwestTransport, Transport};
use connectors_mock::{Backend, Keep, Recorder};

use self::until::Until;
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

    fn time(&self) -> Duration {
        Duration::from_secs(self.deadline)
    }

    /// What the client waits by.
    fn clock(&self) -> Arc<Until> {
        Arc::new(Until::from_now(self.time()))
    }

    /// A way to the service that remembers, and sends what reads alone. What it has below `base` the fake has below `root`.
    fn recorder(&self, provider: &str, base: &str, root: &str, fake: &Backend) -> Result<Recorder, Failure> {
        let transport: Arc<dyn Transport> = Arc::new(ReqwestTransport::new().map_err(failed)?);
        let fake = fake.clone();
        let reads = move |request: &connectors_core::HttpRequest| fake.route(request).is_some_and(|route| !route.write);
        let recorder = Recorder::new(provider, transport).mounted(base, root).only(reads);
        Ok(recorder.at_most(self.max_requests).for_at_most(self.time()))
    }
}

/// What a variable says, unless it says nothing.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Asks all services that there are keys for, whatever comes of the others.
pub async fn run(options: Options) -> Result<(), Failure> {
    let (mut asked, mut bad) = (false, Vec::new());
    for service in services::ALL {
        let provider = service.provider;
        if !service.variables.iter().any(|name| variable(name).is_some()) {
            println!("{provider}: not asked, because {} is not set", service.variables.join(" or "));
            continue;
        }
        asked = true;
        match service.ask(&options).await {
            Ok(told) => {
                println!("\n{told}");
                if !told.is_conformant() {
                    bad.push(format!("{provider} did not conform"));
                }
                if let Err(problem) = told.write(&options.out) {
                    bad.push(format!("{provider}: {problem}"));
                }
            }
            Err(problem) => bad.push(format!("{provider}: {problem}")),
        }
    }
    match (asked, bad.is_empty()) {
        (false, _) => Err(Failure::Usage("no service has its variables set".to_owned())),
        (true, true) => Ok(()),
        (true, false) => Err(Failure::failed(bad.join("\nconnectors-mock: "))),
    }
}

/// An error, as its one line.
#[expect(clippy::needless_pass_by_value, reason = "what errors are mapped by")]
fn failed(error: connectors_core::Error) -> Failure {
    Failure::failed(error.to_string())
}

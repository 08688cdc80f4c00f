//! The dashboard as a program.

mod failure;
mod hub;
mod impatient;
mod options;
mod server;
mod signals;

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use connectors_dashboard::{Dashboard, IntegrationHub};
use tokio::net::TcpListener;

use crate::failure::Failure;
use crate::options::Options;

/// How long everything may take to come to a stop at the end: the hub and the server have shorter deadlines of their own.
const STOPPING: Duration = Duration::from_secs(25);

#[tokio::main]
async fn main() -> ExitCode {
    run(Options::parse()).await.map_or_else(Failure::report, |()| ExitCode::SUCCESS)
}

async fn run(options: Options) -> Result<(), Failure> {
    let token = options.token()?;
    let mut end = std::pin::pin!(signals::told_to_end()?);
    // First, so that a second one by mistake says so, and touches nothing.
    let listener = listen(&options).await?;
    let address = listener.local_addr().map_err(|error| Failure::failed(error.to_string()))?;
    let hub = hub::hub(&options).await?;
    let mut dashboard = Dashboard::new(hub.clone());
    if let Some(token) = &token {
        dashboard = dashboard.token(token).map_err(Failure::usage)?;
    }
    if options.behind_tls {
        dashboard = dashboard.behind_tls();
    }
    print(io::stdout(), &format!("http://{address}/"));
    tell(&options, &hub, token.is_some()).await?;
    let server = server::Server::start(listener, dashboard.router());
    end.as_mut().await;
    print(io::stderr(), "stopping; once more to stop at once");
    let stopped = async {
        let all = hub.close().await;
        server.stop().await;
        all
    };
    let all = tokio::select! {
        all = tokio::time::timeout(STOPPING, stopped) => all.unwrap_or(false),
        () = signals::told_to_end()? => true,
    };
    let broken_off = "not all syncs came to a stop; what is not known of them is told at the next start";
    if all { Ok(()) } else { Err(Failure::failed(broken_off)) }
}

/// Where nobody has named an address, another dashboard may have taken the usual port.
async fn listen(options: &Options) -> Result<TcpListener, Failure> {
    let unbound = |address: SocketAddr, problem: &io::Error| {
        let advice = match problem.kind() {
            io::ErrorKind::AddrInUse => "another program has this port; end it, or name another port, or 0 for any",
            io::ErrorKind::PermissionDenied => "ports below 1024 are for administrators; name another port",
            io::ErrorKind::AddrNotAvailable => "this machine has no such address",
            _ => "name another address",
        };
        Failure::failed(format!("{address} cannot be listened to ({problem}): {advice}"))
    };
    let address = options.address();
    match TcpListener::bind(address).await {
        Err(problem) if options.listen.is_none() && problem.kind() == io::ErrorKind::AddrInUse => {
            print(io::stderr(), &format!("port {} is taken; this is another one", address.port()));
            let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            TcpListener::bind(any).await.map_err(|problem| unbound(any, &problem))
        }
        bound => bound.map_err(|problem| unbound(address, &problem)),
    }
}

/// Says what it runs on.
async fn tell(options: &Options, hub: &IntegrationHub, token: bool) -> Result<(), Failure> {
    let to = io::stderr;
    for card in hub.cards().await? {
        let source = match card.source {
            connectors_dashboard::model::Source::Sample => "sample data",
            connectors_dashboard::model::Source::Environment => "live, set up by the environment",
            connectors_dashboard::model::Source::Stored => "live, set up on the page",
            _ => "not set up",
        };
        let reason = card.reason.filter(|_| card.status == connectors_dashboard::model::Status::Failing);
        let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        print(to(), &format!("{:<12}{source}{reason}", card.name));
    }
    let campaign = match &options.campaign {
        Some(file) => file.display().to_string(),
        None if options.no_sample => "none; name one by --campaign".to_owned(),
        None => "made up, for sample data alone; name yours by --campaign".to_owned(),
    };
    print(to(), &format!("{:<12}{campaign}", "campaign"));
    print(to(), &format!("{:<12}{}, keys sealed by {}", "data", options.database.display(), options.sealed_by()));
    let access = if token { "whoever has the token" } else { "whoever is on this machine" };
    print(to(), &format!("{:<12}{access}", "access"));
    Ok(())
}

/// A line for whoever still listens.
fn print(mut to: impl Write, line: &str) {
    let _ = writeln!(to, "{line}").and_then(|()| to.flush());
}

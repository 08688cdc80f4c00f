//! `connectors-mock serve`.

mod fakes;
mod follower;
mod initial;
mod options;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::{Clock, Error, ErrorKind, RateLimits, Result};
use connectors_mock::{Backend, Chaos, Control, MockServer, ShiftedClock};
use tokio::time::{MissedTickBehavior, interval};

use self::follower::Follower;
use self::initial::Initial;
pub use self::options::Options;
use crate::failure::Failure;

/// How often it is looked whether there is anything to save.
const SAVE_EVERY: Duration = Duration::from_secs(2);

/// How often the requests are looked at: far more often than the journal's memory of the last of them lasts.
const FOLLOW_EVERY: Duration = Duration::from_millis(50);

/// Serves until the program is told to end.
pub async fn run(options: Options) -> std::result::Result<(), Failure> {
    let places = options.places()?;
    let mut end = std::pin::pin!(told_to_end()?);
    let mut follower = Follower::new(options.journal.as_deref())?;
    let control = control(&options)?;
    // Other programs live in real time, so the fakes do too.
    let clock: Arc<dyn Clock> = Arc::new(ShiftedClock::new());
    let mut servers = Vec::new();
    for (address, services) in places {
        let mut mounts = Vec::new();
        for (name, prefix) in &services {
            let backend = fakes::make(name, &options, &clock)?;
            follower.follow(name, &backend);
            mounts.push((prefix.as_str(), backend));
        }
        let server = MockServer::bind_with(address, mounts, &control).await;
        let server = server.map_err(|problem| unbound(&options, address, &problem))?;
        for (_, prefix) in &services {
            print(io::stdout(), &server.url(prefix));
        }
        servers.push(server);
    }
    if let Some(server) = servers.first() {
        print(io::stderr(), &format!("keys, requests and the control API: {}", server.url("/__mock/")));
    }
    if !options.bind.is_loopback() {
        print(io::stderr(), &format!("whoever can reach {} can use and control the fakes", options.bind));
    }
    let (mut save, mut follow) = (interval(SAVE_EVERY), interval(FOLLOW_EVERY));
    save.set_missed_tick_behavior(MissedTickBehavior::Delay);
    follow.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let ended = loop {
        tokio::select! {
            () = &mut end => break Ok(()),
            _ = save.tick() => save_state(&control).await.unwrap_or_else(|problem| complain(&problem)),
            _ = follow.tick() => if let Err(problem) = follower.go_on() { break Err(problem) },
        }
    };
    for server in servers {
        server.stop().await;
    }
    // Whatever else is wrong, what the services hold is kept.
    let saved = save_state(&control).await;
    ended.and_then(|()| follower.go_on()).and(saved)?;
    if options.strict { strict(&control) } else { Ok(()) }
}

/// Fails where anything was asked for that no service has.
fn strict(control: &Control) -> std::result::Result<(), Failure> {
    let strays = control.strays();
    if strays.is_empty() {
        return Ok(());
    }
    Err(Failure::failed(format!("no service has what was asked for:\n  {}", strays.join("\n  "))))
}

fn control(options: &Options) -> std::result::Result<Control, Failure> {
    let initial = options.initial.as_deref().map(Initial::read).transpose()?;
    let (latency, faults, seed, no_quotas) = (options.latency, options.faults, options.seed, options.no_quotas);
    let begin = move |name: &str, backend: &Backend| -> Result<()> {
        if let Some(latency) = latency {
            backend.latency(latency);
        }
        if let Some(share) = faults {
            backend.chaos(Chaos::new(seed).ratio(share));
        }
        if no_quotas {
            backend.quotas(RateLimits::none());
        }
        initial.as_ref().map_or(Ok(()), |initial| initial.add(name, backend))
    };
    let control = Control::new().begin(begin);
    match &options.state {
        Some(file) => {
            // Better now than when there is something to lose.
            writable(file)?;
            control.state_file(file).map_err(|problem| told(options, &problem))
        }
        None => Ok(control),
    }
}

fn writable(file: &Path) -> std::result::Result<(), Failure> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.is_dir() && !file.is_dir() {
        return Ok(());
    }
    let what = if file.is_dir() { "it is a folder" } else { "its folder is not there" };
    Err(Failure::failed(format!("{} cannot keep the state: {what}; name a file in a folder that is", file.display())))
}

async fn save_state(control: &Control) -> std::result::Result<(), Failure> {
    let control = control.clone();
    let saved = tokio::task::spawn_blocking(move || control.save()).await;
    match saved {
        Ok(saved) => saved.map_err(|problem| Failure::failed(format!("the state is not saved: {}", words(&problem)))),
        Err(problem) => Err(Failure::failed(format!("the state is not saved: {problem}"))),
    }
}

/// Goes on all the same: the next time it may succeed.
fn complain(problem: &Failure) {
    print(io::stderr(), &format!("connectors-mock: {problem}"));
}

/// What is wrong, and in which file: an error itself does not name it.
fn told(options: &Options, problem: &Error) -> Failure {
    let file = match problem.kind() {
        ErrorKind::Storage => &options.state,
        ErrorKind::Config => &options.initial,
        _ => &None,
    };
    let file = file.as_ref().map(|file| format!("{}: ", file.display())).unwrap_or_default();
    Failure::failed(format!("{file}{}", words(problem)))
}

/// What a problem says, without its kind.
fn words(problem: &Error) -> String {
    let field = problem.field().map(|field| format!("{field}: ")).unwrap_or_default();
    let hint = problem.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("{field}{}{hint}", problem.message())
}

fn unbound(options: &Options, address: SocketAddr, problem: &io::Error) -> Failure {
    if let Some(problem) = problem.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        return told(options, problem);
    }
    let advice = match problem.kind() {
        io::ErrorKind::AddrInUse => "another program has this port; end it, or name another port, or 0 for any",
        io::ErrorKind::PermissionDenied => "ports below 1024 are for administrators; name another port",
        io::ErrorKind::AddrNotAvailable => "this machine has no such address; name another one by --bind",
        _ => "name another port, or another address by --bind",
    };
    Failure::failed(format!("{address} cannot be listened to ({problem}): {advice}"))
}

/// A line for whoever still listens.
fn print(mut to: impl Write, line: &str) {
    let _ = writeln!(to, "{line}").and_then(|()| to.flush());
}

/// Until Ctrl-C, or the signal that ends services.
fn told_to_end() -> std::result::Result<impl Future<Output = ()>, Failure> {
    let deaf = |problem: io::Error| Failure::failed(format!("signals cannot be heard: {problem}"));
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        let mut interrupt = signal(SignalKind::interrupt()).map_err(deaf)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(deaf)?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    {
        let mut interrupt = tokio::signal::windows::ctrl_c().map_err(deaf)?;
        Ok(async move {
            interrupt.recv().await;
        })
    }
}

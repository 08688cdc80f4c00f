//! Serves the fakes of all providers on one port, for clients in any language.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;

use connectors_core::{Clock, SystemClock};
use connectors_mock::{
    FakeBrandscopic, FakePlacer, MockBrandscopic, MockPlacer, MockQrTiger, MockServer, MockSmartsheet,
};

const USAGE: &str = "\
usage: connectors-mock serve [--port PORT] [--faults SEED]

Serves offline fakes of Brandscopic, Placer.ai, Smartsheet and QR TIGER on 127.0.0.1, each below its own path.
  --port PORT     the port (default 8091)
  --faults SEED   makes about a fifth of all requests go wrong, repeatably";

struct Arguments {
    port: u16,
    faults: Option<u64>,
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    match words.next().as_deref() {
        Some("serve") => {}
        Some(other) => return Err(format!("unknown command {other:?}")),
        None => return Err("no command".to_owned()),
    }
    let mut arguments = Arguments { port: 8091, faults: None };
    while let Some(flag) = words.next() {
        let mut number = || {
            let value = words.next().ok_or_else(|| format!("{flag} needs a number"))?;
            value.parse::<u64>().map_err(|_| format!("{flag} needs a number, not {value:?}"))
        };
        match flag.as_str() {
            "--port" => arguments.port = u16::try_from(number()?).map_err(|_| "--port is at most 65535".to_owned())?,
            "--faults" => arguments.faults = Some(number()?),
            _ => return Err(format!("unknown option {flag:?}")),
        }
    }
    Ok(arguments)
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(problem) => {
            eprintln!("connectors-mock: {problem}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match serve(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("connectors-mock: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    // Other programs live in real time, so the fakes do too.
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let brandscopic = MockBrandscopic::builder().clock(Arc::clone(&clock)).build()?;
    let placer = MockPlacer::builder().clock(Arc::clone(&clock)).build()?;
    let smartsheet = MockSmartsheet::builder().clock(Arc::clone(&clock)).build()?;
    let qrtiger = MockQrTiger::builder().clock(clock).build()?;
    let mounts = [
        ("/brandscopic", brandscopic.backend().clone()),
        ("/placer", placer.backend().clone()),
        ("/smartsheet", smartsheet.backend().clone()),
        ("/qrtiger", qrtiger.backend().clone()),
    ];
    if let Some(seed) = arguments.faults {
        for (number, (_, backend)) in (0..).zip(&mounts) {
            backend.chaos(seed.wrapping_add(number));
        }
    }
    let prefixes = mounts.each_ref().map(|(prefix, _)| *prefix);
    let server = MockServer::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port)), mounts).await?;
    for prefix in prefixes {
        println!("{}", server.url(prefix));
    }
    eprintln!(
        "every key is {:?}; Brandscopic's native login is {} with {:?}",
        FakePlacer::KEY,
        FakeBrandscopic::EMAIL,
        FakeBrandscopic::PASSWORD
    );
    // Runs until the process is ended.
    std::future::pending::<()>().await;
    Ok(())
}

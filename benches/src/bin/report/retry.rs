//! How many requests a call makes while every second one fails, for as long as that lasts.

use std::time::Duration;

use connectors_benches::LIST;
use http::StatusCode;
use reqwest_middleware::ClientBuilder;
use reqwest_retry::RetryTransientMiddleware;
use reqwest_retry::policies::ExponentialBackoff;

use crate::args::Args;
use crate::fake::{Fake, Nature};
use crate::server::Server;
use crate::table::{Row, count};
use crate::{Outcome, virtually};

const BUDGET: f64 = 1.2;

pub fn measure(args: &Args) -> Outcome<Vec<Row>> {
    let mut rows = Vec::new();
    if args.wants("retry/amplification/connectors") {
        let ours = virtually(amplification(10_000))??;
        rows.push(Row::new("retry/amplification/connectors", "requests/call", ours).floor(1.0).budget(BUDGET));
    }
    if args.wants("retry/amplification/reqwest-retry") {
        let theirs = virtually(their_amplification(500))??;
        rows.push(Row::new("retry/amplification/reqwest-retry", "requests/call", theirs).floor(1.0));
    }
    Ok(rows)
}

pub async fn amplification(calls: u32) -> Outcome<f64> {
    let (fake, core) = Fake::with_core(Nature { failing: 0.5, ..Nature::latency(100) })?;
    for call in 1..=calls {
        // Many fail: that is the point.
        let _ = core.call(&LIST).path("sheetId", call).send_bytes().await;
    }
    Ok(count(fake.seen().requests) / f64::from(calls))
}

/// With as many tries as ours, and hardly any wait, because it cannot be given another clock.
async fn their_amplification(calls: u32) -> Outcome<f64> {
    let server = Server::start(|number| {
        let fails = fastrand::Rng::with_seed(number).bool();
        (if fails { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }, Duration::ZERO)
    })?;
    let moment = Duration::from_millis(1);
    let policy = ExponentialBackoff::builder().retry_bounds(moment, moment).build_with_max_retries(3);
    let retry = RetryTransientMiddleware::new_with_policy(policy);
    let client = ClientBuilder::new(reqwest::Client::new()).with(retry).build();
    let url = server.url()?;
    for _ in 0..calls {
        let _ = client.get(url.clone()).send().await;
    }
    Ok(count(server.requests()) / f64::from(calls))
}

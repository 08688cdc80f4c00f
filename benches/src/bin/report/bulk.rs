//! How long work of many calls takes at a given concurrency, against requests x latency / concurrency.

use std::time::{Duration, Instant};

use connectors_benches::LIST;
use connectors_brandscopic::{BrandscopicService, BulkSync, CreateProject};
use connectors_core::provider::{ClientOptions, run_bounded};
use connectors_core::{BulkOptions, Campaign, CampaignEvent, Clock, Error, RateLimits, TimeZone, Venue};
use connectors_mock::MockBrandscopic;
use http::StatusCode;
use url::Url;

use crate::args::Args;
use crate::fake::{Fake, Nature};
use crate::server::Server;
use crate::table::{Row, count};
use crate::{Outcome, virtually};

/// How much longer it may take.
const RATIO: f64 = 1.05;
const LATENCY: Duration = Duration::from_millis(100);
const CONCURRENCY: usize = 10;

pub fn measure(args: &Args) -> Outcome<Vec<Row>> {
    let mut rows = Vec::new();
    let mut add = |name, run: &dyn Fn() -> Outcome<Run>| -> Outcome {
        if args.wants(name) {
            let Run { took, requests } = run()?;
            let floor = LATENCY.as_secs_f64() * requests / count(CONCURRENCY as u64);
            rows.push(Row::new(name, "s", took.as_secs_f64()).floor(floor).budget(floor * RATIO));
        }
        Ok(())
    };
    add("bulk/1000 calls", &|| virtually(calls(1000))?)?;
    add("bulk/500 Brandscopic events", &|| virtually(brandscopic(500))?)?;
    add("bulk/200 calls over sockets", &|| over_sockets(200))?;
    Ok(rows)
}

struct Run {
    took: Duration,
    requests: f64,
}

async fn calls(n: usize) -> Outcome<Run> {
    let (fake, core) = Fake::with_core(Nature::latency(100))?;
    let work = |index: usize, ()| core.call(&LIST).path("sheetId", index + 1).send_bytes();
    let started = fake.clock().now();
    all(run_bounded(vec![(); n], CONCURRENCY, None, work).await)?;
    Ok(Run { took: fake.clock().now().duration_since(started), requests: count(fake.seen().requests) })
}

/// Through a whole client, one create per event.
async fn brandscopic(n: usize) -> Outcome<Run> {
    let mock = MockBrandscopic::builder().client(|client| client.limits(RateLimits::none())).build()?;
    mock.backend().quotas(RateLimits::none()).latency(LATENCY);
    let campaign = campaign(n)?;
    let project = mock.create_project(CreateProject::new(&campaign)).await?;
    let (clock, before) = (mock.backend().clock(), mock.backend().journal().total());
    let started = clock.now();
    let options = BulkOptions::default().concurrency(CONCURRENCY);
    let report = mock.bulk_sync_events(BulkSync::new(&project, campaign.events).options(options)).await?;
    let took = clock.now().duration_since(started);
    let requests = mock.backend().journal().total() - before;
    if report.synced_count() == n { Ok(Run { took, requests: count(requests) }) } else { Err("some failed".into()) }
}

fn campaign(events: usize) -> Outcome<Campaign> {
    let venue = Venue::new("v1", "Alexanderplatz", "Berlin", "DE");
    let (opens, closes) = ("2026-05-02T12:00:00".parse()?, "2026-05-02T18:00:00".parse()?);
    let (zone, page): (_, Url) = (TimeZone::new("Europe/Berlin")?, "https://fizz.example/tour".parse()?);
    let event = |n| {
        let id = format!("event-{n}").parse()?;
        Ok(CampaignEvent::new(id, format!("Stop {n}"), venue.clone(), zone, opens, closes, page.clone()))
    };
    let events = (1..=events).map(event).collect::<Outcome<_>>()?;
    Ok(Campaign::new("fizz".parse()?, "Fizz tour", "Fizz", "EMEA", events))
}

fn over_sockets(n: usize) -> Outcome<Run> {
    let server = Server::start(|_| (StatusCode::OK, LATENCY))?;
    let core = connectors_benches::core(&server.url()?, &ClientOptions::default())?;
    let work = |index: usize, ()| core.call(&LIST).path("sheetId", index + 1).send_bytes();
    let started = Instant::now();
    all(virtually(run_bounded(vec![(); n], CONCURRENCY, None, work))?)?;
    Ok(Run { took: started.elapsed(), requests: count(server.requests()) })
}

fn all<T>(results: Vec<Result<T, Error>>) -> Outcome {
    Ok(results.into_iter().try_for_each(|result| result.map(drop))?)
}

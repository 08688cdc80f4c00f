//! What the parts of a call cost by themselves: `cargo bench -p connectors-benches`.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use connectors_benches::{LIST, Page, page};
use connectors_core::provider::{Cache, CacheKey, Call, ClientOptions, Core, Fetched, decode_json, retry_after};
use connectors_core::{CachePolicy, HttpRequest, HttpResponse, SystemClock, Transport, TransportError, redact};
use criterion::{Criterion, Throughput};
use futures_util::FutureExt;
use http::{HeaderMap, HeaderValue, header};
use tokio::runtime;
use url::Url;

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    cache(&mut criterion)?;
    call(&mut criterion)?;
    decode(&mut criterion)?;
    retry(&mut criterion)?;
    redaction(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}

fn cache(criterion: &mut Criterion) -> Outcome {
    let cache = Cache::new(1 << 20, Arc::new(SystemClock));
    let key = CacheKey::new(1, "sheet/4583173393803140", b"rows?page=2&pageSize=100");
    let fetched = Fetched { value: page(5)?, bytes: 675, ttl: Duration::from_secs(3600) };
    // The hit needs no runtime, and must not get as far as to fetch.
    let hit = || {
        let fetch = async { Err(connectors_core::Error::config("cache", "it is not stored")) };
        let deadline = Instant::now() + Duration::from_secs(60);
        cache.get_or_fetch::<String, _, _>(key.clone(), CachePolicy::Use, deadline, fetch).now_or_never()
    };
    cache.insert(key.clone(), fetched);
    hit().ok_or("the hit waits")??;
    criterion.bench_function("cache hit", |b| b.iter(hit));
    Ok(())
}

fn call(criterion: &mut Criterion) -> Outcome {
    let core = core()?;
    criterion.bench_function("build a call with path and query", |b| b.iter(|| prepare(&core)));

    let runtime = runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(prepare(&core).send_bytes())?;
    criterion.bench_function("uncached call over memory, bytes", |b| {
        b.iter(|| runtime.block_on(prepare(&core).send_bytes()));
    });
    runtime.block_on(prepare(&core).send::<Page>())?;
    criterion.bench_function("uncached call over memory, decoded", |b| {
        b.iter(|| runtime.block_on(prepare(&core).send::<Page>()));
    });
    Ok(())
}

fn prepare(core: &Core) -> Call {
    core.call(&LIST).path("sheetId", black_box(4_583_173_393_803_140_i64)).query("page", 2).query("include", "a b")
}

fn decode(criterion: &mut Criterion) -> Outcome {
    let mut group = criterion.benchmark_group("decode JSON");
    for rows in [5, 1000] {
        let body = page(rows)?;
        decode_json::<Page>(body.as_bytes())?;
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(format!("{rows} rows"), |b| b.iter(|| decode_json::<Page>(black_box(body.as_bytes()))));
    }
    let broken = page(1000)?.replace("\"number\":1000,", "\"number\":\"many\",");
    decode_json::<Page>(broken.as_bytes()).err().ok_or("it is not broken")?;
    group.throughput(Throughput::Bytes(broken.len() as u64));
    group.bench_function("1000 rows, the last one wrong", |b| {
        b.iter(|| decode_json::<Page>(black_box(broken.as_bytes())).is_err());
    });
    group.finish();
    Ok(())
}

fn retry(criterion: &mut Criterion) -> Outcome {
    let now = DateTime::<Utc>::from_timestamp(1_780_000_000, 0).ok_or("no such time")?;
    let mut group = criterion.benchmark_group("Retry-After");
    for (form, value) in [("seconds", "7"), ("date", "Sun, 28 Jun 2026 20:26:40 GMT")] {
        let headers = HeaderMap::from_iter([(header::RETRY_AFTER, HeaderValue::from_static(value))]);
        retry_after(&headers, now).ok_or("it is not understood")?;
        group.bench_function(form, |b| b.iter(|| retry_after(black_box(&headers), now)));
    }
    group.finish();
    Ok(())
}

fn redaction(criterion: &mut Criterion) -> Outcome {
    let mut group = criterion.benchmark_group("redact");
    for (what, text) in [
        ("clean text", "no row has this event id (HTTP 404, code 1006), look into sheet 4583173393803140"),
        (
            "text with secrets",
            "GET https://u:p@api.example/v1/events?auth_token=opensesame failed: Bearer 9f8e7d6c5b4a",
        ),
    ] {
        group.bench_function(what, |b| b.iter(|| redact::text(black_box(text.to_owned()))));
    }
    let body = page(5)?;
    group.bench_function("body", |b| b.iter(|| redact::body(black_box(body.as_bytes()))));
    group.finish();
    Ok(())
}

/// Answers everything at once with the same page.
#[derive(Debug)]
struct Memory(Bytes);

#[async_trait]
impl Transport for Memory {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        Ok(http::Response::new(self.0.clone().into()))
    }
}

fn core() -> Result<Core, Box<dyn Error>> {
    let mut options = ClientOptions::default();
    options.transport = Some(Arc::new(Memory(Bytes::from(page(5)?))));
    Ok(connectors_benches::core(&Url::parse("https://api.example/2.0")?, &options)?)
}

//! Exports what a client does to OpenTelemetry: a span per call through `tracing`, measurements through an
//! [`Observer`].
//!
//! `cargo run --example opentelemetry` prints both; with `OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318` they go
//! to that collector instead.

use std::env;
use std::error::Error;
use std::sync::Arc;

use connectors_core::{DateRange, Event, Observer};
use connectors_mock::MockPlacer;
use connectors_placer::{FootfallRequest, PlacerService, latest_complete_day};
use opentelemetry::metrics::{Counter, Histogram, Meter, MeterProvider as _};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{KeyValue, Value};
use opentelemetry_otlp::{MetricExporter, SpanExporter};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt;

/// Bounds in seconds, from a cache hit to a wait for the next minute's quota: the default ones are for milliseconds.
const SECONDS: [f64; 11] = [0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0, 60.0];

/// Measures calls under the names that OpenTelemetry has for HTTP clients, and what it has no names for under ours.
#[derive(Debug)]
struct Measurements {
    calls: Histogram<f64>,
    requests: Histogram<f64>,
    waits: Histogram<f64>,
    throttles: Counter<u64>,
    cache: Counter<u64>,
}

impl Measurements {
    fn new(meter: &Meter) -> Self {
        let seconds = |name| meter.f64_histogram(name).with_unit("s").with_boundaries(SECONDS.to_vec()).build();
        Self {
            calls: seconds("connectors.call.duration"),
            requests: seconds("http.client.request.duration"),
            waits: seconds("connectors.wait.duration"),
            throttles: meter.u64_counter("connectors.throttles").build(),
            cache: meter.u64_counter("connectors.cache.lookups").build(),
        }
    }
}

fn label(name: &'static str, value: impl Into<Value>) -> KeyValue {
    KeyValue::new(name, value)
}

impl Observer for Measurements {
    fn on_event(&self, event: &Event<'_>) {
        match event {
            Event::Attempt { operation, status, elapsed, .. } => {
                let mut labels = vec![
                    label("http.request.method", operation.method.to_string()),
                    label("url.template", operation.path),
                ];
                labels.extend(status.map(|status| label("http.response.status_code", i64::from(status.as_u16()))));
                self.requests.record(elapsed.as_secs_f64(), &labels);
            }
            Event::Wait { operation, reason, duration, .. } => {
                let labels = [label("operation", operation.name), label("reason", format!("{reason:?}"))];
                self.waits.record(duration.as_secs_f64(), &labels);
            }
            Event::Throttled { operation, .. } => self.throttles.add(1, &[label("operation", operation.name)]),
            Event::Cache { provider, outcome, .. } => {
                self.cache.add(1, &[label("provider", *provider), label("outcome", format!("{outcome:?}"))]);
            }
            Event::Finished { operation, elapsed, error, .. } => {
                let mut labels = vec![label("operation", operation.name)];
                labels.extend(error.map(|error| label("error.type", error.kind().as_str())));
                self.calls.record(elapsed.as_secs_f64(), &labels);
            }
            // Events may be added.
            _ => {}
        }
    }
}

/// Where spans and measurements go: to a collector if one is named, else to the screen.
fn providers() -> Result<(SdkTracerProvider, SdkMeterProvider), Box<dyn Error>> {
    let resource = Resource::builder().with_service_name("connectors-example").build();
    let traces = SdkTracerProvider::builder().with_resource(resource.clone());
    let metrics = SdkMeterProvider::builder().with_resource(resource);
    if env::var_os("OTEL_EXPORTER_OTLP_ENDPOINT").is_some() {
        let spans = SpanExporter::builder().with_http().build()?;
        let measurements = MetricExporter::builder().with_http().build()?;
        return Ok((traces.with_batch_exporter(spans).build(), metrics.with_periodic_exporter(measurements).build()));
    }
    Ok((
        traces.with_batch_exporter(opentelemetry_stdout::SpanExporter::default()).build(),
        metrics.with_periodic_exporter(opentelemetry_stdout::MetricExporter::default()).build(),
    ))
}

async fn work(observer: Arc<Measurements>) -> connectors_core::Result<()> {
    let placer = MockPlacer::builder().client(move |client| client.observer(observer)).build()?;
    let day = latest_complete_day(placer.backend().clock().now_utc().date_naive());
    for venue in MockPlacer::venue_ids().into_iter().take(2) {
        placer.footfall(FootfallRequest::new(venue, DateRange::last_days(7, day)?)).await?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (traces, metrics) = providers()?;
    let spans = tracing_opentelemetry::layer().with_tracer(traces.tracer("connectors"));
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(spans))?;
    work(Arc::new(Measurements::new(&metrics.meter("connectors")))).await?;
    // The exporters' own client blocks, which a thread of the runtime must not.
    tokio::task::spawn_blocking(move || {
        traces.shutdown()?;
        metrics.shutdown()
    })
    .await??;
    Ok(())
}

//! A provider of two operations over a scripted transport, in virtual time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use connectors_core::provider::{
    Answer, Classify, ClientOptions, Core, Credential, Defaults, ErrorBody, Operation, Ran, Safety, Verdict, standard,
};
use connectors_core::testing::VirtualClock;
use connectors_core::{
    Clock, Error, ErrorKind, Event, HttpRequest, HttpResponse, Observer, ResponseBody, Transport, TransportError,
    TransportErrorKind,
};
use futures_util::stream;
use http::{Method, StatusCode};
use url::Url;

/// What the scripted provider does with a request.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// Answers.
    Answer(u16, &'static [(&'static str, &'static str)], &'static str),
    /// Fails below HTTP.
    Break(TransportErrorKind, bool),
    /// Sends half of an answer.
    Truncate,
    /// Answers after a day.
    Hang,
}

pub const OK: Step = Step::Answer(200, &[], r#"{"ok":true}"#);

pub const fn status(code: u16) -> Step {
    Step::Answer(code, &[], r#"{"message":"scripted"}"#)
}

/// Plays its steps, then repeats the last one.
#[derive(Debug)]
pub struct Script {
    clock: VirtualClock,
    steps: Mutex<VecDeque<Step>>,
    pub sent: Mutex<Vec<HttpRequest>>,
}

impl Script {
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Arc<Self> {
        Arc::new(Self {
            clock: VirtualClock::default(),
            steps: Mutex::new(steps.into_iter().collect()),
            sent: Mutex::default(),
        })
    }

    pub fn requests(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.sent.lock().unwrap().push(request);
        let step = {
            let mut steps = self.steps.lock().unwrap();
            if steps.len() > 1 { steps.pop_front().unwrap() } else { *steps.front().unwrap() }
        };
        match step {
            Step::Answer(status, headers, body) => {
                let mut answer = http::Response::builder().status(status);
                for (name, value) in headers {
                    answer = answer.header(*name, *value);
                }
                Ok(answer.body(Bytes::from_static(body.as_bytes()).into()).unwrap())
            }
            Step::Break(kind, sent) => Err(TransportError::new(kind, sent)),
            Step::Truncate => {
                let cut = TransportError::new(TransportErrorKind::Truncated, true);
                Ok(http::Response::new(ResponseBody::from_stream(stream::iter([
                    Ok(Bytes::from_static(b"{\"o")),
                    Err(cut),
                ]))))
            }
            Step::Hang => {
                self.clock.sleep(Duration::from_secs(86_400)).await;
                Ok(http::Response::new(Bytes::from_static(b"{}").into()))
            }
        }
    }
}

/// Judges by status, and by two codes in the body.
#[derive(Debug)]
pub struct Judge;

impl Classify for Judge {
    fn judge(&self, _: &Operation, answer: &Answer<'_>) -> Verdict {
        let text = std::str::from_utf8(answer.body).unwrap_or_default();
        if text.contains("\"never\"") {
            return Verdict::Fail(Error::new(ErrorKind::QuotaExhausted, "the quota of the week is used up"));
        }
        if text.contains("\"again\"") {
            let error = Error::new(ErrorKind::Server, "busy");
            return Verdict::Retry { error, after: None, ran: Ran::No };
        }
        if answer.status == StatusCode::ACCEPTED {
            return Verdict::NotReady { after: None };
        }
        standard(answer, ErrorBody::default())
    }
}

const fn operation(name: &'static str, safety: Safety) -> Operation {
    Operation::new("scripted", name, Method::POST, "/things/{id}").safety(safety)
}

pub static READ: Operation = operation("read", Safety::ReadOnly);
pub static PUT: Operation = operation("put", Safety::Idempotent);
pub static UPSERT: Operation = operation("upsert", Safety::Keyed);
pub static CREATE: Operation = operation("create", Safety::Once);

/// Counts the waits.
#[derive(Debug, Default)]
pub struct Waits(pub Mutex<Vec<Duration>>);

impl Observer for Waits {
    fn on_event(&self, event: &Event<'_>) {
        if let Event::Wait { duration, .. } = event {
            self.0.lock().unwrap().push(*duration);
        }
    }
}

pub struct Bench {
    pub core: Core,
    pub clock: VirtualClock,
    pub waits: Arc<Waits>,
}

pub fn bench(script: &Arc<Script>, credential: Option<Arc<dyn Credential>>) -> Bench {
    bench_with(script, credential, |_| ())
}

pub fn bench_with(
    script: &Arc<Script>,
    credential: Option<Arc<dyn Credential>>,
    set: impl FnOnce(&mut ClientOptions),
) -> Bench {
    let clock = script.clock.clone();
    let waits = Arc::new(Waits::default());
    let mut options = ClientOptions::default();
    options.transport = Some(Arc::clone(script) as Arc<dyn Transport>);
    options.clock = Some(Arc::new(clock.clone()) as Arc<dyn Clock>);
    options.observer = Some(Arc::clone(&waits) as Arc<dyn Observer>);
    options.seed = Some(7);
    set(&mut options);
    let base = Url::parse("https://scripted.example/v1").unwrap();
    let core = Core::new("scripted", &base, credential, Judge, Defaults::default(), &options).unwrap();
    Bench { core, clock, waits }
}

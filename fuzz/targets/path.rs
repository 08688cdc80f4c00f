//! Where a request goes: below the base URL of its client, or nowhere.
#![no_main]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use connectors_core::provider::{
    Answer, Classify, ClientOptions, Core, Defaults, ErrorBody, Operation, Verdict, standard,
};
use connectors_core::testing::VirtualClock;
use connectors_core::{ErrorKind, HttpRequest, HttpResponse, Transport, TransportError};
use connectors_fuzz::{block_on, check_error, texts};
use http::{HeaderName, HeaderValue, Method};
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use url::Url;

const BASE: &str = "https://scripted.example/v1";

static OPERATION: Operation = Operation::new("scripted", "rows.get", Method::GET, "/things/{id}/rows/{row}");

/// Remembers where requests went.
#[derive(Debug, Default)]
struct Sink(Mutex<Vec<HttpRequest>>);

#[async_trait]
impl Transport for Sink {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.0.lock().unwrap().push(request);
        Ok(http::Response::new(Bytes::new().into()))
    }
}

#[derive(Debug)]
struct Judge;

impl Classify for Judge {
    fn judge(&self, _: &Operation, answer: &Answer<'_>) -> Verdict {
        standard(answer, ErrorBody::default())
    }
}

// Two parameters of the path, any number of pairs for the query; the first text is also a path of its own.
fuzz_target!(|data: &[u8]| {
    let texts: Vec<_> = texts(data).collect();
    let [id, row, query @ ..] = &texts[..] else { return };
    let sink = Arc::new(Sink::default());
    let mut options = ClientOptions::default();
    options.transport = Some(Arc::clone(&sink) as _);
    options.clock = Some(Arc::new(VirtualClock::default()));
    let base = Url::parse(BASE).expect("a URL");
    let core = Core::new("scripted", &base, None, Judge, Defaults::default(), &options).expect("a core");

    let mut call = core.call(&OPERATION).path("id", id).path("row", row);
    for pair in query.chunks_exact(2) {
        call = call.query(&pair[0], &pair[1]);
    }
    let outcome = block_on(call.send_bytes());
    if let Some(url) = sent(&sink, outcome.as_ref().err()) {
        let segments: Vec<_> = url.path().split('/').collect();
        let [_, "v1", "things", first, "rows", second] = segments[..] else { panic!("another path: {url}") };
        assert_eq!([first, second].map(|part| percent_decode_str(part).decode_utf8_lossy()), [&**id, &**row]);
        let pairs: Vec<_> = query.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
        assert_eq!(url.query_pairs().collect::<Vec<_>>(), pairs);
    }

    for method in [Method::GET, Method::DELETE] {
        let mut call = core.request(&method, id);
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(&**row), HeaderValue::try_from(&**row)) {
            call = call.header(name, value);
        }
        let outcome = block_on(call.send_bytes());
        if let Some(url) = sent(&sink, outcome.as_ref().err()) {
            assert!(url.path().starts_with("/v1/"), "{url}");
        }
    }
});

/// Where the last request went; if to nowhere, the error must be of one who would not send it.
fn sent(sink: &Sink, error: Option<&connectors_core::Error>) -> Option<Url> {
    let requests = std::mem::take(&mut *sink.0.lock().unwrap());
    if let Some(error) = error {
        check_error(error);
        assert_eq!((error.kind(), requests.len()), (ErrorKind::InvalidRequest, 0));
        return None;
    }
    let url = Url::parse(&requests.first()?.uri().to_string()).expect("a URL");
    assert!(url.as_str().starts_with(BASE) && url.fragment().is_none() && url.username().is_empty(), "{url}");
    assert_eq!(url.host_str(), Some("scripted.example"));
    Some(url)
}

//! A sheet that is read row by row from any pieces, against the same read as a whole.
#![no_main]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use connectors_core::provider::decode_json;
use connectors_core::testing::VirtualClock;
use connectors_core::{HttpRequest, HttpResponse, RateLimits, ResponseBody, Result, Transport, TransportError};
use connectors_fuzz::{block_on, check_error};
use connectors_smartsheet::{Sheet, SheetId, SmartsheetClient};
use futures_util::stream;
use libfuzzer_sys::fuzz_target;

/// Answers with what it is told to.
#[derive(Debug, Default)]
struct Wire(Mutex<Vec<Bytes>>);

#[async_trait]
impl Transport for Wire {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        let pieces = std::mem::take(&mut *self.0.lock().unwrap());
        Ok(HttpResponse::new(ResponseBody::from_stream(stream::iter(pieces.into_iter().map(Ok)))))
    }
}

thread_local! {
    static CLIENT: (SmartsheetClient, Arc<Wire>) = {
        let wire = Arc::new(Wire::default());
        let client = SmartsheetClient::builder().access_token("token").transport(Arc::clone(&wire) as _);
        (client.limits(RateLimits::none()).clock(Arc::new(VirtualClock::default())).build().expect("a client"), wire)
    };
}

// The lengths of the first pieces, then the answer.
fuzz_target!(|data: &[u8]| {
    let at = data.iter().position(|byte| *byte == 0xFF).unwrap_or(0);
    let (lengths, answer) = data.split_at(at);
    let answer = answer.strip_prefix(&[0xFF]).unwrap_or(answer);
    let mut rest = Bytes::copy_from_slice(answer);
    let mut pieces: Vec<_> = lengths.iter().map(|len| rest.split_to(usize::from(*len).min(rest.len()))).collect();
    pieces.push(rest);

    let whole = decode_json::<Sheet>(answer);
    let mut deserializer = serde_json::Deserializer::from_slice(answer);
    let exact = serde_path_to_error::deserialize::<_, Sheet>(&mut deserializer).ok();
    let exact = exact.filter(|_| deserializer.end().is_ok());
    // What is passed over need not be UTF-8 for serde_json, unless it is scanned.
    if std::str::from_utf8(answer).is_ok() || whole.is_ok() {
        assert_eq!(whole.as_ref().ok(), exact.as_ref(), "scanned and decoded");
    }
    match (whole, block_on(read(pieces))) {
        (Ok(whole), Ok(streamed)) => assert_eq!(streamed, whole),
        (Err(_), Err(error)) => check_error(&error),
        (whole, streamed) => panic!("as a whole {whole:?}, row by row {streamed:?}"),
    }
});

async fn read(pieces: Vec<Bytes>) -> Result<Sheet> {
    let client = CLIENT.with(|(client, wire)| {
        *wire.0.lock().unwrap() = pieces;
        client.clone()
    });
    let mut stream = client.sheets().get(SheetId::new(1)).stream_rows().await?;
    let mut rows = Vec::new();
    while let Some(row) = stream.next().await {
        rows.push(row?);
    }
    assert!(stream.next().await.is_none());
    let mut sheet = stream.sheet().clone();
    sheet.rows = rows;
    Ok(sheet)
}

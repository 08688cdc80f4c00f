//! A key that was entered never comes out again.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt;
use serde_json::json;

use crate::browser::Reply;
use crate::described::operations;
use crate::site::{Site, TOKEN};

const KEY: &str = "planted-key-6f1d2c3b4a59";

/// What of it may be seen: as much as is shown of a key.
const SHOWN: &str = "4a59";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn hidden(what: &str, text: &str) {
    for secret in [KEY, &KEY[..KEY.len() - 4], TOKEN] {
        assert!(!text.contains(secret), "{what} tells {secret}: {text}");
    }
}

fn looked_at(what: &str, reply: &Reply) {
    hidden(what, &format!("{:?} {}", reply.headers, String::from_utf8_lossy(&reply.body)));
}

#[tokio::test]
async fn no_answer_stream_or_log_has_it() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let site = Site::guarded().await;
    site.stranger().log_in(&format!("{TOKEN} ")).await;
    looked_at("a failed login", &site.stranger().log_in(KEY).await);
    let visitor = site.logged_in().await;
    let stream = visitor.open(visitor.request("GET", "api/stream").body(Body::empty()).unwrap()).await;
    let stream = tokio::spawn(stream.into_body().into_data_stream().collect::<Vec<_>>());
    // Nothing answers there, and what would would not do.
    for (integration, values) in [
        ("placer", json!({ "PLACER_API_KEY": KEY, "PLACER_API_URL": "http://127.0.0.1:9" })),
        ("qrtiger", json!({ "QRTIGER_API_KEY": KEY, "QRTIGER_API_URL": "http://127.0.0.1:9" })),
        (
            "smartsheet",
            json!({ "SMARTSHEET_ACCESS_TOKEN": KEY, "SMARTSHEET_API_URL": "http://127.0.0.1:9",
                            "SMARTSHEET_WORKSPACE_ID": "1" }),
        ),
        (
            "brandscopic",
            json!({ "BRANDSCOPIC_HOST": "127.0.0.1:9", "BRANDSCOPIC_EMAIL": "a@b.example",
                                "BRANDSCOPIC_PASSWORD": KEY, "BRANDSCOPIC_COMPANY_ID": "1" }),
        ),
    ] {
        let path = format!("api/integrations/{integration}/settings");
        let reply = visitor.put(&path, &json!({ "values": values })).await;
        looked_at(&path, &reply);
        if integration != "brandscopic" {
            assert!(String::from_utf8_lossy(&reply.body).contains(SHOWN), "{reply:?}");
        }
        for wrong in
            [json!({ "values": KEY }), json!([KEY]), json!({ "contract": KEY }), json!({ "values": { "X": KEY } })]
        {
            let reply = visitor.put(&path, &wrong).await;
            looked_at(&path, &reply);
        }
    }
    for (method, path) in operations().into_iter().filter(|(method, path)| method == "POST" && !path.contains("log")) {
        looked_at(&path, &visitor.bare(&method, &path).await);
    }
    while site.hub.syncs(None, None, 10).await.unwrap().iter().any(|sync| sync.ended_at.is_none()) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for integration in ["brandscopic", "placer", "qrtiger", "smartsheet"] {
        for rest in ["", "/settings", "/errors"] {
            let path = format!("api/integrations/{integration}{rest}");
            looked_at(&path, &visitor.get(&path).await);
        }
    }
    for (_, path) in operations().into_iter().filter(|(method, path)| method == "GET" && path != "api/stream") {
        looked_at(&path, &visitor.get(&path).await);
    }
    visitor.post("api/logout").await;
    let pieces = stream.await.unwrap();
    let told: Vec<u8> = pieces.into_iter().flat_map(|piece| piece.unwrap()).collect();
    assert!(told.len() > 1000, "{}", told.len());
    hidden("the stream", &String::from_utf8_lossy(&told));
    let log = log.0.lock().unwrap();
    assert!(!log.is_empty());
    hidden("the log", &String::from_utf8_lossy(&log));
    hidden("the hub", &format!("{:?} {:?}", site.hub, site.router));
}

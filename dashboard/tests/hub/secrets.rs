//! A secret that is entered is in no file, no log and no answer.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use connectors_core::{Error, ErrorKind, Result};
use connectors_dashboard::{IntegrationHub, Provider, Seen, SettingsChange, Store, Vault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tracing_subscriber::fmt::MakeWriter;

use super::campaign;

/// Long enough that no part of it is there by chance, but for the end that is shown.
const PLANTED: &str = "xK7pQ2vM9wR4tY6uI1oP3aS5dF8gH0jLbeef";
const PASSWORD: &str = "Zq8mN3bV6cX1zL4kJ7hG2fD5sA9pO0iUcafe";

/// What may not be anywhere: the secret, but for its last four characters.
fn found(what: &[u8], secret: &str) -> bool {
    let part = &secret.as_bytes()[secret.len() - 12..secret.len() - 4];
    what.windows(part.len()).any(|window| window == part)
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A provider that repeats everything that it was sent in its answers.
async fn parrot(status: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = vec![0; 16_384];
                let read = socket.read(&mut request).await.unwrap();
                let said =
                    String::from_utf8_lossy(&request[..read]).replace('\r', "").replace('\n', " ").replace('"', "'");
                let body = format!(r#"{{"errorCode": 1002, "message": "{said}", "error": "{said}", "refId": "r-1"}}"#);
                let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\n");
                let answer = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
                socket.write_all(answer.as_bytes()).await.unwrap();
            });
        }
    });
    format!("http://{address}")
}

async fn open(path: &Path) -> Result<IntegrationHub> {
    let builder = IntegrationHub::builder(Store::open(path)?, Arc::new(campaign()));
    builder.vault(Vault::with_key_file(path.with_extension("key"))?).build().await
}

/// Everything that the hub tells anybody.
async fn everything(hub: &IntegrationHub) -> Vec<u8> {
    let mut all = Vec::new();
    let mut add = |value: serde_json::Value| all.extend(serde_json::to_vec(&value).unwrap());
    add(serde_json::to_value(hub.cards().await.unwrap()).unwrap());
    add(serde_json::to_value(hub.charts().await.unwrap()).unwrap());
    add(serde_json::to_value(hub.activity(None, None, None, 200).await.unwrap()).unwrap());
    let syncs = hub.syncs(None, None, 200).await.unwrap();
    for sync in &syncs {
        add(serde_json::to_value(hub.items(sync.id).await.unwrap()).unwrap());
    }
    add(serde_json::to_value(syncs).unwrap());
    for provider in Provider::ALL {
        add(serde_json::to_value(hub.settings(provider.id).await.unwrap()).unwrap());
        add(serde_json::to_value(hub.failures(provider.id, None, 200).await.unwrap()).unwrap());
    }
    all.extend(format!("{hub:?}").bytes());
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn not_even_from_a_provider_that_repeats_what_it_was_sent() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    tracing::subscriber::set_global_default(subscriber.with_writer(log.clone()).finish()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dashboard.db");
    let hub = open(&path).await.unwrap();
    let mut watch = hub.watch(None);
    let mut told = Vec::new();
    let mut errors: Vec<Error> = Vec::new();
    for status in ["401 Unauthorized", "400 Bad Request", "200 OK", "404 Not Found"] {
        let url = parrot(status).await;
        let change = |values: &[(&str, &str)]| {
            values.iter().fold(SettingsChange::new(), |change, (name, value)| change.set(*name, (*value).to_owned()))
        };
        let changes = [
            (
                "smartsheet",
                change(&[
                    ("SMARTSHEET_ACCESS_TOKEN", PLANTED),
                    ("SMARTSHEET_API_URL", &url),
                    ("SMARTSHEET_WORKSPACE_ID", "7"),
                ]),
            ),
            ("placer", change(&[("PLACER_API_KEY", PLANTED), ("PLACER_API_URL", &url)])),
            ("qrtiger", change(&[("QRTIGER_API_KEY", PLANTED), ("QRTIGER_API_URL", &url)])),
            (
                "brandscopic",
                change(&[
                    ("BRANDSCOPIC_HOST", &url),
                    ("BRANDSCOPIC_EMAIL", "anna@fizz.example"),
                    ("BRANDSCOPIC_PASSWORD", PASSWORD),
                ]),
            ),
        ];
        for (integration, change) in changes {
            assert!(!found(format!("{change:?}").as_bytes(), PLANTED));
            hub.configure(integration, change).await.unwrap();
            match hub.test(integration).await {
                Ok(report) => told.extend(serde_json::to_vec(&report).unwrap()),
                Err(error) => errors.push(error),
            }
            let sync = hub.sync(integration).await.unwrap();
            super::ended(&hub, &sync).await;
            super::card_when(&hub, integration, |card| card.running.is_none()).await;
            // What is refused repeats nothing either.
            let bad = SettingsChange::new().set("SMARTSHEET_ACCESS_TOKEN", format!("{PLANTED}\u{7}x"));
            errors.push(hub.configure("smartsheet", bad).await.unwrap_err());
        }
        told.extend(everything(&hub).await);
    }
    hub.close().await;
    while let Ok(Some(Seen::Update(message))) =
        tokio::time::timeout(std::time::Duration::from_millis(300), watch.next()).await
    {
        told.extend(message.json.bytes());
    }
    for error in &errors {
        told.extend(format!("{error} {error:#} {error:?} {:?} {:?}", error.hint(), error.field()).bytes());
    }
    for secret in [PLANTED, PASSWORD] {
        assert!(!found(&told, secret), "told");
        let log = log.0.lock().unwrap();
        assert!(log.len() > 10_000, "nothing was logged");
        assert!(!found(&log, secret), "logged");
    }
    // While the database is open, and after.
    let mut files = 0;
    for _ in 0..2 {
        for file in fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap().path();
            let bytes = fs::read(&file).unwrap();
            for secret in [PLANTED, PASSWORD] {
                assert!(!found(&bytes, secret), "{}", file.display());
            }
            files += 1;
        }
        if files <= 3 {
            let _ = rusqlite::Connection::open(&path).map(drop);
        }
    }
    assert!(files >= 4, "the database, its log, the key");

    // It was there all the time.
    drop(hub);
    let hub = open(&path).await.unwrap();
    let settings = hub.settings("smartsheet").await.unwrap();
    assert!(settings.fields.iter().any(|field| field.value.as_deref() == Some("••••beef")), "{settings:?}");
}

#[tokio::test]
async fn what_is_sealed_for_one_place_does_not_open_in_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dashboard.db");
    let hub = open(&path).await.unwrap();
    hub.configure("qrtiger", SettingsChange::new().set("QRTIGER_API_KEY", PLANTED)).await.unwrap();
    hub.close().await;
    drop(hub);
    // Whoever can write the file moves the key to where it would be shown.
    let database = rusqlite::Connection::open(&path).unwrap();
    database.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    let swap = "INSERT INTO settings SELECT integration, 'QRTIGER_API_URL', value FROM settings
        WHERE name = 'QRTIGER_API_KEY'";
    assert_eq!(database.execute(swap, []).unwrap(), 1);
    drop(database);
    let hub = open(&path).await.unwrap();
    assert!(!found(&everything(&hub).await, PLANTED));
    assert_eq!(hub.test("qrtiger").await.unwrap_err().kind(), ErrorKind::Storage);
}

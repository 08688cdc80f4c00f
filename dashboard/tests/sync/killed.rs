//! The program, killed in the middle of its syncs, and started again on what it has left.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use connectors_core::{Campaign, SystemClock};
use connectors_mock::{MockBrandscopic, MockQrTiger, MockServer, MockSmartsheet};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{campaign, codes_of, counted, events_of, ids, rows_of};

const KEY: &str = "mock-key";

/// The program at work, and a session with it. It dies with this.
struct Program {
    child: Child,
    address: String,
    cookie: String,
    csrf: String,
}

impl Program {
    async fn start(folder: &Path, vars: &BTreeMap<&str, String>) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_connectors-dashboard"))
            .args(["--listen", "127.0.0.1:0", "--no-sample", "--database"])
            .arg(folder.join("dashboard.db"))
            .arg("--key-file")
            .arg(folder.join("dashboard.key"))
            .arg("--campaign")
            .arg(folder.join("campaign.json"))
            .env_clear()
            .envs(vars)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        let mut program = Self { child, address, cookie: String::new(), csrf: String::new() };
        let (head, session) = program.ask("GET", "session").await;
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect(&head);
        cookie.split(';').next().unwrap().clone_into(&mut program.cookie);
        session["csrf"].as_str().unwrap().clone_into(&mut program.csrf);
        program
    }

    async fn ask(&self, method: &str, path: &str) -> (String, Value) {
        let Self { address, cookie, csrf, .. } = self;
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "{method} /api/{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncookie: {cookie}\r\n\
             x-csrf-token: {csrf}\r\ncontent-length: 0\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 20"), "{method} {path}: {answer}");
        (head.to_owned(), serde_json::from_str(body).unwrap())
    }

    async fn get(&self, path: &str) -> Value {
        self.ask("GET", path).await.1
    }

    async fn post(&self, path: &str) -> Value {
        self.ask("POST", path).await.1
    }

    async fn ended(&self, sync: &Value) -> Value {
        loop {
            let now = self.get(&format!("syncs/{}", sync["id"])).await;
            if !now["endedAt"].is_null() {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// By a signal that it cannot know of.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The campaign, as people write it.
fn file(campaign: &Campaign) -> Value {
    let mut venues = BTreeMap::new();
    let events: Vec<_> = campaign
        .events
        .iter()
        .map(|event| {
            let venue = &event.venue;
            venues.entry(venue.id.clone()).or_insert_with(|| {
                json!({
                    "id": venue.id, "name": venue.name, "city": venue.city, "country": venue.country,
                    "timeZone": event.time_zone.to_string(),
                })
            });
            json!({
                "id": event.id, "name": event.name, "venue": venue.id, "destination": event.destination.as_str(),
                "startsAt": event.starts_at, "endsAt": event.ends_at,
            })
        })
        .collect();
    json!({
        "id": campaign.id, "name": campaign.name, "client": campaign.client, "region": campaign.region,
        "venues": venues.into_values().collect::<Vec<_>>(), "events": events,
    })
}

/// Kills the program once the fake of an integration has seen so many requests to an operation.
async fn killed(integration: &str, operation: &str, requests: usize) {
    let (campaign, clock) = (campaign(24), Arc::new(SystemClock));
    let brandscopic = MockBrandscopic::builder().clock(clock.clone()).build().unwrap();
    let smartsheet = MockSmartsheet::builder().clock(clock.clone()).build().unwrap();
    let qrtiger = MockQrTiger::builder().clock(clock).build().unwrap();
    let backends = [("/b", brandscopic.backend()), ("/s", smartsheet.backend()), ("/q", qrtiger.backend())];
    let server = MockServer::start(backends.map(|(prefix, backend)| (prefix, backend.clone()))).await.unwrap();
    let backend = match integration {
        "brandscopic" => brandscopic.backend(),
        "smartsheet" => smartsheet.backend(),
        _ => qrtiger.backend(),
    };
    // The rows go in one request: it has to be under way for long enough.
    backend.latency(Duration::from_millis(if integration == "smartsheet" { 2000 } else { 150 }));
    let vars = BTreeMap::from([
        ("BRANDSCOPIC_API_KEY", KEY.to_owned()),
        ("BRANDSCOPIC_API_URL", format!("{}/v1", server.url("/b"))),
        ("SMARTSHEET_ACCESS_TOKEN", KEY.to_owned()),
        ("SMARTSHEET_API_URL", format!("{}/2.0", server.url("/s"))),
        ("SMARTSHEET_WORKSPACE_ID", smartsheet.workspace_id().to_string()),
        ("QRTIGER_API_KEY", KEY.to_owned()),
        ("QRTIGER_API_URL", server.url("/q")),
    ]);
    let name = format!("connectors-dashboard-killed-{}-{integration}-{requests}", std::process::id());
    let folder: PathBuf = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("campaign.json"), file(&campaign).to_string()).unwrap();

    let program = Program::start(&folder, &vars).await;
    let sync = program.post(&format!("integrations/{integration}/sync")).await;
    while backend.count(operation) < requests {
        let now = program.get(&format!("syncs/{}", sync["id"])).await;
        assert!(now["endedAt"].is_null(), "it ended before {requests} of {operation}: {now}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    program.kill();
    // What is on the way by then is carried out all the same.
    tokio::time::sleep(Duration::from_millis(300)).await;
    backend.latency(Duration::ZERO);

    let program = Program::start(&folder, &vars).await;
    let left = program.get(&format!("syncs/{}", sync["id"])).await;
    assert_eq!((left["state"].as_str(), left["resumable"].as_bool()), (Some("interrupted"), Some(true)), "{left}");
    let items = program.get(&format!("syncs/{}/items", sync["id"])).await;
    let unknown = items.as_array().unwrap().iter().filter(|item| item["state"] == "unknown");
    let unknown: Vec<_> = unknown.map(|item| item["event"].as_str().unwrap().to_owned()).collect();
    assert_eq!(left["unknown"].as_u64(), Some(unknown.len() as u64));
    assert!(!unknown.is_empty(), "something was under way: {left}");

    program.post(&format!("syncs/{}/resume", sync["id"])).await;
    let done = program.ended(&sync).await;
    let items = program.get(&format!("syncs/{}/items", sync["id"])).await;
    let held = counted(match integration {
        "brandscopic" => events_of(&brandscopic),
        "smartsheet" => rows_of(&smartsheet).await,
        _ => codes_of(&qrtiger),
    });
    assert!(held.values().all(|times| *times == 1), "made twice: {held:?}");
    if integration == "brandscopic" {
        // What a gateway was told of and did not answer cannot be looked up: it is listed, and nothing else is.
        let listed = items.as_array().unwrap().iter().filter(|item| item["state"] == "unknown");
        let listed: Vec<_> = listed.map(|item| item["event"].as_str().unwrap().to_owned()).collect();
        assert!(listed.iter().all(|event| unknown.contains(event)) && listed.len() <= 4, "{listed:?} {unknown:?}");
        assert_eq!(done["unknown"].as_u64(), Some(listed.len() as u64), "{done}");
        for id in ids(&campaign).iter().filter(|id| !listed.contains(id)) {
            assert_eq!(held.get(id), Some(&1), "{id} is lost: {done}");
        }
    } else {
        assert_eq!((done["state"].as_str(), held.len()), (Some("succeeded"), 24), "{done} {items}");
    }
    program.kill();
    server.stop().await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// At once, since a create that was never sent is believed to be absent only after half a minute.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_made_twice_by_a_program_that_is_killed() {
    tokio::join!(
        killed("brandscopic", "events.create", 1),
        killed("brandscopic", "events.create", 10),
        killed("brandscopic", "events.get", 21),
        killed("qrtiger", "campaigns.create", 2),
        killed("qrtiger", "campaigns.create", 13),
        killed("smartsheet", "rows.add", 1),
    );
}

//! Smartsheet's own acceptance scenarios, by the real client over a real socket. See `README.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod current;
mod legacy;
mod rows;
mod whole;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::future::IntoFuture;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use connectors_core::Result;
use connectors_smartsheet::SmartsheetClient;
use futures_util::FutureExt;
use http::{HeaderName, HeaderValue, Method};
use serde_json::{Value, json};

#[tokio::test]
async fn the_real_client_passes_the_acceptance_scenarios() {
    let folder = std::env::var_os("SMARTSHEET_ACCEPTANCE_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/acceptance"), PathBuf::from);
    let Some(server) = Server::start(&folder) else {
        let required = std::env::var("CONNECTORS_REQUIRE_ALL").is_ok_and(|value| value == "1");
        assert!(!required, "python3 is needed to run the acceptance scenarios");
        eprintln!("SKIPPED: the acceptance scenarios of Smartsheet need python3");
        return;
    };
    let client = SmartsheetClient::builder().access_token("acceptance").api_url(&server.url).build().unwrap();
    let stubs = stubs(&folder.join("wiremock-root/mappings"));
    assert!(stubs.len() >= 45, "only {} scenarios in {}", stubs.len(), folder.display());
    let (mut replayed, mut failed) = (BTreeSet::new(), BTreeSet::new());
    for (number, stub) in stubs.iter().enumerate() {
        let id = format!("acceptance-{number}");
        let case = Case { stub, client: &client, admin: &server.admin, id };
        let pass = async {
            if !(rows::passes(&case).await || legacy::passes(&case).await || current::passes(&case).await) {
                replayed.insert(stub.name());
                replay(&case).await;
            }
        };
        // All of them, whatever one says.
        if AssertUnwindSafe(pass).catch_unwind().await.is_err() {
            failed.insert(stub.name());
        }
    }
    assert!(failed.is_empty(), "failed: {failed:#?}");
    eprintln!("{} scenarios passed; by the passthrough alone: {replayed:#?}", stubs.len());
}

/// A scenario, and the client to pass it.
struct Case<'a> {
    stub: &'a Stub,
    client: &'a SmartsheetClient,
    /// Where the server tells what it was asked.
    admin: &'a str,
    /// Sent with every request, to find what was sent.
    id: String,
}

/// Gives a request the headers that choose the scenario.
macro_rules! asking {
    ($case:expr, $request:expr) => {
        $request
            .header($case.stub.header.0.clone(), ::http::HeaderValue::from_str($case.name()).unwrap())
            .header(::http::HeaderName::from_static("x-request-id"), ::http::HeaderValue::from_str(&$case.id).unwrap())
    };
}
pub(crate) use asking;

impl Case<'_> {
    fn name(&self) -> &str {
        self.stub.name()
    }

    /// Makes the call, which must succeed and hold everything that the scenario answers, except what is `hidden`: by
    /// JSON pointers, of which each hides what is below it.
    async fn answer<T, F>(&self, hidden: &[&str], call: impl Fn(&SmartsheetClient) -> F) -> T
    where
        T: Debug,
        F: IntoFuture<Output = Result<T>>,
    {
        let answer = call(self.client).await.unwrap_or_else(|error| panic!("{}: {error:#}", self.name()));
        whole::check(self.name(), &self.stub.response["jsonBody"], hidden, &answer, call).await;
        answer
    }

    /// What was sent: method, path with query, and body.
    async fn sent(&self) -> (String, String, Value) {
        let wanted = json!({ "headers": { "x-request-id": { "equalTo": self.id } } });
        let admin = SmartsheetClient::builder().access_token("acceptance").api_url(self.admin).build().unwrap();
        let found = admin.request(&Method::POST, "/requests/find").json(&wanted).send::<Value>().await.unwrap();
        let requests = found["requests"].as_array().unwrap();
        assert_eq!(requests.len(), 1, "{} was asked {} times", self.name(), requests.len());
        let text = |name: &str| requests[0][name].as_str().unwrap().to_owned();
        (text("method"), text("url"), serde_json::from_str(&text("body")).unwrap_or(Value::Null))
    }

    /// As [`answer`](Self::answer); the request must have been this one.
    async fn answer_to<T, F>(
        &self,
        request: (&str, &str, Value),
        hidden: &[&str],
        call: impl Fn(&SmartsheetClient) -> F,
    ) -> T
    where
        T: Debug,
        F: IntoFuture<Output = Result<T>>,
    {
        let answer = self.answer(hidden, call).await;
        let sent = self.sent().await;
        assert_eq!((sent.0.as_str(), sent.1.as_str(), sent.2), request, "{}", self.name());
        answer
    }
}

/// What a scenario wants to be asked, and what it answers.
#[derive(Debug)]
struct Stub {
    /// The header that chooses it, and its name.
    header: (HeaderName, String),
    request: Value,
    response: Value,
}

fn stubs(folder: &Path) -> Vec<Stub> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of the mappings") {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(stubs(&path));
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let mapping: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let chosen = ["Api-Scenario", "x-test-name"].into_iter().find_map(|header| {
                let name = mapping["request"]["headers"][header]["equalTo"].as_str()?;
                Some((header.parse().unwrap(), name.to_owned()))
            });
            let header = chosen.unwrap_or_else(|| panic!("{} is chosen by no header", path.display()));
            found.push(Stub { header, request: mapping["request"].clone(), response: mapping["response"].clone() });
        }
    }
    found.sort_by(|one, other| one.header.1.cmp(&other.header.1));
    found
}

impl Stub {
    fn name(&self) -> &str {
        &self.header.1
    }
}

/// A scenario without a typed method: what it wants to be asked goes through the passthrough, and its whole answer must come back.
async fn replay(case: &Case<'_>) {
    let (client, stub) = (case.client, case.stub);
    let request = &stub.request;
    let method: Method = request["method"].as_str().unwrap_or("GET").parse().unwrap();
    let path =
        ["urlPath", "urlPathTemplate", "urlPathPattern"].into_iter().find_map(|kind| request[kind].as_str()).unwrap();
    let path = path.trim_end_matches("\\/?").trim_start_matches("/2.0");
    let path: Vec<_> = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect();
    let mut call = asking!(case, client.request(&method, &path.join("/")));
    for (name, value) in request["queryParameters"].as_object().into_iter().flatten() {
        call = call.query(name, value["equalTo"].as_str().unwrap());
    }
    let wanted =
        request["bodyPatterns"].as_array().into_iter().flatten().find_map(|pattern| pattern.get("equalToJson"));
    call = match wanted {
        Some(Value::String(text)) => call.body(HeaderValue::from_static("application/json"), text.clone()),
        Some(json) => call.json(json),
        None if request["headers"].get("Content-Type").is_some() => {
            call.body(HeaderValue::from_static("application/json"), "")
        }
        None => call,
    };
    let outcome = call.send::<Value>().await;
    let status = stub.response["status"].as_u64().unwrap_or(200);
    match outcome {
        Ok(answer) => {
            assert_eq!(*answer, stub.response["jsonBody"], "{}", stub.name());
            assert_eq!(u64::from(answer.meta().status.as_u16()), status, "{}", stub.name());
        }
        Err(error) => {
            let code = stub.response["jsonBody"]["errorCode"].as_u64().map(|code| code.to_string());
            assert_eq!(error.status().map(|s| u64::from(s.as_u16())), Some(status), "{}: {error:#}", stub.name());
            assert_eq!(error.code(), code.as_deref(), "{}: {error:#}", stub.name());
        }
    }
}

/// The stub server, stopped when it is dropped.
struct Server {
    process: Child,
    url: String,
    admin: String,
}

impl Server {
    /// `None` without Python.
    fn start(folder: &Path) -> Option<Self> {
        // The port is free when it is asked for and may not be a moment later: then the next one is tried.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut process = Command::new("python3")
                .arg(folder.join("serve.py"))
                .args(["--port", &port.to_string(), "--root"])
                .arg(folder.join("wiremock-root"))
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .ok()?;
            let mut line = String::new();
            BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let base = format!("http://127.0.0.1:{port}");
            let server = Self { process, url: format!("{base}/2.0"), admin: format!("{base}/__admin") };
            if line.contains("stubs on") {
                return Some(server);
            }
        }
        panic!("the stub server does not start");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

//! The program, and requests to it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use url::Url;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_connectors-mock"));
    command.arg("serve").args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What it says when it does not get as far as serving.
pub fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = command(arguments).output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

/// A file that is not there yet.
pub fn new_file() -> PathBuf {
    static FILES: AtomicU32 = AtomicU32::new(0);
    let number = FILES.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("connectors-mock-{}-{number}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder.join("k3y-Xy9Zk2Lm8Qp4Rt7Vb1Nc6.json")
}

/// Whether this becomes true before long.
pub fn soon(mut is_true: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if is_true() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

/// The program at work.
pub struct Program {
    child: Child,
    pub urls: Vec<String>,
}

impl Program {
    /// All services below one port.
    pub fn all(arguments: &[&str]) -> Self {
        Self::start(&[&["--port", "0"], arguments].concat(), 4)
    }

    /// So many services.
    pub fn start(arguments: &[&str], services: usize) -> Self {
        let mut child = command(arguments).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let urls: Vec<_> = lines.take(services).map(Result::unwrap).collect();
        assert_eq!(urls.len(), services, "it ended: {:?}", child.wait());
        Self { child, urls }
    }

    /// Two services, each on its own port.
    pub fn two(arguments: &[&str]) -> Self {
        Self::start(&[&["--placer", "0", "--qrtiger", "0"], arguments].concat(), 2)
    }

    /// The base URL of a service.
    pub fn url(&self, service: &str) -> String {
        self.service(service)["url"].as_str().unwrap().to_owned()
    }

    pub fn root(&self) -> String {
        Url::parse(&self.urls[0]).unwrap().join("/").unwrap().into()
    }

    /// Asks the control API.
    pub fn control(&self, method: &str, path: &str, body: &str) -> Answer {
        ask(method, &format!("{}__mock/{path}", self.root()), &[], body)
    }

    /// The same, which is to succeed.
    pub fn does(&self, method: &str, path: &str, body: &str) -> Value {
        let answer = self.control(method, path, body);
        assert!((200..300).contains(&answer.status), "{method} {path}: {answer:?}");
        answer.json()
    }

    /// What is told of a service.
    pub fn service(&self, name: &str) -> Value {
        self.does("GET", name, "")
    }

    /// Makes a QR code, by the name of where it leads.
    pub fn make_code(&self, destination: &str) -> Answer {
        let body = format!(
            r#"{{"qr": {{"size": 500}}, "qrUrl": "https://example.com/{destination}", "qrType": "qr2", "qrCategory": "url"}}"#
        );
        ask("POST", &format!("{}/api/campaign/", self.url("qrtiger")), &KEY, &body)
    }

    pub fn codes(&self) -> u64 {
        self.service("qrtiger")["holds"]["codes"].as_u64().unwrap()
    }

    /// Ends it as services are ended: its status, and what it said.
    pub fn end(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code(), said)
    }

    /// Ends it without giving it any time.
    pub fn kill(mut self) {
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

pub const KEY: [(&str, &str); 2] = [("authorization", "Bearer mock-key"), ("x-api-key", "mock-key")];

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|problem| panic!("{problem}: {self:?}"))
    }

    /// What is wrong with which member.
    pub fn problem(&self) -> (u16, String, String) {
        let told = self.json();
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        (self.status, text("field"), text("error"))
    }
}

/// One request on a connection of its own. A header that is given replaces the usual one.
pub fn ask(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let url = Url::parse(url).unwrap();
    let place = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let path = &url[url::Position::BeforePath..];
    let usual = [("host", place.as_str()), ("accept", "*/*"), ("content-type", "application/json")];
    let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    let replaced = |name: &str| headers.iter().any(|(given, _)| *given == name);
    for (name, value) in usual.iter().filter(|(name, _)| !replaced(name)).chain(headers) {
        head.extend([name, ": ", value, "\r\n"]);
    }
    let mut stream = TcpStream::connect(place).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // A server that has heard enough may answer before all is sent.
    let _ = stream.write_all(format!("{head}\r\n{body}").as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

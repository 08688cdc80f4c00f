//! The program.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::site::TOKEN;

/// A folder to work in, gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("dashboard-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_connectors-dashboard"));
        command.current_dir(&self.0).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        for (name, _) in std::env::vars() {
            if ["SMARTSHEET_", "PLACER_", "QRTIGER_", "BRANDSCOPIC_", "CONNECTORS_"].iter().any(|p| name.starts_with(p))
            {
                command.env_remove(name);
            }
        }
        command
    }

    /// It ends by itself, with this status.
    fn fails(&self, arguments: &[&str], status: i32) -> String {
        let Output { status: ended, stdout, stderr } = self.command(arguments).output().unwrap();
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!(ended.code(), Some(status), "{stderr}");
        assert!(stdout.is_empty(), "it has said where it is");
        stderr
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program at work.
struct Running {
    child: Child,
    _stdout: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let (mut stdout, mut line) = (BufReader::new(child.stdout.take().unwrap()), String::new());
        stdout.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").and_then(|line| line.strip_suffix('/'));
        let Some(address) = address else {
            let mut stderr = String::new();
            child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
            panic!("{line:?} is no address: {stderr}");
        };
        Self { address: address.parse().unwrap(), child, _stdout: stdout }
    }

    fn ask(&self, head: &str, body: &str) -> String {
        let mut socket = TcpStream::connect(self.address).unwrap();
        let length = body.len();
        write!(
            socket,
            "{head}\r\nhost: {}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    }

    #[cfg(unix)]
    fn terminate(mut self) -> (Option<i32>, String) {
        assert!(Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status().unwrap().success());
        let mut stderr = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        (self.child.wait().unwrap().code(), stderr)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const ANY: [&str; 2] = ["--listen", "127.0.0.1:0"];

#[test]
#[cfg(unix)]
fn it_says_where_it_is_and_on_what_and_ends_when_it_is_told_to() {
    let folder = Folder::new();
    let program = Running::start(folder.command(&ANY));
    assert!(program.ask("GET / HTTP/1.1", "").starts_with("HTTP/1.1 200 OK\r\n"));
    let session = program.ask("GET /api/session HTTP/1.1", "");
    assert!(session.contains(r#""loggedIn":true"#), "{session}");
    let cookie = session.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    let cookie = cookie.split(';').next().unwrap();
    // An open stream does not keep it from ending.
    let mut stream = TcpStream::connect(program.address).unwrap();
    write!(stream, "GET /api/stream HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\n\r\n", program.address).unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "HTTP/1.1 200 OK");
    let (status, stderr) = program.terminate();
    assert_eq!(status, Some(0), "{stderr}");
    assert_eq!(stderr.matches("sample data").count(), 5, "{stderr}");
    assert!(stderr.contains("connectors-dashboard.db"), "{stderr}");
    lines.for_each(drop);
}

#[test]
fn other_machines_take_a_token() {
    let folder = Folder::new();
    let said = folder.fails(&["--listen", "0.0.0.0:0"], 2);
    assert!(said.contains("CONNECTORS_DASHBOARD_TOKEN") && said.contains("--token-file"), "{said}");
    folder.write("empty", "\n");
    folder.fails(&["--token-file", "empty"], 2);
    folder.write("short", "fifteen charact\n");
    assert!(folder.fails(&["--token-file", "short"], 2).contains("16 characters"));
    folder.fails(&["--token", TOKEN], 2);
    // Who comes through a proxy on this machine seems to be on it.
    assert!(folder.fails(&[ANY[0], ANY[1], "--behind-tls"], 2).contains("--token-file"));
    assert!(folder.fails(&["--token-file", "nowhere"], 1).contains("nowhere"));
}

#[test]
#[cfg(unix)]
fn a_token_or_a_key_that_is_no_text_is_not_taken_for_none() {
    use std::os::unix::ffi::OsStrExt;

    let folder = Folder::new();
    for name in ["CONNECTORS_DASHBOARD_TOKEN", "CONNECTORS_DASHBOARD_KEY"] {
        let mut command = folder.command(&ANY);
        let ended = command.env(name, std::ffi::OsStr::from_bytes(&[0xff; 32])).output().unwrap();
        let stderr = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(name), "{stderr}");
    }
}

#[test]
#[cfg(unix)]
fn the_token_comes_from_a_file_or_the_environment_and_is_not_told() {
    let folder = Folder::new();
    folder.write("token", &format!("{TOKEN}\n"));
    let mut by_env = folder.command(&["--listen", "0.0.0.0:0", "--database", "other.db"]);
    by_env.env("CONNECTORS_DASHBOARD_TOKEN", TOKEN);
    let by_file = folder.command(&["--listen", "127.0.0.1:0", "--token-file", "token"]);
    for mut program in [by_env, by_file].map(Running::start) {
        program.address.set_ip([127, 0, 0, 1].into());
        assert!(program.ask("GET /api/session HTTP/1.1", "").contains(r#""loggedIn":false"#));
        let body = format!(r#"{{"token":"{TOKEN}"}}"#);
        let answer = program.ask("POST /api/login HTTP/1.1\r\ncontent-type: application/json", &body);
        assert!(answer.contains(r#""loggedIn":true"#), "{answer}");
        // The limit knows addresses.
        let wrong = program.ask("POST /api/login HTTP/1.1\r\ncontent-type: application/json", r#"{"token":"x"}"#);
        assert!(wrong.starts_with("HTTP/1.1 401"), "{wrong}");
        let (_, stderr) = program.terminate();
        assert!(!stderr.contains(TOKEN), "{stderr}");
    }
}

#[test]
fn what_is_in_use_elsewhere_is_told() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = folder.fails(&["--listen", &address], 1);
    assert!(said.contains(&address) && said.contains("another program has this port"), "{said}");
    let _program = Running::start(folder.command(&ANY));
    let said = folder.fails(&ANY, 1);
    assert!(said.contains("used by another process") && said.contains("name another file"), "{said}");
}

#[test]
fn files_that_will_not_do_are_told() {
    let folder = Folder::new();
    let with = |argument, file| [ANY[0], ANY[1], argument, file];
    folder.write("bad.json", r#"{"name": 1}"#);
    let said = folder.fails(&with("--campaign", "bad.json"), 1);
    assert!(said.contains("bad.json"), "{said}");
    assert!(folder.fails(&with("--campaign", "nowhere.json"), 1).contains("nowhere.json cannot be read"));
    folder.write("text.db", &"this is no database, but a text of some length ".repeat(100));
    assert!(folder.fails(&with("--database", "text.db"), 1).contains("text.db"));
    folder.write("bad.key", "short");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |mode| std::fs::set_permissions(folder.0.join("bad.key"), PermissionsExt::from_mode(mode)).unwrap();
        mode(0o644);
        assert!(folder.fails(&with("--key-file", "bad.key"), 1).contains("chmod 600"));
        mode(0o600);
    }
    assert!(folder.fails(&with("--key-file", "bad.key"), 1).contains("32 bytes in Base64"));
}

#[test]
#[cfg(unix)]
fn without_sample_data_nothing_is_set_up_and_nothing_is_synced() {
    let folder = Folder::new();
    let program = Running::start(folder.command(&[&ANY[..], &["--no-sample"]].concat()));
    let (status, stderr) = program.terminate();
    assert_eq!(status, Some(0));
    assert_eq!(stderr.matches("not set up").count(), 4, "{stderr}");
    assert!(stderr.contains("--campaign"), "{stderr}");
}

#[test]
fn long_heads_are_cut_short() {
    let folder = Folder::new();
    let program = Running::start(folder.command(&ANY));
    for head in
        [format!("GET /{} HTTP/1.1", "a".repeat(5000)), format!("GET / HTTP/1.1\r\nx-much: {}", "a".repeat(40_000))]
    {
        let answer = program.ask(&head, "");
        assert!(answer.starts_with("HTTP/1.1 414") || answer.starts_with("HTTP/1.1 431"), "{}", &answer[..100]);
    }
}

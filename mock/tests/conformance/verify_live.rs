//! The program, against servers of this machine in place of the real services.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use connectors_core::SystemClock;
use connectors_mock::{
    Backend, Cassette, FakeBrandscopic, MockBrandscopic, MockPlacer, MockQrTiger, MockServer, MockSmartsheet,
};

const KEYS: [&str; 12] = [
    "SMARTSHEET_ACCESS_TOKEN",
    "SMARTSHEET_API_URL",
    "PLACER_API_KEY",
    "PLACER_API_URL",
    "PLACER_API_CONTRACT",
    "QRTIGER_API_KEY",
    "QRTIGER_API_URL",
    "BRANDSCOPIC_API_KEY",
    "BRANDSCOPIC_API_URL",
    "BRANDSCOPIC_HOST",
    "BRANDSCOPIC_EMAIL",
    "BRANDSCOPIC_PASSWORD",
];

async fn run(variables: &[(&str, String)], arguments: &[&str], out: &Path) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_connectors-mock"));
    for name in KEYS {
        program.env_remove(name);
    }
    program.args(["verify-live", "--out"]).arg(out).args(arguments).env("NO_PROXY", "127.0.0.1");
    program.envs(variables.iter().map(|(name, value)| (name, value)));
    tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap()
}

fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&directory);
    directory
}

fn files(directory: &Path) -> Vec<(String, String)> {
    let mut files: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_names_nobody_and_nothing_is_changed() {
    let clock = Arc::new(SystemClock);
    let sheets = MockSmartsheet::builder().clock(clock.clone()).build().unwrap();
    let places = MockPlacer::builder().clock(clock.clone()).build().unwrap();
    let codes = MockQrTiger::builder().clock(clock.clone()).build().unwrap();
    let events = MockBrandscopic::builder().contract(connectors_brandscopic::Contract::Native).past_events(12);
    let events = events.clock(clock).build().unwrap();
    let backends: [&Backend; 4] = [sheets.backend(), places.backend(), codes.backend(), events.backend()];
    let names = ["/smartsheet", "/placer", "/qrtiger", "/brandscopic"];
    let mounts = names.into_iter().zip(backends.map(Clone::clone));
    let server = MockServer::start(mounts).await.unwrap();
    let out = directory("verify-live");
    let variables = [
        ("SMARTSHEET_ACCESS_TOKEN", "mock-key".to_owned()),
        ("SMARTSHEET_API_URL", format!("{}/2.0", server.url("/smartsheet"))),
        ("PLACER_API_KEY", "mock-key".to_owned()),
        ("PLACER_API_URL", server.url("/placer")),
        ("QRTIGER_API_KEY", "mock-key".to_owned()),
        ("QRTIGER_API_URL", server.url("/qrtiger")),
        ("BRANDSCOPIC_HOST", server.url("/brandscopic")),
        ("BRANDSCOPIC_EMAIL", FakeBrandscopic::EMAIL.to_owned()),
        ("BRANDSCOPIC_PASSWORD", FakeBrandscopic::PASSWORD.to_owned()),
    ];
    let venue = MockPlacer::venue_ids().remove(0).to_string();
    let output = run(&variables, &["--venue", &venue], &out).await;
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{errors}");
    for backend in backends {
        let journal = backend.journal();
        let writes: Vec<_> = journal.iter().filter(|entry| entry.write).collect();
        assert!(writes.is_empty(), "{writes:?}");
        assert!((1..=60).contains(&journal.total()), "{said}");
    }
    assert!(said.contains("Before you send any of it") && said.contains("answers compared with the fake's"), "{said}");
    let files = files(&out);
    assert_eq!(files.len(), 12, "{said}");
    for (name, text) in &files {
        assert!(said.contains(name.as_str()), "{name} is told: {said}");
        for secret in [
            "mock-key",
            "mock-token",
            "Bearer",
            "Mona",
            "Mock",
            FakeBrandscopic::EMAIL,
            FakeBrandscopic::PASSWORD,
            "127.0.0.1",
            venue.as_str(),
        ] {
            assert!(!text.contains(secret), "{secret} in {name}: {text}");
        }
        let elsewhere = |word: &str| word.contains('@') && !word.contains("@example.com");
        assert!(!text.split(|c: char| c.is_whitespace() || "\",".contains(c)).any(elsewhere), "{name}: {text}");
        if name.ends_with("cassette.json") {
            let cassette = Cassette::from_json(text).unwrap();
            assert!(!cassette.is_empty() && cassette.left_out() == 0, "{name}");
        }
    }
}

#[tokio::test]
async fn a_service_that_differs_is_named_and_the_key_is_not() {
    let out = directory("verify-live-broken");
    let mock = MockSmartsheet::builder().clock(Arc::new(SystemClock)).build().unwrap();
    mock.backend()
        .on("users.me")
        .always()
        .json(&serde_json::json!({"id": 7, "email": "anna@canary.com", "name": "Anna"}));
    mock.backend().on("workspaces.list").always().status(500);
    let server = MockServer::start([("/smartsheet", mock.backend().clone())]).await.unwrap();
    let variables = [
        ("SMARTSHEET_ACCESS_TOKEN", "mock-key".to_owned()),
        ("SMARTSHEET_API_URL", format!("{}/2.0", server.url("/smartsheet"))),
    ];
    let output = run(&variables, &["--max-requests", "20"], &out).await;
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!output.status.success() && errors.contains("smartsheet did not conform"), "{said}\n{errors}");
    assert!(said.contains("FAILED   the summary counts sheets and workspaces"), "{said}");
    assert!(said.contains("$.locale: the fake has it (text), the service did not"), "{said}");
    assert!(said.contains("placer: not asked, because PLACER_API_KEY is not set"), "{said}");
    assert!(mock.backend().journal().total() <= 20, "{said}");
    assert!(!said.contains("mock-key") && !errors.contains("mock-key"), "{said}\n{errors}");
    for (name, text) in files(&out) {
        assert!(!text.contains("Anna") && !text.contains("canary"), "{name}: {text}");
    }
}

#[tokio::test]
async fn one_service_whose_variables_are_wrong_is_told_and_the_next_is_asked() {
    let out = directory("verify-live-wrong");
    let mock = MockSmartsheet::builder().clock(Arc::new(SystemClock)).build().unwrap();
    let server = MockServer::start([("/smartsheet", mock.backend().clone())]).await.unwrap();
    let variables = [
        ("BRANDSCOPIC_HOST", "brandscopic.invalid".to_owned()),
        ("PLACER_API_KEY", "mock-key".to_owned()),
        ("PLACER_API_CONTRACT", "neither".to_owned()),
        ("SMARTSHEET_ACCESS_TOKEN", "mock-key".to_owned()),
        ("SMARTSHEET_API_URL", format!("{}/2.0", server.url("/smartsheet"))),
    ];
    let output = run(&variables, &[], &out).await;
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{said}\n{errors}");
    assert!(errors.contains("brandscopic: ") && errors.contains("BRANDSCOPIC_EMAIL"), "{errors}");
    assert!(errors.contains("placer: ") && errors.contains("PLACER_API_CONTRACT"), "{errors}");
    assert!(said.contains("smartsheet, read only conforms") && files(&out).len() == 3, "{said}\n{errors}");
}

#[tokio::test]
async fn the_deadline_ends_the_waits_of_the_client_too() {
    let out = directory("verify-live-late");
    let mock = MockSmartsheet::builder().clock(Arc::new(SystemClock)).build().unwrap();
    mock.backend().on("users.me").always().status(429).retry_after(std::time::Duration::from_secs(25));
    let server = MockServer::start([("/smartsheet", mock.backend().clone())]).await.unwrap();
    let variables = [
        ("SMARTSHEET_ACCESS_TOKEN", "mock-key".to_owned()),
        ("SMARTSHEET_API_URL", format!("{}/2.0", server.url("/smartsheet"))),
    ];
    let begun = std::time::Instant::now();
    let output = run(&variables, &["--deadline", "2"], &out).await;
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{said}");
    assert!(said.contains("not asked: 2s are over"), "{said}");
}

/// With `--values`, the report is still for everybody.
#[tokio::test]
async fn a_report_names_nobody_even_where_the_recording_does() {
    let out = directory("verify-live-values");
    let mock = MockSmartsheet::builder().clock(Arc::new(SystemClock)).build().unwrap();
    let me = serde_json::json!({"id": 7, "email": "anna@canary.com", "Canary Street": {"canary": [1]}});
    mock.backend().on("users.me").always().json(&me);
    let server = MockServer::start([("/smartsheet", mock.backend().clone())]).await.unwrap();
    let variables = [
        ("SMARTSHEET_ACCESS_TOKEN", "mock-key".to_owned()),
        ("SMARTSHEET_API_URL", format!("{}/2.0", server.url("/smartsheet"))),
    ];
    let sheet = mock.store_list_id().get().to_string();
    run(&variables, &["--values", "--sheet", &sheet], &out).await;
    for (name, text) in files(&out) {
        if name.contains("report") {
            assert!(!text.contains("anary") && !text.contains(&sheet), "{name}: {text}");
        } else {
            assert!(text.contains("Canary Street") && text.contains(&sheet), "{name}: {text}");
        }
    }
}

#[tokio::test]
async fn without_any_key_nothing_is_asked_and_it_says_which_are_missing() {
    let out = directory("verify-live-none");
    let output = run(&[], &[], &out).await;
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("SMARTSHEET_ACCESS_TOKEN is not set") && !out.exists(), "{said}");
}

use serde_json::json;

use crate::program::{KEY, Program, ask};

#[test]
fn services_are_told_with_what_clients_need() {
    let program = Program::all(&["--brandscopic-contract", "native"]);
    let told = program.does("GET", "services", "");
    let services = told["services"].as_array().unwrap();
    let names: Vec<_> = services.iter().map(|service| service["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["brandscopic", "placer", "qrtiger", "smartsheet"]);
    for service in services {
        let url = service["url"].as_str().unwrap();
        assert!(program.urls.iter().any(|known| known == url), "{url}");
        let environment = service["environment"].as_object().unwrap();
        assert!(environment.values().any(|value| value.as_str().unwrap().starts_with(url)), "{environment:?}");
        assert!(!service["holds"].as_object().unwrap().is_empty());
    }
    assert_eq!(services[0]["environment"]["BRANDSCOPIC_PASSWORD"], "mock-password");
    assert_eq!(services[2]["environment"]["QRTIGER_API_KEY"], "mock-key");
}

#[test]
fn the_journal_is_read_on_from_a_number() {
    let program = Program::all(&[]);
    for n in 0..5 {
        program.make_code(&n.to_string());
    }
    ask("GET", &format!("{}/api/campaign", program.url("qrtiger")), &KEY, "");
    let read = |query: &str| {
        let told = program.does("GET", &format!("qrtiger/journal{query}"), "");
        let requests = told["requests"].as_array().unwrap();
        let numbers: Vec<_> = requests.iter().map(|request| request["number"].as_u64().unwrap()).collect();
        (numbers, told["next"].as_u64().unwrap())
    };
    assert_eq!(read(""), (vec![1, 2, 3, 4, 5, 6], 7));
    assert_eq!(read("?limit=2"), (vec![5, 6], 7), "the last ones");
    assert_eq!(read("?since=2&limit=2"), (vec![2, 3], 4), "the next ones");
    assert_eq!(read("?since=7"), (vec![], 7));
    assert_eq!(read("?operation=campaigns.list"), (vec![6], 7));
    assert_eq!(read("?operation=campaigns.*&limit=1&since=5"), (vec![5], 6));
    program.does("DELETE", "qrtiger/journal", "");
    assert_eq!(read("").0, [] as [u64; 0]);
    program.make_code("after");
    assert_eq!(read("?since=7"), (vec![7], 8), "whoever reads on misses nothing");
    let (status, field, error) = program.control("GET", "qrtiger/journal?operation=campaign.list", "").problem();
    assert!((status, field.as_str()) == (422, "operation") && error.contains("campaigns.list"), "{error}");
    assert_eq!(program.control("GET", "qrtiger/journal?limit=0", "").problem().1, "limit");
    assert_eq!(program.control("GET", "qrtiger/journal?sinse=1", "").problem().1, "sinse");
    let operations = program.does("GET", "qrtiger/operations", "");
    assert!(operations["operations"].as_array().unwrap().contains(&json!("campaigns.create")));
}

#[test]
fn time_is_moved_on_for_all_and_a_week_rolls_over() {
    let program = Program::all(&["--no-quotas"]);
    let usage = || {
        let answer = ask("GET", &format!("{}/v1/accounts/keys/usage-status", program.url("placer")), &KEY, "").json();
        answer["usedQuota"].as_u64().unwrap()
    };
    for _ in 0..3 {
        ask("GET", &format!("{}/v1/poi?query=a", program.url("placer")), &KEY, "");
    }
    assert!(usage() >= 3);
    let told =
        |answer: &serde_json::Value| answer["now"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let before = told(&program.does("GET", "clock", ""));
    let week = chrono::TimeDelta::days(7);
    let after = program.does("POST", "clock", &json!({ "advance_ms": week.num_milliseconds() }).to_string());
    assert!(told(&after) - before >= week && told(&after) - before < week * 2);
    assert!(
        after["services"]["smartsheet"].as_str().unwrap()[..10] == after["services"]["placer"].as_str().unwrap()[..10]
    );
    assert_eq!(usage(), 0, "the week is over");
    let (status, field, _) = program.control("POST", "clock", r#"{"advance_ms": 99999999999999}"#).problem();
    assert_eq!((status, field.as_str()), (422, "advance_ms"));
    program.does("POST", "clock", r#"{"advance_ms": 3000000000000}"#);
    assert_eq!(program.control("POST", "clock", r#"{"advance_ms": 3000000000000}"#).status, 409, "too far in the end");
    assert_eq!(program.control("POST", "clock", r#"{"advance_ms": -1}"#).problem().1, "advance_ms");
}

#[test]
fn latency_chaos_and_quotas_are_set() {
    let program = Program::all(&["--latency", "1ms", "--faults", "50%"]);
    let before = program.service("placer");
    assert_eq!((&before["latency"], &before["chaos"]), (&json!("1ms"), &json!(0.5)));
    assert_eq!(program.does("PUT", "placer/latency", r#"{"latency": "2ms..3ms"}"#)["latency"], "2ms..3ms");
    assert_eq!(program.control("PUT", "placer/latency", r#"{"latency": "2"}"#).problem().1, "latency");
    assert_eq!(program.does("DELETE", "placer/chaos", "")["chaos"], json!(null));
    let refused = || {
        let url = format!("{}/v1/poi?query=a", program.url("placer"));
        (0..40).filter(|_| ask("GET", &url, &KEY, "").status == 429).count()
    };
    assert!(refused() > 0, "10 a second are too much");
    assert_eq!(program.does("PUT", "placer/quotas", r#"{"enforced": false}"#)["quotas_enforced"], false);
    assert_eq!(refused(), 0);
    assert_eq!(program.does("PUT", "placer/chaos", r#"{"ratio": 1, "seed": 3}"#)["chaos"], 1.0);
    program.does("PUT", "placer/latency", r#"{"latency": "0ms"}"#);
    let met = || program.service("placer")["faults_met"].as_object().unwrap().len();
    let url = format!("{}/v1/poi?query=a", program.url("placer"));
    assert!(
        (0..20).any(|_| {
            ask("GET", &url, &KEY, "");
            met() > 1
        }),
        "faults of several kinds"
    );
    assert_eq!(program.control("PUT", "placer/chaos", r#"{"ratio": 1.5}"#).problem().1, "ratio");
    program.does("PUT", "placer/quotas", r#"{"enforced": true}"#);
    assert_eq!(program.service("placer")["quotas_enforced"], true);
}

#[test]
fn a_webhook_is_triggered() {
    let program = Program::all(&[]);
    let body = json!({
        "name": "changes", "callbackUrl": "http://127.0.0.1:9/", "scope": "sheet", "version": 1, "events": ["*.*"],
        "scopeObjectId": ask("GET", &format!("{}/2.0/sheets", program.url("smartsheet")), &KEY, "").json()["data"][0]["id"],
    });
    let url = format!("{}/2.0/webhooks", program.url("smartsheet"));
    let made = ask("POST", &url, &KEY, &body.to_string()).json();
    let trigger = json!({ "webhook": made["result"]["id"] }).to_string();
    let (status, field, error) = program.control("POST", "smartsheet/webhooks", &trigger).problem();
    assert!((status, field.as_str()) == (422, "webhook") && error.contains("switched on"), "{error}");
    assert_eq!(program.control("POST", "placer/webhooks", "{}").status, 501);
}

#[test]
fn what_is_wrong_is_told_with_a_fitting_status() {
    let program = Program::all(&[]);
    let status = |method: &str, path: &str, body: &str| program.control(method, path, body).problem().0;
    assert_eq!(status("GET", "nothing", ""), 404);
    assert_eq!(status("GET", "smartsheet/nothing", ""), 404);
    assert_eq!(status("GET", "smartsheet/faults/99", ""), 404);
    assert_eq!(status("POST", "reset", "{"), 400);
    assert_eq!(status("POST", "reset", "{} {}"), 400);
    assert_eq!(status("POST", "reset", r#"{"sevice": "smartsheet"}"#), 422);
    assert_eq!(status("POST", "clock", ""), 422, "advance_ms is missing");
    for (method, path, allowed) in [
        ("POST", "services", "GET"),
        ("GET", "reset", "POST"),
        ("PATCH", "clock", "GET, POST"),
        ("DELETE", "smartsheet/state", "GET, PUT"),
        ("POST", "smartsheet/journal", "GET, DELETE"),
        ("PUT", "smartsheet/faults", "GET, POST, DELETE"),
    ] {
        let answer = program.control(method, path, "");
        assert_eq!(answer.status, 405, "{method} {path}");
        assert!(
            answer.head.to_lowercase().contains(&format!("allow: {allowed}\r\n").to_lowercase()),
            "{}",
            answer.head
        );
    }
    let large = " ".repeat((1 << 20) + 1);
    assert_eq!(status("POST", "reset", &large), 413);
    assert_eq!(program.control("PUT", "qrtiger/state", &large).status / 100, 4, "a state may be larger");
    assert_ne!(program.control("PUT", "qrtiger/state", &large).status, 413);
    assert_eq!(ask("GET", &format!("{}__mockery", program.root()), &[], "").status, 404);
    assert_eq!(ask("HEAD", &format!("{}__mock/services", program.root()), &[], "").body, "");
}

#[test]
fn web_pages_from_elsewhere_are_refused() {
    let program = Program::all(&[]);
    let move_on = |headers: &[(&str, &str)]| {
        ask("POST", &format!("{}__mock/clock", program.root()), headers, r#"{"advance_ms": 1}"#).status
    };
    let place = program.root().trim_end_matches('/').to_owned();
    let port = place.rsplit(':').next().unwrap();
    assert_eq!(move_on(&[("origin", "https://example.com")]), 403);
    assert_eq!(move_on(&[("origin", "null")]), 403);
    assert_eq!(move_on(&[("origin", "http://localhost:1")]), 403, "another server of this machine");
    assert_eq!(move_on(&[("host", "rebound.example.com")]), 403, "a name that leads here");
    assert_eq!(move_on(&[("host", "127.0.0.1.example.com")]), 403);
    assert_eq!(move_on(&[("host", "localhost@example.com")]), 403);
    assert_eq!(move_on(&[("origin", &place)]), 200);
    let localhost = format!("localhost:{port}");
    assert_eq!(move_on(&[("host", &localhost), ("origin", &format!("http://{localhost}"))]), 200);
}

use std::fs;

use serde_json::{Value, json};

use crate::program::{KEY, Program, ask, new_file, refused, soon};

#[test]
fn what_is_created_is_there_after_a_restart() {
    let file = new_file();
    let name = file.to_str().unwrap();
    fs::write(&file, r#"{"another": {"kept": 1.50}}"#).unwrap();
    let program = Program::two(&["--state", name]);
    program.make_code("a");
    assert_eq!(program.end().0, Some(0));
    let saved: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let members: Vec<_> = saved.as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["another", "placer", "qrtiger"]);

    let program = Program::start(&["--state", name, "--qrtiger", "0"], 1);
    assert_eq!(program.codes(), 1);
    program.does("POST", "reset", r#"{"service": "qrtiger"}"#);
    program.end();
    let text = fs::read_to_string(&file).unwrap();
    let saved_then: Value = serde_json::from_str(&text).unwrap();
    assert!(text.contains("1.50"), "what is no service of this program stays as it was");
    assert_eq!(saved_then["placer"], saved["placer"]);
    assert_ne!(saved_then["qrtiger"], saved["qrtiger"]);
}

#[test]
fn what_is_saved_is_whole_when_the_program_is_killed() {
    let file = new_file();
    let name = file.to_str().unwrap();
    let program = Program::two(&["--state", name]);
    for n in 0..30 {
        program.make_code(&n.to_string());
    }
    program.does("POST", "save", "");
    let writes = std::thread::scope(|scope| {
        let writing = scope.spawn(|| (0..20).filter(|n| program.make_code(&format!("more-{n}")).status == 200).count());
        for _ in 0..10 {
            program.does("POST", "save", "");
            let text = fs::read_to_string(&file).unwrap();
            serde_json::from_str::<Value>(&text).unwrap();
        }
        writing.join().unwrap()
    });
    program.does("POST", "save", "");
    program.make_code("lost, perhaps");
    program.kill();
    let again = Program::two(&["--state", name]);
    assert!((30 + writes as u64..=31 + writes as u64).contains(&again.codes()));
}

#[test]
fn it_saves_by_itself() {
    let file = new_file();
    let program = Program::two(&["--state", file.to_str().unwrap()]);
    program.make_code("by-itself");
    assert!(soon(|| fs::read_to_string(&file).is_ok_and(|text| text.contains("by-itself"))));
}

#[test]
fn a_state_is_carried_from_one_program_to_another() {
    let (one, other) = (Program::two(&[]), Program::two(&["--seed", "9"]));
    one.make_code("carried");
    let state = one.control("GET", "qrtiger/state", "");
    assert!(state.head.contains("application/json"));
    let (status, _, error) = other.control("PUT", "qrtiger/state", r#"{"what": "is this"}"#).problem();
    assert!(status == 422 && !error.is_empty(), "{status} {error}");
    assert_eq!(other.control("PUT", "qrtiger/state", "{").status / 100, 4);
    assert_eq!(other.codes(), 0);
    other.does("PUT", "qrtiger/state", &state.body);
    assert_eq!(other.control("GET", "qrtiger/state", "").json(), state.json());
    let (status, _, error) = one.control("POST", "save", "").problem();
    assert!(status == 409 && error.contains("--state"), "{error}");
}

#[test]
fn a_reset_leads_back_to_how_the_program_began() {
    let file = new_file();
    let setup = json!({"codes": [{"name": "Poster", "destination": "https://example.com/poster"}]});
    fs::write(&file, json!({ "qrtiger": setup }).to_string()).unwrap();
    let program = Program::two(&["--initial", file.to_str().unwrap(), "--latency", "1ms", "--no-quotas"]);
    assert_eq!(program.codes(), 1);
    program.make_code("a");
    program.does("POST", "qrtiger/seed", &setup.to_string());
    assert_eq!(program.codes(), 3);
    program.does("PUT", "qrtiger/latency", r#"{"latency": "2ms"}"#);
    program.does("POST", "qrtiger/faults", r#"{"operation": "*", "status": 500}"#);
    program.does("POST", "reset", r#"{"seed": 9}"#);
    let service = program.service("qrtiger");
    assert_eq!(service["holds"]["codes"], 1);
    assert_eq!((&service["latency"], &service["faults_pending"]), (&"1ms".into(), &0.into()));
    assert_eq!(program.service("placer")["quotas_enforced"], false);
    let (status, field, _) = program.control("POST", "qrtiger/seed", r#"{"codez": []}"#).problem();
    assert_eq!((status, field.contains("codez") || !field.is_empty()), (422, true));
    let (status, field, error) = program.control("POST", "reset", r#"{"service": "qr"}"#).problem();
    assert!(status == 422 && field == "service" && error.contains("qrtiger"), "{field} {error}");
}

#[test]
fn all_four_are_as_they_were_after_a_restart() {
    let file = new_file();
    let name = file.to_str().unwrap();
    let states = |program: &Program| {
        ["brandscopic", "placer", "qrtiger", "smartsheet"]
            .map(|service| program.control("GET", &format!("{service}/state"), "").body)
    };
    let program = Program::all(&["--state", name]);
    let begun = states(&program);
    let asks = |method, service, path, body| {
        let answer = ask(method, &format!("{}{path}", program.url(service)), &KEY, body);
        assert!((200..300).contains(&answer.status), "{answer:?}");
    };
    asks("POST", "brandscopic", "/v1/projects", r#"{"name": "Kept", "description": "", "client": "C", "region": "R"}"#);
    asks("GET", "placer", "/v1/poi?query=a", "");
    asks("POST", "smartsheet", "/2.0/workspaces", r#"{"name": "Kept"}"#);
    program.make_code("kept");
    let left = states(&program);
    assert!(begun.iter().zip(&left).all(|(begun, left)| begun != left));
    assert_eq!(program.end().0, Some(0));

    let again = Program::all(&["--state", name, "--seed", "9"]);
    assert!(states(&again) == left, "{left:?}");
    again.make_code("on");
    assert_eq!(again.codes(), 2);
}

#[test]
fn what_was_answered_is_kept_when_the_program_is_ended_meanwhile() {
    let file = new_file();
    let program = Program::two(&["--state", file.to_str().unwrap()]);
    let url = format!("{}/api/campaign/", program.url("qrtiger"));
    let body = r#"{"qr": {"size": 500}, "qrUrl": "https://example.com", "qrType": "qr2", "qrCategory": "url"}"#;
    let writing = std::thread::spawn(move || {
        // Nobody listens any more at the end.
        let ask = || std::panic::catch_unwind(|| ask("POST", &url, &KEY, body).status);
        (0..100_000).take_while(|_| ask().is_ok_and(|status| status == 200)).count()
    });
    assert!(soon(|| program.codes() > 20));
    assert_eq!(program.end().0, Some(0));
    let answered = writing.join().unwrap() as u64;
    assert!(Program::two(&["--state", file.to_str().unwrap()]).codes() >= answered);
}

#[test]
fn what_is_no_state_stays_as_it_is() {
    let file = new_file();
    for other in [r#"{"name": "a package", "qrtiger": {}}"#, "[]", ""] {
        fs::write(&file, other).unwrap();
        let (status, said) = refused(&["--port", "0", "--state", file.to_str().unwrap()]);
        assert!(status == Some(1) && said.contains("not the state of a mock"), "{said}");
        assert_eq!(fs::read_to_string(&file).unwrap(), other);
    }
}

#[test]
fn what_plainly_cannot_be_is_not_loaded() {
    let program = Program::all(&[]);
    program.make_code("a");
    for (service, member, absurd, field) in [
        ("qrtiger", "made", json!(u64::MAX), "state.made"),
        ("qrtiger", "codes", json!("0001-01-01T00:00:00Z"), "state.codes[0].created_at"),
        ("brandscopic", "next_id", json!(i64::MAX), "state.next_id"),
    ] {
        let path = format!("{service}/state");
        let mut state = program.does("GET", &path, "");
        match member {
            "codes" => state["state"]["codes"][0]["created_at"] = absurd,
            member => state["state"][member] = absurd,
        }
        let (status, wrong, error) = program.control("PUT", &path, &state.to_string()).problem();
        assert_eq!((status, wrong.as_str()), (422, field), "{error}");
    }
    assert_eq!(program.codes(), 1);
}

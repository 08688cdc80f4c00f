use serde_json::{Value, json};

use crate::program::{KEY, Program, ask};

fn list(program: &Program) -> crate::program::Answer {
    ask("GET", &format!("{}/api/campaign", program.url("qrtiger")), &KEY, "")
}

#[test]
fn a_fault_is_scripted_met_counted_and_ended() {
    let program = Program::all(&[]);
    let fault = json!({"operation": "campaigns.list", "times": 2, "after": 1, "status": 503, "retry_after_ms": 1200});
    let posted = program.control("POST", "qrtiger/faults", &fault.to_string());
    assert_eq!(posted.status, 201);
    let rule = format!("qrtiger/faults/{}", posted.json()["id"]);
    assert_eq!(program.does("GET", &rule, "")["left"], 2);
    let answers: Vec<_> = (0..4).map(|_| list(&program)).collect();
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [200, 503, 503, 200]);
    assert!(answers[1].head.to_lowercase().contains("retry-after: 2\r\n"), "{}", answers[1].head);
    let told = program.does("GET", &rule, "");
    assert_eq!((&told["hits"], &told["left"]), (&2.into(), &0.into()), "also when it is used up");

    let always =
        json!({"operation": "campaigns.*", "always": true, "json": {"exact": 1.5}, "headers": {"x-odd": "yes"}});
    let posted = program.does("POST", "qrtiger/faults", &always.to_string());
    let altered = list(&program);
    assert_eq!((altered.status, altered.body.as_str()), (200, r#"{"exact":1.5}"#));
    assert!(altered.head.to_lowercase().contains("x-odd: yes\r\n"));
    let ended = program.does("DELETE", &format!("qrtiger/faults/{}", posted["id"]), "");
    assert_eq!(ended["hits"], 1);
    assert_ne!(list(&program).body, altered.body);
    program.does("POST", "qrtiger/faults", &always.to_string());
    assert_eq!(program.does("DELETE", "qrtiger/faults", "")["rules"], json!([]));
    assert_ne!(list(&program).body, altered.body);
}

#[test]
fn a_write_is_carried_out_although_its_connection_breaks() {
    let program = Program::all(&[]);
    for (fault, carried_out) in [("reset_after", true), ("reset_before", false), ("truncate", true), ("refuse", false)]
    {
        let before = program.codes();
        program.does("POST", "qrtiger/faults", &json!({"operation": "campaigns.create", fault: true}).to_string());
        let answer = program.make_code(fault);
        assert!(fault == "truncate" || answer.status == 0, "{fault}: {answer:?}");
        assert_eq!(program.codes() > before, carried_out, "{fault}");
    }
    let lost = json!({"operation": "campaigns.create", "html": 502, "carried_out": true});
    program.does("POST", "qrtiger/faults", &lost.to_string());
    let before = program.codes();
    let answer = program.make_code("lost");
    assert!(answer.status == 502 && answer.body.contains("<html>"));
    assert_eq!(program.codes(), before + 1);
    program.does("POST", "qrtiger/faults", r#"{"operation": "*", "oversized_mib": 1}"#);
    assert_eq!(list(&program).body.len(), 1 << 20);
}

#[test]
fn what_makes_no_sense_as_a_fault_is_refused() {
    let program = Program::all(&[]);
    let refused = |fault: Value| {
        let (status, field, error) = program.control("POST", "qrtiger/faults", &fault.to_string()).problem();
        assert_eq!(status, 422, "{fault}: {error}");
        (field, error)
    };
    let of = |more: Value| {
        let mut fault = json!({"operation": "campaigns.list"});
        fault.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        refused(fault).0
    };
    let (field, error) = refused(json!({"operation": "campaign.list", "status": 500}));
    assert!(field == "operation" && error.contains("campaigns.list"), "{error}");
    assert_eq!(refused(json!({"status": 500})).0, "operation");
    assert_eq!(of(json!({"stats": 500})), "stats");
    assert_eq!(of(json!({"status": "500"})), "status");
    assert_eq!(of(json!({"status": 99})), "status");
    assert_eq!(of(json!({"html": 700})), "html");
    assert_eq!(of(json!({"status": 500, "throttle": true})), "throttle");
    assert_eq!(of(json!({"status": 500, "times": 0})), "times");
    assert_eq!(of(json!({"status": 500, "times": 2, "always": true})), "always");
    assert_eq!(of(json!({"not_ready": true})), "not_ready", "QR TIGER has no such answer");
    assert_eq!(of(json!({"headers": {"no header": "x"}})), "headers.no header");
    assert_eq!(of(json!({"json": {}, "text": ""})), "text");
    assert_eq!(of(json!({"slow_ms": 3_600_001})), "slow_ms");
    assert_eq!(of(json!({"times": 2})), "", "nothing goes wrong");
    assert_eq!(program.service("qrtiger")["faults_pending"], 0);
}

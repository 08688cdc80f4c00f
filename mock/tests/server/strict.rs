use std::fs;

use serde_json::Value;

use crate::program::{KEY, Program, ask, new_file, soon};

#[test]
fn what_no_service_has_is_told_at_the_end() {
    let program = Program::all(&["--strict"]);
    ask("GET", &format!("{}/2.0/sheetz?secret=1", program.url("smartsheet")), &KEY, "");
    ask("DELETE", &format!("{}nowhere", program.root()), &[], "");
    program.does("POST", "reset", "");
    let (status, said) = program.end();
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("smartsheet: GET /2.0/sheetz\n") && said.contains("DELETE /nowhere"), "{said}");
    assert!(!said.contains("secret"), "{said}");

    let program = Program::all(&["--strict"]);
    assert_eq!(program.make_code("a").status, 200);
    assert_eq!(ask("GET", &program.root(), &[], "").status, 200, "the page is no service");
    assert_eq!(program.end().0, Some(0));

    let program = Program::all(&[]);
    ask("GET", &format!("{}/2.0/sheetz", program.url("smartsheet")), &KEY, "");
    assert_eq!(program.end().0, Some(0), "nobody asked to be strict");
}

#[test]
fn only_strict_services_refuse_what_the_real_ones_ignore() {
    let asked = |arguments: &[&str]| {
        let program = Program::all(arguments);
        let url = format!("{}/v1/poi?query=a&misspelt=1", program.url("placer"));
        ask("GET", &url, &KEY, "").status
    };
    assert_eq!((asked(&["--strict"]), asked(&[])), (400, 200));
}

#[test]
fn every_request_is_a_line_of_the_journal() {
    let file = new_file();
    let lines = || -> Vec<Value> {
        let text = fs::read_to_string(&file).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let program = Program::all(&["--journal", file.to_str().unwrap()]);
    program.make_code("a");
    assert!(soon(|| lines().len() == 1), "while it runs");
    program.make_code("b");
    program.does("POST", "reset", r#"{"service": "qrtiger"}"#);
    for n in 0..20 {
        program.make_code(&n.to_string());
    }
    program.end();
    let lines = lines();
    assert_eq!(lines.len(), 22, "at the end, at the latest; a reset loses none");
    assert_eq!(lines[21]["service"], "qrtiger");
    let last = &lines[21]["request"];
    assert_eq!((&last["operation"], &last["number"]), (&"campaigns.create".into(), &22.into()));
    assert!(last["body"].as_str().unwrap().contains("example.com/19"));
    assert!(!last.to_string().contains("mock-key"), "headers hold keys");
}

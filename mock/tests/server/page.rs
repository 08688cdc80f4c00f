use crate::program::{KEY, Program, ask};

#[test]
fn the_page_shows_what_is_there_and_trusts_nobody() {
    let program = Program::all(&["--faults", "0.05"]);
    program.does("DELETE", "smartsheet/chaos", "");
    ask("GET", &format!("{}/2.0/a'b&c?token=secret", program.url("smartsheet")), &KEY, "");
    program.does("POST", "smartsheet/faults", r#"{"operation": "rows.update", "status": 503}"#);
    for path in ["", "__mock", "__mock/"] {
        let page = ask("GET", &format!("{}{path}", program.root()), &[], "");
        assert_eq!(page.status, 200);
        let head = page.head.to_lowercase();
        assert!(
            head.contains("text/html") && head.contains("script-src 'self'") && head.contains("no-store"),
            "{head}"
        );
        for shown in
            [program.url("smartsheet").as_str(), "SMARTSHEET_ACCESS_TOKEN=mock-key", "5 % of requests go wrong"]
        {
            assert!(page.body.contains(shown), "{shown}");
        }
        assert!(page.body.contains("/2.0/a&#39;b&amp;c<") && page.body.contains("no such operation"), "{}", page.body);
        assert!(page.body.contains("1 scripted fault to come") && page.body.contains("/__mock/smartsheet/state"));
        assert!(!page.body.contains("secret"), "queries may hold keys");
    }
    let script = ask("GET", &format!("{}__mock/page.js", program.root()), &[], "");
    assert!(script.head.contains("text/javascript") && script.body.contains("advance_ms"));
}

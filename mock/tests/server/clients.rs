use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use connectors_core::{HttpRequest, SystemClock};
use connectors_mock::{Backend, Control, Fake, MockQrTiger, MockServer, MockSmartsheet, Reply, Route};
use connectors_smartsheet::{SmartsheetClient, SmartsheetService};
use http::StatusCode;
use serde_json::json;

use crate::program::{Program, ask};

#[tokio::test]
async fn a_real_client_gets_over_a_fault_that_was_scripted_from_outside() {
    let program = Program::all(&[]);
    let environment = program.service("smartsheet")["environment"].clone();
    let client = SmartsheetClient::from_vars(|name| environment[name].as_str().map(str::to_owned)).unwrap();
    let fault = json!({"operation": "sheets.list", "times": 2, "throttle": true, "retry_after_ms": 1});
    let rule = program.does("POST", "smartsheet/faults", &fault.to_string());
    assert!(client.test_connection().await.unwrap().is_connected());
    client.sheets().list().await.unwrap();
    let met = program.does("GET", &format!("smartsheet/faults/{}", rule["id"]), "");
    assert_eq!(met["hits"], 2);
    let journal = program.does("GET", "smartsheet/journal?operation=sheets.list", "");
    assert_eq!(journal["requests"].as_array().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_of_one_program_tell_of_each_other() {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let control = Control::new().begin(|provider, backend| {
        assert!(["qrtiger", "smartsheet"].contains(&provider));
        backend.on("*").status(503);
        Ok(())
    });
    let (us, eu, codes) = (MockSmartsheet::new(), MockSmartsheet::new(), MockQrTiger::new());
    let mounts = [("/us", us.backend().clone()), ("/eu", eu.backend().clone())];
    let sheets = MockServer::bind_with(any, mounts, &control).await.unwrap();
    let codes = MockServer::bind_with(any, [("", codes.backend().clone())], &control).await.unwrap();
    let told = ask("GET", &codes.url("/__mock/services"), &[], "").json();
    let told: Vec<_> = told["services"].as_array().unwrap().iter().map(|service| service["name"].clone()).collect();
    assert_eq!(told, ["eu", "qrtiger", "us"]);
    ask("DELETE", &sheets.url("/__mock/eu/faults"), &[], "");
    assert_eq!((us.backend().pending_faults(), eu.backend().pending_faults()), (1, 0));
    let now = us.backend().clock().now_utc();
    ask("POST", &codes.url("/__mock/clock"), &[], r#"{"advance_ms": 60000}"#);
    assert_eq!((us.backend().clock().now_utc() - now).num_seconds(), 60, "also where each has a clock of its own");
    assert_eq!(ask("GET", &codes.url("/"), &[], "").status, 503, "the root is the fake's");
    ask("GET", &sheets.url("/elsewhere"), &[], "");
    assert_eq!(control.strays(), ["GET /elsewhere", "qrtiger: GET /"]);
}

/// Holds nothing, so there is nothing to reset.
#[derive(Debug)]
struct Stateless;

impl Fake for Stateless {
    fn provider(&self) -> &'static str {
        "a"
    }

    fn route(&self, _: &HttpRequest) -> Option<Route> {
        None
    }

    fn handle(&self, _: &HttpRequest, _: DateTime<Utc>) -> Reply {
        Reply::default()
    }

    fn throttled(&self, _: Option<Duration>) -> Reply {
        Reply::default()
    }

    fn failure(&self, _: StatusCode) -> Reply {
        Reply::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_cannot_be_reset_does_not_keep_the_others_from_it() {
    let first = Backend::new(Arc::new(Stateless), Arc::new(SystemClock));
    let codes = MockQrTiger::new();
    codes.client().campaigns().create("https://example.com").await.unwrap();
    let server = MockServer::start([("/a", first), ("/codes", codes.backend().clone())]).await.unwrap();
    assert_eq!(ask("POST", &server.url("/__mock/reset"), &[], "").status, 501, "and it is told");
    assert!(codes.fake().codes().is_empty());
}

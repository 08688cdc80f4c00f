//! Settings and requests that cannot be right: refused with a name, before anything is sent, and without a secret.

use std::collections::HashMap;
use std::sync::Arc;

use connectors_brandscopic::{
    BrandscopicBuilder, BrandscopicClient, BrandscopicService, Contract, CreateProject, EventStatusRequest, ProjectId,
    SyncEvent,
};
use connectors_core::{ErrorKind, TimeZone};
use connectors_mock::{FakeBrandscopic, InProcess};
use http::Method;

use crate::{BOTH, campaign, mock, with_project};

fn native(host: &str) -> BrandscopicBuilder {
    BrandscopicClient::builder().native(host, "ann@example.com", "a-password")
}

fn gateway(url: &str) -> BrandscopicBuilder {
    BrandscopicClient::builder().gateway("a-key").api_url(url)
}

#[test]
fn a_setting_that_cannot_be_right_is_named() {
    let login = BrandscopicClient::builder;
    for (builder, field, hint) in [
        (login(), "contract", "native"),
        (login().gateway("k").native("login.brandscopic.com", "a@b.c", "p"), "contract", "either"),
        (login().gateway(""), "api_key", "set it"),
        (login().gateway(" \t"), "api_key", "set it"),
        (login().gateway("two\nlines"), "api_key", "line breaks"),
        (login().gateway("k").tenant_id(" "), "tenant_id", "set it"),
        (login().gateway("k").tenant_id("a\nb"), "tenant_id", "line breaks"),
        (login().gateway("k").company_id(7), "company_id", "leave it out"),
        (login().gateway("k").time_zone(TimeZone::UTC), "time_zone", "leave it out"),
        (native("login.brandscopic.com").tenant_id("acme"), "tenant_id", "leave it out"),
        (native("login.brandscopic.com").api_url("https://x.example"), "api_url", "leave it out"),
        (login().native("login.brandscopic.com", " ", "p"), "email", "set it"),
        (login().native("login.brandscopic.com", "ann\n@b.c", "p"), "email", "line breaks"),
        (login().native("login.brandscopic.com", "a@b.c", ""), "password", "set it"),
        (native(""), "host", "https://"),
        (native("http://login.brandscopic.com"), "host", "https"),
        (native("login.brandscopic.com?x=1"), "host", "https://"),
        (native("api.brandscopic.com"), "host", "login.brandscopic.com"),
        (native("https://api.brandscopic.com/v1"), "host", "BRANDSCOPIC_API_URL"),
        (native("https://gateway.example/v1"), "host", "BRANDSCOPIC_API_URL"),
        (native("www.brandscopic.com"), "host", "login.brandscopic.com"),
        (gateway("not a url"), "api_url", "https://"),
        (gateway("http://gateway.example/v1"), "api_url", "https"),
        (gateway("https://login.brandscopic.com"), "api_url", "BRANDSCOPIC_HOST=login.brandscopic.com"),
        (gateway("https://login.brandscopic.com/api/v1"), "api_url", "https://api.brandscopic.com/v1"),
        (gateway("https://brandscopic.example/api/v1/"), "api_url", "BRANDSCOPIC_HOST=brandscopic.example"),
        (gateway("https://api.brandscopic.com"), "api_url", "https://api.brandscopic.com/v1"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some(field)), "{error}");
        assert!(error.hint().is_some_and(|text| text.contains(hint)), "{error}");
    }
}

#[test]
fn a_host_may_be_written_in_several_ways() {
    for host in [
        "login.brandscopic.com",
        "https://login.brandscopic.com/",
        "https://login.brandscopic.com/api/v1",
        " login.brandscopic.com ",
    ] {
        let client = native(host).build().unwrap();
        assert!(format!("{client:?}").contains("\"https://login.brandscopic.com/api/v1\""), "{client:?}");
    }
    assert!(native("http://127.0.0.1:8091/brandscopic").build().is_ok());
    assert!(gateway("https://gateway.example/brandscopic").build().is_ok());
}

fn from(vars: &[(&str, &str)]) -> connectors_core::Result<BrandscopicClient> {
    let vars: HashMap<_, _> = vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    BrandscopicClient::from_vars(|name| vars.get(name).cloned())
}

#[test]
fn the_environment_chooses_one_contract() {
    let key = ("BRANDSCOPIC_API_KEY", "a-key");
    let [host, email, password, company] = [
        ("BRANDSCOPIC_HOST", "login.brandscopic.com"),
        ("BRANDSCOPIC_EMAIL", "ann@example.com"),
        ("BRANDSCOPIC_PASSWORD", "a-password"),
        ("BRANDSCOPIC_COMPANY_ID", "7"),
    ];
    assert_eq!(from(&[key, ("BRANDSCOPIC_TENANT_ID", "acme")]).unwrap().contract(), Contract::Gateway);
    let zone = ("BRANDSCOPIC_TIME_ZONE", "America/New_York");
    assert_eq!(from(&[host, email, password, company, zone]).unwrap().contract(), Contract::Native);
    assert_eq!(from(&[key, ("BRANDSCOPIC_HOST", "  ")]).unwrap().contract(), Contract::Gateway, "blank is not set");
    for (vars, field) in [
        (&[][..], "BRANDSCOPIC_API_KEY"),
        (&[key, host, email, password], "BRANDSCOPIC_HOST"),
        (&[host, email], "BRANDSCOPIC_PASSWORD"),
        (&[email, password], "BRANDSCOPIC_HOST"),
        (&[("BRANDSCOPIC_API_URL", "https://gateway.example")], "BRANDSCOPIC_API_KEY"),
        (&[host, email, password, ("BRANDSCOPIC_COMPANY_ID", "seven")], "BRANDSCOPIC_COMPANY_ID"),
        (&[host, email, password, ("BRANDSCOPIC_TIME_ZONE", "Eastern")], "BRANDSCOPIC_TIME_ZONE"),
    ] {
        let error = from(vars).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some(field)), "{error}");
        assert!(error.hint().is_some());
    }
}

#[tokio::test]
async fn bad_requests_do_not_leave_the_house() {
    for contract in BOTH {
        let (mock, mut project) = with_project(contract).await;
        let before = mock.backend().journal().len();
        for id in ["", "a/b", "..", "a\u{7}b", " x"] {
            assert_eq!(ProjectId::new(id).unwrap_err().field(), Some("projectId"), "{id:?}");
        }
        for path in ["events", "//elsewhere.example/", "/../admin", "/%2e%2e/admin"] {
            let error = mock.client().request(&Method::GET, path).send_bytes().await.unwrap_err();
            assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("path")), "{path}");
        }
        let mut event = campaign().events.remove(0);
        event.venue.name = String::new();
        let error = mock.sync_event(SyncEvent::new(&project, event)).await.unwrap_err();
        assert_eq!(error.field(), Some("venue.name"));
        let unknown = EventStatusRequest::new(&project, "never-synced".parse().unwrap());
        assert_eq!(mock.event_status(unknown).await.unwrap_err().kind(), ErrorKind::NotFound);
        if contract == Contract::Native {
            project.id = ProjectId::new("prj-1").unwrap();
            let never_logged_in = crate::mock(contract);
            for mock in [&mock, &never_logged_in] {
                let error = mock.sync_event(SyncEvent::new(&project, campaign().events.remove(0))).await.unwrap_err();
                assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("project")));
            }
            assert!(never_logged_in.backend().journal().is_empty(), "not even a login");
        }
        assert_eq!(mock.backend().journal().len(), before);
    }
}

#[tokio::test]
async fn the_other_contracts_api_is_unsupported() {
    let error = mock(Contract::Gateway).client().native().map(drop).unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Unsupported, "native"));
    let error = mock(Contract::Native).client().gateway().map(drop).unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Unsupported, "gateway"));
}

#[tokio::test]
async fn a_tenant_is_told_to_the_gateway() {
    let mock = crate::builder(Contract::Gateway).tenant("acme").build().unwrap();
    mock.create_project(CreateProject::new(&campaign())).await.unwrap();
    assert_eq!(mock.backend().journal()[0].headers["x-tenant-id"], "acme");
    let without = BrandscopicClient::builder().gateway(FakeBrandscopic::API_KEY);
    let transport = Arc::new(InProcess::new(mock.backend().clone()));
    let without = without.transport(transport).clock(Arc::clone(mock.backend().clock())).build().unwrap();
    let error = without.create_project(CreateProject::new(&campaign())).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::PermissionDenied, Some("UNKNOWN_TENANT")));
}

#[tokio::test]
async fn secrets_are_never_printed() {
    const CANARY: &str = "canary-3f9a1c77e2";
    let mock = mock(Contract::Native);
    let transport = Arc::new(InProcess::new(mock.backend().clone()));
    let builders = [
        BrandscopicClient::builder().gateway(CANARY).api_url("https://brandscopic.test/v1"),
        BrandscopicClient::builder().native("brandscopic.test", FakeBrandscopic::EMAIL, CANARY),
    ];
    for builder in builders {
        let builder = builder.transport(transport.clone()).clock(Arc::clone(mock.backend().clock()));
        let builder_printed = format!("{builder:?}");
        let client = builder.build().unwrap();
        let error = client.summary().await.err();
        let report = client.test_connection().await.unwrap();
        let printed =
            format!("{builder_printed} {client:?} {error:?} {error:#?} {report:?} {report} {:?}", client.links());
        assert!(!printed.contains(CANARY), "{printed}");
    }
    let in_urls = [gateway(&format!("https://u:{CANARY}@x.example")), native(&format!("https://u:{CANARY}@x.example"))];
    for builder in in_urls {
        let printed = format!("{builder:?}");
        let printed = printed + &format!("{:?}", builder.build().unwrap_err());
        assert!(!printed.contains(CANARY), "{printed}");
    }
    let mock = crate::mock(Contract::Native);
    mock.summary().await.unwrap();
    let printed = format!("{:?} {:?}", mock, mock.client().native());
    assert!(!printed.contains("mock-token") && !printed.contains(FakeBrandscopic::PASSWORD), "{printed}");
}

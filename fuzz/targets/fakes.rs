//! The four fakes under any requests: they always answer, and go on working afterwards.
#![no_main]

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use connectors_brandscopic::{BrandscopicService, Contract};
use connectors_core::{DateRange, HttpRequest, Result};
use connectors_fuzz::{block_on, parts};
use connectors_mock::{Backend, Fake, MockBrandscopic, MockPlacer, MockQrTiger, MockSmartsheet};
use connectors_placer::{FootfallRequest, PlacerService};
use connectors_qrtiger::{ListQrCodes, QrTigerService};
use connectors_smartsheet::SmartsheetService;
use http::{HeaderMap, HeaderValue, Method, header};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH];

/// The mocks' first moment, in seconds.
const START: i64 = 1_772_442_000;

// The first byte chooses the fake, each part that follows is a request: a byte for method and headers, one for the
// path, what is appended to the path up to the end of the line, the body. A `*` is the last id that a reply told.
fuzz_target!(|data: &[u8]| {
    let Some((&chosen, requests)) = data.split_first() else { return };
    block_on(async {
        let subject = Subject::new(chosen);
        subject.connect().await.expect("it works");
        let known = subject.backend().journal().last().map(|entry| entry.headers.clone()).unwrap_or_default();
        let (paths, mut id) = (subject.paths(), String::from("1"));
        for (part, minute) in parts(requests).take(16).zip(0..) {
            let now = DateTime::from_timestamp(START, 0).unwrap_or_default() + TimeDelta::minutes(minute);
            if let Some(request) = read(part, &paths, &known, &id) {
                id = answered(subject.fake(), &request, now).unwrap_or(id);
            }
        }
        subject.works().await.unwrap_or_else(|error| panic!("{}: {error:?}", subject.fake().provider()));
    });
});

fn read(part: &[u8], paths: &[String], known: &HeaderMap, id: &str) -> Option<HttpRequest> {
    let (&[how, path], rest) = part.split_first_chunk()?;
    let rest = String::from_utf8_lossy(rest).replace('*', id);
    let (tail, body) = rest.split_once('\n').unwrap_or((&rest, ""));
    let path = paths.get(usize::from(path.wrapping_sub(b'0')) % (paths.len() + 1)).map_or("", String::as_str);
    let method = METHODS[usize::from(how.wrapping_sub(b'0')) % METHODS.len()].clone();
    let uri = format!("{}{tail}", path.replace('*', id));
    let mut request = http::Request::builder().method(method).uri(uri).body(Bytes::from(body.to_owned())).ok()?;
    let headers = request.headers_mut();
    if how < 240 {
        headers.clone_from(known);
    }
    let content_type = if how < 200 { "application/json" } else { "multipart/form-data; boundary=x" };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    Some(request)
}

/// Checks the reply, and takes an id from it.
fn answered(fake: &dyn Fake, request: &HttpRequest, now: DateTime<Utc>) -> Option<String> {
    let route = fake.route(request);
    let reply = fake.handle(request, now);
    let (what, status) = (format!("{} {}", request.method(), request.uri()), reply.status());
    assert!(route.is_some() || !status.is_success(), "{what} is no route, but answered with {status}");
    assert!(!status.is_server_error() && !status.is_informational(), "{what} is answered with {status}");
    if reply.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/json") {
        return None;
    }
    let body: Value = serde_json::from_slice(reply.body()).unwrap_or_else(|error| panic!("{what}: {error}"));
    let inside = body.get("result").or_else(|| body.get("data")).unwrap_or(&body);
    let id = inside.get("id").or_else(|| inside.get(0)?.get("id")).or_else(|| inside.get("qrId"))?;
    Some(id.as_str().map_or_else(|| id.to_string(), str::to_owned))
}

/// All of Smartsheet's, with the ids of what there is from the start, or else that which was told last.
fn endpoints(mock: &MockSmartsheet) -> Vec<String> {
    let known = [
        ("{sheetId}", mock.fake().store_list_id().to_string()),
        ("{folderId}", mock.folder_id().to_string()),
        ("{workspaceId}", mock.workspace_id().to_string()),
        ("{planId}", mock.fake().plan_id().to_string()),
        ("{favoriteType}", "sheet".to_owned()),
    ];
    let templates = include_str!("../../mock/src/smartsheet/operations.csv").lines().skip(1);
    let mut paths: Vec<_> = templates.filter_map(|line| line.split(',').nth(2)).collect();
    // Methods differ.
    paths.sort_unstable();
    paths.dedup();
    let filled = |path: &str| {
        let path = known.iter().fold(path.to_owned(), |path, (name, id)| path.replace(name, id));
        let parts = path.split('/').map(|part| if part.starts_with('{') { "*" } else { part });
        format!("/2.0{}", parts.collect::<Vec<_>>().join("/"))
    };
    paths.into_iter().map(filled).collect()
}

/// A fake, and a client that can tell whether it still works.
enum Subject {
    Smartsheet(MockSmartsheet),
    Brandscopic(MockBrandscopic),
    Placer(MockPlacer),
    QrTiger(MockQrTiger),
}

impl Subject {
    fn new(chosen: u8) -> Self {
        let brandscopic = |contract| {
            let mock = MockBrandscopic::builder().contract(contract).campaign("Tour").past_events(3);
            Self::Brandscopic(mock.venue("Kettle", "New York", "US").build().expect("a mock"))
        };
        let placer = |contract| Self::Placer(MockPlacer::builder().contract(contract).build().expect("a mock"));
        match chosen.wrapping_sub(b'0') % 6 {
            0 => Self::Smartsheet(MockSmartsheet::new()),
            1 => brandscopic(Contract::Native),
            2 => brandscopic(Contract::Gateway),
            3 => placer(connectors_placer::Contract::Native),
            4 => placer(connectors_placer::Contract::Gateway),
            _ => Self::QrTiger(MockQrTiger::new()),
        }
    }

    fn fake(&self) -> &dyn Fake {
        match self {
            Self::Smartsheet(mock) => mock.fake(),
            Self::Brandscopic(mock) => mock.fake(),
            Self::Placer(mock) => mock.fake(),
            Self::QrTiger(mock) => mock.fake(),
        }
    }

    fn backend(&self) -> &Backend {
        match self {
            Self::Smartsheet(mock) => mock.backend(),
            Self::Brandscopic(mock) => mock.backend(),
            Self::Placer(mock) => mock.backend(),
            Self::QrTiger(mock) => mock.backend(),
        }
    }

    /// Makes a request with everything that one needs.
    async fn connect(&self) -> Result<()> {
        let report = match self {
            Self::Smartsheet(mock) => mock.test_connection().await?,
            Self::Brandscopic(mock) => mock.test_connection().await?,
            Self::Placer(mock) => mock.test_connection().await?,
            Self::QrTiger(mock) => mock.test_connection().await?,
        };
        assert!(report.is_connected(), "{report}");
        Ok(())
    }

    /// What the provider serves.
    fn paths(&self) -> Vec<String> {
        let below = |place: &str, ends: &[&str]| ends.iter().map(|end| format!("{place}{end}")).collect::<Vec<_>>();
        match self {
            Self::Smartsheet(mock) => {
                let sheet = ["", "/rows", "/rows/*", "/columns", "/columns/*", "/copy", "/version", "/rows?ids=*"];
                let place = ["/sheets", "/children", "/metadata"];
                [
                    below("/2.0/", &["sheets", "workspaces", "users/me"]),
                    below(&format!("/2.0/sheets/{}", mock.template_id()), &sheet),
                    below(&format!("/2.0/sheets/{}", mock.fake().store_list_id()), &sheet),
                    below("/2.0/sheets/*", &sheet),
                    below(&format!("/2.0/folders/{}", mock.folder_id()), &place),
                    below(&format!("/2.0/workspaces/{}", mock.workspace_id()), &place),
                    endpoints(mock),
                ]
                .concat()
            }
            Self::Brandscopic(_) => {
                let native =
                    ["sessions", "companies", "countries", "campaigns/all", "venues/search", "venues", "events"];
                let native = native.map(|path| format!("{path}.json"));
                let gateway = ["projects", "events", "events/*", "events/*/status"];
                let native = native.iter().map(String::as_str).chain(["events/*.json", "events/*/comments.json"]);
                [below("/api/v1/", &native.collect::<Vec<_>>()), below("/v1/", &gateway)].concat()
            }
            Self::Placer(_) => {
                let metrics = ["", "/hours", "/days", "/dwell-time"];
                let venue = MockPlacer::venue_ids().remove(0);
                [
                    below("/v1/reports/visit-metrics", &metrics),
                    below("/v1/reports/visit-trends", &["", "/single"]),
                    below("/v1/", &["accounts/keys/usage-status", "poi", "poi/my-properties"]),
                    below(&format!("/v1/poi/{venue}"), &["/entities", ""]),
                    below(&format!("/venues/{venue}"), &["/footfall", "/movement", ""]),
                ]
                .concat()
            }
            Self::QrTiger(_) => {
                below("/api/", &["campaign", "campaign/edit/*", "data/*", "qr/static", "accounts/uploads"])
            }
        }
    }

    /// Reads what there is through the real client.
    async fn works(&self) -> Result<()> {
        match self {
            Self::Smartsheet(mock) => {
                for sheet in mock.client().sheets().list().pager().collect_all().await? {
                    let sheet = mock.client().sheets().get(sheet.id).rich_values().await?;
                    assert!(sheet.rows.iter().all(|row| row.cells.len() <= sheet.columns.len()), "{sheet:?}");
                }
                mock.client().workspaces().children(mock.workspace_id()).pager().collect_all().await.map(drop)
            }
            Self::Brandscopic(mock) => {
                if let Ok(native) = mock.client().native() {
                    native.campaigns().all().await?;
                    for event in native.events().list().pager().collect_all().await? {
                        native.events().get(event.id).await?;
                    }
                }
                mock.summary().await.map(drop)
            }
            Self::Placer(mock) => {
                let today = NaiveDate::from_ymd_opt(2026, 2, 20).expect("a day");
                let request = FootfallRequest::new(MockPlacer::venue_ids().remove(0), DateRange::last_days(7, today)?);
                assert_eq!(mock.footfall(request).await?.rows.len(), 7);
                Ok(())
            }
            Self::QrTiger(mock) => {
                for code in mock.list_qr_codes(ListQrCodes::new()).await? {
                    mock.client().tracking().data(&code.id).await?;
                }
                mock.summary().await.map(drop)
            }
        }
    }
}

//! Where a request goes: never elsewhere than its operation says, whatever its parameters are.

use connectors_core::ErrorKind;
use proptest::prelude::*;
use url::Url;

use crate::common::{OK, READ, Script, bench};

const BASE: &str = "https://scripted.example/v1/things/";

#[tokio::test]
async fn paths_are_refused_before_anything_is_sent() {
    let script = Script::new([OK]);
    let bench = bench(&script, None);
    for id in ["", " ", "..", "../admin", "a/b", "a\nb", "a?b", "a#b"] {
        let error = bench.core.call(&READ).path("id", id).send_bytes().await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("id")), "{id:?}");
    }
    let missing = bench.core.call(&READ).send_bytes().await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::InvalidRequest);
    for path in ["things", "//evil.example/x", "/../x", "/a/%2e%2e/b", "/a#b", "/a?b=#c"] {
        let error = bench.core.request(&http::Method::GET, path).send_bytes().await.unwrap_err();
        assert_eq!(error.field(), Some("path"), "{path}");
    }
    assert_eq!(script.requests(), 0);
    bench.core.call(&READ).path("id", "venue:5f0c é").query("q[]", "a&b=c d").send_bytes().await.unwrap();
    let sent = script.sent.lock().unwrap();
    assert_eq!(sent[0].uri(), "https://scripted.example/v1/things/venue:5f0c%20%C3%A9?q%5B%5D=a%26b%3Dc%20d");
}

/// The URL that a call with these parts is sent to, if it is sent.
fn sent_to(id: &str, name: &str, value: &str) -> Option<Url> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let script = Script::new([OK]);
        let outcome = bench(&script, None).core.call(&READ).path("id", id).query(name, value).send_bytes().await;
        let sent = script.sent.lock().unwrap();
        assert_eq!(outcome.is_ok(), !sent.is_empty());
        if let Err(error) = outcome {
            assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("id")));
        }
        sent.first().map(|request| Url::parse(&request.uri().to_string()).unwrap())
    })
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof!["[./\\\\%2eEfF5cC?#:@&=; a\u{0}\n\u{202e}]{0,12}", "\\PC{0,20}", any::<String>()]
}

proptest! {
    #[test]
    fn a_parameter_is_one_segment_or_refused(id in hostile(), name in "[a-z\\[\\]&=#]{1,8}", value in hostile()) {
        if let Some(url) = sent_to(&id, &name, &value) {
            let segment = url.as_str().strip_prefix(BASE).and_then(|rest| rest.split('?').next()).unwrap_or_default();
            prop_assert!(!segment.is_empty() && !segment.contains('/'), "{}", url);
            prop_assert_eq!(percent_encoding::percent_decode_str(segment).decode_utf8().unwrap(), id.as_str());
            let pairs: Vec<_> = url.query_pairs().collect();
            prop_assert_eq!(pairs, [(name.into(), value.into())]);
            prop_assert!(url.fragment().is_none());
        }
    }

    #[test]
    fn a_passthrough_stays_below_the_base(path in prop_oneof![hostile(), hostile().prop_map(|tail| format!("/{tail}"))]) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let script = Script::new([OK]);
        let call = bench(&script, None).core.request(&http::Method::GET, &path);
        let outcome = runtime.block_on(call.send_bytes());
        for request in &*script.sent.lock().unwrap() {
            let url = Url::parse(&request.uri().to_string()).unwrap();
            prop_assert!(url.as_str().starts_with("https://scripted.example/v1/"), "{}", url);
        }
        prop_assert!(outcome.is_ok() || outcome.is_err_and(|error| error.kind() == ErrorKind::InvalidRequest));
    }
}

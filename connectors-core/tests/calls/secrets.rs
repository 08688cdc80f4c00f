//! No secret and nobody's data in anything that may be printed or logged.

use std::error::Error as _;
use std::fmt::{Debug, Display};
use std::sync::Arc;

use connectors_core::provider::{ApiKey, Call, ClientOptions, Core, Credential, Operation, base_url};
use connectors_core::{Error, RequestOptions, TransportErrorKind};
use http::{HeaderName, HeaderValue};
use secrecy::SecretString;

use crate::capture;
use crate::common::{CREATE, OK, PUT, READ, Script, Step, UPSERT, bench, bench_with};

/// Looks like a token, so that it is found in free text too.
const CANARY: &str = "sk_live_9f8e7d6c5b4a3f2e1d0c";
/// Looks like any word, so that only hiding the whole value helps.
const WORD: &str = "swordfish";

const NOTE: HeaderName = HeaderName::from_static("x-note");
const SET_COOKIE: (&str, &str) = ("set-cookie", "session=swordfish");

/// Everything a provider may answer with a secret in it.
const ANSWERS: [Step; 17] = [
    Step::Answer(200, &[SET_COOKIE], r#"{"cells":[{"value":"swordfish"}]}"#),
    Step::Answer(200, &[SET_COOKIE], r#"{"ok":"swordfish"}"#),
    Step::Answer(200, &[SET_COOKIE], r#"{"sk_live_9f8e7d6c5b4a3f2e1d0c":{"ok":1}}"#),
    Step::Answer(200, &[], r#"{"sk_live_9f8e7d6c5b4a3f2e1d0c":"swordfish"#),
    Step::Answer(200, &[], "this is not JSON, token=swordfish, sk_live_9f8e7d6c5b4a3f2e1d0c"),
    Step::Answer(200, &[], "<html><title>sk_live_9f8e7d6c5b4a3f2e1d0c</title>swordfish</html>"),
    Step::Answer(202, &[SET_COOKIE], r#"{"value":"swordfish"}"#),
    Step::Answer(302, &[("location", "https://elsewhere.example/?token=swordfish")], ""),
    Step::Answer(400, &[SET_COOKIE], r#"{"message":"bad key sk_live_9f8e7d6c5b4a3f2e1d0c","name":"swordfish"}"#),
    Step::Answer(401, &[("www-authenticate", "Bearer swordfish")], r#"{"error":"token: swordfish"}"#),
    Step::Answer(403, &[], "/events?auth_token=swordfish is forbidden"),
    Step::Answer(404, &[], r#"[{"errors":["sk_live_9f8e7d6c5b4a3f2e1d0c"],"names":["swordfish"]}]"#),
    Step::Answer(429, &[("retry-after", "86400")], r#"{"who":"swordfish"}"#),
    Step::Answer(503, &[SET_COOKIE], r#"{"detail":"password=swordfish"}"#),
    Step::Break(TransportErrorKind::Closed, true),
    Step::Truncate,
    Step::Hang,
];

/// What an answer is read as: a wrong value is told by its path, which holds the provider's names.
type Wanted = std::collections::BTreeMap<String, std::collections::BTreeMap<String, bool>>;

fn key() -> ApiKey {
    ApiKey::bearer("key", &SecretString::from(format!("{CANARY}{WORD}"))).unwrap()
}

/// A call with a secret in each of its parts.
fn call(core: &Core, operation: &'static Operation) -> Call {
    let secret = HeaderValue::from_static(WORD);
    let call = core.call(operation).path("id", CANARY).query("page", WORD).query(WORD, CANARY);
    call.json(&[CANARY, WORD]).options(RequestOptions::default().header(NOTE, secret.clone())).header(NOTE, secret)
}

#[track_caller]
fn assert_clean(text: &str) {
    let lower = text.to_ascii_lowercase();
    assert!(!lower.contains("9f8e7d6c") && !lower.contains(WORD), "leaked: {text}");
}

#[track_caller]
fn assert_debug_clean(value: &(impl Debug + ?Sized)) {
    assert_clean(&format!("{value:?}"));
    assert_clean(&format!("{value:#?}"));
}

#[track_caller]
fn assert_both_clean(value: &(impl Debug + Display + ?Sized)) {
    assert_debug_clean(value);
    assert_clean(&format!("{value}"));
    assert_clean(&format!("{value:#}"));
}

/// The error and all its causes, as a logger walks them.
#[track_caller]
fn assert_error_clean(error: &Error) {
    assert_both_clean(error);
    let mut cause = error.source();
    while let Some(source) = cause {
        assert_both_clean(source);
        cause = source.source();
    }
}

#[tokio::test]
async fn no_answer_brings_a_secret_into_an_error_or_a_trace() {
    capture::start();
    for answer in ANSWERS {
        for operation in [&READ, &PUT, &UPSERT, &CREATE] {
            let bench = bench(&Script::new([answer]), Some(Arc::new(key())));
            let error = call(&bench.core, operation).send::<Wanted>().await.unwrap_err();
            assert_error_clean(&error);
        }
    }
    let trace = capture::printed();
    assert!(trace.lines().count() > ANSWERS.len(), "the calls were not traced:\n{trace}");
    assert_clean(&trace);
}

#[tokio::test]
async fn a_refused_request_does_not_show_what_was_wrong_with_it() {
    let bench = bench(&Script::new([OK]), Some(Arc::new(key())));
    let get = http::Method::GET;
    for refused in [
        bench.core.call(&READ).path("id", format!("{WORD}/{CANARY}")),
        bench.core.request(&get, &format!("{WORD}/../{CANARY}")),
        bench.core.request(&get, &format!("/{WORD} {CANARY}")),
        bench.core.request(&get, &format!("/{{{WORD}}}?token={CANARY}")),
    ] {
        assert_debug_clean(&refused);
        assert_error_clean(&refused.send_bytes().await.unwrap_err());
    }
    for url in
        [format!("https://u:{CANARY}@h.example"), format!("https://h.example/?{WORD}"), format!("{WORD}{CANARY}")]
    {
        assert_error_clean(&base_url("api_url", &url, false).unwrap_err());
    }
    let broken = SecretString::from(format!("{CANARY}\n{WORD}"));
    assert_error_clean(&ApiKey::bearer("key", &broken).unwrap_err());
    assert_error_clean(&ApiKey::header("key", NOTE, &broken).unwrap_err());
}

#[tokio::test]
async fn nothing_on_the_way_shows_a_secret() {
    let script = Script::new([OK]);
    let mut kept = ClientOptions::default();
    let bench = bench_with(&script, Some(Arc::new(key())), |options| {
        options.user_agent = Some(WORD.to_owned());
        kept = options.clone();
    });
    let call = call(&bench.core, &READ);
    assert_debug_clean(&kept);
    assert_debug_clean(&bench.core);
    assert_debug_clean(&call);
    assert_debug_clean(&RequestOptions::default().header(NOTE, HeaderValue::from_static(WORD)));
    assert_debug_clean(&key());
    assert_debug_clean(&*key().headers().await.unwrap());
    call.send_bytes().await.unwrap();
    // The rest of a request is what it is; a transport that prints its headers must not print the key.
    let sent = script.sent.lock().unwrap();
    let shown = format!("{:?}", sent[0].headers()["authorization"]);
    assert_eq!(shown, "Sensitive");
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn the_default_transport_shows_neither_addresses_nor_passwords() {
    use connectors_core::provider::Defaults;
    use connectors_core::{ReqwestTransport, RetryPolicy};

    use crate::common::Judge;

    capture::start();
    let proxied = || ReqwestTransport::builder().proxy(&format!("http://{WORD}:{CANARY}@127.0.0.1:1"));
    assert_debug_clean(&proxied());
    let transport = proxied().build().unwrap();
    assert_debug_clean(&transport);
    assert_error_clean(&ReqwestTransport::builder().proxy(&format!("http://{WORD}:{CANARY}@[")).build().unwrap_err());
    let direct = ReqwestTransport::builder().no_proxy().build().unwrap();
    for transport in [transport, direct] {
        let mut options = ClientOptions::default();
        options.transport = Some(Arc::new(transport));
        options.retry = Some(RetryPolicy::never());
        let base = base_url("api_url", "http://127.0.0.1:1/v1", false).unwrap();
        let core = Core::new("real", &base, Some(Arc::new(key())), Judge, Defaults::default(), &options);
        assert_error_clean(&call(&core.unwrap(), &READ).send_bytes().await.unwrap_err());
    }
    assert_clean(&capture::printed());
}

//! Keys that stay as they are.

use std::sync::Arc;

use connectors_core::ErrorKind;
use connectors_core::provider::{ApiKey, Credential};
use http::{HeaderName, HeaderValue, header};
use secrecy::SecretString;

use super::API_KEY;
use crate::common::{OK, READ, Script, bench, bench_with, status};

const TENANT: HeaderName = HeaderName::from_static("x-tenant");

#[tokio::test]
async fn a_key_is_sent_as_the_provider_wants_it_and_marked_sensitive() {
    let key = SecretString::from(" s3cret\n");
    let bearer = ApiKey::bearer("key", &key).unwrap();
    let plain = ApiKey::header("key", API_KEY, &key).unwrap();
    let tenant = ApiKey::header("key", API_KEY, &key).unwrap().with("tenant", TENANT, "acme").unwrap();
    for (credential, name, value) in
        [(bearer, header::AUTHORIZATION, "Bearer s3cret"), (plain, API_KEY, "s3cret"), (tenant, TENANT, "acme")]
    {
        let script = Script::new([OK]);
        let bench = bench(&script, Some(Arc::new(credential)));
        bench.core.call(&READ).path("id", 1).send_bytes().await.unwrap();
        let sent = script.sent.lock().unwrap();
        assert_eq!(sent[0].headers()[&name], value);
        assert!(sent[0].headers()[&name].is_sensitive());
    }
}

#[test]
fn a_key_that_cannot_be_one_is_refused_by_the_name_of_its_setting() {
    for key in ["", "  ", "\n", "s3cret\nagain", "s3cret\r\nx-admin: 1", "s3cret\u{0}", "s3cret\u{7f}"] {
        let key = SecretString::from(key);
        for outcome in [ApiKey::bearer("api_key", &key), ApiKey::header("api_key", API_KEY, &key)] {
            let error = outcome.unwrap_err();
            assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("api_key")));
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
        }
    }
    let key = ApiKey::bearer("api_key", &SecretString::from("s3cret")).unwrap();
    let error = key.with("tenant_id", TENANT, "a\nb").unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("tenant_id")));
}

#[tokio::test]
async fn nothing_a_caller_adds_replaces_the_credential() {
    let key = ApiKey::header("key", API_KEY, &SecretString::from("ours")).unwrap();
    let script = Script::new([OK]);
    let bench = bench_with(&script, Some(Arc::new(key)), |options| options.user_agent = Some("app".to_owned()));
    let theirs = HeaderValue::from_static("theirs");
    let options = connectors_core::RequestOptions::default().header(API_KEY, theirs.clone());
    let call = bench.core.call(&READ).path("id", 1).header(API_KEY, theirs.clone()).options(options);
    call.header(header::ACCEPT, theirs).send_bytes().await.unwrap();
    let sent = script.sent.lock().unwrap();
    let values = |name| sent[0].headers().get_all(name).iter().collect::<Vec<_>>();
    assert_eq!(values(API_KEY), ["ours"]);
    assert_eq!(values(header::ACCEPT), ["theirs"], "other headers are the caller's to choose");
}

#[tokio::test]
async fn a_rejected_key_is_not_tried_again() {
    let script = Script::new([status(401)]);
    let key = ApiKey::bearer("key", &SecretString::from("s3cret")).unwrap();
    let bench = bench(&script, Some(Arc::new(key)));
    let error = bench.core.call(&READ).path("id", 1).send_bytes().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), script.requests()), (ErrorKind::Auth, 1, 1));
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn a_key_has_no_generations() {
    let key = ApiKey::bearer("key", &SecretString::from("s3cret")).unwrap();
    assert_eq!(key.headers().await.unwrap().generation(), 0);
}

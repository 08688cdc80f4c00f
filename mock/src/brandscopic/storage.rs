//! The storage that files are put into before they are registered, and that they are fetched from: another host than
//! the API's, with a mind of its own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use connectors_core::HttpRequest;
use http::{HeaderValue, Method, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::state::State;
use crate::fake::{MountedAt, Reply, Route};
use crate::{multipart, snapshot};

/// How long a form can be used.
const LIFE: TimeDelta = TimeDelta::hours(1);

/// How long the address of a document can be used.
const SHORT_LIFE: TimeDelta = TimeDelta::minutes(5);

/// Where it is when the API is talked to without sockets: nowhere on the net, and not at the API's origin.
const HOST: &str = "https://s3.brandscopic.test";
const ROOT: &str = "/_storage/brandscopic-mock/";

const ACCESS_KEY: &str = "AKIAMOCK";

/// The fields of a form besides those that change, in their order.
const FIELDS: [&str; 7] = ["AWSAccessKeyId", "key", "policy", "signature", "Secure", "acl", "success_action_status"];

/// What lies in it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Storage(Vec<Stored>);

/// A file that was put there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Stored {
    key: String,
    pub(super) mime: String,
    #[serde(with = "snapshot::base64")]
    pub(super) bytes: Bytes,
}

impl Stored {
    pub(super) fn name(&self) -> &str {
        self.key.rsplit('/').next().unwrap_or_default()
    }
}

impl Storage {
    pub(super) fn keys(&self) -> Vec<String> {
        self.0.iter().map(|stored| stored.key.clone()).collect()
    }

    /// What lies at an address of the form `<bucket>/uploads/<folder>/<file>`.
    pub(super) fn at(&self, address: &str, request: &HttpRequest) -> Option<&Stored> {
        let key = address.strip_prefix(&bucket(request))?;
        self.0.iter().find(|stored| stored.key == key && key.split('/').count() == 3)
    }
}

/// The address of the bucket, for whoever sent this request.
fn bucket(request: &HttpRequest) -> String {
    let host = request.extensions().get::<MountedAt>().map_or(HOST, |mounted| mounted.0.as_str());
    format!("{host}{ROOT}")
}

/// What allows one to put a file there.
pub(super) fn form(request: &HttpRequest, now: DateTime<Utc>) -> String {
    let policy = json!({
        "expiration": (now + LIFE).to_rfc3339_opts(SecondsFormat::Secs, true),
        "conditions": [
            {"bucket": "brandscopic-mock"},
            ["starts-with", "$key", "uploads/"],
            {"acl": "public-read"},
            {"success_action_status": "201"},
        ],
    });
    let policy = STANDARD.encode(policy.to_string());
    let values = [ACCESS_KEY, "", &policy, &signature(&policy), "true", "public-read", "201"];
    let pairs = FIELDS.iter().zip(values).map(|(name, value)| {
        let value = if value.is_empty() { Value::Null } else { value.into() };
        format!("\"{name}\":{value}")
    });
    format!("{{\"fields\":{{{}}},\"url\":\"{}\"}}", pairs.collect::<Vec<_>>().join(","), bucket(request))
}

/// The address of a file of an event.
pub(super) fn address(request: &HttpRequest, id: i64, size: &str, name: &str) -> String {
    let name = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    format!("{}attached_assets/{id}/{size}/{name}", bucket(request))
}

/// The same, to be used for a short time.
pub(super) fn signed(address: &str, id: i64, now: DateTime<Utc>) -> String {
    let until = (now + SHORT_LIFE).timestamp();
    let signature = signature(&format!("{id}/{until}"));
    format!("{address}?AWSAccessKeyId={ACCESS_KEY}&Expires={until}&Signature={signature}")
}

/// Nothing that a real one could be taken for.
fn signature(text: &str) -> String {
    let seed = text.bytes().fold(7_u64, |seed, byte| seed.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte));
    format!("mock{:032x}", fastrand::Rng::with_seed(seed).u128(..))
}

/// What a request to it asks for; `None` when it is one to the API.
pub(super) fn route(request: &HttpRequest) -> Option<Route> {
    request.uri().path().starts_with("/_storage/").then_some(())?;
    let reads = request.method() == Method::GET;
    Some(if reads { Route::read("uploads.download") } else { Route::write("uploads.store") })
}

/// A status and a code, as the storage refuses.
type Refused = (StatusCode, &'static str);

const DENIED: Refused = (StatusCode::FORBIDDEN, "AccessDenied");

/// Its answer, in its own words.
pub(super) fn serve(state: &mut State, request: &HttpRequest, now: DateTime<Utc>) -> Reply {
    // What is meant for Brandscopic is none of its business.
    let foreign = |name: &str| name == "authorization" || name == "cookie" || name.starts_with("x-");
    let answer = if request.headers().keys().any(|name| foreign(name.as_str())) {
        Err((StatusCode::BAD_REQUEST, "InvalidArgument"))
    } else if request.method() == Method::GET {
        fetch(state, request, now)
    } else {
        store(state, request, now)
    };
    answer.unwrap_or_else(|(status, code)| xml(status, &format!("<Error><Code>{code}</Code></Error>")))
}

fn xml(status: StatusCode, body: &str) -> Reply {
    let mut reply = Reply::new(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{body}").into());
    *reply.status_mut() = status;
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    reply
}

fn store(state: &mut State, request: &HttpRequest, now: DateTime<Utc>) -> Result<Reply, Refused> {
    if request.method() != Method::POST || request.uri().path() != ROOT {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"));
    }
    if request.headers().contains_key(header::TRANSFER_ENCODING) {
        return Err((StatusCode::LENGTH_REQUIRED, "MissingContentLength"));
    }
    let mut parts = multipart::parts(request).ok_or((StatusCode::BAD_REQUEST, "MalformedPOSTRequest"))?;
    let file = parts.pop().filter(|part| part.name == "file");
    let file = file.ok_or((StatusCode::BAD_REQUEST, "InvalidArgument"))?;
    if !parts.iter().map(|part| part.name.as_str()).eq(FIELDS) {
        return Err(DENIED);
    }
    let values: Vec<_> = parts.iter().map(|part| String::from_utf8_lossy(&part.bytes)).collect();
    let [access_key, key, policy, signed, secure, acl, status] = values.as_slice() else { return Err(DENIED) };
    let expires = STANDARD.decode(policy.as_bytes()).ok().and_then(|policy| {
        let policy: Value = serde_json::from_slice(&policy).ok()?;
        policy.get("expiration")?.as_str()?.parse::<DateTime<Utc>>().ok()
    });
    let rest = [access_key, secure, acl, status].map(AsRef::as_ref);
    let allowed = **signed == signature(policy)
        && expires.is_some_and(|expires| now < expires)
        && rest == [ACCESS_KEY, "true", "public-read", "201"]
        && key.starts_with("uploads/");
    if !allowed {
        return Err(DENIED);
    }
    let key = key.replace("${filename}", &file.file_name.unwrap_or_default());
    state.storage.0.retain(|stored| stored.key != key);
    // Its own notion of where that is: the bucket first, and encoded.
    let encoded = percent_encoding::utf8_percent_encode(&key, percent_encoding::NON_ALPHANUMERIC);
    let body = format!(
        "<PostResponse><Location>https://brandscopic-mock.s3.brandscopic.test/{encoded}</Location>\
         <Bucket>brandscopic-mock</Bucket><Key>{key}</Key></PostResponse>"
    );
    state.storage.0.push(Stored { key, mime: file.mime.unwrap_or_default(), bytes: file.bytes });
    Ok(xml(StatusCode::CREATED, &body))
}

fn fetch(state: &State, request: &HttpRequest, now: DateTime<Utc>) -> Result<Reply, Refused> {
    let path = request.uri().path().strip_prefix(ROOT).and_then(|path| path.strip_prefix("attached_assets/"));
    let id = path.and_then(|path| path.split('/').next()?.parse::<i64>().ok()).ok_or(DENIED)?;
    let (mime, bytes, guarded) = state.stores.file(id).ok_or((StatusCode::NOT_FOUND, "NoSuchKey"))?;
    let query = request.uri().query().unwrap_or_default();
    let parameter = |name: &str| {
        url::form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name).map(|(_, value)| value)
    };
    let until = parameter("Expires").and_then(|until| until.parse::<i64>().ok()).unwrap_or_default();
    let fits = parameter("Signature").as_deref() == Some(&signature(&format!("{id}/{until}")));
    if guarded && !(fits && now.timestamp() <= until) {
        return Err(DENIED);
    }
    let mut reply = Reply::new(bytes);
    reply.headers_mut().extend(mime.parse().ok().map(|kind| (header::CONTENT_TYPE, kind)));
    Ok(reply)
}

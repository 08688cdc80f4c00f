//! What a service said, without whom it said it about: to be replayed, and compared with the fake.

mod compare;
mod member;
mod play;
mod redaction;
mod words;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use connectors_core::{Error, ErrorKind, Result, redact};
use http::header::{self, HeaderName};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::redaction::Redactor;
use crate::backend::Backend;
use crate::fake::Fake;
use crate::recorder::Recorded;

pub use self::compare::{Comparison, Difference};

/// The version of the form that a cassette is written in.
const FORMAT: u32 = 1;

/// The kinds of content that are told apart.
const KINDS: [&str; 14] = [
    "application/json",
    "application/octet-stream",
    "application/pdf",
    "application/problem+json",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/xml",
    "image/jpeg",
    "image/png",
    "image/svg+xml",
    "text/csv",
    "text/html",
    "text/plain",
    "text/xml",
];

/// How much of what was said is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Keep {
    /// The shapes alone; [`Cassette`] tells what that is.
    #[default]
    Shapes,
    /// The values too: names, numbers, texts. Only what looks secret is masked, as
    /// [`redact::text`] does. For what you record of a fake, or keep to yourself.
    Values,
}

/// Exchanges with a service, redacted, as a [`Recorder`](crate::Recorder) gives them.
///
/// # What is in it
///
/// Never kept, of any exchange: its headers, but for `content-type` and `retry-after` of answers; members and parameters
/// whose name speaks of a token, key, password, secret, signature, session or cookie; what is not JSON, but for its length.
///
/// With [`Keep::Shapes`], which is what you get unless you ask for more:
///
/// * Kept: method, status, the words of documented paths, documented names of members and parameters, `true`, `false` and
///   `null`, numbers below 10, small numbers of pages, hours and error codes, documented words in members such as `type`
///   and `status`, recent days in members that are named after dates, and times of day `hh:mm`.
/// * Ids, in paths, parameters and bodies, become other ids of the same form, always the same one for the same id, by a
///   keyed hash whose key is not kept: how things hang together can be seen, what they are cannot.
/// * Any other text becomes letters, the same for the same text, as many as the next lower power of two up to 64. E-mail
///   addresses, web addresses, numbers and dates become such of `example.com`, of the same number of digits, and of the
///   first of January.
/// * Any other number becomes one of as many digits.
/// * Other names of members (`Berlin`, `anna`) become `unknown-` and letters, or another id.
///
/// What an error says is a text like any other. A word that is documented is kept also where it is somebody's own: look
/// through a cassette before you send it to anybody.
///
/// # Replaying
///
/// It is a [`Fake`]: a request is answered by what was recorded for the same method, path, query and body, else for the
/// nearest that has the same method and path; the nth same request by the nth answer, the last one again and again;
/// what was not recorded, by 501.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use std::sync::Arc;
/// use connectors_mock::{Backend, Cassette, InProcess, MockSmartsheet, Recorder};
/// use connectors_smartsheet::{SmartsheetClient, SmartsheetService};
///
/// let mock = MockSmartsheet::new();
/// let recorder = Recorder::new("smartsheet", Arc::new(InProcess::new(mock.backend().clone())));
/// let client = SmartsheetClient::builder().access_token("mock-key").transport(Arc::new(recorder.clone())).build()?;
/// client.summary().await?;
///
/// let cassette = Cassette::from_json(&recorder.cassette().to_json())?.named_by(mock.backend());
/// let offline = Backend::new(Arc::new(cassette), Arc::clone(mock.backend().clock()));
/// let transport = Arc::new(InProcess::new(offline.clone()));
/// let client = SmartsheetClient::builder().access_token("any").transport(transport).build()?;
/// client.summary().await?;
/// offline.journal().assert_called("workspaces.list");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Cassette {
    format: u32,
    provider: String,
    recorded_at: DateTime<Utc>,
    keeps: Keep,
    left_out: usize,
    exchanges: Vec<Exchange>,
    #[serde(skip)]
    names: Option<Arc<dyn Fake>>,
    /// How often each group of same requests was asked for.
    #[serde(skip)]
    played: Arc<Mutex<HashMap<(usize, usize), usize>>>,
}

/// One request, and what it was answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Exchange {
    method: String,
    path: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    query: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Said::is_nothing")]
    asked: Said,
    status: u16,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Said::is_nothing")]
    body: Said,
}

/// A body.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Said {
    #[default]
    Nothing,
    Json(Value),
    /// The text of a diagnosis.
    Text(String),
    /// So many bytes of something else.
    Bytes(usize),
}

impl Said {
    fn is_nothing(&self) -> bool {
        *self == Self::Nothing
    }

    fn bytes(&self) -> Bytes {
        match self {
            Self::Nothing => Bytes::new(),
            Self::Json(value) => value.to_string().into(),
            Self::Text(text) => text.clone().into(),
            Self::Bytes(count) => vec![0; (*count).min(1 << 20)].into(),
        }
    }
}

impl Cassette {
    pub(crate) fn of(
        provider: &str,
        recorded_at: DateTime<Utc>,
        keeps: Keep,
        left_out: usize,
        recorded: &[Recorded],
    ) -> Self {
        let redactor = Redactor::new(keeps, recorded);
        let exchanges = recorded.iter().map(|exchange| Exchange::of(&redactor, exchange)).collect();
        let (provider, names, played) = (provider.to_owned(), None, Arc::default());
        Self { format: FORMAT, provider, recorded_at, keeps, left_out, exchanges, names, played }
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    pub fn from_json(text: &str) -> Result<Self> {
        let broken = |problem: String| Error::new(ErrorKind::InvalidRequest, format!("this is no cassette: {problem}"));
        let cassette: Self = serde_json::from_str(text).map_err(|problem| broken(problem.to_string()))?;
        if cassette.format != FORMAT {
            return Err(broken(format!("it is of format {}, and {FORMAT} is known", cassette.format)));
        }
        Ok(cassette)
    }

    /// As JSON, to be looked at and kept.
    pub fn to_json(&self) -> String {
        // Plain structs and values, which cannot fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The provider that it was recorded of.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// When its recording began.
    pub fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded_at
    }

    /// How many exchanges there are.
    pub fn len(&self) -> usize {
        self.exchanges.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.exchanges.is_empty()
    }

    /// How many exchanges were left out: those that were too large or too many, and those that broke.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The requests, each with the status of its answer, such as `GET /2.0/users/me -> 200`.
    pub fn requests(&self) -> Vec<String> {
        let line = |exchange: &Exchange| format!("{} -> {}", exchange.asked_for(), exchange.status);
        self.exchanges.iter().map(line).collect()
    }

    /// Its requests are called what the fake of this backend calls them, in the journal and for faults, whose answers come
    /// from there too.
    pub fn named_by(mut self, backend: &Backend) -> Self {
        self.names = Some(backend.shared_fake());
        self
    }
}

impl Exchange {
    fn of(redactor: &Redactor, recorded: &Recorded) -> Self {
        let header = |name: &HeaderName| recorded.headers.get(name)?.to_str().ok();
        // The boundary of a form, and whatever else is behind it, says nothing.
        let kind = header(&header::CONTENT_TYPE).map(|kind| kind.split(';').next().unwrap_or_default().trim());
        let kind = kind.map(|kind| if KINDS.contains(&kind) { kind } else { "application/octet-stream" });
        let wait = header(&header::RETRY_AFTER).filter(|wait| wait.parse::<u32>().is_ok());
        let headers = [(header::CONTENT_TYPE, kind), (header::RETRY_AFTER, wait)].into_iter();
        let headers = headers.filter_map(|(name, value)| Some((name.to_string(), value?.to_owned())));
        let failed = recorded.status.is_client_error() || recorded.status.is_server_error();
        Self {
            method: recorded.method.to_string(),
            path: redactor.path(&recorded.path),
            query: redactor.query(recorded.query.as_deref().unwrap_or_default()),
            asked: said(redactor, recorded.asked_in.as_deref(), &recorded.asked, false),
            status: recorded.status.as_u16(),
            headers: headers.collect(),
            body: said(redactor, None, &recorded.body, failed),
        }
    }

    /// Method, path and query.
    fn asked_for(&self) -> String {
        let mut shown = format!("{} {}", self.method, self.path);
        for (number, (name, value)) in self.query.iter().enumerate() {
            let before = if number == 0 { "?" } else { "&" };
            shown.extend([before, name, "=", value]);
        }
        shown
    }

    fn header(&self, wanted: &str) -> Option<&str> {
        self.headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }
}

/// A body, redacted.
fn said(redactor: &Redactor, kind: Option<&str>, body: &Bytes, failed: bool) -> Said {
    if body.is_empty() {
        return Said::Nothing;
    }
    if kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        let fields = redactor.query(&String::from_utf8_lossy(body));
        return Said::Json(fields.into_iter().map(|(name, value)| (name, Value::String(value))).collect());
    }
    match serde_json::from_slice(body) {
        Ok(value) => Said::Json(redactor.value("", value)),
        Err(_) if failed => Said::Text(redactor.text("", &redact::body(body).unwrap_or_default())),
        Err(_) => Said::Bytes(body.len()),
    }
}

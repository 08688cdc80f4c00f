//! Where a fake answers otherwise than the service did.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::time::Duration;

use connectors_core::HttpRequest;
use http::{HeaderValue, Uri, header};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::Value;
use url::form_urlencoded;

use super::{Cassette, Exchange, Said, member, words};
use crate::backend::{Backend, Outcome};
use crate::fake::Reply;

/// How often a fake that is not ready is asked again.
const PATIENCE: usize = 40;

/// One way in which an answer of the fake differs from the recorded one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The request, such as `GET /2.0/users/me`.
    pub request: String,
    /// Where in the body, such as `$.data[].owner`; `$` alone where the answer as a whole differs.
    pub path: String,
    /// What the service says, and what the fake says.
    pub what: String,
}

/// Where a fake answers otherwise than the service did, by the shapes of bodies: statuses, kinds of content, members and
/// their types. Values are not compared.
///
/// What the fake says besides is told too: the service may say it in other cases.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// How many answers were compared.
    pub compared: usize,
    /// The requests that could not be made to the fake, and why.
    pub skipped: Vec<String>,
    /// The differences, by request.
    pub differences: Vec<Difference>,
}

impl Comparison {
    /// Whether something was compared, and nothing differs.
    pub fn is_same(&self) -> bool {
        self.compared > 0 && self.differences.is_empty()
    }

    fn differs(&mut self, request: &str, path: &str, what: String) {
        self.differences.push(Difference { request: request.to_owned(), path: path.to_owned(), what });
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before = "";
        for Difference { request, path, what } in &self.differences {
            if request != before {
                writeln!(f, "{request}")?;
            }
            writeln!(f, "  {path}: {what}")?;
            before = request;
        }
        for skipped in &self.skipped {
            writeln!(f, "not compared: {skipped}")?;
        }
        let (answers, differences) = (self.compared, self.differences.len());
        write!(
            f,
            "{answers} answers compared with the fake's, {differences} differences, {} skipped",
            self.skipped.len()
        )
    }
}

impl Cassette {
    /// Makes the recorded requests to a fake, one after the other, and tells where it answers in another shape. The ids in
    /// them become those that the fake gave in the same places of its earlier answers.
    ///
    /// The fake should be fresh, and its clock show about the time of the [recording](Self::recorded_at). Its writes are
    /// carried out.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use std::sync::Arc;
    /// use connectors_mock::{InProcess, MockSmartsheet, Recorder};
    /// use connectors_smartsheet::{SmartsheetClient, SmartsheetService};
    ///
    /// let service = MockSmartsheet::new();
    /// let recorder = Recorder::new("smartsheet", Arc::new(InProcess::new(service.backend().clone())));
    /// let client = SmartsheetClient::builder().access_token("mock-key").transport(Arc::new(recorder.clone())).build()?;
    /// client.summary().await?;
    ///
    /// let fake = MockSmartsheet::builder().seed(8).build()?;
    /// let comparison = recorder.cassette().compare(fake.backend());
    /// assert!(comparison.is_same(), "{comparison}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn compare(&self, with: &Backend) -> Comparison {
        let mut comparison = Comparison::default();
        let mut ids = HashMap::new();
        for exchange in &self.exchanges {
            // What was not ready, or too much, is an accident of the hour.
            if [202, 429].contains(&exchange.status) {
                continue;
            }
            match ask(exchange, &ids, with) {
                Err(why) => comparison.skipped.push(format!("{} {}: {why}", exchange.method, template(&exchange.path))),
                Ok(reply) => compare(exchange, &reply, &mut ids, &mut comparison),
            }
        }
        comparison.differences.sort();
        comparison.differences.dedup();
        comparison
    }
}

type Ids = HashMap<String, String>;

/// Makes the request to the fake.
fn ask(exchange: &Exchange, ids: &Ids, with: &Backend) -> Result<Reply, String> {
    let mut unknown = None;
    let part = |part: &str| {
        let id = percent_decode_str(part).decode_utf8_lossy();
        if let Some(own) = ids.get(id.as_ref()) {
            return percent_encoding::utf8_percent_encode(own, percent_encoding::NON_ALPHANUMERIC).to_string();
        }
        if !words::is_word(&id) && exchange.status < 400 {
            unknown = Some(id.into_owned());
        }
        part.to_owned()
    };
    let mut uri: String = exchange.path.split('/').map(part).collect::<Vec<_>>().join("/");
    if unknown.is_some() {
        return Err("an id in its path was in no earlier answer".to_owned());
    }
    if exchange.query.iter().any(|(name, _)| ["q", "query", "search"].contains(&name.as_str())) {
        return Err("what was searched for was not kept".to_owned());
    }
    if exchange.status < 400 && matches!(&exchange.asked, Said::Json(body) if has_unknown("", body, ids)) {
        return Err("an id in what was sent was in no earlier answer".to_owned());
    }
    if !exchange.query.is_empty() {
        let pairs = exchange.query.iter().map(|(name, value)| (name, ids.get(value).unwrap_or(value)));
        uri = format!("{uri}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish());
    }
    let body = match &exchange.asked {
        Said::Json(body) => own_ids(body, ids).to_string().into(),
        Said::Bytes(_) | Said::Text(_) => return Err("what was sent was not kept".to_owned()),
        Said::Nothing => bytes::Bytes::new(),
    };
    let request = || {
        let mut request = HttpRequest::new(body.clone());
        *request.method_mut() = exchange.method.parse().map_err(|_| "its method is none".to_owned())?;
        *request.uri_mut() = uri.parse::<Uri>().map_err(|problem| problem.to_string())?;
        let headers = request.headers_mut();
        headers.extend(with.fake().credentials());
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if !body.is_empty() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        Ok::<_, String>(request)
    };
    for _ in 0..PATIENCE {
        match with.accept(request()?) {
            Outcome::Answer { reply, .. } if [202, 429].contains(&reply.status().as_u16()) => {
                if !with.advance(Duration::from_secs(30)) {
                    return Err("the fake is not ready, and its clock cannot be moved".to_owned());
                }
            }
            Outcome::Answer { reply, .. } => return Ok(reply),
            Outcome::Refused | Outcome::Reset | Outcome::Panicked(_) => {
                return Err("the fake gave no answer".to_owned());
            }
        }
    }
    Err("the fake does not become ready".to_owned())
}

/// Whether it speaks of something that the fake was not seen to have.
fn has_unknown(name: &str, value: &Value, ids: &Ids) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| has_unknown(name, item, ids)),
        Value::Object(members) => members.iter().any(|(name, value)| has_unknown(name, value, ids)),
        _ => member::is_id(name) && scalar(value).is_some_and(|id| !ids.contains_key(&id)),
    }
}

/// The same with the fake's ids in place of the recorded ones.
fn own_ids(value: &Value, ids: &Ids) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| own_ids(item, ids)).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), own_ids(value, ids))).collect(),
        Value::String(text) => ids.get(text).map_or_else(|| value.clone(), |own| own.as_str().into()),
        Value::Number(number) => {
            let own = ids.get(&number.to_string()).and_then(|own| own.parse::<serde_json::Number>().ok());
            own.map_or_else(|| value.clone(), Value::Number)
        }
        Value::Null | Value::Bool(_) => value.clone(),
    }
}

/// Compares an answer with the recorded one, and learns which ids are which.
fn compare(exchange: &Exchange, reply: &Reply, ids: &mut Ids, comparison: &mut Comparison) {
    let request = format!("{} {}", exchange.method, template(&exchange.path));
    comparison.compared += 1;
    if exchange.status != reply.status().as_u16() {
        let what = format!("the service answered {}, the fake {}", exchange.status, reply.status().as_u16());
        return comparison.differs(&request, "$", what);
    }
    let kind = reply.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kinds = [exchange.header("content-type"), kind.and_then(|kind| kind.split(';').next())];
    let [theirs, ours] = kinds.map(|kind| kind.unwrap_or("nothing"));
    if theirs != ours {
        comparison.differs(&request, "$", format!("the service says that it is {theirs}, the fake {ours}"));
    }
    let (Said::Json(theirs), Ok(ours)) = (&exchange.body, serde_json::from_slice::<Value>(reply.body())) else {
        return;
    };
    pair("", theirs, &ours, ids);
    let (mut their_shape, mut our_shape) = (Shape::default(), Shape::default());
    their_shape.add("$", theirs);
    our_shape.add("$", &ours);
    their_shape.compare(&our_shape, &request, comparison);
}

/// A path without its ids.
fn template(path: &str) -> String {
    let part = |part: &str| if words::is_word(part) { part.to_owned() } else { "{id}".to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Which ids stand in the same places.
fn pair(name: &str, theirs: &Value, ours: &Value, ids: &mut Ids) {
    match (theirs, ours) {
        (Value::Array(theirs), Value::Array(ours)) => {
            theirs.iter().zip(ours).for_each(|(theirs, ours)| pair(name, theirs, ours, ids));
        }
        (Value::Object(theirs), Value::Object(ours)) => {
            for (name, theirs) in theirs {
                ours.get(name).into_iter().for_each(|ours| pair(name, theirs, ours, ids));
            }
        }
        _ if member::is_id(name) => {
            if let (Some(theirs), Some(ours)) = (scalar(theirs), scalar(ours)) {
                ids.entry(theirs).or_insert(ours);
            }
        }
        _ => {}
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The types that stand at each path of a body. The items of a list stand at one path, and so do members whose names are
/// data.
#[derive(Default)]
struct Shape(BTreeMap<String, BTreeSet<&'static str>>);

impl Shape {
    fn add(&mut self, path: &str, value: &Value) {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "text",
            Value::Array(_) => "list",
            Value::Object(_) => "object",
        };
        self.0.entry(path.to_owned()).or_default().insert(kind);
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.add(&format!("{path}[]"), item)),
            Value::Object(members) => {
                for (name, value) in members {
                    let name = if member::is_name(name) { name.as_str() } else { "*" };
                    self.add(&format!("{path}.{name}"), value);
                }
            }
            _ => {}
        }
    }

    /// Whether what `path` is in was seen at all: of an empty list, nothing is known.
    fn knows_of(&self, path: &str) -> bool {
        let parent = path.strip_suffix("[]").or_else(|| path.rsplit_once('.').map(|(parent, _)| parent));
        parent.is_none_or(|parent| {
            self.0.get(parent).is_some_and(|kinds| kinds.contains("object") && !path.ends_with("[]"))
        })
    }

    fn compare(&self, ours: &Self, request: &str, comparison: &mut Comparison) {
        for (path, theirs) in &self.0 {
            match ours.0.get(path) {
                None if ours.knows_of(path) => {
                    comparison.differs(
                        request,
                        path,
                        format!("the service has it ({}), the fake does not", list(theirs)),
                    );
                }
                Some(own) if !theirs.is_subset(own) && !is_null(theirs) && !is_null(own) => {
                    let more: BTreeSet<_> = theirs.difference(own).copied().filter(|kind| *kind != "null").collect();
                    if !more.is_empty() {
                        let what = format!("of the service it is {}, of the fake {}", list(theirs), list(own));
                        comparison.differs(request, path, what);
                    }
                }
                _ => {}
            }
        }
        for (path, own) in &ours.0 {
            if !self.0.contains_key(path) && self.knows_of(path) {
                comparison.differs(request, path, format!("the fake has it ({}), the service did not", list(own)));
            }
        }
    }
}

fn is_null(kinds: &BTreeSet<&'static str>) -> bool {
    kinds.iter().all(|kind| *kind == "null")
}

fn list(kinds: &BTreeSet<&'static str>) -> String {
    kinds.iter().copied().collect::<Vec<_>>().join(" or ")
}

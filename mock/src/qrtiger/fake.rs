//! The fake itself: its endpoints, and what people do to it in the dashboard.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use connectors_core::HttpRequest;
use http::{HeaderValue, Method, StatusCode, header};
use percent_encoding::percent_decode_str;
use serde_json::json;

use super::answers;
use super::fields::{Fields, query};
use super::image;
use super::state::{FakeCode, State};
use super::visits;
use crate::fake::{self, Fake, Reply, Route, with_retry_after};

const CATEGORIES: [&str; 3] = ["url", "text", "Vcard"];

/// A QR TIGER without a server. It accepts the key `mock-key`.
///
/// Strict about paths, headers, fields and types, and otherwise with the habits of the real one, which depend on seed
/// and code: ids and images at the top of an answer or inside, lists bare or wrapped, numbers as text, names ignored
/// at creation, edits that tell nothing, statistics that leave out quiet days, a rejected key told as 403 inside of 200.
///
/// A code that is made here has been scanned for two to five weeks already, and is scanned further as the clock goes
/// on: a mock's clock hardly moves, so it would never be scanned otherwise. [`scan`](FakeQrTiger::scan) adds a scan of your
/// own, and so does a GET of a short link on a [`MockServer`](crate::MockServer).
#[derive(Debug)]
pub struct FakeQrTiger {
    state: Mutex<State>,
}

/// What a request is for.
enum Endpoint {
    Static,
    Create,
    Edit(String),
    List,
    Data(String),
    Upload,
}

impl FakeQrTiger {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: Mutex::new(State::new(seed)) }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All dynamic codes, in the order of their creation.
    pub fn codes(&self) -> Vec<FakeCode> {
        self.state().codes.clone()
    }

    /// Somebody makes a code in the dashboard; returns its id.
    pub fn add(&self, name: &str, destination: &str, at: DateTime<Utc>) -> String {
        let mut state = self.state();
        let id = state.create("url", destination, at).id;
        if let Some(code) = state.find(&id) {
            name.clone_into(&mut code.name);
        }
        id
    }

    /// Somebody changes a code in the dashboard. Does nothing if there is none with this id.
    pub fn edit(&self, id: &str, change: impl FnOnce(&mut FakeCode)) {
        if let Some(code) = self.state().find(id) {
            change(code);
        }
    }

    /// Somebody deletes a code in the dashboard.
    pub fn delete(&self, id: &str) {
        self.state().codes.retain(|code| code.id != id);
    }

    fn create(&self, request: &HttpRequest, now: DateTime<Utc>) -> Result<Reply, String> {
        let fields = Fields::of_campaign(request.body())?;
        if !fields.has("qr") {
            return Err("qr is required".to_owned());
        }
        fields.require("qrType")?;
        let (category, destination) = (fields.require("qrCategory")?, fields.require("qrUrl")?);
        if !CATEGORIES.contains(&category) {
            return Err(format!("qrCategory {category} is not supported"));
        }
        let mut state = self.state();
        // The name is ignored, as the real one does.
        let code = state.create(category, destination, now);
        Ok(answers::created(&state, &code, now))
    }

    fn change(&self, id: &str, request: &HttpRequest, now: DateTime<Utc>) -> Result<Reply, String> {
        let fields = Fields::of_campaign(request.body())?;
        if !["qrUrl", "qrName", "qr"].iter().any(|name| fields.has(name)) {
            return Err("there is nothing to change".to_owned());
        }
        let mut state = self.state();
        let Some(code) = state.find(id) else {
            return Ok(answers::failure(StatusCode::NOT_FOUND, "QR code not found"));
        };
        if let Some(destination) = fields.text("qrUrl") {
            destination.clone_into(&mut code.destination);
        }
        if let Some(name) = fields.text("qrName") {
            name.clone_into(&mut code.name);
        }
        code.updated_at = now;
        let code = code.clone();
        Ok(answers::edited(&state, &code))
    }

    fn list(&self, request: &HttpRequest, now: DateTime<Utc>) -> Result<Reply, String> {
        let parameters = query(request.uri(), &["limit", "page"])?;
        let number = |name: &str, default: usize| match parameters.get(name) {
            Some(text) => {
                text.parse().ok().filter(|n| *n > 0).ok_or_else(|| format!("{name} must be a positive number"))
            }
            None => Ok(default),
        };
        let (limit, page) = (number("limit", 20)?, number("page", 1)?);
        let state = self.state();
        // The newest first.
        let codes: Vec<_> = state.codes.iter().rev().skip(limit.saturating_mul(page - 1)).take(limit).collect();
        Ok(answers::listed(&state, &codes, now))
    }

    fn render(&self, request: &HttpRequest) -> Result<Reply, String> {
        let fields = Fields::of_static(request.body())?;
        let text = fields.require("text")?;
        let format = fields.text("qrFormat").unwrap_or("png");
        if !["png", "svg"].contains(&format) {
            return Err(format!("qrFormat {format} is not supported"));
        }
        Ok(answers::rendered(&self.state(), format, &image::picture(format, text)))
    }

    fn upload(&self, request: &HttpRequest, now: DateTime<Utc>) -> Result<Reply, String> {
        let content_type = fake::header(request, "content-type").unwrap_or_default();
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").ok_or("the body is not a form")?;
        let body = String::from_utf8_lossy(request.body());
        let is_form =
            body.starts_with(&format!("--{boundary}\r\n")) && body.ends_with(&format!("\r\n--{boundary}--\r\n"));
        if !is_form || !body.contains("name=\"userFile\"; filename=") {
            return Err("userFile is required".to_owned());
        }
        let mut state = self.state();
        state.uploads += 1;
        let name = state.letters("upload", state.uploads, 12).to_lowercase();
        let address = format!("https://media.qrtiger.com/images/{}/{name}.png", now.format("%Y/%m"));
        Ok(fake::json(StatusCode::OK, &json!({"qrUrl": address})))
    }
}

fn endpoint(request: &HttpRequest) -> Option<Endpoint> {
    let path = request.uri().path();
    let id = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let parts: Vec<_> = path.strip_prefix("/api/")?.trim_end_matches('/').split('/').collect();
    match (request.method(), &parts[..]) {
        (&Method::POST, ["qr", "static"]) => Some(Endpoint::Static),
        (&Method::POST, ["campaign"]) => Some(Endpoint::Create),
        (&Method::GET, ["campaign"]) => Some(Endpoint::List),
        (&Method::POST, ["campaign", "edit", code]) => Some(Endpoint::Edit(id(code))),
        (&Method::GET, ["data", code]) => Some(Endpoint::Data(id(code))),
        (&Method::POST, ["accounts", "uploads"]) => Some(Endpoint::Upload),
        _ => None,
    }
}

impl Fake for FakeQrTiger {
    fn provider(&self) -> &'static str {
        "qrtiger"
    }

    fn route(&self, request: &HttpRequest) -> Option<Route> {
        if visits::short_link(request).is_some() {
            return Some(Route::write("scan").cost(0));
        }
        Some(match endpoint(request)? {
            Endpoint::Static => Route::write("statics.create"),
            Endpoint::Create => Route::write("campaigns.create"),
            Endpoint::Edit(_) => Route::write("campaigns.edit"),
            Endpoint::List => Route::read("campaigns.list"),
            Endpoint::Data(_) => Route::read("tracking.data"),
            Endpoint::Upload => Route::write("uploads.image"),
        })
    }

    fn handle(&self, request: &HttpRequest, now: DateTime<Utc>) -> Reply {
        self.served_at(request);
        if let Some(id) = visits::short_link(request) {
            return self.visit(id, request, now);
        }
        let Some(endpoint) = endpoint(request) else { return fake::html(StatusCode::NOT_FOUND) };
        if fake::header(request, "authorization") != Some("Bearer mock-key") {
            return fake::json(StatusCode::OK, &json!({"status": 403}));
        }
        if !accepts_json(request) {
            return answers::failure(StatusCode::NOT_ACCEPTABLE, "only JSON is served");
        }
        let is_form = matches!(endpoint, Endpoint::Upload);
        if request.method() == Method::POST && !is_form && !fake::is_json(request) {
            return answers::failure(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be JSON");
        }
        // Every corner of the real one words its errors in its own way.
        match endpoint {
            Endpoint::Create => {
                self.create(request, now).unwrap_or_else(|m| answers::failure(StatusCode::BAD_REQUEST, &m))
            }
            Endpoint::Edit(id) => {
                self.change(&id, request, now).unwrap_or_else(|m| answers::failure(StatusCode::BAD_REQUEST, &m))
            }
            Endpoint::List => self.list(request, now).unwrap_or_else(|m| answers::failure(StatusCode::BAD_REQUEST, &m)),
            Endpoint::Data(id) => answers::data(&mut self.state(), &id, request, now),
            Endpoint::Static => self.render(request).unwrap_or_else(|m| refused(&m)),
            Endpoint::Upload => self.upload(request, now).unwrap_or_else(|m| refused(&m)),
        }
    }

    fn throttled(&self, retry_after: Option<Duration>) -> Reply {
        with_retry_after(answers::failure(StatusCode::TOO_MANY_REQUESTS, "Too many requests"), retry_after)
    }

    fn failure(&self, status: StatusCode) -> Reply {
        let mut reply = Reply::new(status.canonical_reason().unwrap_or("Error").into());
        *reply.status_mut() = status;
        reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        reply
    }
}

fn refused(message: &str) -> Reply {
    fake::json(StatusCode::BAD_REQUEST, &json!({"error": message}))
}

fn accepts_json(request: &HttpRequest) -> bool {
    let accept = fake::header(request, "accept");
    accept.is_some_and(|accept| accept.contains("application/json") || accept.contains("*/*"))
}

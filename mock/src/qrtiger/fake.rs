//! The fake itself: its endpoints, and what people do to it in the dashboard.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use connectors_core::{HttpRequest, Result as Checked};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::answers;
use super::fields::{Fields, query};
use super::image;
use super::operations::{self, Operation};
use super::setup::QrTigerSetup;
use super::state::{FakeCode, State};
use super::{uploads, visits};
use crate::fake::{self, Fake, Reply, Route, with_retry_after};
use crate::snapshot;

pub(super) const CATEGORIES: [&str; 3] = ["url", "text", "Vcard"];

/// A QR TIGER without a server. It accepts the key `mock-key`.
///
/// Strict about paths, headers, fields and types, and otherwise with the habits of the real one, which depend on seed
/// and code: ids and images at the top of an answer or inside, lists bare or wrapped, numbers as text, names ignored
/// at creation, edits that tell nothing, statistics that leave out quiet days, a rejected key told as 403 inside of 200.
///
/// A code that is made here has been scanned for two to five weeks already, and is scanned further as the clock goes
/// on: a mock's clock hardly moves, so it would never be scanned otherwise. [`be_quiet`](FakeQrTiger::be_quiet) ends that.
/// [`scan`](FakeQrTiger::scan) adds a scan of your own, and so does a GET of a short link on a
/// [`MockServer`](crate::MockServer).
#[derive(Debug)]
pub struct FakeQrTiger {
    state: Mutex<State>,
    /// Whether it is the host of old, with paths of its own.
    legacy: bool,
    /// How it began.
    seed: u64,
    initial: Vec<QrTigerSetup>,
}

impl FakeQrTiger {
    pub(super) fn new(seed: u64, legacy: bool, initial: Vec<QrTigerSetup>, now: DateTime<Utc>) -> Checked<Self> {
        let state = Mutex::new(begin(seed, &initial, now)?);
        Ok(Self { state, legacy, seed, initial })
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

    /// From now on no code has any scan but those that are made by [`scan`](FakeQrTiger::scan), or by opening its link.
    pub fn be_quiet(&self) {
        self.state().is_quiet = true;
    }

    /// From now on a page of the list has this many codes at most, whatever is asked for. The real one's largest page is
    /// not documented.
    pub fn largest_page(&self, codes: usize) {
        self.state().largest_page = codes;
    }

    fn create(&self, fields: &Fields, now: DateTime<Utc>) -> Result<Reply, String> {
        let (category, destination) = (fields.require("qrCategory")?, fields.require("qrUrl")?);
        if !CATEGORIES.contains(&category) {
            return Err(format!("qrCategory {category} is not supported"));
        }
        let mut state = self.state();
        // The name is ignored, as the real one does.
        let id = state.create(category, destination, now).id;
        let Some(code) = state.find(&id) else { return Err("the code is gone".to_owned()) };
        code.design = fields.design().unwrap_or_default();
        let code = code.clone();
        Ok(answers::created(&state, &code, now))
    }

    fn change(&self, id: &str, fields: &Fields, now: DateTime<Utc>) -> Result<Reply, String> {
        if !["qrUrl", "qrName", "qr"].iter().any(|name| fields.has(name)) {
            return Err("there is nothing to change".to_owned());
        }
        let mut state = self.state();
        let Some(code) = state.find(id) else {
            return Ok(answers::failure(StatusCode::NOT_FOUND, "QR code not found"));
        };
        if let Some(destination) = fields.text("qrUrl") {
            if destination != code.destination {
                code.url_updated_at = Some(now);
            }
            destination.clone_into(&mut code.destination);
        }
        if let Some(name) = fields.text("qrName") {
            name.clone_into(&mut code.name);
        }
        if let Some(design) = fields.design() {
            code.design = design;
        }
        code.updated_at = now;
        let code = code.clone();
        Ok(answers::edited(&state, &code))
    }

    fn list(&self, request: &HttpRequest, operation: &Operation, now: DateTime<Utc>) -> Result<Reply, String> {
        let parameters = query(request.uri(), &operation.query)?;
        let number = |name: &str, default: usize| match parameters.get(name) {
            Some(text) => {
                text.parse().ok().filter(|n| *n > 0).ok_or_else(|| format!("{name} must be a positive number"))
            }
            None => Ok(default),
        };
        let state = self.state();
        let (limit, page) = (number("limit", 20)?.min(state.largest_page), number("page", 1)?);
        // The newest first.
        let codes: Vec<_> = state.codes.iter().rev().skip(limit.saturating_mul(page - 1)).take(limit).collect();
        Ok(answers::listed(&state, &codes, now))
    }

    fn render(&self, fields: &Fields) -> Result<Reply, String> {
        let format = fields.text("qrFormat").unwrap_or("png");
        if !["png", "svg"].contains(&format) {
            return Err(format!("qrFormat {format} is not supported"));
        }
        Ok(answers::rendered(&self.state(), format, &image::picture(format, fields.require("text")?)))
    }
}

impl Fake for FakeQrTiger {
    fn provider(&self) -> &'static str {
        "qrtiger"
    }

    fn operations(&self) -> Vec<&'static str> {
        operations::names(self.legacy).chain(["scan", "images.download"]).collect()
    }

    fn environment(&self, base: &str) -> Vec<(&'static str, String)> {
        vec![("QRTIGER_API_URL", base.to_owned()), ("QRTIGER_API_KEY", super::API_KEY.to_owned())]
    }

    fn holds(&self) -> Vec<(&'static str, usize)> {
        let state = self.state();
        vec![("codes", state.codes.len()), ("uploads", state.uploads.len())]
    }

    fn route(&self, request: &HttpRequest) -> Option<Route> {
        if visits::short_link(request).is_some() {
            return Some(Route::write("scan").cost(0));
        }
        uploads::route(request).or_else(|| Some(operations::find(request, self.legacy)?.0.route()))
    }

    fn handle(&self, request: &HttpRequest, now: DateTime<Utc>) -> Reply {
        self.served_at(request);
        if let Some(id) = visits::short_link(request) {
            return self.visit(&id, request, now);
        }
        if uploads::route(request).is_some() {
            return self.serve(request);
        }
        let Some((operation, path)) = operations::find(request, self.legacy) else {
            return fake::html(StatusCode::NOT_FOUND);
        };
        if fake::header(request, "authorization") != Some("Bearer mock-key") {
            return fake::json(StatusCode::OK, &json!({"status": 403}));
        }
        if !accepts_json(request) {
            return answers::failure(StatusCode::NOT_ACCEPTABLE, "only JSON is served");
        }
        let id = path.first().map(|(_, id)| id.as_str()).unwrap_or_default();
        if operation.name == "uploads.image" {
            return self.upload(request, now).unwrap_or_else(|message| refused(&message));
        }
        if operation.is_write() && !fake::is_json(request) {
            return answers::failure(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be JSON");
        }
        let fields = || Fields::read(request.body(), operation);
        // Every corner of the real one words its errors in its own way.
        let bad = |message: String| answers::failure(StatusCode::BAD_REQUEST, &message);
        match operation.name {
            "statics.create" => fields().and_then(|fields| self.render(&fields)).unwrap_or_else(|m| refused(&m)),
            "campaigns.create" => fields().and_then(|fields| self.create(&fields, now)).unwrap_or_else(bad),
            "campaigns.edit" => fields().and_then(|fields| self.change(id, &fields, now)).unwrap_or_else(bad),
            "campaigns.list" => self.list(request, operation, now).unwrap_or_else(bad),
            "tracking.data" => answers::data(&mut self.state(), id, query(request.uri(), &operation.query), now),
            _ => fake::html(StatusCode::NOT_FOUND),
        }
    }

    fn credentials(&self) -> http::HeaderMap {
        fake::headers([("authorization", "Bearer mock-key".to_owned())])
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

    fn reset(&self, seed: Option<u64>, now: DateTime<Utc>) -> Checked<()> {
        *self.state() = begin(seed.unwrap_or(self.seed), &self.initial, now)?;
        Ok(())
    }

    fn save(&self) -> Checked<String> {
        snapshot::write(self.provider(), &*self.state())
    }

    fn load(&self, state: &str) -> Checked<()> {
        let loaded: State = snapshot::read(self.provider(), state)?;
        loaded.check()?;
        *self.state() = loaded;
        Ok(())
    }

    fn add(&self, setup: &str, now: DateTime<Utc>) -> Checked<()> {
        let setup: QrTigerSetup = snapshot::parse(setup)?;
        snapshot::amend(&mut *self.state(), |with| setup.apply(with, now))
    }
}

fn begin(seed: u64, initial: &[QrTigerSetup], now: DateTime<Utc>) -> Checked<State> {
    let mut state = State::new(seed);
    initial.iter().try_for_each(|setup| setup.apply(&mut state, now))?;
    Ok(state)
}

fn refused(message: &str) -> Reply {
    fake::json(StatusCode::BAD_REQUEST, &json!({"error": message}))
}

fn accepts_json(request: &HttpRequest) -> bool {
    let accept = fake::header(request, "accept");
    accept.is_some_and(|accept| accept.contains("application/json") || accept.contains("*/*"))
}

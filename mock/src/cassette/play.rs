//! A cassette in place of a service.

use std::sync::PoisonError;
use std::time::Duration;

use chrono::{DateTime, Utc};
use connectors_core::HttpRequest;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use super::{Cassette, Exchange, Said, member};
use crate::fake::{self, Fake, Reply, Route};

/// What is asked, to be found among what was asked.
struct Wanted {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    body: Said,
}

impl Wanted {
    fn of(request: &HttpRequest) -> Self {
        let query = request.uri().query().unwrap_or_default();
        let pairs = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| !member::is_secret(name));
        let body = serde_json::from_slice(request.body()).map_or(Said::Nothing, Said::Json);
        Self {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: sorted(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()),
            body,
        }
    }

    /// How near this is: 0 for the same, more for less; nothing where it is something else.
    fn distance(&self, exchange: &Exchange) -> Option<usize> {
        if (self.method.as_str(), self.path.as_str()) != (exchange.method.as_str(), exchange.path.as_str()) {
            return None;
        }
        let query = sorted(exchange.query.clone());
        let names = |query: &[(String, String)]| query.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        Some(match () {
            () if query == self.query && exchange.asked == self.body => 0,
            () if query == self.query => 1,
            () if names(&query) == names(&self.query) => 2,
            () => 3,
        })
    }
}

fn sorted(mut query: Vec<(String, String)>) -> Vec<(String, String)> {
    query.sort();
    query
}

impl Exchange {
    pub(super) fn reply(&self) -> Reply {
        let mut reply = Reply::new(self.body.bytes());
        *reply.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::NOT_IMPLEMENTED);
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
                reply.headers_mut().insert(name, value);
            }
        }
        reply
    }
}

impl Fake for Cassette {
    fn provider(&self) -> &'static str {
        self.names.as_ref().map_or("cassette", |names| names.provider())
    }

    fn operations(&self) -> Vec<&'static str> {
        self.names.as_ref().map(|names| names.operations()).unwrap_or_default()
    }

    fn route(&self, request: &HttpRequest) -> Option<Route> {
        if let Some(names) = &self.names {
            return names.route(request);
        }
        let reads = [Method::GET, Method::HEAD].contains(request.method());
        Some(if reads { Route::read("recorded.read") } else { Route::write("recorded.write") })
    }

    fn handle(&self, request: &HttpRequest, _now: DateTime<Utc>) -> Reply {
        let wanted = Wanted::of(request);
        let found = self.exchanges.iter().enumerate();
        let found: Vec<_> =
            found.filter_map(|(at, exchange)| Some((wanted.distance(exchange)?, at, exchange))).collect();
        let nearest = found.iter().map(|(distance, ..)| *distance).min();
        let nearest: Vec<_> = found.into_iter().filter(|(distance, ..)| Some(*distance) == nearest).collect();
        let Some((distance, first, _)) = nearest.first() else {
            let message = format!("nothing was recorded for {} {}", wanted.method, wanted.path);
            return fake::json(StatusCode::NOT_IMPLEMENTED, &json!({ "message": message }));
        };
        let nth = {
            let mut played = self.played.lock().unwrap_or_else(PoisonError::into_inner);
            let count = played.entry((*distance, *first)).or_default();
            *count += 1;
            (*count - 1).min(nearest.len() - 1)
        };
        nearest.get(nth).map_or_else(|| fake::empty(StatusCode::NOT_IMPLEMENTED), |(.., exchange)| exchange.reply())
    }

    fn throttled(&self, retry_after: Option<Duration>) -> Reply {
        match &self.names {
            Some(names) => names.throttled(retry_after),
            None => fake::with_retry_after(fake::json(StatusCode::TOO_MANY_REQUESTS, &Value::Null), retry_after),
        }
    }

    fn failure(&self, status: StatusCode) -> Reply {
        self.names.as_ref().map_or_else(|| fake::html(status), |names| names.failure(status))
    }

    fn not_ready(&self) -> Option<Reply> {
        self.names.as_ref()?.not_ready()
    }
}

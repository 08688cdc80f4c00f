//! What a browser does, as far as it matters here.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use http::{HeaderMap, Request, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

/// Somebody with a cookie, or none.
#[derive(Clone)]
pub struct Browser {
    pub router: Router,
    /// Where the dashboard is.
    pub base: String,
    pub host: Option<String>,
    pub cookie: Option<String>,
    pub csrf: Option<String>,
    pub address: Option<SocketAddr>,
    pub headers: Vec<(&'static str, String)>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{} is no JSON: {self:?}", self.status))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Refused by this status, and as every failure is.
    pub fn refused(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        let problem = self.json();
        let keys: Vec<_> = problem.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["field", "hint", "kind", "message"], "{problem}");
        problem
    }
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self {
            router,
            base: String::new(),
            host: Some("127.0.0.1:8090".to_owned()),
            cookie: None,
            csrf: None,
            address: None,
            headers: Vec::new(),
        }
    }

    /// From this address.
    pub fn at(mut self, address: &str) -> Self {
        self.address = Some(SocketAddr::new(address.parse().unwrap(), 4711));
        self
    }

    /// Asks this host.
    pub fn asking(mut self, host: &str) -> Self {
        self.host = Some(host.to_owned());
        self
    }

    /// With this header.
    pub fn saying(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn request(&self, method: &str, path: &str) -> http::request::Builder {
        let mut request = Request::builder().method(method).uri(format!("{}/{path}", self.base));
        if let Some(host) = &self.host {
            request = request.header(header::HOST, host);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(csrf) = &self.csrf {
            request = request.header("x-csrf-token", csrf);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        match self.address {
            Some(address) => request.extension(ConnectInfo(address)),
            None => request,
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.open(request).await;
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Reply { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// The answer, with a body still to come.
    pub async fn open(&self, request: Request<Body>) -> http::Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    pub async fn bare(&self, method: &str, path: &str) -> Reply {
        self.send(self.request(method, path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str) -> Reply {
        self.bare("POST", path).await
    }

    pub async fn body(&self, method: &str, path: &str, body: impl Into<Body>) -> Reply {
        let request = self.request(method, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(body.into()).unwrap()).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        self.body("PUT", path, body.to_string()).await
    }

    /// Asks for a session, and keeps it.
    pub async fn enter(&mut self) -> Reply {
        let reply = self.get("api/session").await;
        self.keep(&reply);
        reply
    }

    pub async fn log_in(&mut self, token: &str) -> Reply {
        let reply = self.body("POST", "api/login", json!({ "token": token }).to_string()).await;
        self.keep(&reply);
        reply
    }

    fn keep(&mut self, reply: &Reply) {
        if let Some(cookie) = reply.header("set-cookie") {
            self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        }
        if reply.status == 200 {
            self.csrf = reply.json()["csrf"].as_str().map(str::to_owned);
        }
    }
}

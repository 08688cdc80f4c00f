//! Which fake answers what.

use std::any::Any;
use std::cmp::Reverse;
use std::net::SocketAddr;

use bytes::Bytes;
use connectors_core::Result;
use http::request::Parts;
use http::{HeaderValue, Request, Response, StatusCode, Uri, header};
use hyper::body::Incoming;
use serde_json::json;

use super::cut::{Broken, Cut};
use super::received::{self, Unread};
use crate::backend::{Backend, Outcome};
use crate::control::{Control, Entrance};
use crate::deliver;
use crate::fake::{self, MountedAt, Reply};

/// The fakes, each below its prefix.
pub(super) struct Mounts {
    /// The longest first.
    backends: Vec<(String, Backend)>,
    /// Where they are controlled, if they are served at an address.
    entrance: Option<Entrance>,
}

impl Mounts {
    pub(super) fn new<'a>(mounts: impl IntoIterator<Item = (&'a str, Backend)>) -> Self {
        let own = |(prefix, backend): (&str, Backend)| (prefix.trim_end_matches('/').to_owned(), backend);
        let mut backends: Vec<_> = mounts.into_iter().map(own).collect();
        backends.sort_by_key(|(prefix, _)| Reverse(prefix.len()));
        Self { backends, entrance: None }
    }

    /// At this address, with this control.
    pub(super) fn controlled(mut self, control: &Control, address: SocketAddr) -> Result<Self> {
        let mounts = self.backends.iter().map(|(prefix, backend)| (prefix.as_str(), backend));
        self.entrance = Some(control.entrance(address, mounts)?);
        Ok(self)
    }

    pub(super) fn backends(&self) -> impl Iterator<Item = &Backend> {
        self.backends.iter().map(|(_, backend)| backend)
    }

    /// The prefix and the fake that a path is below, and the path there.
    fn find<'a>(&self, path: &'a str) -> Option<(&str, &Backend, &'a str)> {
        self.backends.iter().find_map(|(prefix, backend)| {
            let below = path.strip_prefix(prefix.as_str())?;
            // `/qrtiger` is not below `/qr`.
            let is_below = prefix.is_empty() || below.is_empty() || below.starts_with(['/', '?']);
            is_below.then_some((prefix.as_str(), backend, below))
        })
    }

    pub(super) async fn answer(&self, request: Request<Incoming>) -> std::result::Result<Response<Cut>, Broken> {
        if let Some(entrance) = self.entrance.as_ref().filter(|entrance| entrance.claims(request.uri().path())) {
            return Ok(entrance.answer(request).await.map(Cut::whole));
        }
        let (mut head, body) = request.into_parts();
        let body = match received::body(body).await {
            Ok(body) => body,
            Err(unread) => return Ok(refused(unread)),
        };
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let Some((prefix, backend, below)) = self.find(path) else {
            if let Some(entrance) = &self.entrance {
                entrance.stray(&head.method, path);
            }
            return Ok(message(StatusCode::NOT_FOUND, "no fake is mounted at this path").map(Cut::whole));
        };
        let mounted = host(&head).map(|host| MountedAt(format!("http://{host}{prefix}")));
        if path.len() != below.len() || head.uri.authority().is_some() || !below.starts_with('/') {
            let slash = if below.starts_with('/') { "" } else { "/" };
            let Ok(uri) = Uri::try_from(format!("{slash}{below}")) else {
                return Ok(message(StatusCode::BAD_REQUEST, "this is no path").map(Cut::whole));
            };
            head.uri = uri;
        }
        if let Some(mounted) = mounted {
            head.extensions.insert(mounted);
        }
        received::detach(&mut head);
        self.ask(backend, Request::from_parts(head, body)).await
    }

    async fn ask(&self, backend: &Backend, request: Request<Bytes>) -> std::result::Result<Response<Cut>, Broken> {
        if self.entrance.is_some() {
            for first in backend.before(&request) {
                deliver::send(backend, first).await;
            }
        }
        let (mut reply, delay, cut) = match backend.accept(request) {
            Outcome::Refused | Outcome::Reset => return Err(Broken),
            Outcome::Panicked(payload) => return Ok(panicked(payload.as_ref()).map(Cut::whole)),
            Outcome::Answer { reply, delay, cut } => (reply, delay, cut),
        };
        if !delay.is_zero() {
            backend.clock().sleep(delay).await;
        }
        if cut && reply.body().is_empty() {
            // There is no half of nothing.
            return Err(Broken);
        }
        reply.headers_mut().remove(header::CONTENT_LENGTH);
        Ok(reply.map(|body| if cut { Cut::in_half(&body) } else { Cut::whole(body) }))
    }
}

/// The host that a client names, to be told as a part of addresses.
fn host(head: &Parts) -> Option<&str> {
    let named = head.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    head.uri.authority().map(http::uri::Authority::as_str).or(named).filter(|host| !host.is_empty())
}

fn message(status: StatusCode, text: &str) -> Reply {
    fake::json(status, &json!({ "message": text }))
}

/// What comes after such a body cannot be told from it.
fn refused(unread: Unread) -> Response<Cut> {
    let mut reply = message(unread.status(), unread.message());
    reply.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    reply.map(Cut::whole)
}

fn panicked(payload: &(dyn Any + Send)) -> Reply {
    let text = payload.downcast_ref::<String>().map(String::as_str).or(payload.downcast_ref::<&str>().copied());
    let text = text.unwrap_or("it does not say why");
    message(StatusCode::INTERNAL_SERVER_ERROR, &format!("the fake has a defect, and panicked: {text}"))
}

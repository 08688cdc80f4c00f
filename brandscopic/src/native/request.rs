//! What the requests of all resources have in common.

use bytes::Bytes;
use connectors_core::provider::{Call, Operation, decode_json};
use connectors_core::{BoxFuture, Error, ErrorKind, Meta, Request, Response, Result};
use http::{Method, StatusCode};
use serde::Deserialize;

pub(super) use connectors_core::provider::{not_blank, positive};

use crate::PROVIDER;

/// An endpoint, named `resource.method` as the client spells it. Its path ends in `.json`.
pub(super) const fn operation(method: Method, name: &'static str, path: &'static str) -> Operation {
    Operation::new(PROVIDER, name, method, path)
}

/// Declares the endpoints of a resource.
macro_rules! resource {
    ($(#[$meta:meta])* pub struct $name:ident;) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub struct $name(pub(super) ::connectors_core::provider::Core);
    };
}
pub(super) use resource;

/// `Debug` of somebody by their id alone: names are nobody's business in a log.
macro_rules! nameless {
    ($name:ident) => {
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($name)).field("id", &self.id).finish_non_exhaustive()
            }
        }
    };
}
pub(super) use nameless;

/// What most calls are made of, besides what core gives them.
pub(super) trait CallExt: Sized {
    /// Fills a parameter of the path with an id.
    fn id(self, name: &'static str, id: impl Into<i64>) -> Self;
}

impl CallExt for Call {
    fn id(self, name: &'static str, id: impl Into<i64>) -> Self {
        let id = id.into();
        self.check(positive(name, id)).path(name, id)
    }
}

/// A write that is answered with its success alone: `{success, info, data}`.
pub(super) fn done(call: Call) -> Request<()> {
    #[derive(Deserialize)]
    struct Done {
        /// The judge has refused what is false.
        #[serde(rename = "success", alias = "sucess")]
        _success: bool,
    }
    fn send(call: Call) -> BoxFuture<Result<Response<()>>> {
        Box::pin(async move { Ok(call.send::<Done>().await?.map(|_| ())) })
    }
    Request::with(call, send)
}

/// A removal, answered as [`done`] is. After a lost answer, that there is nothing left to remove is a success.
pub(super) fn removed(call: Call) -> Request<()> {
    fn send(call: Call) -> BoxFuture<Result<Response<()>>> {
        Box::pin(async move {
            match done(call).send().await {
                Err(error) if error.kind() == ErrorKind::NotFound && error.maybe_applied() => {
                    let mut meta = Meta::default();
                    meta.status = error.status().unwrap_or_default();
                    (meta.attempts, meta.elapsed) = (error.attempts(), error.elapsed());
                    Ok(Response::new((), meta))
                }
                outcome => outcome,
            }
        })
    }
    Request::with(call, send)
}

/// A write that is answered with 204. Other versions of the server show what was written: that will do too, a page will
/// not.
pub(super) fn silent(call: Call) -> Request<()> {
    fn send(call: Call) -> BoxFuture<Result<Response<()>>> {
        Box::pin(async move {
            let name = call.operation().name;
            let (body, meta) = call.send_bytes().await?.into_parts();
            let read = check_silent(&body, meta.status);
            // It was carried out as far as the status goes.
            read.map_err(|error| error.with_origin(PROVIDER, name).with_status(meta.status).with_maybe_applied(true))?;
            Ok(Response::new((), meta))
        })
    }
    Request::with(call, send)
}

fn check_silent(body: &Bytes, status: StatusCode) -> Result<()> {
    #[derive(Deserialize)]
    struct Object {}
    if status == StatusCode::NO_CONTENT && body.is_empty() {
        return Ok(());
    }
    decode_json::<Object>(body).map(|Object {}| ())
}

/// Refuses what is no code of a country.
pub(super) fn country_code(field: &str, code: &str) -> Result<()> {
    let is_code = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_code { Ok(()) } else { Err(Error::invalid(field, "must be a country's two-letter code, such as `US`")) }
}

/// Refuses what cannot be an e-mail address.
pub(super) fn email_address(field: &str, email: &str) -> Result<()> {
    let parts = email.rsplit_once('@').filter(|(name, domain)| !name.is_empty() && !domain.is_empty());
    if parts.is_none() || email.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(Error::invalid(field, "must be an e-mail address"));
    }
    Ok(())
}

/// The one of these that has the name, if any has. `label` tells them apart for whoever has to choose.
pub(super) fn one_named<T>(what: &str, mut named: Vec<T>, label: impl Fn(&T) -> String) -> Result<Option<T>> {
    if named.len() > 1 {
        let labels: Vec<_> = named.iter().map(label).collect();
        let message = format!("{} {what} have this name: {}", labels.len(), labels.join(", "));
        return Err(Error::new(ErrorKind::Ambiguous, message).with_field("name"));
    }
    Ok(named.pop())
}

//! Sessions over the API: begun, told, ended.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json, RequestExt};
use connectors_core::ErrorKind;
use http::{HeaderValue, StatusCode, header};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::Failed;
use super::cookie::Place;
use super::guard;
use super::received::{Body, Nothing};
use super::sessions::Visitor;
use crate::model::Level;

/// Whether one is logged in, and what is needed to do something.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    logged_in: bool,
    csrf: Option<String>,
    needs_login: bool,
    version: &'static str,
}

/// What a login has to say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    token: SecretString,
}

fn told(app: &App, visitor: Option<&Visitor>, cookie: Option<HeaderValue>) -> Response {
    let told = Told {
        logged_in: visitor.is_some(),
        csrf: visitor.map(|visitor| visitor.csrf().as_str().to_owned()),
        needs_login: app.access.needs_login(),
        version: env!("CARGO_PKG_VERSION"),
    };
    let mut response = Json(told).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// The session there is; where nobody has to log in, one is begun.
pub(super) async fn session(State(app): State<App>, request: Request) -> Result<Response, Failed> {
    let known = guard::visitor(&app, &request);
    if known.is_some() || app.access.needs_login() {
        return Ok(told(&app, known.as_ref(), None));
    }
    begun(&app, request.extensions().get::<Place>())
}

fn begun(app: &App, place: Option<&Place>) -> Result<Response, Failed> {
    let (id, visitor) = app.sessions.begin()?;
    Ok(told(app, Some(&visitor), place.and_then(|place| place.set(&id))))
}

/// Begins a session for whoever has the token; one that there was ends.
pub(super) async fn login(State(app): State<App>, mut request: Request) -> Result<Response, Failed> {
    if !app.access.needs_login() {
        let message = "nobody has to log in here";
        return Err(Failed::new(StatusCode::CONFLICT, ErrorKind::Conflict.as_str(), message).hint("ask api/session"));
    }
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    let known = guard::visitor(&app, &request);
    let place = request.extensions_mut().remove::<Place>();
    let Body(Login { token }) = request.extract::<Body<Login>, _>().await?;
    match app.attempts.attempt(from, || app.access.is(&token)) {
        Ok(true) => {
            if let Some(known) = known {
                app.sessions.end(&known);
            }
            begun(&app, place.as_ref())
        }
        Ok(false) => {
            let from = from.map(|address| format!(" from {address}")).unwrap_or_default();
            app.hub.0.note(None, Level::Warning, format!("a login{from} failed: wrong token"), None, None).await?;
            Err(Failed::new(StatusCode::UNAUTHORIZED, "wrong token", "this is not the token").field("token"))
        }
        Err(wait) => {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            let message = format!("too many logins have failed; wait {seconds} s");
            Err(Failed::new(StatusCode::TOO_MANY_REQUESTS, "too many logins", message).retry_after(seconds))
        }
    }
}

/// Ends the session, and its event streams with it.
pub(super) async fn logout(
    State(app): State<App>,
    Extension(visitor): Extension<Visitor>,
    Extension(place): Extension<Place>,
    Body(Nothing {}): Body<Nothing>,
) -> Response {
    app.sessions.end(&visitor);
    told(&app, None, place.removed())
}

//! What every request has to pass before it is looked at.

use std::time::Duration;

use axum::extract::{OriginalUri, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};

use super::App;
use super::answer::Failed;
use super::cookie::Place;
use super::sessions::Visitor;

/// The longest path with its query, in bytes.
const LONGEST_URI: usize = 4 << 10;

/// The most that headers may hold, in bytes.
const HEADERS: usize = 32 << 10;

/// How long a request may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// What carries the token that another site cannot know.
const CSRF: &str = "x-csrf-token";

/// Passes on what is meant for us.
pub(super) async fn entrance(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let (uri, headers) = (request.uri(), request.headers());
    let asked = request.extensions().get::<OriginalUri>().map_or(uri, |OriginalUri(uri)| uri);
    if asked.path_and_query().is_some_and(|path| path.as_str().len() > LONGEST_URI) {
        let message = format!("the address is longer than {LONGEST_URI} bytes");
        return Failed::new(StatusCode::URI_TOO_LONG, "address too long", message).into_response();
    }
    if headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() > HEADERS {
        let message = format!("the headers are longer than {HEADERS} bytes");
        return Failed::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers too long", message).into_response();
    }
    let host = host(asked, headers);
    if !app.access.serves(host) {
        return Failed::new(
            StatusCode::MISDIRECTED_REQUEST,
            "wrong host",
            "this dashboard is for its own machine alone",
        )
        .hint("use the address that it has printed, or set a token to use it from elsewhere")
        .into_response();
    }
    let place = Place::new(host, asked.path(), uri.path(), app.behind_tls);
    // Relative addresses of the page would miss a part of the path.
    if uri.path() == "/" && !asked.path().ends_with('/') {
        let name = asked.path().rsplit('/').next().unwrap_or_default();
        if let Ok(below) = HeaderValue::try_from(format!("./{name}/")) {
            return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, below)]).into_response();
        }
    }
    request.extensions_mut().insert(place);
    next.run(request).await
}

/// Keeps other sites away from the API, and lets no request take forever.
pub(super) async fn api(request: Request, next: Next) -> Response {
    if is_foreign(request.uri(), request.headers()) {
        return Failed::new(StatusCode::FORBIDDEN, "foreign site", "another site asks for this, which it may not")
            .hint("a proxy in between has to pass on the `Host` that the browser sends")
            .into_response();
    }
    match tokio::time::timeout(DEADLINE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failed::new(StatusCode::SERVICE_UNAVAILABLE, "timed out", "this takes too long")
            .hint("what was begun goes on; look at what becomes of it")
            .retry_after(1)
            .into_response(),
    }
}

/// Passes on requests of a session; those that change something only with its token.
pub(super) async fn session(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let Some(visitor) = visitor(&app, &request) else {
        let hint = if app.access.needs_login() { "log in by api/login" } else { "ask for one at api/session" };
        return Failed::new(StatusCode::UNAUTHORIZED, "no session", "there is no session, or it has ended")
            .hint(hint)
            .into_response();
    };
    if !request.method().is_safe() {
        let given = request.headers().get(CSRF);
        if !given.is_some_and(|given| visitor.csrf().is(given.as_bytes())) {
            return Failed::new(
                StatusCode::FORBIDDEN,
                "no csrf token",
                format!("{CSRF} is missing, or is not the session's"),
            )
            .hint("take it from api/session")
            .into_response();
        }
    }
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// Whose request it is.
pub(super) fn visitor(app: &App, request: &Request) -> Option<Visitor> {
    let place = request.extensions().get::<Place>()?;
    place.ids(request.headers()).iter().find_map(|id| app.sessions.find(id))
}

/// The host that was asked, as the client names it.
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let named = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    uri.authority().map(http::uri::Authority::as_str).or(named)
}

/// Whether a page of another site asks. Browsers say so; where they do not, the origin of the page does.
fn is_foreign(uri: &Uri, headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    let (Some((scheme, origin)), Some(host)) = (origin, host(uri, headers)) else { return true };
    let default = if scheme == "https" { ":443" } else { ":80" };
    let bare = |host: &str| host.strip_suffix(default).unwrap_or(host).to_ascii_lowercase();
    bare(origin) != bare(host)
}

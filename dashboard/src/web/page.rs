//! The page's files, which the program carries within itself.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// Path, content type, content.
type File = (&'static str, &'static str, &'static str);

/// Files of `dashboard/page`, each under its own name.
macro_rules! files {
    ($($kind:ident: $($name:literal)+;)+) => {
        [$($((concat!("/", $name), $kind, include_str!(concat!("../../page/", $name))),)+)+]
    };
}

const PAGE: File = ("/", HTML, include_str!("../../page/index.html"));

const FILES: [File; 20] = files! {
    CSS: "style.css";
    SVG: "icon.svg";
    JS: "activity.js" "api.js" "app.js" "card.js" "charts.js" "details.js" "dialog.js" "dom.js" "draw.js" "errors.js"
        "icon.js" "login.js" "plot.js" "settings.js" "stream.js" "time.js" "toast.js" "words.js";
};

/// The page's files. They are the same for everybody and need no session.
pub(super) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    FILES.into_iter().chain([PAGE]).fold(Router::new(), |router, (path, kind, content)| {
        let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(content)));
        router.route(path, get(move |headers: HeaderMap| std::future::ready(answer(kind, content, &tag, &headers))))
    })
}

/// Browsers keep a file, and ask each time whether it is still the same: another version of the program has other files.
fn answer(kind: &'static str, content: &'static str, tag: &str, headers: &HeaderMap) -> Response {
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    let mut known = known.flat_map(|tags| tags.split(',')).map(|known| known.trim().trim_start_matches("W/"));
    let mut answer = if known.any(|known| known == tag || known == "*") {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, kind)], content).into_response()
    };
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    answer
}

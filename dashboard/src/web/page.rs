//! The page's files.

use axum::Router;
use axum::response::Html;
use axum::routing::get;

/// The page's files. They are the same for everybody and need no session.
pub(super) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/", get(page))
}

async fn page() -> Html<&'static str> {
    Html("<!doctype html><html lang=en><meta charset=utf-8><title>Integrations</title><h1>Integrations</h1>")
}

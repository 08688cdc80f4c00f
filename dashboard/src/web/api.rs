//! The API.

use std::collections::BTreeMap;
use std::future::Future;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use http::{StatusCode, header};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::answer::{self, Failed};
use super::received::{Body, Named, Nothing, Numbered, Part};
use super::{App, guard, login, stream};
use crate::hub::IntegrationHub;
use crate::model::{Activity, Card, Charts, Failure, Item, Settings, Sync, TestReport};
use crate::settings::SettingsChange;

/// What the API says of itself.
const DESCRIPTION: &str = include_str!("../../openapi.json");

type Answer<T> = Result<Json<T>, Failed>;
type Begun = Result<(StatusCode, Json<Sync>), Failed>;

pub(super) fn router(app: &App) -> Router<App> {
    let open = Router::new().route("/session", get(login::session)).route("/login", post(login::login));
    let of_sessions = Router::new()
        .route("/logout", post(login::logout))
        .route("/integrations", get(integrations))
        .route("/integrations/{id}", get(integration))
        .route("/integrations/{id}/settings", get(settings).put(configure).delete(forget))
        .route("/integrations/{id}/test", post(test))
        .route("/integrations/{id}/sync", post(sync))
        .route("/integrations/{id}/errors", get(errors))
        .route("/sync", post(sync_all))
        .route("/syncs", get(syncs))
        .route("/syncs/{id}", get(sync_status))
        .route("/syncs/{id}/items", get(items))
        .route("/syncs/{id}/cancel", post(cancel))
        .route("/syncs/{id}/resume", post(resume))
        .route("/activity", get(activity))
        .route("/charts", get(charts))
        .route("/stream", get(stream::stream))
        .route("/openapi.json", get(description))
        .route_layer(middleware::from_fn_with_state(App::clone(app), guard::session));
    open.merge(of_sessions)
        .fallback(answer::unknown)
        .method_not_allowed_fallback(answer::wrong_method)
        .layer(middleware::from_fn(guard::api))
}

/// Does it to the end, also when whoever asked for it has gone: half of it would be neither.
async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = connectors_core::Result<T>> + Send + 'static,
) -> Result<T, Failed> {
    match tokio::spawn(work).await {
        Ok(done) => Ok(done?),
        Err(broken) => match broken.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Failed::new(StatusCode::SERVICE_UNAVAILABLE, "closing", "the dashboard is being closed")),
        },
    }
}

fn hub(app: &App) -> IntegrationHub {
    app.hub.clone()
}

async fn integrations(State(app): State<App>) -> Answer<Vec<Card>> {
    Ok(Json(app.hub.cards().await?))
}

async fn integration(State(app): State<App>, Named(id): Named) -> Answer<Card> {
    Ok(Json(app.hub.card(&id).await?))
}

async fn settings(State(app): State<App>, Named(id): Named) -> Answer<Settings> {
    Ok(Json(app.hub.settings(&id).await?))
}

/// What settings are to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSettings {
    #[serde(default)]
    contract: Option<String>,
    #[serde(default)]
    values: BTreeMap<String, Option<SecretString>>,
}

async fn configure(State(app): State<App>, Named(id): Named, Body(new): Body<NewSettings>) -> Answer<Settings> {
    let mut change = SettingsChange::new();
    (change.contract, change.values) = (new.contract, new.values);
    let hub = hub(&app);
    Ok(Json(to_the_end(async move { hub.configure(&id, change).await }).await?))
}

async fn forget(State(app): State<App>, Named(id): Named, Body(Nothing {}): Body<Nothing>) -> Answer<Settings> {
    let hub = hub(&app);
    Ok(Json(to_the_end(async move { hub.forget(&id).await }).await?))
}

async fn test(State(app): State<App>, Named(id): Named, Body(Nothing {}): Body<Nothing>) -> Answer<TestReport> {
    let hub = hub(&app);
    Ok(Json(to_the_end(async move { hub.test(&id).await }).await?))
}

async fn sync(State(app): State<App>, Named(id): Named, Body(Nothing {}): Body<Nothing>) -> Begun {
    let hub = hub(&app);
    Ok((StatusCode::ACCEPTED, Json(to_the_end(async move { hub.sync(&id).await }).await?)))
}

/// What became of one of several syncs that were to begin.
#[derive(Debug, Serialize)]
struct Beginning {
    integration: &'static str,
    sync: Option<Sync>,
    problem: Option<Failed>,
}

async fn sync_all(State(app): State<App>, Body(Nothing {}): Body<Nothing>) -> Result<impl IntoResponse, Failed> {
    let hub = hub(&app);
    let begun = to_the_end(async move { Ok(hub.sync_all().await) }).await?;
    let begun = begun.into_iter().map(|(integration, begun)| {
        let (sync, problem) = match begun {
            Ok(sync) => (Some(sync), None),
            Err(error) => (None, Some(Failed::from(error))),
        };
        Beginning { integration, sync, problem }
    });
    Ok((StatusCode::ACCEPTED, Json(begun.collect::<Vec<_>>())))
}

async fn cancel(State(app): State<App>, Numbered(id): Numbered, Body(Nothing {}): Body<Nothing>) -> Begun {
    let hub = hub(&app);
    Ok((StatusCode::ACCEPTED, Json(to_the_end(async move { hub.cancel(id).await }).await?)))
}

async fn resume(State(app): State<App>, Numbered(id): Numbered, Body(Nothing {}): Body<Nothing>) -> Begun {
    let hub = hub(&app);
    Ok((StatusCode::ACCEPTED, Json(to_the_end(async move { hub.resume(id).await }).await?)))
}

async fn syncs(State(app): State<App>, part: Part) -> Answer<Vec<Sync>> {
    let part = part.only(&["integration"])?;
    Ok(Json(app.hub.syncs(part.integration.as_deref(), part.before, part.limit()).await?))
}

async fn sync_status(State(app): State<App>, Numbered(id): Numbered) -> Answer<Sync> {
    Ok(Json(app.hub.sync_status(id).await?))
}

async fn items(State(app): State<App>, Numbered(id): Numbered) -> Answer<Vec<Item>> {
    Ok(Json(app.hub.items(id).await?))
}

async fn errors(State(app): State<App>, Named(id): Named, part: Part) -> Answer<Vec<Failure>> {
    let part = part.only(&[])?;
    Ok(Json(app.hub.failures(&id, part.before, part.limit()).await?))
}

async fn activity(State(app): State<App>, part: Part) -> Answer<Vec<Activity>> {
    let part = part.only(&["integration", "after"])?;
    Ok(Json(app.hub.activity(part.integration.as_deref(), part.before, part.after, part.limit()).await?))
}

async fn charts(State(app): State<App>) -> Answer<Charts> {
    Ok(Json(app.hub.charts().await?))
}

async fn description() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DESCRIPTION)
}

//! The API.

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};

use super::answer::Failed;
use crate::hub::IntegrationHub;
use crate::model::{Card, Sync};

type Answer<T> = Result<Json<T>, Failed>;
type Hub = State<IntegrationHub>;

pub(super) fn router() -> Router<IntegrationHub> {
    Router::new().route("/integrations", get(integrations)).route("/integrations/{id}/sync", post(sync))
}

async fn integrations(State(hub): Hub) -> Answer<Vec<Card>> {
    Ok(Json(hub.cards().await?))
}

async fn sync(State(hub): Hub, Path(id): Path<String>) -> Answer<Sync> {
    Ok(Json(hub.sync(&id).await?))
}

//! The page and the API, as a router.

use axum::Router;

use crate::hub::IntegrationHub;

mod answer;
mod api;

/// The page and the API of a hub.
#[derive(Debug, Clone)]
pub struct Dashboard {
    hub: IntegrationHub,
}

impl Dashboard {
    /// The page and the API of this hub.
    pub fn new(hub: IntegrationHub) -> Self {
        Self { hub }
    }

    /// Everything, to be nested wherever the application likes.
    pub fn router(self) -> Router {
        Router::new().nest("/api", api::router()).with_state(self.hub)
    }
}

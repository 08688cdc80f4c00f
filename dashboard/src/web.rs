//! The page and the API, as a router.

use std::sync::Arc;

use axum::{Router, middleware};
use connectors_core::{Error, Result};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

use self::access::Access;
use self::attempts::Attempts;
use self::sessions::Sessions;
use crate::hub::IntegrationHub;

mod access;
mod answer;
mod api;
mod attempts;
mod cookie;
mod guard;
mod headers;
mod login;
mod page;
mod received;
mod sessions;
mod stream;

/// The shortest token that is taken, in characters.
const SHORTEST_TOKEN: usize = 16;

/// So many event streams are served at once.
const STREAMS: usize = 256;

/// The page and the API of a hub.
///
/// Unless told otherwise it is for this machine alone: nobody has to log in, and requests are taken under the names of
/// this machine only, so that no page of the web can reach it by a name of its own.
#[derive(Debug, Clone)]
pub struct Dashboard {
    hub: IntegrationHub,
    access: Access,
    behind_tls: bool,
}

/// What all requests have in common.
#[derive(Debug)]
struct Shared {
    hub: IntegrationHub,
    access: Access,
    behind_tls: bool,
    sessions: Sessions,
    attempts: Attempts,
    streams: Arc<Semaphore>,
}

type App = Arc<Shared>;

impl Dashboard {
    /// The page and the API of this hub, for this machine alone.
    pub fn new(hub: IntegrationHub) -> Self {
        Self { hub, access: Access::Loopback, behind_tls: false }
    }

    /// Lets in whoever has this token, of at least 16 characters, under any name.
    pub fn token(mut self, token: &SecretString) -> Result<Self> {
        if token.expose_secret().trim().chars().count() < SHORTEST_TOKEN {
            return Err(Error::config("token", format!("is shorter than {SHORTEST_TOKEN} characters"))
                .with_hint("make one: head -c 32 /dev/urandom | base64"));
        }
        self.access = Access::token(token);
        Ok(self)
    }

    /// Lets in whoever comes: for an application that nests the router behind a login of its own. Each browser still has
    /// its own session, and requests from other sites are refused.
    pub fn trusted(mut self) -> Self {
        self.access = Access::Trusted;
        self
    }

    /// Browsers come over https, through a proxy or the application itself: cookies are for https alone.
    pub fn behind_tls(mut self) -> Self {
        self.behind_tls = true;
        self
    }

    /// Everything, to be served or to be nested wherever the application likes.
    ///
    /// Nested by [`Router::nest_service`], which knows the path with a slash at its end, too.
    ///
    /// Logins are limited by the address of the client where requests carry it
    /// ([`axum::extract::ConnectInfo`] of a [`SocketAddr`](std::net::SocketAddr)), and altogether.
    pub fn router(self) -> Router {
        let Self { hub, access, behind_tls } = self;
        let clock = &hub.0.clock;
        let app = Arc::new(Shared {
            sessions: Sessions::new(Arc::clone(clock)),
            attempts: Attempts::new(Arc::clone(clock)),
            streams: Arc::new(Semaphore::new(STREAMS)),
            hub,
            access,
            behind_tls,
        });
        let inside = Router::new()
            .nest("/api", api::router(&app))
            .merge(page::router())
            .fallback(answer::unknown)
            .method_not_allowed_fallback(answer::wrong_method)
            .layer(middleware::from_fn_with_state(Arc::clone(&app), guard::entrance))
            .layer(CatchPanicLayer::custom(answer::panicked))
            .layer(middleware::map_response(headers::guarded))
            .with_state(app);
        // As a fallback it is asked for what is below the place it is nested at with and without a slash at the end.
        Router::new().fallback_service(inside)
    }
}

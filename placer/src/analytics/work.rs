//! What all questions of several reports have in common.

use std::time::Duration;

use connectors_core::{CachePolicy, Result};

use crate::PlacerClient;
use crate::model::{Outcome, VenueId};
use crate::native::report::{Manner, reports};
use crate::native::request::{Asks, missing};

/// Who asks, and how.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    pub(crate) client: PlacerClient,
    pub(crate) cache: CachePolicy,
    pub(crate) ttl: Option<Duration>,
    pub(crate) timeout: Option<Duration>,
}

impl Work {
    pub(crate) fn new(client: &PlacerClient) -> Self {
        Self { client: client.clone(), cache: CachePolicy::default(), ttl: None, timeout: None }
    }

    /// How to ask for an answer that takes so many reports.
    pub(crate) fn manner(&self, reports: usize) -> Manner {
        self.client.manner(self.cache, self.ttl, self.timeout, reports)
    }

    /// Refuses what only the native contract has, and an id that cannot be one.
    pub(crate) fn check_native(&self, operation: &'static str, venue: &VenueId) -> Result<()> {
        self.client.services().offers(operation)?;
        self.client.services().check_venue(venue)
    }

    /// The report about its venue.
    pub(crate) async fn find<A: Asks>(&self, asks: &A, venue: &VenueId, manner: &Manner) -> Result<Outcome<A::Report>> {
        let found = reports(&self.client, asks.ask(), std::slice::from_ref(venue), manner).await.pop();
        found.unwrap_or_else(missing).map_err(|error| asks.explain(error))
    }
}

/// The methods of a question with a field `work`, `fn manner(&self) -> Manner`,
/// `async fn plan(&self, &mut Planner) -> Result<()>` and `async fn find(self) -> Result<$out>`.
macro_rules! question {
    ($request:ident => $out:ty) => {
        impl $request {
            /// Uses the cache otherwise.
            pub fn cache(mut self, policy: connectors_core::CachePolicy) -> Self {
                self.work.cache = policy;
                self
            }

            /// Keeps the answers this long.
            pub fn ttl(mut self, ttl: std::time::Duration) -> Self {
                self.work.ttl = Some(ttl);
                self
            }

            /// Gives up after this long; by default after the client's own timeout for every fifty reports that it
            /// takes. What is there by then is kept, so that the same question later goes on.
            pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
                self.work.timeout = Some(timeout);
                self
            }

            /// What the answer is going to cost; fails as that would before anything is sent.
            pub async fn estimate(&self) -> connectors_core::Result<crate::model::Estimate> {
                let manner = self.manner();
                let mut planner = crate::native::plan::Planner::new(&self.work.client, &manner);
                self.plan(&mut planner).await?;
                Ok(planner.estimate())
            }
        }

        impl std::future::IntoFuture for $request {
            type Output = connectors_core::Result<$out>;
            type IntoFuture = connectors_core::BoxFuture<Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(
                    async move { self.find().await.map_err(|error| error.with_origin(crate::PROVIDER, "analytics")) },
                )
            }
        }
    };
}

pub(crate) use question;

//! The face that applications code against, and swap for the mock.

use async_trait::async_trait;
use connectors_core::{ConnectionReport, Error, Result, ServiceSummary};

use crate::PROVIDER;
use crate::model::{AggregateFootfall, AggregateRequest, Footfall, FootfallRequest, Movement, MovementRequest};

fn unsupported<T>(operation: &'static str) -> Result<T> {
    Err(Error::unsupported(PROVIDER, operation, "this implementation does not have it"))
}

/// How many people come to a place, and when.
///
/// Ranges are refused, before anything is sent, when they reach into the future. Every method fails with
/// [`Unsupported`](connectors_core::ErrorKind::Unsupported) unless it is implemented.
#[async_trait]
pub trait PlacerService: Send + Sync {
    /// The visits of a venue, one row per day that has data: days without are missing, not zero. A venue that Placer
    /// has no data for gives no rows; one that it does not know is
    /// [`NotFound`](connectors_core::ErrorKind::NotFound).
    ///
    /// A report that is not ready within the deadline is [`Pending`](connectors_core::ErrorKind::Pending): the same call
    /// later continues, and what was finished meanwhile is cached.
    async fn footfall(&self, request: FootfallRequest) -> Result<Footfall> {
        let _ = request;
        unsupported("footfall")
    }

    /// When people come to a venue, compared with its own average. Without data it is
    /// [`NotFound`](connectors_core::ErrorKind::NotFound).
    async fn movement(&self, request: MovementRequest) -> Result<Movement> {
        let _ = request;
        unsupported("movement")
    }

    /// The visits of several venues, each and together. A venue that fails is listed and does not fail the others; no
    /// venues at all give an empty answer, for nothing.
    async fn aggregate_footfall(&self, request: AggregateRequest) -> Result<AggregateFootfall> {
        let _ = request;
        unsupported("aggregate_footfall")
    }

    /// Whether the provider can be reached and accepts the credentials, by the cheapest authenticated call.
    async fn test_connection(&self) -> Result<ConnectionReport> {
        unsupported("test_connection")
    }

    /// The `calls this week` and the distinct `places this week`. A gateway does not count.
    async fn summary(&self) -> Result<ServiceSummary> {
        unsupported("summary")
    }
}

connectors_core::forward_service!(PlacerService {
    footfall(request: FootfallRequest) -> Footfall;
    movement(request: MovementRequest) -> Movement;
    aggregate_footfall(request: AggregateRequest) -> AggregateFootfall;
    test_connection() -> ConnectionReport;
    summary() -> ServiceSummary;
});

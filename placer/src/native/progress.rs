//! A report that is not there yet, as a thing to keep and come back to.

use std::fmt;
use std::time::Duration;

use connectors_core::Response;

/// What came of asking for a report once, by `send_once` of any report's request.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # use connectors_core::DateRange;
/// # use connectors_mock::MockPlacer;
/// # let (mock, venue) = (MockPlacer::new(), MockPlacer::venue_ids().remove(0));
/// # let placer = mock.client().clone();
/// # let month = DateRange::last_days(28, "2026-02-26".parse().expect("a date"))?;
/// use connectors_placer::Progress;
///
/// let request = placer.reports().visits().hours(venue, month);
/// let mut progress = request.send_once().await?;
/// while let Progress::Pending(pending) = progress {
///     // Other work, for as long as this or longer; the job can be kept in a variable, a list or a struct.
///     mock.backend().clock().sleep(pending.retry_after()).await;
///     progress = pending.resume().send_once().await?;
/// }
/// let Progress::Ready(hours) = progress else { unreachable!() };
/// assert_eq!(hours.into_inner().required()?.hours.len(), 24);
/// # Ok(())
/// # }
/// ```
#[expect(clippy::large_enum_variant, reason = "it is the answer, to be taken out at once")]
#[derive(Debug, Clone)]
pub enum Progress<T, Q> {
    /// It is there.
    Ready(Response<T>),
    /// Placer is still computing it, or a part of it.
    Pending(Box<Pending<T, Q>>),
}

impl<T, Q> Progress<T, Q> {
    /// The answer, if it is there.
    pub fn ready(self) -> Option<Response<T>> {
        match self {
            Self::Ready(answer) => Some(answer),
            Self::Pending(_) => None,
        }
    }

    pub(crate) fn map_request<P>(self, change: impl FnOnce(Q) -> P) -> Progress<T, P> {
        match self {
            Self::Ready(answer) => Progress::Ready(answer),
            Self::Pending(pending) => {
                let Pending { request, so_far, report } = *pending;
                Progress::Pending(Box::new(Pending { request: change(request), so_far, report }))
            }
        }
    }
}

/// A report that Placer is still computing, with the request for it. It needs no connection and can be kept for hours.
#[derive(Clone)]
pub struct Pending<T, Q> {
    pub(super) request: Q,
    pub(super) so_far: Option<T>,
    pub(super) report: PendingReport,
}

impl<T, Q> Pending<T, Q> {
    /// The request, to be awaited or sent once more. What is there already is not asked for again: neither what
    /// [`so_far`](Self::so_far) holds nor what the cache got meanwhile.
    pub fn resume(self) -> Q {
        self.request
    }

    /// What is there of a report about many venues; the pending ones stand among its failures.
    pub fn so_far(&self) -> Option<&T> {
        self.so_far.as_ref()
    }

    /// Placer's id of the latest request, if it told one.
    pub fn request_id(&self) -> Option<&str> {
        self.report.request_id.as_deref()
    }

    /// How often it has been asked for.
    pub fn polls(&self) -> u32 {
        self.report.polls
    }

    /// How long ago it was asked for first.
    pub fn elapsed(&self) -> Duration {
        self.report.elapsed
    }

    /// How long to wait before asking again makes sense.
    pub fn retry_after(&self) -> Duration {
        self.report.retry_after
    }
}

impl<T, Q: fmt::Debug> fmt::Debug for Pending<T, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("request", &self.request).field("report", &self.report).finish_non_exhaustive()
    }
}

/// How a report stands that Placer is still computing: [`PlacerErrorExt::pending`](crate::PlacerErrorExt::pending).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingReport {
    /// Placer's id of the latest request, if it told one.
    pub request_id: Option<String>,
    /// How many requests were sent for it.
    pub polls: u32,
    /// How long that took.
    pub elapsed: Duration,
    /// How long to wait before asking again makes sense.
    pub retry_after: Duration,
}

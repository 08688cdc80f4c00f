//! What changes, as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use axum::response::sse::{Event, Sse};
use futures_util::stream::{self, Stream};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::answer::Failed;
use super::sessions::Visitor;
use super::{App, STREAMS};
use crate::feed::{Seen, Watch};

/// How often something is sent, if only to see whether anybody is still there.
const BEAT: Duration = Duration::from_secs(15);

/// How long browsers wait before they come again.
const COME_AGAIN: Duration = Duration::from_secs(2);

/// Where a stream goes on from, for those who cannot set a header.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct From {
    last: Option<String>,
}

/// A stream on its way.
struct Open {
    app: App,
    visitor: Visitor,
    watch: Watch,
    beat: Interval,
    begun: bool,
    _places: [OwnedSemaphorePermit; 2],
}

/// What changes from now on, or from after the last update that was seen.
pub(super) async fn stream(
    State(app): State<App>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    from: Result<Query<From>, axum::extract::rejection::QueryRejection>,
) -> Result<impl IntoResponse, Failed> {
    let Query(from) = from.map_err(|_| Failed::bad("nothing but `last` can be given"))?;
    let full = |status, message: String| Failed::new(status, "too many streams", message).retry_after(5);
    let own = visitor.streams.clone().try_acquire_owned().map_err(|_| {
        full(StatusCode::TOO_MANY_REQUESTS, "this session has too many event streams; close a window".to_owned())
    })?;
    let place = app
        .streams
        .clone()
        .try_acquire_owned()
        .map_err(|_| full(StatusCode::SERVICE_UNAVAILABLE, format!("there are {STREAMS} event streams already")))?;
    let last = headers.get("last-event-id").and_then(|last| last.to_str().ok()).or(from.last.as_deref());
    // Whoever comes with something else has seen another dashboard.
    let last = last.filter(|last| !last.is_empty()).map(|last| number(last).unwrap_or_default());
    let watch = app.hub.watch(last);
    let mut beat = interval_at(Instant::now() + BEAT, BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let open = Open { app, visitor, watch, beat, begun: false, _places: [own, place] };
    // No proxy may hold it back.
    Ok(([("x-accel-buffering", "no")], Sse::new(events(open))))
}

fn number(last: &str) -> Option<(u64, u64)> {
    let (epoch, number) = last.split_once('.')?;
    Some((epoch.parse().ok()?, number.parse().ok()?))
}

fn events(open: Open) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(open, |mut open| async move { Some((Ok(open.next().await?), open)) })
}

impl Open {
    /// What comes next; `None` at the end.
    async fn next(&mut self) -> Option<Event> {
        if !std::mem::replace(&mut self.begun, true) {
            // An id alone is no event, but is where whoever is cut off before the first one goes on from.
            return Some(Event::default().retry(COME_AGAIN).id(self.id()));
        }
        tokio::select! {
            biased;
            () = self.visitor.ended.cancelled() => None,
            () = self.app.hub.0.closing.cancelled() => None,
            _ = self.beat.tick() => self.app.sessions.holds(&self.visitor).then(|| Event::default().comment("")),
            seen = self.watch.next() => {
                let event = match seen? {
                    Seen::Update(message) => Event::default().event(message.name).data(message.json),
                    Seen::Reset => Event::default().event("reset").data(r#"{"type":"reset"}"#),
                };
                Some(event.id(self.id()))
            }
        }
    }

    fn id(&self) -> String {
        format!("{}.{}", self.watch.epoch, self.watch.last)
    }
}

//! Events: who did what in the account.

use chrono::{DateTime, SecondsFormat, Utc};
use connectors_core::provider::Operation;
use connectors_core::{Cursor, Error, ErrorKind, Page, Pager, Request, Result};
use http::Method;

use crate::model::{Event, EventPage, PlanId};
use crate::request::{operation, resource};

static LIST: Operation = operation(Method::GET, "events.list", "/events");

/// The most events in one answer.
const MAX_COUNT: u32 = 10_000;

resource! {
    /// The endpoints of events: [`SmartsheetClient::events`](crate::SmartsheetClient::events). For system admins, on
    /// plans with event reporting.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use chrono::TimeDelta;
    /// use connectors_smartsheet::EventAction;
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
    /// # let now = mock.backend().clock().now_utc();
    /// // All that is known of the last 40 days...
    /// let mut from = smartsheet.events().list(now - TimeDelta::days(40)).await?.next().expect("a position");
    ///
    /// // ...and from time to time what has happened since.
    /// smartsheet.sheets().delete(sheet).await?;
    /// let news = smartsheet.events().list(from).await?;
    /// for event in &news.data {
    ///     println!("{:?} {:?} {:?}", event.action, event.object(), event.additional_details.text("emailAddress"));
    /// }
    /// assert_eq!(news.data[0].action, Some(EventAction::Delete));
    /// from = news.next().expect("a position"); // to be kept
    /// # let _ = from;
    /// # Ok(())
    /// # }
    /// ```
    pub struct Events;
}

/// Where in the stream of events to begin: a time, or a position that an earlier answer told.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventStart {
    /// With what happened at this time.
    Since(DateTime<Utc>),
    /// Where an earlier answer ended.
    At(Cursor),
}

impl From<DateTime<Utc>> for EventStart {
    fn from(since: DateTime<Utc>) -> Self {
        Self::Since(since)
    }
}

impl From<Cursor> for EventStart {
    fn from(position: Cursor) -> Self {
        Self::At(position)
    }
}

impl Events {
    /// What happened from then on. It takes minutes until an event is told; events come in the order in which they
    /// become known, which is not quite that of their times.
    pub fn list(&self, from: impl Into<EventStart>) -> ListEvents {
        let request = Request::new(self.client.call(&LIST));
        ListEvents(match from.into() {
            EventStart::Since(since) => request.set("since", since.to_rfc3339_opts(SecondsFormat::Secs, true)),
            EventStart::At(position) => request.set("streamPosition", position),
        })
    }
}

connectors_core::request! {
    /// Lists events: [`Events::list`]. Awaiting it gives one piece of the stream, [`pager`](Self::pager) all that there
    /// is now.
    pub struct ListEvents => EventPage;
    /// Only events before this time.
    time until = "to";
    /// Only events of this plan, for those who manage several.
    set managed_plan: PlanId = "managedPlanId";
}

impl ListEvents {
    /// How many events a piece holds at most: from 1 to 10 000; 1000 by default.
    pub fn max_count(self, events: u32) -> Self {
        Self(self.0.check(check_count(events)).set("maxCount", events))
    }

    /// All events that are known now, piece by piece. Its cursors are positions in the stream: they can be kept, and
    /// given to [`Events::list`] to go on there. The last piece leaves none; to follow the stream for ever, ask for
    /// the pieces yourself, and go on at [`EventPage::next`].
    pub fn pager(self) -> Pager<Event> {
        let first = self.0.parameter("streamPosition").map(Cursor::new);
        Pager::new(first, move |cursor| {
            let list = self.clone();
            let piece = match cursor {
                // A time and a position exclude each other.
                Some(position) => Self(list.0.unset("since").set("streamPosition", position)),
                None => list,
            };
            async move {
                let piece = piece.await?;
                let next = piece.next().filter(|_| piece.more_available);
                if piece.more_available && next.is_none() {
                    let problem = "there are more events, but the answer does not tell where they begin";
                    let error = Error::new(ErrorKind::Decode, problem).with_origin(crate::PROVIDER, LIST.name);
                    return Err(error.with_json_path("nextStreamPosition"));
                }
                Ok(Page::new(piece.data, next))
            }
        })
    }
}

fn check_count(events: u32) -> Result<()> {
    if (1..=MAX_COUNT).contains(&events) {
        return Ok(());
    }
    Err(Error::invalid("maxCount", format!("must be from 1 to {MAX_COUNT}, not {events}")))
}

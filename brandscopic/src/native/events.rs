//! `/events`: list, read, create, change.

use chrono::NaiveDate;
use connectors_core::provider::{Core, Operation};
use connectors_core::wire::lenient;
use connectors_core::{Cursor, DateRange, Error, Page, Pager, RequestOptions, Response, Result};
use http::Method;
use serde::{Deserialize, Serialize};

use super::event::WireDraft;
use super::{Activity, EventDraft, PlaceId, Recap, RemoteCampaignId, RemoteEvent, RemoteEventId, dates};
use crate::PROVIDER;

/// What a page holds; the server offers no choice.
const PAGE_SIZE: u64 = 30;

/// `/events`
#[derive(Debug, Clone)]
pub struct Events(pub(super) Core);

#[derive(Serialize)]
struct Body<'a> {
    event: WireDraft<'a>,
}

impl Events {
    /// The events of the company, the earliest first. Await it for one page, or read all through its pager.
    pub fn list(&self) -> ListEvents {
        ListEvents { core: self.0.clone(), query: Vec::new(), page: 1, options: RequestOptions::default() }
    }

    /// One event, whole.
    pub async fn get(&self, id: RemoteEventId) -> Result<RemoteEvent> {
        static GET: Operation = Operation::new(PROVIDER, "events.get", Method::GET, "/events/{id}.json");
        self.0.call(&GET).path("id", id).send().await.map(Response::into_inner)
    }

    /// Creates an event. Brandscopic takes no key of ours: doing it twice makes two.
    pub async fn create(&self, draft: &EventDraft) -> Result<RemoteEvent> {
        static CREATE: Operation = Operation::new(PROVIDER, "events.create", Method::POST, "/events.json");
        let body = Body { event: draft.to_wire() };
        self.0.call(&CREATE).check(complete(draft)).json(&body).send().await.map(Response::into_inner)
    }

    /// Changes what the draft names and leaves the rest. What the user's role may not change is silently ignored by
    /// the server: the answer tells what became of it.
    pub async fn update(&self, id: RemoteEventId, change: &EventDraft) -> Result<RemoteEvent> {
        static UPDATE: Operation = Operation::new(PROVIDER, "events.update", Method::PUT, "/events/{id}.json");
        let body = Body { event: change.to_wire() };
        self.0.call(&UPDATE).path("id", id).check(changes(change)).json(&body).send().await.map(Response::into_inner)
    }
}

fn complete(draft: &EventDraft) -> Result<()> {
    let missing = |field: &str| Err(Error::invalid(field, "is required to create an event"));
    match (draft.campaign, draft.start, draft.end) {
        (None, ..) => missing("campaign"),
        (_, None, _) => missing("start"),
        (.., None) => missing("end"),
        _ => in_order(draft),
    }
}

fn changes(change: &EventDraft) -> Result<()> {
    if change.is_empty() { Err(Error::invalid("change", "changes nothing")) } else { in_order(change) }
}

fn in_order(draft: &EventDraft) -> Result<()> {
    let backwards = draft.start.zip(draft.end).is_some_and(|(start, end)| end < start);
    if backwards { Err(Error::invalid("end", "is before the start")) } else { Ok(()) }
}

/// One page of events.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct EventPage {
    /// Its number, from 1.
    #[serde(deserialize_with = "lenient::number")]
    pub page: u64,
    /// How many pages there are.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub total_pages: Option<u64>,
    /// How many events there are on all pages.
    #[serde(deserialize_with = "lenient::number")]
    pub total: u64,
    /// The events, the earliest first; at most 30.
    pub results: Vec<RemoteEvent>,
}

/// A list of events in the making. Filters of one kind add up, those of different kinds narrow each other.
#[must_use = "a request does nothing until it is awaited"]
#[derive(Debug, Clone)]
pub struct ListEvents {
    core: Core,
    query: Vec<(&'static str, String)>,
    page: u64,
    options: RequestOptions,
}

impl ListEvents {
    fn filter(mut self, name: &'static str, value: String) -> Self {
        self.query.push((name, value));
        self
    }

    /// Events of this campaign.
    pub fn campaign(self, id: RemoteCampaignId) -> Self {
        self.filter("campaign[]", id.to_string())
    }

    /// Events at this place.
    pub fn place(self, id: PlaceId) -> Self {
        self.filter("place[]", id.to_string())
    }

    /// Events that are active, or not.
    pub fn status(self, status: &Activity) -> Self {
        self.filter("status[]", status.to_string())
    }

    /// Events whose recap has come so far.
    pub fn event_status(self, status: &Recap) -> Self {
        self.filter("event_status[]", status.to_string())
    }

    /// Events that start on this day. Replaces [`between`](Self::between).
    pub fn on(self, day: NaiveDate) -> Self {
        self.between(DateRange::single(day))
    }

    /// Events that start on one of these days.
    pub fn between(mut self, days: DateRange) -> Self {
        self.query.retain(|(name, _)| !matches!(*name, "start_date" | "end_date"));
        self.filter("start_date", dates::date(days.start())).filter("end_date", dates::date(days.end()))
    }

    /// This page, from 1, instead of the first.
    pub fn page(mut self, number: u64) -> Self {
        self.page = number;
        self
    }

    /// Sends it and tells how the call went.
    pub async fn send(self) -> Result<Response<EventPage>> {
        static LIST: Operation = Operation::new(PROVIDER, "events.list", Method::GET, "/events.json");
        let call = self.query.iter().fold(self.core.call(&LIST), |call, (name, value)| call.query(name, value));
        let from_one = self.page > 0 || self.options.skip_validation;
        let checked = if from_one { Ok(()) } else { Err(Error::invalid("page", "is counted from 1")) };
        call.check(checked).query("page", self.page).options(self.options).send().await
    }

    /// All events from this page on, one after the other. A cursor is the number of a page.
    pub fn pager(self) -> Pager<RemoteEvent> {
        let first = Cursor::new(self.page.to_string());
        Pager::new(Some(first), move |cursor| {
            let list = self.clone();
            async move {
                let number = cursor.and_then(|cursor| cursor.as_str().parse().ok()).unwrap_or(1);
                let page = list.page(number).send().await?.into_inner();
                let pages = page.total_pages.unwrap_or_else(|| page.total.div_ceil(PAGE_SIZE));
                let next = (number < pages && !page.results.is_empty()).then(|| Cursor::new((number + 1).to_string()));
                Ok(Page::new(page.results, next))
            }
        })
    }
}

connectors_core::request_options!(ListEvents => EventPage);

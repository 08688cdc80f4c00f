//! Lists of events, and what they can be narrowed by.

use std::collections::BTreeMap;
use std::fmt::Display;

use chrono::NaiveDate;
use connectors_core::provider::{Call, Core, Operation, Safety};
use connectors_core::wire::lenient;
use connectors_core::{DateRange, Pager, RequestOptions, Response, Result, request_options};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::request::operation;
use super::{
    Activity, AreaId, BrandId, CompanyUserId, PlaceId, Recap, RemoteCampaignId, RemoteEvent, TeamId, VenueId, dates,
    pages,
};

pub(super) static LIST: Operation = operation(Method::GET, "events.list", "/events.json");
pub(super) static FILTER: Operation =
    operation(Method::POST, "events.filter", "/events/filter.json").safety(Safety::ReadOnly);
static STATUS_FACETS: Operation = operation(Method::GET, "events.status_facets", "/events/status_facets.json");

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
    /// What the list was narrowed by, as the server understood it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub filters: Vec<AppliedFilter>,
    /// The events, the earliest first; at most 30.
    pub results: Vec<RemoteEvent>,
}

impl EventPage {
    /// How many pages there are, told or counted.
    pub fn pages(&self) -> u64 {
        pages::count(self.total_pages, self.total)
    }
}

/// Something that a list was narrowed by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AppliedFilter {
    /// What to show.
    pub label: String,
    /// The filter and its value, such as `campaign:12`.
    pub name: String,
    /// Whether it stands for several things, such as the places of an area.
    #[serde(default, rename = "expandible", alias = "expandable", deserialize_with = "lenient::or_default")]
    pub expandable: bool,
}

/// The values of each filter, by its name without brackets.
#[derive(Debug, Clone, Default)]
struct EventFilter(BTreeMap<&'static str, Vec<Value>>);

impl EventFilter {
    fn add<V: Into<Value>>(&mut self, name: &'static str, values: impl IntoIterator<Item = V>) {
        self.0.entry(name).or_default().extend(values.into_iter().map(Into::into));
    }

    fn words<V: Display>(&mut self, name: &'static str, words: impl IntoIterator<Item = V>) {
        self.add(name, words.into_iter().map(|word| word.to_string()));
    }

    /// As parameters of the query.
    fn query(&self, mut call: Call) -> Call {
        for (name, values) in &self.0 {
            let name = format!("{name}[]");
            for value in values {
                call = match value {
                    Value::String(text) => call.query(&name, text),
                    other => call.query(&name, other),
                };
            }
        }
        call
    }
}

/// What all questions about many events can be narrowed by.
macro_rules! event_filters {
    ($request:ident: $($(#[doc = $doc:literal])+ $how:ident $method:ident: $value:ty = $name:literal;)+) => {
        impl $request {
            $(
                $(#[doc = $doc])+
                pub fn $method(mut self, values: impl IntoIterator<Item = $value>) -> Self {
                    event_filters!(@ $how, self.filter, $name, values);
                    self
                }
            )+
        }
    };
    (@ ids, $filter:expr, $name:literal, $values:ident) => {
        $filter.add($name, $values.into_iter().map(|id| id.get()))
    };
    (@ words, $filter:expr, $name:literal, $values:ident) => {
        $filter.words($name, $values)
    };
    ($($request:ident),+) => {$(
        event_filters! { $request:
            /// Only events of these campaigns. As with all filters, none at all do not narrow it, those of one kind add
            /// up, and those of different kinds narrow each other.
            ids campaigns: RemoteCampaignId = "campaign";
            /// Only events at these places.
            ids places: PlaceId = "place";
            /// Only events at these venues.
            ids venues: VenueId = "venue";
            /// Only events in these areas.
            ids areas: AreaId = "area";
            /// Only events of these members of the company.
            ids users: CompanyUserId = "user";
            /// Only events of these teams.
            ids teams: TeamId = "team";
            /// Only events of these brands.
            ids brands: BrandId = "brand";
            /// Only events that are active, or not.
            words status: Activity = "status";
            /// Only events whose recap has come so far.
            words event_status: Recap = "event_status";
        }
    )+};
}

/// A list of events in the making. Await it for one page, or read all through its [`pager`](Self::pager).
#[must_use = "a request does nothing until it is awaited"]
#[derive(Debug, Clone)]
pub struct ListEvents {
    core: Core,
    operation: &'static Operation,
    filter: EventFilter,
    days: Option<DateRange>,
    page: u64,
    options: RequestOptions,
}

/// How many events there are of each status, in the making.
#[must_use = "a request does nothing until it is awaited"]
#[derive(Debug, Clone)]
pub struct CountStatuses {
    core: Core,
    filter: EventFilter,
    options: RequestOptions,
}

request_options!(ListEvents => EventPage);
request_options!(CountStatuses => Vec<StatusFacet>);
event_filters!(ListEvents, CountStatuses);

impl ListEvents {
    pub(super) fn new(core: Core, operation: &'static Operation) -> Self {
        let (filter, options) = (EventFilter::default(), RequestOptions::default());
        Self { core, operation, filter, days: None, page: 1, options }
    }

    /// Only events that start on this day. Replaces [`between`](Self::between).
    pub fn on(self, day: NaiveDate) -> Self {
        self.between(DateRange::single(day))
    }

    /// Only events that start on one of these days, the last included.
    pub fn between(mut self, days: DateRange) -> Self {
        self.days = Some(days);
        self
    }

    /// This page, from 1, instead of the first.
    pub fn page(mut self, number: u64) -> Self {
        self.page = number;
        self
    }

    /// Sends it, and gives the value with what is known of the call.
    pub async fn send(self) -> Result<Response<EventPage>> {
        let checked = if self.options.skip_validation { Ok(()) } else { pages::from_one(self.page) };
        let call = self.core.call(self.operation).check(checked);
        // Texts, not lists as the other filters.
        let days = self.days.map(|days| (dates::date(days.start()), dates::date(days.end())));
        let page = (self.page != 1).then_some(self.page);
        let call = if self.operation.method == Method::POST {
            call.json(&body(self.filter, days, page))
        } else {
            let (start, end) = days.unzip();
            let call = self.filter.query(call).query_opt("start_date", start).query_opt("end_date", end);
            call.query_opt("page", page)
        };
        call.options(self.options).send().await
    }

    /// All events from this page on, one after the other. A cursor is the number of a page. Events that are added or
    /// moved meanwhile may be met twice or not at all.
    ///
    /// Fails with [`Decode`](connectors_core::ErrorKind::Decode) if the server sends the same page again, which would leave the others
    /// out.
    pub fn pager(self) -> Pager<RemoteEvent> {
        let (operation, first) = (self.operation, self.page);
        pages::pager(
            operation,
            first,
            |event: &RemoteEvent| event.id.get(),
            move |number| {
                let page = self.clone().page(number).send();
                async move {
                    let page = page.await.map(Response::into_inner)?;
                    let pages = page.pages();
                    Ok((page.results, pages))
                }
            },
        )
    }
}

fn body(filter: EventFilter, days: Option<(String, String)>, page: Option<u64>) -> BTreeMap<&'static str, Value> {
    // The server reads an empty list as null, and refuses that.
    let lists = filter.0.into_iter().filter(|(_, values)| !values.is_empty());
    let mut body: BTreeMap<_, _> = lists.map(|(name, values)| (name, Value::from(values))).collect();
    let (start, end) = days.unzip();
    let scalars = [("start_date", start.map(Value::from)), ("end_date", end.map(Value::from))];
    let scalars = scalars.into_iter().chain([("page", page.map(Value::from))]);
    body.extend(scalars.filter_map(|(name, value)| Some((name, value?))));
    body
}

/// How many events are of one status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StatusFacet {
    /// The status: late, due, submitted, rejected and approved are told even if there are none.
    #[serde(rename = "label")]
    pub event_status: Recap,
    /// How many there are.
    #[serde(deserialize_with = "lenient::number")]
    pub count: u64,
}

impl CountStatuses {
    pub(super) fn new(core: Core) -> Self {
        Self { core, filter: EventFilter::default(), options: RequestOptions::default() }
    }

    /// Sends it, and gives the value with what is known of the call.
    pub async fn send(self) -> Result<Response<Vec<StatusFacet>>> {
        #[derive(Deserialize)]
        struct Wire {
            facets: Vec<StatusFacet>,
        }
        let call = self.filter.query(self.core.call(&STATUS_FACETS)).options(self.options);
        Ok(call.send::<Wire>().await?.map(|wire| wire.facets))
    }
}

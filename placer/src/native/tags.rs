//! The account's own collections of places.

use std::collections::HashMap;

use connectors_core::provider::Operation;
use connectors_core::{Error, ErrorKind, Meta, Request, RequestOptions, Response, Result};
use http::{Method, StatusCode};
use serde::Serialize;

use super::fetch::refused;
use super::node::State;
use super::plain::{self, Said};
use super::{POIS, after_write, distinct};
use crate::model::{TagChange, TagId, VenueFailure, VenueId};
use crate::{PROVIDER, PlacerClient};

// The slash at the end belongs to the path.
const fn operation(name: &'static str, method: Method) -> Operation {
    Operation::new(PROVIDER, name, method, "/v1/poi/tags/").group(POIS)
}

static CREATE: Operation = operation("tags.create", Method::POST);
static ADD: Operation = operation("tags.add", Method::PUT);
static REMOVE: Operation = operation("tags.remove", Method::DELETE);

/// The longest name.
const MAX_NAME: usize = 150;

/// How many places go into one request. No limit is documented; other endpoints take as many.
const CHUNK: usize = 100;

/// The account's own collections of places: [`PlacerClient::tags`](crate::PlacerClient::tags).
///
/// They may mix venues, complexes and chains. Reports do not take them: [`Analytics::expand`](crate::Analytics::expand)
/// gives the places in them. Placer has no way to list, rename or delete collections.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # use connectors_mock::MockPlacer;
/// # let (mock, venues) = (MockPlacer::new(), MockPlacer::venue_ids());
/// # let placer = mock.client().clone();
/// let tags = placer.tags();
/// let tag = tags.create("Spring campaign").await?;
/// let added = tags.add(&tag, venues[..3].to_vec()).await?;
/// assert!(added.is_complete());
///
/// let removed = tags.remove(&tag, [venues[0].clone(), venues[9].clone()]).await?;
/// assert_eq!((removed.done.len(), removed.failures.len()), (1, 1)); // one was not in it
/// assert_eq!(placer.pois().entities(&tag.entity()?).await?.len(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Tags(pub(crate) PlacerClient);

impl Tags {
    /// Makes an empty collection; the name has 1 to 150 characters. It is never sent twice.
    /// Counts in the group `pois`; see [the endpoint](https://docs.placer.ai/reference/post_v1-poi-tags-1).
    pub fn create(&self, name: impl Into<String>) -> Request<TagId> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct NewTag {
            tag_name: String,
        }
        let tag = NewTag { tag_name: name.into() };
        let fits = (1..=MAX_NAME).contains(&tag.tag_name.chars().count()) && !tag.tag_name.trim().is_empty();
        let refused = || Error::invalid("tagName", format!("must have 1 to {MAX_NAME} characters, and not be blank"));
        let call = self.0.native(&CREATE).json(&tag);
        Request::with(call, |call| Box::pin(async move { plain::send(&CREATE, call).await.and_then(created) }))
            .check(fits.then_some(()).ok_or_else(refused))
    }

    /// Puts places into a collection. What is wrong with one of them fails that one alone.
    /// Counts in the group `pois`, once for every 100 places; see
    /// [the endpoint](https://docs.placer.ai/reference/put_v1-poi-tags-1).
    pub fn add(&self, tag: &TagId, places: impl IntoIterator<Item = VenueId>) -> ChangeTag {
        self.change(&ADD, tag, places)
    }

    /// Takes places out of a collection. What is wrong with one of them fails that one alone.
    /// Counts in the group `pois`, once for every 100 places; see
    /// [the endpoint](https://docs.placer.ai/reference/delete_v1-poi-tags-1).
    pub fn remove(&self, tag: &TagId, places: impl IntoIterator<Item = VenueId>) -> ChangeTag {
        self.change(&REMOVE, tag, places)
    }

    fn change(
        &self,
        operation: &'static Operation,
        tag: &TagId,
        places: impl IntoIterator<Item = VenueId>,
    ) -> ChangeTag {
        let (client, options) = (self.0.clone(), RequestOptions::default());
        ChangeTag { client, operation, tag: tag.clone(), places: distinct(places), options }
    }
}

fn created(answer: Response<Said>) -> Result<Response<TagId>> {
    let (said, meta) = answer.into_parts();
    let origin = |error: Error| error.with_origin(PROVIDER, CREATE.name).with_status(meta.status);
    said.check_result().map_err(origin)?;
    let nameless = || Error::new(ErrorKind::Decode, "the answer does not name the collection").with_json_path("tagId");
    let id = said.text("tagId").and_then(|id| TagId::new(id).ok());
    let id = id.ok_or_else(|| origin(nameless()).with_maybe_applied(true))?;
    Ok(Response::new(id, meta))
}

/// A change of a collection, in the making: [`Tags::add`], [`Tags::remove`].
#[must_use = "a collection is changed when this is awaited or sent"]
#[derive(Debug, Clone)]
pub struct ChangeTag {
    client: PlacerClient,
    operation: &'static Operation,
    tag: TagId,
    places: Vec<VenueId>,
    options: RequestOptions,
}

/// What a request about some of the places says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Members<'a> {
    tag_id: &'a str,
    api_ids: &'a [VenueId],
}

impl ChangeTag {
    /// Changes it, and gives what came of it with what is known of the last request. An error is what befell all of the
    /// places.
    pub async fn send(self) -> Result<Response<TagChange>> {
        let named = |error: Error| error.with_origin(PROVIDER, self.operation.name);
        self.client.services().offers(self.operation.name)?;
        let mut change = TagChange { tag: self.tag.clone(), done: Vec::new(), failures: Vec::new() };
        let mut places = Vec::new();
        for place in &self.places {
            match place.check_native().map_err(named) {
                Err(error) if !self.options.skip_validation => {
                    change.failures.push(VenueFailure::new(place.clone(), error));
                }
                _ => places.push(place.clone()),
            }
        }
        if !self.options.skip_validation {
            self.tag.check().map_err(named)?;
        }
        let (mut meta, mut hopeless) = (Meta::default(), None::<Error>);
        let mut whole = Vec::new();
        for chunk in places.chunks(CHUNK) {
            // One after the other: they change the same thing.
            let outcome = match &hopeless {
                Some(error) => Err(error.clone()),
                None => self.send_chunk(chunk).await,
            };
            match outcome {
                Ok(answer) => meta = self.read(chunk, answer, &mut change),
                Err(error) => {
                    hopeless = Some(error.clone()).filter(|error| error.kind() != ErrorKind::InvalidRequest);
                    whole.extend(chunk.iter().map(|place| VenueFailure::new(place.clone(), error.clone())));
                }
            }
        }
        if let Some(first) = whole.first().filter(|_| whole.len() == self.places.len()) {
            return Err(first.error.clone());
        }
        change.failures.extend(whole);
        Ok(Response::new(change, meta))
    }

    async fn send_chunk(&self, places: &[VenueId]) -> Result<Response<Said>> {
        let body = Members { tag_id: self.tag.hex(), api_ids: places };
        let call = self.client.native(self.operation).options(self.options.clone()).json(&body);
        let answer = plain::send(self.operation, call.lock(format!("tag/{}", self.tag.hex()))).await;
        if let Ok(entity) = self.tag.entity() {
            after_write(&self.client, &answer, &entity).await;
        }
        let answer = answer?;
        answer.check_result().map_err(|error| error.with_origin(PROVIDER, self.operation.name))?;
        Ok(answer)
    }

    fn read(&self, places: &[VenueId], answer: Response<Said>, change: &mut TagChange) -> Meta {
        let (said, meta) = answer.into_parts();
        // What is no member any more may be so by an attempt whose answer was lost.
        let perhaps = meta.attempts > 1 && self.operation.name == REMOVE.name;
        let told = |error: Error| {
            error.with_origin(PROVIDER, self.operation.name).with_status(meta.status).with_maybe_applied(perhaps)
        };
        let mut outcomes: HashMap<String, Result<()>> = HashMap::new();
        for entry in said.entries {
            let outcome = match entry.head.state() {
                State::Ready => Ok(()),
                State::Failed(code) => Err(told(refused(code, &entry))),
                State::NoData => Err(told(Error::new(ErrorKind::NotFound, "there is no such place"))),
                State::Pending => Err(told(Error::new(ErrorKind::Pending, "Placer is still at it"))),
            };
            if let Some(id) = entry.head.api_id {
                outcomes.insert(id, outcome);
            }
        }
        let left_out = || {
            let error = Error::new(ErrorKind::Decode, "the answer leaves this place out");
            Err(told(error).with_maybe_applied(true))
        };
        // Only an answer to each place by itself has to name all of them.
        let unnamed = || if meta.status == StatusCode::MULTI_STATUS { left_out() } else { Ok(()) };
        for place in places {
            match outcomes.remove(place.as_str()).unwrap_or_else(unnamed) {
                Ok(()) => change.done.push(place.clone()),
                Err(error) => change.failures.push(VenueFailure::new(place.clone(), error)),
            }
        }
        meta
    }
}

connectors_core::request_options!(ChangeTag => TagChange);

//! Places of the account's own making.

use std::time::{Duration, Instant};

use connectors_core::provider::{Operation, Safety};
use connectors_core::{Error, ErrorKind, Meta, Request, RequestOptions, Response, Result};
use http::{Method, StatusCode};

use super::node::State;
use super::plain::{self, Said};
use super::{POIS, after_write};
use crate::model::{CustomPoi, CustomPoiState, CustomPoiStatus, CustomPoiUpdate, NewCustomPoi, Poi, VenueId};
use crate::{PROVIDER, PlacerClient, PlacerErrorExt};

const fn operation(name: &'static str, method: Method, path: &'static str) -> Operation {
    Operation::new(PROVIDER, name, method, path).group(POIS)
}

static CREATE: Operation = operation("custom_pois.create", Method::POST, "/v1/poi/custom-poi").safety(Safety::Once);
static GET: Operation = operation("custom_pois.get", Method::GET, "/v1/poi/custom-poi/{id}");
static UPDATE: Operation = operation("custom_pois.update", Method::PUT, "/v1/poi/custom-poi/{id}");
static DELETE: Operation = operation("custom_pois.delete", Method::DELETE, "/v1/poi/custom-poi/{id}");

/// How long to wait before asking again whether a place is there: making one takes some 30 seconds.
const FIRST_WAIT: Duration = Duration::from_secs(4);

/// Places of the account's own making: [`PlacerClient::custom_pois`](crate::PlacerClient::custom_pois).
///
/// They are complexes. All reports take them but the trends of many venues and the block groups:
/// [`Visits::trends_single`](crate::Visits::trends_single) does.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # use std::time::Duration;
/// # let mock = connectors_mock::MockPlacer::builder().custom_poi_polls(2).build()?;
/// # let placer = mock.client().clone();
/// use connectors_placer::{CustomPoiArea, CustomPoiState, CustomPoiUpdate, NewCustomPoi, PlacerErrorExt, Point};
///
/// let custom_pois = placer.custom_pois();
/// let pier = NewCustomPoi::new("Pier 4", "Plaza", CustomPoiArea::circle(Point::new(42.3543, -71.0473), 0.05));
/// let made = custom_pois.create(pier.clone()).await?;
/// assert_eq!(made.state, CustomPoiState::Creating);
/// let poi = custom_pois.wait(&made.api_id, Duration::from_secs(120)).await?;
/// assert_eq!(poi.name.as_deref(), Some("Pier 4"));
///
/// let twice = custom_pois.create(pier).await.expect_err("it is there already");
/// assert_eq!(twice.existing_poi().as_ref(), Some(&made.api_id));
///
/// custom_pois.update(&made.api_id, CustomPoiUpdate::new().name("The pier")).await?;
/// let now = custom_pois.get(&made.api_id).await?.ready().expect("it is there");
/// assert_eq!(now.name.as_deref(), Some("The pier"));
/// custom_pois.delete(&made.api_id).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct CustomPois(pub(crate) PlacerClient);

impl CustomPois {
    /// Makes a place. Placer may take longer than a request does: then it is
    /// [`Creating`](CustomPoiState::Creating), and [`wait`](Self::wait) tells when it is there.
    ///
    /// It is never sent twice. Should its answer be lost, the error says [`maybe_applied`](Error::maybe_applied); the
    /// same again then fails with [`existing_poi`](PlacerErrorExt::existing_poi) if it was made, which
    /// [`or_existing`](CreateCustomPoi::or_existing) turns into success.
    /// Counts in the group `pois`; see [the endpoint](https://docs.placer.ai/reference/post_v1-poi-custom-poi-1).
    pub fn create(&self, poi: NewCustomPoi) -> CreateCustomPoi {
        let (client, options) = (self.0.clone(), RequestOptions::default());
        CreateCustomPoi { client, poi, or_existing: false, options }
    }

    /// A place as it is now. [`NotFound`](ErrorKind::NotFound) means that making it failed, or that it was deleted.
    /// Counts in the group `pois`; see [the endpoint](https://docs.placer.ai/reference/get_v1-poi-custom-poi-id-1).
    pub fn get(&self, id: &VenueId) -> Request<CustomPoiStatus> {
        let call = self.0.native(&GET).path("id", id);
        Request::with(call, |call| Box::pin(async move { plain::send(&GET, call).await.and_then(status) }))
            .check(id.check_native())
    }

    /// Asks for a place until it is there, at most for so long. What is still being made then is an error of kind
    /// [`Pending`](ErrorKind::Pending); the questions were free.
    pub async fn wait(&self, id: &VenueId, patience: Duration) -> Result<Poi> {
        let until = self.0.core().clock().now().checked_add(patience);
        self.until(id, until, &RequestOptions::default()).await
    }

    /// Changes a place: at least something about it. What the client has cached of its reports is forgotten, for they
    /// are of another area now; what is in a [`ReportStore`](crate::ReportStore) is not.
    /// Counts in the group `pois`; see [the endpoint](https://docs.placer.ai/reference/put_v1-poi-custom-poi-id-1).
    pub fn update(&self, id: &VenueId, update: CustomPoiUpdate) -> UpdateCustomPoi {
        let (client, options) = (self.0.clone(), RequestOptions::default());
        UpdateCustomPoi { client, id: id.clone(), update, options }
    }

    /// Deletes a place.
    /// Counts in the group `pois`; see [the endpoint](https://docs.placer.ai/reference/delete_v1-poi-custom-poi-id-1).
    pub fn delete(&self, id: &VenueId) -> DeleteCustomPoi {
        let (client, options) = (self.0.clone(), RequestOptions::default());
        DeleteCustomPoi { client, id: id.clone(), options }
    }

    async fn until(&self, id: &VenueId, until: Option<Instant>, options: &RequestOptions) -> Result<Poi> {
        let core = self.0.core();
        let mut polls = 0;
        loop {
            let asked = self.get(id).options(|own| own.clone_from(options));
            if let CustomPoiStatus::Ready(poi) = asked.await? {
                return Ok(*poi);
            }
            let wait = core.poll_wait(polls, Some(FIRST_WAIT));
            polls += 1;
            if until.is_some_and(|until| until.saturating_duration_since(core.clock().now()) <= wait) {
                let error = Error::new(ErrorKind::Pending, format!("{id} is still being made")).with_retry_after(wait);
                return Err(error.with_origin(PROVIDER, GET.name).with_hint("wait for it again: asking is free"));
            }
            core.clock().sleep(wait).await;
        }
    }
}

fn status(answer: Response<Said>) -> Result<Response<CustomPoiStatus>> {
    let (said, meta) = answer.into_parts();
    if meta.status == StatusCode::ACCEPTED || said.head.state() == State::Pending {
        return Ok(Response::new(CustomPoiStatus::Creating, meta));
    }
    let origin = |error: Error| error.with_origin(PROVIDER, GET.name).with_status(meta.status);
    let poi = said.read_as().map_err(origin)?;
    Ok(Response::new(CustomPoiStatus::Ready(Box::new(poi)), meta))
}

/// What was made or changed, by the answer to it.
fn receipt(operation: &'static Operation, answer: Response<Said>, id: Option<&VenueId>) -> Result<Response<CustomPoi>> {
    let (said, meta) = answer.into_parts();
    let origin = |error: Error| error.with_origin(PROVIDER, operation.name).with_status(meta.status);
    said.check_result().map_err(origin)?;
    let nameless = || Error::new(ErrorKind::Decode, "the answer does not name the place").with_json_path("apiId");
    let told = said.head.api_id.as_deref().and_then(|id| VenueId::new(id).ok()).or_else(|| id.cloned());
    let api_id = told.ok_or_else(|| origin(nameless()).with_maybe_applied(true))?;
    let building = meta.status == StatusCode::ACCEPTED || said.head.state() == State::Pending;
    let state = if building { CustomPoiState::Creating } else { CustomPoiState::Ready };
    let poi = CustomPoi { api_id, name: said.text("name").map(str::to_owned), state };
    Ok(Response::new(poi, meta))
}

/// A place to be made, in the making: [`CustomPois::create`].
#[must_use = "a place is made when this is awaited or sent"]
#[derive(Debug, Clone)]
pub struct CreateCustomPoi {
    client: PlacerClient,
    poi: NewCustomPoi,
    or_existing: bool,
    options: RequestOptions,
}

impl CreateCustomPoi {
    /// Takes a place that is there already, and that Placer holds for equal, in place of a new one.
    pub fn or_existing(mut self) -> Self {
        self.or_existing = true;
        self
    }

    /// Makes it, and gives what came of it with what is known of the call.
    pub async fn send(self) -> Result<Response<CustomPoi>> {
        let checked = if self.options.skip_validation { Ok(()) } else { self.poi.check() };
        let call = self.client.native(&CREATE).check(checked).options(self.options).json(&self.poi.written());
        let answer = plain::send(&CREATE, call).await;
        if let Some(collection) = self.poi.collection() {
            after_write(&self.client, &answer, &collection).await;
        }
        match answer.and_then(|answer| receipt(&CREATE, answer, None)) {
            Err(error) if self.or_existing => existing(error),
            outcome => outcome,
        }
    }

    /// Makes it and waits until it is there, at most for so long from now. The place is made once whatever happens; an
    /// error after that names it, see [`existing_poi`](PlacerErrorExt::existing_poi).
    pub async fn and_wait(self, patience: Duration) -> Result<Poi> {
        let pois = CustomPois(self.client.clone());
        let until = self.client.core().clock().now().checked_add(patience);
        let options = self.options.clone();
        let id = self.send().await?.into_inner().api_id;
        let found = pois.until(&id, until, &options).await;
        found.map_err(|error| waited_in_vain(&id, &error))
    }
}

/// The place that was there before, if that is why it was refused.
fn existing(error: Error) -> Result<Response<CustomPoi>> {
    let Some(api_id) = error.existing_poi() else { return Err(error) };
    let mut meta = Meta::default();
    (meta.attempts, meta.elapsed) = (error.attempts(), error.elapsed());
    meta.status = error.status().unwrap_or(StatusCode::BAD_REQUEST);
    meta.request_id = error.request_id().map(str::to_owned);
    Ok(Response::new(CustomPoi { api_id, name: None, state: CustomPoiState::Existing }, meta))
}

fn waited_in_vain(id: &VenueId, error: &Error) -> Error {
    let (message, hint) = match error.kind() {
        ErrorKind::NotFound => (format!("making {id} failed"), "create it again"),
        ErrorKind::Pending => (format!("{id} is still being made"), "wait for it: it needs not be made again"),
        _ => (format!("{id} was made, and then: {}", error.message()), "wait for it: it needs not be made again"),
    };
    let told = Error::new(error.kind(), message).with_hint(hint).with_retryable(false);
    let told = told.with_maybe_applied(error.kind() != ErrorKind::NotFound).with_source(error.clone());
    let told = error.retry_after().map_or(told.clone(), |after| told.with_retry_after(after));
    told.with_origin(PROVIDER, CREATE.name)
}

connectors_core::request_options!(CreateCustomPoi => CustomPoi);

/// A place to be changed, in the making: [`CustomPois::update`].
#[must_use = "a place is changed when this is awaited or sent"]
#[derive(Debug, Clone)]
pub struct UpdateCustomPoi {
    client: PlacerClient,
    id: VenueId,
    update: CustomPoiUpdate,
    options: RequestOptions,
}

impl UpdateCustomPoi {
    /// Changes it, and gives what came of it with what is known of the call.
    pub async fn send(self) -> Result<Response<CustomPoi>> {
        let Self { client, id, update, options } = self;
        let checked = if options.skip_validation { Ok(()) } else { id.check_native().and_then(|()| update.check()) };
        let call = client.native(&UPDATE).check(checked).options(options).path("id", &id).json(&update.written());
        let answer = plain::send(&UPDATE, call).await;
        after_write(&client, &answer, &id).await;
        receipt(&UPDATE, answer?, Some(&id))
    }
}

connectors_core::request_options!(UpdateCustomPoi => CustomPoi);

/// A place to be deleted, in the making: [`CustomPois::delete`].
#[must_use = "a place is deleted when this is awaited or sent"]
#[derive(Debug, Clone)]
pub struct DeleteCustomPoi {
    client: PlacerClient,
    id: VenueId,
    options: RequestOptions,
}

impl DeleteCustomPoi {
    /// Deletes it, and gives what is known of the call.
    pub async fn send(self) -> Result<Response<()>> {
        let Self { client, id, options } = self;
        let checked = if options.skip_validation { Ok(()) } else { id.check_native() };
        let call = client.native(&DELETE).check(checked).options(options).path("id", &id);
        let answer = plain::send(&DELETE, call).await;
        after_write(&client, &answer, &id).await;
        match answer {
            Ok(answer) => {
                answer.check_result().map_err(|error| error.with_origin(PROVIDER, DELETE.name))?;
                Ok(answer.map(|_| ()))
            }
            // An earlier attempt, whose answer was lost, has deleted it.
            Err(error) if error.kind() == ErrorKind::NotFound && error.maybe_applied() => {
                let mut meta = Meta::default();
                (meta.attempts, meta.elapsed) = (error.attempts(), error.elapsed());
                Ok(Response::new((), meta))
            }
            Err(error) => Err(error),
        }
    }
}

connectors_core::request_options!(DeleteCustomPoi => ());

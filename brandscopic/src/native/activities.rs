//! Activities: what was done at events and venues.

use bytes::Bytes;
use connectors_core::provider::{Call, Operation, Safety, decode_json};
use connectors_core::{BoxFuture, Error, ErrorKind, Request, RequestOptions, Response, Result, request_options};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::activity::WireActivity;
use super::request::{CallExt, operation, positive, resource, silent};
use super::{
    ActivityChange, ActivityDraft, ActivityId, ActivityTypeId, BlankActivity, NewFile, RemoteActivity,
    RemoteCampaignId, RemoteEventId, UploadAnswer, UploadForm, VenueId,
};
use crate::PROVIDER;

static OF_EVENT: Operation = operation(Method::GET, "activities.of_event", "/events/{event}/activities.json");
static OF_VENUE: Operation = operation(Method::GET, "activities.of_venue", "/venues/{venue}/activities.json");
static CREATE_ON_EVENT: Operation =
    operation(Method::POST, "activities.create_on_event", "/events/{event}/activities.json");
static CREATE_ON_VENUE: Operation =
    operation(Method::POST, "activities.create_on_venue", "/venues/{venue}/activities.json");
static UPDATE_ON_EVENT: Operation =
    operation(Method::PUT, "activities.update_on_event", "/events/{event}/activities/{id}.json");
static UPDATE_ON_VENUE: Operation =
    operation(Method::PUT, "activities.update_on_venue", "/venues/{venue}/activities/{id}.json");
// GETs that write.
static DEACTIVATE_ON_EVENT: Operation =
    operation(Method::GET, "activities.deactivate_on_event", "/events/{event}/activities/{id}/deactivate.json")
        .safety(Safety::Once);
static DEACTIVATE_ON_VENUE: Operation =
    operation(Method::GET, "activities.deactivate_on_venue", "/venues/{venue}/activities/{id}/deactivate.json")
        .safety(Safety::Once);
static FORM: Operation = operation(Method::GET, "activities.form", "/events/{event}/activities/form.json");
static BLANK: Operation = operation(Method::GET, "activities.blank", "/activities/new.json");
static GET: Operation = operation(Method::GET, "activities.get", "/activities/{id}.json");

resource! {
    /// The endpoints of activities: [`Native::activities`](super::Native::activities).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::{Contract, native::{ActivityTypeId, RemoteEventId, VenueId}};
    /// # use connectors_mock::MockBrandscopic;
    /// # let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    /// # let (first, spend) = (mock.fake().events().remove(0), ActivityTypeId::new(301));
    /// # let event = RemoteEventId::new(first.id);
    /// # let venue = VenueId::new(mock.client().native()?.events().list().await?.results[0].place.clone().unwrap().venue_id.unwrap().get());
    /// # let campaign = first.project.into();
    /// use connectors_brandscopic::native::{ActivityChange, FieldValue};
    ///
    /// let activities = mock.client().native()?.activities();
    /// let form = activities.blank(spend).await?;
    /// let amount = form.named("Amount spent").expect("the form asks for it");
    /// let draft = form.draft().expect("it is complete").answer(amount.answer(85.5)?);
    /// let made = activities.create_on_event(event, &draft).await?;
    /// let id = made.id().expect("this server tells it");
    ///
    /// let read = activities.get(id).await?;
    /// let amount = read.named("Amount spent").expect("as above");
    /// assert_eq!(amount.value, Some(FieldValue::Number(85.5)));
    /// activities.update_on_event(event, id, &ActivityChange::new().answer(amount.answer(90)?)).await?;
    /// assert_eq!(activities.of_event(event).await?.len(), 1);
    /// activities.deactivate_on_event(event, id).await?;
    ///
    /// let made = activities.create_on_venue(venue, campaign, &draft).await?.id().expect("as above");
    /// let later = ActivityChange::new().activity_date(draft.activity_date.succ_opt().unwrap());
    /// activities.update_on_venue(venue, made, &later).await?;
    /// assert_eq!(activities.of_venue(venue).await?[0].activity_date, later.activity_date);
    /// activities.deactivate_on_venue(venue, made).await?;
    ///
    /// // What a browser would be given, to upload the answer to a field by itself.
    /// assert!(activities.form(event).await?.url.starts_with("https://"));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Activities;
}

/// An activity that was made. What servers answer to that differs, so it is read afterwards where that can be done.
#[must_use = "it tells whether the activity could be read"]
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum CreatedActivity {
    /// As it reads now.
    Read(Box<RemoteActivity>),
    /// It was made, but could not be read.
    Unread(ActivityId, Error),
    /// It was made, but the server did not tell its id: look it up in the list.
    Unnamed,
}

impl CreatedActivity {
    /// Its id.
    pub fn id(&self) -> Option<ActivityId> {
        match self {
            Self::Read(activity) => Some(activity.id),
            Self::Unread(id, _) => Some(*id),
            Self::Unnamed => None,
        }
    }
}

/// The body of a write.
#[derive(Serialize)]
struct Body<'a> {
    activity: WireActivity<'a>,
}

impl Activities {
    /// Uploads a file that is the answer to a field for pictures or files.
    pub fn upload(&self, event: RemoteEventId, file: NewFile) -> UploadAnswer {
        UploadAnswer::new(self.0.call(&FORM).id("event", event.get()), file)
    }

    /// The first step of such an upload by itself: what allows one to put files into the storage, for one hour.
    pub fn form(&self, event: RemoteEventId) -> Request<UploadForm> {
        Request::new(self.0.call(&FORM).id("event", event.get()))
    }

    /// The active activities at an event, all at once.
    pub fn of_event(&self, event: RemoteEventId) -> Request<Vec<RemoteActivity>> {
        Request::new(self.0.call(&OF_EVENT).id("event", event.get()))
    }

    /// The active activities at a venue, all at once.
    pub fn of_venue(&self, venue: VenueId) -> Request<Vec<RemoteActivity>> {
        Request::new(self.0.call(&OF_VENUE).id("venue", venue.get()))
    }

    /// Adds an activity to an event. Some servers may fail after they have made it: look before repeating that.
    pub fn create_on_event(&self, event: RemoteEventId, draft: &ActivityDraft) -> CreateActivity {
        create(self.0.call(&CREATE_ON_EVENT).id("event", event.get()), draft, None)
    }

    /// Adds an activity to a venue, for a campaign. See [`create_on_event`](Self::create_on_event).
    pub fn create_on_venue(&self, venue: VenueId, campaign: RemoteCampaignId, draft: &ActivityDraft) -> CreateActivity {
        create(self.0.call(&CREATE_ON_VENUE).id("venue", venue.get()), draft, Some(campaign))
    }

    /// Changes an activity at an event.
    pub fn update_on_event(&self, event: RemoteEventId, id: ActivityId, change: &ActivityChange) -> Request<()> {
        update(self.0.call(&UPDATE_ON_EVENT).id("event", event.get()).id("id", id.get()), change)
    }

    /// Changes an activity at a venue.
    pub fn update_on_venue(&self, venue: VenueId, id: ActivityId, change: &ActivityChange) -> Request<()> {
        update(self.0.call(&UPDATE_ON_VENUE).id("venue", venue.get()).id("id", id.get()), change)
    }

    /// Deactivates an activity at an event: lists no longer have it. The API cannot undo it.
    pub fn deactivate_on_event(&self, event: RemoteEventId, id: ActivityId) -> Request<()> {
        deactivate(self.0.call(&DEACTIVATE_ON_EVENT).id("event", event.get()).id("id", id.get()))
    }

    /// Deactivates an activity at a venue: lists no longer have it. The API cannot undo it.
    pub fn deactivate_on_venue(&self, venue: VenueId, id: ActivityId) -> Request<()> {
        deactivate(self.0.call(&DEACTIVATE_ON_VENUE).id("venue", venue.get()).id("id", id.get()))
    }

    /// The form of an activity of this type.
    pub fn blank(&self, activity_type: ActivityTypeId) -> Request<BlankActivity> {
        let checked = positive("activity_type_id", activity_type.get());
        Request::new(self.0.call(&BLANK)).set("activity_type_id", activity_type).check(checked)
    }

    /// One activity, whole.
    pub fn get(&self, id: ActivityId) -> Request<RemoteActivity> {
        Request::new(self.0.call(&GET).id("id", id.get()))
    }
}

fn create(call: Call, draft: &ActivityDraft, campaign: Option<RemoteCampaignId>) -> CreateActivity {
    let campaign_id = campaign.map_or(Ok(()), |id| positive("campaign_id", id.get()));
    let call = call.json(&Body { activity: draft.to_wire(campaign) });
    CreateActivity { call, checked: draft.check().and(campaign_id), options: RequestOptions::default() }
}

/// A new activity in the making: await it. It takes two requests: to make it, and to read it.
#[must_use = "a request does nothing until it is awaited"]
#[derive(Debug, Clone)]
pub struct CreateActivity {
    call: Call,
    checked: Result<()>,
    options: RequestOptions,
}

impl CreateActivity {
    /// Sends it, and tells how the call went that made it.
    pub async fn send(self) -> Result<Response<CreatedActivity>> {
        let Self { call, checked, options } = self;
        let (core, operation) = (call.core().clone(), call.operation());
        let until = Some(core.deadline(&options));
        let checked = if options.skip_validation { Ok(()) } else { checked };
        let (body, meta) = call.check(checked).options(options.clone()).until(until).send_bytes().await?.into_parts();
        let made = made(&body).map_err(|error| {
            let error = error.with_origin(PROVIDER, operation.name).with_status(meta.status);
            error.with_attempts(meta.attempts, meta.elapsed).with_maybe_applied(true)
        })?;
        let Some(id) = made else { return Ok(Response::new(CreatedActivity::Unnamed, meta)) };
        let read = core.call(&GET).id("id", id.get()).options(options).until(until);
        let created = match read.send::<RemoteActivity>().await {
            Ok(read) => CreatedActivity::Read(Box::new(read.into_inner())),
            Err(error) => CreatedActivity::Unread(id, error),
        };
        Ok(Response::new(created, meta))
    }
}

request_options!(CreateActivity => CreatedActivity);

/// The id of what was made, if the answer tells. One that is neither a record nor empty, such as some text, does not say
/// that anything was.
fn made(body: &Bytes) -> Result<Option<ActivityId>> {
    #[derive(Deserialize)]
    struct Record {
        #[serde(default)]
        id: Value,
    }
    if body.trim_ascii().is_empty() {
        return Ok(None);
    }
    let id = ActivityId::deserialize(decode_json::<Record>(body)?.id).ok();
    Ok(id.filter(|id| id.get() > 0))
}

fn update(call: Call, change: &ActivityChange) -> Request<()> {
    silent(call.json(&Body { activity: change.to_wire() })).check(change.check())
}

fn deactivate(call: Call) -> Request<()> {
    fn send(call: Call) -> BoxFuture<Result<Response<()>>> {
        Box::pin(async move {
            let name = call.operation().name;
            let (body, meta) = call.send_bytes().await?.into_parts();
            if is_ok(&body) {
                return Ok(Response::new((), meta));
            }
            let error = Error::new(ErrorKind::Decode, "the answer does not have the documented form: expected `ok`");
            Err(error.with_body(&body).with_status(meta.status).with_origin(PROVIDER, name).with_maybe_applied(true))
        })
    }
    Request::with(call, send)
}

/// `ok`, plain or in quotes.
fn is_ok(body: &Bytes) -> bool {
    let quoted = decode_json::<String>(body);
    let plain = quoted.as_deref().ok().or_else(|| str::from_utf8(body).ok());
    plain.is_some_and(|text| text.trim() == "ok")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_get_that_writes_is_never_taken_for_a_read() {
        assert_eq!([DEACTIVATE_ON_EVENT.safety, DEACTIVATE_ON_VENUE.safety], [Safety::Once; 2]);
    }

    #[test]
    fn ok_is_read_in_quotes_and_without() {
        for (body, ok) in
            [("ok", true), ("\"ok\"", true), ("ok\n", true), ("", false), ("\"no\"", false), ("{}", false)]
        {
            assert_eq!(is_ok(&Bytes::from_static(body.as_bytes())), ok, "{body}");
        }
    }

    #[test]
    fn an_id_is_taken_from_whatever_tells_one() {
        let id = |body: &'static str| made(&Bytes::from_static(body.as_bytes())).map(|id| id.map(ActivityId::get));
        assert_eq!((id(r#"{"id":7,"active":true}"#).unwrap(), id(r#"{"id":"7"}"#).unwrap()), (Some(7), Some(7)));
        for nothing in ["", " ", "{}", r#"{"id":0}"#, r#"{"id":[]}"#] {
            assert_eq!(id(nothing).unwrap(), None, "{nothing}");
        }
        for text in ["<p>", "null", "7", r#""ok""#] {
            assert_eq!(id(text).unwrap_err().kind(), ErrorKind::Decode, "{text}");
        }
    }
}

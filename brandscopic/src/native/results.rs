//! The results of an event: the form that its staff fills in.

use std::fmt;

use connectors_core::provider::Operation;
use connectors_core::wire::lenient;
use connectors_core::{Error, Request, Result};
use http::Method;
use serde::{Deserialize, Serialize};

use super::answer::{self, Form, WireAnswer};
use super::events::UPDATE;
use super::request::{CallExt, operation};
use super::{Events, Field, FieldId, FieldModule, Recap, RemoteEvent, RemoteEventId, ResultAnswer};

static RESULTS: Operation = operation(Method::GET, "events.results", "/events/{id}/results.json");

/// The form of an event, with what was answered so far.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # use connectors_brandscopic::{Contract, native::RemoteEventId};
/// # use connectors_mock::MockBrandscopic;
/// # let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
/// # let event = RemoteEventId::new(mock.fake().events()[0].id);
/// use connectors_brandscopic::native::FieldValue;
///
/// let events = mock.client().native()?.events();
/// let form = events.results(event).await?;
/// let samples = form.named("Samples poured").expect("the campaign asks for it");
/// assert_eq!(samples.value, None);
///
/// assert!(samples.answer(-3).is_err(), "the campaign has a range for it");
/// events.update_results(event, &[samples.answer(144)?]).await?;
/// let form = events.results(event).await?;
/// assert_eq!(form.named("Samples poured").and_then(|field| field.value.clone()), Some(FieldValue::Number(144.0)));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct EventResults {
    /// The parts of the form, in their order. Several may be of one module.
    pub groups: Vec<ResultGroup>,
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ResultGroup {
    /// The module that it is of.
    pub module: FieldModule,
    /// What people see above it.
    #[serde(default)]
    pub label: Option<String>,
    /// Its fields, in their order.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub fields: Vec<Field>,
}

impl EventResults {
    /// All fields, in their order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.groups.iter().flat_map(|group| &group.fields)
    }

    /// The field with this id.
    pub fn field(&self, id: FieldId) -> Option<&Field> {
        self.fields().find(|field| field.field_id == id)
    }

    /// The first field with this name, white space around it aside.
    pub fn named(&self, name: &str) -> Option<&Field> {
        self.fields().find(|field| field.name.trim() == name.trim())
    }

    /// The fields without which the event cannot be submitted, as far as they have no answer.
    pub fn missing(&self) -> impl Iterator<Item = &Field> {
        self.fields().filter(|field| field.required && field.value.is_none())
    }
}

/// Why an event was not submitted with its results. Doing it again is safe, whichever it is.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum NotSubmitted {
    /// The results could not be saved, so nothing was submitted. If the error
    /// [may have been applied](Error::maybe_applied), they may be saved.
    NotSaved(Error),
    /// The results are saved, but the event could not be submitted. If the error
    /// [may have been applied](Error::maybe_applied), it may be.
    Saved(Error),
}

impl NotSubmitted {
    /// What went wrong.
    pub fn error(&self) -> &Error {
        match self {
            Self::NotSaved(error) | Self::Saved(error) => error,
        }
    }
}

impl fmt::Display for NotSubmitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSaved(_) => "the results could not be saved, so the event was not submitted",
            Self::Saved(_) => "the results are saved, but the event could not be submitted",
        })
    }
}

impl std::error::Error for NotSubmitted {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.error())
    }
}

impl From<NotSubmitted> for Error {
    fn from(failed: NotSubmitted) -> Self {
        match failed {
            NotSubmitted::NotSaved(error) => error,
            NotSubmitted::Saved(error) => error.with_hint("the results are saved; only submitting the event failed"),
        }
    }
}

/// The body of a write.
#[derive(Serialize)]
struct Body<'a> {
    event: Results<'a>,
}

#[derive(Serialize)]
struct Results<'a> {
    results_attributes: Vec<WireAnswer<'a>>,
}

impl Events {
    /// The form of an event, with what was answered so far.
    pub fn results(&self, event: RemoteEventId) -> Request<EventResults> {
        Request::new(self.0.call(&RESULTS).id("id", event.get()))
    }

    /// Answers fields of an event's form, made by [`Field::answer`] from its [`results`](Self::results); all others
    /// stay. All answers are saved, or none.
    ///
    /// Fails with [`InvalidRequest`](connectors_core::ErrorKind::InvalidRequest) on no answers, two to one field and
    /// those to a form that nobody has begun, and where the server does not take a value.
    pub fn update_results(&self, event: RemoteEventId, answers: &[ResultAnswer]) -> Request<RemoteEvent> {
        let body = Body { event: Results { results_attributes: answer::to_wire(answers, Form::Begun) } };
        Request::new(self.0.call(&UPDATE).id("id", event.get()).json(&body)).check(some(answers))
    }

    /// Answers fields of an event's form, then hands in its recap.
    ///
    /// It can be done again after any failure: the same answers are saved once more, and an event that is submitted by
    /// then, or approved, stays as it is. An answer that is an upload may be refused the second time, as one whose
    /// address is taken: leave it out then.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::{Contract, native::{Recap, RemoteEventId}};
    /// # use connectors_mock::{FakeRecap, MockBrandscopic};
    /// # let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    /// # let event = RemoteEventId::new(mock.fake().events()[0].id);
    /// # mock.fake().set_recap(event.get(), FakeRecap::Unsent);
    /// let events = mock.client().native()?.events();
    /// let form = events.results(event).await?;
    /// let guests = form.named("Guests").expect("the campaign asks for it");
    /// events.submit_with_results(event, &[guests.answer(61)?]).await?;
    /// assert_eq!(events.get(event).await?.event_status, Recap::Submitted);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn submit_with_results(
        &self,
        event: RemoteEventId,
        answers: &[ResultAnswer],
    ) -> Result<(), NotSubmitted> {
        let saved = self.update_results(event, answers).await.map_err(NotSubmitted::NotSaved)?;
        if matches!(saved.event_status, Recap::Submitted | Recap::Approved) {
            return Ok(());
        }
        self.submit(event).await.map_err(NotSubmitted::Saved)
    }
}

fn some(answers: &[ResultAnswer]) -> Result<()> {
    if answers.is_empty() {
        return Err(Error::invalid("results_attributes", "must have at least one answer"));
    }
    answer::check(answers, Form::Begun)
}

//! Surveys of events.

use connectors_core::Request;
use connectors_core::provider::{Call, Operation, Safety};
use http::Method;
use serde::Serialize;

use super::request::{CallExt, operation, resource};
use super::survey::{self, WireAnswer};
use super::{AnswerChange, RemoteEventId, Survey, SurveyAnswer, SurveyAnswerId, SurveyBrand, SurveyId};

static LIST: Operation = operation(Method::GET, "surveys.list", "/events/{event}/surveys.json");
static GET: Operation = operation(Method::GET, "surveys.get", "/events/{event}/surveys/{id}.json");
static BRANDS: Operation = operation(Method::GET, "surveys.brands", "/events/{event}/surveys/brands.json");
static CREATE: Operation = operation(Method::POST, "surveys.create", "/events/{event}/surveys.json");
// It may add answers.
static UPDATE: Operation =
    operation(Method::PUT, "surveys.update", "/events/{event}/surveys/{id}.json").safety(Safety::Once);

resource! {
    /// The endpoints of surveys: [`Native::surveys`](super::Native::surveys). There are some only at events whose
    /// campaign has the module `surveys`; all others fail with
    /// [`PermissionDenied`](connectors_core::ErrorKind::PermissionDenied).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::{Contract, native::RemoteEventId};
    /// # use connectors_mock::MockBrandscopic;
    /// # let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    /// # let event = RemoteEventId::new(mock.fake().events()[0].id);
    /// use connectors_brandscopic::native::{AnswerChange, Awareness, BrandAnswer, Demographic, Likelihood, SurveyAnswer};
    ///
    /// let surveys = mock.client().native()?.surveys();
    /// let brand = surveys.brands(event).await?[0].id;
    /// let knows = SurveyAnswer::Brand(brand, BrandAnswer::First(Awareness::Aware));
    /// let made = surveys.create(event, &[Demographic::FEMALE.into(), knows]).await?;
    ///
    /// let first = &made.answers[0];
    /// let likely = SurveyAnswer::Brand(brand, BrandAnswer::Third(Likelihood::new(4)?));
    /// let changes = [AnswerChange::Replace(first.id, Demographic::MALE.into()), AnswerChange::Add(likely)];
    /// surveys.update(event, made.id, &changes).await?;
    ///
    /// let survey = surveys.get(event, made.id).await?;
    /// assert_eq!(survey.answers[0].known(), Some(Demographic::MALE.into()));
    /// assert_eq!((survey.answers.len(), surveys.list(event).await?.len()), (3, 1));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Surveys;
}

/// The body of a write.
#[derive(Serialize)]
struct Body {
    survey: Answers,
}

#[derive(Serialize)]
struct Answers {
    surveys_answers_attributes: Vec<WireAnswer>,
}

impl Surveys {
    /// The surveys of an event, all at once.
    pub fn list(&self, event: RemoteEventId) -> Request<Vec<Survey>> {
        Request::new(self.0.call(&LIST).id("event", event.get()))
    }

    /// One survey.
    pub fn get(&self, event: RemoteEventId, id: SurveyId) -> Request<Survey> {
        Request::new(self.0.call(&GET).id("event", event.get()).id("id", id.get()))
    }

    /// The brands that the surveys of an event ask about.
    pub fn brands(&self, event: RemoteEventId) -> Request<Vec<SurveyBrand>> {
        Request::new(self.0.call(&BRANDS).id("event", event.get()))
    }

    /// Adds a survey to an event.
    pub fn create(&self, event: RemoteEventId, answers: &[SurveyAnswer]) -> Request<Survey> {
        write(self.0.call(&CREATE).id("event", event.get()), answers.iter().map(|answer| (None, answer)))
    }

    /// Adds answers to a survey, and lets others be different; the rest stay. It is not repeated by itself, as that
    /// could add an answer twice.
    pub fn update(&self, event: RemoteEventId, id: SurveyId, changes: &[AnswerChange]) -> Request<Survey> {
        let call = self.0.call(&UPDATE).id("event", event.get()).id("id", id.get());
        write(call, changes.iter().map(AnswerChange::parts))
    }
}

fn write<'a>(
    call: Call,
    answers: impl Iterator<Item = (Option<SurveyAnswerId>, &'a SurveyAnswer)> + Clone,
) -> Request<Survey> {
    let surveys_answers_attributes = answers.clone().map(|(id, answer)| WireAnswer::new(id, answer)).collect();
    Request::new(call.json(&Body { survey: Answers { surveys_answers_attributes } })).check(survey::check(answers))
}

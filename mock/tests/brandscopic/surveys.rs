use connectors_brandscopic::Contract;
use connectors_brandscopic::native::{
    AnswerChange, BrandAnswer, Demographic, EventDraft, PlaceReference, RemoteEventId, SurveyAnswer,
};
use connectors_core::{ErrorKind, Result};
use connectors_mock::{Fault, MockBrandscopic};

#[tokio::test]
async fn a_campaign_without_surveys_says_so() -> Result<()> {
    let mock = MockBrandscopic::builder().contract(Contract::Native).build()?;
    let native = mock.client().native()?;
    let without = mock.fake().projects().into_iter().find(|project| project.name == "Staff Training").unwrap();
    let (start, end) = ("2026-05-02T17:00:00".parse().unwrap(), "2026-05-02T20:00:00".parse().unwrap());
    let place = PlaceReference::Place(mock.fake().venues()[0].place_id.into());
    let event = native.events().create(&EventDraft::new(without.id.into(), start, end).place(place)).await?.id;
    let error = native.surveys().list(event).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(error.hint().is_some_and(|hint| hint.contains("module")), "{error:#}");
    Ok(())
}

#[tokio::test]
async fn an_answer_is_added_once_whatever_happens_to_the_answer() -> Result<()> {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    let event = RemoteEventId::new(mock.fake().events()[0].id);
    let surveys = mock.client().native()?.surveys();
    let survey = surveys.create(event, &[Demographic::MALE.into()]).await?;
    mock.backend().script("surveys.update", [Fault::ResetAfter]);
    let lost = surveys.update(event, survey.id, &[AnswerChange::Add(Demographic::WHITE.into())]).await.unwrap_err();
    assert!(lost.maybe_applied());
    assert_eq!(surveys.get(event, survey.id).await?.answers.len(), 2);
    Ok(())
}

#[tokio::test]
async fn answers_that_are_none_are_refused() -> Result<()> {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    let event = RemoteEventId::new(mock.fake().events()[0].id);
    let surveys = mock.client().native()?.surveys();
    let brand = surveys.brands(event).await?[0].id;
    for answers in [
        &[][..],
        &[SurveyAnswer::Brand(brand, BrandAnswer::Second(f64::NAN))],
        &[SurveyAnswer::Brand(0.into(), BrandAnswer::Second(1.0))],
    ] {
        let refused = surveys.create(event, answers).await.unwrap_err();
        assert_eq!((refused.field(), refused.attempts()), (Some("surveys_answers_attributes"), 0));
    }
    // What this version cannot tell, the server does.
    let unknown = SurveyAnswer::Brand(999.into(), BrandAnswer::Second(4.5));
    let refused = surveys.create(event, &[unknown]).await.unwrap_err();
    assert_eq!(refused.status().map(|status| status.as_u16()), Some(422));
    Ok(())
}

use connectors_brandscopic::Contract;
use connectors_brandscopic::native::{
    EventDraft, EventResults, Events, Field, FieldType, FieldValue, NotSubmitted, PlaceReference, Recap, RemoteEventId,
    ResultAnswer, StatementId, StoredFile,
};
use connectors_core::{ErrorKind, Result};
use connectors_mock::{FakeRecap, Fault, MockBrandscopic};

fn mock() -> (MockBrandscopic, RemoteEventId) {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build().unwrap();
    let event = RemoteEventId::new(mock.fake().events()[0].id);
    (mock, event)
}

fn events(mock: &MockBrandscopic) -> Events {
    mock.client().native().unwrap().events()
}

fn of_kind<'a>(form: &'a EventResults, kind: &FieldType) -> &'a Field {
    form.fields().find(|field| field.kind == *kind).unwrap()
}

/// An answer to a field, of whatever type it is; `None` for layout.
fn answer_to(field: &Field) -> Option<FieldValue> {
    let option = |position: usize| field.options[position].id;
    Some(match &field.kind {
        FieldType::Text => "A full house".into(),
        FieldType::TextArea => "More, please".into(),
        FieldType::Number => 144.into(),
        FieldType::Currency => 350.5.into(),
        FieldType::Percentage => [(option(0), 55), (option(1), 45)].into(),
        FieldType::Checkbox => [option(0), option(2)].into_iter().collect::<std::collections::BTreeSet<_>>().into(),
        FieldType::Dropdown if field.settings.multiple == Some(true) => {
            FieldValue::Choices([option(1), option(2)].into())
        }
        FieldType::Radio | FieldType::Dropdown => option(1).into(),
        FieldType::Calculation => [(option(0), 12.0), (option(1), 7.5)].into(),
        FieldType::LikertScale => FieldValue::Ratings(field.statements.iter().map(|of| (of.id, option(1))).collect()),
        FieldType::Brand => FieldValue::Brand(option(1).get().into()),
        FieldType::Marque => FieldValue::Marque(8.into()),
        FieldType::Date => FieldValue::Date("2026-06-05".parse().unwrap()),
        FieldType::Time => FieldValue::Time("14:05:00".parse().unwrap()),
        FieldType::Place => FieldValue::Place(PlaceReference::Place(1_004.into())),
        FieldType::Photo | FieldType::Attachment => {
            StoredFile::new("https://s3.amazonaws.com/bucket/uploads/7f/best.jpg").into()
        }
        FieldType::UserDate | FieldType::Section => return None,
        other => panic!("{other}"),
    })
}

#[tokio::test]
async fn every_type_is_written_as_the_server_takes_it_and_read_back_as_it_was_meant() -> Result<()> {
    let (mock, event) = mock();
    let events = events(&mock);
    let form = events.results(event).await?;
    assert!(form.fields().all(|field| field.value.is_none() && field.id.is_some()), "nothing is answered yet");
    let mut answers = Vec::new();
    for field in form.fields() {
        answers.extend(answer_to(field).map(|value| field.answer(value)).transpose()?);
    }
    events.update_results(event, &answers).await?;
    let filled = events.results(event).await?;
    for (field, before) in filled.fields().zip(form.fields()) {
        assert_eq!(field.id, before.id, "ids stay");
        match (answer_to(before), &field.value) {
            (Some(FieldValue::Upload(url)), Some(FieldValue::File(file))) => {
                assert_eq!(file.original.as_deref(), Some(url.address()));
            }
            (written, read) => assert_eq!(written.as_ref(), read.as_ref(), "{}", field.name),
        }
    }
    assert_eq!(of_kind(&filled, &FieldType::Calculation).result, Some(4.5));
    assert_eq!(of_kind(&filled, &FieldType::Place).display_value.as_deref(), Some("The Copper Kettle"));
    let custom = filled.groups.iter().filter(|group| group.module.as_str() == "custom").count();
    assert_eq!((custom, filled.groups[0].label.as_deref()), (2, None));
    Ok(())
}

#[tokio::test]
async fn what_the_form_does_not_allow_is_refused_before_it_is_sent() -> Result<()> {
    let (mock, event) = mock();
    let events = events(&mock);
    let form = events.results(event).await?;
    let refused = |field: &Field, value: FieldValue| field.answer(value).unwrap_err().message().to_owned();
    assert!(refused(form.named("Headline").unwrap(), "No".into()).contains("from 3 to 60 characters"));
    assert!(refused(form.named("Guests").unwrap(), 12_345.into()).contains("from 1 to 4 digits"));
    assert!(refused(form.named("Money spent").unwrap(), 0.25.into()).contains("at least 0.5"));
    let mood = of_kind(&form, &FieldType::LikertScale);
    let ratings = FieldValue::Ratings([(StatementId::new(1), mood.options[0].id)].into());
    assert!(refused(mood, ratings).contains("no statement 1"));

    let before = mock.backend().count("events.update");
    let guests = form.named("Guests").unwrap().answer(12)?;
    for wrong in [&[][..], &[guests.clone(), guests]] {
        let error = events.update_results(event, wrong).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.field(), error.attempts()),
            (ErrorKind::InvalidRequest, Some("results_attributes"), 0)
        );
    }
    assert_eq!(mock.backend().count("events.update"), before);
    Ok(())
}

/// Answers to two fields.
async fn answers(events: &Events, event: RemoteEventId) -> Vec<ResultAnswer> {
    let form = events.results(event).await.unwrap();
    let answer = |field: &Field| field.answer(answer_to(field).unwrap()).unwrap();
    vec![answer(form.named("Guests").unwrap()), answer(of_kind(&form, &FieldType::Percentage))]
}

#[tokio::test]
async fn all_answers_are_saved_or_none() -> Result<()> {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(2).build()?;
    let events = events(&mock);
    let [one, other] = [0, 1].map(|n| RemoteEventId::new(mock.fake().events()[n].id));
    let own = answers(&events, one).await;
    // A form changes while it is filled in: its second field is the one of another event here.
    let mixed = [own[0].clone(), answers(&events, other).await.remove(1)];
    let error = events.update_results(one, &mixed).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "ids are those of an event");
    assert!(!error.maybe_applied());
    assert!(events.results(one).await?.fields().all(|field| field.value.is_none()));
    events.update_results(one, &own).await?;
    assert_eq!(events.results(one).await?.fields().filter(|field| field.value.is_some()).count(), 2);
    Ok(())
}

#[tokio::test]
async fn a_lost_answer_to_results_is_sent_again() -> Result<()> {
    let (mock, event) = mock();
    let events = events(&mock);
    let answers = answers(&events, event).await;
    mock.backend().script("events.update", [Fault::ResetAfter]);
    events.update_results(event, &answers).await?;
    assert_eq!(mock.backend().count("events.update"), 2);
    assert_eq!(events.results(event).await?.named("Guests").unwrap().value, Some(FieldValue::Number(144.0)));
    Ok(())
}

/// An event of the campaign that cannot do without some results.
async fn strict(mock: &MockBrandscopic) -> Result<RemoteEventId> {
    let campaign = mock.fake().projects().into_iter().find(|project| project.name == "Retail Display Audit").unwrap();
    let place = PlaceReference::Place(mock.fake().venues()[0].place_id.into());
    let (start, end) = ("2026-01-02T17:00:00".parse().unwrap(), "2026-01-02T20:00:00".parse().unwrap());
    let draft = EventDraft::new(campaign.id.into(), start, end).place(place);
    let event = events(mock).create(&draft).await?.id;
    mock.fake().set_recap(event.get(), FakeRecap::Unsent);
    Ok(event)
}

#[tokio::test]
async fn what_is_saved_is_told_when_only_submitting_fails_and_the_rest_can_follow() -> Result<()> {
    let (mock, _) = mock();
    let events = events(&mock);
    let event = strict(&mock).await?;
    let answers = answers(&events, event).await;
    let failed = events.submit_with_results(event, &answers).await.unwrap_err();
    let NotSubmitted::Saved(error) = &failed else { panic!("{failed:?}") };
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Conflict, "events.submit"));
    let told = connectors_core::Error::from(failed.clone());
    assert!(told.hint().is_some_and(|hint| hint.contains("results are saved")), "{told:#}");

    let form = events.results(event).await?;
    let missing: Vec<_> = form.missing().map(|field| field.name.as_str()).collect();
    assert_eq!(missing, ["Samples poured"]);
    let last = form.missing().next().unwrap().answer(144)?;
    events.submit_with_results(event, &[last]).await?;
    assert_eq!(events.get(event).await?.event_status, Recap::Submitted);
    Ok(())
}

#[tokio::test]
async fn nothing_is_submitted_without_its_results() -> Result<()> {
    let (mock, other) = mock();
    let events = events(&mock);
    let event = strict(&mock).await?;
    let foreign = answers(&events, other).await;
    let failed = events.submit_with_results(event, &foreign).await.unwrap_err();
    assert!(matches!(failed, NotSubmitted::NotSaved(_)), "{failed:?}");
    assert_eq!(mock.backend().count("events.submit"), 0);
    Ok(())
}

#[tokio::test]
async fn handing_in_again_changes_nothing_more() -> Result<()> {
    let (mock, event) = mock();
    let events = events(&mock);
    mock.fake().set_recap(event.get(), FakeRecap::Unsent);
    let answers = answers(&events, event).await;
    mock.backend().script("events.submit", [Fault::ResetAfter]);
    events.submit_with_results(event, &answers).await?;
    let submits = mock.backend().count("events.submit");
    events.submit_with_results(event, &answers).await?;
    assert_eq!(mock.backend().count("events.submit"), submits, "it is submitted");
    mock.fake().set_recap(event.get(), FakeRecap::Approved);
    events.submit_with_results(event, &answers).await?;
    assert_eq!(events.get(event).await?.event_status, Recap::Approved);
    Ok(())
}

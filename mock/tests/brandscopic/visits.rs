use connectors_brandscopic::Contract;
use connectors_brandscopic::native::{
    Activity, CompanyUserId, EventDraft, FolderItem, Native, PlaceReference, VisitDraft,
};
use connectors_core::{DateRange, ErrorKind, Result};
use connectors_mock::{Fault, MockBrandscopic};

const ANN: CompanyUserId = CompanyUserId::new(907);

fn mock() -> (MockBrandscopic, Native) {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(20).build().unwrap();
    let native = mock.client().native().unwrap().clone();
    (mock, native)
}

fn draft(mock: &MockBrandscopic, days: (&str, &str)) -> VisitDraft {
    let campaign = mock.fake().projects()[0].id;
    VisitDraft::new(ANN, campaign.into(), "Market visit", days.0.parse().unwrap(), days.1.parse().unwrap())
}

#[tokio::test]
async fn days_go_out_in_us_style_and_come_back_as_they_were() -> Result<()> {
    let (mock, native) = mock();
    let visits = native.visits();
    let made = visits.create(&draft(&mock, ("2026-03-02", "2026-03-04")).area(61.into()).active(true)).await?;
    let sent = mock.backend().journal().last().unwrap().json::<serde_json::Value>();
    assert_eq!(sent["visit"]["start_date"], "03/02/2026");
    assert_eq!((&sent["visit"]["active"], &sent["visit"]["company_user_id"]), (&"true".into(), &907.into()));
    assert_eq!((made.start.to_string(), made.end.to_string()), ("2026-03-02".into(), "2026-03-04".into()));
    assert_eq!((made.area_name.as_deref(), made.status), (Some("Midwest"), Some(Activity::Active)));
    let changed = visits.update(made.id, &VisitDraft::change().active(false)).await?;
    assert_eq!((changed.status.as_ref(), changed.start), (Some(&Activity::Inactive), made.start));
    assert_eq!(visits.get(made.id).await?, changed);
    Ok(())
}

#[tokio::test]
async fn an_event_of_a_visit_lies_within_its_days() -> Result<()> {
    let (mock, native) = mock();
    let visit = native.visits().create(&draft(&mock, ("2026-03-02", "2026-03-04"))).await?;
    let place = PlaceReference::Place(mock.fake().venues()[0].place_id.into());
    let event = |start: &str, end: &str| {
        let event = EventDraft::new(visit.campaign_id.unwrap(), start.parse().unwrap(), end.parse().unwrap());
        event.place(place.clone()).visit(visit.id)
    };
    let late = native.events().create(&event("2026-03-04T22:00:00", "2026-03-05T02:00:00")).await.unwrap_err();
    assert_eq!((late.kind(), late.field()), (ErrorKind::InvalidRequest, Some("end_date")));
    let there = native.events().create(&event("2026-03-02T18:00:00", "2026-03-04T22:00:00")).await?;
    assert!(native.visits().events(visit.id).await?.iter().any(|event| event.id == there.id));
    let nobody = draft(&mock, ("2026-03-02", "2026-03-04")).user(CompanyUserId::new(0));
    let nobody = native.visits().create(&nobody).await.unwrap_err();
    assert_eq!((nobody.field(), nobody.attempts()), (Some("company_user_id"), 0));
    Ok(())
}

#[tokio::test]
async fn a_visit_that_was_not_saved_is_an_error_though_the_status_is_200() -> Result<()> {
    let (mock, native) = mock();
    let visits = native.visits();
    let backwards = draft(&mock, ("2026-03-04", "2026-03-02"));
    let error = visits.create(&backwards).await.unwrap_err();
    assert_eq!((error.field(), error.attempts()), (Some("end_date"), 0));
    let error = visits.create(&VisitDraft::change().user(ANN)).await.unwrap_err();
    assert_eq!((error.field(), error.attempts()), (Some("start_date"), 0));
    let error = visits.create(&backwards).skip_validation().await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("end_date")));
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));

    mock.backend().script("visits.create", [Fault::ResetAfter]);
    let made = draft(&mock, ("2026-03-02", "2026-03-04"));
    assert!(visits.create(&made).await.unwrap_err().maybe_applied());
    let there = visits.list().await?.results;
    assert_eq!(there.len(), 1, "and not two");
    let stranger = VisitDraft::change().user(CompanyUserId::new(31));
    let error = visits.update(there[0].id, &stranger).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(422));
    assert_eq!(visits.update(there[0].id, &VisitDraft::change()).await.unwrap_err().field(), Some("visit"));
    Ok(())
}

#[tokio::test]
async fn lists_are_narrowed_paged_and_tell_what_they_could_be_narrowed_by_once() -> Result<()> {
    let (mock, native) = mock();
    let visits = native.visits();
    for number in 0..32 {
        let city = if number % 2 == 0 { "Boston" } else { "Chicago" };
        visits.create(&draft(&mock, ("2026-03-02", "2026-03-04")).city(city)).await?;
    }
    visits.create(&draft(&mock, ("2026-05-02", "2026-05-04"))).await?;
    let first = visits.list().await?;
    assert_eq!((first.page, first.pages(), first.total, first.results.len()), (1, 2, 33, 30));
    let facet = &first.facets[0];
    assert_eq!((facet.label.as_str(), facet.items[0].count, facet.top_items.len()), ("Campaigns", Some(33), 2));
    assert!(visits.list().page(2).await?.facets.is_empty());
    assert_eq!(visits.list().pager().collect_all().await?.len(), 33);
    assert_eq!(visits.list().cities(["Boston", "Chicago"]).await?.total, 32);
    let march = DateRange::new("2026-03-01".parse().unwrap(), "2026-03-31".parse().unwrap())?;
    assert_eq!(visits.list().between(march).cities(["Boston"]).users([ANN]).await?.total, 16);
    assert_eq!(visits.types().await?, ["Market visit"]);
    Ok(())
}

#[tokio::test]
async fn folders_are_walked_and_their_documents_fetched() -> Result<()> {
    let (mock, native) = mock();
    let visits = native.visits();
    let top = visits.documents().await?;
    let folder = top.iter().find_map(|item| match item {
        FolderItem::Folder(folder) if folder.name == "Playbooks" => Some(folder.id),
        _ => None,
    });
    let all = visits.documents_below(None).await?;
    let paths: Vec<_> =
        all.iter().map(|found| format!("{}/{}", found.folders.join("/"), found.document.name)).collect();
    assert_eq!(paths, ["/Code of conduct", "Playbooks/First day", "Playbooks/Tastings/How to pour"]);
    assert_eq!(mock.backend().count("visits.documents"), 5, "the top twice, and each folder once");
    let below = visits.documents_below(folder).await?;
    assert_eq!((below.len(), below[1].folders.join("/").as_str()), (2, "Tastings"));
    assert_eq!(visits.download(&below[0].document).bytes().await?, "First day");
    assert!(!format!("{below:?}").contains("Signature"), "{below:?}");
    Ok(())
}

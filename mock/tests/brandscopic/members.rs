use connectors_brandscopic::Contract;
use connectors_brandscopic::native::{
    CompanyUserId, ContactId, EventContact, EventContactId, Member, MemberId, MemberKind, Native, RemoteEventId,
    TaskDraft, TeamId,
};
use connectors_core::{ErrorKind, Result};
use connectors_mock::{Fault, MockBrandscopic};

const BEN: CompanyUserId = CompanyUserId::new(908);
const CREW: TeamId = TeamId::new(42);

fn mock() -> (MockBrandscopic, Native, RemoteEventId) {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(2).build().unwrap();
    let (native, event) = (mock.client().native().unwrap().clone(), mock.fake().events()[0].id);
    (mock, native, RemoteEventId::new(event))
}

#[tokio::test]
async fn users_and_teams_are_members_alike() -> Result<()> {
    let (mock, native, event) = mock();
    let members = native.members();
    let free = members.assignable(event).await?;
    let ben = free.iter().find(|free| free.id == Some(MemberId::User(BEN))).unwrap();
    assert_eq!((ben.name.as_str(), ben.description.as_deref()), ("Ben Ortiz", Some("Field Manager")));
    assert!(!format!("{free:?}").contains("Ortiz"));
    for member in [MemberId::User(BEN), MemberId::Team(CREW)] {
        members.add(event, member).await?;
    }
    assert_eq!(members.assignable(event).await?.len(), free.len() - 2);
    let there = members.list(event).await?;
    assert_eq!(there.iter().filter_map(Member::id).collect::<Vec<_>>(), [MemberId::User(BEN), MemberId::Team(CREW)]);
    let [Member::User(user), Member::Team(team)] = there.as_slice() else { panic!("{there:?}") };
    assert_eq!((user.role_name(), team.description.as_deref()), (Some("Field Manager"), Some("Chicago")));
    assert_eq!(members.list(event).only(MemberKind::Team).await?.len(), 1);

    // Lists of events can be narrowed by them.
    let events = native.events();
    assert_eq!((events.list().users([BEN]).await?.total, events.filter().teams([CREW]).await?.total), (1, 1));
    assert_eq!(events.list().teams([TeamId::new(41)]).await?.total, 0);
    assert_eq!(mock.fake().events().len(), 2);
    Ok(())
}

#[tokio::test]
async fn who_leaves_the_team_leaves_their_tasks() -> Result<()> {
    let (_mock, native, event) = mock();
    native.members().add(event, MemberId::User(BEN)).await?;
    let task = native.tasks().create_on_event(event, &TaskDraft::new("Order cups").user(BEN)).await?.id;
    native.members().remove(event, MemberId::User(BEN)).await?;
    assert_eq!(native.tasks().get(task).await?.user, None);
    Ok(())
}

#[tokio::test]
async fn somebody_is_added_once_and_removed_whatever_happens_to_the_answers() -> Result<()> {
    let (mock, native, event) = mock();
    let members = native.members();
    mock.backend().script("members.add", [Fault::ResetAfter]);
    assert!(members.add(event, MemberId::User(BEN)).await.unwrap_err().maybe_applied());
    let again = members.add(event, MemberId::User(BEN)).await.unwrap_err();
    assert_eq!((again.kind(), again.field()), (ErrorKind::InvalidRequest, Some("memberable_id")));

    mock.backend().script("members.remove", [Fault::ResetAfter]);
    members.remove(event, MemberId::User(BEN)).await?;
    assert_eq!(mock.backend().count("members.remove"), 2, "there was nobody left the second time");
    let gone = members.remove(event, MemberId::User(BEN)).await.unwrap_err();
    assert_eq!((gone.kind(), gone.maybe_applied()), (ErrorKind::NotFound, false), "not by this call");
    Ok(())
}

#[tokio::test]
async fn contacts_of_an_event_are_of_the_address_book_or_users() -> Result<()> {
    let (mock, native, event) = mock();
    let contacts = native.event_contacts();
    let dana = EventContactId::Contact(ContactId::new(951));
    let found = contacts.assignable(event).term("whit").await?;
    assert_eq!((found.len(), found[0].id, found[0].title.as_deref()), (1, Some(dana), Some("Bar manager")));
    contacts.add(event, dana).await?;
    contacts.add(event, EventContactId::User(BEN)).await?;
    let there = contacts.list(event).await?;
    let [EventContact::User(ben), EventContact::Contact(contact)] = there.as_slice() else { panic!("{there:?}") };
    assert_eq!((ben.id, contact.city.as_deref()), (BEN, Some("New York")));
    assert_eq!(native.events().details_counters(event).await?.contacts.count, 2);

    mock.backend().script("event_contacts.remove", [Fault::ResetAfter]);
    contacts.remove(event, dana).await?;
    assert_eq!(contacts.list(event).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn ids_that_cannot_be_are_refused_before_they_are_sent() {
    let (_mock, native, event) = mock();
    let nobody = MemberId::User(CompanyUserId::new(0));
    for refused in [native.members().add(event, nobody), native.members().remove(event, nobody)] {
        let error = refused.await.unwrap_err();
        assert_eq!((error.field(), error.attempts()), (Some("memberable_id"), 0));
    }
    let nobody = EventContactId::Contact(ContactId::new(-1));
    let error = native.event_contacts().remove(event, nobody).await.unwrap_err();
    assert_eq!((error.field(), error.attempts()), (Some("contactable_id"), 0));
}

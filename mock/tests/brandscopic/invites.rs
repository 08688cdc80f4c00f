use connectors_brandscopic::Contract;
use connectors_brandscopic::native::{InviteDraft, InviteVenueReference, PlaceReference, RemoteEventId};
use connectors_core::{ErrorKind, Result};
use connectors_mock::MockBrandscopic;

#[tokio::test]
async fn an_invite_joins_an_event_and_a_venue() -> Result<()> {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    let event = RemoteEventId::new(mock.fake().events()[0].id);
    let venue = &mock.fake().venues()[2];
    let invites = mock.client().native()?.invites();
    let place = InviteVenueReference::Place(PlaceReference::Place(venue.place_id.into()));
    let made = invites.create_on_event(event, &place, &InviteDraft::new(30).attendees(21)).await?;
    let at = made.venue.unwrap();
    assert_eq!((at.name.as_deref(), at.id.get() == venue.place_id), (Some(venue.name.as_str()), false));
    let seen = invites.get_on_venue(at.id, made.id).await?;
    assert_eq!((seen.event.unwrap().id, seen.attendees), (event, Some(21)));
    let off = invites.update_on_venue(at.id, made.id, &InviteDraft::change().active(false)).await?;
    assert_eq!((off.active, off.invitees), (Some(false), Some(30)), "the rest stays");
    Ok(())
}

#[tokio::test]
async fn what_lacks_something_is_refused_before_it_is_sent() -> Result<()> {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    let event = RemoteEventId::new(mock.fake().events()[0].id);
    let invites = mock.client().native()?.invites();
    let venue = |id: i64| InviteVenueReference::Venue(id.into());
    let nobody = invites.create_on_event(event, &venue(7), &InviteDraft::change()).await.unwrap_err();
    let nowhere = invites.create_on_event(event, &venue(0), &InviteDraft::new(3)).await.unwrap_err();
    let nothing = invites.update_on_event(event, 7.into(), &InviteDraft::change()).await.unwrap_err();
    let fields = [nobody, nowhere, nothing].map(|error| {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0));
        error.field().unwrap_or_default().to_owned()
    });
    assert_eq!(fields, ["invitees", "venue_id", "invite"]);
    Ok(())
}

//! Which place of theirs a venue of ours is, with a choice where that is not clear.

use connectors_brandscopic::native::{Native, PlaceReference, VenueResolution};
use connectors_brandscopic::{BrandscopicService, Contract, SyncEvent, SyncOutcome};
use connectors_core::{CampaignEvent, ErrorKind, Result, Venue};
use connectors_mock::{Fault, MockBrandscopic};

use crate::{campaign, mock, with_project};

fn native(mock: &MockBrandscopic) -> Native {
    mock.client().native().unwrap().clone()
}

fn at(venue: &Venue) -> CampaignEvent {
    let mut event = campaign().events.remove(0);
    event.venue = venue.clone();
    event
}

fn corner_bar() -> Venue {
    Venue::new("bar", "The Corner Bar", "Springfield", "US")
}

#[tokio::test]
async fn a_venue_is_found_offered_or_unknown() -> Result<()> {
    let mock = mock(Contract::Native);
    let native = native(&mock);
    let found = native.resolve_venue(Venue::new("k", "the copper kettle", "New York", "US")).await?;
    let VenueResolution::Found(kettle) = &found else { panic!("{found:?}") };
    assert_eq!((kettle.name.as_str(), kettle.valid), ("The Copper Kettle", true));
    assert_eq!(found.place(), Some(&kettle.reference));

    let offered = native.resolve_venue(corner_bar()).await?;
    assert!(matches!(&offered, VenueResolution::Ambiguous(two) if two.len() == 2), "{offered:?}");
    assert_eq!((offered.place(), offered.candidates().len()), (None, 2));

    // Of the name, but in another city: for a person to judge.
    let elsewhere = native.resolve_venue(Venue::new("k", "Copper Kettle", "Boston", "US")).await?;
    let VenueResolution::Unknown(others) = &elsewhere else { panic!("{elsewhere:?}") };
    assert_eq!(others[0].reference, kettle.reference);
    assert!(native.resolve_venue("Nowhere in Particular").await?.candidates().is_empty());

    // What somebody typed has no city.
    assert!(matches!(native.resolve_venue("lakeside hall").await?, VenueResolution::Found(_)));
    assert!(matches!(native.resolve_venue("corner bar").await?, VenueResolution::Unknown(two) if two.len() == 2));
    assert!(matches!(native.resolve_venue("The Corner Bar").await?, VenueResolution::Ambiguous(_)));
    let google = native.resolve_venue("Pier Nine Rooftop").await?;
    assert!(matches!(google.place(), Some(PlaceReference::Google(_))), "{google:?}");
    assert_eq!(native.resolve_venue(" ").await.unwrap_err().field(), Some("term"));
    Ok(())
}

#[tokio::test]
async fn what_was_chosen_is_taken_whatever_it_is_called() -> Result<()> {
    let (mock, project) = with_project(Contract::Native).await;
    let native = native(&mock);
    let ours = Venue::new("ours", "Joe's place", "Springfield", "US");
    let refused = mock.sync_event(SyncEvent::new(&project, at(&ours))).await.unwrap_err();
    assert_eq!((refused.kind(), refused.field()), (ErrorKind::InvalidRequest, Some("venue.address")));
    assert!(refused.hint().is_some_and(|hint| hint.contains("record_place")), "{refused}");

    let offered = native.resolve_venue("The Corner Bar").await?;
    let [one, other] = offered.candidates() else { panic!("{offered:?}") };
    native.record_place(&ours, &one.reference).await?;
    assert_eq!(native.resolve_venue(&ours).await?, VenueResolution::Recorded(one.reference.clone()));
    let created = mock.sync_event(SyncEvent::new(&project, at(&ours))).await?;
    let place = || mock.fake().events()[0].place.map(|id| PlaceReference::Place(id.into()));
    assert_eq!((created.outcome, place()), (SyncOutcome::Created, Some(one.reference.clone())));
    assert_eq!(mock.sync_event(SyncEvent::new(&project, at(&ours))).await?.outcome, SyncOutcome::Unchanged);

    // Of the same name and city, so that only the choice tells them apart.
    native.record_place(&ours, &other.reference).await?;
    assert_eq!(mock.sync_event(SyncEvent::new(&project, at(&ours))).await?.outcome, SyncOutcome::Updated);
    assert_eq!(place(), Some(other.reference.clone()));

    native.forget_place(&ours).await?;
    assert!(matches!(native.resolve_venue(&ours).await?, VenueResolution::Unknown(_)));
    Ok(())
}

#[tokio::test]
async fn a_place_of_google_becomes_one_of_brandscopic_with_its_first_event() -> Result<()> {
    let (mock, project) = with_project(Contract::Native).await;
    let pier = Venue::new("pier", "Pier Nine Rooftop", "San Francisco", "US");
    mock.sync_event(SyncEvent::new(&project, at(&pier))).await?;
    let id = mock.fake().events()[0].place.unwrap();
    assert_eq!(native(&mock).resolve_venue(&pier).await?.place(), Some(&PlaceReference::Place(id.into())));
    Ok(())
}

#[tokio::test]
async fn a_venue_whose_addition_broke_off_is_not_added_twice() -> Result<()> {
    for (fault, added) in [(Fault::ResetAfter, 1), (Fault::ResetBefore, 2)] {
        let (mock, project) = with_project(Contract::Native).await;
        let mut new = Venue::new("new", "Werkhalle", "Berlin", "DE");
        new.address = Some("Kantstraße 7, 10623".to_owned());
        mock.backend().script("venues.create", [fault]);
        mock.sync_event(SyncEvent::new(&project, at(&new))).await?;
        assert_eq!(mock.backend().count("venues.create"), added, "{fault:?}");
        assert_eq!(mock.fake().venues().iter().filter(|venue| venue.name == "Werkhalle").count(), 1);
    }
    Ok(())
}

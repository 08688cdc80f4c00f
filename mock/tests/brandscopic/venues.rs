use connectors_brandscopic::Contract;
use connectors_brandscopic::native::{
    Native, NewFile, NewVenue, PlaceReference, RemoteEventId, VenueComment, VenueId, VenuePhoto,
};
use connectors_core::{Cursor, ErrorKind, Result};
use connectors_mock::{Fault, MockBrandscopic};

const NEW_YORK: (f64, f64) = (40.72, -73.99);

fn mock(more_venues: usize) -> (MockBrandscopic, Native) {
    let builder = MockBrandscopic::builder().contract(Contract::Native).past_events(30);
    let builder = (0..more_venues).fold(builder, |b, n| b.venue(&format!("Bar {n}"), "Berlin", "DE"));
    let mock = builder.build().unwrap();
    let native = mock.client().native().unwrap().clone();
    (mock, native)
}

#[tokio::test]
async fn pages_are_counted_by_the_total_and_read_to_the_end() -> Result<()> {
    let (mock, native) = mock(60);
    let venues = native.venues();
    let first = venues.list().await?;
    assert_eq!((first.page, first.total, first.pages(), first.results.len()), (1, 65, 3, 30));
    let all = venues.list().pager().collect_all().await?;
    assert_eq!((all.len(), mock.backend().count("venues.list")), (65, 4));
    let echoed = venues.list().page(3).await?;
    assert_eq!((echoed.page, echoed.results.len()), (3, 5), "the number comes back as a text");
    let rest = venues.list().page(2).pager();
    assert_eq!(rest.cursor(), Some(&Cursor::new("2")));
    assert_eq!(rest.collect_all().await?.len(), 35);
    let error = venues.list().page(0).await.unwrap_err();
    assert_eq!((error.field(), error.attempts()), (Some("page"), 0));
    Ok(())
}

#[tokio::test]
async fn lists_are_narrowed_by_place_and_by_what_happened() -> Result<()> {
    let (mock, native) = mock(0);
    let venues = native.venues();
    let (latitude, longitude) = NEW_YORK;
    let near = venues.list().near(latitude, longitude, 5.0).await?;
    let names: Vec<_> = near.results.iter().filter_map(|venue| venue.name.as_deref()).collect();
    assert_eq!(names, ["The Copper Kettle"]);
    assert_eq!(venues.list().near(latitude, longitude, 350.0).await?.total, 3);
    assert_eq!(venues.list().areas([61.into()]).await?.total, 2);
    let campaign = mock.fake().projects()[1].id;
    assert_eq!(venues.list().campaigns([campaign.into()]).await?.total, 0);
    let ids = near.results.iter().map(|venue| venue.id);
    assert_eq!(venues.list().venues(ids).await?.total, 1);
    for (latitude, longitude, radius, field) in
        [(91.0, 0.0, 5.0, "location"), (f64::NAN, 0.0, 5.0, "location"), (0.0, 0.0, 0.0, "radius")]
    {
        let error = venues.list().near(latitude, longitude, radius).await.unwrap_err();
        assert_eq!((error.field(), error.attempts()), (Some(field), 0));
    }
    Ok(())
}

#[tokio::test]
async fn a_venue_is_shown_with_what_its_user_may_see() -> Result<()> {
    let (mock, native) = mock(0);
    let venues = native.venues();
    let listed = venues.list().await?.results.remove(0);
    let venue = venues.get(listed.id).await?;
    assert!(venue.promo_hours.is_some_and(|hours| hours > 0.0) && venue.spent.is_some() && venue.score.is_some());
    assert!(listed.opening_hours.is_none() && venue.opening_hours.unwrap().as_str().contains("periods"));
    assert_eq!(venues.analysis(venue.id).await?.overview.unwrap().promo_hours, venue.promo_hours);
    for permission in ["venues_score", "venues_kpis", "venues_trends"] {
        mock.fake().revoke(permission);
    }
    assert_eq!(venues.get(venue.id).await?.score, None);
    let analysis = venues.analysis(venue.id).await?;
    assert!(analysis.overview.is_none() && analysis.age.is_none() && analysis.trends_by_week.is_none());
    let error = venues.get(VenueId::new(mock.fake().venues()[0].place_id)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "the id of a place is none of a venue");
    Ok(())
}

#[tokio::test]
async fn photos_and_comments_are_of_events_and_of_google() -> Result<()> {
    let (mock, native) = mock(0);
    let (event, place) = mock.fake().events().into_iter().find_map(|event| Some((event.id, event.place?))).unwrap();
    let venue = VenueId::new(place + 50_000);
    let event = RemoteEventId::new(event);
    let photo = native.photos().upload(event, NewFile::new("bar.png", &b"\x89PNG"[..])).await?;
    native.comments().create_on_event(event, "Ran out of cups").await?;
    let photos = native.venues().photos(venue).await?;
    assert!(matches!(&photos[0], VenuePhoto::Own(own) if own.id == photo.id));
    assert!(matches!(photos.last(), Some(VenuePhoto::Google(google)) if google.original.is_some()));
    let comments = native.venues().comments(venue).await?;
    assert!(matches!(&comments[0], VenueComment::Own(own) if own.content == "Ran out of cups"));
    assert!(matches!(comments.last(), Some(VenueComment::Google(review)) if review.rating == Some(4.0)));
    Ok(())
}

#[tokio::test]
async fn a_new_venue_is_a_place_and_is_made_once() -> Result<()> {
    let (mock, native) = mock(0);
    let venues = native.venues();
    let owl = || NewVenue::new("Night Owl", "Chicago", "Illinois", "US").street("12", "Oak Street");
    for (venue, field) in [
        (NewVenue::new(" ", "Chicago", "Illinois", "US").street("12", "Oak Street"), "name"),
        (NewVenue::new("Night Owl", "Chicago", "Illinois", "US"), "street_number"),
        (NewVenue::new("Night Owl", "Chicago", "Illinois", "USA").street("12", "Oak Street"), "country"),
        (owl().types([""; 0]), "types"),
    ] {
        let error = venues.create(&venue).await.unwrap_err();
        assert_eq!((error.field(), error.attempts()), (Some(field), 0));
    }
    let error = venues.create(&owl().types(["castle"])).await.unwrap_err();
    assert_eq!((error.field(), error.maybe_applied()), (Some("types"), false));
    mock.backend().script("venues.create", [Fault::ResetAfter]);
    assert!(venues.create(&owl()).await.unwrap_err().maybe_applied());
    assert_eq!(mock.backend().count("venues.create"), 2);

    let place = venues.create(&owl()).await?;
    let hit = venues.search("Owl").near(41.9, -87.6).await?.remove(0);
    assert_eq!(hit.id, PlaceReference::Place(place), "a place that is known is reused");
    assert!(hit.location.and_then(|location| location.distance).is_some_and(|distance| distance < 5.0));
    let nearest = venues.search("The Corner Bar").near(42.1, -72.6).await?;
    let labels: Vec<_> = nearest.iter().filter_map(|hit| hit.label.as_deref()).collect();
    assert!(labels[0].contains("Massachusetts") && labels[1].contains("Illinois"), "{labels:?}");
    Ok(())
}

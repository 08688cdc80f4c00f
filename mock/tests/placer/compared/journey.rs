use connectors_mock::MockPlacer;
use connectors_mock::placer::CHAIN;
use connectors_placer::{Filters, NearbyRadius, NoData};
use serde_json::{Value, json};

use super::{BOTH_DIALECTS, answering, assert_refused, speaking, survives};
use crate::{id, last_days, venue};

#[tokio::test]
async fn people_go_to_what_is_near_and_large() {
    for dialect in BOTH_DIALECTS {
        let mock = speaking(dialect);
        let journey = mock.client().reports().journey();
        let places = journey.favorite_places(venue(4), last_days(28)).await.unwrap().required().unwrap();
        assert_eq!((places.places.len(), &places.places[0].api_id), (9, &Some(venue(3))), "{dialect:?}");
        assert!(places.places.iter().all(|place| place.api_id != Some(venue(4))), "not the place itself");
        assert!(places.places.windows(2).all(|pair| pair[0].percentage >= pair[1].percentage));
        let people =
            mock.client().reports().visits().metrics([venue(4)], last_days(28)).await.unwrap().found[0].clone();
        let first = &places.places[0];
        #[expect(clippy::cast_precision_loss, reason = "few people")]
        let share = first.estimated_customers.unwrap() as f64 * 100.0 / people.visitors.unwrap() as f64;
        assert!((share - first.percentage.unwrap()).abs() < 0.1, "the share is that of the visitors: {share}");
        assert!(first.distance_miles.unwrap() < 5.0 && places.places[8].distance_miles.unwrap() > 200.0);
        assert_eq!(first.address.as_ref().unwrap().city.as_deref(), Some("Chicago"));
        survives(&*places);

        let chains = journey.favorite_chains(venue(4), last_days(28)).await.unwrap().required().unwrap();
        assert_eq!((chains.chains.len(), &chains.chains[0].api_id), (1, &Some(id(CHAIN))), "{dialect:?}");
        survives(&*chains);
    }
}

#[tokio::test]
async fn categories_that_are_not_recognised_are_told() {
    for dialect in BOTH_DIALECTS {
        let mock = speaking(dialect);
        let journey = mock.client().reports().journey();
        let asked = |names: &[&str]| journey.favorite_places(venue(4), last_days(28)).categories(names.iter().copied());
        let some = asked(&["Restaurants", "Hats"]).await.unwrap().required().unwrap();
        assert_eq!((some.places.len(), some.is_unfiltered()), (2, false), "{dialect:?}");
        assert_eq!((&some.ignored_categories[..], some.categories.len()), (&["Hats".to_owned()][..], 2));
        survives(&*some);
        let none = asked(&["Hats"]).await.unwrap().required().unwrap();
        assert_eq!((none.places.len(), none.is_unfiltered()), (9, true), "all of them, and one can see it");
        let all = asked(&[]).await.unwrap().required().unwrap();
        assert!(!all.is_unfiltered() && all.ignored_categories.is_empty());
        let chains = journey.favorite_chains(venue(4), last_days(28)).categories(["Groceries", "Hats"]);
        assert_eq!(chains.await.unwrap().required().unwrap().ignored_categories, ["Hats"]);
    }
}

#[tokio::test]
async fn an_echo_of_what_was_asked_does_not_hide_that_it_was_ignored() {
    let body = json!({"requestedCategories": ["Hats"], "favoritesPlacesArray": [
        {"name": "Gate 4", "categoryInfo": {"category": "Stadiums"}, "estimatedNumberOfCustomers": 12.6, "percentage": "3.5"},
    ]});
    let journey = answering(body).reports().journey();
    let places =
        journey.favorite_places(venue(0), last_days(7)).categories(["Hats"]).await.unwrap().required().unwrap();
    assert!(places.ignored_categories.is_empty() && places.is_unfiltered());
    let place = &places.places[0];
    assert_eq!((place.estimated_customers, place.percentage, &place.api_id), (Some(13), Some(3.5), &None));
}

#[tokio::test]
async fn regulars_are_fewer_and_filters_travel() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    let journey = mock.client().reports().journey();
    let asked = || journey.favorite_places(venue(4), last_days(28)).limit(1);
    let customers = async |request: connectors_placer::FavoritePlacesRequest| {
        request.await.unwrap().required().unwrap().places[0].estimated_customers.unwrap()
    };
    assert!(customers(asked().minimal_frequency(3)).await < customers(asked()).await);
    let filtered =
        asked().filters(Filters::new().hours(18, 20)).nearby_radius(NearbyRadius::R250).categories(["b", "a", "b"]);
    filtered.await.unwrap();
    let sent = mock.backend().journal().last().unwrap().json::<Value>();
    assert_eq!((&sent["nearbyRadius"], &sent["categories"]), (&json!(250), &json!(["a", "b"])));
    assert_eq!(sent["filters"]["hoursRange"]["fromHour"], "06:00 pm");
    assert_eq!(sent["limit"], 1);
}

#[tokio::test]
async fn what_would_be_refused_is_not_sent() {
    let mock = MockPlacer::new();
    let journey = mock.client().reports().journey();
    let places = || journey.favorite_places(venue(0), last_days(7));
    assert_refused(places().limit(51).await, "limit");
    assert_refused(places().minimal_frequency(100).await, "minimalVisitFrequency");
    assert_refused(places().categories(["Groceries", " "]).await, "categories");
    assert_refused(journey.favorite_chains(venue(0), last_days(7)).limit(51).await, "limit");
    assert!(mock.backend().journal().is_empty());
}

#[tokio::test]
async fn nothing_is_told_from_nobody_going_anywhere() {
    let nothing = answering(json!({"requestId": "a:b", "data": {}})).reports().journey();
    let nothing = nothing.favorite_places(venue(0), last_days(7)).await.unwrap();
    assert_eq!(nothing.no_data(), Some(&NoData::NoContent));
    let nowhere =
        answering(json!({"data": {"favoritesChainsArray": [], "requestedCategories": null}})).reports().journey();
    let nowhere = nowhere.favorite_chains(venue(0), last_days(7)).await.unwrap().required().unwrap();
    assert!(nowhere.chains.is_empty());
}

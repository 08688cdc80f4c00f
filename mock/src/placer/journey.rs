//! Where else the same people go: to what is large and near.

use std::sync::Arc;

use serde_json::{Value, json};

use super::answer::{Outcome, object};
use super::place::{FakeVenue, Standing};
use super::pois;
use super::refusal::Refusal;
use super::request::Question;
use super::venues::CHAIN;
use super::visits::View;

/// The members of one of these reports, among all places.
pub(super) fn report(view: &View<'_>, question: &Question, venues: &[Arc<FakeVenue>]) -> Outcome {
    let limit = usize::try_from(question.whole_in("limit", 0, 50)?.unwrap_or(50)).unwrap_or(50);
    let frequency = question.whole_in("minimalVisitFrequency", 0, 99)?.unwrap_or(1);
    let asked = categories(question)?;
    let known = |name: &&String| venues.iter().any(|venue| has_category(venue, name));
    // Names that are not known are ignored; when none is, everything is listed.
    let recognised: Vec<&String> = asked.iter().filter(known).collect();
    let wanted = |venue: &&Arc<FakeVenue>| {
        let listed = recognised.is_empty() || recognised.iter().any(|name| has_category(venue, name));
        listed && venue.id != view.venue.id && venue.standing != Standing::NoData
    };
    let people = regulars(view, frequency);
    let mut found: Vec<_> = venues.iter().filter(wanted).map(|venue| (venue.as_ref(), share(view, venue))).collect();
    found.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.id.cmp(&other.0.id)));
    let (name, rows): (_, Vec<Value>) = match question.operation.name {
        "reports.journey.favorite_places" => {
            let row = |(venue, share): &(&FakeVenue, f64)| place(view, venue, people, *share);
            ("favoritesPlacesArray", found.iter().take(limit).map(row).collect())
        }
        "reports.journey.favorite_chains" => {
            let stores: Vec<_> = found.iter().filter(|(venue, _)| venue.chain() == Some(CHAIN)).collect();
            let share = stores.iter().map(|(_, share)| share).sum::<f64>();
            let row = stores.first().map(|(store, _)| chain(store, people, share));
            ("favoritesChainsArray", row.into_iter().take(limit).collect())
        }
        _ => return Err(question.unknown()),
    };
    Ok(object(json!({
        "requestedCategories": recognised, "nearbyRadius": question.value("nearbyRadius"),
        "filters": question.value("filters"), name: rows,
    })))
}

fn categories(question: &Question) -> Result<Vec<String>, Refusal> {
    let Some(value) = question.value("categories") else { return Ok(Vec::new()) };
    serde_json::from_value(value.clone()).map_err(|_| Refusal::arguments("categories must be a list of names"))
}

fn has_category(venue: &FakeVenue, name: &str) -> bool {
    venue.seed.is_some_and(|seed| seed.category.contains(&name))
}

/// The people who came so often.
#[expect(clippy::cast_precision_loss, reason = "invented counts of people")]
fn regulars(view: &View<'_>, frequency: u64) -> f64 {
    let first = view.days.first().map(|(day, _)| *day).unwrap_or_default();
    let visits = view.visits();
    let people = view.curve.visitors(visits, view.days.len(), first) as f64;
    let again = 1.0 - people / (visits.max(1) as f64).max(people * 1.01);
    people * again.powf(frequency.saturating_sub(1) as f64)
}

/// The share of the people who go there as well, in percent.
fn share(view: &View<'_>, venue: &FakeVenue) -> f64 {
    let near = view.venue.miles_to(venue).map_or(0.0, |miles| 35.0 * (-miles / 12.0).exp());
    let size = (f64::from(venue.daily_visits) / 10_000.0).sqrt();
    let luck = 0.85 + 0.3 * venue.curve(view.curve.seed).chance(view.curve.id, chrono::NaiveDate::default());
    ((near + 0.6) * size * luck * 100.0).round() / 100.0
}

fn place(view: &View<'_>, venue: &FakeVenue, people: f64, share: f64) -> Value {
    let place = pois::poi(venue);
    let mut row = object(json!({
        "estimatedNumberOfCustomers": (people * share / 100.0).round(), "percentage": share,
        "distanceInMiles": view.venue.miles_to(venue).map(|miles| (miles * 100.0).round() / 100.0),
    }));
    for name in ["apiId", "name", "entityId", "entityType", "categoryInfo", "address", "isFlagged", "regions"] {
        row.insert(name.to_owned(), place.get(name).cloned().unwrap_or_default());
    }
    Value::Object(row)
}

fn chain(store: &FakeVenue, people: f64, share: f64) -> Value {
    let place = pois::poi(store);
    json!({
        "apiId": CHAIN, "name": pois::CHAIN_NAME, "entityId": CHAIN.trim_start_matches("chain:"), "entityType": "chain",
        "categoryInfo": place.get("categoryInfo"), "regionType": "nationwide",
        "estimatedNumberOfCustomers": (people * share / 100.0).round(), "percentage": (share * 100.0).round() / 100.0,
    })
}

//! How sure it is that a place is the store.

use strsim::jaro_winkler;

use super::names;
use crate::model::{MatchReasons, Poi, Store};

/// How much each reason counts.
const NAME: f64 = 0.45;
const ZIP: f64 = 0.15;
const NUMBER: f64 = 0.15;
const STREET: f64 = 0.15;
const CITY: f64 = 0.06;
const STATE: f64 = 0.04;

/// What it counts to have been found around the store's own location.
const LOCATED: f64 = 0.2;

/// What a name alone can come to.
const NAME_ALONE: f64 = 0.6;

/// How much has to be known besides the name for full confidence.
const ENOUGH: f64 = 0.45;

/// A store to be found, in one spelling.
#[derive(Debug)]
pub(crate) struct Wanted {
    name: Vec<String>,
    number: Option<String>,
    street: Vec<String>,
    city: Option<String>,
    state: Option<String>,
    zip: Option<String>,
    located: bool,
}

fn told(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

impl Wanted {
    pub(crate) fn new(store: &Store) -> Self {
        let (number, street) = told(store.address.as_ref()).map(names::street).unwrap_or_default();
        Self {
            name: names::name(&store.name),
            number,
            street,
            city: told(store.city.as_ref()).map(names::city),
            state: told(store.state.as_ref()).map(names::state),
            zip: told(store.zip.as_ref()).and_then(names::zip),
            located: store.location.is_some(),
        }
    }

    /// How sure the place is to be the store, and why.
    pub(crate) fn score(&self, poi: &Poi) -> (f64, MatchReasons) {
        let reasons = self.reasons(poi);
        let rest = [
            (reasons.zip, ZIP),
            (reasons.street_number, NUMBER),
            (reasons.street_name, STREET),
            (reasons.city, CITY),
            (reasons.state, STATE),
            (self.located.then_some(1.0), LOCATED),
        ];
        let known: f64 = rest.iter().filter_map(|(value, weight)| value.map(|_| weight)).sum();
        let sum: f64 = rest.iter().filter_map(|(value, weight)| value.map(|value| value * weight)).sum();
        let mean = (NAME * reasons.name + sum) / (NAME + known);
        let most = NAME_ALONE + (1.0 - NAME_ALONE) * (known / ENOUGH).min(1.0);
        let confidence = mean.min(most).min(contradicted(&reasons));
        ((confidence * 1000.0).round() / 1000.0, reasons)
    }

    fn reasons(&self, poi: &Poi) -> MatchReasons {
        let address = poi.address.as_ref();
        let (mut number, mut street) = (None, Vec::new());
        if let Some(line) = address.and_then(|address| told(address.formatted_address.as_ref())) {
            (number, street) = names::street(line);
        }
        if let Some(line) = address.and_then(|address| told(address.street_name.as_ref())) {
            let (own, words) = names::street(line);
            (number, street) = (own.or(number), words);
        }
        let zip = address.and_then(|address| told(address.zip_code.as_ref())).and_then(names::zip);
        let city = address.and_then(|address| told(address.city.as_ref())).map(names::city);
        let region = poi.regions.as_ref().and_then(|regions| regions.state.as_ref());
        let states = [
            region.and_then(|region| told(region.code.as_ref())),
            region.and_then(|region| told(region.name.as_ref())),
            address.and_then(|address| told(address.state.as_ref())),
        ];
        let states: Vec<_> = states.into_iter().flatten().map(names::state).collect();
        let state = self.state.as_ref().filter(|state| {
            let all_known = names::is_state(state) && states.iter().any(|state| names::is_state(state));
            states.contains(state) || all_known
        });
        let name = poi.name.as_deref().map(names::name).unwrap_or_default();
        MatchReasons {
            name: rounded(name_similarity(&self.name, &name)),
            zip: both(self.zip.as_ref(), zip.as_ref(), |one, other| match one.get(..3) == other.get(..3) {
                _ if one == other => 1.0,
                true => 0.5,
                false => 0.0,
            }),
            street_number: both(self.number.as_ref(), number.as_ref(), number_similarity),
            street_name: (!self.street.is_empty() && !street.is_empty())
                .then(|| rounded(street_similarity(&self.street, &street))),
            city: both(self.city.as_ref(), city.as_ref(), |one, other| rounded(city_similarity(one, other))),
            state: state.map(|state| if states.contains(state) { 1.0 } else { 0.0 }),
        }
    }
}

/// The most that is left when what matters says otherwise.
fn contradicted(reasons: &MatchReasons) -> f64 {
    let against = |value: Option<f64>| value.is_some_and(|value| value < 0.5);
    let (number, street) = (against(reasons.street_number), against(reasons.street_name));
    if against(reasons.state) || (number && street) {
        return 0.45;
    }
    if reasons.name < 0.4 || (against(reasons.city) && reasons.zip != Some(1.0)) {
        return 0.6;
    }
    if number || street || reasons.zip == Some(0.0) { 0.7 } else { 1.0 }
}

fn both(one: Option<&String>, other: Option<&String>, compare: impl Fn(&str, &str) -> f64) -> Option<f64> {
    Some(compare(one?, other?))
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// Texts that have little in common are not alike at all.
fn likeness(one: &str, other: &str) -> f64 {
    ((jaro_winkler(one, other) - 0.7) / 0.3).max(0.0)
}

/// The better of: the names as they are, and the words that both have, in whatever order.
#[expect(clippy::cast_precision_loss, reason = "a handful of words")]
fn name_similarity(one: &[String], other: &[String]) -> f64 {
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    let (joined, other_joined) = (one.concat(), other.concat());
    if joined == other_joined {
        return 1.0;
    }
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let mut left: Vec<&String> = long.iter().collect();
    let mut shared = 0.0;
    for word in short {
        let alike = left.iter().enumerate().map(|(at, word_of_other)| (at, jaro_winkler(word, word_of_other)));
        let best = alike.max_by(|(_, one), (_, other)| one.total_cmp(other));
        if let Some((at, likeness)) = best.filter(|(_, likeness)| *likeness >= 0.9) {
            shared += likeness;
            left.remove(at);
        }
    }
    // A name within a longer one: `Pike Street Market` and `Pike Street Market - Food Hall`.
    let contained = 0.9 * shared / short.len() as f64;
    let letters = short.iter().map(String::len).sum::<usize>();
    let contained = if letters >= 4 { contained } else { 0.0 };
    let dice = 2.0 * shared / (one.len() + other.len()) as f64;
    (0.95 * likeness(&joined, &other_joined)).max(dice).max(contained).min(0.99)
}

/// Neighbours are likelier a mistake than another store.
fn number_similarity(one: &str, other: &str) -> f64 {
    let value = |text: &str| text.trim_end_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().ok();
    match (value(one), value(other)) {
        _ if one == other => 1.0,
        (Some(one), Some(other)) if one == other => 0.9,
        (Some(one), Some(other)) if one.abs_diff(other) <= 10 => 0.6,
        _ => 0.0,
    }
}

fn street_similarity(one: &[String], other: &[String]) -> f64 {
    if one == other {
        return 1.0;
    }
    let (gist, other_gist) = (names::gist(one).concat(), names::gist(other).concat());
    if gist == other_gist && !gist.is_empty() {
        return 0.85;
    }
    0.8 * likeness(&gist, &other_gist)
}

fn city_similarity(one: &str, other: &str) -> f64 {
    if one == other { 1.0 } else { 0.9 * likeness(one, other) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn poi() -> Poi {
        serde_json::from_value(json!({
            "apiId": "venue:5f0c1de2a9b84c7d3e6f0a11", "name": "Harbor Tacos",
            "address": {"streetName": "Pier Ave", "city": "Long Beach", "state": "California", "zipCode": 90802,
                "formattedAddress": "12 Pier Ave, Long Beach, CA, United States"},
        }))
        .unwrap()
    }

    fn confidence(store: &Store) -> f64 {
        Wanted::new(store).score(&poi()).0
    }

    fn tacos() -> Store {
        Store::new("1", "Harbor Tacos")
    }

    #[test]
    fn the_more_agrees_the_surer_it_is() {
        let city = tacos().city("Long Beach", "CA");
        let zip = city.clone().zip("90802-1000");
        let all = zip.clone().address("12 Pier Avenue, Suite 3");
        let (_, reasons) = Wanted::new(&all).score(&poi());
        assert_eq!((reasons.street_number, reasons.street_name, reasons.state), (Some(1.0), Some(1.0), Some(1.0)));
        let sure = [tacos(), city, zip, all].map(|store| confidence(&store));
        assert_eq!((sure[0], sure[3]), (0.6, 1.0), "a name alone proves little");
        assert!(sure.windows(2).all(|pair| pair[0] < pair[1]), "{sure:?}");
    }

    #[test]
    fn what_speaks_against_it_counts() {
        let here = || tacos().city("Long Beach", "CA").zip("90802");
        assert!(confidence(&here().address("900 Pine St")) < 0.5, "another branch");
        assert!(confidence(&here().address("900 Pier Ave")) <= 0.7);
        assert!(confidence(&here().address("14 Pier Ave")) > 0.75, "next door");
        assert!(confidence(&tacos().city("Long Beach", "NY")) < 0.5, "another state");
        assert!(confidence(&tacos().city("Fresno", "CA").zip("93650")) <= 0.6, "another city");
        let (abbreviated, unknown) = (tacos().city("Long Beach", "Calif."), tacos().city("Long Beach", ""));
        assert!((confidence(&abbreviated) - confidence(&unknown)).abs() < 1e-9);
        let other = Store::new("1", "Bright Dental").address("12 Pier Ave").zip("90802").city("Long Beach", "CA");
        assert!(confidence(&other) <= 0.6, "another tenant of the house: {}", confidence(&other));
    }

    #[test]
    fn names_are_alike_in_many_ways() {
        let alike = |one, other| name_similarity(&names::name(one), &names::name(other));
        assert!(alike("McDonald's #44", "MCDONALDS") >= 1.0);
        assert!(alike("The Home Depot", "Home Depot") >= 1.0);
        assert!(alike("Pike Street Market", "Pike Street Market - Food Hall") >= 0.9 * 0.99);
        assert!(alike("Habor Tacos", "Harbor Tacos") > 0.9, "a slip of the pen");
        assert!(alike("Tacos Harbor", "Harbor Tacos") > 0.9);
        assert!(alike("Harbor Tacos", "Union Green Plaza") < 0.3);
        assert!(alike("", "Harbor Tacos") <= 0.0);
    }
}

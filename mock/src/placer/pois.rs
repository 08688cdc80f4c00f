//! Searching and listing places.

use std::collections::BTreeSet;
use std::sync::Arc;

use connectors_core::HttpRequest;
use http::StatusCode;
use serde_json::{Value, json};

use super::answer::object;
use super::custom_pois::CustomPoi;
use super::fake::{Asked, FakePlacer, State};
use super::place::{FakeVenue, Standing};
use super::refusal::Refusal;
use super::request::well_formed;
use super::venues::{CHAIN, VENUES};
use crate::fake::{self, Reply};

/// The name of the chain.
pub(super) const CHAIN_NAME: &str = "Street Markets";

pub(super) fn handle(fake: &FakePlacer, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    match asked.operation.name {
        "pois.search" => search(fake, asked),
        "pois.entities" => entities(fake, asked),
        "pois.my_properties" => Ok(my_properties(fake, asked.id)),
        _ => Err(asked.unknown()),
    }
}

/// The query, decoded.
pub(super) fn pairs(request: &HttpRequest) -> Vec<(String, String)> {
    url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).into_owned().collect()
}

fn search(fake: &FakePlacer, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let mut search = Search { limit: 10, ..Search::default() };
    for (name, value) in pairs(asked.request) {
        search.set(&name, value)?;
    }
    let venues = fake.venues();
    let state = fake.state();
    let found = venues.iter().filter(|venue| search.finds(venue, state.custom_pois.find(&venue.id))).take(1000);
    let page: Vec<_> = found.skip(search.skip).take(search.limit).map(|venue| listed(&state, venue)).collect();
    // Nothing found: the real service leaves `data` out.
    let body = if page.is_empty() { json!({}) } else { json!({"requestId": asked.id, "data": page}) };
    Ok(fake::json(StatusCode::OK, &body))
}

#[derive(Default)]
struct Search {
    query: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    radius: Option<f64>,
    categories: [Option<String>; 3],
    types: Vec<String>,
    flagged: bool,
    limit: usize,
    skip: usize,
}

impl Search {
    fn set(&mut self, name: &str, value: String) -> Result<(), Refusal> {
        let bad = || Refusal::arguments(format!("{name} is malformed, or out of range"));
        let number = |low: f64, high: f64| {
            let number = value.parse::<f64>().ok().filter(|number| (low..=high).contains(number));
            number.map(Some).ok_or_else(bad)
        };
        let whole =
            |low, high| value.parse().ok().filter(|number: &usize| (low..=high).contains(number)).ok_or_else(bad);
        let [group, category, sub_category] = &mut self.categories;
        match name {
            "query" if (1..=256).contains(&value.chars().count()) => self.query = Some(value.to_lowercase()),
            "lat" => self.latitude = number(-90.0, 90.0)?,
            "lng" => self.longitude = number(-180.0, 180.0)?,
            "radius" => self.radius = number(0.01, 2000.0)?,
            "groupCategory" => *group = Some(value),
            "category" => *category = Some(value),
            "subCategory" => *sub_category = Some(value),
            "entityType" if ["venue", "complex", "chain"].contains(&value.as_str()) => self.types.push(value),
            "includeFlaggedEntities" if ["true", "false"].contains(&value.as_str()) => self.flagged = value == "true",
            "limit" => self.limit = whole(1, 100)?,
            "skip" => self.skip = whole(0, 999)?,
            "query" | "entityType" | "includeFlaggedEntities" => return Err(bad()),
            _ => {}
        }
        Ok(())
    }

    fn finds(&self, venue: &FakeVenue, custom: Option<&CustomPoi>) -> bool {
        let named = self.query.as_ref().is_none_or(|query| venue.name.to_lowercase().contains(query));
        let shown = self.flagged || venue.standing != Standing::Flagged;
        let typed = self.types.is_empty() || self.types.iter().any(|kind| kind == venue.entity_type());
        let categories =
            custom.map_or_else(|| venue.seed.map(|seed| seed.category), |poi| Some(categories(&poi.sub_category)));
        let listed = self.categories.iter().enumerate().all(|(level, wanted)| {
            wanted.as_deref().is_none_or(|name| categories.and_then(|c| c.get(level).copied()) == Some(name))
        });
        named && shown && typed && listed && self.is_near(venue, custom)
    }

    /// Within the square around the circle.
    fn is_near(&self, venue: &FakeVenue, custom: Option<&CustomPoi>) -> bool {
        let (Some(latitude), Some(longitude)) = (self.latitude, self.longitude) else { return true };
        let degrees = self.radius.unwrap_or(1.0) / 69.0;
        let seeded = || {
            venue.seed.is_some_and(|seed| {
                let east_west = (seed.longitude - longitude).abs() * latitude.to_radians().cos();
                (seed.latitude - latitude).abs() <= degrees && east_west <= degrees
            })
        };
        custom.map_or_else(seeded, |poi| poi.area.is_near([longitude, latitude], degrees))
    }
}

fn entities(fake: &FakePlacer, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let id = asked.parameter("id");
    if !well_formed(id) {
        return Err(Refusal::arguments("apiId is malformed"));
    }
    let mut regional = false;
    for (_, value) in pairs(asked.request).into_iter().filter(|(name, _)| name == "includeRegionalChains") {
        regional = value.parse().map_err(|_| Refusal::arguments("includeRegionalChains is malformed"))?;
    }
    let mut state = fake.state();
    let members = if id.starts_with("tag:") {
        state.tags.members(id).ok_or_else(Refusal::not_found)?.clone()
    } else if let Some(poi) = state.custom_pois.find(id) {
        let inside = |venue: &&Arc<FakeVenue>| {
            venue.seed.is_some_and(|seed| poi.area.holds([seed.longitude, seed.latitude])) && venue.id != id
        };
        state.venues.iter().filter(inside).map(|venue| venue.id.clone()).collect()
    } else {
        let stores = state.venues.iter().filter(|venue| venue.chain() == Some(id));
        let stores: Vec<_> = stores.map(|venue| venue.id.clone()).collect();
        if stores.is_empty() {
            return Err(Refusal::not_found());
        }
        stores
    };
    let found = |member: &String| state.venues.iter().find(|venue| venue.id == *member);
    let mut data: Vec<_> = members
        .iter()
        .map(|member| match found(member) {
            Some(venue) => json!({"apiId": venue.id, "name": venue.name, "entityId": venue.hex(),
                "entityType": venue.entity_type(), "flagged": venue.standing == Standing::Flagged}),
            // What is no place is the chain.
            None => json!({"apiId": member, "name": CHAIN_NAME, "entityType": "chain", "regionType": "nationwide"}),
        })
        .collect();
    if regional && id == CHAIN {
        let states: BTreeSet<_> = members.iter().filter_map(|id| Some(found(id)?.seed?.state_code)).collect();
        data.extend(states.into_iter().map(|state| {
            let hex = state.bytes().fold(0xc4a1_u64, |hash, byte| hash * 256 + u64::from(byte));
            json!({"apiId": format!("chain:{hex:024x}"), "name": format!("{CHAIN_NAME} - {state}"),
                "entityType": "chain", "regionType": "state", "regionCode": state, "flagged": false})
        }));
    }
    Ok(fake::json(StatusCode::OK, &json!({"requestId": asked.id, "data": data})))
}

fn my_properties(fake: &FakePlacer, request_id: &str) -> Reply {
    let state = fake.state();
    let data: Vec<_> = state.venues.iter().take(3).map(|venue| listed(&state, venue)).collect();
    fake::json(StatusCode::OK, &json!({"requestId": request_id, "data": data}))
}

/// Group, category and subcategory, by the last one.
fn categories(sub_category: &str) -> [&'static str; 3] {
    VENUES.iter().map(|seed| seed.category).find(|[.., name]| *name == sub_category).unwrap_or_default()
}

/// A place as lists have it: with what the account knows of it.
pub(super) fn listed(state: &State, venue: &FakeVenue) -> Value {
    let mut found = object(poi(venue));
    found.insert("parentTags".to_owned(), json!(state.tags.parents(&venue.id)));
    if let Some(custom) = state.custom_pois.find(&venue.id) {
        let [group, category, _] = categories(&custom.sub_category);
        let category = json!({"group": group, "category": category, "subCategory": custom.sub_category});
        found.insert("categoryInfo".to_owned(), category);
        let text = |name: &str| custom.address.get(name).and_then(Value::as_str);
        let line: Vec<_> = ["address", "city"].into_iter().filter_map(text).collect();
        let street = text("address").map(|address| numbered(address).1);
        let address = json!({"streetName": street, "city": text("city"), "zipCode": text("zipCode"),
            "countryCode": "US", "formattedAddress": line.join(", ")});
        found.insert("address".to_owned(), address);
    }
    Value::Object(found)
}

/// The number of a house, and its street.
fn numbered(street: &str) -> (Option<&str>, &str) {
    match street.split_once(' ') {
        Some((number, name)) if number.starts_with(|c: char| c.is_ascii_digit()) => (Some(number), name),
        _ => (None, street),
    }
}

/// A place as a search finds it. What is not known is null.
pub(super) fn poi(venue: &FakeVenue) -> Value {
    let category = venue.seed.map(|seed| {
        let [group, category, sub_category] = seed.category;
        json!({"group": group, "category": category, "subCategory": sub_category})
    });
    let address = venue.seed.map(|seed| {
        let street = numbered(seed.street).1;
        json!({
            "streetName": street, "city": seed.city, "state": seed.state, "countryCode": seed.country,
            "zipCode": seed.zip, "shortFormattedAddress": format!("{street}, {}, {}", seed.city, seed.state_code),
            "formattedAddress": format!("{}, {}, {}, United States", seed.street, seed.city, seed.state_code),
        })
    });
    let regions = venue.seed.map(|seed| {
        // The real service writes this code as a number in some answers.
        let code = seed.zip.parse::<u64>().unwrap_or_default() % 900;
        json!({"dma": {"code": code, "name": seed.dma}, "state": {"code": seed.state_code, "name": seed.state}})
    });
    json!({
        "apiId": venue.id,
        "entityId": venue.hex(),
        "entityType": venue.entity_type(),
        "name": venue.name,
        "categoryInfo": category,
        "address": address,
        "regions": regions,
        "isFlagged": venue.standing == Standing::Flagged,
        "isPermitted": venue.standing != Standing::NotPermitted,
        "placerUrl": format!("https://analytics.placer.test/#!/admin/insights/venues/{}", venue.hex()),
        "parentChains": venue.chain().map(|chain| json!({"apiId": chain, "name": CHAIN_NAME})),
        "parentTags": [],
    })
}

//! Searching and listing places.

use connectors_core::HttpRequest;
use http::StatusCode;
use serde_json::{Value, json};

use super::fake::{Asked, FakePlacer};
use super::place::{FakeVenue, Standing};
use super::refusal::Refusal;
use super::request::well_formed;

use crate::fake::{self, Reply};

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
        search.set(&name, value, fake.config.strict)?;
    }
    if !(1..=100).contains(&search.limit) || search.skip > 999 {
        return Err(Refusal::arguments("limit or skip is out of range"));
    }
    let venues = fake.venues();
    let found = venues.iter().filter(|venue| search.finds(venue)).take(1000);
    let page: Vec<_> = found.skip(search.skip).take(search.limit).map(|venue| poi(venue)).collect();
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
    fn set(&mut self, name: &str, value: String, strict: bool) -> Result<(), Refusal> {
        let bad = || Refusal::arguments(format!("{name} is malformed"));
        let number = |text: &str| text.parse::<f64>().map_err(|_| bad());
        let whole = |text: &str| text.parse::<usize>().map_err(|_| bad());
        let [group, category, sub_category] = &mut self.categories;
        match name {
            "query" => self.query = Some(value.to_lowercase()),
            "lat" => self.latitude = Some(number(&value)?),
            "lng" => self.longitude = Some(number(&value)?),
            "radius" => self.radius = Some(number(&value)?),
            "groupCategory" => *group = Some(value),
            "category" => *category = Some(value),
            "subCategory" => *sub_category = Some(value),
            "entityType" => self.types.push(value),
            "includeFlaggedEntities" => self.flagged = value == "true",
            "limit" => self.limit = whole(&value)?,
            "skip" => self.skip = whole(&value)?,
            _ if strict => return Err(Refusal::bad_request(format!("unknown parameter {name}"))),
            _ => {}
        }
        Ok(())
    }

    fn finds(&self, venue: &FakeVenue) -> bool {
        let named = self.query.as_ref().is_none_or(|query| venue.name.to_lowercase().contains(query));
        let shown = self.flagged || venue.standing != Standing::Flagged;
        let typed = self.types.is_empty() || self.types.iter().any(|kind| kind == venue.entity_type());
        let categories = venue.seed.map(|seed| seed.category);
        let listed = self.categories.iter().enumerate().all(|(level, wanted)| {
            wanted.as_deref().is_none_or(|name| categories.and_then(|c| c.get(level).copied()) == Some(name))
        });
        named && shown && typed && listed && self.is_near(venue)
    }

    /// Within the square around the circle.
    fn is_near(&self, venue: &FakeVenue) -> bool {
        let (Some(latitude), Some(longitude)) = (self.latitude, self.longitude) else { return true };
        let degrees = self.radius.unwrap_or(1.0) / 69.0;
        venue.seed.is_some_and(|seed| {
            let east_west = (seed.longitude - longitude).abs() * latitude.to_radians().cos();
            (seed.latitude - latitude).abs() <= degrees && east_west <= degrees
        })
    }
}

fn entities(fake: &FakePlacer, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let id = asked.parameter("id");
    if !well_formed(id) {
        return Err(Refusal::arguments("apiId is malformed"));
    }
    let venues = fake.venues();
    let stores: Vec<_> = venues.iter().filter(|venue| venue.chain() == Some(id)).collect();
    if stores.is_empty() {
        return Err(Refusal::not_found());
    }
    let entity = |venue: &&std::sync::Arc<FakeVenue>| {
        json!({"apiId": venue.id, "name": venue.name, "entityId": venue.hex(), "entityType": venue.entity_type(),
            "flagged": venue.standing == Standing::Flagged})
    };
    let data: Vec<_> = stores.iter().map(entity).collect();
    Ok(fake::json(StatusCode::OK, &json!({"requestId": asked.id, "data": data})))
}

fn my_properties(fake: &FakePlacer, request_id: &str) -> Reply {
    let data: Vec<_> = fake.venues().iter().take(3).map(|venue| poi(venue)).collect();
    fake::json(StatusCode::OK, &json!({"requestId": request_id, "data": data}))
}

/// A place as a search finds it. What is not known is null.
pub(super) fn poi(venue: &FakeVenue) -> Value {
    let category = venue.seed.map(|seed| {
        let [group, category, sub_category] = seed.category;
        json!({"group": group, "category": category, "subCategory": sub_category})
    });
    let address = venue.seed.map(|seed| {
        let short = format!("{}, {}, {}", seed.street, seed.city, seed.state_code);
        json!({
            "streetName": seed.street, "city": seed.city, "state": seed.state, "countryCode": seed.country, "zipCode": seed.zip,
            "formattedAddress": format!("{short}, United States"), "shortFormattedAddress": short,
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
        "parentChains": venue.chain().map(|chain| json!({"apiId": chain, "name": "Street Markets"})),
        "parentTags": [],
    })
}

//! Places of the account's own making.

use std::sync::Arc;

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::fake::{Asked, FakePlacer, State};
use super::place::{FakeVenue, Standing};
use super::pois;
use super::refusal::Refusal;
use super::request::{body, well_formed};
use super::venues::VENUES;
use crate::fake::{self, Reply};
use crate::snapshot::is_default;

/// What of this is kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store {
    pois: Vec<CustomPoi>,
    made: u64,
    /// How many of the next creations fail.
    failing: u32,
}

/// A place that the account made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct CustomPoi {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) sub_category: String,
    pub(super) area: Area,
    pub(super) address: Map<String, Value>,
    /// How often it is still to be asked for before it is there.
    polls: u32,
    fails: bool,
}

const NO_POINT: &str = "a point must be [longitude, latitude]";

/// What a place covers; longitude first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Area {
    Circle { center: [f64; 2], miles: f64 },
    Polygon(Vec<[f64; 2]>),
}

impl Area {
    /// Whether a point is inside: of the box around it, where it is a polygon.
    pub(super) fn holds(&self, [longitude, latitude]: [f64; 2]) -> bool {
        match self {
            Self::Circle { center: [lng, lat], miles } => {
                let north_south = (latitude - lat) * 69.0;
                let east_west = (longitude - lng) * 69.0 * lat.to_radians().cos();
                north_south.hypot(east_west) <= *miles
            }
            Self::Polygon(points) => {
                let spans = |axis: fn(&[f64; 2]) -> f64, value: f64| {
                    points.iter().any(|p| axis(p) <= value) && points.iter().any(|p| axis(p) >= value)
                };
                spans(|[lng, _]| *lng, longitude) && spans(|[_, lat]| *lat, latitude)
            }
        }
    }

    /// Whether it lies within so many degrees of a point.
    pub(super) fn is_near(&self, [longitude, latitude]: [f64; 2], degrees: f64) -> bool {
        let [lng, lat] = match self {
            Self::Circle { center, .. } => *center,
            Self::Polygon(points) => points.first().copied().unwrap_or_default(),
        };
        (lat - latitude).abs() <= degrees && (lng - longitude).abs() * latitude.to_radians().cos() <= degrees
    }

    /// What is wrong with it.
    pub(super) fn problem(&self) -> Option<&'static str> {
        let on_earth = |[lng, lat]: &[f64; 2]| (-180.0..=180.0).contains(lng) && (-90.0..=90.0).contains(lat);
        match self {
            Self::Circle { center, .. } if !on_earth(center) => Some(NO_POINT),
            Self::Circle { miles, .. } if !(0.007..=0.21).contains(miles) => Some("radius must be from 0.007 to 0.21"),
            Self::Polygon(points) if !points.iter().all(on_earth) => Some(NO_POINT),
            Self::Polygon(points) if points.len() < 4 || points.first() != points.last() => {
                Some("polygon must be a closed ring of at least three corners")
            }
            _ => None,
        }
    }

    /// More come to a larger one.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive number of people")]
    fn daily_visits(&self) -> u32 {
        match self {
            Self::Circle { miles, .. } => 200 + (miles * 4000.0) as u32,
            Self::Polygon(_) => 500,
        }
    }
}

impl Store {
    pub(super) fn find(&self, id: &str) -> Option<&CustomPoi> {
        self.pois.iter().find(|poi| poi.id == id)
    }

    fn fresh_id(&mut self, seed: u64) -> String {
        self.made += 1;
        format!("complex:{:08x}{:016x}", 0xc000_0000 + seed % 0x1000_0000, self.made)
    }
}

impl FakePlacer {
    /// The next so many custom places fail: they are answered by 202, and are never there.
    pub fn fail_creations(&self, count: u32) {
        self.state().custom_pois.failing = count;
    }
}

pub(super) fn handle(fake: &FakePlacer, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    match asked.operation.name {
        "custom_pois.create" => create(fake, asked),
        "custom_pois.get" => get(fake, asked),
        "custom_pois.update" => update(fake, asked),
        "custom_pois.delete" => delete(fake, asked),
        _ => Err(asked.unknown()),
    }
}

fn create(fake: &FakePlacer, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let written = Written::read(fake, asked)?;
    let mut state = fake.state();
    let (name, sub_category) = (written.name.unwrap_or_default(), written.sub_category.unwrap_or_default());
    let area = written.area.ok_or_else(|| Refusal::arguments("centroid or polygon is required"))?;
    let tag = written.tag;
    if let Some(tag) = &tag {
        state.tags.members(tag).ok_or_else(|| Refusal::arguments("tagId is unknown"))?;
    }
    let equal = |poi: &&CustomPoi| poi.name.eq_ignore_ascii_case(&name) && poi.area == area;
    if let Some(poi) = state.custom_pois.pois.iter().find(equal) {
        return Err(Refusal::arguments(format!("An equal POI exists already, with API id {}", poi.id)));
    }
    let seed = state.seed;
    let store = &mut state.custom_pois;
    let id = store.fresh_id(seed);
    let fails = store.failing > 0;
    store.failing = store.failing.saturating_sub(1);
    let polls = if fails { fake.config.custom_poi_polls.max(1) } else { fake.config.custom_poi_polls };
    let address = written.address.unwrap_or_default();
    store.pois.push(CustomPoi { id: id.clone(), name: name.clone(), sub_category, area, address, polls, fails });
    if let Some(members) = tag.as_deref().and_then(|tag| state.tags.members(tag)) {
        members.push(id.clone());
    }
    if polls == 0 {
        state.publish(&id);
        return Ok(receipt(asked, &id, &name));
    }
    let building = json!({"requestId": asked.id, "apiId": id, "code": 3005, "details": "IN_PROGRESS",
        "message": "the POI is being created", "data": {"apiId": id, "name": name}});
    Ok(fake::json(StatusCode::ACCEPTED, &building))
}

fn get(fake: &FakePlacer, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let id = custom_id(asked)?;
    let mut state = fake.state();
    let poi = state.custom_pois.pois.iter_mut().find(|poi| poi.id == id).ok_or_else(Refusal::not_found)?;
    if poi.polls > 0 {
        poi.polls -= 1;
        let done = poi.polls == 0;
        match (done, poi.fails) {
            (true, true) => state.custom_pois.pois.retain(|poi| poi.id != id),
            (true, false) => state.publish(id),
            (false, _) => {}
        }
        return Err(Refusal::in_progress());
    }
    let venue = state.venues.iter().find(|venue| venue.id == id).cloned().ok_or_else(Refusal::not_found)?;
    let mut found = pois::listed(&state, &venue);
    if let Value::Object(members) = &mut found {
        members.insert("storeId".to_owned(), Value::Null);
    }
    Ok(fake::json(StatusCode::OK, &json!({"requestId": asked.id, "data": found})))
}

fn update(fake: &FakePlacer, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let id = custom_id(asked)?.to_owned();
    let written = Written::read(fake, asked)?;
    if written.id.as_ref().is_some_and(|named| *named != id) {
        return Err(Refusal::arguments("id is another one than that in the path"));
    }
    if written.is_empty() {
        return Err(Refusal::arguments("name, area, subCategory or address is required"));
    }
    let mut state = fake.state();
    let poi = state.custom_pois.pois.iter_mut().find(|poi| poi.id == id).ok_or_else(Refusal::not_found)?;
    poi.name = written.name.unwrap_or_else(|| std::mem::take(&mut poi.name));
    poi.sub_category = written.sub_category.unwrap_or_else(|| std::mem::take(&mut poi.sub_category));
    poi.address = written.address.unwrap_or_else(|| std::mem::take(&mut poi.address));
    if let Some(area) = written.area {
        poi.area = area;
    }
    let (name, there) = (poi.name.clone(), poi.polls == 0);
    if there {
        state.publish(&id);
    }
    Ok(receipt(asked, &id, &name))
}

fn delete(fake: &FakePlacer, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let id = custom_id(asked)?;
    let mut state = fake.state();
    state.custom_pois.find(id).ok_or_else(Refusal::not_found)?;
    state.custom_pois.pois.retain(|poi| poi.id != id);
    state.venues.retain(|venue| venue.id != id);
    state.tags.forget(id);
    Ok(fake::json(StatusCode::OK, &json!({"requestId": asked.id, "data": {"result": "SUCCESS"}})))
}

fn receipt(asked: &Asked<'_>, id: &str, name: &str) -> Reply {
    let data = json!({"result": "SUCCESS", "name": name, "apiId": id});
    fake::json(StatusCode::OK, &json!({"requestId": asked.id, "data": data}))
}

fn custom_id<'a>(asked: &'a Asked<'_>) -> Result<&'a str, Refusal> {
    let id = asked.parameter("id");
    if well_formed(id) { Ok(id) } else { Err(Refusal::arguments("apiId is malformed")) }
}

/// A place of the account's own making, to begin with: [`PlacerSetup::custom_poi`](super::PlacerSetup::custom_poi). In
/// JSON, an area is `{"circle": {"center": [-71.05, 42.35], "miles": 0.1}}` or `{"polygon": [[-71.05, 42.35], ..]}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FakeCustomPoi {
    name: String,
    area: Area,
    #[serde(default, skip_serializing_if = "is_default")]
    sub_category: String,
    #[serde(default, skip_serializing_if = "is_default")]
    city: String,
}

impl FakeCustomPoi {
    /// All within so many miles, 0.007 to 0.21, of a point: longitude and latitude.
    pub fn circle(name: impl Into<String>, center: [f64; 2], miles: f64) -> Self {
        Self::new(name.into(), Area::Circle { center, miles })
    }

    /// All within a closed ring of points: longitude and latitude each, the first one again as the last.
    pub fn polygon(name: impl Into<String>, ring: impl IntoIterator<Item = [f64; 2]>) -> Self {
        Self::new(name.into(), Area::Polygon(ring.into_iter().collect()))
    }

    fn new(name: String, area: Area) -> Self {
        Self { name, area, sub_category: String::new(), city: String::new() }
    }

    /// Of this subcategory, which must be one of those in [`VENUES`].
    pub fn sub_category(mut self, name: impl Into<String>) -> Self {
        self.sub_category = name.into();
        self
    }

    /// In this city.
    pub fn city(mut self, city: impl Into<String>) -> Self {
        self.city = city.into();
        self
    }

    /// The account has made it; what is wrong otherwise, and with which member.
    pub(super) fn apply(&self, state: &mut State) -> Result<(), (&'static str, &'static str)> {
        if self.name.trim().is_empty() {
            return Err(("name", "must not be blank"));
        }
        if let Some(problem) = self.area.problem() {
            return Err(("area", problem));
        }
        if !self.sub_category.is_empty() && !is_sub_category(&self.sub_category) {
            return Err(("sub_category", "is not one of Placer's"));
        }
        let city = Some(&self.city).filter(|city| !city.is_empty());
        let address = city.map(|city| ("city".to_owned(), json!(city))).into_iter().collect();
        let id = state.custom_pois.fresh_id(state.seed);
        let (name, sub_category, area) = (self.name.clone(), self.sub_category.clone(), self.area.clone());
        let poi = CustomPoi { id: id.clone(), name, sub_category, area, address, polls: 0, fails: false };
        state.custom_pois.pois.push(poi);
        state.publish(&id);
        Ok(())
    }
}

impl State {
    /// Lets all reports know the place as it is now.
    fn publish(&mut self, id: &str) {
        let Some(poi) = self.custom_pois.find(id) else { return };
        let venue = FakeVenue::new(id, poi.name.clone()).daily_visits(poi.area.daily_visits());
        let venue = Arc::new(venue.standing(Standing::Custom));
        self.venues.retain(|known| known.id != id);
        self.venues.push(venue);
    }
}

/// What a write sends, checked.
struct Written {
    id: Option<String>,
    name: Option<String>,
    sub_category: Option<String>,
    tag: Option<String>,
    area: Option<Area>,
    address: Option<Map<String, Value>>,
}

impl Written {
    fn read(fake: &FakePlacer, asked: &Asked<'_>) -> Result<Self, Refusal> {
        let body = body(asked.operation, asked.request, fake.config.strict)?;
        let text = |name: &str| match body.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text.clone())),
            Some(_) => Err(Refusal::arguments(format!("{name} must be a text"))),
        };
        let sub_category = text("subCategory")?;
        if sub_category.as_deref().is_some_and(|name| !is_sub_category(name)) {
            return Err(Refusal::arguments("subCategory is not one of Placer's"));
        }
        Ok(Self {
            id: text("id")?,
            name: text("name")?,
            sub_category,
            tag: text("tagId")?,
            area: area(&body)?,
            address: address(&body)?,
        })
    }

    fn is_empty(&self) -> bool {
        self.name.is_none() && self.sub_category.is_none() && self.area.is_none() && self.address.is_none()
    }
}

fn area(body: &Map<String, Value>) -> Result<Option<Area>, Refusal> {
    let given = |name: &str| body.get(name).filter(|value| !value.is_null());
    match (given("centroid"), given("polygon")) {
        (Some(_), Some(_)) => Err(Refusal::arguments("centroid and polygon exclude each other")),
        (None, _) if given("radius").is_some() => Err(Refusal::arguments("radius needs a centroid")),
        (None, None) => Ok(None),
        (Some(center), None) => {
            // What is no number is refused as what is too small.
            let miles = given("radius").map_or(Some(0.1), Value::as_f64).unwrap_or_default();
            sound(Area::Circle { center: point(center)?, miles })
        }
        (None, Some(ring)) => {
            let ring = ring.as_array().ok_or_else(|| Refusal::arguments("polygon must be a list of points"))?;
            sound(Area::Polygon(ring.iter().map(point).collect::<Result<_, _>>()?))
        }
    }
}

fn sound(area: Area) -> Result<Option<Area>, Refusal> {
    area.problem().map_or(Ok(Some(area)), |problem| Err(Refusal::arguments(problem)))
}

/// Longitude and latitude.
fn point(value: &Value) -> Result<[f64; 2], Refusal> {
    let numbers: Option<Vec<f64>> = value.as_array().and_then(|pair| pair.iter().map(Value::as_f64).collect());
    match numbers.as_deref() {
        Some([lng, lat]) => Ok([*lng, *lat]),
        _ => Err(Refusal::arguments(NO_POINT)),
    }
}

/// Whether it is one of Placer's.
fn is_sub_category(name: &str) -> bool {
    VENUES.iter().any(|venue| venue.category[2] == name)
}

fn address(body: &Map<String, Value>) -> Result<Option<Map<String, Value>>, Refusal> {
    let Some(value) = body.get("address").filter(|value| !value.is_null()) else { return Ok(None) };
    let members = value.as_object().ok_or_else(|| Refusal::arguments("address must be an object"))?;
    let sound = members
        .iter()
        .all(|(name, value)| ["address", "city", "zipCode"].contains(&name.as_str()) && value.is_string());
    if sound { Ok(Some(members.clone())) } else { Err(Refusal::arguments("address is malformed")) }
}

//! Places of the account's own making, and where they are.

use connectors_core::provider::not_blank;
use connectors_core::{Error, Result};
use serde::{Deserialize, Serialize};

use super::{Poi, Point, TagId, VenueId};

/// The smallest and the largest radius of a custom place, in miles.
const RADIUS: std::ops::RangeInclusive<f64> = 0.007..=0.21;

/// What a custom place covers: a circle, or a polygon.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomPoiArea(Form);

#[derive(Debug, Clone, PartialEq)]
enum Form {
    Circle { center: Point, miles: f64 },
    Polygon(Vec<Point>),
}

impl CustomPoiArea {
    /// All within so many miles of a point: 0.007 to 0.21.
    pub fn circle(center: Point, miles: f64) -> Self {
        Self(Form::Circle { center, miles })
    }

    /// What a line through these points encloses. At least three; the way back to the first one is added if it is
    /// missing.
    pub fn polygon(points: impl IntoIterator<Item = Point>) -> Self {
        let mut points: Vec<_> = points.into_iter().collect();
        if let (Some(first), Some(last)) = (points.first().copied(), points.last())
            && first != *last
        {
            points.push(first);
        }
        Self(Form::Polygon(points))
    }

    fn check(&self) -> Result<()> {
        match &self.0 {
            Form::Circle { center, miles } => {
                check_point("centroid", *center)?;
                crate::native::request::within("radius", *miles, RADIUS)
            }
            Form::Polygon(points) => {
                points.iter().try_for_each(|point| check_point("polygon", *point))?;
                let mut corners: Vec<_> = points.iter().map(|point| lng_lat(*point)).collect();
                corners.sort_by(|one, other| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal));
                corners.dedup();
                if corners.len() < 3 {
                    return Err(Error::invalid("polygon", "must have at least three different corners"));
                }
                Ok(())
            }
        }
    }
}

fn check_point(field: &'static str, point: Point) -> Result<()> {
    if point.is_valid() {
        return Ok(());
    }
    Err(Error::invalid(field, "must have a latitude from -90 to 90 and a longitude from -180 to 180"))
}

/// As Placer writes it: longitude first.
fn lng_lat(point: Point) -> [f64; 2] {
    [point.longitude, point.latitude]
}

/// The street address of a custom place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CustomPoiAddress {
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip_code: Option<String>,
}

impl CustomPoiAddress {
    /// All of it.
    pub fn new(address: impl Into<String>, city: impl Into<String>, zip_code: impl Into<String>) -> Self {
        Self { address: Some(address.into()), city: Some(city.into()), zip_code: Some(zip_code.into()) }
    }
}

/// What a write of a custom place sends: it has the same members whether the place is made or changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WrittenPoi<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_category: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    centroid: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    radius: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    polygon: Option<Vec<[f64; 2]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a CustomPoiAddress>,
}

impl WrittenPoi<'_> {
    fn set_area(&mut self, area: &CustomPoiArea) {
        match &area.0 {
            Form::Circle { center, miles } => (self.centroid, self.radius) = (Some(lng_lat(*center)), Some(*miles)),
            Form::Polygon(points) => self.polygon = Some(points.iter().map(|point| lng_lat(*point)).collect()),
        }
    }
}

/// A place to be made: [`CustomPois::create`](crate::CustomPois::create).
#[derive(Debug, Clone, PartialEq)]
pub struct NewCustomPoi {
    name: String,
    sub_category: String,
    area: CustomPoiArea,
    tag: Option<TagId>,
    address: Option<CustomPoiAddress>,
}

impl NewCustomPoi {
    /// A place of this name, in this subcategory by Placer's exact name, such as `Mexican Restaurant`.
    pub fn new(name: impl Into<String>, sub_category: impl Into<String>, area: CustomPoiArea) -> Self {
        Self { name: name.into(), sub_category: sub_category.into(), area, tag: None, address: None }
    }

    /// Puts it into this collection.
    pub fn tag(mut self, tag: TagId) -> Self {
        self.tag = Some(tag);
        self
    }

    /// Its street address.
    pub fn address(mut self, address: CustomPoiAddress) -> Self {
        self.address = Some(address);
        self
    }

    /// The collection that it goes into, as something to ask about.
    pub(crate) fn collection(&self) -> Option<VenueId> {
        self.tag.as_ref()?.entity().ok()
    }

    pub(crate) fn check(&self) -> Result<()> {
        not_blank("name", &self.name)?;
        not_blank("subCategory", &self.sub_category)?;
        self.tag.as_ref().map_or(Ok(()), TagId::check)?;
        self.area.check()
    }

    pub(crate) fn written(&self) -> WrittenPoi<'_> {
        let mut written = WrittenPoi {
            name: Some(&self.name),
            sub_category: Some(&self.sub_category),
            tag_id: self.tag.as_ref().map(TagId::hex),
            address: self.address.as_ref(),
            ..WrittenPoi::default()
        };
        written.set_area(&self.area);
        written
    }
}

/// What is to be changed about a custom place; the rest stays: [`CustomPois::update`](crate::CustomPois::update).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustomPoiUpdate {
    name: Option<String>,
    sub_category: Option<String>,
    area: Option<CustomPoiArea>,
    address: Option<CustomPoiAddress>,
}

impl CustomPoiUpdate {
    /// Nothing yet; something has to be.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Another subcategory, by Placer's exact name.
    pub fn sub_category(mut self, name: impl Into<String>) -> Self {
        self.sub_category = Some(name.into());
        self
    }

    /// Another area.
    pub fn area(mut self, area: CustomPoiArea) -> Self {
        self.area = Some(area);
        self
    }

    /// Another street address.
    pub fn address(mut self, address: CustomPoiAddress) -> Self {
        self.address = Some(address);
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        if *self == Self::default() {
            return Err(Error::invalid("update", "changes nothing"));
        }
        self.name.as_deref().map_or(Ok(()), |name| not_blank("name", name))?;
        self.sub_category.as_deref().map_or(Ok(()), |name| not_blank("subCategory", name))?;
        self.area.as_ref().map_or(Ok(()), CustomPoiArea::check)
    }

    pub(crate) fn written(&self) -> WrittenPoi<'_> {
        let mut written = WrittenPoi {
            name: self.name.as_deref(),
            sub_category: self.sub_category.as_deref(),
            address: self.address.as_ref(),
            ..WrittenPoi::default()
        };
        if let Some(area) = &self.area {
            written.set_area(area);
        }
        written
    }
}

/// What came of making or changing a custom place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CustomPoi {
    /// What to ask for it by.
    pub api_id: VenueId,
    /// Its name, where Placer tells it.
    pub name: Option<String>,
    /// How far it is.
    pub state: CustomPoiState,
}

/// How far a custom place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum CustomPoiState {
    /// It is there.
    Ready,
    /// Placer is still making it, which may fail: [`CustomPois::wait`](crate::CustomPois::wait).
    Creating,
    /// An equal one was there before: [`CreateCustomPoi::or_existing`](crate::CreateCustomPoi::or_existing).
    Existing,
}

/// A custom place as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CustomPoiStatus {
    /// It is there.
    Ready(Box<Poi>),
    /// Placer is still making it.
    Creating,
}

impl CustomPoiStatus {
    /// The place, once it is there.
    pub fn ready(self) -> Option<Poi> {
        match self {
            Self::Ready(poi) => Some(*poi),
            Self::Creating => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn square() -> [Point; 3] {
        [Point::new(42.0, -71.0), Point::new(42.0, -71.001), Point::new(42.001, -71.0)]
    }

    #[test]
    fn exactly_one_form_of_area_is_written_longitude_first() {
        let circle = NewCustomPoi::new("Pier", "Plaza", CustomPoiArea::circle(Point::new(42.5, -71.25), 0.1));
        let expected = json!({"name": "Pier", "subCategory": "Plaza", "centroid": [-71.25, 42.5], "radius": 0.1});
        assert_eq!(serde_json::to_value(circle.written()).unwrap(), expected);
        let update = CustomPoiUpdate::new().area(CustomPoiArea::polygon(square()));
        let ring = json!({"polygon": [[-71.0, 42.0], [-71.001, 42.0], [-71.0, 42.001], [-71.0, 42.0]]});
        assert_eq!(serde_json::to_value(update.written()).unwrap(), ring, "the ring is closed");
        let [a, b, c] = square();
        assert_eq!(CustomPoiArea::polygon([a, b, c, a]), CustomPoiArea::polygon([a, b, c]), "and not closed twice");
    }

    #[test]
    fn areas_that_cannot_be_are_refused_by_name() {
        let pier = Point::new(42.5, -71.25);
        for (area, field) in [
            (CustomPoiArea::circle(pier, 0.006), "radius"),
            (CustomPoiArea::circle(pier, 0.22), "radius"),
            (CustomPoiArea::circle(pier, f64::NAN), "radius"),
            (CustomPoiArea::circle(Point::new(-171.0, 42.0), 0.1), "centroid"),
            (CustomPoiArea::circle(Point::new(f64::NAN, 0.0), 0.1), "centroid"),
            (CustomPoiArea::polygon([pier, Point::new(42.6, -71.25), pier]), "polygon"),
            (CustomPoiArea::polygon([]), "polygon"),
            (CustomPoiArea::polygon([pier, Point::new(91.0, 0.0), Point::new(1.0, 0.0)]), "polygon"),
        ] {
            assert_eq!(area.check().unwrap_err().field(), Some(field), "{area:?}");
        }
        assert!(
            CustomPoiArea::circle(pier, 0.007).check().is_ok() && CustomPoiArea::circle(pier, 0.21).check().is_ok()
        );
    }
}

//! An area on the map.

#[cfg(feature = "geo")]
mod clip;
mod measure;
mod read;
mod write;

use connectors_core::{Error, Result};

use self::measure::encloses;
pub(crate) use self::read::Written;
use super::Point;

/// An area on the map: one polygon or several.
///
/// It is read and written as a GeoJSON geometry (RFC 7946), a `Polygon` or a `MultiPolygon`.
///
/// ```
/// use connectors_placer::{Area, Point};
///
/// let square = r#"{"type":"Polygon","coordinates":[[[-71.1,42.3],[-71.0,42.3],[-71.0,42.4],[-71.1,42.4],[-71.1,42.3]]]}"#;
/// let area = Area::from_geojson(square)?;
/// assert!(area.contains(Point::new(42.35, -71.05)));
/// assert_eq!(area.area_square_miles().round(), 35.0);
/// assert_eq!(area.to_geojson(), square);
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// At least one.
    polygons: Vec<Polygon>,
}

/// One piece of an area.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Polygon {
    /// Its outline, counter-clockwise; the last point is the first.
    pub exterior: Vec<Point>,
    /// What is cut out of it, each clockwise; the last point is the first.
    pub holes: Vec<Vec<Point>>,
}

impl Area {
    /// Reads a GeoJSON geometry, a `Polygon` or a `MultiPolygon`, with the longitude before the latitude. Rings are
    /// closed and turned the right way where they are not.
    ///
    /// Fails with [`Decode`](connectors_core::ErrorKind::Decode) on anything else, and on a geometry without an area.
    pub fn from_geojson(geometry: &str) -> Result<Self> {
        serde_json::from_str(geometry).map_err(|error| {
            Error::new(connectors_core::ErrorKind::Decode, "is not the GeoJSON of an area").with_source(error)
        })
    }

    /// The pieces of closed rings; those without an area are left out.
    pub(crate) fn new(polygons: impl IntoIterator<Item = Polygon>) -> Option<Self> {
        let polygons: Vec<_> = polygons.into_iter().filter_map(Polygon::tidy).collect();
        (!polygons.is_empty()).then_some(Self { polygons })
    }

    /// Its pieces, at least one.
    pub fn polygons(&self) -> &[Polygon] {
        &self.polygons
    }

    /// Whether the place is inside; on the border it may be either.
    pub fn contains(&self, place: Point) -> bool {
        self.polygons.iter().any(|polygon| {
            encloses(&polygon.exterior, place) && !polygon.holes.iter().any(|hole| encloses(hole, place))
        })
    }

    /// Its corners in the south-west and the north-east.
    pub fn bounds(&self) -> (Point, Point) {
        let outlines = self.polygons.iter().flat_map(|polygon| &polygon.exterior);
        let none = (Point::new(f64::MAX, f64::MAX), Point::new(f64::MIN, f64::MIN));
        outlines.fold(none, |(low, high), point| {
            let low = Point::new(low.latitude.min(point.latitude), low.longitude.min(point.longitude));
            let high = Point::new(high.latitude.max(point.latitude), high.longitude.max(point.longitude));
            (low, high)
        })
    }

    /// How large it is on the ellipsoid of the earth, holes left out.
    pub fn area_square_miles(&self) -> f64 {
        let piece = |polygon: &Polygon| {
            let holes: f64 = polygon.holes.iter().map(|hole| measure::square_miles(hole)).sum();
            (measure::square_miles(&polygon.exterior) - holes).max(0.0)
        };
        self.polygons.iter().map(piece).sum()
    }

    /// The radius of the circle that is as large, in miles: a measure of reach that does not depend on the shape.
    pub fn radius_miles(&self) -> f64 {
        (self.area_square_miles() / std::f64::consts::PI).sqrt()
    }

    /// Its centre of gravity. It may lie outside, in a hole or between the pieces.
    pub fn centroid(&self) -> Point {
        measure::centroid(self)
    }

    /// As a GeoJSON geometry: a `Polygon` when it is in one piece, otherwise a `MultiPolygon`.
    pub fn to_geojson(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Polygon {
    /// The piece between these outlines, to be closed and turned by [`Area::new`].
    pub(crate) fn new(exterior: Vec<Point>, holes: Vec<Vec<Point>>) -> Self {
        Self { exterior, holes }
    }

    fn tidy(self) -> Option<Self> {
        let exterior = tidy(self.exterior, true)?;
        Some(Self { exterior, holes: self.holes.into_iter().filter_map(|hole| tidy(hole, false)).collect() })
    }
}

/// Closes a ring, and turns it as RFC 7946 wants it. `None` when it encloses nothing.
fn tidy(mut ring: Vec<Point>, counter_clockwise: bool) -> Option<Vec<Point>> {
    for point in &mut ring {
        *point = Point::new(rounded(point.latitude), rounded(point.longitude));
    }
    ring.dedup();
    let first = *ring.first()?;
    if ring.last() != Some(&first) {
        ring.push(first);
    }
    let turned = measure::turn(&ring);
    if turned == 0 {
        return None;
    }
    if (turned > 0) != counter_clockwise {
        ring.reverse();
    }
    Some(ring)
}

/// To a tenth of a millimetre: so few digits are the same after writing and reading.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e9).round() / 1e9
}

//! A place on the map.

use serde::{Deserialize, Serialize};

/// A place on the map, in degrees.
///
/// ```
/// use connectors_placer::Point;
///
/// let (boston, chicago) = (Point::new(42.3554, -71.0466), Point::new(41.8925, -87.6244));
/// assert_eq!(boston.distance_miles(chicago).round(), 849.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Point {
    /// Northwards from the equator, -90 to 90.
    pub latitude: f64,
    /// Eastwards from Greenwich, -180 to 180: negative in the United States.
    pub longitude: f64,
}

/// The earth as a ball of the same surface, in miles.
const EARTH_RADIUS_MILES: f64 = 3958.761;

impl Point {
    /// The place at this latitude and longitude, in this order.
    pub const fn new(latitude: f64, longitude: f64) -> Self {
        Self { latitude, longitude }
    }

    /// Whether there is such a place on earth.
    pub fn is_valid(self) -> bool {
        self.latitude.abs() <= 90.0 && self.longitude.abs() <= 180.0
    }

    /// How far it is as the crow flies, within half a percent.
    pub fn distance_miles(self, other: Self) -> f64 {
        let (north, east) = (other.latitude - self.latitude, other.longitude - self.longitude);
        let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
        let cosines = self.latitude.to_radians().cos() * other.latitude.to_radians().cos();
        let chord = half(north) + cosines * half(east);
        2.0 * EARTH_RADIUS_MILES * chord.clamp(0.0, 1.0).sqrt().asin()
    }
}

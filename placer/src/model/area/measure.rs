//! Measures of rings: their first point is their last, and their edges are straight in degrees.

use super::{Area, Point};

/// WGS 84: the radius at the equator in metres, and the squared eccentricity.
const EQUATOR: f64 = 6_378_137.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_141_3;

const SQUARE_METRES_PER_SQUARE_MILE: f64 = 1609.344 * 1609.344;

fn edges(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    ring.iter().copied().zip(ring.iter().copied().skip(1))
}

/// Grows with the surface between the equator and the latitude.
fn surface(latitude: f64) -> f64 {
    let (sine, eccentricity) = (latitude.to_radians().sin(), ECCENTRICITY_SQUARED.sqrt());
    let logarithm = ((1.0 - eccentricity * sine) / (1.0 + eccentricity * sine)).ln() / (2.0 * eccentricity);
    (1.0 - ECCENTRICITY_SQUARED) * (sine / (1.0 - ECCENTRICITY_SQUARED * sine * sine) - logarithm)
}

/// What a ring encloses on the ellipsoid. Exact for meridians and parallels, nearly so for other edges, by Simpson's rule.
pub(super) fn square_miles(ring: &[Point]) -> f64 {
    let strip = |(from, to): (Point, Point)| {
        let width = (to.longitude - from.longitude).to_radians();
        let halfway = f64::midpoint(from.latitude, to.latitude);
        width * (surface(from.latitude) + 4.0 * surface(halfway) + surface(to.latitude)) / 6.0
    };
    (edges(ring).map(strip).sum::<f64>() * EQUATOR * EQUATOR / 2.0).abs() / SQUARE_METRES_PER_SQUARE_MILE
}

/// Positive for a ring that runs counter-clockwise, zero for one that encloses nothing. Exact for numbers with nine
/// decimals: nearly nothing must not turn round by being reversed.
#[expect(clippy::cast_possible_truncation, reason = "degrees, and a cast saturates")]
pub(super) fn turn(ring: &[Point]) -> i128 {
    let whole = |degrees: f64| i128::from((degrees * 1e9).round() as i64);
    let cross =
        |(a, b): (Point, Point)| whole(a.longitude) * whole(b.latitude) - whole(b.longitude) * whole(a.latitude);
    edges(ring).map(cross).sum()
}

/// What a ring encloses in square degrees, twice, and that multiplied by its centre, six times, as seen from `origin`.
fn moments(ring: &[Point], origin: Point) -> (f64, f64, f64) {
    let from = |point: Point| (point.longitude - origin.longitude, point.latitude - origin.latitude);
    edges(ring).fold((0.0, 0.0, 0.0), |(size, east, north), (a, b)| {
        let ((ax, ay), (bx, by)) = (from(a), from(b));
        let cross = ax * by - bx * ay;
        (size + cross, east + (ax + bx) * cross, north + (ay + by) * cross)
    })
}

pub(super) fn centroid(area: &Area) -> Point {
    let rings = || area.polygons.iter().flat_map(|polygon| std::iter::once(&polygon.exterior).chain(&polygon.holes));
    let origin = rings().flatten().next().copied().unwrap_or(Point::new(0.0, 0.0));
    // Holes run the other way round, and so count against.
    let (size, east, north) = rings().fold((0.0, 0.0, 0.0), |sum: (f64, f64, f64), ring| {
        let (size, east, north) = moments(ring, origin);
        (sum.0 + size, sum.1 + east, sum.2 + north)
    });
    if size <= 0.0 {
        return origin;
    }
    // Outlines that cross themselves count against themselves, too: their centre may be anywhere.
    let (low, high) = area.bounds();
    Point::new(
        (origin.latitude + north / (3.0 * size)).clamp(low.latitude, high.latitude),
        (origin.longitude + east / (3.0 * size)).clamp(low.longitude, high.longitude),
    )
}

/// Whether the place is inside the ring, by how often a line from it to the east crosses the ring.
pub(super) fn encloses(ring: &[Point], place: Point) -> bool {
    let crosses = |(a, b): &(Point, Point)| {
        let spans = (a.latitude > place.latitude) != (b.latitude > place.latitude);
        let along = (place.latitude - a.latitude) / (b.latitude - a.latitude);
        spans && place.longitude < a.longitude + along * (b.longitude - a.longitude)
    };
    edges(ring).filter(crosses).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Polygon;

    fn square(south: f64, west: f64, north: f64, east: f64) -> Vec<Point> {
        [(south, west), (south, east), (north, east), (north, west), (south, west)]
            .map(|(latitude, longitude)| Point::new(latitude, longitude))
            .to_vec()
    }

    fn close(found: f64, expected: f64, percent: f64) -> bool {
        ((found - expected) / expected * 100.0).abs() <= percent
    }

    #[test]
    fn states_that_are_squares_are_as_large_as_they_are() {
        // 37 to 41 degrees north by 102.05 to 109.05 degrees west, and so on. The surveyed borders are not quite
        // straight, hence the tolerance.
        for (state, found, official) in [
            ("Colorado", square_miles(&square(37.0, -109.0453, 41.0, -102.0421)), 104_094.0),
            ("Wyoming", square_miles(&square(41.0, -111.0546, 45.0, -104.0522)), 97_813.0),
        ] {
            assert!(close(found, official, 0.2), "{state}: {found}");
        }
    }

    #[test]
    fn small_squares_are_exact_from_florida_to_alaska() {
        // Lengths of a degree on WGS 84 in kilometres: of latitude, and of longitude.
        for (latitude, north, east) in
            [(25.0, 110.773, 100.950), (40.0, 111.035, 85.394), (48.0, 111.190, 74.628), (65.0, 111.489, 47.177)]
        {
            let ring = square(latitude - 0.05, -100.05, latitude + 0.05, -99.95);
            let expected = north * east * 0.01 * 0.386_102_159;
            assert!(close(square_miles(&ring), expected, 0.01), "{latitude}: {} {expected}", square_miles(&ring));
        }
    }

    #[test]
    fn holes_count_against() {
        let (outer, hole) = (square(40.0, -100.0, 40.2, -99.8), square(40.0, -100.0, 40.2, -99.9));
        let whole = Area::new([Polygon::new(outer.clone(), Vec::new())]).unwrap();
        let half = Area::new([Polygon::new(outer, vec![hole])]).unwrap();
        assert!(close(half.area_square_miles() * 2.0, whole.area_square_miles(), 1e-6));
        assert!(half.contains(Point::new(40.1, -99.85)) && !half.contains(Point::new(40.1, -99.95)));
        let (middle, of_half) = (whole.centroid(), half.centroid());
        assert!(middle.distance_miles(Point::new(40.1, -99.9)) < 1e-6);
        assert!(of_half.distance_miles(Point::new(40.1, -99.85)) < 1e-6, "{of_half:?}");
        let circle = whole.radius_miles().powi(2) * std::f64::consts::PI;
        assert!(close(circle, whole.area_square_miles(), 1e-9));
        assert_eq!(half.bounds(), (Point::new(40.0, -100.0), Point::new(40.2, -99.8)));
    }

    #[test]
    fn an_edge_is_worth_as_much_as_its_two_halves() {
        let corners = [(40.0, -102.0), (40.5, -100.0), (42.0, -101.0), (40.0, -102.0)];
        let ring = corners.map(|(latitude, longitude)| Point::new(latitude, longitude));
        let halfway = Point::new(40.25, -101.0);
        let halved = [&ring[..1], &[halfway], &ring[1..]].concat();
        assert!(close(square_miles(&halved), square_miles(&ring), 1e-5), "{}", square_miles(&ring));
    }

    #[test]
    fn the_centre_of_a_bow_is_within_its_bounds() {
        let bow = [(40.0, -100.0), (40.1, -99.9), (40.0, -99.9), (40.100_1, -100.000_1), (40.0, -100.0)];
        let ring = bow.map(|(latitude, longitude)| Point::new(latitude, longitude)).to_vec();
        let area = Area::new([Polygon::new(ring, Vec::new())]).unwrap();
        let ((low, high), centre) = (area.bounds(), area.centroid());
        assert!(low.latitude <= centre.latitude && centre.latitude <= high.latitude, "{centre:?}");
        assert!(low.longitude <= centre.longitude && centre.longitude <= high.longitude, "{centre:?}");
    }
}

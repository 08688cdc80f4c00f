//! Areas of any shape: they are read or refused, can be measured and cut, and what was written reads the same.
#![no_main]

use connectors_core::ErrorKind;
use connectors_fuzz::{check_error, parts};
use connectors_placer::{Area, Point, Polygon};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// What a step on the lattice is, in degrees, and where the lattice begins: from slivers to half of the earth.
const LATTICES: [(f64, f64, f64); 5] =
    [(1e-9, -71.0, 42.0), (1e-4, -71.0, 42.0), (0.01, -100.0, 40.0), (0.5, -64.0, -26.0), (1.3, -166.4, -83.2)];

// Two areas. Each is GeoJSON, or a byte for the lattice, and then a byte for each number of a position; an odd byte
// 0xFE begins another ring, and 0xFD another polygon.
fuzz_target!(|data: &[u8]| {
    let mut areas = parts(data).take(2).filter_map(read);
    let Some(one) = areas.next() else { return };
    check(&one);
    let Some(other) = areas.next() else { return };
    check(&other);
    compare(&one, &other);
});

fn read(part: &[u8]) -> Option<Area> {
    let text = std::str::from_utf8(part).ok().filter(|text| text.starts_with('{'));
    let written = text.map_or_else(|| on_lattice(part).to_string(), str::to_owned);
    Area::from_geojson(&written)
        .inspect_err(|error| {
            assert_eq!(error.kind(), ErrorKind::Decode);
            check_error(error);
        })
        .ok()
}

fn on_lattice(part: &[u8]) -> Value {
    let (lattice, bytes) = part.split_first().unwrap_or((&0, &[]));
    let (step, west, south) = LATTICES[usize::from(lattice.wrapping_sub(b'0')) % LATTICES.len()];
    let at = |from: f64, byte: u8| (f64::from(byte) - 128.0).mul_add(step, from + 128.0 * step);
    let mut polygons = vec![vec![Vec::new()]];
    let mut bytes = bytes.iter().copied();
    while let Some(x) = bytes.next() {
        match (x, polygons.last_mut()) {
            (0xFD, _) => polygons.push(vec![Vec::new()]),
            (0xFE, Some(rings)) => rings.push(Vec::new()),
            (x, Some(rings)) => {
                let point = json!([at(west, x), at(south, bytes.next().unwrap_or(x))]);
                rings.last_mut().into_iter().for_each(|ring: &mut Vec<Value>| ring.push(point.clone()));
            }
            (_, None) => unreachable!("there is always one"),
        }
    }
    json!({"type": "MultiPolygon", "coordinates": polygons})
}

fn rings(polygon: &Polygon) -> impl Iterator<Item = &Vec<Point>> {
    std::iter::once(&polygon.exterior).chain(&polygon.holes)
}

fn check(area: &Area) {
    assert!(!area.polygons().is_empty());
    for ring in area.polygons().iter().flat_map(rings) {
        assert!(ring.len() > 3 && ring.first() == ring.last() && ring.iter().all(|point| point.is_valid()), "{ring:?}");
    }
    let written = area.to_geojson();
    assert_eq!(Area::from_geojson(&written).as_ref().ok(), Some(area), "{written}");
    let (low, high) = area.bounds();
    assert!(low.latitude < high.latitude && low.longitude < high.longitude, "{low:?} {high:?}");
    let centre = area.centroid();
    assert!(centre.is_valid(), "{centre:?} of {written}");
    let size = area.area_square_miles();
    assert!(size.is_finite() && size >= 0.0 && area.radius_miles().is_finite(), "{size}");
    for place in [low, high, centre] {
        area.contains(place);
    }
    assert!(!area.contains(Point::new(high.latitude + 1.0, high.longitude)));
}

/// What rounding may come to: the grid on which areas are cut is as fine as the larger of both needs it. `None` for
/// what is larger than any trade area: there, what an edge encloses on the ellipsoid depends on where it is divided.
fn tolerance(areas: [&Area; 2]) -> Option<f64> {
    let [(low, high), (other_low, other_high)] = areas.map(Area::bounds);
    let north = high.latitude.max(other_high.latitude) - low.latitude.min(other_low.latitude);
    let east = high.longitude.max(other_high.longitude) - low.longitude.min(other_low.longitude);
    let extent = north.max(east);
    let edges = areas.iter().flat_map(|area| area.polygons()).flat_map(rings).map(Vec::len).sum::<usize>();
    // A degree is less than 70 miles; each edge may move by a millionth of all, and by the rounding to 1e-9 degrees.
    let moved = extent.mul_add(1e-6, 1e-8);
    (extent < 5.0).then(|| 4900.0 * moved * extent * f64::from(u32::try_from(edges).unwrap_or(u32::MAX)))
}

fn compare(one: &Area, other: &Area) {
    let size = |area: Option<&Area>| area.map_or(0.0, Area::area_square_miles);
    let covered = [one, other].map(|area| area.union(area).area_square_miles());
    let (shared, again) = (one.intersection(other), other.intersection(one));
    shared.iter().for_each(check);
    let whole = one.union(other);
    check(&whole);
    let Some(tolerance) = tolerance([one, other]) else { return };
    let (shared, again) = (size(shared.as_ref()), size(again.as_ref()));
    assert!((shared - again).abs() <= tolerance, "{shared} {again}, give or take {tolerance}");
    assert!(shared <= covered[0].min(covered[1]) + tolerance, "{shared} of {covered:?}, give or take {tolerance}");
    let (all, sum) = (whole.area_square_miles(), covered[0] + covered[1] - shared);
    assert!((all - sum).abs() <= 4.0 * tolerance, "{all} is not {sum}, give or take {tolerance}");
}

//! Reads areas: those of others strictly, Placer's in all the ways that it writes them.

use connectors_core::{Error, ErrorKind, Result};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::measure::encloses;
use super::{Area, Point, Polygon};

/// A geometry as it is written.
#[derive(Debug, Deserialize)]
pub(crate) struct Written {
    #[serde(rename = "type")]
    kind: Option<String>,
    coordinates: Value,
}

/// A position's two numbers, in their order.
type Pair = [f64; 2];

type Rings = Vec<Vec<Pair>>;

impl<'de> Deserialize<'de> for Area {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let written = Written::deserialize(source)?;
        let refuse = |error: Error| D::Error::custom(error.message());
        let kind = written.kind.as_deref();
        if !matches!(kind, Some("Polygon" | "MultiPolygon")) {
            return Err(D::Error::custom("the geometry is neither a Polygon nor a MultiPolygon"));
        }
        let area = points(polygons(kind, &written.coordinates).map_err(refuse)?, false).map_err(refuse)?;
        area.ok_or_else(|| D::Error::custom("the geometry encloses nothing"))
    }
}

impl Area {
    /// Reads an area of Placer's, whose coordinates may be nested one level less than their type says, and may have the
    /// latitude first. `None` when it encloses nothing.
    pub(crate) fn read(written: &Written) -> Result<Option<Self>> {
        let polygons = polygons(written.kind.as_deref(), &written.coordinates)?;
        let swapped = latitude_first(&polygons);
        points(polygons, swapped)
    }
}

/// The polygons of a geometry, each with its outline first. How deep they are nested says what they are.
fn polygons(kind: Option<&str>, coordinates: &Value) -> Result<Vec<Rings>> {
    let polygon = |value: &Value| list(value)?.iter().map(ring).collect::<Result<Rings>>();
    Ok(match (depth(coordinates), kind) {
        (None, _) => Vec::new(),
        (Some(2), _) => vec![vec![ring(coordinates)?]],
        (Some(3), Some("MultiPolygon")) => sorted_out(polygon(coordinates)?),
        (Some(3), _) => vec![polygon(coordinates)?],
        (Some(4), _) => list(coordinates)?.iter().map(polygon).collect::<Result<_>>()?,
        _ => return Err(malformed("are not those of polygons")),
    })
}

/// How many lists there are around a number; `None` where there is none.
fn depth(value: &Value) -> Option<usize> {
    match value {
        Value::Null => None,
        Value::Array(values) => values.iter().filter_map(depth).max().map(|inner| inner + 1),
        _ => Some(0),
    }
}

/// Rings that are said to be polygons: each is the outline of one, unless it lies in another.
fn sorted_out(rings: Rings) -> Vec<Rings> {
    let outline = |ring: &[Pair]| -> Vec<Point> { ring.iter().map(|[x, y]| Point::new(*y, *x)).collect() };
    let mut polygons: Vec<Rings> = Vec::new();
    for ring in rings {
        let first = ring.first().map(|[x, y]| Point::new(*y, *x));
        let around = |polygon: &&mut Rings| {
            polygon.first().zip(first).is_some_and(|(outer, first)| encloses(&outline(outer), first))
        };
        match polygons.iter_mut().find(around) {
            Some(polygon) => polygon.push(ring),
            None => polygons.push(vec![ring]),
        }
    }
    polygons
}

fn ring(value: &Value) -> Result<Vec<Pair>> {
    list(value)?.iter().map(pair).collect()
}

/// A position. What follows after the two numbers is a height.
fn pair(value: &Value) -> Result<Pair> {
    let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    match list(value)? {
        [x, y, ..] => {
            let pair = number(x).zip(number(y)).filter(|(x, y)| x.is_finite() && y.is_finite());
            pair.map(Pair::from).ok_or_else(|| malformed("have a position that is not two numbers"))
        }
        _ => Err(malformed("have a position that is not two numbers")),
    }
}

fn list(value: &Value) -> Result<&[Value]> {
    match value {
        Value::Array(values) => Ok(values),
        Value::Null => Ok(&[]),
        _ => Err(malformed("have a value that is not a list")),
    }
}

fn malformed(how: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("the coordinates {how}")).with_json_path("coordinates")
}

/// Whether the coordinates have the latitude first, against the standard. All of Placer's places are in the United
/// States, so that what is below -60, or beyond 90 either way, is a longitude. In doubt the standard is right.
fn latitude_first(polygons: &[Rings]) -> bool {
    let is_longitude = |number: f64| !(-60.0..=90.0).contains(&number);
    let count = |position: fn(&Pair) -> f64| {
        polygons.iter().flatten().flatten().filter(|pair| is_longitude(position(pair))).count()
    };
    count(|[_, second]| *second) > count(|[first, _]| *first)
}

/// `None` when they enclose nothing.
fn points(polygons: Vec<Rings>, latitude_first: bool) -> Result<Option<Area>> {
    let point = |pair: Pair| {
        let [longitude, latitude] = if latitude_first { [pair[1], pair[0]] } else { pair };
        let point = Point::new(latitude, longitude);
        if point.is_valid() { Ok(point) } else { Err(malformed("have a position that is not on earth")) }
    };
    let ring = |ring: Vec<Pair>| ring.into_iter().map(point).collect::<Result<Vec<_>>>();
    let polygon = |rings: Rings| {
        let mut rings = rings.into_iter().filter(|ring| !ring.is_empty()).map(ring);
        let exterior = rings.next().transpose()?.unwrap_or_default();
        Ok(Polygon::new(exterior, rings.collect::<Result<_>>()?))
    };
    let polygons = polygons.into_iter().map(polygon).collect::<Result<Vec<_>>>()?;
    Ok(Area::new(polygons))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RING: &str = "[[-71.1,42.3],[-71.0,42.3],[-71.0,42.4],[-71.1,42.4],[-71.1,42.3]]";

    fn read(kind: &str, coordinates: &str) -> Result<Option<Area>> {
        Area::read(&serde_json::from_str(&format!(r#"{{"type":{kind},"coordinates":{coordinates}}}"#)).unwrap())
    }

    #[test]
    fn one_square_reads_the_same_however_it_is_written() {
        let expected = Area::from_geojson(&format!(r#"{{"type":"Polygon","coordinates":[{RING}]}}"#)).unwrap();
        for (kind, coordinates) in [
            (r#""Polygon""#, format!("[{RING}]")),
            (r#""MultiPolygon""#, format!("[[{RING}]]")),
            (r#""MultiPolygon""#, format!("[{RING}]")),
            ("null", format!("[[{RING}]]")),
            (r#""Polygon""#, "[[[42.3,-71.1],[42.3,-71.0],[42.4,-71.0],[42.4,-71.1],[42.3,-71.1]]]".to_owned()),
            (r#""Polygon""#, "[[[\"-71.1\",42.3,12.5],[-71.0,42.3],[-71.0,42.4],[-71.1,42.4]]]".to_owned()),
            (r#""Polygon""#, r"[[[-71.1,42.4],[-71.0,42.4],[-71.0,42.3],[-71.1,42.3],[-71.1,42.4]]]".to_owned()),
        ] {
            let area = read(kind, &coordinates).unwrap().unwrap();
            assert_eq!(area.bounds(), expected.bounds(), "{coordinates}");
            assert!((area.area_square_miles() - expected.area_square_miles()).abs() < 1e-9, "{coordinates}");
            let [polygon] = area.polygons() else { panic!("{area:?}") };
            assert_eq!((polygon.exterior.len(), polygon.exterior.first()), (5, polygon.exterior.last()));
            assert_eq!(serde_json::from_str::<Area>(&area.to_geojson()).unwrap(), area);
        }
    }

    #[test]
    fn outlines_that_cross_themselves_read_the_same_again() {
        for outline in [
            "[[-99.98,40.01],[-99.99,40.02],[-99.98,40.0],[-99.97,40.03],[-100.0,40.0],[-99.99,40.03]]",
            "[[-71.1,42.3],[-71.0,42.4],[-71.0,42.3],[-71.1,42.4],[-71.1,42.300000001]]",
        ] {
            let Some(area) = read(r#""Polygon""#, &format!("[{outline}]")).unwrap() else { continue };
            let again = Area::from_geojson(&area.to_geojson());
            assert_eq!(again.unwrap(), area, "{outline}");
        }
        let bow = "[[[-71.1,42.3],[-71.0,42.4],[-71.0,42.3],[-71.1,42.4]]]";
        assert_eq!(read(r#""Polygon""#, bow).unwrap(), None, "both halves are worth the same");
    }

    #[test]
    fn rings_of_a_flattened_multi_polygon_are_outlines_unless_they_lie_in_one() {
        let rings = "[[[-71,42],[-70,42],[-70,43],[-71,43]],[[-70.6,42.4],[-70.5,42.4],[-70.5,42.5]],[[-69,42],[-68,42],[-68,43]]]";
        let area = read(r#""MultiPolygon""#, rings).unwrap().unwrap();
        let holes: Vec<_> = area.polygons().iter().map(|polygon| polygon.holes.len()).collect();
        assert_eq!(holes, [1, 0]);
        let whole = read(r#""Polygon""#, rings).unwrap().unwrap();
        assert_eq!(whole.polygons()[0].holes.len(), 2);
    }

    #[test]
    fn odd_geometries_are_errors_or_nothing_and_never_a_panic() {
        for nothing in ["[]", "[[]]", "[[[]]]", "null", "[[[-71,42],[-71,42],[-71,42]]]", "[[[-71,42],[-70,43]]]"] {
            assert_eq!(read(r#""Polygon""#, nothing).unwrap(), None, "{nothing}");
        }
        for odd in ["7", "\"x\"", "[7]", "[[[[[[-71,42]]]]]]", "[[[-71],[-70,42],[-70,43]]]", "[[7,[-70,42],[-70,43]]]"]
        {
            assert_eq!(read(r#""Polygon""#, odd).unwrap_err().json_path(), Some("coordinates"), "{odd}");
        }
        let nowhere = read(r#""Polygon""#, "[[[-500,42],[-400,42],[-400,43]]]").unwrap_err();
        assert_eq!(nowhere.kind(), ErrorKind::Decode);
        assert!(read(r#""Polygon""#, "[[[1e308,-1e308],[1e308,1e308],[-1e308,0]]]").is_err());
        let huge: Vec<_> = (0..200_000).map(|n| [-80.0 + f64::from(n % 7), 40.0 + f64::from(n % 11)]).collect();
        let huge = read(r#""Polygon""#, &serde_json::to_string(&[huge]).unwrap()).unwrap();
        assert!(huge.is_none_or(|area| area.area_square_miles().is_finite()));
        assert!(Area::from_geojson(r#"{"type":"Point","coordinates":[-71,42]}"#).is_err());
        assert!(Area::from_geojson(r#"{"type":"Polygon","coordinates":[]}"#).is_err());
    }

    #[test]
    fn places_east_of_greenwich_keep_the_standard_order() {
        let guam = read(r#""Polygon""#, "[[[144.7,13.4],[144.8,13.4],[144.8,13.5]]]").unwrap().unwrap();
        assert!((guam.centroid().latitude - 13.43).abs() < 0.01);
        let swapped = read(r#""Polygon""#, "[[[13.4,144.7],[13.4,144.8],[13.5,144.8]]]").unwrap().unwrap();
        assert_eq!(swapped.bounds(), guam.bounds());
    }
}

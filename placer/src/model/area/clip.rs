//! What areas have in common. Edges are straight in degrees, as RFC 7946 has them, so that areas are cut in degrees,
//! and measured on the ellipsoid afterwards.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::overlay::FloatOverlay;

use super::{Area, Point, Polygon};

type Rings = Vec<Vec<[f64; 2]>>;

impl Area {
    /// What the two areas have in common; `None` when that is nothing, or only a border. Pieces of one area that lie on
    /// each other count once.
    #[cfg_attr(docsrs, doc(cfg(feature = "geo")))]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        cut(&rings(self), &rings(other), OverlayRule::Intersect)
    }

    /// What lies in one of the areas, or in both.
    #[cfg_attr(docsrs, doc(cfg(feature = "geo")))]
    pub fn union(&self, other: &Self) -> Self {
        cut(&rings(self), &rings(other), OverlayRule::Union).unwrap_or_else(|| self.clone())
    }
}

/// Outlines run counter-clockwise and holes clockwise, which is what the fill rule goes by.
fn rings(area: &Area) -> Rings {
    let rings = area.polygons.iter().flat_map(|polygon| std::iter::once(&polygon.exterior).chain(&polygon.holes));
    rings.map(|ring| ring.iter().skip(1).map(|point| [point.longitude, point.latitude]).collect()).collect()
}

fn cut(one: &Rings, other: &Rings, rule: OverlayRule) -> Option<Area> {
    let shapes = FloatOverlay::with_subj_and_clip(one, other).overlay(rule, FillRule::NonZero);
    // The grid that is cut on may reach a hair beyond the earth.
    let point =
        |[longitude, latitude]: [f64; 2]| Point::new(latitude.clamp(-90.0, 90.0), longitude.clamp(-180.0, 180.0));
    let ring = |ring: Vec<[f64; 2]>| ring.into_iter().map(point);
    Area::new(shapes.into_iter().map(|shape| {
        let mut rings = shape.into_iter().map(|points| ring(points).collect());
        Polygon::new(rings.next().unwrap_or_default(), rings.collect())
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(south: f64, west: f64, side: f64) -> Vec<Point> {
        let (north, east) = (south + side, west + side);
        [(south, west), (south, east), (north, east), (north, west)].map(|(y, x)| Point::new(y, x)).to_vec()
    }

    fn area(pieces: &[Vec<Point>]) -> Area {
        Area::new(pieces.iter().map(|piece| Polygon::new(piece.clone(), Vec::new()))).unwrap()
    }

    fn close(found: f64, expected: f64) -> bool {
        ((found - expected) / expected).abs() < 1e-6
    }

    #[test]
    fn squares_have_in_common_what_they_cover_both() {
        let (one, other) = (area(&[square(40.0, -100.0, 0.2)]), area(&[square(40.1, -99.9, 0.2)]));
        let shared = one.intersection(&other).unwrap();
        assert!(close(shared.area_square_miles(), area(&[square(40.1, -99.9, 0.1)]).area_square_miles()));
        assert_eq!(shared.bounds(), (Point::new(40.1, -99.9), Point::new(40.2, -99.8)));
        let whole = one.area_square_miles() + other.area_square_miles() - shared.area_square_miles();
        assert!(close(one.union(&other).area_square_miles(), whole));

        assert!(close(one.intersection(&one).unwrap().area_square_miles(), one.area_square_miles()));
        assert_eq!(one.intersection(&area(&[square(40.2, -100.0, 0.2)])), None, "only a border");
        assert_eq!(one.intersection(&area(&[square(45.0, -90.0, 0.2)])), None);
    }

    #[test]
    fn holes_and_pieces_are_respected() {
        let ring = Area::new([Polygon::new(square(40.0, -100.0, 0.4), vec![square(40.1, -99.9, 0.2)])]).unwrap();
        assert_eq!(ring.intersection(&area(&[square(40.15, -99.85, 0.1)])), None, "all of it in the hole");
        let around = ring.intersection(&area(&[square(40.0, -100.0, 0.4)])).unwrap();
        assert_eq!((around.polygons().len(), around.polygons()[0].holes.len()), (1, 1));
        assert!(close(around.area_square_miles(), ring.area_square_miles()));

        let pieces = area(&[square(40.0, -100.0, 0.1), square(40.0, -99.0, 0.1)]);
        let wide = area(&[vec![
            Point::new(40.05, -101.0),
            Point::new(40.05, -98.0),
            Point::new(41.0, -98.0),
            Point::new(41.0, -101.0),
        ]]);
        assert_eq!(pieces.intersection(&wide).unwrap().polygons().len(), 2);
        let twice = area(&[square(40.0, -100.0, 0.1), square(40.0, -100.0, 0.1)]);
        let once = twice.intersection(&wide.union(&twice)).unwrap();
        assert!(close(once.area_square_miles() * 2.0, twice.area_square_miles()), "covered twice, counted once");
    }

    #[test]
    fn what_is_cut_at_the_edge_of_the_earth_stays_on_it() {
        let cap = [(84.0, -28.5), (90.0, -56.5), (10.0, 40.0)].map(|(y, x)| Point::new(y, x)).to_vec();
        let whole = area(&[square(-90.0, -180.0, 180.0), square(-90.0, 0.0, 180.0)]);
        for shared in [whole.union(&whole), area(&[cap]).intersection(&whole).unwrap()] {
            let (low, high) = shared.bounds();
            assert!(low.is_valid() && high.is_valid(), "{low:?} {high:?}");
            assert_eq!(Area::from_geojson(&shared.to_geojson()).unwrap(), shared);
        }
    }

    #[test]
    fn any_two_outlines_can_be_cut() {
        let mut state = 7_u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(state >> 33).unwrap()) / f64::from(u32::MAX >> 1)
        };
        let mut met = 0;
        for _ in 0..60 {
            let mut tangle = || -> Vec<Point> {
                (0..20).map(|_| Point::new(40.0 + random() * 0.3, -100.0 + random() * 0.3)).collect()
            };
            let (Some(one), Some(other)) =
                (Area::new([Polygon::new(tangle(), vec![tangle()])]), Area::new([Polygon::new(tangle(), Vec::new())]))
            else {
                continue;
            };
            let (shared, again) = (one.intersection(&other), other.intersection(&one));
            let size = |area: &Option<Area>| area.as_ref().map_or(0.0, Area::area_square_miles);
            assert!((size(&shared) - size(&again)).abs() < 1e-3, "{} {}", size(&shared), size(&again));
            let most = one.union(&one).area_square_miles().min(other.union(&other).area_square_miles());
            assert!(size(&shared) <= most + 1e-3, "{} {most}", size(&shared));
            met += usize::from(shared.is_some());
        }
        assert!(met > 30, "{met}");
    }
}

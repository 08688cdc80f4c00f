//! Writes areas as GeoJSON.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{Area, Point, Polygon};

struct Ring<'a>(&'a [Point]);

impl Serialize for Ring<'_> {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.collect_seq(self.0.iter().map(|point| [point.longitude, point.latitude]))
    }
}

struct Rings<'a>(&'a Polygon);

impl Serialize for Rings<'_> {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        let rings = std::iter::once(&self.0.exterior).chain(&self.0.holes);
        target.collect_seq(rings.map(|ring| Ring(ring)))
    }
}

struct Pieces<'a>(&'a [Polygon]);

impl Serialize for Pieces<'_> {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.collect_seq(self.0.iter().map(Rings))
    }
}

impl Serialize for Area {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        let mut geometry = target.serialize_struct("Area", 2)?;
        match self.polygons.as_slice() {
            [only] => {
                geometry.serialize_field("type", "Polygon")?;
                geometry.serialize_field("coordinates", &Rings(only))?;
            }
            several => {
                geometry.serialize_field("type", "MultiPolygon")?;
                geometry.serialize_field("coordinates", &Pieces(several))?;
            }
        }
        geometry.end()
    }
}

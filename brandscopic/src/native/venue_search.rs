//! Venues and places as they are searched for and added.

use std::fmt;

use connectors_core::{Result, wire};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::PlaceId;
use super::request::{country_code, not_blank};

/// What an event's place is set by: the id of a place, or Google's reference to one that Brandscopic does not have yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlaceReference {
    /// A place of Brandscopic.
    Place(PlaceId),
    /// A place of Google, as `<reference>||<place id>`.
    Google(String),
}

impl PlaceReference {
    /// Reads what [`Display`](fmt::Display) wrote.
    pub fn new(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Google(text.to_owned()), Self::Place)
    }

    /// The place's id, if it is one of Brandscopic.
    pub fn place_id(&self) -> Option<PlaceId> {
        match self {
            Self::Place(id) => Some(*id),
            Self::Google(_) => None,
        }
    }
}

impl fmt::Display for PlaceReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place(id) => fmt::Display::fmt(id, f),
            Self::Google(reference) => f.write_str(reference),
        }
    }
}

impl Serialize for PlaceReference {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Place(id) => id.serialize(target),
            Self::Google(reference) => target.serialize_str(reference),
        }
    }
}

impl<'de> Deserialize<'de> for PlaceReference {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct NumberOrText;
        impl Visitor<'_> for NumberOrText {
            type Value = PlaceReference;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a place id or a reference")
            }

            fn visit_i64<E: de::Error>(self, id: i64) -> Result<PlaceReference, E> {
                Ok(PlaceReference::Place(PlaceId::new(id)))
            }

            fn visit_u64<E: de::Error>(self, id: u64) -> Result<PlaceReference, E> {
                i64::try_from(id).map_err(|_| E::custom("the id is out of range")).and_then(|id| self.visit_i64(id))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<PlaceReference, E> {
                Ok(PlaceReference::new(text))
            }
        }
        source.deserialize_any(NumberOrText)
    }
}

/// A hit of a venue search.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct VenueMatch {
    /// What to set an event's place by.
    pub id: PlaceReference,
    /// The venue's name, sometimes followed by its address.
    pub value: String,
    /// The name and the address in one line.
    #[serde(default, deserialize_with = "wire::lenient::opt_string")]
    pub label: Option<String>,
    /// Where it is, if that is known.
    #[serde(default)]
    pub location: Option<MatchLocation>,
    /// Whether this user may use it.
    #[serde(default, deserialize_with = "wire::lenient::or_default")]
    pub valid: bool,
}

/// Where a hit of a venue search is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MatchLocation {
    /// In degrees.
    #[serde(default, deserialize_with = "wire::lenient::opt_number")]
    pub latitude: Option<f64>,
    /// In degrees.
    #[serde(default, deserialize_with = "wire::lenient::opt_number")]
    pub longitude: Option<f64>,
    /// From where the search was to be near, in the server's unit, probably kilometres.
    #[serde(default, deserialize_with = "wire::lenient::opt_number")]
    pub distance: Option<f64>,
}

/// A venue to add. Brandscopic looks the address up and refuses one that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewVenue {
    /// Its name.
    pub name: String,
    /// What it is, comma-separated, in the words of `/venues/types`; `establishment` by default.
    pub types: String,
    /// House number.
    pub street_number: String,
    /// Street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// City.
    pub city: String,
    /// The state's or region's full name.
    pub state: String,
    /// Postal code.
    pub zipcode: String,
    /// The country's two-letter code.
    pub country: String,
}

impl NewVenue {
    /// A venue called `name` in `city`, `state` (its full name) and `country` (its two-letter code).
    pub fn new(
        name: impl Into<String>,
        city: impl Into<String>,
        state: impl Into<String>,
        country: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            types: "establishment".to_owned(),
            street_number: String::new(),
            route: None,
            city: city.into(),
            state: state.into(),
            zipcode: String::new(),
            country: country.into(),
        }
    }

    /// House number and street.
    pub fn street(mut self, number: impl Into<String>, route: impl Into<String>) -> Self {
        (self.street_number, self.route) = (number.into(), Some(route.into()));
        self
    }

    /// Postal code.
    pub fn zipcode(mut self, zipcode: impl Into<String>) -> Self {
        self.zipcode = zipcode.into();
        self
    }

    /// What it is, in the values of [`types`](super::Venues::types).
    pub fn types<T: AsRef<str>>(mut self, types: impl IntoIterator<Item = T>) -> Self {
        self.types = types.into_iter().map(|one| one.as_ref().to_owned()).collect::<Vec<_>>().join(",");
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        let texts = [("name", &self.name), ("types", &self.types), ("street_number", &self.street_number)];
        texts.into_iter().chain([("city", &self.city)]).try_for_each(|(field, text)| not_blank(field, text))?;
        country_code("country", &self.country)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reference_is_a_number_or_a_text_and_goes_back_as_it_came() {
        for (wire, id) in [("12", Some(12)), (r#""12""#, Some(12)), (r#""CmRb||ChIJ""#, None)] {
            let reference: PlaceReference = serde_json::from_str(wire).unwrap();
            assert_eq!(reference.place_id().map(PlaceId::get), id);
            assert_eq!(PlaceReference::new(&reference.to_string()), reference);
        }
        assert_eq!(serde_json::to_string(&PlaceReference::new("12")).unwrap(), "12");
    }
}

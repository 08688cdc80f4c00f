//! Where an event is, as gateways have it.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use connectors_core::wire::lenient;
use serde::{Deserialize, Deserializer, Serialize};

/// How a gateway wants a location to be written. Both are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LocationForm {
    /// `"City, Country"`
    #[default]
    Text,
    /// `{"city": …, "country": …}`
    Object,
}

/// Where an event is. As a text, it is `City, Country`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct GatewayLocation {
    /// The city.
    pub city: String,
    /// The country, by name or by code.
    pub country: String,
    /// The state or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl GatewayLocation {
    /// This city.
    pub fn new(city: impl Into<String>, country: impl Into<String>) -> Self {
        Self { city: city.into(), country: country.into(), ..Self::default() }
    }
}

/// The first part is the city and the last one the country; what is between them is the state.
impl From<&str> for GatewayLocation {
    fn from(text: &str) -> Self {
        let (city, rest) = text.split_once(',').unwrap_or((text, ""));
        let (state, country) = rest.rsplit_once(',').unwrap_or(("", rest));
        let state = Some(state.trim().to_owned()).filter(|state| !state.is_empty());
        Self { state, ..Self::new(city.trim(), country.trim()) }
    }
}

impl From<String> for GatewayLocation {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl FromStr for GatewayLocation {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl fmt::Display for GatewayLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.city.is_empty() || self.country.is_empty() { "" } else { ", " };
        write!(f, "{}{separator}{}", self.city, self.country)
    }
}

impl<'de> Deserialize<'de> for GatewayLocation {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Object {
            #[serde(default, deserialize_with = "lenient::opt_string")]
            city: Option<String>,
            #[serde(default, deserialize_with = "lenient::opt_string")]
            country: Option<String>,
            #[serde(default, alias = "region", deserialize_with = "lenient::opt_string")]
            state: Option<String>,
            #[serde(default, deserialize_with = "lenient::opt_string")]
            address: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Object(Object),
        }
        Ok(match Written::deserialize(source)? {
            Written::Text(text) => text.into(),
            Written::Object(Object { city, country, state, address }) => {
                Self { city: city.unwrap_or_default(), country: country.unwrap_or_default(), state, address }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_text_or_an_object() {
        let read = |json: &str| serde_json::from_str::<GatewayLocation>(json).unwrap();
        for same in [
            r#""Springfield, Illinois, US""#,
            r#"{"city":"Springfield","country":"US","state":"Illinois","zip":62701}"#,
            r#"{"city":"Springfield","country":"US","region":"Illinois","address":null}"#,
        ] {
            let location = read(same);
            assert_eq!(location.to_string(), "Springfield, US", "{same}");
            assert_eq!(location.state.as_deref(), Some("Illinois"), "{same}");
        }
        assert_eq!(read(r#""Berlin""#), GatewayLocation::new("Berlin", ""));
        assert_eq!(read(r#""Berlin""#).to_string(), "Berlin");
        assert!(serde_json::from_str::<GatewayLocation>("[1]").is_err());
    }
}

//! Which place is meant.

use connectors_core::{Error, Result};

connectors_core::string_id! {
    /// A place that can be asked about.
    ///
    /// The native contract calls it *API id* and writes it `<type>:<24 hex digits>`, such as
    /// `venue:5f0c1de2a9b84c7d3e6f0a11`; see [`Pois::search`](crate::Pois::search) for finding one by name. A gateway
    /// has ids of its own, which are opaque.
    pub struct VenueId("venueId");
}

connectors_core::open_enum! {
    /// What kind of thing an id stands for.
    pub enum EntityType {
        /// One store, restaurant or other place.
        "venue" => Venue,
        /// An area of several venues: a mall, a stadium, an airport. Custom areas are complexes too.
        "complex" => Complex,
        /// A brand, whose numbers come already added up.
        "chain" => Chain,
        /// A point on a road, which measures people passing instead of visits.
        "billboard" => Billboard,
        /// The account's own collection of places.
        "tag" => Tag,
    }
}

impl VenueId {
    /// What kind of thing it is, by its prefix; `None` for an id without one.
    pub fn entity_type(&self) -> Option<EntityType> {
        self.as_str().split_once(':').map(|(prefix, _)| EntityType::from(prefix))
    }

    /// Whether it may be a place of the account's own making, which some reports refuse: those are complexes.
    pub(crate) fn may_be_custom(&self) -> bool {
        self.entity_type() == Some(EntityType::Complex)
    }

    /// Refuses what the native contract would refuse at the price of a call.
    pub(crate) fn check_native(&self) -> Result<()> {
        let is_hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
        let fits = self.as_str().split_once(':').is_some_and(|(prefix, hex)| {
            let prefixed = !prefix.is_empty() && prefix.chars().all(|c| c.is_ascii_lowercase());
            prefixed && hex.len() == 24 && hex.chars().all(is_hex)
        });
        if fits {
            return Ok(());
        }
        let error = Error::invalid("venueId", format!("`{self}` is not written like venue:5f0c1de2a9b84c7d3e6f0a11"));
        Err(error.with_hint("search for the venue by name with `pois().search()` and take its apiId"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn native_ids_have_a_type_and_24_hex_digits() {
        let check = |id: &str| VenueId::new(id).unwrap().check_native();
        for good in
            ["venue:5f0c1de2a9b84c7d3e6f0a11", "chain:0123456789abcdef01234567", "zipcode:0123456789abcdef01234567"]
        {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in [
            "5f0c1de2a9b84c7d3e6f0a11",
            "venue:5F0C1DE2A9B84C7D3E6F0A11",
            "venue:5f0c",
            ":5f0c1de2a9b84c7d3e6f0a11",
            "abc",
        ] {
            assert_eq!(check(bad).unwrap_err().field(), Some("venueId"), "{bad}");
        }
        assert_eq!(VenueId::new("tag:1").unwrap().entity_type(), Some(EntityType::Tag));
    }
}

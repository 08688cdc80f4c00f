//! Where else the same people go.

use serde::{Deserialize, Serialize};

use super::{Category, EntityType, PostalAddress, Regions, VenueId, VisitSegment};
use crate::native::node::{Count, Measure, Text, or_empty};

/// The places that the visitors of a place visit as well, as Placer orders them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FavoritePlaces {
    /// Whose visitors.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The places.
    pub places: Vec<FavoritePlace>,
    /// The categories that were asked for; all when empty.
    pub categories: Vec<String>,
    /// Those of them that Placer did not recognise, and so left out of account, as far as it tells.
    pub ignored_categories: Vec<String>,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
}

/// A place that the same people visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FavoritePlace {
    /// What to ask for it by.
    pub api_id: Option<VenueId>,
    /// Its name.
    pub name: Option<String>,
    /// What kind of place it is.
    pub entity_type: Option<EntityType>,
    /// What business it is in.
    pub category: Option<Category>,
    /// Where it is.
    pub address: Option<PostalAddress>,
    /// The areas it belongs to.
    pub regions: Option<Regions>,
    /// Whether its data is too thin: reports on it fail.
    pub is_flagged: Option<bool>,
    /// How many of the visitors go there, estimated.
    pub estimated_customers: Option<u64>,
    /// Their share of the visitors, in percent.
    pub percentage: Option<f64>,
    /// How far it is away, in miles.
    pub distance_miles: Option<f64>,
}

/// The chains that the visitors of a place visit as well, as Placer orders them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FavoriteChains {
    /// Whose visitors.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The chains.
    pub chains: Vec<FavoriteChain>,
    /// The categories that were asked for; all when empty.
    pub categories: Vec<String>,
    /// Those of them that Placer did not recognise, and so left out of account, as far as it tells.
    pub ignored_categories: Vec<String>,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
}

/// A chain that the same people visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FavoriteChain {
    /// What to ask for it by.
    pub api_id: Option<VenueId>,
    /// Its name.
    pub name: Option<String>,
    /// What kind of thing it is.
    pub entity_type: Option<EntityType>,
    /// What business it is in.
    pub category: Option<Category>,
    /// Whether the chain is the nationwide one or that of a region, in Placer's words.
    pub region_type: Option<String>,
    /// How many of the visitors go there, estimated.
    pub estimated_customers: Option<u64>,
    /// Their share of the visitors, in percent.
    pub percentage: Option<f64>,
}

impl FavoritePlaces {
    /// Whether Placer answered with all categories although some were asked for: it does, without a word, when it
    /// recognises none of their names.
    pub fn is_unfiltered(&self) -> bool {
        is_unfiltered(&self.categories, &self.ignored_categories, self.places.iter().map(|place| &place.category))
    }

    pub(crate) fn read(
        venue: &VenueId,
        written: WrittenPlaces,
        asked: Vec<String>,
        segment: Option<VisitSegment>,
    ) -> Self {
        let place = |written: WrittenPlace| FavoritePlace {
            api_id: id(written.api_id),
            name: text(written.name),
            entity_type: written.entity_type,
            category: written.category_info,
            address: written.address,
            regions: written.regions,
            is_flagged: written.is_flagged,
            estimated_customers: written.estimated_number_of_customers.0,
            percentage: written.percentage.0,
            distance_miles: written.distance_in_miles.0,
        };
        Self {
            venue: venue.clone(),
            places: written.favorites_places_array.into_iter().map(place).collect(),
            ignored_categories: ignored(&asked, written.requested_categories),
            categories: asked,
            segment,
        }
    }
}

impl FavoriteChains {
    /// Whether Placer answered with all categories although some were asked for: it does, without a word, when it
    /// recognises none of their names.
    pub fn is_unfiltered(&self) -> bool {
        is_unfiltered(&self.categories, &self.ignored_categories, self.chains.iter().map(|chain| &chain.category))
    }

    pub(crate) fn read(
        venue: &VenueId,
        written: WrittenChains,
        asked: Vec<String>,
        segment: Option<VisitSegment>,
    ) -> Self {
        let chain = |written: WrittenChain| FavoriteChain {
            api_id: id(written.api_id),
            name: text(written.name),
            entity_type: written.entity_type,
            category: written.category_info,
            region_type: text(written.region_type),
            estimated_customers: written.estimated_number_of_customers.0,
            percentage: written.percentage.0,
        };
        Self {
            venue: venue.clone(),
            chains: written.favorites_chains_array.into_iter().map(chain).collect(),
            ignored_categories: ignored(&asked, written.requested_categories),
            categories: asked,
            segment,
        }
    }
}

/// What was asked for and is not in the echo. Without an echo nothing is known.
fn ignored(asked: &[String], echo: Option<Vec<Text>>) -> Vec<String> {
    let Some(echo) = echo else { return Vec::new() };
    let heard = |name: &&String| !echo.iter().filter_map(|text| text.0.as_ref()).any(|text| same(text, name));
    asked.iter().filter(heard).cloned().collect()
}

/// No name was recognised, or something is listed that none of them can mean: the echo may be one of all names.
fn is_unfiltered<'a>(
    asked: &[String],
    ignored: &[String],
    mut listed: impl Iterator<Item = &'a Option<Category>>,
) -> bool {
    let is_asked_for = |category: &Category| {
        let names = [&category.group, &category.category, &category.sub_category];
        names.into_iter().flatten().any(|name| asked.iter().any(|asked| same(asked, name)))
    };
    let told = |category: &Category| category.category.is_some();
    let other = |category: &Option<Category>| category.as_ref().is_some_and(|it| told(it) && !is_asked_for(it));
    !asked.is_empty() && (ignored.len() == asked.len() || listed.any(other))
}

fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// As it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WrittenPlaces {
    requested_categories: Option<Vec<Text>>,
    #[serde(deserialize_with = "or_empty")]
    favorites_places_array: Vec<WrittenPlace>,
}

/// As it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WrittenChains {
    requested_categories: Option<Vec<Text>>,
    #[serde(deserialize_with = "or_empty")]
    favorites_chains_array: Vec<WrittenChain>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WrittenPlace {
    api_id: Option<Text>,
    name: Option<Text>,
    entity_type: Option<EntityType>,
    category_info: Option<Category>,
    address: Option<PostalAddress>,
    regions: Option<Regions>,
    #[serde(deserialize_with = "connectors_core::wire::lenient::opt_flag")]
    is_flagged: Option<bool>,
    estimated_number_of_customers: Count,
    percentage: Measure,
    distance_in_miles: Measure,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WrittenChain {
    api_id: Option<Text>,
    name: Option<Text>,
    entity_type: Option<EntityType>,
    category_info: Option<Category>,
    region_type: Option<Text>,
    estimated_number_of_customers: Count,
    percentage: Measure,
}

fn text(text: Option<Text>) -> Option<String> {
    text.and_then(|text| text.0)
}

fn id(written: Option<Text>) -> Option<VenueId> {
    text(written).and_then(|id| VenueId::new(id).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn echo(names: &[&str]) -> Vec<Text> {
        names.iter().map(|name| Text(Some((*name).to_owned()))).collect()
    }

    #[test]
    fn what_the_echo_leaves_out_was_ignored() {
        let asked = names(&["Groceries", "Hats"]);
        assert_eq!(ignored(&asked, Some(echo(&["groceries"]))), ["Hats"]);
        assert_eq!(ignored(&asked, Some(echo(&[]))), asked);
        assert!(ignored(&asked, None).is_empty());
    }

    #[test]
    fn an_answer_about_everything_is_known_by_its_echo_or_its_rows() {
        let row = |name: &str| Some(Category { category: Some(name.to_owned()), ..Category::default() });
        let (asked, groceries, stadiums) = (names(&["Groceries", "Hats"]), row("Groceries"), row("Stadiums"));
        assert!(!is_unfiltered(&asked, &asked[1..], [&groceries].into_iter()));
        assert!(is_unfiltered(&asked, &asked, [].into_iter()));
        assert!(is_unfiltered(&asked, &[], [&groceries, &stadiums].into_iter()), "an echo of all that was asked for");
        assert!(!is_unfiltered(&[], &[], [&stadiums].into_iter()), "nothing was asked for");
    }
}

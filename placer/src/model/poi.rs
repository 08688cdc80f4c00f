//! Places as a search finds them.

use connectors_core::wire::lenient::opt_flag;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{EntityType, VenueId};
use crate::native::node::Text;

/// A place that can be asked about. Placer leaves blank or out what it does not know; it tells no coordinates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Poi {
    /// What to ask for it by.
    pub api_id: VenueId,
    /// The name on its front.
    #[serde(default, deserialize_with = "scalar")]
    pub name: Option<String>,
    /// What kind of place it is.
    #[serde(default)]
    pub entity_type: Option<EntityType>,
    /// What business it is in.
    #[serde(default)]
    pub category_info: Option<Category>,
    /// Where it is.
    #[serde(default)]
    pub address: Option<PostalAddress>,
    /// The areas it belongs to.
    #[serde(default)]
    pub regions: Option<Regions>,
    /// Whether its data is too thin: reports on it fail.
    #[serde(default, deserialize_with = "opt_flag")]
    pub is_flagged: Option<bool>,
    /// Whether the contract includes it.
    #[serde(default, deserialize_with = "opt_flag")]
    pub is_permitted: Option<bool>,
    /// The brands it belongs to.
    #[serde(default, deserialize_with = "one_or_many")]
    pub parent_chains: Vec<NamedRef>,
    /// The account's collections that it is in.
    #[serde(default, deserialize_with = "one_or_many")]
    pub parent_tags: Vec<NamedRef>,
    /// The brand's own number of the store.
    #[serde(default, deserialize_with = "scalar")]
    pub store_id: Option<String>,
    /// Of a chain: whether it is nationwide, or of what kind of region.
    #[serde(default, deserialize_with = "scalar")]
    pub region_type: Option<String>,
    /// Of a regional chain: the region.
    #[serde(default, deserialize_with = "scalar")]
    pub region_code: Option<String>,
    /// Its page in Placer's dashboard.
    #[serde(default, deserialize_with = "scalar")]
    pub placer_url: Option<String>,
}

/// What business a place is in, from wide to narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Category {
    /// The group, such as `Dining`.
    #[serde(deserialize_with = "scalar")]
    pub group: Option<String>,
    /// The category, such as `Restaurants`.
    #[serde(deserialize_with = "scalar")]
    pub category: Option<String>,
    /// The subcategory, such as `Mexican Restaurant`.
    #[serde(deserialize_with = "scalar")]
    pub sub_category: Option<String>,
}

/// Where a place is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PostalAddress {
    /// The street.
    #[serde(deserialize_with = "scalar")]
    pub street_name: Option<String>,
    /// The city.
    #[serde(deserialize_with = "scalar")]
    pub city: Option<String>,
    /// The state.
    #[serde(deserialize_with = "scalar")]
    pub state: Option<String>,
    /// The country by its two letters.
    #[serde(deserialize_with = "scalar")]
    pub country_code: Option<String>,
    /// The postal code.
    #[serde(deserialize_with = "scalar")]
    pub zip_code: Option<String>,
    /// All of it in one line.
    #[serde(deserialize_with = "scalar")]
    pub formatted_address: Option<String>,
    /// Street, city and state in one line.
    #[serde(deserialize_with = "scalar")]
    pub short_formatted_address: Option<String>,
}

/// The areas a place belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Regions {
    /// The media market.
    pub dma: Option<Region>,
    /// The state.
    pub state: Option<Region>,
    /// The statistical area.
    pub cbsa: Option<Region>,
}

/// An area.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Region {
    /// Its code.
    #[serde(deserialize_with = "scalar")]
    pub code: Option<String>,
    /// Its name.
    #[serde(deserialize_with = "scalar")]
    pub name: Option<String>,
}

/// A brand or collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NamedRef {
    /// Its id.
    pub api_id: VenueId,
    /// Its name.
    #[serde(default, deserialize_with = "scalar")]
    pub name: Option<String>,
}

/// A part of a chain, complex or tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Entity {
    /// What to ask for it by.
    pub api_id: VenueId,
    /// Its name.
    #[serde(default, deserialize_with = "scalar")]
    pub name: Option<String>,
    /// What kind of place it is.
    #[serde(default)]
    pub entity_type: Option<EntityType>,
    /// Whether its data is too thin: reports on it fail.
    #[serde(default, alias = "isFlagged", deserialize_with = "opt_flag")]
    pub flagged: Option<bool>,
    /// The brand's own number of the store.
    #[serde(default, deserialize_with = "scalar")]
    pub store_id: Option<String>,
    /// Of a chain: whether it is nationwide, or of what kind of region.
    #[serde(default, deserialize_with = "scalar")]
    pub region_type: Option<String>,
    /// Of a regional chain: the region.
    #[serde(default, deserialize_with = "scalar")]
    pub region_code: Option<String>,
}

impl Poi {
    /// Whether reports on it have a chance: it is neither flagged nor outside of the contract, as far as is told.
    pub fn is_reportable(&self) -> bool {
        self.is_flagged != Some(true) && self.is_permitted != Some(false)
    }
}

impl Entity {
    /// Whether reports on it have a chance: it is not flagged. Whether the contract includes it is not told here.
    pub fn is_reportable(&self) -> bool {
        self.flagged != Some(true)
    }

    /// What kind of place it is, by what is told or by its id.
    pub fn kind(&self) -> Option<EntityType> {
        self.entity_type.clone().or_else(|| self.api_id.entity_type())
    }
}

/// A text that is a number in some answers.
fn scalar<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    Text::deserialize(source).map(|text| text.0)
}

fn one_or_many<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<NamedRef>, D::Error> {
    Value::deserialize(source).map(named_refs)
}

/// Those of a list, or the only one. What has no id cannot be asked about.
pub(super) fn named_refs(written: Value) -> Vec<NamedRef> {
    let many = match written {
        Value::Array(many) => many,
        one => vec![one],
    };
    many.into_iter().filter_map(|one| NamedRef::deserialize(one).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_however_loosely_it_is_written() {
        let text = r#"{"apiId":"venue:5f0c1de2a9b84c7d3e6f0a11","name":" ","storeId":42,"isFlagged":null,"entityType":"kiosk",
            "regions":{"dma":{"code":803,"name":"Los Angeles, CA"}},"parentChains":{"apiId":"chain:0123456789abcdef01234567"},"new":1}"#;
        let poi: Poi = serde_json::from_str(text).unwrap();
        assert_eq!((poi.name, poi.store_id.as_deref()), (None, Some("42")));
        assert_eq!(poi.regions.unwrap().dma.unwrap().code.as_deref(), Some("803"));
        assert_eq!(poi.parent_chains.len(), 1);
        assert!(!poi.entity_type.unwrap().is_known());
        for none in ["{}", r#""""#, "null", "[]", r#"{"apiId":null,"name":null}"#, r#"[{"name":"Harbor"}]"#] {
            let text = format!(r#"{{"apiId":"venue:a","parentChains":{none},"name":1951}}"#);
            let poi: Poi = serde_json::from_str(&text).unwrap();
            assert_eq!((poi.parent_chains.len(), poi.name.as_deref()), (0, Some("1951")), "{none}");
        }
    }
}

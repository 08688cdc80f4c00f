//! The account's own collections of places.

use connectors_core::{Error, Result};
use serde::Serialize;

use super::{VenueFailure, VenueId};

connectors_core::string_id! {
    /// A collection of the account's own: 24 hex digits. As something to ask about it is written `tag:<hex>`, see
    /// [`entity`](TagId::entity); either form is accepted here.
    pub struct TagId("tagId");
}

impl TagId {
    /// The collection as something that [`Pois::entities`](crate::Pois::entities) and
    /// [`Analytics::expand`](crate::Analytics::expand) take.
    pub fn entity(&self) -> Result<VenueId> {
        self.check()?;
        VenueId::new(format!("tag:{}", self.hex()))
    }

    /// The collection behind such an id, as in [`Poi::parent_tags`](crate::Poi::parent_tags).
    pub fn of(entity: &VenueId) -> Result<Self> {
        let tag = Self::new(entity.as_str())?;
        tag.check().map(|()| tag)
    }

    /// As the endpoints of collections write it.
    pub(crate) fn hex(&self) -> &str {
        self.as_str().strip_prefix("tag:").unwrap_or(self.as_str())
    }

    pub(crate) fn check(&self) -> Result<()> {
        let hex = self.hex();
        if hex.len() == 24 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Ok(());
        }
        Err(Error::invalid("tagId", format!("`{self}` is not written like 5f0c1de2a9b84c7d3e6f0a11")))
    }
}

/// What came of putting places into a collection, or of taking them out. Each place stands in exactly one of the lists.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TagChange {
    /// The collection.
    #[serde(rename = "tagId")]
    pub tag: TagId,
    /// The places with which it went well, in the order of the question.
    pub done: Vec<VenueId>,
    /// The places with which it did not, and why.
    pub failures: Vec<VenueFailure>,
}

impl TagChange {
    /// Whether it went well with all of them.
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collection_has_two_spellings() {
        let hex = "5f0c1de2a9b84c7d3e6f0a11";
        let (bare, entity) = (TagId::new(hex).unwrap(), VenueId::new(format!("tag:{hex}")).unwrap());
        assert_eq!(bare.entity().unwrap(), entity);
        assert_eq!(TagId::of(&entity).unwrap().hex(), hex);
        assert_eq!(TagId::of(&VenueId::new(format!("venue:{hex}")).unwrap()).unwrap_err().field(), Some("tagId"));
        assert!(TagId::new("5F0C").unwrap().check().is_err());
    }
}

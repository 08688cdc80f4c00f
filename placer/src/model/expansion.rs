//! The parts of a chain, collection or complex.

use serde::Serialize;

use super::{Cost, Entity, VenueId};

/// What a chain, collection or complex consists of, each part once: [`Analytics::expand`](crate::Analytics::expand).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Expansion {
    /// What was asked about.
    pub of: VenueId,
    /// The stores that reports can be asked for, in Placer's order. Whether the contract includes them is not told.
    pub stores: Vec<Entity>,
    /// The stores whose data is too thin: reports on them fail.
    pub flagged: Vec<Entity>,
    /// The chains among the parts: regional ones where they were asked for, and those in a collection. Their stores may
    /// be among the others.
    pub chains: Vec<Entity>,
    /// What it cost.
    pub cost: Cost,
}

impl Expansion {
    /// The stores that reports can be asked for, as requests take them.
    pub fn ids(&self) -> Vec<VenueId> {
        self.stores.iter().map(|store| store.api_id.clone()).collect()
    }
}

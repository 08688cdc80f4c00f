//! The account's own collections of places.

use super::fake::{Asked, FakePlacer};
use super::refusal::Refusal;
use crate::fake::Reply;

/// What of this is kept.
#[derive(Debug, Default)]
pub(super) struct Store;

pub(super) fn handle(_fake: &FakePlacer, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    Err(asked.unknown())
}

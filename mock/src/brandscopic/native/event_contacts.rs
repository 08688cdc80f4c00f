//! Contacts of events.

use super::super::state::State;
use super::Outcome;
use super::asked::Asked;

#[derive(Debug, Default)]
pub(super) struct Store {}

impl Store {
    pub(super) fn count(&self, _event: i64) -> u64 {
        0
    }
}

pub(super) fn answer(_: &mut State, asked: &Asked<'_>) -> Outcome {
    Err(asked.unknown())
}

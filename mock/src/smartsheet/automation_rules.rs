//! Automation rules.

use super::asked::{Asked, Outcome};
use super::state::State;

/// What is held of them.
#[derive(Debug, Default)]
pub(super) struct Store {}

pub(super) fn handle(_state: &mut State, asked: &Asked<'_>) -> Outcome {
    Err(asked.unknown())
}

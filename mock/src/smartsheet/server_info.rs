//! What the service can show.

use super::asked::{Asked, Outcome};
use super::state::State;

pub(super) fn handle(_state: &mut State, asked: &Asked<'_>) -> Outcome {
    Err(asked.unknown())
}

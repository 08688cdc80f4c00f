//! Brands and their marques.

use super::super::state::State;
use super::Outcome;
use super::asked::Asked;

pub(super) fn answer(_: &mut State, asked: &Asked<'_>) -> Outcome {
    Err(asked.unknown())
}

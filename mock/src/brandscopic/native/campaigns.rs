//! Campaigns.

use super::super::state::State;
use super::asked::Asked;
use super::{Outcome, ok, views};

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "all" => ok(views::campaigns(state)),
        _ => Err(asked.unknown()),
    }
}

//! Countries.

use super::super::state::State;
use super::asked::Asked;
use super::{Outcome, ok, views};

pub(super) fn answer(_: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "list" => ok(views::countries()),
        _ => Err(asked.unknown()),
    }
}

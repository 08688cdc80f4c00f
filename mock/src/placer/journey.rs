//! Where else the same people go.

use std::sync::Arc;

use super::answer::Outcome;
use super::place::FakeVenue;
use super::request::Question;
use super::visits::View;

/// The members of one of these reports, among all places.
pub(super) fn report(_view: &View<'_>, question: &Question, _venues: &[Arc<FakeVenue>]) -> Outcome {
    Err(question.unknown())
}

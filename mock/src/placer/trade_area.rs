//! Where people come from, and who they are.

use super::answer::Outcome;
use super::request::Question;
use super::visits::View;

/// The members of one of these reports.
pub(super) fn report(_view: &View<'_>, question: &Question) -> Outcome {
    Err(question.unknown())
}

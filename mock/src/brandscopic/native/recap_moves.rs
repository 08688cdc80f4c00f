//! The way of a recap: submitted, then approved or rejected.

use http::StatusCode;

use super::super::answer::Answer;
use super::super::state::{FakeEvent, FakeRecap, State};
use super::asked::Asked;
use super::{Outcome, done, not_found, refusal, results};

/// Each step is taken from some states only.
pub(super) fn step(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let event = state.event(asked.id("id")?).cloned().ok_or_else(not_found)?;
    let from = event.recap_at(asked.now);
    let (to, word) = match (asked.method(), from) {
        ("submit", FakeRecap::Unsent | FakeRecap::Rejected) => (FakeRecap::Submitted, "submitted"),
        ("approve", FakeRecap::Submitted) => (FakeRecap::Approved, "approved"),
        ("reject", FakeRecap::Submitted) => (FakeRecap::Rejected, "rejected"),
        (step, _) => {
            let from = format!("{from:?}").to_lowercase();
            return Err(refused(&format!("Event '{step}' cannot transition from '{from}'")));
        }
    };
    if to == FakeRecap::Submitted {
        results::validate_submit(state, &event).map_err(|missing| refused(&missing))?;
        missing(state, &event).map_or(Ok(()), |missing| Err(refused(&missing)))?;
    }
    if to == FakeRecap::Rejected {
        let reason = asked.sent.text("reason").unwrap_or_default().trim();
        if reason.is_empty() {
            return Err(refused("Reason can't be blank"));
        }
        state.stores.events.reject(event.id, reason, asked.now);
    }
    if let Some(event) = state.events.iter_mut().find(|other| other.id == event.id) {
        event.recap = Some(to);
    }
    done(&format!("Event successfully {word}"))
}

/// What the campaign asks for and the event does not have.
fn missing(state: &State, event: &FakeEvent) -> Option<String> {
    let short = ["photos", "expenses", "comments"].into_iter().filter_map(|module| {
        let (min, _) = state.stores.events.limit(event.project, module);
        let there = super::events::count(state, event.id, module);
        min.filter(|min| there < *min).map(|min| format!("At least {min} {module} required"))
    });
    let short: Vec<_> = short.collect();
    (!short.is_empty()).then(|| short.join(" and "))
}

fn refused(info: &str) -> Answer {
    refusal(StatusCode::UNPROCESSABLE_ENTITY, info)
}

//! Seats of users in plans.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::super::asked::{Asked, Outcome, attributes, success};
use super::super::lists::by_token;
use super::super::problem::Problem;
use super::super::state::State;
use super::Seat;

/// From the least to the most.
pub(super) const KINDS: [&str; 5] = ["VIEWER", "GUEST", "CONTRIBUTOR", "PROVISIONAL_MEMBER", "MEMBER"];

/// Programs that do not know contributors are told that they are guests.
pub(super) fn kind(seat: &Seat, contributors: bool) -> &str {
    if !contributors && seat.kind == "CONTRIBUTOR" { "GUEST" } else { &seat.kind }
}

/// These come with more digits than others.
pub(super) fn fine_time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Nanos, true)
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let user = asked.id("userId")?;
    if asked.name() == "users.plans" {
        return plans(state, user, asked).map(Into::into);
    }
    let plan = asked.id("planId")?;
    let user = state.users.get_mut(user)?;
    let seat = user.seats.iter_mut().find(|seat| seat.plan == plan).ok_or_else(Problem::not_found)?;
    match asked.name() {
        "users.upgrade" => change(seat, asked, &["GUEST", "MEMBER"], Some("MEMBER"))?,
        "users.downgrade" => change(seat, asked, &["VIEWER", "GUEST", "CONTRIBUTOR"], None)?,
        "users.remove_from_plan" => user.seats.retain(|seat| seat.plan != plan),
        _ => return Err(asked.unknown()),
    }
    user.modified_at = asked.now;
    Ok(success().into())
}

fn change(seat: &mut Seat, asked: &Asked<'_>, allowed: &[&str], default: Option<&str>) -> Result<(), Problem> {
    let body = if asked.request.body().is_empty() { json!({}) } else { asked.json()? };
    let wanted = match attributes(&body, &["seatType"])?.get("seatType") {
        None => default.ok_or_else(|| Problem::missing("seatType"))?,
        Some(wanted) => wanted.as_str().ok_or_else(|| Problem::wrong_type("seatType"))?,
    };
    let rank = |kind: &str| KINDS.iter().position(|known| *known == kind);
    let forward = (rank(wanted) >= rank(&seat.kind)) == default.is_some();
    if !allowed.contains(&wanted) || (!forward && wanted != seat.kind) {
        return Err(Problem::bad(1031, "The attribute seatType is not one that the user can be given here."));
    }
    if wanted != seat.kind {
        (seat.kind, seat.changed_at) = (wanted.to_owned(), asked.now);
    }
    Ok(())
}

fn plans(state: &State, user: i64, asked: &Asked<'_>) -> Result<Value, Problem> {
    let named = !asked.query.words("include", &["planName"])?.is_empty();
    let contributors = asked.query.flag("displayContributorSeatType")?;
    let all = state.users.get(user)?.seats.iter().map(|seat| {
        let shown = json!({
            "planId": seat.plan, "seatType": kind(seat, contributors), "isInternal": true,
            "seatTypeLastChangedAt": fine_time(seat.changed_at),
        });
        let mut shown = shown.as_object().cloned().unwrap_or_default();
        if named {
            shown.insert("planName".into(), "Field Marketing Enterprise".into());
        }
        Value::from(shown)
    });
    by_token(&all.collect::<Vec<_>>(), &asked.query, state.page_cap)
}

//! Countries and their states.

use serde_json::{Value, json};

use super::super::state::State;
use super::asked::Asked;
use super::{Outcome, not_found, ok};

/// Code and name.
type Named = (&'static str, &'static str);

const COUNTRIES: [(Named, &[Named]); 10] = [
    (("AT", "Austria"), &[("9", "Wien")]),
    (("CA", "Canada"), &[("BC", "British Columbia"), ("ON", "Ontario"), ("QC", "Quebec")]),
    (("CH", "Switzerland"), &[("ZH", "Zürich")]),
    (("DE", "Germany"), &[("BE", "Berlin"), ("BY", "Bayern"), ("HH", "Hamburg")]),
    (("ES", "Spain"), &[("MD", "Madrid")]),
    (("FR", "France"), &[("75", "Paris")]),
    (("GB", "United Kingdom"), &[("ENG", "England"), ("SCT", "Scotland")]),
    (("IT", "Italy"), &[("RM", "Roma")]),
    (("NL", "Netherlands"), &[("NH", "Noord-Holland")]),
    (
        ("US", "United States"),
        &[("CA", "California"), ("IL", "Illinois"), ("MA", "Massachusetts"), ("NY", "New York"), ("TX", "Texas")],
    ),
];

fn find(code: &str) -> Option<&'static (Named, &'static [Named])> {
    COUNTRIES.iter().find(|((known, _), _)| *known == code)
}

/// The name of a country.
pub(super) fn name(code: &str) -> Option<&'static str> {
    find(code).map(|((_, name), _)| *name)
}

/// Whether a country has a state with this code.
pub(super) fn has_state(code: &str, state: &str) -> bool {
    find(code).is_some_and(|(_, states)| states.iter().any(|(known, _)| *known == state))
}

fn view((code, name): &Named) -> Value {
    json!({"id": code, "name": name})
}

pub(super) fn answer(_: &mut State, asked: &Asked<'_>) -> Outcome {
    if asked.method() == "list" {
        return ok(COUNTRIES.iter().map(|(country, _)| view(country)).collect());
    }
    let (_, states) = find(asked.parameter("code")).ok_or_else(not_found)?;
    ok(states.iter().map(view).collect())
}

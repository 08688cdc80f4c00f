//! What belongs to something else: by the kind of that, and its id.

use serde::de::Error;
use serde::{Deserialize as _, Deserializer};

/// A kind and an id.
type Subject = (&'static str, i64);

/// All kinds, in the words that each resource has for them.
const KINDS: [&str; 7] = ["Event", "Venue", "contact", "event", "task", "team", "user"];

fn known<E: Error>((kind, id): (String, i64)) -> Result<Subject, E> {
    let known = KINDS.into_iter().find(|known| *known == kind);
    known.map(|known| (known, id)).ok_or_else(|| E::custom(format!("there is no kind {kind:?}")))
}

/// One, for `#[serde(deserialize_with)]`.
pub(super) fn one<'de, D: Deserializer<'de>>(source: D) -> Result<Subject, D::Error> {
    known(<(String, i64)>::deserialize(source)?)
}

/// Events with one each, for `#[serde(deserialize_with)]`.
pub(super) fn all<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<(i64, Subject)>, D::Error> {
    let all = Vec::<(i64, (String, i64))>::deserialize(source)?;
    all.into_iter().map(|(event, subject)| Ok((event, known(subject)?))).collect()
}

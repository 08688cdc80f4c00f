//! What Placer does not say and can be worked out from what it says. Pure functions.

pub(crate) mod aggregate;
pub(crate) mod compare;
pub(crate) mod footfall;
pub(crate) mod matching;
pub(crate) mod movement;

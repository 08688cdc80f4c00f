//! Syncs: one at a time, to be stopped and taken up again, each event accounted for whatever happens.

mod accounting;
mod faults;
mod killed;
mod one_at_a_time;
mod restarted;
mod soak;
mod stopping;
mod support;

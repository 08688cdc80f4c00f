//! Random sequences of operations, sent through the real clients, against plain models of what the contracts say. A
//! failure prints the shortest sequence that shows it. More cases by `PROPTEST_CASES`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "the helpers of tests are tests, too")]

mod brandscopic;
mod bulk;
mod journal;
mod placer;
mod qrtiger;
mod smartsheet_places;
mod smartsheet_rows;

use std::future::Future;

use connectors_core::{ErrorKind, Result};
use proptest::prelude::ProptestConfig;

/// So many cases, unless the environment says otherwise.
fn cases(quick: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(quick),
        failure_persistence: None,
        max_shrink_iters: 4000,
        ..ProptestConfig::default()
    }
}

fn run(case: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(case);
}

/// Which kind of error it was, if any.
fn kind<T>(outcome: &Result<T>) -> Option<ErrorKind> {
    outcome.as_ref().err().map(connectors_core::Error::kind)
}

/// One of those that there are, or one that there is not.
fn pick<T: Copy>(from: &[T], number: u8, unknown: T) -> T {
    from.get(usize::from(number) % (from.len() + 1)).copied().unwrap_or(unknown)
}

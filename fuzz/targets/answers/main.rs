//! The four real clients, every typed operation of both contracts, over a provider that answers anything.
#![no_main]

mod brandscopic;
mod given;
mod placer;
mod qrtiger;
mod smartsheet;
mod wire;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use connectors_core::{BoxFuture, Result};
use connectors_fuzz::{block_on, check_error};
use libfuzzer_sys::fuzz_target;

use crate::wire::Wire;

/// The deadline of a call.
const TIMEOUT: Duration = Duration::from_secs(90);
/// Requests per call, polls and logins aside.
const ATTEMPTS: u32 = 3;
/// The secret of every client.
const KEY: &str = "canary-Xq7hT2mZ";

/// What an operation promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One call, whose result says whether it went well.
    Call,
    /// One call that must not be made twice.
    Create,
    /// Several calls, or failures that are part of the result.
    Work,
}

struct Operation {
    name: &'static str,
    kind: Kind,
    run: fn(Arc<Wire>) -> BoxFuture<Result<()>>,
}

/// The client of this builder on this wire: each builder has these methods, but no trait says so.
macro_rules! on_wire {
    ($wire:ident, $builder:expr) => {
        $builder
            .transport(::std::sync::Arc::clone($wire) as _)
            .observer(::std::sync::Arc::clone($wire) as _)
            .clock($wire.clock())
            .timeout($crate::TIMEOUT)
            .retry(connectors_core::RetryPolicy::default().attempts($crate::ATTEMPTS))
            .seed(7)
    };
}
pub(crate) use on_wire;

/// A function that lists operations, each a call of a new client on a new wire.
macro_rules! operations {
    ($(#[$attribute:meta])* $list:ident($client:ident = $build:expr) { $($kind:ident $name:literal: $call:expr;)+ }) => {
        $(#[$attribute])*
        pub(crate) fn $list() -> Vec<$crate::Operation> {
            vec![$($crate::Operation {
                name: $name,
                kind: $crate::Kind::$kind,
                run: |wire| Box::pin(async move {
                    let $client = $build(&wire)?;
                    $call.await.map(drop)
                }),
            }),+]
        }
    };
}
pub(crate) use operations;

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let of_all = [
        smartsheet::operations(),
        brandscopic::native(),
        brandscopic::gateway(),
        placer::native(),
        placer::single(),
        placer::kept(),
        placer::daily_gateway(),
        placer::gateway(),
        qrtiger::operations(),
    ];
    of_all.into_iter().flatten().collect()
});

/// By its name, or else any.
fn operation(name: &[u8]) -> &'static Operation {
    let any = name.iter().fold(0, |sum: usize, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let named = OPERATIONS.iter().find(|operation| operation.name.as_bytes() == name);
    named.unwrap_or(&OPERATIONS[any % OPERATIONS.len()])
}

// The first line names the operation, then come the answers; the last of them comes again and again.
fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(2, |byte| *byte == b'\n');
    let (operation, answers) = (operation(lines.next().unwrap_or_default()), lines.next().unwrap_or_default());
    let wire = Arc::new(Wire::new(answers));
    let outcome = block_on((operation.run)(Arc::clone(&wire)));
    let (name, told) = (operation.name, wire.told());
    if let Err(error) = &outcome {
        check_error(error);
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(KEY) || told.has_key, "{name} shows its key: {shown}");
    }
    if operation.kind == Kind::Work {
        // Each of its calls ends in time, and so do the waits between them.
        assert!(told.elapsed <= 2 * TIMEOUT * (told.requests + 1), "{name} took {:?}: {told:?}", told.elapsed);
        return;
    }
    assert!(told.elapsed <= TIMEOUT, "{name} took {:?}: {outcome:?}", told.elapsed);
    assert!(outcome.is_err() || told.any_good, "{name} is content with {told:?}");
    assert!(told.requests <= ATTEMPTS + told.polls + told.rejected, "{name} sent {told:?}: {outcome:?}");
    assert!(operation.kind != Kind::Create || !told.repeated_ambiguous, "{name} is sent again: {told:?}");
});

//! Times of things that run side by side.

use std::time::{Duration, Instant};

use crate::Outcome;

/// The shortest time of each in so many rounds. The rounds go in turns, so that what else the machine does meets all
/// alike.
pub fn best_of<const N: usize>(rounds: u32, work: [&dyn Fn() -> Outcome<Duration>; N]) -> Outcome<[Duration; N]> {
    let mut best = [Duration::MAX; N];
    for _ in 0..rounds {
        for (work, best) in work.iter().zip(&mut best) {
            *best = work()?.min(*best);
        }
    }
    Ok(best)
}

/// How long `work` takes; what becomes of its result does not count.
pub fn timed<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<Duration> {
    let started = Instant::now();
    let result = work()?;
    let took = started.elapsed();
    drop(result);
    Ok(took)
}

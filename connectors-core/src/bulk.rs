//! The same work on many things, a few at a time.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt};

use crate::error::Result;

/// How far a bulk call has got.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many items are done, well or badly.
    pub done: usize,
    /// How many items there are.
    pub total: usize,
    /// How many of those done have failed.
    pub failed: usize,
}

impl Progress {
    /// So many done of so many, and so many of those in vain: for operations that keep count themselves.
    pub fn new(done: usize, total: usize, failed: usize) -> Self {
        Self { done, total, failed }
    }
}

type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// How a bulk call works.
#[non_exhaustive]
#[derive(Clone, Default)]
pub struct BulkOptions {
    /// How many items are worked on at the same time; `None` leaves it to the operation.
    pub concurrency: Option<usize>,
    /// Called once after each item, in the order in which they end. It should return quickly: the work waits for it.
    pub progress: Option<OnProgress>,
}

impl BulkOptions {
    /// Works on this many items at the same time, at least one.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = Some(concurrency);
        self
    }

    /// Calls `report` after each item.
    pub fn on_progress(mut self, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(report));
        self
    }
}

impl fmt::Debug for BulkOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkOptions")
            .field("concurrency", &self.concurrency)
            .field("progress", &self.progress.is_some())
            .finish()
    }
}

/// Runs `work` on each item with its index, at most `concurrency` (at least one) at the same time and on the task of
/// the caller, and gives the results in the order of the items. A failure does not stop the rest.
pub async fn run_bounded<I, T, F, Fut>(
    items: Vec<I>,
    concurrency: usize,
    progress: Option<&OnProgress>,
    work: F,
) -> Vec<Result<T>>
where
    F: Fn(usize, I) -> Fut,
    Fut: Future<Output = Result<T>>,
{
    let mut state = Progress { done: 0, total: items.len(), failed: 0 };
    let mut results = Vec::with_capacity(items.len());
    let work = &work;
    let jobs = items.into_iter().enumerate().map(|(index, item)| async move { (index, work(index, item).await) });
    let mut running = stream::iter(jobs).buffer_unordered(concurrency.max(1));
    while let Some((index, result)) = running.next().await {
        state.done += 1;
        state.failed += usize::from(result.is_err());
        results.push((index, result));
        if let Some(report) = progress {
            report(state);
        }
    }
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::error::{Error, ErrorKind};

    /// Runs items that take the given milliseconds, those in `failing` in vain; gives the results, the progress
    /// reports, the virtual milliseconds and the highest number at the same time.
    fn run(delays: &[u64], concurrency: usize, failing: &[usize]) -> (Vec<Result<usize>>, Vec<Progress>, u128, usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let reports = Arc::new(Mutex::new(Vec::new()));
        let running = Mutex::new((0usize, 0usize));
        let seen = reports.clone();
        let options = BulkOptions::default().on_progress(move |progress| seen.lock().unwrap().push(progress));
        let (results, elapsed) = runtime.block_on(async {
            let start = tokio::time::Instant::now();
            let work = async |index, delay| {
                {
                    let mut running = running.lock().unwrap();
                    running.0 += 1;
                    running.1 = running.1.max(running.0);
                }
                tokio::time::sleep(Duration::from_millis(delay)).await;
                running.lock().unwrap().0 -= 1;
                if failing.contains(&index) { Err(Error::new(ErrorKind::Server, "no")) } else { Ok(index) }
            };
            let results = run_bounded(delays.to_vec(), concurrency, options.progress.as_ref(), work).await;
            (results, start.elapsed().as_millis())
        });
        let reports = reports.lock().unwrap().clone();
        (results, reports, elapsed, running.into_inner().unwrap().1)
    }

    #[test]
    fn the_slots_are_kept_full() {
        let (results, _, elapsed, peak) = run(&[100; 20], 4, &[]);
        assert_eq!((results.len(), elapsed, peak), (20, 500, 4));
        let (_, _, elapsed, _) = run(&[300, 100, 100, 100], 2, &[]);
        assert_eq!(elapsed, 300);
    }

    #[test]
    fn no_items_and_no_concurrency_are_fine() {
        assert!(run(&[], 4, &[]).0.is_empty());
        assert_eq!(run(&[1, 2], 0, &[]).3, 1);
    }

    #[tokio::test]
    async fn it_can_be_spawned_with_borrowing_work() {
        let results = tokio::spawn(async {
            let names = ["a".to_owned(), "b".to_owned()];
            run_bounded(vec![1, 0], 2, None, async |_, at: usize| Ok(names[at].clone())).await
        });
        assert!(results.await.unwrap().into_iter().map(Result::unwrap).eq(["b", "a"]));
    }

    #[test]
    fn debug_shows_no_closure() {
        let options = BulkOptions::default().concurrency(3).on_progress(|_| ());
        assert_eq!(format!("{options:?}"), "BulkOptions { concurrency: Some(3), progress: true }");
    }

    proptest! {
        #[test]
        fn every_item_is_accounted_for_once_and_in_order(
            delays in prop::collection::vec(0..50u64, 0..30),
            failing in prop::collection::vec(0..30usize, 0..10),
            concurrency in 0..8usize,
        ) {
            let (results, reports, _, peak) = run(&delays, concurrency, &failing);
            prop_assert!(peak <= concurrency.max(1));
            prop_assert_eq!(results.len(), delays.len());
            for (index, result) in results.iter().enumerate() {
                prop_assert_eq!(result.as_ref().ok().copied(), (!failing.contains(&index)).then_some(index));
            }
            let failed = results.iter().filter(|result| result.is_err()).count();
            prop_assert!(reports.iter().map(|report| report.done).eq(1..=delays.len()));
            prop_assert!(reports.last().is_none_or(|last| (last.total, last.failed) == (delays.len(), failed)));
        }
    }
}

//! A progress bar on standard error, for as many steps as the launch takes.

use std::future::Future;
use std::time::Duration;

use connectors_core::Progress;
use indicatif::{ProgressBar, ProgressStyle};

pub struct Steps(ProgressBar);

impl Steps {
    /// `total` steps; hidden ones for a rehearsal.
    pub fn new(total: usize, hidden: bool) -> Self {
        let bar = if hidden { ProgressBar::hidden() } else { ProgressBar::new(total as u64) };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos:>4}/{len} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// Counts one step when `work` is done.
    pub async fn one<F: Future>(&self, label: &'static str, work: F) -> F::Output {
        let output = work.await;
        self.0.set_message(label);
        self.0.inc(1);
        output
    }

    /// Counts a step for every item of a bulk call.
    pub fn follow(&self, label: &'static str) -> impl Fn(Progress) + Send + Sync + 'static {
        let bar = self.0.clone();
        move |_| {
            bar.set_message(label);
            bar.inc(1);
        }
    }

    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}

//! What `tracing` prints at its most talkative.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;

thread_local! {
    static PRINTED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Keeps what each thread prints apart: every test has its own.
struct Here;

impl Write for Here {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        PRINTED.with_borrow_mut(|printed| printed.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Begins anew for this thread.
pub fn start() {
    // One subscriber for all threads: beside a thread's own, callsites that other threads meet first stay mute.
    static SUBSCRIBER: Once = Once::new();
    SUBSCRIBER.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(|| Here)
            .init();
        tracing::callsite::rebuild_interest_cache();
    });
    PRINTED.take();
}

/// What this thread has printed since the start.
pub fn printed() -> String {
    String::from_utf8(PRINTED.take()).unwrap()
}

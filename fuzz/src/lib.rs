//! What the fuzz targets share.

use std::borrow::Cow;
use std::future::Future;

use connectors_core::{Error, Pager, Result};
use tokio::runtime::{Builder, Runtime};

/// The texts of an input. What separates them is a byte that no text has, so that seeds can be read and written.
pub fn texts(data: &[u8]) -> impl Iterator<Item = Cow<'_, str>> {
    parts(data).map(String::from_utf8_lossy)
}

/// The parts of an input, separated by `0xFF`.
pub fn parts(data: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> + Clone {
    data.split(|byte| *byte == 0xFF)
}

/// Runs `work` on the runtime of this thread, one for all inputs.
///
/// # Panics
///
/// When there can be no runtime.
pub fn block_on<F: Future>(work: F) -> F::Output {
    thread_local! {
        static RUNTIME: Runtime = Builder::new_current_thread().build().expect("a runtime");
    }
    RUNTIME.with(|runtime| runtime.block_on(work))
}

/// What holds of every error, whatever caused it.
///
/// # Panics
///
/// When it does not.
pub fn check_error(error: &Error) {
    let line = error.to_string();
    assert!(!line.chars().any(char::is_control), "not one line: {line:?}");
    assert!(!(error.maybe_applied() && error.is_retryable()), "{error:?}");
}

/// The first twenty items, for lists that may have no end.
///
/// # Errors
///
/// The pager's.
pub async fn first<T>(mut pager: Pager<T>) -> Result<Vec<T>> {
    let mut items = Vec::new();
    while items.len() < 20
        && let Some(item) = pager.next().await
    {
        items.push(item?);
    }
    Ok(items)
}

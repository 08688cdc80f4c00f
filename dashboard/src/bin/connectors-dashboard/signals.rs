//! What tells the program to end.

use std::future::Future;
use std::io;

use crate::failure::Failure;

/// Until Ctrl-C, or the signal that ends services. Heard from now on.
pub fn told_to_end() -> Result<impl Future<Output = ()>, Failure> {
    let deaf = |problem: io::Error| Failure::failed(format!("signals cannot be heard: {problem}"));
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        let mut interrupt = signal(SignalKind::interrupt()).map_err(deaf)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(deaf)?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    {
        let mut interrupt = tokio::signal::windows::ctrl_c().map_err(deaf)?;
        Ok(async move {
            interrupt.recv().await;
        })
    }
}

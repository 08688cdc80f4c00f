//! Creates of unknown outcome.

use std::time::Duration;

use connectors_core::Error;

use crate::{ErrorCode, SmartsheetErrorExt};

/// How long to wait before the last look after [`may_still_run`].
pub(super) const SLOW_SETTLE: Duration = Duration::from_secs(20);

/// Whether Smartsheet, or a gateway in front of it, gave up waiting for an answer that may still be in the making. After
/// any other answer, and after a reset, the request is over and its effect is there to be seen.
pub(super) fn may_still_run(error: &Error) -> bool {
    let gateway = error.status().is_some_and(|status| matches!(status.as_u16(), 408 | 504));
    let busy = matches!(error.smartsheet_code(), Some(ErrorCode::SERVER_TIMEOUT | ErrorCode::BUSY));
    gateway || busy
}

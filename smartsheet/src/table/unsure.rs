//! Creates of unknown outcome.

use std::time::Duration;

use connectors_core::{Error, ErrorKind};

use crate::{ErrorCode, SmartsheetErrorExt};

/// How long to wait before the last look after [`may_still_run`].
pub(crate) const SLOW_SETTLE: Duration = Duration::from_secs(20);

/// Whether this client, Smartsheet, or a gateway in front of it gave up waiting for an answer that may still be in the
/// making. After any other answer, and after a reset, the request is over and its effect is there to be seen.
pub(crate) fn may_still_run(error: &Error) -> bool {
    let gateway = error.kind() == ErrorKind::Timeout || error.status().is_some_and(|status| status.as_u16() == 504);
    let busy = matches!(error.smartsheet_code(), Some(ErrorCode::SERVER_TIMEOUT | ErrorCode::BUSY));
    gateway || busy
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    #[test]
    fn whoever_gave_up_waiting_may_have_left_it_running() {
        assert!(may_still_run(&Error::new(ErrorKind::Timeout, "this client")));
        assert!(may_still_run(&Error::new(ErrorKind::Server, "a gateway").with_status(StatusCode::GATEWAY_TIMEOUT)));
        let coded = |code: ErrorCode| Error::new(ErrorKind::Server, "m").with_origin("smartsheet", "").with_code(code);
        assert!(may_still_run(&coded(ErrorCode::SERVER_TIMEOUT)));
        assert!(!may_still_run(&coded(ErrorCode::UNEXPECTED)));
        assert!(!may_still_run(&Error::new(ErrorKind::Interrupted, "a reset")));
    }
}

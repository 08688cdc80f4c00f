//! Every wait of a call ends at its deadline, and the deadline says no more than it knows.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connectors_core::provider::{Token, TokenCredential, TokenSource};
use connectors_core::testing::VirtualClock;
use connectors_core::{Clock, ErrorKind, RequestOptions, Result};

use crate::common::{CREATE, OK, READ, Script, Step, bench, bench_with, status};

#[derive(Debug)]
struct HangingLogin(VirtualClock);

#[async_trait]
impl TokenSource for HangingLogin {
    async fn fetch(&self, _: Option<&Token>) -> Result<Token> {
        self.0.sleep(Duration::from_secs(86_400)).await;
        Ok(Token::new(Vec::new(), None))
    }
}

#[tokio::test]
async fn a_login_that_hangs_is_left_at_the_deadline_with_nothing_sent() {
    let script = Script::new([OK]);
    let clock = bench(&script, None).clock;
    let credential = TokenCredential::new(HangingLogin(clock.clone()), Arc::new(clock));
    let bench = bench(&script, Some(Arc::new(credential)));
    let error = bench.core.call(&CREATE).path("id", 1).send_bytes().await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied(), error.attempts()), (ErrorKind::Timeout, false, 0));
    assert_eq!((error.elapsed(), script.requests()), (Duration::from_secs(120), 0));
}

#[tokio::test]
async fn a_deadline_without_end_is_none() {
    let script = Script::new([status(503), Step::Answer(429, &[("retry-after", "40")], "{}"), OK]);
    let bench = bench_with(&script, None, |options| options.timeout = Some(Duration::MAX));
    let mut options = RequestOptions::default();
    options.timeout = Some(Duration::MAX);
    for call in [bench.core.call(&READ), bench.core.call(&READ).options(options)] {
        call.path("id", 1).send_bytes().await.unwrap();
    }
}

#[tokio::test]
async fn a_wait_without_end_is_not_begun() {
    let mut options = RequestOptions::default();
    options.retry = Some(connectors_core::RetryPolicy::default().retry_after_up_to(Duration::MAX));
    let bench = bench(&Script::new([Step::Answer(429, &[("retry-after", "10000000000000000000")], "{}")]), None);
    let error = bench.core.call(&READ).path("id", 1).options(options).send_bytes().await.unwrap_err();
    assert_eq!((error.kind(), bench.clock.elapsed()), (ErrorKind::RateLimited, Duration::ZERO));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(10_000_000_000_000_000_000)));
}

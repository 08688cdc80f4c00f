//! The way of one call: credential, quota, request, judgement, and again if that is safe.

use std::mem;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tracing::{Instrument, Span, field};

use crate::auth::{AuthHeaders, Credential};
use crate::call::Call;
use crate::classify::{Answer, Ran, Verdict};
use crate::core::Core;
use crate::elsewhere;
use crate::error::{Error, ErrorKind, Result};
use crate::exchange::{Bounds, Received, later, unread};
use crate::gate::{Admitted, Passed};
use crate::limit::KeyGuard;
use crate::operation::{Operation, Safety};
use crate::options::RequestOptions;
use crate::response::{Meta, Response};
use crate::retry::Withdrawal;
use crate::telemetry::{Event, WaitReason};
use crate::transport::ResponseBody;

/// What one request came to.
struct Attempt {
    verdict: Verdict,
    answer: Option<Received>,
    auth: Option<Arc<AuthHeaders>>,
}

/// How far a call has come.
#[derive(Default)]
struct Progress {
    credential: Option<Arc<dyn Credential>>,
    sent_at: Option<Instant>,
    attempts: u32,
    failures: u32,
    polls: u32,
    reauthenticated: bool,
    maybe_applied: bool,
}

/// The end of a call, to be told once it is known whether its answer can be read.
#[must_use = "nobody who watches learns of the end before it is told"]
pub(crate) struct Ending {
    core: Core,
    operation: &'static Operation,
    span: Span,
    attempts: u32,
    elapsed: Duration,
}

impl Ending {
    pub(crate) fn tell<T>(self, outcome: &Result<T>) {
        let Self { core, operation, span, attempts, elapsed } = self;
        let error = outcome.as_ref().err();
        if let Some(error) = error {
            span.record("error.type", error.kind().as_str());
        }
        core.observe(&Event::Finished { operation, attempts, elapsed, error });
    }
}

impl Core {
    pub(crate) async fn run(&self, call: &Call) -> (Result<Response<Bytes>>, Ending) {
        let (outcome, ending) = self.traced(call, false).await;
        (outcome.map(|(answer, meta)| Response::new(answer.body, meta)), ending)
    }

    pub(crate) async fn run_streaming(&self, call: &Call) -> (Result<Response<ResponseBody>>, Ending) {
        let (outcome, ending) = self.traced(call, true).await;
        let streamed =
            |(answer, meta): (Received, _)| Response::new(answer.rest.unwrap_or_else(|| answer.body.into()), meta);
        (outcome.map(streamed), ending)
    }

    async fn traced(&self, call: &Call, streaming: bool) -> (Result<(Received, Meta)>, Ending) {
        let operation = call.operation;
        let span = tracing::info_span!(
            "connectors.call",
            otel.name = operation.name,
            otel.kind = "client",
            connectors.provider = self.provider(),
            http.request.method = operation.method.as_str(),
            url.template = operation.path,
            http.response.status_code = field::Empty,
            http.request.resend_count = field::Empty,
            error.type = field::Empty,
        );
        let started = self.clock().now();
        let credential = if call.elsewhere.is_some() { None } else { self.credential() };
        let mut progress = Progress { credential, ..Progress::default() };
        let outcome = self.drive(call, streaming, started, &mut progress).instrument(span.clone()).await;
        let elapsed = self.clock().now().saturating_duration_since(started);
        let attempts = progress.attempts;
        span.record("http.request.resend_count", attempts.saturating_sub(1));
        let outcome = outcome.map_err(|error| {
            let maybe_applied = error.maybe_applied() || progress.maybe_applied;
            error
                .with_origin(self.provider(), operation.name)
                .with_attempts(attempts, elapsed)
                .with_maybe_applied(maybe_applied)
        });
        if let Some(status) = outcome.as_ref().map_or_else(Error::status, |answer| Some(answer.status)) {
            span.record("http.response.status_code", status.as_u16());
        }
        let outcome = outcome.map(|mut answer| {
            let meta = Meta {
                status: answer.status,
                headers: mem::take(&mut answer.headers),
                request_id: answer.request_id.take(),
                attempts,
                polls: progress.polls,
                elapsed,
                rate: Some(self.inner().limiter.state(operation.group)),
                ..Meta::default()
            };
            (answer, meta)
        });
        (outcome, Ending { core: self.clone(), operation, span, attempts, elapsed })
    }

    async fn drive(&self, call: &Call, streaming: bool, started: Instant, progress: &mut Progress) -> Result<Received> {
        let operation = call.operation;
        let deadline = self.deadline_from(started, &call.options);
        let deadline = call.until.map_or(deadline, |until| until.min(deadline));
        let mut paid = None;
        loop {
            let attempt = self.attempt(call, streaming, deadline, progress, paid.take()).await?;
            let (wait, reason) = match (attempt.verdict, attempt.answer) {
                (Verdict::Done, Some(answer)) => {
                    if progress.failures == 0 {
                        self.inner().budget.deposit();
                    }
                    return Ok(answer);
                }
                (Verdict::Done, None) => {
                    return Err(Error::new(ErrorKind::Server, "there is no answer to be done with"));
                }
                (Verdict::Fail(error), _) => return Err(error),
                (Verdict::Reauthenticate(error), _) if call.is_spent() => return Err(error),
                (Verdict::Reauthenticate(error), answer) => {
                    // It may hold the permits that the login needs.
                    drop(answer);
                    self.renew(attempt.auth, deadline, progress, error).await?;
                    continue;
                }
                (Verdict::NotReady { after }, answer) => {
                    progress.polls += 1;
                    let wait = self.inner().poll.wait(progress.polls - 1, after, self.random());
                    if call.is_spent() || call.unpolled || later(self.clock().now(), wait) >= deadline {
                        return Err(pending(progress.polls, wait, answer));
                    }
                    (wait, WaitReason::Poll)
                }
                (Verdict::Retry { error, after, ran }, _) => {
                    let (wait, reason, retry) = self.next_try(call, deadline, progress, error, after, ran)?;
                    paid = Some(retry);
                    (wait, reason)
                }
            };
            self.observe(&Event::Wait { operation, reason, duration: wait });
            tracing::debug!(?reason, ?wait, attempts = progress.attempts, "waiting");
            self.clock().sleep(wait).await;
        }
    }

    /// One request, from its credential to the judgement of its answer. Permits are given back before any wait.
    async fn attempt(
        &self,
        call: &Call,
        streaming: bool,
        deadline: Instant,
        progress: &mut Progress,
        paid: Option<Withdrawal<'_>>,
    ) -> Result<Attempt> {
        let (inner, operation) = (self.inner(), call.operation);
        let auth = match &progress.credential {
            Some(credential) => Some(self.before(deadline, credential.headers()).await?.map_err(not_the_call)?),
            None => None,
        };
        if auth.as_ref().is_some_and(|auth| self.is_news(auth)) {
            self.observe(&Event::Authenticated { operation });
        }
        let writing = match &call.lock {
            Some(key) => Some(inner.locks.lock(key, &*inner.clock, deadline).await?),
            None => None,
        };
        self.waited(operation, WaitReason::Turn, writing.as_ref().map_or(Duration::ZERO, KeyGuard::waited));
        // Before the quota: a source that cannot be read takes no place in it.
        let upload = match &call.upload {
            Some(upload) => Some(self.before(deadline, Box::pin(upload.open())).await?.map_err(unread)?),
            None => None,
        };
        let mut admitted = self.admit(call, deadline).await?;
        let priority = call.options.priority.max(self.priority());
        // What does not go to the provider counts in none of its quotas.
        let cost = if call.elsewhere.is_some() { 0 } else { operation.cost };
        let permit = inner.limiter.acquire(operation.group, cost, priority, deadline).await?;
        self.waited(operation, WaitReason::Quota, permit.waited());
        let request = self.build(call, auth.as_deref())?;
        let sent_at = self.clock().now();
        paid.into_iter().for_each(Withdrawal::spend);
        (progress.attempts, progress.sent_at) = (progress.attempts + 1, Some(sent_at));
        let patience = call.options.timeout.unwrap_or(inner.attempt_timeout).max(inner.attempt_timeout);
        let bounds = Bounds {
            until: deadline.min(later(sent_at, patience)),
            cap: call.options.body_cap.unwrap_or(inner.body_cap),
            patience: streaming.then_some(inner.attempt_timeout),
        };
        let mut is = |passed| admitted.iter_mut().for_each(|admitted| admitted.is(passed));
        is(Passed::Lost);
        let (verdict, answer) = match self.exchange(request, upload, bounds, (permit, writing)).await {
            Ok(mut answer) => {
                is(Passed::Answered(answer.status));
                let now = self.clock().now_utc();
                let seen = Answer::new(answer.status, &answer.headers, &answer.body, now);
                if call.elsewhere.is_some() {
                    (elsewhere::judge(operation, &seen), Some(answer))
                } else {
                    inner.limiter.heed(operation.group, &answer.headers, now);
                    let verdict = inner.classify.judge(operation, &seen);
                    let request_id = inner.classify.request_id(&seen);
                    answer.request_id.clone_from(&request_id);
                    (named(verdict, request_id), Some(answer))
                }
            }
            Err(lost) => {
                if lost.is_unsent() {
                    is(Passed::Unsent);
                }
                (lost.judged(operation.safety), None)
            }
        };
        let elapsed = self.clock().now().saturating_duration_since(sent_at);
        let (number, status) = (progress.attempts, answer.as_ref().map(|a| a.status));
        if inner.observer.is_some() {
            let rate = &inner.limiter.state(operation.group);
            self.observe(&Event::Attempt { operation, number, status, elapsed, rate });
        }
        if let (Some(watch), Some(status)) = (&call.watch, status) {
            watch(status);
        }
        tracing::debug!(number, status = status.map(|s| s.as_u16()), ?elapsed, "attempt");
        Ok(Attempt { verdict, answer, auth })
    }

    /// Past the provider's own gate, if there is one.
    async fn admit(&self, call: &Call, deadline: Instant) -> Result<Option<Admitted>> {
        let Some(gate) = self.inner().gate.as_ref().filter(|_| call.elsewhere.is_none()) else { return Ok(None) };
        if let Some(preparation) = Arc::clone(gate).prepare(self, call.operation) {
            self.before(deadline, preparation).await??;
        }
        Admitted::new(gate, call.operation).map(Some)
    }

    async fn renew(
        &self,
        seen: Option<Arc<AuthHeaders>>,
        deadline: Instant,
        progress: &mut Progress,
        error: Error,
    ) -> Result<()> {
        let (Some(credential), Some(seen), false) = (progress.credential.clone(), seen, progress.reauthenticated)
        else {
            return Err(error);
        };
        progress.reauthenticated = true;
        let renewed = self.before(deadline, credential.rejected(&seen)).await?.map_err(not_the_call)?;
        if renewed { Ok(()) } else { Err(error) }
    }

    /// How long to wait before the next try, or why there is none.
    fn next_try(
        &self,
        call: &Call,
        deadline: Instant,
        progress: &mut Progress,
        error: Error,
        after: Option<Duration>,
        ran: Ran,
    ) -> Result<(Duration, WaitReason, Withdrawal<'_>)> {
        let (inner, safety) = (self.inner(), call.operation.safety);
        let policy = call.options.retry.as_ref().unwrap_or(&inner.retry);
        progress.failures += 1;
        progress.maybe_applied |= ran == Ran::Maybe && safety != Safety::ReadOnly;
        let backoff = policy.backoff_after(progress.failures, self.random());
        let (wait, reason) = match after {
            Some(after) => (after.max(backoff), WaitReason::RetryAfter),
            None => (backoff, WaitReason::Backoff),
        };
        let now = self.clock().now();
        if error.kind() == ErrorKind::RateLimited {
            self.observe(&Event::Throttled { operation: call.operation, retry_after: after });
            let until = later(now, wait.min(policy.max_retry_after));
            inner.limiter.throttled(call.operation.group, progress.sent_at.unwrap_or(now), until);
        }
        let given_up = (ran == Ran::Maybe && safety == Safety::Once)
            || call.is_spent()
            || progress.failures >= policy.max_attempts
            || after.is_some_and(|after| after > policy.max_retry_after)
            || later(now, wait) >= deadline;
        if given_up {
            return Err(error);
        }
        let Some(paid) = inner.budget.withdraw() else {
            return Err(
                error.with_hint("not repeated: too many calls of this client fail, the retry budget is used up")
            );
        };
        Ok((wait, reason, paid))
    }

    /// Whether these credentials have not been seen before; true for one call of those that use them first.
    fn is_news(&self, auth: &AuthHeaders) -> bool {
        self.inner().newest_credentials.fetch_max(auth.generation(), Ordering::Relaxed) < auth.generation()
    }

    /// Tells of a wait whose length is known only once it is over.
    fn waited(&self, operation: &Operation, reason: WaitReason, duration: Duration) {
        if !duration.is_zero() {
            self.observe(&Event::Wait { operation, reason, duration });
        }
    }

    /// When a call that begins now with these options has to end.
    pub fn deadline(&self, options: &RequestOptions) -> Instant {
        self.deadline_from(self.clock().now(), options)
    }

    fn deadline_from(&self, started: Instant, options: &RequestOptions) -> Instant {
        later(started, options.timeout.unwrap_or(self.inner().timeout))
    }
}

/// A login that may have been carried out is not the call that may have been: that was not sent.
fn not_the_call(login: Error) -> Error {
    login.with_maybe_applied(false)
}

fn named(verdict: Verdict, request_id: Option<String>) -> Verdict {
    let Some(id) = request_id else { return verdict };
    match verdict {
        Verdict::Retry { error, after, ran } => Verdict::Retry { error: error.with_request_id(id), after, ran },
        Verdict::Reauthenticate(error) => Verdict::Reauthenticate(error.with_request_id(id)),
        Verdict::Fail(error) => Verdict::Fail(error.with_request_id(id)),
        other => other,
    }
}

fn pending(polls: u32, wait: Duration, answer: Option<Received>) -> Error {
    let error =
        Error::new(ErrorKind::Pending, format!("the provider is still computing the answer after {polls} requests"))
            .with_retry_after(wait)
            .with_hint("make the same call again: it continues where this one stopped");
    match answer {
        Some(Received { status, request_id: Some(id), .. }) => error.with_status(status).with_request_id(id),
        Some(answer) => error.with_status(answer.status),
        None => error,
    }
}

//! The way of one call: credential, quota, request, judgement, and again if that is safe.

use std::error::Error as _;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::{Either, select};
use futures_util::{StreamExt, stream};
use http::{HeaderMap, StatusCode};
use tracing::{Instrument, Span, field};

use crate::auth::{AuthHeaders, Credential};
use crate::call::Call;
use crate::classify::{Answer, Ran, Verdict};
use crate::core::Core;
use crate::error::{Error, ErrorKind, Result};
use crate::limit::KeyGuard;
use crate::operation::{Operation, Safety};
use crate::options::RequestOptions;
use crate::response::{Meta, Response};
use crate::telemetry::{Event, WaitReason};
use crate::transport::{HttpRequest, ResponseBody, TransportError, TransportErrorKind, UploadBody};

/// Error bodies are read up to here, so that their connection can be used again; the rest is dropped.
const ERROR_BODY_CAP: usize = 64 << 10;

/// What one request came to.
struct Attempt {
    verdict: Verdict,
    answer: Option<Received>,
    auth: Option<Arc<AuthHeaders>>,
}

/// An answer with its body, whole or still to be read.
struct Received {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    rest: Option<ResponseBody>,
    request_id: Option<String>,
}

/// How far a call has come.
#[derive(Default)]
struct Progress {
    credential: Option<Arc<dyn Credential>>,
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
    pub(crate) async fn run(self, call: Call) -> (Result<Response<Bytes>>, Ending) {
        let (outcome, ending) = self.traced(&call, false).await;
        (outcome.map(|(answer, meta)| Response::new(answer.body, meta)), ending)
    }

    pub(crate) async fn run_streaming(self, call: Call) -> (Result<Response<ResponseBody>>, Ending) {
        let (outcome, ending) = self.traced(&call, true).await;
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
        let mut progress = Progress { credential: self.credential(), ..Progress::default() };
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
        let outcome = outcome.map(|answer| {
            let meta = Meta {
                status: answer.status,
                headers: answer.headers.clone(),
                request_id: answer.request_id.clone(),
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
        loop {
            let attempt = self.attempt(call, streaming, deadline, progress).await?;
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
                (Verdict::Reauthenticate(error), _) => {
                    self.renew(attempt.auth, deadline, progress, error).await?;
                    continue;
                }
                (Verdict::NotReady { after }, answer) => {
                    progress.polls += 1;
                    let wait = self.inner().poll.wait(progress.polls - 1, after, self.random());
                    if later(self.clock().now(), wait) >= deadline {
                        return Err(pending(progress.polls, wait, answer));
                    }
                    (wait, WaitReason::Poll)
                }
                (Verdict::Retry { error, after, ran }, _) => {
                    self.next_try(call, deadline, progress, error, after, ran)?
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
        let priority = call.options.priority.max(self.priority());
        let permit = inner.limiter.acquire(operation.group, operation.cost, priority, deadline).await?;
        self.waited(operation, WaitReason::Quota, permit.waited());
        let request = self.build(call, auth.as_deref())?;
        let upload = match &call.upload {
            Some(upload) => Some(self.before(deadline, upload.open()).await?.map_err(unread)?),
            None => None,
        };
        let sent_at = self.clock().now();
        progress.attempts += 1;
        let patience = call.options.timeout.unwrap_or(inner.attempt_timeout).max(inner.attempt_timeout);
        let until = deadline.min(later(sent_at, patience));
        let cap = call.options.body_cap.unwrap_or(inner.body_cap);
        let mut outcome = self.exchange(request, upload, streaming.then_some(patience), cap, until).await;
        if let Ok(Ok(answer)) = &mut outcome {
            // A body that is still to be read is a request under way.
            answer.rest = answer.rest.take().map(|rest| holding((permit, writing), rest));
        }
        let elapsed = self.clock().now().saturating_duration_since(sent_at);
        let (verdict, answer) = match outcome {
            Ok(Ok(mut answer)) => {
                let seen = Answer::new(answer.status, &answer.headers, &answer.body, self.clock().now_utc());
                let verdict = inner.classify.judge(operation, &seen);
                let request_id = inner.classify.request_id(&seen);
                answer.request_id.clone_from(&request_id);
                (named(verdict, request_id), Some(answer))
            }
            Ok(Err(error)) => (judge_transport(error, operation.safety), None),
            Err(timeout) => (Verdict::Retry { error: timeout, after: None, ran: Ran::Maybe }, None),
        };
        let (number, status) = (progress.attempts, answer.as_ref().map(|a| a.status));
        self.observe(&Event::Attempt { operation, number, status, elapsed });
        tracing::debug!(number, status = status.map(|s| s.as_u16()), ?elapsed, "attempt");
        Ok(Attempt { verdict, answer, auth })
    }

    /// The answer to `request` by `until`; its body is left to be read when there is a `patience` for its pieces.
    async fn exchange(
        &self,
        request: HttpRequest,
        upload: Option<UploadBody>,
        patience: Option<Duration>,
        cap: usize,
        until: Instant,
    ) -> Result<Result<Received, TransportError>> {
        let transport = &self.inner().transport;
        let sending = match upload {
            Some(upload) => transport.upload(request.map(|_| upload)),
            None => transport.send(request),
        };
        let (head, body) = match self.before(until, sending).await? {
            Ok(answer) => answer.into_parts(),
            Err(error) => return Ok(Err(error)),
        };
        let (status, headers) = (head.status, head.headers);
        let mut answer = Received { status, headers, body: Bytes::new(), rest: None, request_id: None };
        if !status.is_success() {
            // What the status says is known already: a body that does not come must not turn it into a timeout.
            answer.body = body.collect_prefix(ERROR_BODY_CAP, self.clock().deadline(until)).await;
        } else if let Some(patience) = patience {
            let clock = Arc::clone(self.clock());
            answer.rest = Some(body.with_patience(move || clock.deadline(later(clock.now(), patience))));
        } else {
            match self.before(until, body.collect(cap)).await? {
                Ok(whole) => answer.body = whole,
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(answer))
    }

    fn build(&self, call: &Call, auth: Option<&AuthHeaders>) -> Result<HttpRequest> {
        let mut request = http::Request::builder()
            .method(call.operation.method.clone())
            .uri(call.url(&self.inner().base))
            .body(call.body.clone())
            .map_err(|e| Error::new(ErrorKind::InvalidRequest, "the URL cannot be built").with_source(e))?;
        let headers = request.headers_mut();
        headers.clone_from(&self.inner().headers);
        // The credential comes last: nothing a caller adds can replace it.
        for added in [Some(&call.options.headers), auth.map(AuthHeaders::headers)].into_iter().flatten() {
            added.keys().for_each(|name| drop(headers.remove(name)));
            headers.extend(added.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        Ok(request)
    }

    async fn renew(
        &self,
        seen: Option<Arc<AuthHeaders>>,
        deadline: Instant,
        progress: &mut Progress,
        error: Error,
    ) -> Result<()> {
        let (Some(credential), Some(seen), false) = (progress.credential.clone(), seen, progress.reauthenticated) else {
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
    ) -> Result<(Duration, WaitReason)> {
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
            inner.limiter.pause("*", later(now, wait.min(policy.max_retry_after)));
        }
        let given_up = (ran == Ran::Maybe && safety == Safety::Once)
            || call.is_spent()
            || progress.failures >= policy.max_attempts
            || after.is_some_and(|after| after > policy.max_retry_after)
            || later(now, wait) >= deadline;
        if given_up {
            return Err(error);
        }
        if !inner.budget.withdraw() {
            return Err(
                error.with_hint("not repeated: too many calls of this client fail, the retry budget is used up")
            );
        }
        Ok((wait, reason))
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

    /// Runs `work` until `until`.
    async fn before<F: Future>(&self, until: Instant, work: F) -> Result<F::Output> {
        match select(pin!(work), self.clock().deadline(until)).await {
            Either::Left((output, _)) => Ok(output),
            Either::Right(_) => Err(Error::new(ErrorKind::Timeout, "there was no answer in time")),
        }
    }
}

/// `from + by`, or a time that nobody waits for where that is more than an `Instant` holds.
fn later(from: Instant, by: Duration) -> Instant {
    const FOREVER: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    from + by.min(FOREVER)
}

/// A login that may have been carried out is not the call that may have been: that was not sent.
fn not_the_call(login: Error) -> Error {
    login.with_maybe_applied(false)
}

/// Keeps `permits` until `body` is read to its end or dropped.
fn holding(permits: impl Send + 'static, body: ResponseBody) -> ResponseBody {
    ResponseBody::from_stream(stream::unfold(Some((permits, body)), |held| async {
        let (permits, mut body) = held?;
        let piece = body.next().await?;
        Some((piece, Some((permits, body))))
    }))
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

/// The source of an upload failed. Whatever has gone out of it is not a whole request.
fn unread(error: TransportError) -> Error {
    let why = error.source().map(|why| format!(": {why}")).unwrap_or_default();
    Error::new(ErrorKind::Storage, format!("{error}{why}")).with_source(error)
}

fn judge_transport(error: TransportError, safety: Safety) -> Verdict {
    if error.kind == TransportErrorKind::Source {
        return Verdict::Fail(unread(error));
    }
    let ran = if error.sent { Ran::Maybe } else { Ran::No };
    let message = error.to_string();
    let kind = match error.kind {
        TransportErrorKind::Dns | TransportErrorKind::Connect | TransportErrorKind::Tls => ErrorKind::Connect,
        TransportErrorKind::BodyTooLarge => ErrorKind::BodyTooLarge,
        _ => ErrorKind::Interrupted,
    };
    let permanent = matches!(error.kind, TransportErrorKind::Tls | TransportErrorKind::BodyTooLarge);
    let maybe_applied = error.sent && safety != Safety::ReadOnly;
    let cause = Error::new(kind, message).with_source(error);
    match kind {
        ErrorKind::BodyTooLarge => Verdict::Fail(cause.with_maybe_applied(maybe_applied)),
        _ if permanent => Verdict::Fail(cause.with_retryable(false)),
        _ => Verdict::Retry { error: cause, after: None, ran },
    }
}

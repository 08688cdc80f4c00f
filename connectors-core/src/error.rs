//! The one error type of the family.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::redact;

/// What every fallible function of the family returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One line per kind, so that its name, its meaning and its words stay together.
macro_rules! kinds {
    ($($(#[$doc:meta])+ $kind:ident = $words:literal,)+) => {
        /// What went wrong, and so what to do about it.
        ///
        /// Open to new kinds: end a `match` with `_`, treating an unknown kind like [`ErrorKind::Server`].
        #[non_exhaustive]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorKind {
            $($(#[$doc])+ $kind,)+
        }

        impl ErrorKind {
            /// Every kind of this version.
            pub const ALL: &[Self] = &[$(Self::$kind,)+];

            /// The kind in words, as `Display` prints it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $words,)+
                }
            }
        }
    };
}

kinds! {
    /// The client was set up wrongly (key, URL, option). Fix the configuration; nothing was sent.
    Config = "configuration error",
    /// A request is not valid. Refused here before anything was sent, unless a status is present.
    InvalidRequest = "invalid request",
    /// The provider does not accept the credentials.
    Auth = "credentials rejected",
    /// The credentials are good but lack a right, scope or plan.
    PermissionDenied = "permission denied",
    /// The thing does not exist, or is hidden from these credentials.
    NotFound = "not found",
    /// A name or key fits more than one thing; the provider cannot tell which is meant.
    Ambiguous = "ambiguous",
    /// The request contradicts what the provider holds (it exists already, it was changed meanwhile).
    Conflict = "conflict",
    /// Too many requests for now; see [`Error::retry_after`].
    RateLimited = "rate limited",
    /// A quota of the contract is used up until it is renewed; repeating does not help before.
    QuotaExhausted = "quota exhausted",
    /// The provider is still computing the answer; the same call later continues where this one stopped.
    Pending = "not ready yet",
    /// No answer within the deadline.
    Timeout = "timed out",
    /// No connection could be made; nothing was sent.
    Connect = "cannot connect",
    /// The connection broke after the request may have been sent.
    Interrupted = "connection interrupted",
    /// The provider failed (5xx, or an answer that is not of its API).
    Server = "provider failure",
    /// An answer did not have the documented form; see [`Error::json_path`].
    Decode = "unexpected answer",
    /// An answer was larger than the cap.
    BodyTooLarge = "answer too large",
    /// The provider's contract has no such operation, or needs an option that is not set.
    Unsupported = "unsupported",
    /// The work was given up before it ended.
    Cancelled = "cancelled",
    /// The link store or another local resource failed.
    Storage = "local storage failed",
}

impl ErrorKind {
    fn is_transient(self) -> bool {
        matches!(
            self,
            Self::RateLimited | Self::Pending | Self::Timeout | Self::Connect | Self::Interrupted | Self::Server
        )
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a call failed: cheap to clone, free of secrets, the same for all providers.
///
/// `Display` is one line for people; `{:#}` and `Debug` tell the whole story.
///
/// ```
/// use connectors_core::{Error, ErrorKind};
///
/// fn advice(error: &Error) -> &'static str {
///     match error.kind() {
///         _ if error.maybe_applied() => "look before repeating it",
///         ErrorKind::Config | ErrorKind::Auth => "check the key",
///         _ if error.is_retryable() => "try again later",
///         _ => "fix the request",
///     }
/// }
/// assert_eq!(advice(&Error::new(ErrorKind::Auth, "key rejected")), "check the key");
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    hint: Option<Cow<'static, str>>,
    field: Option<String>,
    provider: &'static str,
    operation: &'static str,
    status: Option<StatusCode>,
    code: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    retryable: Option<bool>,
    maybe_applied: bool,
    attempts: u32,
    elapsed: Duration,
    snippet: Option<String>,
    json_path: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of this kind. `message` says what is wrong; anything secret in it is masked.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            kind,
            message: shown(message.into()).into(),
            hint: None,
            field: None,
            provider: "",
            operation: "",
            status: None,
            code: None,
            request_id: None,
            retry_after: None,
            retryable: None,
            maybe_applied: false,
            attempts: 0,
            elapsed: Duration::ZERO,
            snippet: None,
            json_path: None,
            source: None,
        }))
    }

    /// A request refused before anything was sent, because of `field`.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, message).with_field(field)
    }

    /// A setting that cannot be right, named `field`.
    pub fn config(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message).with_field(field)
    }

    /// An operation that the provider's contract does not have.
    pub fn unsupported(provider: &'static str, operation: &'static str, reason: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, reason).with_origin(provider, operation)
    }

    fn edit(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// Says what to do about it, in one sentence.
    pub fn with_hint(self, hint: impl Into<Cow<'static, str>>) -> Self {
        // What is put together may have parts of others.
        let hint = match hint.into() {
            Cow::Owned(hint) => shown(hint).into(),
            ours @ Cow::Borrowed(_) => ours,
        };
        self.edit(|e| e.hint = Some(hint))
    }

    /// Names the request field or the setting at fault.
    pub fn with_field(self, field: impl Into<String>) -> Self {
        let field = shown(field.into());
        self.edit(|e| e.field = Some(field))
    }

    /// Names provider and operation, unless they are known already.
    pub fn with_origin(self, provider: &'static str, operation: &'static str) -> Self {
        self.edit(|e| {
            if e.provider.is_empty() {
                e.provider = provider;
            }
            if e.operation.is_empty() {
                e.operation = operation;
            }
        })
    }

    /// The HTTP status that came with it.
    pub fn with_status(self, status: StatusCode) -> Self {
        self.edit(|e| e.status = Some(status))
    }

    /// The provider's own error code, a number or a text.
    #[allow(clippy::needless_pass_by_value)] // so that callers can write `with_code(1006)`
    pub fn with_code(self, code: impl ToString) -> Self {
        let code = shown(code.to_string());
        self.edit(|e| e.code = Some(code))
    }

    /// The provider's id of the request, to quote to its support.
    pub fn with_request_id(self, id: impl Into<String>) -> Self {
        let id = redact::bounded(&id.into(), 128);
        self.edit(|e| e.request_id = Some(id))
    }

    /// How long the provider asked to wait.
    pub fn with_retry_after(self, after: Duration) -> Self {
        self.edit(|e| e.retry_after = Some(after))
    }

    /// Overrules what the kind says about repeating.
    pub fn with_retryable(self, retryable: bool) -> Self {
        self.edit(|e| e.retryable = Some(retryable))
    }

    /// Marks a write that the provider may have carried out.
    pub fn with_maybe_applied(self, maybe: bool) -> Self {
        self.edit(|e| e.maybe_applied = maybe)
    }

    /// How many requests were sent, and how long the call took in all.
    pub fn with_attempts(self, attempts: u32, elapsed: Duration) -> Self {
        self.edit(|e| {
            e.attempts = attempts;
            e.elapsed = elapsed;
        })
    }

    /// The start of the answer's body: bounded, and masked by [`redact::body`].
    pub fn with_body(self, body: &[u8]) -> Self {
        let snippet = redact::body(body);
        self.edit(|e| e.snippet = snippet)
    }

    /// Where in the answer the decoder stopped. Names of members may be data, so they are masked like any text.
    pub fn with_json_path(self, path: impl Into<String>) -> Self {
        let path = redact::bounded(&redact::text(path.into()), 256);
        self.edit(|e| e.json_path = Some(path))
    }

    /// What caused it. Its own text is shown masked, never as it is.
    pub fn with_source(self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.edit(|e| e.source = Some(Arc::new(source)))
    }

    /// What went wrong, to match on.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What is wrong, without provider, codes or hint.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The request field or setting at fault.
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// Whether the same call may succeed later. Never true for a write that may have been applied:
    /// look first, see [`Error::maybe_applied`].
    pub fn is_retryable(&self) -> bool {
        !self.0.maybe_applied && self.0.retryable.unwrap_or(self.0.kind.is_transient())
    }

    /// Whether the provider may have carried out the write although the call failed.
    pub fn maybe_applied(&self) -> bool {
        self.0.maybe_applied
    }

    /// The provider, `""` when no call was involved.
    pub fn provider(&self) -> &'static str {
        self.0.provider
    }

    /// The operation by its name in the client, such as `rows.update`.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The HTTP status, when there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The provider's own error code, as text.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The provider's id of the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the provider asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many requests were sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the call took in all, waits included.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// The start of the answer's body, bounded and masked.
    pub fn body_snippet(&self) -> Option<&str> {
        self.0.snippet.as_deref()
    }

    /// Where in the answer the decoder stopped, such as `rows[3].cells[0].columnId`.
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    fn details(&self) -> Vec<(&'static str, String)> {
        let e = &*self.0;
        let mut out = Vec::new();
        let mut push = |name, value: Option<String>| out.extend(value.map(|v| (name, v)));
        push("status", e.status.map(|s| s.to_string()));
        push("code", e.code.clone());
        push("request id", e.request_id.clone());
        push("json path", e.json_path.clone());
        push("retry after", e.retry_after.map(|d| format!("{d:?}")));
        push("attempts", (e.attempts > 0).then(|| e.attempts.to_string()));
        push("elapsed", (e.elapsed > Duration::ZERO).then(|| format!("{:?}", e.elapsed)));
        push("maybe applied", e.maybe_applied.then(|| "yes".to_owned()));
        push("retryable", self.is_retryable().then(|| "yes".to_owned()));
        push("body", e.snippet.clone());
        push("hint", e.hint.as_deref().map(str::to_owned));
        let mut cause = e.source.as_deref().map(|s| s as &dyn StdError);
        while let Some(source) = cause {
            out.push(("caused by", shown(source.to_string())));
            cause = source.source();
        }
        out
    }

    fn headline(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let e = &*self.0;
        match (e.provider, e.operation) {
            ("", "") => {}
            (provider, "") => write!(f, "{provider}: ")?,
            (provider, operation) => write!(f, "{provider} {operation}: ")?,
        }
        match &e.field {
            Some(field) => write!(f, "{}: {field}: {}", e.kind, e.message),
            None => write!(f, "{}: {}", e.kind, e.message),
        }
    }
}

/// The most that is shown of a text, in characters; four times as much is looked at, so that what is cut there is no
/// half of a secret.
const LONGEST: usize = 1000;

/// What may be printed of a text that others may have a part in: on one short line, masked.
fn shown(text: String) -> String {
    let long = text.len() > LONGEST;
    let text = redact::text(if long { redact::bounded(&text, 4 * LONGEST) } else { text });
    if long || text.contains(char::is_control) { redact::bounded(&text, LONGEST) } else { text }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.headline(f)?;
        if f.alternate() {
            return self.details().iter().try_for_each(|(name, value)| write!(f, "\n  {name}: {value}"));
        }
        let e = &*self.0;
        let mut notes = Vec::new();
        notes.extend(e.status.map(|s| format!("HTTP {}", s.as_u16())));
        notes.extend(e.code.as_ref().map(|v| format!("code {v}")));
        notes.extend(e.json_path.as_ref().map(|v| format!("at {v}")));
        notes.extend(e.retry_after.map(|d| format!("retry after {} s", d.as_secs_f64().ceil())));
        notes.extend((e.attempts > 1).then(|| format!("{} attempts", e.attempts)));
        notes.extend(e.maybe_applied.then(|| "may have been applied".to_owned()));
        notes.extend(e.request_id.as_ref().map(|v| format!("request {v}")));
        if !notes.is_empty() {
            write!(f, " ({})", notes.join(", "))?;
        }
        e.hint.as_ref().map_or(Ok(()), |hint| write!(f, "; {hint}"))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.headline(f)?;
        self.details().iter().try_for_each(|(name, value)| write!(f, "\n  {name}: {value}"))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|s| s as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_line_whatever_others_put_into_it() {
        let error = Error::new(ErrorKind::Server, "bad\r\nthings\u{7f}")
            .with_field("a\nb")
            .with_code("7\t7")
            .with_hint(String::from("ask\nthem"))
            .with_source(Error::new(ErrorKind::Storage, "deep\nbelow"));
        assert_eq!(error.to_string(), "provider failure: a b: bad  things  (code 7 7); ask them");
        assert_eq!(format!("{error:#}").lines().count(), 5, "{error:#}");
        let long = Error::new(ErrorKind::Server, "é ".repeat(100_000));
        assert_eq!((long.message().chars().count(), long.message().ends_with('…')), (1000, true));
    }

    #[test]
    fn is_one_pointer_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn display_is_one_line_that_says_what_where_and_what_to_do() {
        let error = Error::new(ErrorKind::NotFound, "no row has this event id")
            .with_origin("smartsheet", "update_event_row")
            .with_status(StatusCode::NOT_FOUND)
            .with_code(1006)
            .with_hint("create the row first");
        assert_eq!(
            error.to_string(),
            "smartsheet update_event_row: not found: no row has this event id (HTTP 404, code 1006); create the row first"
        );
    }

    #[test]
    fn a_write_that_may_have_been_applied_is_never_called_retryable() {
        let error = Error::new(ErrorKind::Timeout, "no answer");
        assert!(error.is_retryable());
        assert!(!error.with_maybe_applied(true).is_retryable());
    }
}

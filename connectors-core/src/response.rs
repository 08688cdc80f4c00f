//! A value, with what is known of the call that fetched it.

use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::cache::CacheOutcome;
use crate::limit::RateState;

/// What a builder's `.send()` gives: the value, which it dereferences to, and the call's circumstances.
#[derive(Debug, Clone)]
pub struct Response<T> {
    value: T,
    meta: Meta,
}

/// The circumstances of a call. `Debug` shows the names of the headers, not what they hold.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Meta {
    /// The status of the last answer.
    pub status: StatusCode,
    /// The headers of the last answer.
    pub headers: HeaderMap,
    /// The provider's id of the request.
    pub request_id: Option<String>,
    /// How many requests were sent; 0 when the value came from the cache.
    pub attempts: u32,
    /// How many of them were answered with "not ready yet".
    pub polls: u32,
    /// How long the call took, waits included.
    pub elapsed: Duration,
    /// How old a cached value is; zero for a fresh one.
    pub age: Duration,
    /// Where the value came from, for operations that are cached.
    pub cache: Option<CacheOutcome>,
    /// How the client's own quota for such calls stood after the answer; `None` when nothing was sent.
    pub rate: Option<RateState>,
}

impl<T> Response<T> {
    /// A value and its circumstances.
    pub fn new(value: T, meta: Meta) -> Self {
        Self { value, meta }
    }

    /// The plain value.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The circumstances of the call.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The same call with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Response<U> {
        Response { value: f(self.value), meta: self.meta }
    }

    /// Value and circumstances apart.
    pub fn into_parts(self) -> (T, Meta) {
        (self.value, self.meta)
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl fmt::Debug for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meta")
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("request_id", &self.request_id)
            .field("attempts", &self.attempts)
            .field("polls", &self.polls)
            .field("elapsed", &self.elapsed)
            .field("age", &self.age)
            .field("cache", &self.cache)
            .field("rate", &self.rate)
            .finish()
    }
}

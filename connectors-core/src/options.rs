//! What one call may be given besides its own parameters.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::cache::CachePolicy;
use crate::limit::Priority;
use crate::retry::RetryPolicy;

/// A boxed future that can be spawned: what awaiting a request builder runs.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The options that every request builder has; see [`request_options!`](crate::request_options).
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct RequestOptions {
    /// Headers to add. They cannot replace the credential's.
    pub headers: HeaderMap,
    /// The deadline of this call, retries and waits included. One longer than the client allows a single request
    /// lets a single request take as long.
    pub timeout: Option<Duration>,
    /// The retry policy of this call.
    pub retry: Option<RetryPolicy>,
    /// Leaves checking the request to the provider. Ids in paths are checked all the same.
    pub skip_validation: bool,
    /// Whose turn it is when the quota is scarce.
    pub priority: Priority,
    /// What the cache may answer.
    pub cache: CachePolicy,
    /// The largest answer accepted, in bytes after decompression.
    pub body_cap: Option<usize>,
}

impl RequestOptions {
    /// Adds a header; one whose name or value cannot be sent is refused when the call is made.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Header values may hold secrets: only the names are shown.
        f.debug_struct("RequestOptions")
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("skip_validation", &self.skip_validation)
            .field("priority", &self.priority)
            .field("cache", &self.cache)
            .field("body_cap", &self.body_cap)
            .finish()
    }
}

/// For a request builder with a field `options: RequestOptions` and a method
/// `async fn send(self) -> Result<Response<$out>>`: the methods that all builders share, and `.await` for the value.
#[macro_export]
macro_rules! request_options {
    ($request:ident => $out:ty) => {
        impl $request {
            /// Adds a header to this call. The credential's headers cannot be replaced.
            pub fn header(mut self, name: ::http::HeaderName, value: ::http::HeaderValue) -> Self {
                self.options.headers.insert(name, value);
                self
            }

            /// The deadline of this call, retries and waits included. A long one lets a single request take as long.
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.options.timeout = Some(timeout);
                self
            }

            /// Repeats this call by its own policy.
            pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
                self.options.retry = Some(policy);
                self
            }

            /// Whose turn it is when the quota is scarce: by default this call goes before bulk work.
            pub fn priority(mut self, priority: $crate::Priority) -> Self {
                self.options.priority = priority;
                self
            }

            /// Leaves checking the request to the provider.
            pub fn skip_validation(mut self) -> Self {
                self.options.skip_validation = true;
                self
            }
        }

        impl ::std::future::IntoFuture for $request {
            type Output = $crate::Result<$out>;
            type IntoFuture = $crate::BoxFuture<Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(async move { self.send().await.map($crate::Response::into_inner) })
            }
        }
    };
}

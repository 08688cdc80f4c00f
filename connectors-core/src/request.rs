//! One call as the methods of a client give it: to be given options, then awaited.

use std::fmt::{self, Debug, Display};
use std::future::IntoFuture;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use serde::de::DeserializeOwned;

use crate::call::Call;
use crate::error::{Error, Result};
use crate::limit::Priority;
use crate::options::{BoxFuture, RequestOptions};
use crate::response::Response;
use crate::retry::RetryPolicy;

type Send<T> = fn(Call) -> BoxFuture<Result<Response<T>>>;

/// A request that has not been sent. Awaiting it gives the value; [`send`](Self::send) gives the value with what is
/// known of the call.
///
/// It owns all it needs, so it can be stored, cloned and spawned.
#[must_use = "a request does nothing until it is awaited"]
pub struct Request<T> {
    call: Call,
    options: RequestOptions,
    parameters: Vec<(&'static str, String)>,
    /// What is wrong with it, by our own checks.
    refused: Option<Error>,
    send: Send<T>,
}

impl<T: DeserializeOwned + std::marker::Send + 'static> Request<T> {
    /// A call whose answer is a `T`. For provider crates, as all of the constructors.
    #[doc(hidden)]
    pub fn new(call: Call) -> Self {
        Self::with(call, |call| Box::pin(call.send()))
    }
}

impl<T: 'static> Request<T> {
    /// A call whose answer is a `W` on the wire, and what `T` makes of it for the caller.
    #[doc(hidden)]
    pub fn mapped<W: DeserializeOwned + Into<T> + std::marker::Send + 'static>(call: Call) -> Self {
        Self::with(call, |call| Box::pin(async move { Ok(call.send::<W>().await?.map(Into::into)) }))
    }
}

impl<T> Request<T> {
    /// A call that is sent by `send`, which reads the answer its own way.
    #[doc(hidden)]
    pub fn with(call: Call, send: Send<T>) -> Self {
        Self { call, options: RequestOptions::default(), parameters: Vec::new(), refused: None, send }
    }

    /// Refuses the request with this error, unless its caller leaves checking to the provider.
    #[doc(hidden)]
    pub fn check(mut self, outcome: Result<()>) -> Self {
        self.refused = self.refused.or(outcome.err());
        self
    }

    /// Sets a query parameter; the last value counts.
    #[doc(hidden)]
    pub fn set(mut self, name: &'static str, value: impl Display) -> Self {
        let value = value.to_string();
        match self.parameters.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.parameters.push((name, value)),
        }
        self
    }

    /// Adds to a query parameter that is a list, separated by commas.
    #[doc(hidden)]
    pub fn add<V: Display>(mut self, name: &'static str, values: impl IntoIterator<Item = V>) -> Self {
        for value in values {
            match self.parameters.iter_mut().find(|(known, _)| *known == name) {
                Some((_, list)) => *list = format!("{list},{value}"),
                None => self.parameters.push((name, value.to_string())),
            }
        }
        self
    }

    /// Adds to a query parameter that is a list, repeated for each value.
    #[doc(hidden)]
    pub fn each<V: Display>(mut self, name: &'static str, values: impl IntoIterator<Item = V>) -> Self {
        self.parameters.extend(values.into_iter().map(|value| (name, value.to_string())));
        self
    }

    /// Takes a query parameter back.
    #[doc(hidden)]
    pub fn unset(mut self, name: &str) -> Self {
        self.parameters.retain(|(known, _)| *known != name);
        self
    }

    /// A query parameter that was set before.
    #[doc(hidden)]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// Changes the options at will.
    #[doc(hidden)]
    pub fn options(mut self, change: impl FnOnce(&mut RequestOptions)) -> Self {
        change(&mut self.options);
        self
    }

    /// Sets a query parameter that there is no method for.
    pub fn query(self, name: &'static str, value: impl Display) -> Self {
        self.set(name, value)
    }

    /// Adds a header to this call. The credential's headers cannot be replaced.
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.options(|options| {
            options.headers.insert(name, value);
        })
    }

    /// The deadline of this call, retries and waits included. A long one lets a single request take as long.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.options(|options| options.timeout = Some(timeout))
    }

    /// Repeats this call by its own policy.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.options(|options| options.retry = Some(policy))
    }

    /// Whose turn it is when the quota is scarce: by default this call goes before bulk work.
    pub fn priority(self, priority: Priority) -> Self {
        self.options(|options| options.priority = priority)
    }

    /// Leaves checking the request to the provider. Ids in paths are checked all the same.
    pub fn skip_validation(self) -> Self {
        self.options(|options| options.skip_validation = true)
    }

    /// Sends it.
    pub async fn send(self) -> Result<Response<T>> {
        (self.send)(self.into_call()).await
    }

    /// The call that it comes down to.
    #[doc(hidden)]
    pub fn into_call(self) -> Call {
        let refused = self.refused.filter(|_| !self.options.skip_validation);
        let call = self.call.check(refused.map_or(Ok(()), Err));
        let call = self.parameters.iter().fold(call, |call, (name, value)| call.query(name, value));
        call.options(self.options)
    }
}

// Not derived: a request for what cannot be cloned can be.
impl<T> Clone for Request<T> {
    fn clone(&self) -> Self {
        Self {
            call: self.call.clone(),
            options: self.options.clone(),
            parameters: self.parameters.clone(),
            refused: self.refused.clone(),
            send: self.send,
        }
    }
}

impl<T> Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("call", &self.call).field("options", &self.options).finish_non_exhaustive()
    }
}

impl<T: 'static> IntoFuture for Request<T> {
    type Output = Result<T>;
    type IntoFuture = BoxFuture<Result<T>>;

    fn into_future(self) -> Self::IntoFuture {
        let sent = (self.send)(self.into_call());
        Box::pin(async move { sent.await.map(Response::into_inner) })
    }
}

/// Declares a request with query parameters: a struct around [`Request`](crate::Request) with a method for each of
/// them, and those that every request has.
///
/// ```
/// use connectors_core::{Request, request};
///
/// request! {
///     /// Lists the stores.
///     pub struct ListStores => Vec<String>;
///     /// Only stores in these cities.
///     list cities: String = "city";
///     /// Only stores of these chains.
///     each chains: u64 = "chain[]";
///     /// How many at most.
///     set limit: u32 = "limit";
///     /// Closed ones as well.
///     flag include_closed = "includeClosed";
///     /// Only those that were changed since.
///     time changed_since = "changedSince";
/// }
/// ```
///
/// A method that gives one is `ListStores(Request::new(call))`.
#[macro_export]
macro_rules! request {
    (
        $(#[$meta:meta])*
        $vis:vis struct $request:ident => $out:ty;
        $($rest:tt)*
    ) => {
        $(#[$meta])*
        #[must_use = "a request does nothing until it is awaited"]
        #[derive(Debug, Clone)]
        $vis struct $request($crate::Request<$out>);

        impl $request {
            /// Sets a query parameter that there is no method for.
            pub fn query(self, name: &'static str, value: impl ::std::fmt::Display) -> Self {
                Self(self.0.query(name, value))
            }

            /// Adds a header to this call. The credential's headers cannot be replaced.
            pub fn header(self, name: ::http::HeaderName, value: ::http::HeaderValue) -> Self {
                Self(self.0.header(name, value))
            }

            /// The deadline of this call, retries and waits included. A long one lets a single request take as long.
            pub fn timeout(self, timeout: ::std::time::Duration) -> Self {
                Self(self.0.timeout(timeout))
            }

            /// Repeats this call by its own policy.
            pub fn retry(self, policy: $crate::RetryPolicy) -> Self {
                Self(self.0.retry(policy))
            }

            /// Whose turn it is when the quota is scarce: by default this call goes before bulk work.
            pub fn priority(self, priority: $crate::Priority) -> Self {
                Self(self.0.priority(priority))
            }

            /// Leaves checking the request to the provider. Ids in paths are checked all the same.
            pub fn skip_validation(self) -> Self {
                Self(self.0.skip_validation())
            }

            /// Sends it, and gives the value with what is known of the call.
            pub async fn send(self) -> $crate::Result<$crate::Response<$out>> {
                self.0.send().await
            }

            $crate::request!(@ $($rest)*);
        }

        impl ::std::future::IntoFuture for $request {
            type Output = $crate::Result<$out>;
            type IntoFuture = $crate::BoxFuture<Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                ::std::future::IntoFuture::into_future(self.0)
            }
        }
    };
    (@) => {};
    (@ $(#[$meta:meta])* set $method:ident: $value:ty = $name:literal; $($rest:tt)*) => {
        $(#[$meta])*
        pub fn $method(self, value: $value) -> Self {
            Self(self.0.set($name, value))
        }
        $crate::request!(@ $($rest)*);
    };
    (@ $(#[$meta:meta])* list $method:ident: $value:ty = $name:literal; $($rest:tt)*) => {
        $(#[$meta])*
        pub fn $method(self, values: impl ::std::iter::IntoIterator<Item = $value>) -> Self {
            Self(self.0.add($name, values))
        }
        $crate::request!(@ $($rest)*);
    };
    (@ $(#[$meta:meta])* each $method:ident: $value:ty = $name:literal; $($rest:tt)*) => {
        $(#[$meta])*
        pub fn $method(self, values: impl ::std::iter::IntoIterator<Item = $value>) -> Self {
            Self(self.0.each($name, values))
        }
        $crate::request!(@ $($rest)*);
    };
    (@ $(#[$meta:meta])* flag $method:ident = $name:literal; $($rest:tt)*) => {
        $(#[$meta])*
        pub fn $method(self) -> Self {
            Self(self.0.set($name, true))
        }
        $crate::request!(@ $($rest)*);
    };
    (@ $(#[$meta:meta])* time $method:ident = $name:literal; $($rest:tt)*) => {
        $(#[$meta])*
        pub fn $method(self, time: ::chrono::DateTime<::chrono::Utc>) -> Self {
            Self(self.0.set($name, time.to_rfc3339_opts(::chrono::SecondsFormat::Secs, true)))
        }
        $crate::request!(@ $($rest)*);
    };
}

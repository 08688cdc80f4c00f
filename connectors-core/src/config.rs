//! Settings that clients share: base URLs, environment variables, the options of every builder.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::{Host, Url};

use crate::clock::{Clock, SystemClock};
use crate::error::{Error, ErrorKind, Result};
use crate::limit::RateLimits;
use crate::links::{LinkStore, MemoryLinkStore};
use crate::retry::{PollPolicy, RetryPolicy};
use crate::telemetry::Observer;
use crate::transport::Transport;

/// Checks a base URL: absolute, `https` (or loopback, or explicitly allowed), no credentials, query or fragment.
/// A trailing slash is dropped.
pub fn base_url(field: &str, value: &str, allow_insecure_http: bool) -> Result<Url> {
    let bad = |message: &str| Error::config(field, message).with_hint("write it like https://host.example/path");
    let mut url = Url::parse(value.trim()).map_err(|e| bad(&format!("is not a URL: {e}")))?;
    if url.host().is_none() || url.cannot_be_a_base() {
        return Err(bad("has no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("carries a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("carries a query or fragment"));
    }
    match url.scheme() {
        "https" => {}
        "http" if allow_insecure_http || is_loopback(&url) => {}
        "http" => {
            return Err(Error::config(field, "is plain http, which would show the key to everybody on the way")
                .with_hint("use https, or allow_insecure_http(true) inside a network you trust"));
        }
        _ => return Err(bad("is neither https nor http")),
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// What every client builder can be given besides the provider's own settings: each field is a method of
/// [`client_options!`](crate::client_options).
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct ClientOptions {
    /// How requests leave the process.
    pub transport: Option<Arc<dyn Transport>>,
    /// The source of time.
    pub clock: Option<Arc<dyn Clock>>,
    /// Retries.
    pub retry: Option<RetryPolicy>,
    /// Polls.
    pub poll: Option<PollPolicy>,
    /// Quotas.
    pub limits: Option<RateLimits>,
    /// Who watches.
    pub observer: Option<Arc<dyn Observer>>,
    /// The memory of what was created.
    pub links: Option<Arc<dyn LinkStore>>,
    /// The deadline of one call, waits included.
    pub timeout: Option<Duration>,
    /// The deadline of one request.
    pub attempt_timeout: Option<Duration>,
    /// The largest answer, in bytes after decompression.
    pub body_cap: Option<usize>,
    /// The room for cached values, in bytes.
    pub cache_bytes: Option<usize>,
    /// Plain http to other hosts.
    pub allow_insecure_http: bool,
    /// The application's name.
    pub user_agent: Option<String>,
    /// The seed of jitter.
    pub seed: Option<u64>,
}

impl ClientOptions {
    /// The clock, the machine's by default.
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone().unwrap_or_else(|| Arc::new(SystemClock))
    }

    /// The link store, one in memory by default.
    pub fn links(&self) -> Arc<dyn LinkStore> {
        self.links.clone().unwrap_or_else(|| Arc::new(MemoryLinkStore::default()))
    }

    /// The transport, reqwest by default.
    pub fn transport(&self) -> Result<Arc<dyn Transport>> {
        match &self.transport {
            Some(transport) => Ok(Arc::clone(transport)),
            #[cfg(feature = "reqwest")]
            None => Ok(Arc::new(crate::transport::ReqwestTransport::new()?)),
            #[cfg(not(feature = "reqwest"))]
            None => Err(Error::new(ErrorKind::Config, "there is no transport")
                .with_field("transport")
                .with_hint("enable the feature `rustls` or `native-tls`, or pass a transport to the builder")),
        }
    }
}

impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientOptions")
            .field("retry", &self.retry)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Inside `impl XBuilder { .. }`: the setters that every client builder has, over its field `options`.
#[macro_export]
macro_rules! client_options {
    () => {
        /// Sends requests through this transport instead of the default one.
        pub fn transport(mut self, transport: ::std::sync::Arc<dyn $crate::Transport>) -> Self {
            self.options.transport = Some(transport);
            self
        }

        /// Takes the time from this clock instead of the machine's.
        pub fn clock(mut self, clock: ::std::sync::Arc<dyn $crate::Clock>) -> Self {
            self.options.clock = Some(clock);
            self
        }

        /// Repeats failed requests by this policy.
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.options.retry = Some(policy);
            self
        }

        /// Asks for pending answers by this policy.
        pub fn poll(mut self, policy: $crate::PollPolicy) -> Self {
            self.options.poll = Some(policy);
            self
        }

        /// Respects these quotas instead of the provider's documented ones.
        pub fn limits(mut self, limits: $crate::RateLimits) -> Self {
            self.options.limits = Some(limits);
            self
        }

        /// Tells this observer of every attempt, wait and outcome.
        pub fn observer(mut self, observer: ::std::sync::Arc<dyn $crate::Observer>) -> Self {
            self.options.observer = Some(observer);
            self
        }

        /// Keeps in this store what was created, so that doing a job twice creates nothing twice.
        /// By default the memory ends with the client.
        pub fn link_store(mut self, store: ::std::sync::Arc<dyn $crate::LinkStore>) -> Self {
            self.options.links = Some(store);
            self
        }

        /// The deadline of one call, retries and waits included.
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.options.timeout = Some(timeout);
            self
        }

        /// The deadline of one request, from sending it to the end of its answer.
        pub fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.options.attempt_timeout = Some(timeout);
            self
        }

        /// Refuses answers of more than `bytes` after decompression, except where an operation knows better.
        pub fn body_cap(mut self, bytes: usize) -> Self {
            self.options.body_cap = Some(bytes);
            self
        }

        /// Keeps up to `bytes` of answers in the cache; 0 keeps none.
        pub fn cache_bytes(mut self, bytes: usize) -> Self {
            self.options.cache_bytes = Some(bytes);
            self
        }

        /// Allows plain `http` to hosts other than this machine. The key is then readable on the way.
        pub fn allow_insecure_http(mut self, allow: bool) -> Self {
            self.options.allow_insecure_http = allow;
            self
        }

        /// Puts the application's name in front of ours in `User-Agent`.
        pub fn user_agent(mut self, name: impl Into<String>) -> Self {
            self.options.user_agent = Some(name.into());
            self
        }

        /// Makes jitter repeatable.
        pub fn seed(mut self, seed: u64) -> Self {
            self.options.seed = Some(seed);
            self
        }
    };
}

/// Reads settings by the names of environment variables; blank counts as absent.
#[derive(Clone, Copy)]
pub struct Vars<'a>(&'a dyn Fn(&str) -> Option<String>);

impl<'a> Vars<'a> {
    /// Over any lookup, such as `|name| std::env::var(name).ok()`.
    pub fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self(lookup)
    }

    /// The variable, if it is set to something.
    pub fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
    }

    /// The variable, or an error that names it.
    pub fn require(&self, name: &str) -> Result<String> {
        self.get(name).ok_or_else(|| {
            Error::new(ErrorKind::Config, format!("the environment variable {name} is not set"))
                .with_field(name)
                .with_hint("set it, or use the builder")
        })
    }
}

impl fmt::Debug for Vars<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vars")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_are_checked_before_a_key_can_leak() {
        let ok = |v: &str| base_url("api_url", v, false).map(|u| u.to_string());
        assert_eq!(ok("https://api.example.com/2.0/").unwrap(), "https://api.example.com/2.0");
        for loopback in ["http://127.0.0.1:8082", "http://localhost:1/x", "http://[::1]:9"] {
            assert!(ok(loopback).is_ok(), "{loopback}");
        }
        for bad in [
            "",
            "api.example.com",
            "http://api.example.com",
            "ftp://h",
            "https://u:p@h/",
            "https://h/?k=v",
            "mailto:x@y",
        ] {
            let error = ok(bad).unwrap_err();
            assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("api_url")), "{bad}");
        }
        assert!(base_url("api_url", "http://gateway.internal", true).is_ok());
    }
}

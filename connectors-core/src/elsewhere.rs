//! Files that a provider keeps at another origin, behind an address that is a credential by itself; and the way there
//! for new ones.

use http::Uri;
use url::Url;

use crate::classify::{Answer, Ran, Verdict};
use crate::config::is_loopback;
use crate::error::{Error, ErrorKind, Result};
use crate::operation::{Operation, Safety};
use crate::retry::retry_after;

/// Where to fetch from or send to, once that is known to be safe: over `https`, or as the provider itself is talked to. Errors
/// never hold the address.
pub(crate) fn address(url: &str, base: &Uri, allow_insecure_http: bool) -> Result<Uri> {
    let bad = |message: &str| Error::new(ErrorKind::Decode, format!("the address of a file {message}"));
    let url = Url::parse(url.trim()).map_err(|_| bad("is not a URL"))?;
    if url.host().is_none() {
        return Err(bad("has no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("carries a user name or password"));
    }
    // An address that leads from a public provider into this machine is none that it should give.
    let plain_base = base.scheme_str() == Some("http");
    match url.scheme() {
        "https" => {}
        "http" if plain_base && (allow_insecure_http || is_loopback(&url)) => {}
        "http" => return Err(bad("is plain http, which would show the file to everybody on the way")),
        _ => return Err(bad("is neither https nor http")),
    }
    let (whole, _) = url.as_str().split_once('#').unwrap_or((url.as_str(), ""));
    whole.parse().map_err(|_| bad("cannot be sent to"))
}

/// Judges by status alone: what answers is a store of files, not the provider's API, and a file may be an HTML page.
/// What it says may hold the address, so none of it goes into the error.
pub(crate) fn judge(operation: &Operation, answer: &Answer<'_>) -> Verdict {
    let status = answer.status;
    let failed = |kind, message: &str| Error::new(kind, message).with_status(status);
    match status.as_u16() {
        200..=299 => Verdict::Done,
        408 | 429 | 500.. => {
            let after = retry_after(answer.headers, answer.now);
            let error = failed(ErrorKind::Server, "where the file is kept, the request failed");
            let error = after.map_or(error.clone(), |after| error.with_retry_after(after));
            Verdict::Retry { error, after, ran: Ran::Maybe }
        }
        300..=399 => {
            Verdict::Fail(failed(ErrorKind::Server, "the file is kept behind a redirect, which is not followed"))
        }
        _ if operation.safety != Safety::ReadOnly => {
            let error = failed(ErrorKind::PermissionDenied, "where files are kept, this one is not taken");
            Verdict::Fail(error.with_hint("what allows to put a file there lives for a short time: ask for it anew"))
        }
        _ => {
            let error = failed(ErrorKind::NotFound, "the file cannot be had at its address");
            Verdict::Fail(error.with_hint("addresses of files live for minutes: ask for a new one"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_as_safe_as_the_provider_are_fetched_from() {
        let base = |url: &'static str| Uri::from_static(url);
        let (public, local) = (base("https://api.example.com/2.0"), base("http://127.0.0.1:8082"));
        let signed = "https://files.example.com/a%20b?X-Signature=ab%2Fc%3D&x=1+2";
        assert_eq!(address(&format!("{signed}#page"), &public, false).unwrap().to_string(), signed);
        assert!(address("http://127.0.0.1:8082/file", &local, false).is_ok());
        assert!(address("http://files.internal/file", &local, true).is_ok());
        for (url, base) in [
            ("http://files.example.com/canary", &public),
            ("http://127.0.0.1/canary", &public),
            ("http://files.example.com/canary", &local),
            ("https://anna:canary@files.example.com/", &public),
            ("file:///canary", &public),
            ("/canary", &public),
            ("", &public),
        ] {
            let error = address(url, base, false).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{url}");
            assert!(!format!("{error:?} {error:#}").contains("canary"), "{error:?}");
        }
    }
}

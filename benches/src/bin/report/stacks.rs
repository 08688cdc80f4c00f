//! The same GET through each HTTP stack: what is compared with one call of ours.
//!
//! HTTP/1.1, one kept connection, one thread, no TLS, the same headers, the body read as bytes.

use std::time::Duration;

use bytes::Bytes;
use connectors_benches::{KEY, LIST};
use connectors_core::provider::ClientOptions;
use http::{HeaderMap, HeaderName, HeaderValue, Request, header};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use reqwest_middleware::ClientBuilder;
use reqwest_retry::RetryTransientMiddleware;
use reqwest_retry::policies::ExponentialBackoff;
use tokio::net::TcpStream;
use tokio::runtime::{self, Runtime};
use url::Url;

use crate::Outcome;

/// Makes so many calls to the server there, one after the other.
pub type Calls = fn(&Url, u32) -> Outcome;

/// The stack that our budget is counted from.
pub const FLOOR: &str = "reqwest";
pub const OURS: &str = "connectors";

pub const STACKS: [(&str, Calls); 7] = [
    (OURS, connectors),
    ("hyper", hyper),
    ("hyper-util", hyper_util),
    (FLOOR, reqwest),
    ("reqwest-timeouts", reqwest_timeouts),
    ("reqwest-naive", reqwest_naive),
    ("reqwest-retry", reqwest_retry),
];

/// The sheet whose rows are asked for.
pub const SHEET: u64 = 4_583_173_393_803_140;

fn runtime() -> std::io::Result<Runtime> {
    runtime::Builder::new_current_thread().enable_all().build()
}

fn target(base: &Url) -> Outcome<Url> {
    Ok(format!("{base}/sheets/{SHEET}/rows").parse()?)
}

fn headers() -> Outcome<HeaderMap> {
    let pairs: [(HeaderName, HeaderValue); 3] = [
        (header::USER_AGENT, HeaderValue::from_static("connectors/0.1.0")),
        (header::ACCEPT, HeaderValue::from_static("application/json")),
        (header::AUTHORIZATION, format!("Bearer {KEY}").parse()?),
    ];
    Ok(HeaderMap::from_iter(pairs))
}

fn check(body: &[u8]) -> Outcome {
    if body.len() == 675 { Ok(()) } else { Err(format!("an answer of {} bytes", body.len()).into()) }
}

/// A call with all that it does by default: credential, limits, deadline, retries, judgement, telemetry.
fn connectors(base: &Url, calls: u32) -> Outcome {
    runtime()?.block_on(async {
        let core = connectors_benches::core(base, &ClientOptions::default())?;
        for _ in 0..calls {
            check(&core.call(&LIST).path("sheetId", SHEET).send_bytes().await?)?;
        }
        Ok(())
    })
}

fn hyper(base: &Url, calls: u32) -> Outcome {
    runtime()?.block_on(async {
        let (url, mut headers) = (target(base)?, headers()?);
        let host = base.socket_addrs(|| None)?.pop().ok_or("no address")?;
        headers.insert(header::HOST, host.to_string().parse()?);
        let socket = TcpStream::connect(host).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(socket)).await?;
        tokio::spawn(connection);
        for _ in 0..calls {
            let mut request = Request::get(url.path()).body(Empty::<Bytes>::new())?;
            request.headers_mut().clone_from(&headers);
            sender.ready().await?;
            check(&sender.send_request(request).await?.into_body().collect().await?.to_bytes())?;
        }
        Ok(())
    })
}

fn hyper_util(base: &Url, calls: u32) -> Outcome {
    runtime()?.block_on(async {
        let (uri, headers) = (target(base)?.as_str().parse::<http::Uri>()?, headers()?);
        let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
        for _ in 0..calls {
            let mut request = Request::get(uri.clone()).body(Empty::new())?;
            request.headers_mut().clone_from(&headers);
            check(&client.request(request).await?.into_body().collect().await?.to_bytes())?;
        }
        Ok(())
    })
}

/// With the settings of our transport, so that what is left is our own.
fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).retry(reqwest::retry::never()).referer(false)
}

/// With the URL and the headers made once, for all calls.
fn reqwest(base: &Url, calls: u32) -> Outcome {
    over_reqwest(base, calls, &builder().build()?)
}

/// With a deadline for the whole and one for each read, as ours has.
fn reqwest_timeouts(base: &Url, calls: u32) -> Outcome {
    let patience = Duration::from_secs(30);
    over_reqwest(base, calls, &builder().timeout(patience).read_timeout(patience).build()?)
}

fn over_reqwest(base: &Url, calls: u32, client: &reqwest::Client) -> Outcome {
    runtime()?.block_on(async {
        let (url, headers) = (target(base)?, headers()?);
        for _ in 0..calls {
            let mut request = reqwest::Request::new(http::Method::GET, url.clone());
            request.headers_mut().clone_from(&headers);
            check(&client.execute(request).await?.bytes().await?)?;
        }
        Ok(())
    })
}

/// As it is mostly written: URL and headers anew for each call, as ours have to be.
fn reqwest_naive(base: &Url, calls: u32) -> Outcome {
    let client = builder().user_agent("connectors/0.1.0").build()?;
    runtime()?.block_on(async {
        for _ in 0..calls {
            let request = client.get(format!("{base}/sheets/{SHEET}/rows"));
            let request = request.header(header::ACCEPT, "application/json").bearer_auth(KEY);
            check(&request.send().await?.bytes().await?)?;
        }
        Ok(())
    })
}

fn reqwest_retry(base: &Url, calls: u32) -> Outcome {
    runtime()?.block_on(async {
        let (url, headers) = (target(base)?, headers()?);
        let policy = ExponentialBackoff::builder().build_with_max_retries(3);
        let retry = RetryTransientMiddleware::new_with_policy(policy);
        let client = ClientBuilder::new(builder().build()?).with(retry).build();
        for _ in 0..calls {
            let mut request = reqwest::Request::new(http::Method::GET, url.clone());
            request.headers_mut().clone_from(&headers);
            check(&client.execute(request).await?.bytes().await?)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Server;

    #[test]
    fn every_stack_sends_as_many_requests_as_it_is_told() {
        for (name, calls) in STACKS {
            let server = Server::prompt().unwrap();
            calls(&server.url().unwrap(), 3).unwrap();
            assert_eq!(server.requests(), 3, "{name}");
        }
    }
}

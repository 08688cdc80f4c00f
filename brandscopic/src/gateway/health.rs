//! `/health`

use bytes::Bytes;
use connectors_core::provider::{Call, Operation};
use connectors_core::{BoxFuture, Request, Response, Result};
use http::Method;
use serde::Serialize;
use serde_json::Value;

use super::Gateway;
use crate::PROVIDER;

static HEALTH: Operation = Operation::new(PROVIDER, "health", Method::GET, "/health");

/// How a gateway says it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GatewayHealth {
    /// Whether all is well: it answered, and does not say otherwise.
    pub healthy: bool,
    /// Its own word for it.
    pub status: Option<String>,
    /// Its version.
    pub version: Option<String>,
}

impl Gateway {
    /// How the gateway is. Trouble that it tells by its status code is an error. Not every gateway has this:
    /// [`NotFound`](connectors_core::ErrorKind::NotFound) then. It says nothing about the key, which
    /// [`test_connection`](crate::BrandscopicService::test_connection) tries out.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # let mock = connectors_mock::MockBrandscopic::new();
    /// let gateway = mock.client().gateway()?;
    /// let health = gateway.health().await?;
    /// assert!(health.healthy);
    /// # Ok(())
    /// # }
    /// ```
    pub fn health(&self) -> Request<GatewayHealth> {
        fn send(call: Call) -> BoxFuture<Result<Response<GatewayHealth>>> {
            Box::pin(async move { Ok(call.send_bytes().await?.map(|body| read(&body))) })
        }
        Request::with(self.core.call(&HEALTH), send)
    }
}

/// The form of the answer is agreed nowhere: JSON, a word, or nothing at all.
fn read(body: &Bytes) -> GatewayHealth {
    let text = String::from_utf8_lossy(body);
    let mut answer = serde_json::from_slice(body).unwrap_or_else(|_| Value::String(text.trim().to_owned()));
    if let Some(data) = answer.get_mut("data").filter(|data| data.is_object()) {
        answer = data.take();
    }
    let word = |names: &[&str]| {
        let found = names.iter().find_map(|name| answer.get(name)?.as_str()).or_else(|| answer.as_str());
        // A page is no word.
        found.filter(|word| !word.is_empty() && !word.starts_with('<')).map(str::to_owned)
    };
    let status = word(&["status", "state", "health"]);
    let flag = ["healthy", "ok", "success"].iter().find_map(|name| answer.get(name)?.as_bool());
    let well = |status: &String| {
        ["ok", "up", "healthy", "pass", "alive", "running", "ready"]
            .iter()
            .any(|good| status.eq_ignore_ascii_case(good))
    };
    let healthy = flag.unwrap_or_else(|| status.as_ref().is_none_or(well));
    let version = answer.get("version").and_then(Value::as_str).map(str::to_owned);
    GatewayHealth { healthy, status, version }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn health_is_read_whatever_its_form() {
        let healthy = |body: &'static str| read(&Bytes::from_static(body.as_bytes())).healthy;
        for well in ["", "{}", "OK", r#""up""#, r#"{"status":"UP"}"#, r#"{"data":{"status":"pass"}}"#, r#"{"ok":true}"#]
        {
            assert!(healthy(well), "{well}");
        }
        for unwell in [r#"{"status":"degraded"}"#, "DOWN", r#"{"healthy":false,"status":"ok"}"#] {
            assert!(!healthy(unwell), "{unwell}");
        }
    }
}

//! The face for test suites that have a `wiremock` server already.

use http::StatusCode;
use wiremock::{Request, Respond, ResponseTemplate};

use crate::backend::{Backend, Outcome};
use crate::fake;

/// A fake as what answers in a server of the crate `wiremock`, beside mocks of your own.
///
/// Delays are real ones there. That server cannot break a connection: where a fault would, it answers by a gateway's
/// page with status 502, and a truncated answer is one that is half as long. Use [`MockServer`] for the real thing.
///
/// [`MockServer`]: crate::MockServer
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use connectors_mock::{MockQrTiger, Wiremocked};
/// use connectors_qrtiger::{ListQrCodes, QrTigerClient, QrTigerService};
/// use wiremock::{Mock, MockServer, ResponseTemplate, matchers};
///
/// let mock = MockQrTiger::new();
/// let server = MockServer::start().await;
/// let page = ResponseTemplate::new(200).set_body_string("my own page");
/// Mock::given(matchers::path("/landing")).respond_with(page).mount(&server).await;
/// Mock::given(matchers::any()).respond_with(Wiremocked::new(mock.backend().clone())).with_priority(9).mount(&server).await;
///
/// let client = QrTigerClient::builder().api_key("mock-key").api_url(server.uri()).build()?;
/// assert!(client.list_qr_codes(ListQrCodes::new()).await?.is_empty());
/// mock.backend().journal().assert_called("campaigns.list");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Wiremocked(Backend);

impl Wiremocked {
    /// Answers by this backend.
    pub fn new(backend: Backend) -> Self {
        Self(backend)
    }
}

impl Respond for Wiremocked {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path = request
            .url
            .query()
            .map_or_else(|| request.url.path().to_owned(), |query| format!("{}?{query}", request.url.path()));
        let asked = http::Request::builder().method(request.method.clone()).uri(path).body(request.body.clone().into());
        let Ok(mut asked) = asked else { return ResponseTemplate::new(StatusCode::BAD_REQUEST.as_u16()) };
        asked.headers_mut().clone_from(&request.headers);
        let (mut reply, delay) = match self.0.accept(asked) {
            Outcome::Answer { reply, delay, cut } => {
                (reply.map(|body| if cut { body.slice(..body.len() / 2) } else { body }), delay)
            }
            Outcome::Panicked(payload) => std::panic::resume_unwind(payload),
            Outcome::Refused | Outcome::Reset => (fake::html(StatusCode::BAD_GATEWAY), std::time::Duration::ZERO),
        };
        let mut answer = ResponseTemplate::new(reply.status().as_u16()).set_delay(delay);
        let kind = reply.headers_mut().remove(http::header::CONTENT_TYPE);
        for (name, value) in reply.headers() {
            answer = answer.append_header(name.clone(), value.clone());
        }
        let kind = kind.as_ref().and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        answer.set_body_raw(reply.into_body(), kind)
    }
}

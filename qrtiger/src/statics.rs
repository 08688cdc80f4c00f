//! Codes that hold their content themselves.

use std::fmt;

use connectors_core::provider::{Operation, decode_json};
use connectors_core::{Error, ErrorKind, RequestOptions, Response, Result};
use http::{Method, header};
use serde::{Deserialize, Serialize};

use crate::{Category, Design, PROVIDER, QrImage, QrTigerClient};

static CREATE: Operation = Operation::new(PROVIDER, "statics.create", Method::POST, "/api/qr/static");

/// Codes that hold their content themselves: [`QrTigerClient::statics`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # let client = connectors_mock::MockQrTiger::new().client().clone();
/// use connectors_qrtiger::{Category, Design, ImageFormat};
///
/// let design = Design::new().format(ImageFormat::Svg);
/// let menu = client.statics().create("https://example.com/menu").design(design).await?;
/// assert!(menu.image.bytes().is_some_and(|svg| svg.starts_with(b"<svg")));
/// let greeting = client.statics().create("Welcome").category(Category::Text).await?;
/// let png = client.download(&greeting.image).bytes().await?; // or .save("greeting.png")
/// assert!(png.starts_with(b"\x89PNG"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Statics {
    client: QrTigerClient,
}

impl Statics {
    pub(crate) fn new(client: QrTigerClient) -> Self {
        Self { client }
    }

    /// Renders a code that holds `content`. Nothing is kept, but it counts against the plan's quota.
    pub fn create(&self, content: impl Into<String>) -> CreateStaticCode {
        let body = Body { design: Design::new(), category: Category::Url, text: content.into() };
        CreateStaticCode { client: self.client.clone(), options: RequestOptions::default(), body }
    }
}

/// A rendered static code. [`QrTigerClient::download`] saves its image.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StaticCode {
    /// The image.
    pub image: QrImage,
    /// The provider's name or address of the file, as it was sent.
    pub file: Option<String>,
}

#[derive(Clone, Serialize)]
struct Body {
    #[serde(flatten)]
    design: Design,
    #[serde(rename = "qrCategory")]
    category: Category,
    text: String,
}

/// Without what it holds, such as the password of a network.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { design, category, .. } = self;
        f.debug_struct("Body").field("design", design).field("category", category).finish_non_exhaustive()
    }
}

/// Renders a static code: [`Statics::create`]. Await it for the [`StaticCode`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct CreateStaticCode {
    client: QrTigerClient,
    options: RequestOptions,
    body: Body,
}

impl CreateStaticCode {
    /// How it looks.
    pub fn design(mut self, design: Design) -> Self {
        self.body.design = design;
        self
    }

    /// What it holds; a link unless set.
    pub fn category(mut self, category: Category) -> Self {
        self.body.category = category;
        self
    }

    /// Renders the code.
    pub async fn send(self) -> Result<Response<StaticCode>> {
        let blank = self.body.text.trim().is_empty() && !self.options.skip_validation;
        let checked = if blank { Err(Error::invalid("content", "must not be blank")) } else { Ok(()) };
        let call = self.client.core().call(&CREATE).check(checked).options(self.options).json(&self.body);
        let (body, meta) = call.send_bytes().await?.into_parts();
        let content_type = meta.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let code = match content_type {
            Some(kind) if kind.starts_with("image/") => QrImage::inline(body)
                .map(|image| StaticCode { image, file: None })
                .ok_or_else(|| Error::new(ErrorKind::Decode, "what is said to be an image is none")),
            _ => rendered(&body),
        };
        let code = code.map_err(|error| {
            let error = error.with_origin(PROVIDER, CREATE.name).with_status(meta.status);
            error.with_attempts(meta.attempts, meta.elapsed).with_maybe_applied(true)
        })?;
        Ok(Response::new(code, meta))
    }
}

connectors_core::request_options!(CreateStaticCode => StaticCode);

fn rendered(body: &[u8]) -> Result<StaticCode> {
    #[derive(Deserialize)]
    struct Rendered {
        data: String,
        url: Option<String>,
    }
    let Rendered { data, url } = decode_json(body)?;
    let image = QrImage::from_text(&data).ok_or_else(|| {
        Error::new(ErrorKind::Decode, "holds neither an image nor the address of one").with_json_path("data")
    })?;
    Ok(StaticCode { image, file: url })
}

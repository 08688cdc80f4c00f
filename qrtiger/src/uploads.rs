//! Images for the middle of a code.

use std::path::PathBuf;

use bytes::Bytes;
use connectors_core::provider::{Boundary, Multipart};
use connectors_core::{Error, Request, Result, Upload};
use http::HeaderValue;
use serde::Deserialize;

use crate::QrTigerClient;
use crate::model::sniff;

const PNG: &str = "image/png";
const JPEG: &str = "image/jpeg";

/// Images for the middle of a code: [`QrTigerClient::uploads`]. Plans allow 5, 10 or 20 MB for each.
///
/// Uploading is not repeated when its outcome is unknown. Doing it again does no harm: it makes another address.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = connectors_mock::MockQrTiger::new().client().clone();
/// # let path = std::env::temp_dir().join(format!("logo-{}.png", std::process::id()));
/// # std::fs::write(&path, b"\x89PNG\r\n\x1a\n")?;
/// use connectors_qrtiger::Design;
///
/// let uploads = client.uploads();
/// let logo = uploads.image("logo.png", &b"\x89PNG\r\n\x1a\n"[..]).await?;
/// let again = uploads.file(&path).await?; // or .stream("logo.png", an upload), whatever its size
/// assert_ne!(logo, again);
///
/// let code = client.campaigns().create("https://example.com/menu").design(Design::new().logo(&logo)).await?;
/// let made = client.tracking().data(&code.id).await?.campaign;
/// assert_eq!(made.and_then(|code| code.design?.logo), Some(logo));
/// # std::fs::remove_file(path)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Uploads {
    client: QrTigerClient,
}

impl Uploads {
    pub(crate) fn new(client: QrTigerClient) -> Self {
        Self { client }
    }

    /// Uploads a PNG or JPEG and returns its address, for [`Design::logo`](crate::Design::logo). The file's name must not
    /// contain quotes or control characters.
    pub fn image(&self, file_name: &str, image: impl Into<Bytes>) -> Request<String> {
        let image = image.into();
        let kind = match sniff(&image) {
            Some(kind @ (PNG | JPEG)) => Ok(kind),
            _ => Err(Error::invalid("image", "is neither a PNG nor a JPEG")),
        };
        self.send(file_name, kind, image.into())
    }

    /// As [`image`](Self::image), of a file; it is read while it is sent. What it is, is known by its name: `.png`, `.jpg`
    /// or `.jpeg`.
    pub fn file(&self, path: impl Into<PathBuf>) -> Request<String> {
        let path = path.into();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.stream(&name, Upload::file(path))
    }

    /// As [`file`](Self::file), of anything that can be uploaded.
    pub fn stream(&self, file_name: &str, image: impl Into<Upload>) -> Request<String> {
        let extension = file_name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        let kind = match extension.as_deref() {
            Some("png") => Ok(PNG),
            Some("jpg" | "jpeg") => Ok(JPEG),
            _ => Err(Error::invalid("file_name", "must end in .png, .jpg or .jpeg")),
        };
        self.send(file_name, kind, image.into())
    }

    fn send(&self, file_name: &str, kind: Result<&'static str>, image: Upload) -> Request<String> {
        #[derive(Deserialize)]
        struct Uploaded {
            #[serde(rename = "qrUrl")]
            address: Address,
        }
        let boundary = Boundary::new();
        let content_type = HeaderValue::from_static(kind.as_ref().map_or("application/octet-stream", |kind| *kind));
        let (before, after) = Multipart::new(&boundary).around_file("userFile", file_name, &content_type);
        let call = self.client.core().call(&self.client.endpoints().upload);
        let call = call.upload(boundary.content_type(), image.framed(before, after));
        let sent = Request::with(call, |call| {
            Box::pin(async move { Ok(call.send::<Uploaded>().await?.map(|uploaded| uploaded.address.0)) })
        });
        sent.check(check_name(file_name)).check(kind.map(drop))
    }
}

/// Something that a logo can be found by.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Address(String);

impl TryFrom<String> for Address {
    type Error = &'static str;

    fn try_from(text: String) -> std::result::Result<Self, Self::Error> {
        if text.trim().is_empty() { Err("the address is blank") } else { Ok(Self(text)) }
    }
}

fn check_name(file_name: &str) -> Result<()> {
    if file_name.trim().is_empty() || file_name.chars().any(|c| c.is_control() || c == '"') {
        return Err(Error::invalid("file_name", "must not be blank or contain quotes or control characters"));
    }
    Ok(())
}

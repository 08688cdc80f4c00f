//! Images for the middle of a code.

use bytes::{BufMut, Bytes, BytesMut};
use connectors_core::provider::Operation;
use connectors_core::{Error, Result};
use http::{HeaderValue, Method};
use serde::Deserialize;

use crate::{PROVIDER, QrTigerClient};

static IMAGE: Operation = Operation::new(PROVIDER, "uploads.image", Method::POST, "/api/accounts/uploads/");

/// Images for the middle of a code: [`QrTigerClient::uploads`].
#[derive(Debug, Clone)]
pub struct Uploads {
    client: QrTigerClient,
}

impl Uploads {
    pub(crate) fn new(client: QrTigerClient) -> Self {
        Self { client }
    }

    /// Uploads a PNG or JPEG and returns its address, for [`Design::logo`](crate::Design::logo). Plans allow 5, 10 or
    /// 20 MB; the file's name must not contain quotes or control characters.
    pub async fn image(&self, file_name: &str, image: Bytes) -> Result<String> {
        #[derive(Deserialize)]
        struct Uploaded {
            #[serde(rename = "qrUrl")]
            address: String,
        }
        let content_type = check(file_name, &image)?;
        let boundary = boundary_for(&image);
        let form = format!("multipart/form-data; boundary={boundary}");
        let form = HeaderValue::try_from(form)
            .map_err(|error| Error::invalid("image", "cannot be sent").with_source(error))?;
        let body = multipart(&boundary, file_name, content_type, &image);
        let call = self.client.core().call(&IMAGE).body(form, body);
        Ok(call.send::<Uploaded>().await?.into_inner().address)
    }
}

/// What kind of image it is, if it can be uploaded.
fn check(file_name: &str, image: &[u8]) -> Result<&'static str> {
    if file_name.trim().is_empty() || file_name.chars().any(|c| c.is_control() || c == '"') {
        return Err(Error::invalid("file_name", "must not be blank or contain quotes or control characters"));
    }
    match image {
        [0x89, b'P', b'N', b'G', ..] => Ok("image/png"),
        [0xff, 0xd8, ..] => Ok("image/jpeg"),
        _ => Err(Error::invalid("image", "is neither a PNG nor a JPEG")),
    }
}

/// A line that does not occur in the image.
fn boundary_for(image: &[u8]) -> String {
    let mut boundary = "connectors-image".to_owned();
    while image.windows(boundary.len()).any(|window| window == boundary.as_bytes()) {
        boundary.push('x');
    }
    boundary
}

fn multipart(boundary: &str, file_name: &str, content_type: &str, image: &[u8]) -> Bytes {
    let mut body = BytesMut::with_capacity(image.len() + 256);
    let disposition = format!("form-data; name=\"userFile\"; filename=\"{file_name}\"");
    body.put(
        format!("--{boundary}\r\nContent-Disposition: {disposition}\r\nContent-Type: {content_type}\r\n\r\n")
            .as_bytes(),
    );
    body.put(image);
    body.put(format!("\r\n--{boundary}--\r\n").as_bytes());
    body.freeze()
}

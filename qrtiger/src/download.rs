//! The bytes of images.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use connectors_core::provider::{Operation, Readers, off_thread, replace_file};
use connectors_core::{Error, ErrorKind, RequestOptions, Result, RetryPolicy};
use http::Method;
use secrecy::SecretString;

use crate::model::sniff;
use crate::{ImageFormat, PROVIDER, QrId, QrImage, QrTigerClient, ScanData};

/// What is at the address of an image.
static DOWNLOAD: Operation = Operation::new(PROVIDER, "images.download", Method::GET, "");

/// An image that has not been fetched: [`bytes`](Self::bytes) takes it into memory, [`save`](Self::save) writes it to a
/// file. One that came along with an answer is there at once; another is fetched from where the provider keeps it,
/// without the key and without counting in any quota.
///
/// What is there must be an image, and of the format that was asked for: a page that says otherwise is a
/// [`Decode`](ErrorKind::Decode) error.
#[derive(Debug, Clone)]
#[must_use = "a download does nothing until it is read"]
pub struct ImageDownload {
    client: QrTigerClient,
    options: RequestOptions,
    image: Option<QrImage>,
    wanted: Option<(QrId, ImageFormat)>,
}

impl ImageDownload {
    pub(crate) fn of(client: QrTigerClient, image: QrImage) -> Self {
        Self { client, options: RequestOptions::default(), image: Some(image), wanted: None }
    }

    /// The image of this code in this format; asked for if it is not known.
    pub(crate) fn wanted(client: QrTigerClient, id: QrId, format: ImageFormat, image: Option<QrImage>) -> Self {
        Self { client, options: RequestOptions::default(), image, wanted: Some((id, format)) }
    }

    /// How long it may take until the image is there, retries and waits included.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Repeats the requests by this policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// How much is fetched at most, by default what the client allows an answer: 32 MiB. More is a
    /// [`BodyTooLarge`](ErrorKind::BodyTooLarge) error.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.options.body_cap = Some(bytes);
        self
    }

    /// The image.
    pub async fn bytes(self) -> Result<Bytes> {
        let Self { client, options, image, wanted } = self;
        let core = client.core();
        let deadline = Some(core.deadline(&options));
        let image = match (image, &wanted) {
            (Some(image), _) => Some(image),
            (None, None) => None,
            (None, Some((id, format))) => {
                // The cap is for the image.
                let mut options = options.clone();
                options.body_cap = None;
                let call = core.call(&client.endpoints().data).path("qrId", id).options(options).until(deadline);
                let data = call.send::<ScanData>().await?.into_inner();
                data.campaign.and_then(|campaign| campaign.image_as(format).cloned())
            }
        };
        let bytes = match image {
            Some(QrImage::Inline { bytes, .. }) => bytes,
            Some(QrImage::Url(url)) => {
                let url = SecretString::from(String::from(url));
                core.fetch(&DOWNLOAD, &url).options(options).until(deadline).send_bytes().await?.into_inner()
            }
            None => return Err(missing(wanted.as_ref())),
        };
        let kind = sniff(&bytes);
        let is_wanted = match &wanted {
            Some((_, format)) => kind.is_some_and(|kind| kind.starts_with(&format!("image/{format}"))),
            None => kind.is_some(),
        };
        if is_wanted {
            return Ok(bytes);
        }
        let what = kind.map_or_else(|| "no image".to_owned(), |kind| format!("`{kind}`"));
        let error = Error::new(ErrorKind::Decode, format!("what was fetched is {what}"));
        Err(error.with_origin(PROVIDER, DOWNLOAD.name))
    }

    /// Writes the image to a file, whole or not at all; one that is there is replaced. A file that cannot be written is a
    /// [`Storage`](ErrorKind::Storage) error.
    pub async fn save(self, path: impl Into<PathBuf>) -> Result<()> {
        let bytes = self.bytes().await?;
        let write = move |path: &Path| replace_file(path, &bytes, Readers::Usual);
        off_thread("write", path.into(), write).await.map_err(|error| error.with_origin(PROVIDER, DOWNLOAD.name))
    }
}

fn missing(wanted: Option<&(QrId, ImageFormat)>) -> Error {
    let what = wanted.map_or_else(String::new, |(id, format)| format!("the code {id} as {format}"));
    Error::new(ErrorKind::NotFound, format!("the provider does not tell where to find {what}"))
        .with_origin(PROVIDER, DOWNLOAD.name)
        .with_hint("a code is rendered in the format of its design; others may be missing")
}

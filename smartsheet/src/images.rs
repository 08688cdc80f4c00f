//! Images: their addresses.

use connectors_core::provider::{Call, Operation, Safety};
use connectors_core::{BoxFuture, Download, Error, ErrorKind, Request, Result};
use http::Method;
use secrecy::SecretString;

use crate::attachments::address;
use crate::model::{ImageRef, ImageUrls};
use crate::request::{count, operation, resource};

/// A POST only because many ids would not fit into an address.
static URLS: Operation = operation(Method::POST, "images.urls", "/imageurls").safety(Safety::ReadOnly).cost(10);
/// What is at the address of an image.
static DOWNLOAD: Operation = operation(Method::GET, "images.download", "");

/// The longest alternative text, in characters.
const MAX_ALT_TEXT: usize = 100;

resource! {
    /// The endpoints of images: [`SmartsheetClient::images`](crate::SmartsheetClient::images). They are put into cells
    /// by [`Cells::add_image`](crate::Cells::add_image).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{ImageRef, NewFile};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, id) = (mock.client().clone(), mock.store_list_id());
    /// # let png = &b"\x89PNG\r\n\x1a\n"[..];
    /// let sheet = smartsheet.sheets().get(id).await?;
    /// let (row, column) = (sheet.rows[0].id, sheet.columns[0].id);
    /// let written = smartsheet.cells().add_image(id, row, column, NewFile::new("shop.png", png)).await?;
    /// let image = written.result.cell(column).and_then(|cell| cell.image()).and_then(|image| image.id.clone());
    /// let image = image.expect("the image was just put there");
    ///
    /// let urls = smartsheet.images().urls([ImageRef::new(image.clone()).fit(200, 200)]).await?;
    /// assert!(urls.image_urls[0].url.is_some());
    /// assert_eq!(smartsheet.images().download(image).bytes().await?, png);
    /// # Ok(())
    /// # }
    /// ```
    pub struct Images;
}

impl Images {
    /// The addresses of images, which can be used for a short time. An image that does not exist has an error in place
    /// of one. Counts as ten requests, however many images are asked for.
    pub fn urls<T: Into<ImageRef>>(&self, images: impl IntoIterator<Item = T>) -> Request<ImageUrls> {
        let images: Vec<ImageRef> = images.into_iter().map(Into::into).collect();
        Request::new(self.client.call(&URLS).json(&images)).check(count("images", images.len(), usize::MAX))
    }

    /// What an image shows: its address is asked for, and the image fetched from there. The access token is not sent
    /// there.
    pub fn download(&self, image: impl Into<ImageRef>) -> Download {
        fn find(call: Call) -> BoxFuture<Result<SecretString>> {
            Box::pin(async move {
                let urls = call.send::<ImageUrls>().await?;
                let first = urls.image_urls.first();
                if let Some(refused) = first.and_then(|image| image.error.as_ref()) {
                    let message = refused.message.as_deref().unwrap_or("there is no such image");
                    let error = Error::new(ErrorKind::NotFound, message).with_origin(crate::PROVIDER, DOWNLOAD.name);
                    return Err(refused.error_code.map_or(error.clone(), |code| error.with_code(code)));
                }
                address(first.and_then(|image| image.url.as_ref()))
            })
        }
        Download::at(self.client.call(&URLS).json(&[image.into()]), &DOWNLOAD, find)
    }
}

/// Refuses an alternative text that Smartsheet would refuse.
pub(crate) fn check_alt_text(text: &str) -> Result<()> {
    if text.chars().nth(MAX_ALT_TEXT).is_some() {
        return Err(Error::invalid("altText", "must have at most 100 characters").with_code(1165));
    }
    Ok(())
}

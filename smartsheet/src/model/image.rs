//! Images in cells and summary fields.

use connectors_core::wire::lenient;
use serde::{Deserialize, Serialize};

use super::attachment::SecretUrl;
use super::envelope::ErrorBody;
use super::ids::ImageId;

/// An image in a cell or summary field. What it shows is behind an address: [`Images::urls`](crate::Images::urls).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Image {
    /// The id.
    pub id: Option<ImageId>,
    /// What is shown to those who do not see it.
    pub alt_text: Option<String>,
    /// The width, in pixels.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub width: Option<u32>,
    /// The height, in pixels.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub height: Option<u32>,
}

/// An image whose address is asked for. Ids convert into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ImageRef {
    /// The image.
    pub image_id: ImageId,
    /// How wide it should be at most, in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// How high it should be at most, in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

impl ImageRef {
    /// The image in its full size.
    pub fn new(image: ImageId) -> Self {
        Self { image_id: image, width: None, height: None }
    }

    /// Made smaller, to fit into so many pixels.
    pub fn fit(mut self, width: u32, height: u32) -> Self {
        (self.width, self.height) = (Some(width), Some(height));
        self
    }
}

impl From<ImageId> for ImageRef {
    fn from(image: ImageId) -> Self {
        Self::new(image)
    }
}

/// The addresses of images.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ImageUrls {
    /// One for each image that was asked for.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub image_urls: Vec<ImageUrl>,
    /// How long they can be used, in milliseconds from the answer.
    pub url_expires_in_millis: Option<u64>,
}

/// The address of an image, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ImageUrl {
    /// The image.
    pub image_id: Option<ImageId>,
    /// Where to get it. Fetch it without the access token.
    pub url: Option<SecretUrl>,
    /// The width, in pixels.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub width: Option<u32>,
    /// The height, in pixels.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub height: Option<u32>,
    /// Why there is no address.
    pub error: Option<ErrorBody>,
}

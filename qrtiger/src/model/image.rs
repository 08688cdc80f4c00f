//! A rendered code.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use bytes::Bytes;
use url::Url;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A rendered code: the image itself, or where to get it. The provider sends either, as it likes.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum QrImage {
    /// The image is at this address.
    Url(Url),
    /// The image came along.
    #[non_exhaustive]
    Inline {
        /// Its media type, such as `image/png`.
        media_type: String,
        /// Its bytes.
        bytes: Bytes,
    },
}

impl QrImage {
    /// The bytes, when they came along.
    pub fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Inline { bytes, .. } => Some(bytes),
            Self::Url(_) => None,
        }
    }

    /// The address, when the bytes did not come along.
    pub fn url(&self) -> Option<&Url> {
        match self {
            Self::Url(url) => Some(url),
            Self::Inline { .. } => None,
        }
    }

    /// The media type, when the bytes came along.
    pub fn media_type(&self) -> Option<&str> {
        match self {
            Self::Inline { media_type, .. } => Some(media_type),
            Self::Url(_) => None,
        }
    }

    pub(crate) fn inline(bytes: Bytes) -> Self {
        Self::Inline { media_type: sniff(&bytes).to_owned(), bytes }
    }

    /// Reads an address or a data URI. A bare file name is neither: its host is not known.
    pub(crate) fn from_reference(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((media_type, data)) = text.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) {
            let bytes = decode(data)?;
            let media_type = media_type.split(';').next().filter(|name| !name.is_empty());
            return Some(match media_type {
                Some(name) => Self::Inline { media_type: name.to_owned(), bytes },
                None => Self::inline(bytes),
            });
        }
        Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https")).map(Self::Url)
    }

    /// Reads an address, a data URI or bare base64.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        Self::from_reference(text).or_else(|| decode(text).map(Self::inline))
    }
}

fn decode(base64: &str) -> Option<Bytes> {
    let compact: Vec<u8> = base64.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(compact).ok().filter(|bytes| !bytes.is_empty()).map(Bytes::from)
}

fn sniff(bytes: &[u8]) -> &'static str {
    match bytes.trim_ascii_start() {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, ..] => "image/jpeg",
        [b'<', ..] => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

impl fmt::Debug for QrImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => f.debug_tuple("Url").field(&url.as_str()).finish(),
            Self::Inline { media_type, bytes } => write!(f, "Inline({media_type}, {} bytes)", bytes.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_image_is_read() {
        let png = QrImage::from_text("data:image/png;base64,iVBORw0KGgo=").unwrap();
        assert_eq!((png.media_type(), png.bytes().map(Bytes::len)), (Some("image/png"), Some(8)));
        assert_eq!(QrImage::from_text("iVBORw0KGgo").unwrap(), png, "bare and without padding");
        assert_eq!(QrImage::from_text("iVBO\nRw0KGgo=\n").unwrap(), png, "in lines");
        assert_eq!(QrImage::from_text("PHN2Zy8+").unwrap().media_type(), Some("image/svg+xml"));
        let url = "https://media.qrtiger.com/images/2026/03/a.png";
        assert_eq!(QrImage::from_text(url).unwrap().url().unwrap().as_str(), url);
        assert_eq!(QrImage::from_reference("qr_1669.png"), None);
        assert_eq!(QrImage::from_text(""), None);
    }

    #[test]
    fn the_bytes_are_not_shown() {
        assert_eq!(format!("{:?}", QrImage::inline(Bytes::from_static(b"<svg/>"))), "Inline(image/svg+xml, 6 bytes)");
    }
}

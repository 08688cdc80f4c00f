//! A rendered code.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde::{Serialize, Serializer};
use url::Url;

use super::ImageFormat;
use crate::pages::is_web;

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

    /// Bytes that are an image by what is in them; `None` for anything else, such as a page that says what went wrong.
    pub(crate) fn inline(bytes: Bytes) -> Option<Self> {
        let media_type = sniff(&bytes)?.to_owned();
        Some(Self::Inline { media_type, bytes })
    }

    /// Reads an address or a data URI. A bare file name is neither: its host is not known.
    pub(crate) fn from_reference(text: &str) -> Option<Self> {
        let text = text.trim();
        let Some((head, data)) = text.strip_prefix("data:").and_then(|rest| rest.split_once(',')) else {
            return Url::parse(text).ok().filter(is_web).map(Self::Url);
        };
        let bytes = match head.strip_suffix(";base64") {
            Some(_) => decode(data)?,
            None => Bytes::from(percent_decode_str(data).collect::<Vec<_>>()),
        };
        let media_type = head.split(';').next().filter(|name| name.contains('/'));
        match media_type {
            Some(name) if !bytes.is_empty() => Some(Self::Inline { media_type: name.to_owned(), bytes }),
            _ => Self::inline(bytes),
        }
    }

    /// Reads an address, a data URI or bare base64.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        Self::from_reference(text).or_else(|| Self::inline(decode(text)?))
    }

    /// Reads what [`from_text`](Self::from_text) does, or a drawing as it is.
    pub(crate) fn from_vectors(text: &str) -> Option<Self> {
        let drawing = || Self::inline(Bytes::copy_from_slice(text.as_bytes()));
        if text.trim_start().starts_with('<') { drawing() } else { Self::from_text(text) }
    }

    /// Whether it is in this format, where that can be told without getting it.
    pub(crate) fn is(&self, format: &ImageFormat) -> Option<bool> {
        match self {
            Self::Inline { media_type, .. } => Some(media_type.starts_with(&format!("image/{format}"))),
            Self::Url(url) => {
                let (_, extension) = url.path().rsplit('/').next()?.rsplit_once('.')?;
                Some(extension.eq_ignore_ascii_case(format.as_str()))
            }
        }
    }
}

fn decode(base64: &str) -> Option<Bytes> {
    let compact: Vec<u8> = base64.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(compact).ok().map(Bytes::from)
}

/// How far into a file its `<svg` is looked for, behind declarations and comments.
const PROLOGUE: usize = 4096;

/// What kind of image it is.
pub(crate) fn sniff(bytes: &[u8]) -> Option<&'static str> {
    match bytes.trim_ascii_start() {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        text if is_drawing(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)) => Some("image/svg+xml"),
        _ => None,
    }
}

/// Not every page of a web server that begins with `<`.
fn is_drawing(text: &[u8]) -> bool {
    let prologue = text.get(..PROLOGUE).unwrap_or(text);
    let is_page = prologue.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"<html"))
        || prologue.get(..14).is_some_and(|start| start.eq_ignore_ascii_case(b"<!doctype html"));
    prologue.starts_with(b"<") && !is_page && prologue.windows(4).any(|window| window == b"<svg")
}

/// As an address or a data URI.
impl Serialize for QrImage {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Url(url) => target.serialize_str(url.as_str()),
            Self::Inline { media_type, bytes } => {
                target.collect_str(&format_args!("data:{media_type};base64,{}", BASE64.encode(bytes)))
            }
        }
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
        let drawn = QrImage::from_text("data:image/svg+xml;utf8,%3Csvg/%3E").unwrap();
        assert_eq!(drawn.bytes().map(|bytes| &bytes[..]), Some(&b"<svg/>"[..]), "without base64");
        let url = "https://media.qrtiger.com/images/2026/03/a.png";
        let there = QrImage::from_text(url).unwrap();
        assert_eq!(there.url().unwrap().as_str(), url);
        assert_eq!((there.is(&ImageFormat::Png), there.is(&ImageFormat::Svg)), (Some(true), Some(false)));
        let nameless = QrImage::from_text("https://m.example/v1.2/abc").unwrap();
        assert_eq!((nameless.is(&ImageFormat::Png), drawn.is(&ImageFormat::Svg)), (None, Some(true)));
        assert_eq!(QrImage::from_reference("qr_1669.png"), None);
    }

    #[test]
    fn what_is_no_image_is_not_taken_for_one() {
        // The third is base64 of something, as many words are.
        for text in ["", "qr_1669.png", "notfound", "data:,", "data:;base64,bm90Zm91bmQ=", "ftp://a.example/a.png"] {
            assert_eq!(QrImage::from_text(text), None, "{text}");
        }
        assert_eq!(sniff(b"<!DOCTYPE html><html><svg/></html>"), None);
        assert_eq!(sniff(b"\xef\xbb\xbf<?xml version=\"1.0\"?><!-- a --><svg/>"), Some("image/svg+xml"));
    }

    #[test]
    fn the_bytes_are_not_shown() {
        let image = QrImage::inline(Bytes::from_static(b"<svg/>")).unwrap();
        assert_eq!(format!("{image:?}"), "Inline(image/svg+xml, 6 bytes)");
    }
}

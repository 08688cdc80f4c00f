//! The image in the middle of a code.

use bytes::Bytes;
use connectors_core::{Error, Result};

use crate::QrImage;
use crate::model::sniff;

/// More than any plan lets one upload.
const MAX_BYTES: usize = 20 * 1024 * 1024;

/// The longest side that is decoded.
const MAX_SIDE: u32 = 4096;

/// An image by its bytes, PNG, JPEG or SVG.
#[derive(Clone)]
pub(super) struct Logo {
    pub(super) media_type: &'static str,
    pub(super) bytes: Bytes,
}

/// Pixels: red, green, blue, opacity.
pub(super) struct Pixels {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) rgba: Vec<[u8; 4]>,
}

impl Logo {
    pub(super) fn new(bytes: Bytes) -> Result<Self> {
        let kinds = ["image/png", "image/jpeg", "image/svg+xml"];
        let media_type = sniff(&bytes).filter(|kind| kinds.contains(kind));
        let media_type = media_type.ok_or_else(|| refused("is neither PNG nor JPEG nor SVG".to_owned()))?;
        if bytes.len() > MAX_BYTES {
            return Err(refused(format!("has {} bytes; {MAX_BYTES} are the most", bytes.len())));
        }
        Ok(Self { media_type, bytes })
    }

    /// What a design names as its logo.
    pub(super) fn named(reference: &str) -> Result<Self> {
        match QrImage::from_reference(reference).and_then(|image| image.bytes().cloned()) {
            Some(bytes) => Self::new(bytes),
            None => Err(refused("is an address, and nothing is fetched for drawing".to_owned())
                .with_hint("give its bytes by `logo(bytes)`, or draw it `without_logo()`")),
        }
    }

    pub(super) fn pixels(&self) -> Result<Pixels> {
        if self.media_type != "image/png" {
            let error = refused(format!("is {}, which only an SVG can hold", self.media_type));
            return Err(error.with_hint("give it as PNG, or draw an SVG"));
        }
        self.decode()
            .map_err(|error| refused("is not a PNG that can be read".to_owned()).with_source(error))?
            .ok_or_else(|| refused(format!("is more than {MAX_SIDE} pixels wide or high, or empty")))
    }

    fn decode(&self) -> std::result::Result<Option<Pixels>, png::DecodingError> {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(&self.bytes));
        decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
        let mut reader = decoder.read_info()?;
        let (width, height) = (reader.info().width, reader.info().height);
        let (Some(size), false) = (reader.output_buffer_size(), width.max(height) > MAX_SIDE) else { return Ok(None) };
        let mut data = vec![0; size];
        let frame = reader.next_frame(&mut data)?;
        data.truncate(frame.buffer_size());
        let rgba = match frame.color_type {
            png::ColorType::GrayscaleAlpha => {
                data.chunks_exact(2).filter_map(|p| <[u8; 2]>::try_from(p).ok()).map(|[g, a]| [g, g, g, a]).collect()
            }
            _ => data.chunks_exact(4).filter_map(|pixel| <[u8; 4]>::try_from(pixel).ok()).collect(),
        };
        let (Ok(width), Ok(height)) = (usize::try_from(width), usize::try_from(height)) else { return Ok(None) };
        Ok(Some(Pixels { width, height, rgba }).filter(|pixels| !pixels.rgba.is_empty()))
    }
}

impl std::fmt::Debug for Logo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Logo({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

fn refused(problem: String) -> Error {
    Error::invalid("design.logo", problem)
}

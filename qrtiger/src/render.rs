//! Codes drawn offline.

mod letters;
mod logo;
mod raster;
mod scene;
mod shape;
mod svg;

use std::fmt;

use bytes::Bytes;
use connectors_core::Result;

use self::logo::Logo;
use self::scene::Scene;
use crate::model::Looks;
use crate::{Campaign, Design, QrCode, QrImage};

/// Draws a code in a design, without the provider: [`QrCode::render`], [`Campaign::render`], or [`Render::new`] for a
/// text of your own. Needs the feature `render`.
///
/// The same text and design give the same bytes. Around a code four modules stay blank, as the standard wants. The
/// error correction is a quarter, with a logo the highest there is. An error names the field of the design.
///
/// # How close it comes
///
/// Size, colours, the five gradients, coloured corner squares and a transparent background are drawn as they are
/// documented. How the shapes look that have numbers is *not* documented: `pattern0`, `eyeOuter0` and `eyeInner0` are
/// squares, and every other number is a shape of this renderer's own (dots, bars, diamonds, leaves, round corners), of
/// which there are nine and ten; higher numbers begin anew. Frames are a border, a band or both, with the text below.
/// The size is the width; a frame makes a picture taller. Text is drawn as capitals of Latin letters, without a font.
///
/// ```
/// use connectors_qrtiger::{Color, DataPattern, Design, Frame, Render};
///
/// let design = Design::new().size(600).color(Color::new("midnightblue")?).pattern(DataPattern(1)).frame(Frame(1), "Taste it");
/// let code = Render::new("https://qr1.be/4QX81D", &design);
/// assert!(code.png()?.starts_with(b"\x89PNG"));
/// assert!(code.svg()?.contains("#191970"));
///
/// let faint = Render::new("https://qr1.be/4QX81D", &design.color(Color::new("gold")?));
/// assert_eq!(faint.svg().unwrap_err().field(), Some("design.colorDark"));
/// assert!(faint.any_contrast().svg().is_ok(), "if you insist");
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Clone)]
#[cfg_attr(docsrs, doc(cfg(feature = "render")))]
#[must_use = "nothing is drawn before a format is asked for"]
pub struct Render {
    text: String,
    design: Design,
    logo: LogoChoice,
    any_contrast: bool,
}

#[derive(Debug, Clone)]
enum LogoChoice {
    AsDesigned,
    Bytes(Bytes),
    None,
}

impl Render {
    /// A code that holds this text, such as a short link.
    pub fn new(text: impl Into<String>, design: &Design) -> Self {
        Self { text: text.into(), design: design.clone(), logo: LogoChoice::AsDesigned, any_contrast: false }
    }

    /// Puts this image into the middle: PNG, in an SVG also JPEG or SVG; at most 20 MiB and 4096 pixels a side.
    ///
    /// A design holds the address of its logo, which is not fetched: without this, such a design is refused. A data
    /// URI needs no bytes besides.
    pub fn logo(mut self, image: impl Into<Bytes>) -> Self {
        self.logo = LogoChoice::Bytes(image.into());
        self
    }

    /// Leaves the middle as it is, whatever the design says.
    pub fn without_logo(mut self) -> Self {
        self.logo = LogoChoice::None;
        self
    }

    /// Draws what [`Design::check_contrast`] refuses, too: cameras may fail to read it.
    pub fn any_contrast(mut self) -> Self {
        self.any_contrast = true;
        self
    }

    /// The picture as SVG, for print.
    pub fn svg(&self) -> Result<String> {
        let (scene, looks) = self.scene()?;
        Ok(svg::svg(&scene, looks.size.max(1)))
    }

    /// The picture as PNG. Modules are whole pixels, so the blank around them may be a little wider. A size above 4096
    /// is refused, and so is one with less than two pixels per module.
    pub fn png(&self) -> Result<Bytes> {
        let (scene, looks) = self.scene()?;
        raster::png(&scene, looks.size)
    }

    /// The picture in the format of the design: PNG unless it says SVG.
    pub fn image(&self) -> Result<QrImage> {
        let (media_type, bytes) = if self.design.looks()?.is_svg {
            ("image/svg+xml", self.svg()?.into())
        } else {
            ("image/png", self.png()?)
        };
        Ok(QrImage::Inline { media_type: media_type.to_owned(), bytes })
    }

    fn scene(&self) -> Result<(Scene, Looks)> {
        if !self.any_contrast {
            self.design.check_contrast()?;
        }
        let looks = self.design.looks()?;
        let logo = match (&self.logo, &looks.logo) {
            (LogoChoice::Bytes(bytes), _) => Some(Logo::new(bytes.clone())?),
            (LogoChoice::AsDesigned, Some(reference)) => Some(Logo::named(reference)?),
            _ => None,
        };
        Ok((Scene::new(&self.text, &looks, logo)?, looks))
    }
}

impl QrCode {
    /// Draws the code's short link, offline.
    #[cfg_attr(docsrs, doc(cfg(feature = "render")))]
    pub fn render(&self, design: &Design) -> Render {
        Render::new(self.short_url.as_str(), design)
    }
}

impl Campaign {
    /// Draws the code's short link, offline.
    #[cfg_attr(docsrs, doc(cfg(feature = "render")))]
    pub fn render(&self, design: &Design) -> Render {
        Render::new(self.short_url.as_str(), design)
    }
}

/// Without the text, which may be the password of a Wi-Fi.
impl fmt::Debug for Render {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Render").field("design", &self.design).finish_non_exhaustive()
    }
}

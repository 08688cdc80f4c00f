//! The parts of a design: colours, shapes, formats.

use std::fmt;
use std::str::FromStr;

use connectors_core::{Error, Result};
use serde::{Serialize, Serializer};

use super::css;

connectors_core::open_enum! {
    /// The direction of a colour gradient.
    pub enum Gradient {
        /// From left to right.
        "linear" => Linear,
        /// From top to bottom.
        "upDown" => UpDown,
        /// From the upper left to the lower right.
        "diagonal1" => Diagonal1,
        /// From the lower left to the upper right.
        "diagonal2" => Diagonal2,
        /// From the centre outwards.
        "radial" => Radial,
    }
}

connectors_core::open_enum! {
    /// The format of a rendered code.
    pub enum ImageFormat {
        /// Pixels.
        "png" => Png,
        /// Vectors, for print.
        "svg" => Svg,
    }
}

macro_rules! numbered {
    ($(#[$meta:meta])* $name:ident = $prefix:literal 0 to $last:literal) => {
        $(#[$meta])*
        #[doc = concat!("\n\nDocumented are 0 to ", $last, "; the provider has more, so any number is sent.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name(pub u8);

        impl $name {
            /// Whether the provider documents this number.
            pub const fn documented(self) -> bool {
                self.0 <= $last
            }

            /// By its whole name, or by its number alone.
            pub(super) fn read(text: &str) -> Option<Self> {
                text.strip_prefix($prefix).unwrap_or(text).parse().ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
                target.collect_str(self)
            }
        }
    };
}

numbered!(
    /// The shape of the frames of the three corner squares.
    EyeOuter = "eyeOuter" 0 to 9
);
numbered!(
    /// The shape of the cores of the three corner squares.
    EyeInner = "eyeInner" 0 to 9
);
numbered!(
    /// The shape of the modules that carry the data.
    DataPattern = "pattern" 0 to 11
);

/// A frame around the code, with a call to action. Documented are 1 to 15; any number is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Frame(pub u8);

impl Frame {
    /// No frame.
    pub const NONE: Self = Self(0);

    /// Whether the provider documents this number.
    pub const fn documented(self) -> bool {
        self.0 <= 15
    }
}

/// A colour as the provider takes it: `#5e0bf0`, `#fff`, `rgb(94, 11, 240)`, or a CSS name.
///
/// ```
/// use connectors_qrtiger::Color;
///
/// let (ink, paper) = (Color::new("#5e0bf0")?, Color::rgb(255, 255, 255));
/// assert!(ink.contrast(&paper).is_some_and(|ratio| ratio > 4.0), "a camera can read it");
/// assert_eq!(Color::new("RebeccaPurple")?.to_rgb(), Some([0x66, 0x33, 0x99]));
/// assert_eq!(Color::new("5e0bf0").unwrap_err().field(), Some("color"));
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Color(String);

impl Color {
    /// Checks the spelling; a name is one of the 148 that CSS has.
    pub fn new(text: impl Into<String>) -> Result<Self> {
        let text = text.into();
        if channels(&text).is_some() {
            return Ok(Self(text));
        }
        Err(Error::invalid("color", format!("`{text}` is not a colour"))
            .with_hint("write it like #5e0bf0, rgb(94, 11, 240) or a CSS name"))
    }

    /// As the provider has it, whatever that is.
    pub(super) fn read(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The colour with these shares of red, green and blue.
    pub fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self(format!("#{red:02x}{green:02x}{blue:02x}"))
    }

    /// The colour as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its shares of red, green and blue; `None` for a spelling of the provider's that this version does not know.
    pub fn to_rgb(&self) -> Option<[u8; 3]> {
        channels(&self.0)
    }

    /// The contrast to another colour by the WCAG formula, from 1 (the same) to 21 (black on white); `None` where
    /// [`to_rgb`](Self::to_rgb) is. Cameras want at least 3, better 4.5, with the darker colour in front: see
    /// [`Design::check_contrast`](crate::Design::check_contrast).
    pub fn contrast(&self, other: &Self) -> Option<f64> {
        let (one, two) = (self.luminance()?, other.luminance()?);
        Some((one.max(two) + 0.05) / (one.min(two) + 0.05))
    }

    /// How bright it is, from 0 to 1.
    pub(super) fn luminance(&self) -> Option<f64> {
        let [red, green, blue] = self.to_rgb()?.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        Some(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Color {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::new(text)
    }
}

/// Red, green and blue of `#rgb`, `#rrggbb`, `rgb(r, g, b)` or a CSS name.
fn channels(text: &str) -> Option<[u8; 3]> {
    if let Some(hex) = text.strip_prefix('#') {
        let number = u32::from_str_radix(hex, 16).ok().filter(|_| hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let [_, red, green, blue] = number.to_be_bytes();
        return match hex.len() {
            6 => Some([red, green, blue]),
            3 => Some([green & 0x0f, blue >> 4, blue & 0x0f].map(|digit| digit * 0x11)),
            _ => None,
        };
    }
    let Some(inner) = text.strip_prefix("rgb(") else { return css::named(text) };
    let inner = inner.strip_suffix(')')?;
    let mut parts = inner.split(',').map(|part| part.trim().parse::<u8>());
    let channels = [parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?];
    parts.next().is_none().then_some(channels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_checked() {
        for good in ["#5e0bf0", "#FFF", "rgb(1,2,3)", "rgb(94, 11, 240)", "rebeccapurple"] {
            assert_eq!(Color::new(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "#12",
            "#+12345",
            "#1234567",
            "rgb(1,2)",
            "rgb(1,2,300)",
            "rgb(1,2,3,4)",
            "dark green",
            "violette",
            "#5e0bf0\n",
        ] {
            assert_eq!(Color::new(bad).unwrap_err().field(), Some("color"), "{bad:?}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_wcag() {
        let (black, white) = (Color::new("#000").unwrap(), Color::new("rgb(255,255,255)").unwrap());
        assert!((black.contrast(&white).unwrap() - 21.0).abs() < 1e-9);
        assert_eq!(channels("#0af"), channels("#00aaff"));
        assert_eq!(black.contrast(&Color::new("White").unwrap()), black.contrast(&white));
        assert_eq!(black.contrast(&Color::read("var(--ink)")), None);
    }

    #[test]
    fn shapes_are_spelled_as_the_provider_does() {
        let shapes = (EyeOuter(3), EyeInner(9), DataPattern(16), Frame(2));
        assert_eq!(serde_json::to_string(&shapes).unwrap(), r#"["eyeOuter3","eyeInner9","pattern16",2]"#);
        assert!(shapes.1.documented() && !shapes.2.documented());
    }
}

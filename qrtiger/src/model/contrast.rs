//! Whether a camera can tell a design from its background.

use connectors_core::{Error, Result};

use super::{Color, Design};

/// What a camera wants at least. Screens and good light get along with less, print in the shade does not.
const READABLE: f64 = 3.0;

const WHITE: (u8, u8, u8) = (0xff, 0xff, 0xff);
const VIOLET: (u8, u8, u8) = (0x5e, 0x0b, 0xf0);
const RED: (u8, u8, u8) = (0xf3, 0x05, 0x05);

impl Design {
    /// The least contrast between anything that is drawn and the background, by the WCAG formula: from 1 to 21.
    /// A transparent background counts as white. `None` where a colour is a spelling of the
    /// provider's that this version does not know.
    pub fn contrast(&self) -> Option<f64> {
        let background = self.paper();
        // In between its ends a gradient is not lighter than the lighter of them.
        self.inks().iter().map(|(_, ink)| ink.contrast(&background)).reduce(|least, next| Some(least?.min(next?)))?
    }

    /// Refuses a design that cameras have trouble with: a contrast below 3, or light on dark. The error names the field
    /// on the wire. Nothing calls this by itself, except for drawing (feature `render`).
    ///
    /// ```
    /// use connectors_qrtiger::{Color, Design};
    ///
    /// Design::new().check_contrast()?;
    /// let faint = Design::new().color(Color::new("gold")?);
    /// assert_eq!(faint.check_contrast().unwrap_err().field(), Some("design.colorDark"));
    /// # Ok::<(), connectors_core::Error>(())
    /// ```
    pub fn check_contrast(&self) -> Result<()> {
        let paper = self.paper();
        let unknown = |field: &str, color: &Color| {
            Error::invalid(format!("design.{field}"), format!("`{color}` is a colour that is not known here"))
        };
        let behind = paper.luminance().ok_or_else(|| unknown("backgroundColor", &paper))?;
        for (field, ink) in self.inks() {
            let refuse = |problem: String| {
                let error = Error::invalid(format!("design.{field}"), problem);
                Err(error.with_hint("draw it dark on light, with a contrast of 3, better 4.5"))
            };
            let ratio = ink.contrast(&paper).ok_or_else(|| unknown(field, &ink))?;
            if ratio < READABLE {
                return refuse(format!("{ink} on {paper} has a contrast of {ratio:.1} only"));
            }
            if ink.luminance().is_some_and(|front| front > behind) {
                return refuse(format!("{ink} is lighter than {paper} behind it"));
            }
        }
        Ok(())
    }

    fn paper(&self) -> Color {
        match &self.background {
            Some(color) if self.transparent != Some(true) => color.clone(),
            _ => or(None, WHITE),
        }
    }

    /// Everything that a camera has to tell from the background, by its field.
    fn inks(&self) -> Vec<(&'static str, Color)> {
        let mut inks = if self.gradient == Some(true) {
            let (from, to) = (self.gradient_from.as_ref(), self.gradient_to.as_ref());
            vec![("color01", or(from, VIOLET)), ("color02", or(to, RED))]
        } else {
            vec![("colorDark", or(self.color.as_ref(), VIOLET))]
        };
        if self.colored_eyes == Some(true) {
            let (outer, inner) = (self.eye_outer_color.as_ref(), self.eye_inner_color.as_ref());
            inks.extend([("eye_color01", or(outer, VIOLET)), ("eye_color02", or(inner, RED))]);
        }
        inks
    }
}

fn or(color: Option<&Color>, (red, green, blue): (u8, u8, u8)) -> Color {
    color.cloned().unwrap_or_else(|| Color::rgb(red, green, blue))
}

#[cfg(feature = "render")]
pub(crate) use looks::{Fill, Looks};

/// What is drawn, with the provider's defaults for what is not set.
#[cfg(feature = "render")]
mod looks {
    use super::{Design, Error, Result};
    use crate::{Color, Frame, Gradient, ImageFormat};

    type Rgb = [u8; 3];

    #[derive(Debug, Clone, PartialEq)]
    pub(crate) enum Fill {
        Plain(Rgb),
        Gradient(Gradient, Rgb, Rgb),
    }

    #[derive(Debug)]
    pub(crate) struct Looks {
        /// The width in pixels.
        pub(crate) size: u32,
        /// None where it is transparent.
        pub(crate) background: Option<Rgb>,
        pub(crate) modules: Fill,
        /// The frames and the cores of the corner squares.
        pub(crate) eyes: [Fill; 2],
        pub(crate) eye_shapes: [u8; 2],
        pub(crate) pattern: u8,
        pub(crate) frame: Option<(Frame, Rgb, String)>,
        pub(crate) logo: Option<String>,
        pub(crate) is_svg: bool,
    }

    impl Design {
        pub(crate) fn looks(&self) -> Result<Looks> {
            let inks = self.inks();
            let ink = |name: &str| match inks.iter().find(|(field, _)| *field == name) {
                Some((field, color)) => rgb(field, color).map(Some),
                None => Ok(None),
            };
            let modules = match (ink("colorDark")?, ink("color01")?, ink("color02")?) {
                (None, Some(from), Some(to)) => {
                    let kind = self.gradient_type.clone().unwrap_or(Gradient::Linear);
                    if !kind.is_known() {
                        return Err(Error::invalid("design.grdType", format!("`{kind}` cannot be drawn")));
                    }
                    Fill::Gradient(kind, from, to)
                }
                (plain, ..) => Fill::Plain(plain.unwrap_or_default()),
            };
            let eye = |color: Option<Rgb>| color.map_or_else(|| modules.clone(), Fill::Plain);
            let eyes = [eye(ink("eye_color01")?), eye(ink("eye_color02")?)];
            let frame = self.frame.filter(|frame| *frame != Frame::NONE);
            let frame_color = match (&self.frame_color, &modules) {
                (Some(color), _) => rgb("frameColor", color)?,
                (None, Fill::Plain(color) | Fill::Gradient(_, color, _)) => *color,
            };
            let text = || self.frame_text.clone().unwrap_or_else(|| "SCAN ME".to_owned());
            Ok(Looks {
                size: self.size.unwrap_or(500),
                background: match self.transparent {
                    Some(true) => None,
                    _ => Some(rgb("backgroundColor", &self.paper())?),
                },
                eye_shapes: [self.eye_outer.map_or(0, |shape| shape.0), self.eye_inner.map_or(0, |shape| shape.0)],
                pattern: self.pattern.map_or(0, |shape| shape.0),
                frame: frame.map(|frame| (frame, frame_color, text())),
                logo: self.logo.clone().filter(|logo| !logo.is_empty()),
                is_svg: self.format == Some(ImageFormat::Svg),
                modules,
                eyes,
            })
        }
    }

    fn rgb(field: &str, color: &Color) -> Result<Rgb> {
        let unknown =
            || Error::invalid(format!("design.{field}"), format!("`{color}` is a colour that is not known here"));
        color.to_rgb().ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Gradient;

    fn color(text: &str) -> Color {
        Color::new(text).unwrap()
    }

    #[test]
    fn the_faintest_part_counts() {
        let violet = Design::new().contrast().unwrap();
        assert!(violet > 7.0, "{violet}");
        let gradient = Design::new().gradient(Gradient::Radial, color("black"), color("#777"));
        assert!((gradient.contrast().unwrap() - color("#777").contrast(&color("white")).unwrap()).abs() < 1e-9);
        let eyes = Design::new().color(color("black")).eye_colors(color("black"), color("yellow"));
        assert!(eyes.contrast().unwrap() < 1.2);
        assert_eq!(Design::new().color(Color::read("octarine")).contrast(), None);
        let see_through = Design::new().background(color("black")).transparent();
        assert_eq!(see_through.contrast(), Design::new().contrast(), "counted as white");
    }

    #[test]
    fn what_cameras_have_trouble_with_is_refused() {
        let field = |design: Design| design.check_contrast().err().map(|error| error.field().unwrap().to_owned());
        assert_eq!(field(Design::new()), None);
        assert_eq!(field(Design::new().color(color("#777"))), None);
        let wrong = [
            (Design::new().color(color("gold")), "design.colorDark"),
            (Design::new().color(color("white")).background(color("black")), "design.colorDark"),
            (Design::new().gradient(Gradient::Linear, color("black"), color("pink")), "design.color02"),
            (Design::new().eye_colors(color("lime"), color("black")), "design.eye_color01"),
            (Design::new().color(Color::read("octarine")), "design.colorDark"),
            (Design::new().background(Color::read("octarine")), "design.backgroundColor"),
        ];
        for (design, expected) in wrong {
            assert_eq!(field(design.clone()).as_deref(), Some(expected), "{design:?}");
        }
    }
}

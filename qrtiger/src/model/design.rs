//! How a code looks.

use connectors_core::{Error, Result};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Color, DataPattern, EyeInner, EyeOuter, Frame, Gradient, ImageFormat};

/// How a code looks. What is not set is the provider's default: 500 pixels, violet on white, PNG.
///
/// Everything is sent as it is; [`Design::documented`] says whether the provider documents it.
///
/// ```
/// use connectors_qrtiger::{Color, Design, EyeOuter, Frame, Gradient};
///
/// let design = Design::new()
///     .size(2000)
///     .gradient(Gradient::Radial, Color::rgb(94, 11, 240), Color::rgb(20, 20, 60))
///     .eye_outer(EyeOuter(4))
///     .frame(Frame(2), "TASTE IT");
/// design.documented()?;
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Design {
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u32>,
    #[serde(rename = "colorDark", skip_serializing_if = "Option::is_none")]
    color: Option<Color>,
    #[serde(rename = "backgroundColor", skip_serializing_if = "Option::is_none")]
    background: Option<Color>,
    #[serde(rename = "transparentBkg", skip_serializing_if = "Option::is_none")]
    transparent: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gradient: Option<bool>,
    #[serde(rename = "grdType", skip_serializing_if = "Option::is_none")]
    gradient_type: Option<Gradient>,
    #[serde(rename = "color01", skip_serializing_if = "Option::is_none")]
    gradient_from: Option<Color>,
    #[serde(rename = "color02", skip_serializing_if = "Option::is_none")]
    gradient_to: Option<Color>,
    #[serde(rename = "eye_color", skip_serializing_if = "Option::is_none")]
    colored_eyes: Option<bool>,
    #[serde(rename = "eye_color01", skip_serializing_if = "Option::is_none")]
    eye_outer_color: Option<Color>,
    #[serde(rename = "eye_color02", skip_serializing_if = "Option::is_none")]
    eye_inner_color: Option<Color>,
    #[serde(skip_serializing_if = "Option::is_none")]
    eye_outer: Option<EyeOuter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    eye_inner: Option<EyeInner>,
    #[serde(rename = "qrData", skip_serializing_if = "Option::is_none")]
    pattern: Option<DataPattern>,
    #[serde(rename = "qrFormat", skip_serializing_if = "Option::is_none")]
    format: Option<ImageFormat>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<Frame>,
    #[serde(rename = "frameColor", skip_serializing_if = "Option::is_none")]
    frame_color: Option<Color>,
    #[serde(rename = "frameText", skip_serializing_if = "Option::is_none")]
    frame_text: Option<String>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

impl Design {
    /// The provider's default looks.
    pub fn new() -> Self {
        Self::default()
    }

    /// The edge in pixels; 500 unless set. 200 to 4096 are in use, 2000 for print; the true limits are not documented.
    pub fn size(mut self, pixels: u32) -> Self {
        self.size = Some(pixels);
        self
    }

    /// The colour of the modules; `#5e0bf0` unless set.
    pub fn color(mut self, color: Color) -> Self {
        self.color = Some(color);
        self
    }

    /// The colour behind them; white unless set.
    pub fn background(mut self, color: Color) -> Self {
        self.background = Some(color);
        self
    }

    /// Leaves the background transparent.
    pub fn transparent(mut self) -> Self {
        self.transparent = Some(true);
        self
    }

    /// Colours the modules by a gradient.
    pub fn gradient(mut self, direction: Gradient, from: Color, to: Color) -> Self {
        self.gradient = Some(true);
        (self.gradient_type, self.gradient_from, self.gradient_to) = (Some(direction), Some(from), Some(to));
        self
    }

    /// Colours the frames and the cores of the corner squares.
    pub fn eye_colors(mut self, outer: Color, inner: Color) -> Self {
        self.colored_eyes = Some(true);
        (self.eye_outer_color, self.eye_inner_color) = (Some(outer), Some(inner));
        self
    }

    /// The shape of the frames of the corner squares.
    pub fn eye_outer(mut self, shape: EyeOuter) -> Self {
        self.eye_outer = Some(shape);
        self
    }

    /// The shape of the cores of the corner squares.
    pub fn eye_inner(mut self, shape: EyeInner) -> Self {
        self.eye_inner = Some(shape);
        self
    }

    /// The shape of the modules.
    pub fn pattern(mut self, shape: DataPattern) -> Self {
        self.pattern = Some(shape);
        self
    }

    /// The format of the image; PNG unless set.
    pub fn format(mut self, format: ImageFormat) -> Self {
        self.format = Some(format);
        self
    }

    /// The address of an image for the middle, such as [`Uploads::image`](crate::Uploads::image) returns.
    pub fn logo(mut self, address: impl Into<String>) -> Self {
        self.logo = Some(address.into());
        self
    }

    /// A frame and the call to action on it (`SCAN ME` unless set). Keep it below 15 characters; the true limit is
    /// not documented.
    pub fn frame(mut self, frame: Frame, text: impl Into<String>) -> Self {
        (self.frame, self.frame_text) = (Some(frame), Some(text.into()));
        self
    }

    /// The colour of the frame and its text.
    pub fn frame_color(mut self, color: Color) -> Self {
        self.frame_color = Some(color);
        self
    }

    /// A field that has no setter here, such as `frameTextFont`. It is sent as it is, and may be ignored.
    pub fn extra(mut self, name: impl Into<String>, value: impl Serialize) -> Result<Self> {
        let name = name.into();
        let value = serde_json::to_value(value).map_err(|error| {
            Error::invalid(format!("design.{name}"), "cannot be written as JSON").with_source(error)
        })?;
        self.extra.insert(name, value);
        Ok(self)
    }

    /// Checks that everything is within what the provider documents. Nothing calls this by itself: higher numbers
    /// are in use and work. The error names the field on the wire.
    pub fn documented(&self) -> Result<()> {
        let refuse = |field: &str, what: String| {
            Err(Error::invalid(format!("design.{field}"), format!("{what} is not documented")))
        };
        match self {
            Self { eye_outer: Some(shape), .. } if !shape.documented() => refuse("eye_outer", shape.to_string()),
            Self { eye_inner: Some(shape), .. } if !shape.documented() => refuse("eye_inner", shape.to_string()),
            Self { pattern: Some(shape), .. } if !shape.documented() => refuse("qrData", shape.to_string()),
            Self { frame: Some(frame), .. } if !frame.documented() => refuse("frame", format!("frame {}", frame.0)),
            Self { gradient_type: Some(kind), .. } if !kind.is_known() => refuse("grdType", format!("`{kind}`")),
            Self { format: Some(format), .. } if !format.is_known() => refuse("qrFormat", format!("`{format}`")),
            _ => self.extra.keys().next().map_or(Ok(()), |name| refuse(name, "the field".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_set_is_sent_by_the_names_of_the_provider() {
        assert_eq!(serde_json::to_value(Design::new()).unwrap(), json!({}));
        let (violet, red) = (Color::new("#5e0bf0").unwrap(), Color::new("#f30505").unwrap());
        let design = Design::new()
            .gradient(Gradient::UpDown, violet.clone(), red.clone())
            .eye_colors(violet, red)
            .eye_outer(EyeOuter(1))
            .pattern(DataPattern(7))
            .format(ImageFormat::Svg)
            .frame(Frame(3), "SCAN")
            .extra("frameTextFont", "Arial")
            .unwrap();
        let wire = json!({
            "gradient": true, "grdType": "upDown", "color01": "#5e0bf0", "color02": "#f30505",
            "eye_color": true, "eye_color01": "#5e0bf0", "eye_color02": "#f30505",
            "eye_outer": "eyeOuter1", "qrData": "pattern7", "qrFormat": "svg",
            "frame": 3, "frameText": "SCAN", "frameTextFont": "Arial",
        });
        assert_eq!(serde_json::to_value(&design).unwrap(), wire);
        assert_eq!(design.documented().unwrap_err().field(), Some("design.frameTextFont"));
    }

    #[test]
    fn undocumented_numbers_are_named() {
        let field = |design: Design| design.documented().unwrap_err().field().unwrap().to_owned();
        assert_eq!(field(Design::new().pattern(DataPattern(12))), "design.qrData");
        assert_eq!(field(Design::new().frame(Frame(16), "GO")), "design.frame");
        assert_eq!(field(Design::new().eye_inner(EyeInner(10))), "design.eye_inner");
        Design::new().eye_outer(EyeOuter(9)).frame(Frame::NONE, "").documented().unwrap();
    }
}

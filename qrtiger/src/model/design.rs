//! How a code looks.

use connectors_core::{Error, Result};
use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use super::{Color, DataPattern, EyeInner, EyeOuter, Frame, Gradient, ImageFormat};

/// Declares the fields of a design by their names on the wire, and how they are written and read.
macro_rules! design {
    ($(#[$meta:meta])* struct Design { $($(#[doc = $doc:literal])+ $field:ident: $type:ty = $wire:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct Design {
            $($(#[doc = $doc])+ pub $field: Option<$type>,)*
            /// What has no field here, or holds what the field cannot.
            extra: Map<String, Value>,
        }

        /// The fields that have a setter.
        const FIELDS: &[&str] = &[$($wire),*];

        impl Serialize for Design {
            fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
                let mut members = self.extra.clone();
                $(if let Some(part) = &self.$field {
                    members.insert($wire.to_owned(), part.write());
                })*
                members.serialize(target)
            }
        }

        impl Design {
            pub(super) fn of_members(mut members: Map<String, Value>) -> Self {
                // What cannot be read stays where it is.
                $(let $field = members.get($wire).and_then(<$type as Part>::read);
                if $field.is_some() {
                    members.remove($wire);
                })*
                members.retain(|_, value| !value.is_null());
                Self { $($field,)* extra: members }
            }
        }
    };
}

design! {
    /// How a code looks. What is not set is the provider's default: 500 pixels, violet on white, PNG.
    ///
    /// Everything is sent as it is; [`Design::documented`] says whether the provider documents it. What was read of a
    /// code, as in [`Campaign::design`](crate::Campaign::design), can be changed and sent again: nothing of it is lost.
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
    ///
    /// let read: Design = serde_json::from_str(&serde_json::to_string(&design)?)?;
    /// assert_eq!(read.color(Color::new("midnightblue")?).frame_text.as_deref(), Some("TASTE IT"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    struct Design {
        /// The edge in pixels.
        size: u32 = "size";
        /// The colour of the modules.
        color: Color = "colorDark";
        /// The colour behind them.
        background: Color = "backgroundColor";
        /// Whether the background is transparent.
        transparent: bool = "transparentBkg";
        /// Whether the modules have a gradient.
        gradient: bool = "gradient";
        /// Its direction.
        gradient_type: Gradient = "grdType";
        /// Where it begins.
        gradient_from: Color = "color01";
        /// Where it ends.
        gradient_to: Color = "color02";
        /// Whether the corner squares have colours of their own.
        colored_eyes: bool = "eye_color";
        /// That of their frames.
        eye_outer_color: Color = "eye_color01";
        /// That of their cores.
        eye_inner_color: Color = "eye_color02";
        /// The shape of the frames of the corner squares.
        eye_outer: EyeOuter = "eye_outer";
        /// The shape of the cores of the corner squares.
        eye_inner: EyeInner = "eye_inner";
        /// The shape of the modules.
        pattern: DataPattern = "qrData";
        /// The format of the image.
        format: ImageFormat = "qrFormat";
        /// The address of the image in the middle; empty for none.
        logo: String = "logo";
        /// The frame around the code.
        frame: Frame = "frame";
        /// The colour of the frame and its text.
        frame_color: Color = "frameColor";
        /// The call to action on the frame.
        frame_text: String = "frameText";
    }
}

impl<'de> Deserialize<'de> for Design {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        Map::deserialize(source).map(Self::of_members)
    }
}

/// What a field of a design holds: written in one way, read in the ways that the provider is known for.
trait Part: Sized {
    fn write(&self) -> Value;
    fn read(value: &Value) -> Option<Self>;
}

impl Part for u32 {
    fn write(&self) -> Value {
        (*self).into()
    }

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => text.trim().parse().ok(),
            other => other.as_u64()?.try_into().ok(),
        }
    }
}

impl Part for Frame {
    fn write(&self) -> Value {
        self.0.into()
    }

    fn read(value: &Value) -> Option<Self> {
        u8::try_from(u32::read(value)?).ok().map(Self)
    }
}

impl Part for bool {
    fn write(&self) -> Value {
        (*self).into()
    }

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}

/// Those that are text on the wire.
macro_rules! texts {
    ($($type:ty: $read:expr),+ $(,)?) => {$(
        impl Part for $type {
            fn write(&self) -> Value {
                self.to_string().into()
            }

            fn read(value: &Value) -> Option<Self> {
                let read: fn(&str) -> Option<Self> = $read;
                read(value.as_str()?)
            }
        }
    )+};
}

texts! {
    String: |text| Some(text.to_owned()),
    Color: |text| (!text.is_empty()).then(|| Color::read(text)),
    Gradient: |text| (!text.is_empty()).then(|| text.into()),
    ImageFormat: |text| (!text.is_empty()).then(|| text.into()),
    EyeOuter: EyeOuter::read,
    EyeInner: EyeInner::read,
    DataPattern: DataPattern::read,
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

    /// The address of an image for the middle, such as [`Uploads::image`](crate::Uploads::image) returns; `""` for none.
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

    /// A field that has no setter here, such as `frameTextFont`. It is sent as it is, and may be ignored. One that has a
    /// setter is refused.
    pub fn extra(mut self, name: impl Into<String>, value: impl Serialize) -> Result<Self> {
        let name = name.into();
        if FIELDS.contains(&name.as_str()) {
            return Err(Error::invalid(format!("design.{name}"), "has a setter of its own"));
        }
        let value = serde_json::to_value(value).map_err(|error| {
            Error::invalid(format!("design.{name}"), "cannot be written as JSON").with_source(error)
        })?;
        self.extra.insert(name, value);
        Ok(self)
    }

    /// A field that has none here, by its name on the wire; `None` where it is missing or something else.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.extra.get(name).and_then(|value| T::deserialize(value).ok())
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

    #[test]
    fn what_was_read_is_sent_again_whole() {
        let stored = json!({
            "size": "1000", "colorDark": "rgba(1,2,3,0.5)", "backgroundColor": null, "gradient": "false", "grdType": 0,
            "eye_outer": "eyeOuter12", "qrData": "pattern3", "frame": "16", "logo": "", "frameGradientType": "linear",
        });
        let design: Design = serde_json::from_value(stored).unwrap();
        assert_eq!((design.size, design.gradient, design.frame), (Some(1000), Some(false), Some(Frame(16))));
        assert_eq!((design.eye_outer, design.background.clone()), (Some(EyeOuter(12)), None));
        assert_eq!(
            (design.gradient_type.clone(), design.get("grdType")),
            (None, Some(0)),
            "kept, though not understood"
        );
        assert_eq!(design.get::<String>("frameGradientType").as_deref(), Some("linear"));

        let sent = json!({
            "size": 1000, "colorDark": "rgba(1,2,3,0.5)", "gradient": false, "grdType": 0,
            "eye_outer": "eyeOuter12", "qrData": "pattern3", "frame": 16, "logo": "", "frameGradientType": "linear",
        });
        assert_eq!(serde_json::to_value(&design).unwrap(), sent);
        let ink = Color::rgb(0, 0, 0);
        let turned = serde_json::to_string(&design.gradient(Gradient::Linear, ink.clone(), ink)).unwrap();
        assert_eq!(turned.matches("grdType").count(), 1, "{turned}");
        assert_eq!(Design::new().extra("size", 5).unwrap_err().field(), Some("design.size"));
    }
}

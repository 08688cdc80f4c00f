//! What formats are made of.

use std::fmt;
use std::str::FromStr;

use connectors_core::{Error, Result};
use serde::{Deserialize, Serialize, Serializer};

/// What the service can show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ServerInfo {
    /// The tables that [`CellFormat`] points into.
    pub formats: FormatTables,
    /// The locales, such as `en_US`.
    pub supported_locales: Vec<String>,
}

/// What the positions of a format mean: each is an index into one of these tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct FormatTables {
    /// What cells look like that have no format: a [`CellFormat`] as text.
    pub defaults: Option<String>,
    /// Fonts.
    pub font_family: Vec<FontFamily>,
    /// Sizes of fonts, in points.
    pub font_size: Vec<String>,
    /// Not bold, bold.
    pub bold: Vec<String>,
    /// Not italic, italic.
    pub italic: Vec<String>,
    /// Not underlined, underlined.
    pub underline: Vec<String>,
    /// Not struck through, struck through.
    pub strikethrough: Vec<String>,
    /// Alignments between left and right.
    pub horizontal_align: Vec<String>,
    /// Alignments between top and bottom.
    pub vertical_align: Vec<String>,
    /// Colours, `#RRGGBB`: of text, background and taskbar.
    pub color: Vec<String>,
    /// Currencies.
    pub currency: Vec<Currency>,
    /// Numbers of decimals.
    pub decimal_count: Vec<String>,
    /// Without and with a separator of thousands.
    pub thousands_separator: Vec<String>,
    /// Kinds of numbers: plain, currency, percent.
    pub number_format: Vec<String>,
    /// Not wrapped, wrapped.
    pub text_wrap: Vec<String>,
    /// Ways to write dates.
    pub date_format: Vec<String>,
}

/// A font.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct FontFamily {
    /// The name.
    pub name: String,
    /// What it is like: `serif`, `sans-serif`.
    pub traits: Vec<String>,
}

/// A currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Currency {
    /// The code of ISO 4217, such as `EUR`.
    pub code: String,
    /// How it is written, such as `€`.
    pub symbol: String,
}

/// How a cell, row or column looks. Most members are indexes into the [`FormatTables`]; what is not set stays as the
/// default is.
///
/// On the wire it is a text of 17 places between commas, which it is read from and written as.
///
/// ```
/// use connectors_smartsheet::CellFormat;
///
/// let format: CellFormat = ",,1,1,,,,,,,,,2,,3,,".parse()?;
/// assert_eq!((format.bold, format.italic, format.decimal_count), (Some(true), Some(true), Some(2)));
/// assert_eq!(format.to_string(), ",,1,1,,,,,,,,,2,,3,,");
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct CellFormat {
    /// The font.
    pub font_family: Option<u16>,
    /// The size of the font.
    pub font_size: Option<u16>,
    /// Whether it is bold.
    pub bold: Option<bool>,
    /// Whether it is italic.
    pub italic: Option<bool>,
    /// Whether it is underlined.
    pub underline: Option<bool>,
    /// Whether it is struck through.
    pub strikethrough: Option<bool>,
    /// The alignment between left and right.
    pub horizontal_align: Option<u16>,
    /// The alignment between top and bottom.
    pub vertical_align: Option<u16>,
    /// The colour of the text.
    pub text_color: Option<u16>,
    /// The colour of the background.
    pub background_color: Option<u16>,
    /// The colour in Gantt charts and calendars.
    pub taskbar_color: Option<u16>,
    /// The currency.
    pub currency: Option<u16>,
    /// The number of decimals.
    pub decimal_count: Option<u16>,
    /// Whether thousands are separated.
    pub thousands_separator: Option<bool>,
    /// The kind of number.
    pub number_format: Option<u16>,
    /// Whether the text is wrapped.
    pub text_wrap: Option<bool>,
    /// The way dates are written.
    pub date_format: Option<u16>,
}

impl CellFormat {
    fn places(&self) -> [Option<u16>; 17] {
        let on = |flag: Option<bool>| flag.map(u16::from);
        [
            self.font_family,
            self.font_size,
            on(self.bold),
            on(self.italic),
            on(self.underline),
            on(self.strikethrough),
            self.horizontal_align,
            self.vertical_align,
            self.text_color,
            self.background_color,
            self.taskbar_color,
            self.currency,
            self.decimal_count,
            on(self.thousands_separator),
            self.number_format,
            on(self.text_wrap),
            self.date_format,
        ]
    }
}

impl fmt::Display for CellFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, place) in self.places().into_iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            if let Some(place) = place {
                fmt::Display::fmt(&place, f)?;
            }
        }
        Ok(())
    }
}

impl FromStr for CellFormat {
    type Err = Error;

    /// Reads it from its text. Places at the end may be missing.
    fn from_str(text: &str) -> Result<Self> {
        let mut places = [None::<u16>; 17];
        for (index, given) in text.split(',').enumerate() {
            let place = places.get_mut(index).ok_or_else(|| Error::invalid("format", "must have at most 17 places"))?;
            let number = |_| Error::invalid("format", format!("must have a number in place {}", index + 1));
            *place = match given.trim() {
                "" => None,
                given => Some(given.parse().map_err(number)?),
            };
        }
        let on = |place: Option<u16>| place.map(|index| index != 0);
        let [family, size, bold, italic, under, strike, across, down, rest @ ..] = places;
        let [text, background, taskbar, currency, decimals, thousands, number, wrap, date] = rest;
        Ok(Self {
            font_family: family,
            font_size: size,
            bold: on(bold),
            italic: on(italic),
            underline: on(under),
            strikethrough: on(strike),
            horizontal_align: across,
            vertical_align: down,
            text_color: text,
            background_color: background,
            taskbar_color: taskbar,
            currency,
            decimal_count: decimals,
            thousands_separator: on(thousands),
            number_format: number,
            text_wrap: on(wrap),
            date_format: date,
        })
    }
}

/// For methods that take a format as text.
impl From<CellFormat> for String {
    fn from(format: CellFormat) -> Self {
        format.to_string()
    }
}

impl Serialize for CellFormat {
    fn serialize<S: Serializer>(&self, target: S) -> std::result::Result<S::Ok, S::Error> {
        target.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_a_format_is_where_the_service_has_it() {
        let text = "1,2,1,1,1,1,3,2,20,9,10,11,3,1,2,1,4";
        let format: CellFormat = text.parse().unwrap();
        assert_eq!(format.to_string(), text);
        assert_eq!((format.font_size, format.background_color, format.currency), (Some(2), Some(9), Some(11)));
        assert_eq!((format.text_wrap, format.date_format), (Some(true), Some(4)));
        assert_eq!("".parse::<CellFormat>().unwrap(), CellFormat::default());
        for wrong in ["x", ",,bold", &",".repeat(17)] {
            assert_eq!(wrong.parse::<CellFormat>().unwrap_err().field(), Some("format"), "{wrong}");
        }
    }
}

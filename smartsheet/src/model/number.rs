//! Numbers, digit for digit.

use std::fmt;

use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::text::Text;

/// The largest magnitude that Smartsheet keeps as a number.
const MAX: f64 = 9_007_199_254_740_992.0;

/// A number with the digits it was written with: `65.0` stays `65.0`, and a long decimal loses nothing.
///
/// Two numbers are equal if they have the same text; compare [`as_f64`](Number::as_f64) for the same magnitude.
///
/// ```
/// use connectors_smartsheet::Number;
///
/// let price = Number::from(1299.90);
/// assert_eq!(price.as_str(), "1299.9");
/// assert_eq!(price.as_f64(), 1299.9);
/// assert_eq!(Number::from(14).as_i64(), Some(14));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Text);

impl Number {
    /// A number as JSON spells it. The text is checked when it is sent.
    pub(crate) fn from_text(text: &str) -> Self {
        Self(text.into())
    }

    /// The digits, as they are on the wire.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The nearest float.
    pub fn as_f64(&self) -> f64 {
        self.as_str().parse().unwrap_or(f64::NAN)
    }

    /// The integer, if it is written as one.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_str().parse().ok()
    }

    /// Whether Smartsheet keeps it as a number: finite and at most 2^53 either way.
    pub fn is_in_range(&self) -> bool {
        self.as_f64().abs() <= MAX
    }
}

macro_rules! from_numbers {
    ($($type:ty),+) => {$(
        impl From<$type> for Number {
            fn from(value: $type) -> Self {
                Self::from_text(&value.to_string())
            }
        }
    )+};
}

from_numbers!(i8, i16, i32, i64, u8, u16, u32, u64, usize, f32, f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(source)?;
        let text = raw.get().trim_matches('"');
        match text.parse::<f64>() {
            Ok(_) => Ok(Self::from_text(text)),
            Err(_) => Err(serde::de::Error::invalid_type(serde::de::Unexpected::Other("something else"), &"a number")),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.as_str().to_owned()).map_err(S::Error::custom)?.serialize(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_survive_both_ways() {
        for text in ["65.0", "0.1000000000000000055511151231257827", "-9007199254740993", "1e-7"] {
            let number = Number::from_text(text);
            assert_eq!(number.as_str(), text);
            assert_eq!(serde_json::to_string(&number).unwrap(), text);
        }
    }

    #[test]
    fn what_smartsheet_would_turn_into_text_is_out_of_range() {
        assert!(Number::from(9_007_199_254_740_992_i64).is_in_range());
        for out in [Number::from(1e16), Number::from(f64::NAN), Number::from(f64::NEG_INFINITY)] {
            assert!(!out.is_in_range(), "{out}");
        }
    }
}

//! Sums of money, to the last digit.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use connectors_core::{Error, Result};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// The most digits after the point.
const MAX_SCALE: u32 = 12;

/// A sum of money, in the company's currency: an exact decimal, which never was a float. It keeps the digits that it was
/// written with: `350.0` stays `350.0`, and equals `350`.
///
/// It has up to 18 digits before the point and up to 12 after it.
///
/// ```
/// use connectors_brandscopic::native::Amount;
///
/// let taxi: Amount = "23.40".parse()?;
/// assert!(taxi > Amount::from(23) && taxi == Amount::hundredths(2340));
/// assert_eq!(taxi.to_string(), "23.40");
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Amount {
    units: i128,
    /// How many digits of the units stand after the point.
    scale: u32,
}

impl Amount {
    /// So many hundredths: cents, for most currencies.
    pub fn hundredths(hundredths: i64) -> Self {
        Self { units: hundredths.into(), scale: 2 }
    }

    /// Whether it is more than nothing.
    pub fn is_positive(self) -> bool {
        self.units > 0
    }

    /// In the smallest units that there are, which cannot overflow.
    fn smallest(self) -> i128 {
        self.units * 10_i128.pow(MAX_SCALE - self.scale)
    }

    fn read(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let scale = u32::try_from(fraction.len()).ok().filter(|scale| *scale <= MAX_SCALE)?;
        let ends_in_point = unsigned.ends_with('.');
        if whole.is_empty() || whole.len() > 18 || ends_in_point || !digits(whole) || !digits(fraction) {
            return None;
        }
        let units: i128 = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { units: if unsigned == text { units } else { -units }, scale })
    }
}

impl From<u32> for Amount {
    fn from(whole: u32) -> Self {
        Self { units: whole.into(), scale: 0 }
    }
}

impl FromStr for Amount {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let problem = "must be a number such as 12.50, of at most 18 digits and 12 after the point";
        Self::read(text.trim()).ok_or_else(|| Error::invalid("amount", problem))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, scale) = (if self.units < 0 { "-" } else { "" }, self.scale as usize);
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        f.pad(&if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
    }
}

impl PartialEq for Amount {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Amount {}

impl Hash for Amount {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.smallest().hash(state);
    }
}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Amount {
    fn cmp(&self, other: &Self) -> Ordering {
        self.smallest().cmp(&other.smallest())
    }
}

/// As a text, which is how Brandscopic writes it too.
impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, target: S) -> std::result::Result<S::Ok, S::Error> {
        target.collect_str(self)
    }
}

/// From a text or a number, whose digits are read as they stand there.
impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(source: D) -> std::result::Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(source)?;
        // A text of digits has nothing to be unescaped.
        let read = Self::read(raw.get().trim_matches('"').trim());
        read.ok_or_else(|| D::Error::custom("invalid value: another one, expected an amount"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stay_as_they_are_and_compare_by_what_they_mean() {
        for text in ["0", "350.0", "0.05", "-12.50", "999999999999999999.999999999999", "007"] {
            let amount: Amount = serde_json::from_str(&format!("\"{text}\"")).unwrap();
            assert_eq!(amount.to_string(), if text == "007" { "7" } else { text });
            assert_eq!(serde_json::to_string(&amount).unwrap(), format!("\"{amount}\""));
        }
        let read = |json: &str| serde_json::from_str::<Amount>(json).ok();
        assert_eq!(read("350"), read("\"350.00\""));
        assert_eq!(read("0.1").map(|a| a.to_string()).as_deref(), Some("0.1"));
        assert_eq!(read("123456789012345678.9").map(|a| a.to_string()).as_deref(), Some("123456789012345678.9"));
        assert!(read("2.1") < read("10") && !read("-0.0").unwrap().is_positive());
        for odd in ["null", "true", "\"\"", "\".5\"", "\"5.\"", "\"1e3\"", "\"1,5\"", "\"--1\"", "1e3", "[1]"] {
            assert_eq!(read(odd), None, "{odd}");
        }
        assert_eq!("12.5.1".parse::<Amount>().unwrap_err().field(), Some("amount"));
        assert_eq!(Amount::hundredths(5).to_string(), "0.05");
        assert_eq!(Amount::hundredths(i64::MIN).to_string(), "-92233720368547758.08");
    }
}

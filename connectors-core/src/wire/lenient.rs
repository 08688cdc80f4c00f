//! Scalars that providers spell in more than one way, for `#[serde(deserialize_with = "…")]`.
//!
//! An optional member needs `#[serde(default)]` besides.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

use sealed::Scalar;

/// What [`number`] can decode: `u32`, `u64`, `i64` and `f64`.
pub trait Number: Scalar {}

mod sealed {
    /// A value that can be made of any scalar that means it.
    pub trait Scalar: Sized {
        const EXPECTED: &'static str;

        fn from_integer(value: i128) -> Option<Self>;

        fn from_float(_value: f64) -> Option<Self> {
            None
        }

        fn from_bool(_value: bool) -> Option<Self> {
            None
        }

        fn from_text(text: &str) -> Option<Self> {
            text.parse().map_or_else(|_| text.parse().ok().and_then(Self::from_float), Self::from_integer)
        }
    }
}

/// Up to here a float tells every integer from its neighbours.
const MAX_EXACT: f64 = 9_007_199_254_740_991.0;

macro_rules! integers {
    ($($type:ident),+) => {$(
        impl Number for $type {}

        impl Scalar for $type {
            const EXPECTED: &'static str = concat!("a number of type ", stringify!($type));

            fn from_integer(value: i128) -> Option<Self> {
                value.try_into().ok()
            }

            fn from_float(value: f64) -> Option<Self> {
                let is_exact = value.abs() <= MAX_EXACT && value.fract() == 0.0;
                #[expect(clippy::cast_possible_truncation, reason = "a whole number of at most 53 bits")]
                is_exact.then_some(value as i64)?.try_into().ok()
            }
        }
    )+};
}

integers!(u32, u64, i64);

impl Number for f64 {}

impl Scalar for f64 {
    const EXPECTED: &'static str = "a finite number";

    #[expect(clippy::cast_precision_loss, reason = "the nearest float is what was asked for")]
    fn from_integer(value: i128) -> Option<Self> {
        Some(value as Self)
    }

    fn from_float(value: f64) -> Option<Self> {
        value.is_finite().then_some(value)
    }
}

impl Scalar for bool {
    const EXPECTED: &'static str = "a boolean";

    fn from_integer(value: i128) -> Option<Self> {
        matches!(value, 0 | 1).then_some(value == 1)
    }

    fn from_bool(value: bool) -> Option<Self> {
        Some(value)
    }

    fn from_text(text: &str) -> Option<Self> {
        let is = |word: &&str| text.eq_ignore_ascii_case(word);
        let yes = ["true", "1", "yes"].iter().any(is);
        (yes || ["false", "0", "no"].iter().any(is)).then_some(yes)
    }
}

/// `None` for null and blank strings.
struct AnyScalar<T>(PhantomData<T>);

impl<T: Scalar> Visitor<'_> for AnyScalar<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Option<T>, E> {
        T::from_bool(value).map(Some).ok_or_else(|| E::invalid_type(Unexpected::Bool(value), &self))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Option<T>, E> {
        T::from_integer(value.into()).map(Some).ok_or_else(|| E::invalid_value(Unexpected::Signed(value), &self))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Option<T>, E> {
        T::from_integer(value.into()).map(Some).ok_or_else(|| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Option<T>, E> {
        T::from_float(value).map(Some).ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<T>, E> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        // Not `Unexpected::Str`: the text may be anybody's data, and the error is shown.
        T::from_text(text).map(Some).ok_or_else(|| E::invalid_value(Unexpected::Other("another string"), &self))
    }
}

fn required<'de, D: Deserializer<'de>, T: Scalar>(source: D) -> Result<T, D::Error> {
    source
        .deserialize_any(AnyScalar(PhantomData))?
        .ok_or_else(|| D::Error::custom(format_args!("missing {}", T::EXPECTED)))
}

/// A number, or a string that holds one. An integer may be written as a float (`5.0`); one that is out of range,
/// has a fraction or is a float beyond 2^53 is an error.
pub fn number<'de, D: Deserializer<'de>, T: Number>(source: D) -> Result<T, D::Error> {
    required(source)
}

/// As [`number()`]; null and blank strings are `None`.
pub fn opt_number<'de, D: Deserializer<'de>, T: Number>(source: D) -> Result<Option<T>, D::Error> {
    source.deserialize_any(AnyScalar(PhantomData))
}

/// A boolean, one of the strings `true`, `false`, `1`, `0`, `yes`, `no` (in any case), or one of the numbers 1, 0.
pub fn flag<'de, D: Deserializer<'de>>(source: D) -> Result<bool, D::Error> {
    required(source)
}

/// As [`flag`]; null and blank strings are `None`.
pub fn opt_flag<'de, D: Deserializer<'de>>(source: D) -> Result<Option<bool>, D::Error> {
    source.deserialize_any(AnyScalar(PhantomData))
}

/// What it is; null is the default. For fields that may be absent as well, which `#[serde(default)]` alone allows.
pub fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(source: D) -> Result<T, D::Error> {
    Option::deserialize(source).map(Option::unwrap_or_default)
}

/// A string; null and blank ones are `None`.
pub fn opt_string<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(source)?.filter(|text| !text.trim().is_empty()))
}

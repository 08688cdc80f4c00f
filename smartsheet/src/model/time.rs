//! Timestamps: ISO 8601 text, or milliseconds where `numericDates` was asked for.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserializer;
use serde::de::{Error, Unexpected, Visitor};

struct Timestamp;

impl Visitor<'_> for Timestamp {
    type Value = Option<DateTime<Utc>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an ISO 8601 timestamp or epoch milliseconds")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let time = usual(text).map_or_else(|| text.parse(), Ok);
        time.map(Some).map_err(|_| E::invalid_value(Unexpected::Other("another string"), &self))
    }

    fn visit_i64<E: Error>(self, millis: i64) -> Result<Self::Value, E> {
        DateTime::from_timestamp_millis(millis)
            .map(Some)
            .ok_or_else(|| E::invalid_value(Unexpected::Signed(millis), &self))
    }

    fn visit_u64<E: Error>(self, millis: u64) -> Result<Self::Value, E> {
        let millis = i64::try_from(millis).map_err(|_| E::invalid_value(Unexpected::Unsigned(millis), &self))?;
        self.visit_i64(millis)
    }
}

/// The form that rows come with, `2026-01-02T03:04:05Z`: a large sheet has tens of thousands of them.
fn usual(text: &str) -> Option<DateTime<Utc>> {
    let &[y0, y1, y2, y3, b'-', o0, o1, b'-', d0, d1, b'T', h0, h1, b':', m0, m1, b':', s0, s1, b'Z'] = text.as_bytes()
    else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0, |n: u32, byte| byte.is_ascii_digit().then(|| n * 10 + u32::from(byte - b'0')))
    };
    let date =
        NaiveDate::from_ymd_opt(number(&[y0, y1, y2, y3])?.try_into().ok()?, number(&[o0, o1])?, number(&[d0, d1])?);
    Some(date?.and_hms_opt(number(&[h0, h1])?, number(&[m0, m1])?, number(&[s0, s1])?)?.and_utc())
}

/// Absent and null are `None`, given `#[serde(default)]`.
pub(crate) fn opt<'de, D: Deserializer<'de>>(source: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    source.deserialize_any(Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Stamped(#[serde(deserialize_with = "opt")] Option<DateTime<Utc>>);

    #[test]
    fn text_of_any_precision_and_milliseconds_are_read() {
        let read = |json: &str| serde_json::from_str::<Stamped>(json).ok()?.0.map(|t| t.timestamp_millis());
        assert_eq!(read(r#""2026-01-02T03:04:05Z""#), Some(1_767_323_045_000));
        assert_eq!(read(r#""2026-01-02T05:04:05+02:00""#), Some(1_767_323_045_000));
        assert_eq!(read(r#""2026-02-30T03:04:05Z""#), None);
        assert_eq!(read(r#""2026-01-02T03:04:05.123456789Z""#), Some(1_767_323_045_123));
        assert_eq!(read("1767323045000"), Some(1_767_323_045_000));
        assert_eq!(read("null"), None);
        assert!(serde_json::from_str::<Stamped>(r#""yesterday""#).is_err());
    }
}

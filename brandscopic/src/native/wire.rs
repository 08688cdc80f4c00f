//! How Brandscopic writes values: days in US style, flags as texts.

use serde::{Deserialize, Deserializer, Serializer};

/// A day as `MM/DD/YYYY`.
pub(super) mod day {
    use chrono::NaiveDate;
    use serde::de::Error as _;

    use super::{Deserialize, Deserializer, Serializer};
    use crate::native::dates;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
    pub(in crate::native) fn serialize<S: Serializer>(day: &NaiveDate, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_str(&dates::date(*day))
    }

    /// Also reads `YYYY-MM-DD`, which some answers have.
    pub(in crate::native) fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<NaiveDate, D::Error> {
        let text = String::deserialize(source)?;
        read(&text).ok_or_else(|| D::Error::custom("expected a day as MM/DD/YYYY"))
    }

    pub(in crate::native) fn read(text: &str) -> Option<NaiveDate> {
        let us = dates::parse(text, None).map(|at| at.date());
        us.or_else(|| text.trim().get(..10)?.parse().ok())
    }
}

/// As [`day`], where there may be none.
pub(super) mod opt_day {
    use chrono::NaiveDate;
    use serde::de::Error as _;

    use super::{Deserialize, Deserializer, Serializer, day};

    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
    pub(in crate::native) fn serialize<S: Serializer>(day: &Option<NaiveDate>, target: S) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => day::serialize(day, target),
            None => target.serialize_none(),
        }
    }

    pub(in crate::native) fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<Option<NaiveDate>, D::Error> {
        let text = Option::<String>::deserialize(source)?.filter(|text| !text.trim().is_empty());
        let read = |text: String| day::read(&text).ok_or_else(|| D::Error::custom("expected a day as MM/DD/YYYY"));
        text.map(read).transpose()
    }
}

/// A flag as a text: `true` and `false` without quotes are refused in most places.
#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
pub(super) fn flag_as_text<S: Serializer>(flag: &Option<bool>, target: S) -> Result<S::Ok, S::Error> {
    match flag {
        Some(flag) => target.serialize_str(if *flag { "true" } else { "false" }),
        None => target.serialize_none(),
    }
}

//! Ids: checked, typed, and never mixed up.

use crate::error::{Error, Result};

/// Refuses an id that cannot be one: it is empty or blank, is `.` or `..`, begins or ends with white space, has more
/// than 255 bytes, or contains a control character or one of `/ \ ? #`. The error names `field`, not the id.
pub fn check_id(field: &str, id: &str) -> Result<()> {
    let problem = if id.trim().is_empty() {
        "must not be blank"
    } else if id.len() > 255 {
        "must have at most 255 bytes"
    } else if id == "." || id == ".." {
        "must not be a path"
    } else if id.chars().any(|c| c.is_control() || matches!(c, '/' | '\\' | '?' | '#')) {
        r"must not contain control characters, `/`, `\`, `?` or `#`"
    } else if id.trim() != id {
        "must not begin or end with white space"
    } else {
        return Ok(());
    };
    Err(Error::invalid(field, problem))
}

/// Declares a numeric id: a copyable `i64` that reads from a number or a numeric string and is sent as a number.
///
/// ```
/// connectors_core::id_newtype! {
///     /// A sheet.
///     pub struct SheetId;
/// }
///
/// let id: SheetId = serde_json::from_str(r#""4583173393803140""#)?;
/// assert_eq!(id, SheetId::new(4_583_173_393_803_140));
/// assert_eq!(serde_json::to_string(&id)?, "4583173393803140");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! id_newtype {
    ($(#[$meta:meta])* $vis:vis struct $name:ident;) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name(i64);

        impl $name {
            /// The id with this number.
            pub const fn new(id: i64) -> Self {
                Self(id)
            }

            /// The number.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl ::core::convert::From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::Error;

            fn from_str(text: &str) -> $crate::Result<Self> {
                let invalid = |_| $crate::Error::invalid(stringify!($name), "must be a whole number");
                text.trim().parse().map(Self).map_err(invalid)
            }
        }

        impl $crate::wire::__serde::Serialize for $name {
            fn serialize<S: $crate::wire::__serde::Serializer>(
                &self,
                target: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                target.serialize_i64(self.0)
            }
        }

        impl<'de> $crate::wire::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::wire::__serde::Deserializer<'de>>(
                source: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::wire::lenient::number(source).map(Self)
            }
        }
    };
}

/// Declares a text id that is checked by [`check_id`](crate::wire::check_id) wherever it comes from; the name in
/// parentheses is the field that an error names.
///
/// ```
/// connectors_core::string_id! {
///     /// A venue.
///     pub struct VenueId("venueId");
/// }
///
/// assert_eq!(VenueId::new("venue:5f0c1de2a9b84c7d3e6f0a11")?.as_str(), "venue:5f0c1de2a9b84c7d3e6f0a11");
/// assert_eq!(VenueId::new("../admin").unwrap_err().field(), Some("venueId"));
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[macro_export]
macro_rules! string_id {
    ($(#[$meta:meta])* $vis:vis struct $name:ident($field:literal);) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name(::std::string::String);

        impl $name {
            /// Checks the id; the error names the field.
            pub fn new(id: impl ::core::convert::Into<::std::string::String>) -> $crate::Result<Self> {
                let id = id.into();
                $crate::wire::check_id($field, &id)?;
                Ok(Self(id))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::Error;

            fn from_str(text: &str) -> $crate::Result<Self> {
                Self::new(text)
            }
        }

        impl $crate::wire::__serde::Serialize for $name {
            fn serialize<S: $crate::wire::__serde::Serializer>(
                &self,
                target: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                target.serialize_str(&self.0)
            }
        }

        impl<'de> $crate::wire::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::wire::__serde::Deserializer<'de>>(
                source: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let text = <::std::string::String as $crate::wire::__serde::Deserialize>::deserialize(source)?;
                Self::new(text).map_err(|error| $crate::wire::__serde::de::Error::custom(error.message()))
            }
        }
    };
}

//! Enums that survive a provider's new values.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, Visitor};

/// A wire value that this version does not know, kept so that it can be shown and sent back unchanged.
///
/// It cannot be built from outside: a value that becomes known later would otherwise have two spellings.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Unrecognized(Box<str>);

impl Unrecognized {
    /// The value as the provider sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Unrecognized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// For the expansion of [`open_enum!`](crate::open_enum) alone.
pub fn unrecognized(text: &str) -> Unrecognized {
    Unrecognized(text.into())
}

/// For the expansion of [`open_enum!`](crate::open_enum) alone: decodes without allocating for known values.
pub fn deserialize<'de, D: Deserializer<'de>, T: for<'a> From<&'a str>>(source: D) -> Result<T, D::Error> {
    struct Text<T>(PhantomData<T>);

    impl<T: for<'a> From<&'a str>> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            Ok(T::from(text))
        }
    }

    source.deserialize_str(Text(PhantomData))
}

/// Declares an enum of wire strings that is open to values unknown today.
///
/// The first string of a variant is what is sent, further ones are accepted too. A string that fits none becomes
/// `Unknown`, which keeps it. The enum gets `as_str()`, `is_known()`, `From<&str>`, `FromStr` (which never fails),
/// `Display` and serde. With `#![ignore_case]` in front, ASCII case does not matter when reading.
///
/// ```
/// connectors_core::open_enum! {
///     /// What became of an event.
///     pub enum EventStatus {
///         /// Not begun.
///         "pending" | "new" => Pending,
///         /// Going on.
///         "active" => Active,
///     }
/// }
///
/// assert_eq!(EventStatus::from("new"), EventStatus::Pending);
/// assert_eq!(EventStatus::Pending.as_str(), "pending");
/// let later = EventStatus::from("postponed");
/// assert!(!later.is_known());
/// assert_eq!(later.to_string(), "postponed");
/// ```
#[macro_export]
macro_rules! open_enum {
    (#![ignore_case] $($rest:tt)*) => {
        $crate::open_enum! { @declare (text, known => text.eq_ignore_ascii_case(known)) $($rest)* }
    };
    (@declare ($text:ident, $known:ident => $same:expr)
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[doc = $doc:expr])+ $wire:literal $(| $alias:literal)* => $variant:ident),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[non_exhaustive]
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        $vis enum $name {
            $($(#[doc = $doc])+ $variant,)+
            /// A value that this version does not know.
            Unknown($crate::wire::Unrecognized),
        }

        impl $name {
            /// The value on the wire; an unknown one as it was read.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)+
                    Self::Unknown(text) => text.as_str(),
                }
            }

            /// Whether this version knows the value.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from($text: &str) -> Self {
                let is = |$known: &str| $same;
                $(if is($wire) $(|| is($alias))* {
                    return Self::$variant;
                })+
                Self::Unknown($crate::wire::__unrecognized($text))
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::wire::__serde::Serialize for $name {
            fn serialize<S: $crate::wire::__serde::Serializer>(
                &self,
                target: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                target.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::wire::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::wire::__serde::Deserializer<'de>>(
                source: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::wire::__open_enum(source)
            }
        }
    };
    ($($rest:tt)*) => {
        $crate::open_enum! { @declare (text, known => text == known) $($rest)* }
    };
}

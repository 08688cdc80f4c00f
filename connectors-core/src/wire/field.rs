//! A field of a partial update.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A field of a write that can be left alone, cleared or set.
///
/// Give it `#[serde(default, skip_serializing_if = "Field::is_absent")]`: without, an absent field is sent as null.
///
/// ```
/// use connectors_core::wire::Field;
///
/// #[derive(serde::Serialize, Default)]
/// struct Change {
///     #[serde(skip_serializing_if = "Field::is_absent")]
///     name: Field<String>,
///     #[serde(skip_serializing_if = "Field::is_absent")]
///     note: Field<String>,
/// }
///
/// let change = Change { note: Field::Null, ..Change::default() };
/// assert_eq!(serde_json::to_string(&change)?, r#"{"note":null}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Field<T> {
    /// Not sent: the provider keeps what it has.
    #[default]
    Absent,
    /// Sent as null: the provider clears it.
    Null,
    /// Sent: the provider sets it.
    Value(T),
}

impl<T> Field<T> {
    /// Whether the field is not to be sent.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The value, if one is to be set.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// `None` clears the field, as null does in JSON.
impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(target)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        Option::deserialize(source).map(Self::from)
    }
}

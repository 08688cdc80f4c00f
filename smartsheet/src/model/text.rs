//! Texts of cells: short ones, as most are, take no allocation.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::str;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest text that is kept in place.
const INLINE: usize = 22;

/// A text that is not changed once it is made: a `Box<str>` that keeps up to 22 bytes in place.
///
/// ```
/// use connectors_smartsheet::{CellValue, Text};
///
/// let text = Text::from("Alexanderplatz");
/// assert_eq!(text.len(), 14);
/// assert_eq!(CellValue::Text(text).as_str(), Some("Alexanderplatz"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Kept);

// What fits is never on the heap, so that equal texts are kept alike.
#[derive(Clone, PartialEq, Eq)]
enum Kept {
    Inline { len: u8, bytes: [u8; INLINE] },
    Heap(Box<str>),
}

impl Text {
    /// The text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Kept::Heap(text) => text,
            Kept::Inline { len, bytes } => in_place(*len, bytes),
        }
    }

    fn inline(text: &str) -> Option<Kept> {
        let (len, bytes) = put_in_place(text)?;
        Some(Kept::Inline { len, bytes })
    }
}

/// A text of at most `N` bytes, to be kept without an allocation.
pub(super) fn put_in_place<const N: usize>(text: &str) -> Option<(u8, [u8; N])> {
    let mut bytes = [0; N];
    bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
    Some((u8::try_from(text.len()).ok()?, bytes))
}

/// What was put there.
pub(super) fn in_place(len: u8, bytes: &[u8]) -> &str {
    bytes.get(..usize::from(len)).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default()
}

impl Default for Text {
    fn default() -> Self {
        Self(Kept::Inline { len: 0, bytes: [0; INLINE] })
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Self::inline(text).unwrap_or_else(|| Kept::Heap(text.into())))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Self::inline(&text).unwrap_or_else(|| Kept::Heap(text.into_boxed_str())))
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        match text.0 {
            Kept::Heap(text) => text.into(),
            Kept::Inline { .. } => text.as_str().to_owned(),
        }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        String::deserialize(source).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn texts_of_every_length_come_back_and_equal_ones_are_equal() {
        for len in [0, 1, 21, 22, 23, 4000] {
            let text = "é".repeat(len / 2) + &"x".repeat(len % 2);
            let (kept, owned) = (Text::from(text.as_str()), Text::from(text.clone()));
            assert!(kept == owned && kept == text.as_str() && String::from(kept.clone()) == text, "{len}");
            assert!(HashSet::from([kept.clone()]).contains(text.as_str()));
            assert_eq!(serde_json::from_str::<Text>(&serde_json::to_string(&kept).unwrap()).unwrap(), kept);
        }
        assert!(Text::default().is_empty() && ["a", "b"].map(Text::from).is_sorted());
    }
}

//! Reading JSON text in place: what most cells are made of, without an allocation more than the value needs.

use std::borrow::Cow;

use serde_json::value::RawValue;

/// A JSON string without its quotes, `None` when it is something else.
pub(crate) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') { serde_json::from_str(raw.get()).ok().map(Cow::Owned) } else { Some(Cow::Borrowed(inner)) }
}

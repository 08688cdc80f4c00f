//! What to narrow a list by, as somebody types.

use connectors_core::wire::lenient;
use serde::{Deserialize, Serialize};

/// Suggestions of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SuggestionGroup {
    /// The kind, in words: `Campaigns`, `Brands`, `Places`, `People` and more.
    pub label: String,
    /// The suggestions, the best first.
    #[serde(rename = "value", default, deserialize_with = "lenient::or_default")]
    pub suggestions: Vec<Suggestion>,
}

/// Something to narrow a list by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Wire")]
#[non_exhaustive]
pub struct Suggestion {
    /// What to show, without the marks of what was typed.
    pub label: String,
    /// The value of the filter: mostly an id, as a text.
    pub value: String,
    /// The name of the filter: `campaign`, `brand`, `place`, `venue`, `area`, `user`, `team`, `status`,
    /// `event_status` and more.
    pub filter: String,
}

#[derive(Deserialize)]
struct Wire {
    label: String,
    value: Text,
    #[serde(rename = "type")]
    filter: String,
}

/// A text, or a number in its place.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Text(String),
    Number(i64),
}

impl From<Wire> for Suggestion {
    fn from(wire: Wire) -> Self {
        let value = match wire.value {
            Text::Text(text) => text,
            Text::Number(number) => number.to_string(),
        };
        Self { label: unmarked(&wire.label), value, filter: wire.filter }
    }
}

/// The text without the tags that mark what was typed.
fn unmarked(html: &str) -> String {
    html.replace("<i>", "").replace("</i>", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_not_marked_and_values_are_texts() {
        let group: SuggestionGroup = serde_json::from_str(
            r#"{"label":"Places","value":[{"label":"The <i>Cop</i>per <b>Kettle</b>","value":12,"type":"venue"}]}"#,
        )
        .unwrap();
        let hit = &group.suggestions[0];
        assert_eq!((hit.label.as_str(), hit.value.as_str()), ("The Copper <b>Kettle</b>", "12"));
    }
}

//! Reading answers: fast when they are right, exact when they are not.

use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};

/// Reads `body` as JSON. The error tells where it stopped and what it wanted there, never what stood there: that may
/// be personal data.
pub fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    // Checking the whole body at once is cheaper than checking each string in it.
    let read = str::from_utf8(body).map_or_else(|_| serde_json::from_slice(body), serde_json::from_str);
    // Tracking the path doubles the cost, so only a failure pays for it, by a second pass.
    read.map_err(|first| explain::<T>(body, &first))
}

fn explain<T: DeserializeOwned>(body: &[u8], first: &serde_json::Error) -> Error {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let second = serde_path_to_error::deserialize::<_, T>(&mut deserializer).err();
    let text = second.as_ref().map_or_else(|| first.to_string(), |e| e.inner().to_string());
    let message = if body.trim_ascii().is_empty() {
        "the answer is empty".to_owned()
    } else if first.is_eof() {
        "the answer breaks off in the middle".to_owned()
    } else if first.is_syntax() {
        format!("the answer is not JSON (line {}, column {})", first.line(), first.column())
    } else if let Some(expected) = expected(&text) {
        format!("the answer does not have the documented form: expected {}", position_removed(expected))
    } else if text.starts_with("missing field") {
        format!("the answer does not have the documented form: {}", position_removed(&text))
    } else {
        "the answer does not have the documented form".to_owned()
    };
    let error = Error::new(ErrorKind::Decode, message).with_body(body);
    match second.map(|e| e.path().to_string()).filter(|p| p != ".") {
        Some(path) => error.with_json_path(path),
        None => error,
    }
}

/// What the decoder wanted, in its own words: those that a type chose for its own errors may quote what was there.
fn expected(text: &str) -> Option<&str> {
    let own = ["invalid type: ", "invalid value: ", "invalid length ", "unknown variant "];
    let known = own.iter().any(|start| text.starts_with(start));
    text.rsplit_once(", expected ").filter(|_| known).map(|(_, expected)| expected)
}

fn position_removed(text: &str) -> &str {
    text.split(" at line ").next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Sheet {
        rows: Vec<Row>,
    }

    #[derive(Debug, serde::Deserialize)]
    struct Row {
        id: u64,
    }

    #[test]
    fn a_documented_answer_is_read() {
        assert_eq!(json::<Sheet>(br#"{"rows":[{"id":7,"more":true}]}"#).unwrap().rows[0].id, 7);
    }

    #[test]
    fn an_error_says_where_and_what_was_expected_but_not_what_was_there() {
        let error = json::<Sheet>(br#"{"rows":[{"id":1},{"id":"canary-9f8e7d6c"}]}"#).unwrap_err();
        assert_eq!(error.json_path(), Some("rows[1].id"));
        assert!(error.to_string().contains("expected u64"), "{error}");
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }

    #[test]
    fn what_a_type_says_itself_is_not_repeated() {
        let error = json::<Vec<crate::zone::TimeZone>>(br#"["UTC","a canary, expected a canary"]"#).unwrap_err();
        assert_eq!(error.json_path(), Some("[1]"));
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }

    #[test]
    fn empty_truncated_and_foreign_answers_are_told_apart() {
        let message = |body: &str| json::<Sheet>(body.as_bytes()).unwrap_err().message().to_owned();
        assert!(message("  ").contains("empty"));
        assert!(message(r#"{"rows":[{"id"#).contains("breaks off"));
        assert!(message("<html>").contains("not JSON"));
        assert!(message("{}").contains("missing field `rows`"));
    }
}

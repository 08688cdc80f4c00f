//! What of a body may be shown.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{bounded, text};

/// The most that is shown of a body, in bytes.
const MAX_BYTES: usize = 1024;
/// The most that is shown of one text, in characters.
const MAX_CHARS: usize = 200;
/// What stands in place of what was cut off.
const CUT: &str = "…";
/// What stands in place of a JSON value that may be anybody's data.
const HIDDEN: &str = "\"…\"";

/// The members whose values are a provider's diagnosis.
const DIAGNOSTIC: [&str; 15] = [
    "message",
    "error",
    "errors",
    "errorCode",
    "error_description",
    "code",
    "status",
    "detail",
    "details",
    "info",
    "refId",
    "requestId",
    "success",
    "resultCode",
    "index",
];

/// A body as it may be put into an error: at most 1 KiB, `None` when empty.
///
/// JSON keeps its structure and the values of members that hold a diagnosis (`message`, `errorCode`, `refId` and
/// the like, masked by [`text`]); any other value becomes `…`, because sheet cells and contacts are personal data.
/// A web page becomes its title, any other text its first 200 characters, masked.
pub fn body(bytes: &[u8]) -> Option<String> {
    // Beyond the start nothing is shown, so a large body need not be looked at.
    let head = String::from_utf8_lossy(bytes.get(..64 * MAX_BYTES).unwrap_or(bytes));
    let head = head.trim_start_matches('\u{feff}').trim();
    if head.is_empty() {
        return None;
    }
    let mut shown = match head.as_bytes().first() {
        Some(b'{' | b'[') => json(head),
        Some(b'<') if is_html(head) => format!("HTML page: {}", excerpt(heading(head).unwrap_or("no title"))),
        _ if head.contains('\0') => format!("{} bytes of binary data", bytes.len()),
        _ => excerpt(head),
    };
    if shown.len() > MAX_BYTES {
        let fits = |at: &usize| *at <= MAX_BYTES - CUT.len();
        shown.truncate(shown.char_indices().map(|(at, _)| at).take_while(fits).last().unwrap_or_default());
        shown.push_str(CUT);
    }
    Some(shown)
}

/// Masks before it cuts, so that no half of a secret escapes the mask.
fn excerpt(part: &str) -> String {
    let part: String = part.chars().take(20 * MAX_CHARS).collect();
    bounded(text(part).trim(), MAX_CHARS)
}

fn is_html(head: &str) -> bool {
    let start: String = head.chars().take(MAX_BYTES).collect::<String>().to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| start.contains(tag))
}

/// The text of the page's title, or of its first heading.
fn heading(page: &str) -> Option<&str> {
    let lower = page.to_ascii_lowercase();
    ["title", "h1", "h2"].iter().find_map(|tag| {
        let open = lower.find(&format!("<{tag}"))?;
        let start = open + lower.get(open..)?.find('>')? + 1;
        let end = start + lower.get(start..)?.find('<')?;
        page.get(start..end).map(str::trim).filter(|text| !text.is_empty())
    })
}

/// The redacted JSON up to its end, its first error or the limit.
fn json(text: &str) -> String {
    let mut out = String::new();
    let mut source = serde_json::Deserializer::from_str(text);
    if (Redactor { out: &mut out, listed: false, before: "" }).deserialize(&mut source).is_err() {
        out.push_str(CUT);
    }
    out
}

/// Writes a value as it is read, so that a truncated body shows what came before the cut.
struct Redactor<'o> {
    out: &'o mut String,
    listed: bool,
    /// What separates the value from what stands before it.
    before: &'static str,
}

impl Redactor<'_> {
    fn scalar<E: Error>(self, value: &str) -> Result<(), E> {
        self.out.push_str(if self.listed { value } else { HIDDEN });
        self.check()
    }

    fn check<E: Error>(&self) -> Result<(), E> {
        if self.out.len() > MAX_BYTES { Err(E::custom("enough")) } else { Ok(()) }
    }
}

fn quoted(part: &str) -> String {
    serde_json::Value::String(excerpt(part)).to_string()
}

impl<'de> DeserializeSeed<'de> for Redactor<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        self.out.push_str(self.before);
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Redactor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.out.push_str("null");
        self.check()
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.scalar(if value { "true" } else { "false" })
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.scalar(&value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.scalar(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.scalar(&value.to_string())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        let value = if self.listed { quoted(value) } else { String::new() };
        self.scalar(&value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.out.push('[');
        let mut before = "";
        while items.next_element_seed(Redactor { out: self.out, listed: self.listed, before })?.is_some() {
            before = ",";
        }
        self.out.push(']');
        self.check()
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.out.push('{');
        let mut separator = "";
        while let Some(name) = members.next_key::<String>()? {
            self.out.push_str(separator);
            self.out.push_str(&quoted(&name));
            separator = ",";
            let listed = DIAGNOSTIC.contains(&name.as_str());
            members.next_value_seed(Redactor { out: self.out, listed, before: ":" })?;
        }
        self.out.push('}');
        self.check()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn shown(bytes: &str) -> String {
        body(bytes.as_bytes()).unwrap()
    }

    #[test]
    fn json_shows_the_diagnosis_and_nobodys_data() {
        let input = json!({
            "errorCode": 1006, "message": "Not Found, ask anna@example.com", "refId": "15wbqdxj1bxe6",
            "success": false, "rows": [{"cells": [{"value": "Anna Schmidt", "columnId": 7}], "locked": true}],
            "errors": ["name is blank", {"index": 2, "value": "Köln"}], "next": null,
        });
        assert_eq!(
            serde_json::from_str::<Value>(&shown(&input.to_string())).unwrap(),
            json!({
                "errorCode": 1006, "message": "Not Found, ask ***", "refId": "15wbqdxj1bxe6",
                "success": false, "rows": [{"cells": [{"value": "…", "columnId": "…"}], "locked": "…"}],
                "errors": ["name is blank", {"index": 2, "value": "…"}], "next": null,
            })
        );
    }

    #[test]
    fn truncated_json_shows_what_came_before_the_cut() {
        assert_eq!(shown(r#" {"code": 3005, "data": [{"name": "An"#), r#"{"code":3005,"data":[{"name":…"#);
        assert_eq!(shown("[Anna] is not JSON"), "[…");
    }

    #[test]
    fn other_bodies_show_their_title_or_their_start() {
        let page =
            "<!DOCTYPE html>\n<html><head><TITLE lang=en> 502 Bad Gateway </TITLE></head><body>Anna</body></html>";
        assert_eq!(shown(page), "HTML page: 502 Bad Gateway");
        assert_eq!(shown("<html><body>Anna</body></html>"), "HTML page: no title");
        assert_eq!(shown("upstream\nfailed, token=opensesame"), "upstream failed, token=***");
        assert_eq!(shown("PK\u{3}\0\0"), "5 bytes of binary data");
        assert_eq!(body(b" \r\n"), None);
        assert_eq!(body(b""), None);
    }

    #[test]
    fn a_large_body_is_cut_to_a_kibibyte() {
        let large = json!(vec![json!({"message": "ä".repeat(300), "text": "b".repeat(300)}); 5000]).to_string();
        let shown = shown(&large);
        assert!(shown.len() <= 1024 && shown.ends_with('…') && shown.len() > 900, "{}", shown.len());
    }

    #[test]
    fn a_body_of_exactly_a_kibibyte_is_not_cut() {
        let [long, rest] = [200, 197].map(|length| "a".repeat(length));
        let exact = json!({ "errors": [long, long, long, long, rest] }).to_string();
        assert_eq!((exact.len(), shown(&exact)), (1024, exact));
    }

    #[test]
    fn markup_that_is_no_web_page_shows_its_start() {
        assert_eq!(shown("<Error><Code>Busy</Code></Error>"), "<Error><Code>Busy</Code></Error>");
    }

    proptest! {
        #[test]
        fn no_value_of_another_member_survives(
            secret in "[A-Za-z0-9 ]{0,12}Canary[A-Za-z0-9 ]{0,12}",
            name in "[a-zA-Z]{1,12}",
            cut in 0..400usize,
            depth in 0..4usize,
        ) {
            prop_assume!(!DIAGNOSTIC.contains(&name.as_str()));
            let inner = json!({ "message": "fine", name: secret, "list": [secret, {"id": secret}] });
            let input = (0..depth).fold(inner, |value, _| json!({ "error": [value] })).to_string();
            let cut = input.chars().take(cut).collect::<String>();
            for body in [body(input.as_bytes()), body(cut.as_bytes())] {
                prop_assert!(!body.unwrap_or_default().contains("Canary"));
            }
        }

        #[test]
        fn any_bytes_give_at_most_a_kibibyte(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
            prop_assert!(body(&bytes).unwrap_or_default().len() <= 1024);
        }
    }
}

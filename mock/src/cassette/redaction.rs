//! Values become such of the same shape.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use connectors_core::redact;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Number, Value};

use super::Keep;
use super::member;
use super::words;
use crate::recorder::Recorded;

/// What stands in place of what is never kept.
const HIDDEN: &str = "redacted";

/// Replaces values, the same by the same.
pub(super) struct Redactor {
    keep: Keep,
    /// Random, and gone with it: what was hashed cannot be found by trying.
    key: RandomState,
    ids: HashSet<String>,
}

impl Redactor {
    /// One for these exchanges, whose ids it learns.
    pub(super) fn new(keep: Keep, recorded: &[Recorded]) -> Self {
        let mut ids = HashSet::new();
        for body in recorded.iter().flat_map(|exchange| [&exchange.asked, &exchange.body]) {
            if let Ok(value) = serde_json::from_slice(body) {
                learn("", &value, &mut ids);
            }
        }
        Self { keep, key: RandomState::new(), ids }
    }

    pub(super) fn path(&self, path: &str) -> String {
        let part = |part: &str| {
            let text = percent_decode_str(part).decode_utf8_lossy();
            if self.keep == Keep::Values || words::is_word(&text) {
                return part.to_owned();
            }
            utf8_percent_encode(&self.id(&text), NON_ALPHANUMERIC).to_string().replace("%2D", "-").replace("%5F", "_")
        };
        path.split('/').map(part).collect::<Vec<_>>().join("/")
    }

    /// The parameters in their order, without those that are secret.
    pub(super) fn query(&self, query: &str) -> Vec<(String, String)> {
        let pairs = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| !member::is_secret(name));
        let redacted = |name: &str, value: &str| match value.parse::<Number>() {
            Ok(number) if value == number.to_string() => self.number(name, number).to_string(),
            _ => self.text(name, value),
        };
        pairs.map(|(name, value)| (self.name(&name), redacted(&name, &value))).collect()
    }

    /// A value of the member called `name`.
    pub(super) fn value(&self, name: &str, value: Value) -> Value {
        match value {
            Value::Array(items) => items.into_iter().map(|item| self.value(name, item)).collect(),
            Value::Object(members) => {
                // What is in a secret is one.
                let of = |inner: &str| if member::is_secret(name) { name.to_owned() } else { inner.to_owned() };
                let members = members.into_iter();
                members.map(|(inner, value)| (self.name(&inner), self.value(&of(&inner), value))).collect()
            }
            Value::Null | Value::Bool(_) => value,
            _ if member::is_secret(name) => HIDDEN.into(),
            Value::Number(number) => self.number(name, number).into(),
            Value::String(text) => self.text(name, &text).into(),
        }
    }

    fn name(&self, name: &str) -> String {
        if self.keep == Keep::Values || member::is_name(name) || is_recent_day(name) {
            return name.to_owned();
        }
        // Long enough for two not to become one.
        if self.is_id("", name) { self.id(name) } else { format!("unknown-{}", self.random_letters(name, 12)) }
    }

    fn is_id(&self, name: &str, text: &str) -> bool {
        member::is_id(name) || self.ids.contains(text) || text.contains(':') && !text.contains([' ', '/'])
    }

    pub(super) fn text(&self, name: &str, text: &str) -> String {
        if self.keep == Keep::Values {
            return if member::is_secret(name) { HIDDEN.to_owned() } else { redact::text(text.to_owned()) };
        }
        let kind = |prefix: &str| text.starts_with(prefix);
        match text {
            "" | "true" | "false" => text.to_owned(),
            _ if is_time_of_day(text) => text.to_owned(),
            _ if is_day(text) => day(text, member::is_when(name) && is_recent(text)),
            _ if text.contains('@') => format!("{}@example.com", self.letters(text)),
            _ if kind("https://") || kind("http://") => format!("https://example.com/{}", self.letters(text)),
            _ if kind("data:") => "data:image/png;base64,AAAA".to_owned(),
            _ if member::is_enum(name, text) => text.to_owned(),
            _ if self.is_id(name, text) => self.id(text),
            _ if text.chars().all(|c| c.is_ascii_digit() || "+-.,() ".contains(c)) => digits(text),
            _ => self.letters(text),
        }
    }

    fn number(&self, name: &str, number: Number) -> Number {
        let text = number.to_string();
        let whole = text.bytes().all(|b| b.is_ascii_digit());
        if self.keep == Keep::Values
            || text.len() == 1
            || number.as_u64().is_some_and(|size| member::is_plain_number(name, size))
        {
            return number;
        }
        if whole && (member::is_id(name) || self.ids.contains(&text) || text.len() >= 9) {
            return self.id(&text).parse().unwrap_or(number);
        }
        if whole || number.is_i64() {
            return digits(&text).parse().unwrap_or_else(|_| 0.into());
        }
        let size = number.as_f64().unwrap_or_default();
        let magnitude = if size.abs() < 1.0 { 0.0 } else { 10_f64.powf(size.abs().log10().floor()) };
        Number::from_f64((magnitude + 0.5).copysign(size)).unwrap_or_else(|| 0.into())
    }

    /// Another id of the same form.
    fn id(&self, text: &str) -> String {
        if text.is_empty() || text.bytes().all(|b| b == b'0') {
            return text.to_owned();
        }
        if text.bytes().all(|b| b.is_ascii_digit()) {
            // Not so few that two ids become one, and not so many that it is no number any more.
            let length = text.len().clamp(9, 18);
            let digits = self.stream(text).map(|n| char::from(b'0' + n % 10));
            let first = char::from(b'1' + self.stream(text).next().unwrap_or_default() % 8);
            return std::iter::once(first).chain(digits.skip(1)).take(length).collect();
        }
        let (prefix, rest) = text.split_once(':').filter(|(prefix, _)| member::is_prefix(prefix)).unwrap_or(("", text));
        let hex = rest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b) || b == b'-');
        let letters = if hex { 6 } else { 26 };
        let like = |(c, n): (char, u8)| match c {
            '0'..='9' => char::from(b'0' + n % 10),
            'a'..='z' => char::from(b'a' + n % letters),
            'A'..='Z' => char::from(b'A' + n % letters),
            '-' | '_' | ':' | '.' | '|' => c,
            _ => 'x',
        };
        let rest: String = rest.chars().zip(self.stream(text)).map(like).collect();
        if prefix.is_empty() { rest } else { format!("{prefix}:{rest}") }
    }

    /// Letters in place of a text: as many as the next lower power of two, and no more than 64.
    fn letters(&self, text: &str) -> String {
        let length = text.chars().count().max(1);
        self.random_letters(text, 1_usize << length.ilog2().min(6))
    }

    fn random_letters(&self, text: &str, length: usize) -> String {
        self.stream(text).map(|n| char::from(b'a' + n % 26)).take(length).collect()
    }

    /// Numbers that nobody guesses, always the same ones for a text.
    fn stream(&self, text: &str) -> impl Iterator<Item = u8> {
        let blocks = (0_u32..).map(move |block| self.key.hash_one((text, block)));
        blocks.flat_map(u64::to_le_bytes)
    }
}

/// The ids in a body.
fn learn(name: &str, value: &Value, ids: &mut HashSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| learn(name, item, ids)),
        Value::Object(members) => members.iter().for_each(|(name, value)| learn(name, value, ids)),
        Value::String(text) if member::is_id(name) && !text.is_empty() => drop(ids.insert(text.clone())),
        Value::Number(number) if member::is_id(name) => {
            let text = number.to_string();
            // A small number is not always the same thing.
            if text.len() > 3 {
                ids.insert(text);
            }
        }
        _ => {}
    }
}

/// `2026-03-02` or `03/02/2026`, and at most a time after it.
fn is_day(text: &str) -> bool {
    let form: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    let rest = ["9999-99-99", "99/99/9999"].iter().find_map(|day| form.strip_prefix(day));
    let rest = rest.map(|rest| rest.trim_end_matches("AM").trim_end_matches("PM"));
    rest.is_some_and(|rest| rest.len() <= 24 && rest.chars().all(|c| c.is_ascii_digit() || "TZ:.+- ".contains(c)))
}

/// A day alone, as the name of a member.
fn is_recent_day(text: &str) -> bool {
    text.len() == 10 && is_day(text) && is_recent(text)
}

/// Whether a day is recent enough not to be somebody's birth.
fn is_recent(text: &str) -> bool {
    let day = text.get(..10).unwrap_or_default();
    let year = if day.contains('/') { day.get(6..) } else { day.get(..4) };
    year.is_some_and(|year| ("2015"..="2099").contains(&year))
}

/// The same day, or the first of January, at the beginning of the day.
fn day(text: &str, kept: bool) -> String {
    let (day, time) = text.split_at_checked(10).unwrap_or((text, ""));
    let day = match (kept, day.contains('/')) {
        (true, _) => day,
        (false, true) => "01/01/2026",
        (false, false) => "2026-01-01",
    };
    let (clock, half) =
        time.split_once(" AM").or_else(|| time.split_once(" PM")).map_or((time, ""), |(t, _)| (t, " AM"));
    let clock: String = clock.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let clock = if half.is_empty() { clock } else { clock.replacen("00", "12", 1) };
    format!("{day}{clock}{half}")
}

fn is_time_of_day(text: &str) -> bool {
    let time = text.trim_end_matches(" AM").trim_end_matches(" PM");
    let (hour, minute) = time.split_once(':').unwrap_or_default();
    let is_number = |part: &str, most: u8| part.len() <= 2 && part.parse::<u8>().is_ok_and(|number| number <= most);
    is_number(hour, 24) && is_number(minute, 59)
}

/// A number of as many digits.
fn digits(text: &str) -> String {
    let mut first = true;
    let digit = |c: char| match c {
        '1'..='9' if std::mem::take(&mut first) => '1',
        '0'..='9' => '0',
        _ => c,
    };
    text.chars().map(digit).collect()
}

//! Everything that reads or masks text: ids, URLs, dates, headers, campaign files.
#![no_main]

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use connectors_core::provider::{RateLimiter, base_url, retry_after};
use connectors_core::testing::VirtualClock;
use connectors_core::wire::check_id;
use connectors_core::{Campaign, CampaignId, Clock, DateRange, EventId, RateLimits, TimeZone, redact};
use connectors_fuzz::{check_error, texts};
use http::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

connectors_core::id_newtype! {
    /// A number.
    struct Number;
}

/// Nothing that stands in an input by chance.
const CANARY: &str = "CaNaRy7q4w2e9r8t5z3u6x1";
/// Its beginning, for where it may be cut off.
const SIGN: &str = "CaNaRy";
/// Looks like nothing: only its name tells that it is a secret.
const WEAK: &str = "hunter2";

/// What may stand around a token.
const TOKENS: [(&str, &str); 6] = [(" ", " "), ("\"", "\""), ("(", ")"), ("key=", "&"), ("\n", ""), ("Bearer ", ",")];

/// What tells that a secret follows, and where it ends.
const NAMED: [(&str, &str); 5] = [
    (" password=", " "),
    ("\napi_key: ", "\n"),
    ("&auth_token=", "&"),
    (" Authorization: Bearer ", ";"),
    (",{\"clientSecret\": \"", "\"}"),
];

// One text, or what stands before and after a secret.
fuzz_target!(|data: &[u8]| {
    let mut texts = texts(data);
    let (text, after) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
    ids(&text);
    urls(&text);
    times(&text);
    headers(&text, &after);
    campaign(&text);
    masking(&text);
    secrets(&text, &after);
    bodies(data, &text);
});

fn ids(text: &str) {
    let checked = check_id("id", text);
    if let Err(error) = &checked {
        check_error(error);
        assert!(text.len() < 4 || !error.to_string().contains(text) || "id: must not have".contains(text), "{error}");
    } else {
        assert!(!text.is_empty() && !text.contains(['/', '\\', '?', '#']) && text != "..");
    }
    assert_eq!(EventId::new(text).is_ok(), checked.is_ok());
    assert_eq!(CampaignId::new(text).is_ok(), checked.is_ok());
    if let Ok(number) = text.parse::<Number>() {
        assert_eq!(number.to_string().parse::<Number>().ok(), Some(number));
    }
}

fn urls(text: &str) {
    for insecure in [false, true] {
        match base_url("api_url", text, insecure) {
            Ok(url) => {
                assert!(url.scheme() == "https" || (url.scheme() == "http" && url.has_host()));
                assert!(url.username().is_empty() && url.password().is_none());
                assert!(url.query().is_none() && url.fragment().is_none());
                assert_eq!(base_url("api_url", url.as_str(), insecure).as_ref().ok(), Some(&url), "read again");
            }
            Err(error) => check_error(&error),
        }
    }
}

fn times(text: &str) {
    match TimeZone::new(text) {
        Ok(zone) => assert_eq!(zone.name(), text),
        Err(error) => check_error(&error),
    }
    let mut words = text.split_whitespace();
    let (zone, start, end) = (words.next().unwrap_or_default(), words.next(), words.next());
    if let (Ok(zone), Some(Ok(local))) = (TimeZone::new(zone), start.map(str::parse::<NaiveDateTime>)) {
        let at = zone.to_utc(local);
        assert_eq!(zone.to_utc(zone.to_local(at)), at, "the first of two, in {zone}");
        assert!(zone.to_local(zone.start_of_day(local.date())).date() >= local.date());
    }
    if let (Some(Ok(start)), Some(Ok(end))) = (start.map(str::parse::<NaiveDate>), end.map(str::parse)) {
        match DateRange::new(start, end) {
            Ok(range) => {
                assert!(range.contains(start) && range.contains(end));
                let days = u32::try_from(range.len()).unwrap_or(u32::MAX);
                assert_eq!(DateRange::last_days(days, end).ok(), Some(range));
                assert_eq!(range.days().take(1000).count(), range.len().min(1000));
            }
            Err(error) => check_error(&error),
        }
    }
}

/// What answers may say in headers: the name first, then the value.
fn headers(name: &str, value: &str) {
    let clock = VirtualClock::default();
    let mut headers = HeaderMap::new();
    let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else { return };
    for other in ["retry-after", "ratelimit-remaining", "x-ratelimit-remaining"] {
        headers.insert(other, HeaderValue::from_static("0"));
    }
    headers.insert(name, value.clone());
    let limiter = RateLimiter::new(&RateLimits::none(), Arc::new(clock.clone()));
    limiter.heed("reports", &headers, clock.now_utc());
    assert!(limiter.state("reports").paused_for <= Duration::from_secs(60));
    assert!(limiter.state("others").paused_for.is_zero());
    headers.insert("retry-after", value);
    for now in [clock.now_utc(), DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        assert!(retry_after(&headers, now).is_none_or(|wait| !wait.is_zero()));
    }
}

fn campaign(text: &str) {
    match Campaign::from_json(text) {
        Ok(campaign) => assert_eq!(campaign.validate(), []),
        Err(errors) => {
            assert!(!errors.problems().is_empty());
            let lines = errors.to_string();
            assert_eq!(lines.lines().count(), errors.problems().len(), "a line for each: {lines:?}");
        }
    }
}

fn masking(text: &str) {
    let masked = redact::text(text.to_owned());
    assert_eq!(redact::text(masked.clone()), masked, "masked twice");
    for most in [0, 1, 20] {
        let line = redact::bounded(text, most);
        assert!(line.chars().count() <= most.max(1) && !line.chars().any(char::is_control), "{line:?}");
    }
}

/// A secret in any company.
fn secrets(before: &str, after: &str) {
    if before.contains(WEAK) || after.contains(WEAK) || before.contains(CANARY) || after.contains(CANARY) {
        return;
    }
    let turn = before.len() + after.len();
    let (left, right) = TOKENS[turn % TOKENS.len()];
    let masked = redact::text(format!("{before}{left}{CANARY}{right}{after}"));
    assert!(!masked.contains(CANARY), "a token: {masked:?}");
    let (left, right) = NAMED[turn % NAMED.len()];
    let masked = redact::text(format!("{before}{left}{WEAK}{right}{after}"));
    assert!(!masked.contains(WEAK), "by its name: {masked:?}");
}

fn bodies(data: &[u8], text: &str) {
    for body in [data, &data[..data.len() / 2]] {
        assert!(redact::body(body).is_none_or(|shown| !shown.is_empty() && shown.len() <= 1024));
    }
    let Ok(mut value) = serde_json::from_slice::<Value>(data) else { return };
    // What has no structure is text, of which the start is shown.
    if !(value.is_object() || value.is_array()) || text.contains(SIGN) {
        return;
    }
    nobodys_diagnosis(&mut value);
    let whole = value.to_string();
    let half: String = whole.chars().take(whole.len() / 2).collect();
    for body in [whole, half] {
        let shown = redact::body(body.as_bytes()).unwrap_or_default();
        assert!(!shown.contains(SIGN), "{shown}");
    }
}

/// Renames all members, so that none is a diagnosis, and makes all texts the canary.
fn nobodys_diagnosis(value: &mut Value) {
    match value {
        Value::String(text) => CANARY.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(nobodys_diagnosis),
        Value::Object(members) => {
            *members = std::mem::take(members).into_iter().map(|(name, value)| (format!("{name}_"), value)).collect();
            members.values_mut().for_each(nobodys_diagnosis);
        }
        _ => {}
    }
}

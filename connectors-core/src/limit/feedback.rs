//! What an answer's headers say about the quota.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderMap;

/// A longer pause is not taken from headers that may mean something else: after this, a call looks again.
const LONGEST: Duration = Duration::from_secs(60);

/// A larger number of seconds is a Unix time, a larger Unix time is in milliseconds.
const UNIX_TIME: u64 = 1_000_000_000;

/// For how long nothing is left of the quota, if the headers say that nothing is.
pub(super) fn exhausted_for(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let values = |name: &str| headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    let number = |name: &str| values(name).next().and_then(whole);
    let pair = |remaining: &str, reset: &str| number(reset).filter(|_| number(remaining) == Some(0));
    let pairs = [pair("ratelimit-remaining", "ratelimit-reset"), pair("x-ratelimit-remaining", "x-ratelimit-reset")];
    let policies = values("ratelimit").flat_map(|list| list.split(',')).filter_map(used_up);
    let wait = pairs.into_iter().flatten().chain(policies).map(|reset| until(reset, now)).max()?;
    (!wait.is_zero()).then(|| wait.min(LONGEST))
}

/// The reset of a policy such as `"default";r=0;t=30`, if nothing remains of it.
fn used_up(policy: &str) -> Option<u64> {
    let parameter = |name: &str| {
        let mut pairs = policy.split(';').filter_map(|part| part.split_once('='));
        pairs.find(|(key, _)| key.trim() == name).and_then(|(_, value)| whole(value))
    };
    parameter("t").filter(|_| parameter("r") == Some(0))
}

/// A number that is not negative, rounded up.
fn whole(text: &str) -> Option<u64> {
    let (number, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let up = u64::from(fraction.bytes().any(|digit| digit != b'0'));
    if digits(number) && digits(fraction) { number.parse::<u64>().ok()?.checked_add(up) } else { None }
}

fn until(reset: u64, now: DateTime<Utc>) -> Duration {
    let past = |now: i64| u64::try_from(now).unwrap_or_default();
    match reset {
        ..UNIX_TIME => Duration::from_secs(reset),
        _ if reset / 1000 < UNIX_TIME => Duration::from_secs(reset.saturating_sub(past(now.timestamp()))),
        _ => Duration::from_millis(reset.saturating_sub(past(now.timestamp_millis()))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 28 May 2026, 20:26:40 UTC.
    const NOW: i64 = 1_780_000_000;

    fn read(headers: &[(&'static str, &str)]) -> Option<u64> {
        let headers = headers.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()));
        exhausted_for(&headers.collect(), DateTime::from_timestamp(NOW, 0).unwrap()).map(|wait| wait.as_secs())
    }

    #[test]
    fn every_common_form_says_for_how_long_nothing_is_left() {
        assert_eq!(read(&[("ratelimit-remaining", "0"), ("ratelimit-reset", " 30 ")]), Some(30));
        assert_eq!(read(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1.2")]), Some(2));
        assert_eq!(read(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1780000030")]), Some(30));
        assert_eq!(read(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1780000030000")]), Some(30));
        assert_eq!(read(&[("ratelimit", r#""default";r=0;t=30"#)]), Some(30));
        assert_eq!(read(&[("ratelimit", r#""burst"; r=0; t=5, "daily"; r=0; t=20"#)]), Some(20));
        assert_eq!(read(&[("ratelimit", r#""burst";r=3;t=5"#), ("ratelimit", r#""daily";t=20;r=0"#)]), Some(20));
    }

    #[test]
    fn what_leaves_room_or_makes_no_sense_says_nothing() {
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[("ratelimit-remaining", "1"), ("ratelimit-reset", "30")]), None);
        assert_eq!(read(&[("ratelimit-remaining", "0")]), None);
        assert_eq!(read(&[("ratelimit-remaining", "0"), ("x-ratelimit-reset", "30")]), None);
        assert_eq!(read(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1779999999")]), None);
        for nonsense in ["-1", "soon", "", ".", "1.", "+5", "1e3", "99999999999999999999"] {
            assert_eq!(read(&[("ratelimit-remaining", "0"), ("ratelimit-reset", nonsense)]), None, "{nonsense}");
            assert_eq!(read(&[("ratelimit-remaining", nonsense), ("ratelimit-reset", "30")]), None, "{nonsense}");
        }
        assert_eq!(read(&[("ratelimit", r#""default";r=0"#)]), None);
        assert_eq!(read(&[("ratelimit", "r;t;=;;,")]), None);
    }

    #[test]
    fn an_absurd_reset_is_a_minute() {
        for absurd in ["86400", "999999999", "2000000000", "18446744073709551615"] {
            assert_eq!(read(&[("ratelimit-remaining", "0"), ("ratelimit-reset", absurd)]), Some(60), "{absurd}");
        }
    }

    proptest! {
        #[test]
        fn nothing_a_server_sends_panics_or_pauses_for_long(
            name in prop::sample::select(vec!["ratelimit", "x-ratelimit-reset", "ratelimit-reset"]),
            value in "[ -~]{0,40}|\"[a-z]*\"(;[rt]=-?[0-9.]{0,22}){0,4}|[0-9]{0,25}",
            now in i64::MIN..i64::MAX,
        ) {
            let headers = HeaderMap::from_iter([
                (http::HeaderName::from_static(name), value.parse().unwrap()),
                (http::HeaderName::from_static("ratelimit-remaining"), "0".parse().unwrap()),
                (http::HeaderName::from_static("x-ratelimit-remaining"), "0".parse().unwrap()),
            ]);
            let now = DateTime::from_timestamp(now, 0).unwrap_or_default();
            prop_assert!(exhausted_for(&headers, now).is_none_or(|wait| !wait.is_zero() && wait <= LONGEST));
        }
    }
}

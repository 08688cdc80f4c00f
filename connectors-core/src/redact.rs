//! Masking: whatever may be printed, logged or put into an error goes through here first.
//!
//! Free text is masked by what looks secret ([`text`]); bodies are masked the other way round, by showing only
//! what is known to be a diagnosis ([`body`]), because a body may hold anybody's data.

mod body;
mod spans;

pub use body::body;

/// What stands in place of something masked.
const MASK: &str = "***";

/// Masks what looks secret or personal in free text; text without any comes back as it is, not copied.
///
/// Masked are bearer and basic credentials, values of sensitive names (`token=…`, `"password": "…"`), e-mail
/// addresses, userinfo, query values and fragment of URLs, and words that look like tokens: JWTs, UUIDs, and at
/// least 20 letters and digits in a row. Kept are words, numbers, dates, slugs such as `summer-tour-2026-berlin`,
/// and prefixed provider ids such as `venue:5f0c1de2a9b84c7d3e6f0a11`.
///
/// ```
/// use connectors_core::redact;
///
/// let seen = redact::text("GET https://api.test/v1/events?auth_token=opensesame failed".into());
/// assert_eq!(seen, "GET https://api.test/v1/events?auth_token=*** failed");
/// ```
pub fn text(mut text: String) -> String {
    // A mask may have covered what ended a secret beside it, so masked text is looked at again. One look is enough for
    // most, and hostile text does not get many.
    for _ in 0..8 {
        match masked(&text) {
            Some(masked) if masked != text => text = masked,
            _ => break,
        }
    }
    text
}

fn masked(text: &str) -> Option<String> {
    let mut spans = spans::find(text);
    if spans.is_empty() {
        return None;
    }
    spans.sort_unstable_by_key(|span| span.start);
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for span in spans {
        if span.start > end || out.is_empty() {
            out.push_str(text.get(end..span.start).unwrap_or_default());
            out.push_str(MASK);
        }
        end = end.max(span.end);
    }
    out.push_str(text.get(end..).unwrap_or_default());
    Some(out)
}

/// At most `max_chars` characters on one line: control characters become spaces, a cut is marked with `…`.
pub fn bounded(text: &str, max_chars: usize) -> String {
    let mut chars = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut out: String = chars.by_ref().take(max_chars).collect();
    if chars.next().is_some() {
        out.pop();
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CANARY: &str = "sk_live_9f8e7d6c5b4a3f2e1d0c";

    fn shown(input: &str) -> String {
        text(input.to_owned())
    }

    #[test]
    fn readable_messages_stay_as_they_are() {
        for message in [
            "",
            "key: must not be blank",
            "Basic authentication is not supported, use a bearer token instead",
            "no row has this event id (HTTP 404, code 1006)",
            "venue:5f0c1de2a9b84c7d3e6f0a11 has no data for 2026-06-05T11:00:00Z",
            "events[3].endsAt: ends before it starts",
            "duplicate event id summer-tour-2026-berlin-e03",
            "sheet 4583173393803140 was changed meanwhile",
            "set SMARTSHEET_ACCESS_TOKEN or PLACER_API_KEY; INVALID_ARGUMENTS_FOR_REPORT",
            "https://api.smartsheet.com/2.0/sheets/{sheetId}/rows answered 503",
            "in auth::login: why? because a=b holds, 5 € fällig",
        ] {
            assert_eq!(shown(message), message);
        }
    }

    #[test]
    fn secrets_go_and_the_message_stays() {
        for (input, seen) in [
            ("Authorization: Bearer opensesame", "Authorization: ***"),
            ("authorization=basic dXNlcjpwdw==, then", "authorization=***, then"),
            ("sent `Bearer abc.def` to it", "sent `Bearer ***` to it"),
            ("password=swordfish&page=2", "password=***&page=2"),
            ("api key: hunter2; retry", "api key: ***; retry"),
            (r#"{"refreshToken": "a \" b", "n": 1}"#, r#"{"refreshToken": "***", "n": 1}"#),
            (r#"{\"password\":\"x y\",\"n\":1}"#, r#"{\"password\":\"***\",\"n\":1}"#),
            ("secret = 'top of the pops'", "secret = '***'"),
            ("mail anna.schmidt+qr@mail.example.de.", "mail ***."),
            ("https://anna:pw@api.test/x?code=1,2&b#frag).", "https://***@api.test/x?code=***&***#***)."),
            ("/events?auth_token=x&page=2 failed", "/events?auth_token=***&page=*** failed"),
            ("id 550e8400-e29b-41d4-a716-446655440000 gone", "id *** gone"),
            ("got eyJhbGciOi.eyJzdWIi.c2ln, bad", "got ***, bad"),
            ("9f8e7d6c5b4a3f2e1d0ceyJhbGciOi.eyJzdWIi.c2ln", "***"),
            ("5f0c1de2a9b84c7d3e6f0a11 is bare", "*** is bare"),
        ] {
            assert_eq!(shown(input), seen);
        }
    }

    #[test]
    fn bounded_is_one_short_line() {
        assert_eq!(bounded("a\r\nb\u{1b}[0m", 20), "a  b [0m");
        assert_eq!(bounded("Grüße aus Köln", 6), "Grüße…");
        assert_eq!(bounded("abc", 3), "abc");
        assert_eq!(bounded("abc", 0), "…");
    }

    #[test]
    fn masking_twice_changes_nothing_more_where_masks_overlap() {
        let once = shown("/events?auth_token=a'b: Bearer c, key: d");
        assert_eq!(shown(&once), once);
    }

    proptest! {
        #[test]
        fn a_token_never_survives(before in "\\PC{0,30}[ /=:\"?&,;(\n]", after in "[ /=:\"?&,;)\n]\\PC{0,30}") {
            let seen = shown(&format!("{before}{CANARY}{after}"));
            prop_assert!(!seen.contains("9f8e7d6c"), "{}", seen);
        }

        #[test]
        fn a_weak_secret_is_masked_by_its_name(
            name in "(api[-_]?key|access_token|PASSWORD|clientSecret|x-auth|hash)",
            secret in "[a-z]{3,8}[0-9]",
            form in 0..5usize,
        ) {
            let input = match form {
                0 => format!("it was {name}={secret} then"),
                1 => format!("it was {name}: {secret} then"),
                2 => format!("{{\"{name}\": \"{secret}\"}}"),
                3 => format!("https://api.test/x?{name}={secret}#y"),
                _ => format!("Bearer {secret}"),
            };
            prop_assert!(!shown(&input).contains(&secret), "{}", shown(&input));
        }

        #[test]
        fn masking_twice_changes_nothing_more(input in "[a-z0-9 :=?&@./\"'#-]{0,40}") {
            let once = shown(&input);
            prop_assert_eq!(shown(&once), once);
        }

        #[test]
        fn words_numbers_and_dates_are_kept(
            words in prop::collection::vec("[a-z]{1,24}|[0-9]{1,22}|20[0-9]{2}-[01][0-9]-[0-3][0-9]|venue:[0-9a-f]{24}", 0..8),
        ) {
            prop_assume!(!words.iter().any(|w| w == "bearer" || w == "basic"));
            let message = words.join(" ");
            prop_assert_eq!(shown(&message), message);
        }

        #[test]
        fn any_text_is_handled(input in "\\PC{0,200}", max in 0..50usize) {
            shown(&input);
            prop_assert!(bounded(&input, max).chars().count() <= max.max(1));
        }
    }
}

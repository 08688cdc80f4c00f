//! Where in a text something has to be masked.

use std::ops::Range;

type Spans = Vec<Range<usize>>;

/// All spans to mask, in no order; they may overlap.
pub(super) fn find(text: &str) -> Spans {
    let mut spans = Spans::new();
    named_values(text, &mut spans);
    credentials(text, &mut spans);
    for (at, chunk) in runs(text, |c| !c.is_whitespace() && !matches!(c, '"' | '<' | '>' | '`' | '\\')) {
        url(at, chunk, &mut spans);
        emails(at, chunk, &mut spans);
        tokens(at, chunk, &mut spans);
    }
    spans
}

/// Whether the value of something with this name is a secret.
fn is_sensitive(name: &str) -> bool {
    const ANYWHERE: [&str; 8] =
        ["token", "secret", "password", "passwd", "credential", "authorization", "signature", "cookie"];
    const AT_END: [&str; 5] = ["key", "auth", "hash", "pwd", "pass"];
    let name = name.to_ascii_lowercase();
    ANYWHERE.iter().any(|word| name.contains(word)) || AT_END.iter().any(|word| name.ends_with(word))
}

/// The maximal runs of characters that `keep` accepts, with their offsets.
fn runs(text: &str, keep: impl Fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    text.split(move |c| !keep(c)).filter(|run| !run.is_empty()).map(|run| (offset(text, run), run))
}

/// Where `part`, a slice of `text`, begins in it.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

/// The word a value consists of when it is not quoted.
fn word(text: &str) -> &str {
    let ends =
        |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&' | '"' | '\'' | '<' | '>' | ')' | '}' | ']' | '`');
    text.split(ends).next().unwrap_or_default()
}

/// Whether `word`, at the start of `text`, only begins a sentence: "key: must not be blank".
fn is_prose(word: &str, text: &str) -> bool {
    let follows = text.strip_prefix(word).and_then(|rest| rest.strip_prefix(' '));
    word.bytes().all(|b| b.is_ascii_lowercase())
        && follows.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '*'))
}

/// `name=value`, `name: value` and `"name": "value"` for sensitive names.
fn named_values(text: &str, spans: &mut Spans) {
    for (at, separator) in text.match_indices(['=', ':']) {
        let (before, Some(after)) = (text.get(..at).unwrap_or_default(), text.get(at + 1..)) else { continue };
        let name = before.trim_end_matches(' ').trim_end_matches(['"', '\'', '\\']);
        let name = name.rsplit(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')).next();
        let is_path = before.ends_with(':') || after.starts_with([':', '/']);
        if !is_path && name.is_some_and(is_sensitive) {
            let value = value(after, separator == ":");
            let start = offset(text, value);
            spans.extend((!value.is_empty()).then_some(start..start + value.len()));
        }
    }
}

/// The value after a separator, without its quotes; empty when there is none.
fn value(after: &str, prose_allowed: bool) -> &str {
    let text = after.trim_start_matches([' ', '\t', '[', '\\']);
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inner = text.get(1..).unwrap_or_default();
        let quoted_twice = after.strip_suffix(text).is_some_and(|skipped| skipped.ends_with('\\'));
        let mut escaped = false;
        let end = inner.find(|c| {
            let closes = c == quote && (quoted_twice || !escaped);
            escaped = c == '\\' && !escaped;
            closes
        });
        let value = end.and_then(|end| inner.get(..end)).unwrap_or(inner);
        return if quoted_twice { value.trim_end_matches('\\') } else { value };
    }
    let first = word(text);
    if ["bearer", "basic", "token", "digest"].iter().any(|scheme| first.eq_ignore_ascii_case(scheme)) {
        let second = word(text.get(first.len()..).unwrap_or_default().trim_start());
        return text.get(..offset(text, second) + second.len()).unwrap_or(text);
    }
    if prose_allowed && is_prose(first, text) { "" } else { first }
}

/// What follows `Bearer` or `Basic`, unless it is a plain word of a sentence.
fn credentials(text: &str, spans: &mut Spans) {
    let mut scheme = None;
    for (at, run) in runs(text, |c| !c.is_whitespace()) {
        if let Some(basic) = scheme {
            let quoted = text.get(at..).unwrap_or_default().trim_start_matches(['"', '\'', '`', '<']);
            let value = word(quoted);
            let plain = value.chars().skip(1).all(|c| c.is_ascii_lowercase()) && basic;
            if !value.is_empty() && !plain && !is_prose(value, quoted) {
                let start = offset(text, value);
                spans.push(start..start + value.len());
            }
        }
        let name = run.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        scheme = match name {
            _ if name.eq_ignore_ascii_case("bearer") => Some(false),
            _ if name.eq_ignore_ascii_case("basic") => Some(true),
            _ => None,
        };
    }
}

/// Userinfo, query values and fragment of a URL, and the query values of a path.
fn url(at: usize, chunk: &str, spans: &mut Spans) {
    let mut push = |part: &str| {
        let start = at + offset(chunk, part);
        spans.extend((!part.is_empty()).then_some(start..start + part.len()));
    };
    let chunk = chunk.trim_end_matches(['.', ',', ';', ':', '!', ')', ']', '}', '\'']);
    for authority in chunk.split("://").skip(1).filter_map(|rest| rest.split(['/', '?', '#']).next()) {
        push(authority.rsplit_once('@').map_or("", |(userinfo, _)| userinfo));
    }
    let is_url = chunk.contains("://");
    let (rest, fragment) = chunk.split_once('#').unwrap_or((chunk, ""));
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some((_, value)) => push(value),
            None if is_url => push(pair),
            None => {}
        }
    }
    push(if is_url || query.contains('=') { fragment } else { "" });
}

/// E-mail addresses, but not the end of a URL's userinfo.
fn emails(at: usize, chunk: &str, spans: &mut Spans) {
    for (sign, _) in chunk.match_indices('@') {
        let (local, domain) = (chunk.get(..sign).unwrap_or_default(), chunk.get(sign + 1..).unwrap_or_default());
        let local = local.rsplit(|c: char| !c.is_alphanumeric() && !"._%+-".contains(c)).next().unwrap_or_default();
        let domain = domain.split(|c: char| !c.is_alphanumeric() && !".-".contains(c)).next().unwrap_or_default();
        let domain = domain.trim_end_matches(['.', '-']);
        let has_tld =
            domain.rsplit_once('.').is_some_and(|(_, tld)| tld.len() >= 2 && tld.chars().all(char::is_alphabetic));
        if has_tld && !local.is_empty() && !spans.iter().any(|span| span.contains(&(at + sign - 1))) {
            spans.push(at + sign - local.len()..at + sign + 1 + domain.len());
        }
    }
}

/// Words that look like tokens.
fn tokens(at: usize, chunk: &str, spans: &mut Spans) {
    for (start, dotted) in runs(chunk, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')) {
        let jwt = dotted.find("eyJ").filter(|at| dotted.get(*at..).is_some_and(|jwt| jwt.matches('.').count() > 1));
        spans.extend(jwt.map(|jwt| at + start + jwt..at + start + dotted.len()));
        for (inner, run) in runs(dotted.get(..jwt.unwrap_or(dotted.len())).unwrap_or_default(), |c| c != '.') {
            let start = start + inner;
            if is_uuid(run) || is_token(run) && !is_provider_id(chunk.get(..start).unwrap_or_default(), run) {
                spans.push(at + start..at + start + run.len());
            }
        }
    }
}

fn is_uuid(run: &str) -> bool {
    let is_hex = |part: &str| part.bytes().all(|b| b.is_ascii_hexdigit());
    run.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && run.split('-').all(is_hex)
}

fn is_token(run: &str) -> bool {
    run.len() >= 20
        && run.bytes().any(|b| b.is_ascii_digit())
        && run.bytes().any(|b| b.is_ascii_alphabetic())
        && !run.split(['-', '_']).all(is_slug_part)
}

/// A word, a short number such as a year, or a mark such as `e03`: what readable ids are made of.
fn is_slug_part(part: &str) -> bool {
    let (letters, digits) = part.split_at(part.find(|c: char| c.is_ascii_digit()).unwrap_or(part.len()));
    let rest = letters.get(1..).unwrap_or_default();
    let is_word = rest.bytes().all(|b| b.is_ascii_lowercase()) || letters.bytes().all(|b| b.is_ascii_uppercase());
    let is_number = digits.bytes().all(|b| b.is_ascii_digit()) && digits.len() <= 4;
    is_word && is_number && letters.len() <= if digits.is_empty() { 16 } else { 3 }
}

/// `venue:` and the like before 24 hex digits: an id that providers print everywhere, no secret.
fn is_provider_id(before: &str, run: &str) -> bool {
    run.len() == 24
        && run.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        && before.strip_suffix(':').is_some_and(|prefix| prefix.ends_with(|c: char| c.is_ascii_alphabetic()))
}

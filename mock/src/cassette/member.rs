//! What the name of a member says about its value.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The names of members and parameters that the providers' documentation has.
static NAMES: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("names.txt").split_whitespace().collect());

/// The words that it has as values of such as `type` and `status`.
static VALUES: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("values.txt").split_whitespace().collect());

/// Whose values are never kept.
const SECRET: [&str; 13] = [
    "token",
    "secret",
    "password",
    "passwd",
    "signature",
    "authorization",
    "apikey",
    "api_key",
    "api-key",
    "cookie",
    "session",
    "credential",
    "x-amz",
];

/// Whose values may be words of the provider's own.
const ENUMS: [&str; 36] = [
    "error",
    "type",
    "status",
    "kind",
    "accessLevel",
    "access_level",
    "scope",
    "scopes",
    "format",
    "symbol",
    "systemColumnType",
    "level",
    "trafficLevel",
    "timeOfDay",
    "granularity",
    "unit",
    "units",
    "currency",
    "locale",
    "timezone",
    "timeZone",
    "time_zone",
    "entityType",
    "entityTypes",
    "qrType",
    "qrCategory",
    "dataType",
    "include",
    "exclude",
    "sort",
    "sorting",
    "sortBy",
    "sorting_dir",
    "paginationType",
    "order",
    "visitDurationSegmentation",
];

/// Whose numbers are the protocol's, or of the calendar.
const NUMBERS: [&str; 21] = [
    "pageNumber",
    "pageSize",
    "totalPages",
    "page",
    "page_size",
    "per_page",
    "limit",
    "skip",
    "offset",
    "errorCode",
    "code",
    "resultCode",
    "status",
    "statusCode",
    "hour",
    "day",
    "month",
    "year",
    "weekday",
    "minute",
    "index",
];

fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

pub(super) fn is_secret(name: &str) -> bool {
    let name = folded(name);
    SECRET.iter().any(|word| name.contains(word)) || ["key", "auth", "sig", "hash"].contains(&name.as_str())
}

/// Whether these are words that the provider has for a member of this name.
pub(super) fn is_enum(name: &str, words: &str) -> bool {
    ENUMS.contains(&name) && words.split(',').all(|word| VALUES.contains(word.trim_start_matches('-')))
}

/// Whether it is a number of the protocol or of the calendar. Larger ones, and years of birth, are somebody's.
pub(super) fn is_plain_number(name: &str, number: u64) -> bool {
    let most = match name {
        "errorCode" => 9_999,
        "year" if number >= 2000 => 2_100,
        _ => 999,
    };
    number <= most && NUMBERS.contains(&name)
}

pub(super) fn is_id(name: &str) -> bool {
    ["id", "ids", "lastKey"].contains(&name) || ["Id", "ID", "_id", "Ids", "_ids"].iter().any(|end| name.ends_with(end))
}

/// Named after dates, but not of a birth.
pub(super) fn is_when(name: &str) -> bool {
    let folded = folded(name);
    !folded.contains("birth") && is_name(name) && is_of_a_day(name, &folded)
}

fn is_of_a_day(name: &str, folded: &str) -> bool {
    ["date", "time", "start", "end", "day", "month", "week"].iter().any(|word| folded.contains(word))
        || ["At", "_at", "On", "_on", "Since"].iter().any(|end| name.ends_with(end))
}

/// Whether it is known as the name of a member or parameter, such as `campaign[]` or `venue[name]`. Any other may be data.
pub(super) fn is_name(name: &str) -> bool {
    let mut parts = name.split('[').map(|part| part.trim_end_matches(']'));
    parts.next().is_some_and(|first| NAMES.contains(first)) && parts.all(|part| part.is_empty() || NAMES.contains(part))
}

/// Whether ids of this prefix are the provider's, as in `venue:5f0c1de2a9b84c7d3e6f0a11`.
pub(super) fn is_prefix(prefix: &str) -> bool {
    ["venue", "complex", "chain", "tag", "zipcode", "cbg", "dma", "cbsa", "state", "custom"].contains(&prefix)
}

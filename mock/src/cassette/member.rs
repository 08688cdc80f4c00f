//! What the name of a member says about its value.

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

/// Whose single words are the provider's own.
const ENUMS: [&str; 35] = [
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

/// Whose texts tell what went wrong.
const DIAGNOSES: [&str; 7] = ["message", "error", "errors", "error_description", "detail", "details", "info"];

fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

pub(super) fn is_secret(name: &str) -> bool {
    let name = folded(name);
    SECRET.iter().any(|word| name.contains(word)) || ["key", "auth", "sig", "hash"].contains(&name.as_str())
}

pub(super) fn is_enum(name: &str) -> bool {
    ENUMS.contains(&name)
}

pub(super) fn is_plain_number(name: &str) -> bool {
    NUMBERS.contains(&name)
}

pub(super) fn is_diagnosis(name: &str) -> bool {
    DIAGNOSES.contains(&name)
}

pub(super) fn is_id(name: &str) -> bool {
    ["id", "ids", "lastKey"].contains(&name) || ["Id", "ID", "_id", "Ids", "_ids"].iter().any(|end| name.ends_with(end))
}

/// Named after dates.
pub(super) fn is_when(name: &str) -> bool {
    let folded = folded(name);
    ["date", "time", "start", "end", "day", "month", "week"].iter().any(|word| folded.contains(word))
        || ["At", "_at", "On", "_on", "Since"].iter().any(|end| name.ends_with(end))
}

/// Whether it looks like the name of a member, and not like data.
pub(super) fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_' || c == '$');
    let goes_on = name.chars().all(|c| c.is_ascii_alphanumeric() || "_$.-".contains(c));
    begins && goes_on && name.len() <= 40 && name.chars().filter(char::is_ascii_digit).count() <= 3
}

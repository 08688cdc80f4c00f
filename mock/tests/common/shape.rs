//! What an answer is made of, written as it is documented.

use serde_json::Value;

/// Fails unless `actual` is made as `shape` says. There, a text names kinds (`text`, `number`, `whole`, `flag`, `null`,
/// `list`, `object`, `any`), several by `|`; a list has one shape for all its items; an object has the members and no
/// others, of which those may be missing that end in `?`, and any others may be there where it has a `*`.
#[track_caller]
pub fn fits(actual: &Value, shape: &Value) {
    if let Err(problem) = check("", actual, shape) {
        panic!("{problem}\nin {actual}");
    }
}

fn check(at: &str, actual: &Value, shape: &Value) -> Result<(), String> {
    match shape {
        Value::String(kinds) if kinds.split('|').any(|kind| is(kind, actual)) => Ok(()),
        Value::Array(items) => {
            let held = actual.as_array().ok_or_else(|| format!("{at} is no list"))?;
            held.iter().enumerate().try_for_each(|(index, item)| check(&format!("{at}[{index}]"), item, &items[0]))
        }
        Value::Object(members) => {
            let held = actual.as_object().ok_or_else(|| format!("{at} is no object"))?;
            let known = |name: &str| members.contains_key(name) || members.contains_key(&format!("{name}?"));
            if let Some(other) = held.keys().find(|name| !known(name) && !members.contains_key("*")) {
                return Err(format!("{at}.{other} is documented nowhere"));
            }
            members.iter().filter(|(name, _)| *name != "*").try_for_each(|(name, shape)| {
                match held.get(name.trim_end_matches('?')) {
                    Some(member) => check(&format!("{at}.{name}"), member, shape),
                    None if name.ends_with('?') => Ok(()),
                    None => Err(format!("{at}.{name} is missing")),
                }
            })
        }
        _ => Err(format!("{at} is not {shape}")),
    }
}

fn is(kind: &str, actual: &Value) -> bool {
    match kind {
        "text" => actual.is_string(),
        "number" => actual.is_number(),
        "whole" => actual.as_i64().is_some(),
        "flag" => actual.is_boolean(),
        "null" => actual.is_null(),
        "list" => actual.is_array(),
        "object" => actual.is_object(),
        "any" => true,
        _ => false,
    }
}

//! All that a fake holds, as JSON text, and back.

use std::io;

use chrono::{DateTime, Datelike as _, Utc};
use connectors_core::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::ser::Formatter;
use serde_json::{Serializer, Value};

/// Goes up when what was saved before can no longer be read.
const FORMAT: u32 = 1;

/// The only member of what stands for a number that would be read as its neighbour.
const EXACT: &str = "$float";

#[derive(Serialize, Deserialize)]
struct Snapshot<P, S> {
    provider: P,
    format: u32,
    state: S,
}

/// What a state is of, whatever is in it.
#[derive(Deserialize)]
struct Head {
    provider: String,
    format: u32,
}

/// The state of this provider's fake as text: the same text for the same state.
pub(crate) fn write(provider: &'static str, state: &impl Serialize) -> Result<String> {
    let mut text = Vec::new();
    let snapshot = Snapshot { provider, format: FORMAT, state };
    let written = snapshot.serialize(&mut Serializer::with_formatter(&mut text, Exact));
    let failed = |problem: String| Error::new(ErrorKind::Storage, format!("the state cannot be written: {problem}"));
    written.map_err(|problem| failed(problem.to_string()))?;
    String::from_utf8(text).map_err(|problem| failed(problem.to_string()))
}

/// The state of this provider's fake, as it was written.
pub(crate) fn read<S: DeserializeOwned>(provider: &'static str, text: &str) -> Result<S> {
    let head: Head = parse(text)?;
    if head.provider != provider {
        return Err(Error::invalid("provider", format!("this is the state of {}, not of {provider}", head.provider)));
    }
    if head.format != FORMAT {
        return Err(Error::invalid("format", format!("format {} is not known, but {FORMAT} is", head.format)));
    }
    let is_absurd = |at: DateTime<Utc>| !(0..=9999).contains(&at.year());
    // Only such years are written with a sign. Nothing that was saved has one, and counting on from it may overflow.
    let mut signed = text.split('"').filter(|part| part.starts_with(['+', '-']));
    if let Some(part) = signed.find(|part| part.parse().is_ok_and(is_absurd)) {
        return Err(Error::invalid("state", format!("{part} is no time that could be")));
    }
    let snapshot: Snapshot<String, S> = if text.contains(EXACT) {
        let mut value = parse(text)?;
        restore(&mut value);
        serde_path_to_error::deserialize(value).map_err(|problem| unreadable(&problem))?
    } else {
        parse(text)?
    };
    Ok(snapshot.state)
}

/// Changes a state as a whole, or where that fails not at all.
pub(crate) fn amend<S: Clone>(state: &mut S, change: impl FnOnce(&mut S) -> Result<()>) -> Result<()> {
    let mut changed = state.clone();
    change(&mut changed)?;
    *state = changed;
    Ok(())
}

/// What is written in JSON; the error names what cannot be read.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    let mut source = serde_json::Deserializer::from_str(text);
    let found = serde_path_to_error::deserialize(&mut source).map_err(|problem| unreadable(&problem))?;
    source.end().map_err(|problem| Error::invalid(".", problem.to_string()))?;
    Ok(found)
}

fn unreadable(problem: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    Error::invalid(problem.path().to_string(), problem.inner().to_string())
}

/// Numbers that are read as their neighbours are written as texts: few are, and the shortest text is not always read
/// exactly without a feature that would slow down everybody else.
struct Exact;

impl Formatter for Exact {
    fn write_f64<W: io::Write + ?Sized>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        if is_exact(value) { write!(writer, "{value:?}") } else { write!(writer, "{{\"{EXACT}\":\"{value:?}\"}}") }
    }
}

fn is_exact(value: f64) -> bool {
    serde_json::from_str::<f64>(&format!("{value:?}")).is_ok_and(|read| read.to_bits() == value.to_bits())
}

fn restore(value: &mut Value) {
    let text = value.get(EXACT).and_then(Value::as_str).filter(|_| value.as_object().is_some_and(|all| all.len() == 1));
    // An object of somebody's that looks like one stays what it is.
    if let Some(number) = text.and_then(|text| text.parse().ok()).filter(|number| !is_exact(*number)) {
        *value = number.into();
        return;
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(restore),
        Value::Array(items) => items.iter_mut().for_each(restore),
        _ => {}
    }
}

/// Whether a member need not be written, for `#[serde(skip_serializing_if)]`.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Whether years can be added to it, and days counted from it.
pub(crate) fn is_of_our_time(at: DateTime<Utc>) -> bool {
    (2000..2100).contains(&at.year())
}

/// Bytes as base64, for `#[serde(with)]`.
pub(crate) mod base64 {
    use ::base64::Engine as _;
    use ::base64::engine::general_purpose::STANDARD;
    use bytes::Bytes;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(bytes: &Bytes, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_str(&STANDARD.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<Bytes, D::Error> {
        let text = String::deserialize(source)?;
        STANDARD.decode(text).map(Bytes::from).map_err(D::Error::custom)
    }
}

/// Maps whose keys are no texts as lists of pairs, for `#[serde(with)]`.
pub(crate) mod pairs {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<'a, K, V, M, S>(map: &'a M, target: S) -> Result<S::Ok, S::Error>
    where
        K: Serialize + 'a,
        V: Serialize + 'a,
        &'a M: IntoIterator<Item = (&'a K, &'a V)>,
        S: Serializer,
    {
        target.collect_seq(map)
    }

    pub(crate) fn deserialize<'de, K, V, M, D>(source: D) -> Result<M, D::Error>
    where
        K: Deserialize<'de>,
        V: Deserialize<'de>,
        M: FromIterator<(K, V)>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(source)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use bytes::Bytes;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct World {
        numbers: Vec<f64>,
        others: Value,
        #[serde(with = "base64")]
        bytes: Bytes,
        #[serde(with = "pairs")]
        pairs: BTreeMap<(i64, String), u8>,
    }

    #[test]
    fn what_was_written_is_read_to_the_last_bit() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut numbers: Vec<f64> =
            (0..2_000).map(|_| (random.f64() - 0.5) * 10_f64.powi(random.i32(-30..30))).collect();
        assert!(numbers.iter().any(|number| !is_exact(*number)), "else there is nothing to take care of");
        numbers.extend([0.0, -0.0, 1.0, f64::MAX, f64::MIN_POSITIVE, 5e-324]);
        let others = serde_json::json!({"own": {"$float": "1.5"}, "deep": [numbers[..9].to_vec(), 1, -1, u64::MAX]});
        let pairs = [((1, "a".to_owned()), 1), ((2, "b".to_owned()), 2)].into();
        let world = World { numbers, others, bytes: Bytes::from_static(b"\0\xff"), pairs };
        let text = write("placer", &world).unwrap();
        let read: World = read("placer", &text).unwrap();
        assert!(world.numbers.iter().zip(&read.numbers).all(|(one, other)| one.to_bits() == other.to_bits()));
        assert_eq!((&read, write("placer", &read).unwrap()), (&world, text));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let of = |text: &str| {
            let error = read::<BTreeMap<String, u8>>("placer", text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            error.field().unwrap_or_default().to_owned()
        };
        assert_eq!(of(r#"{"provider":"qrtiger","format":1,"state":{}}"#), "provider");
        assert_eq!(of(r#"{"provider":"placer","format":2,"state":{}}"#), "format");
        assert_eq!(of(r#"{"provider":"placer","format":1,"state":{"a":"b"}}"#), "state.a");
        assert_eq!(of(r#"{"provider":"placer","format":1,"state":{}} x"#), ".");
        assert_eq!(of(r#"{"provider":"placer","format":1,"state":{"a":"+262142-12-31T00:00:00Z"}}"#), "state");
    }
}

//! The lenient decoders of JSON, and what an answer that does not fit is said to be.
#![no_main]

use std::collections::BTreeMap;
use std::fmt::Debug;

use chrono::{DateTime, NaiveDate, Utc};
use connectors_core::provider::decode_json;
use connectors_core::wire::{Field, lenient};
use connectors_core::{CampaignId, ErrorKind, LinkState, TimeZone};
use connectors_fuzz::check_error;
use libfuzzer_sys::fuzz_target;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

connectors_core::open_enum! {
    /// An enum that tells cases apart.
    enum Status {
        /// First.
        "pending" | "new" => Pending,
        /// Second.
        "active" => Active,
    }
}

connectors_core::open_enum! {
    #![ignore_case]
    /// An enum that does not.
    enum Kind {
        /// First.
        "TEXT_NUMBER" => TextNumber,
        /// Second.
        "Picklist" | "list" => Picklist,
    }
}

connectors_core::id_newtype! {
    /// A number.
    struct RowId;
}

connectors_core::string_id! {
    /// A text.
    struct VenueId("venueId");
}

/// One member for everything that is decoded in a way of its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Everything {
    #[serde(deserialize_with = "lenient::number")]
    small: u32,
    #[serde(deserialize_with = "lenient::number")]
    large: u64,
    #[serde(deserialize_with = "lenient::number")]
    signed: i64,
    #[serde(deserialize_with = "lenient::number")]
    float: f64,
    #[serde(deserialize_with = "lenient::opt_number")]
    maybe_small: Option<u32>,
    #[serde(deserialize_with = "lenient::opt_number")]
    maybe_float: Option<f64>,
    #[serde(deserialize_with = "lenient::flag")]
    flag: bool,
    #[serde(deserialize_with = "lenient::opt_flag")]
    maybe_flag: Option<bool>,
    #[serde(deserialize_with = "lenient::opt_string")]
    maybe_text: Option<String>,
    #[serde(skip_serializing_if = "Field::is_absent")]
    name: Field<String>,
    #[serde(skip_serializing_if = "Field::is_absent")]
    count: Field<u8>,
    status: Option<Status>,
    kind: Option<Kind>,
    row: Option<RowId>,
    venue: Option<VenueId>,
    campaign: Option<CampaignId>,
    zone: Option<TimeZone>,
    day: Option<NaiveDate>,
    at: Option<DateTime<Utc>>,
    state: Option<LinkState>,
    by_name: BTreeMap<String, RowId>,
    more: Vec<Everything>,
}

/// A member that must be there, and one of a type that says itself what is wrong with it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Strict {
    #[serde(deserialize_with = "lenient::number")]
    small: u32,
    zone: TimeZone,
}

/// Nothing that stands in an input by chance, in words that decoders use themselves.
const CANARY: &str = "a Canary, expected a Canary at line 1 column 1";
const NUMBER: u64 = 918_273_645;

fuzz_target!(|data: &[u8]| {
    read::<Everything>(data);
    read::<Vec<Everything>>(data);
    read::<Strict>(data);
    read::<Value>(data);
    let Ok(mut value) = serde_json::from_slice::<Value>(data) else { return };
    if let Ok(everything) = decode_json::<Everything>(data) {
        same(&everything, &again(&everything));
    }
    if !value.is_object() && !value.is_array() {
        // What has no structure is text, of which the start is shown.
        return;
    }
    for texts in [true, false] {
        hide(&mut value, texts);
        let hidden = value.to_string();
        leaks_nothing::<Everything>(hidden.as_bytes());
        leaks_nothing::<Strict>(hidden.as_bytes());
        leaks_nothing::<Vec<RowId>>(hidden.as_bytes());
    }
});

fn read<T: DeserializeOwned>(data: &[u8]) {
    if let Err(error) = decode_json::<T>(data) {
        assert_eq!(error.kind(), ErrorKind::Decode);
        check_error(&error);
    }
}

/// What is written of `value`, read again.
fn again<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let text = serde_json::to_vec(value).expect("what was read can be written");
    decode_json(&text).expect("what was written can be read")
}

/// Floats are read to the nearest but one: exactness is not worth its price to every user of `serde_json`.
fn same(one: &Everything, other: &Everything) {
    let near = |one: f64, other: f64| (one - other).abs() <= one.abs() * 1e-15;
    assert!(near(one.float, other.float) && near(one.maybe_float.unwrap_or(0.0), other.maybe_float.unwrap_or(0.0)));
    let plain = |e: &Everything| Everything { float: 0.0, maybe_float: None, more: Vec::new(), ..e.clone() };
    assert_eq!(plain(one), plain(other), "read, written and read again");
    assert_eq!(one.more.len(), other.more.len());
    one.more.iter().zip(&other.more).for_each(|(one, other)| same(one, other));
}

/// Makes all texts, and then all numbers, something that must not be seen.
fn hide(value: &mut Value, texts: bool) {
    match value {
        Value::String(text) if texts => CANARY.clone_into(text),
        Value::Number(number) if !texts => *number = NUMBER.into(),
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, texts)),
        Value::Object(members) => members.values_mut().for_each(|member| hide(member, texts)),
        _ => {}
    }
}

fn leaks_nothing<T: DeserializeOwned + Debug>(data: &[u8]) {
    if let Err(error) = decode_json::<T>(data) {
        // What is shown of a body is another matter: there, the values of some members are.
        let told = format!("{error} {error:?}").replace(error.body_snippet().unwrap_or_default(), "");
        let said = |canary: &str| error.json_path().is_some_and(|path| path.contains(canary));
        assert!(!told.contains("Canary") || said("Canary"), "{told}");
        assert!(!told.contains("918273645") || said("918273645"), "{told}");
    }
}

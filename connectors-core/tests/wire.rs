//! The wire helpers as a provider crate uses them.

use connectors_core::wire::{Field, check_id, lenient};
use connectors_core::{ErrorKind, id_newtype, open_enum, string_id};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

open_enum! {
    /// What became of an event.
    pub enum Status {
        /// Not begun.
        "pending" | "new" => Pending,
        /// Going on.
        "active" => Active,
    }
}

open_enum! {
    #![ignore_case]
    /// Who may do what.
    pub enum Access {
        /// Everything.
        "OWNER" => Owner,
        /// Looking on.
        "VIEWER" | "READ_ONLY" => Viewer,
    }
}

id_newtype! {
    /// A sheet.
    pub struct SheetId;
}

string_id! {
    /// A venue.
    pub struct VenueId("venueId");
}

#[derive(Debug, PartialEq, Deserialize)]
struct Numbers {
    #[serde(deserialize_with = "lenient::number")]
    count: u64,
    #[serde(default, deserialize_with = "lenient::opt_number")]
    delta: Option<i64>,
    #[serde(default, deserialize_with = "lenient::opt_number")]
    share: Option<f64>,
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    live: Option<bool>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    note: Option<String>,
}

fn numbers(value: serde_json::Value) -> Result<Numbers, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Change {
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    name: Field<String>,
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    parent: Field<SheetId>,
}

#[test]
fn an_unknown_enum_value_is_kept_and_sent_back_as_it_came() {
    let read: Vec<Status> = serde_json::from_str(r#"["pending", "new", "active", "postponed", "Active", ""]"#).unwrap();
    assert_eq!(read[..3], [Status::Pending, Status::Pending, Status::Active]);
    assert!(read[3..].iter().all(|status| !status.is_known()));
    assert_eq!(json!(read), json!(["pending", "pending", "active", "postponed", "Active", ""]));
    assert_eq!(format!("{:>10}|{:?}", read[3], read[3]), r#" postponed|Unknown("postponed")"#);
    assert_eq!("active".parse(), Ok(Status::Active));
}

#[test]
fn an_enum_value_must_be_a_string() {
    assert!(serde_json::from_str::<Status>("3").is_err());
    assert_eq!(serde_json::from_str::<Option<Status>>("null").unwrap(), None);
}

#[test]
fn an_enum_can_ignore_case() {
    assert_eq!([Access::from("owner"), Access::from("Read_Only")], [Access::Owner, Access::Viewer]);
    assert_eq!(Access::from("viewer").as_str(), "VIEWER");
    assert_eq!(Access::from("Admin").as_str(), "Admin");
}

#[test]
fn scalars_may_be_spelled_in_other_ways() {
    let expected = Numbers { count: 5, delta: Some(-3), share: Some(0.5), live: Some(true), note: Some(" a".into()) };
    for value in [
        json!({"count": 5, "delta": -3, "share": 0.5, "live": true, "note": " a"}),
        json!({"count": "5", "delta": " -3 ", "share": "0.5", "live": "TRUE", "note": " a"}),
        json!({"count": 5.0, "delta": "-3.0", "share": 5e-1, "live": 1, "note": " a"}),
    ] {
        assert_eq!(numbers(value).unwrap(), expected);
    }
    let empty = Numbers { count: 0, delta: None, share: None, live: None, note: None };
    for value in [
        json!({"count": 0}),
        json!({"count": 0, "delta": null, "share": null, "live": null, "note": null}),
        json!({"count": "0", "delta": "", "share": " ", "live": "", "note": " "}),
    ] {
        assert_eq!(numbers(value).unwrap(), empty);
    }
}

#[test]
fn scalars_that_mean_something_else_are_refused() {
    for value in [
        json!({}),
        json!({"count": null}),
        json!({"count": ""}),
        json!({"count": -1}),
        json!({"count": 1.5}),
        json!({"count": "18446744073709551616"}),
        json!({"count": 1e300}),
        json!({"count": true}),
        json!({"count": [1]}),
        json!({"count": 0, "delta": u64::MAX}),
        json!({"count": 0, "delta": "9223372036854775808"}),
        json!({"count": 0, "delta": 9_007_199_254_740_993.0}),
        json!({"count": 0, "share": "NaN"}),
        json!({"count": 0, "share": "inf"}),
        json!({"count": 0, "live": 2}),
        json!({"count": 0, "live": "maybe"}),
    ] {
        assert!(numbers(value.clone()).is_err(), "{value}");
    }
    let error = numbers(json!({"count": "Anna Schmidt"})).unwrap_err();
    assert!(!error.contains("Anna"), "the value may be personal: {error}");
}

#[test]
fn a_field_is_absent_null_or_set() {
    let change = Change { name: Field::from("Tour".to_owned()), parent: Field::Absent };
    assert_eq!(json!(change), json!({"name": "Tour"}));
    assert_eq!(json!(Change { parent: None.into(), ..Change::default() }), json!({"parent": null}));
    for value in [json!({}), json!({"name": null}), json!({"name": "", "parent": 7})] {
        assert_eq!(json!(serde_json::from_value::<Change>(value.clone()).unwrap()), value);
    }
}

#[test]
fn a_numeric_id_reads_both_spellings_and_sends_the_number() {
    let ids: Vec<SheetId> = serde_json::from_str(r#"[4583173393803140, "4583173393803140"]"#).unwrap();
    assert_eq!(ids, [SheetId::from(4_583_173_393_803_140); 2]);
    assert_eq!(json!(ids[0]), json!(4_583_173_393_803_140_i64));
    assert_eq!("7".parse::<SheetId>().unwrap().get(), 7);
    assert_eq!(SheetId::new(7).to_string(), "7");
    let error = "seven".parse::<SheetId>().unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("SheetId")));
}

#[test]
fn ids_that_could_change_a_url_are_refused_by_name() {
    for id in
        ["", " ", "\t", ".", "..", "a/b", "../x", "a\\b", "a?b", "a#b", "a\nb", "a\0", " a", "a ", &"x".repeat(256)]
    {
        let error = VenueId::new(id).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("venueId")), "{id:?}");
        assert!(serde_json::from_value::<VenueId>(json!(id)).is_err(), "{id:?}");
        assert!(check_id("id", id).is_err());
    }
    for id in ["venue:5f0c1de2a9b84c7d3e6f0a11", "e1", "...", "Köln Dom", "a%2Fb", &"x".repeat(255)] {
        assert_eq!(VenueId::new(id).unwrap().as_ref(), id);
        assert_eq!(json!(serde_json::from_value::<VenueId>(json!(id)).unwrap()), json!(id));
    }
}

proptest! {
    #[test]
    fn whole_numbers_survive_either_spelling(count: u64, delta: i64, share in -1e12..1e12f64) {
        let expected = Numbers { count, delta: Some(delta), share: Some(share), live: None, note: None };
        let spelled = json!({"count": count.to_string(), "delta": delta.to_string(), "share": share.to_string()});
        prop_assert_eq!(&numbers(json!({"count": count, "delta": delta, "share": share})).unwrap(), &expected);
        prop_assert_eq!(&numbers(spelled).unwrap(), &expected);
    }

    #[test]
    fn any_text_becomes_an_enum_value_that_spells_it(text in "\\PC{0,20}") {
        let status: Status = serde_json::from_value(json!(text)).unwrap();
        prop_assert!(status.as_str() == text || text == "new");
    }
}

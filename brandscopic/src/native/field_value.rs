//! Reading the answer to a field: what the server writes depends on the type, and what it writes for nothing as well.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::{FieldFile, FieldType, FieldValue, OptionId, PlaceReference, StatementId, dates, wire};

/// A field on the wire, as far as its answer goes.
pub(super) struct Asked<'a> {
    pub(super) kind: &'a FieldType,
    pub(super) value: &'a Value,
    pub(super) segments: Vec<(OptionId, &'a Value)>,
    pub(super) statements: Vec<(StatementId, &'a Value)>,
}

/// A number, or a text that holds one.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number: &f64| number.is_finite())
}

/// A whole number, or a text that holds one.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// An id; 0 is none.
fn id<Id: From<i64>>(value: &Value) -> Option<Id> {
    integer(value).filter(|id| *id > 0).map(Id::from)
}

/// A share in whole per cent.
fn share(value: &Value) -> Option<u32> {
    integer(value)
        .or_else(|| number(value).filter(|n| n.fract() == 0.0).and_then(|n| format!("{n}").parse().ok()))?
        .try_into()
        .ok()
}

/// What the server writes for nothing: it depends on the type, and on who wrote it last.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => matches!(text.trim(), "" | "0"),
        Value::Array(items) => items.iter().all(is_nothing),
        Value::Object(members) => members.values().all(is_nothing),
    }
}

/// What is read of each member, whose names are ids; members for nothing are left out.
fn by_id<Id: From<i64> + Ord, T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<BTreeMap<Id, T>> {
    let members = value.as_object()?.iter().filter_map(|(name, value)| match read(value) {
        None if is_nothing(value) => None,
        read => Some(name.trim().parse().ok().map(Id::from).zip(read)),
    });
    members.collect::<Option<BTreeMap<_, _>>>().filter(|members| !members.is_empty())
}

/// What is read of each of the values that stand beside what they are for.
fn beside<Id: Copy + Ord, T>(values: &[(Id, &Value)], read: impl Fn(&Value) -> Option<T>) -> Option<BTreeMap<Id, T>> {
    let found: BTreeMap<_, _> = values.iter().filter_map(|(id, value)| Some((*id, read(value)?))).collect();
    (!found.is_empty()).then_some(found)
}

/// A list of ids, as such or in a text. Forms put an empty one before those that are chosen.
fn choices(value: &Value) -> Option<BTreeSet<OptionId>> {
    let chosen: Option<BTreeSet<_>> = match value {
        Value::Array(items) => items.iter().filter(|item| !is_nothing(item)).map(id).collect(),
        Value::String(text) => text.split(',').map(|part| id(&part.into())).collect(),
        _ => id(value).map(|id| BTreeSet::from([id])),
    };
    chosen.filter(|chosen| !chosen.is_empty())
}

fn is_set(value: &Value) -> Option<()> {
    (value == &Value::Bool(true) || value.as_str() == Some("true")).then_some(())
}

fn file(value: &Value) -> Option<FieldFile> {
    let file = value.as_object().and_then(|_| FieldFile::deserialize(value).ok())?;
    (file.name.is_some() || file.original.is_some()).then_some(file)
}

impl Asked<'_> {
    /// The answer; `None` if there is none.
    pub(super) fn answered(&self) -> Option<FieldValue> {
        if let Some(value) = self.read() {
            return Some(value);
        }
        // The numbers of a calculation that is not taken apart come to something, but nobody can tell what they are.
        let computed = *self.kind == FieldType::Calculation && number(self.value).is_some();
        (!computed && !is_nothing(self.value)).then(|| FieldValue::Other(self.value.to_string()))
    }

    /// The answer, if it has the form of its type.
    fn read(&self) -> Option<FieldValue> {
        let value = self.value;
        Some(match self.kind {
            FieldType::Text | FieldType::TextArea => FieldValue::Text(match value {
                Value::String(text) if !text.trim().is_empty() => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => return None,
            }),
            FieldType::Number | FieldType::Currency => FieldValue::Number(number(value)?),
            FieldType::Percentage => {
                let shares = by_id(value, share).or_else(|| beside(&self.segments, share))?;
                if shares.values().all(|share| *share == 0) {
                    return None;
                }
                FieldValue::Shares(shares)
            }
            FieldType::Calculation => {
                FieldValue::Parts(by_id(value, number).or_else(|| beside(&self.segments, number))?)
            }
            FieldType::LikertScale => FieldValue::Ratings(by_id(value, id).or_else(|| beside(&self.statements, id))?),
            FieldType::Checkbox => FieldValue::Choices(choices(value).or_else(|| self.chosen())?),
            FieldType::Radio => FieldValue::Choice(id(value).or_else(|| self.chosen()?.first().copied())?),
            FieldType::Dropdown => {
                let chosen = choices(value).or_else(|| self.chosen())?;
                match chosen.first() {
                    Some(only) if chosen.len() == 1 => FieldValue::Choice(*only),
                    _ => FieldValue::Choices(chosen),
                }
            }
            FieldType::Brand => FieldValue::Brand(id(value)?),
            FieldType::Marque => FieldValue::Marque(id(value)?),
            FieldType::Date => FieldValue::Date(wire::day::read(value.as_str()?)?),
            FieldType::Time => FieldValue::Time(dates::parse_time(value.as_str()?.trim())?),
            FieldType::Place if !is_nothing(value) => FieldValue::Place(PlaceReference::deserialize(value).ok()?),
            FieldType::Photo | FieldType::Attachment => FieldValue::File(file(value)?),
            FieldType::Place | FieldType::UserDate | FieldType::Section | FieldType::Unknown(_) => return None,
        })
    }

    /// The options that are marked.
    fn chosen(&self) -> Option<BTreeSet<OptionId>> {
        beside(&self.segments, is_set).map(|set| set.into_keys().collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Field;
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "so that it can be written with `json!`")]
    fn field(kind: &str, value: Value, more: Value) -> Field {
        let mut field = json!({"field_id": 1, "type": format!("FormField::{kind}"), "value": value});
        field.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        serde_json::from_value(field).unwrap()
    }

    fn read(kind: &str, value: Value) -> Option<FieldValue> {
        field(kind, value, json!({})).value
    }

    const ALL: [&str; 20] = [
        "Text",
        "TextArea",
        "Number",
        "Currency",
        "Percentage",
        "Checkbox",
        "Radio",
        "Dropdown",
        "Calculation",
        "LikertScale",
        "Brand",
        "Marque",
        "Date",
        "Time",
        "Place",
        "Photo",
        "Attachment",
        "UserDate",
        "Section",
        "New",
    ];

    #[test]
    fn nothing_is_nothing_however_it_is_spelt() {
        for kind in ALL {
            for nothing in [json!(null), json!(""), json!(" "), json!([]), json!({}), json!([""]), json!({"4": null})] {
                assert_eq!(read(kind, nothing.clone()), None, "{kind} {nothing}");
            }
            let zero = read(kind, json!(0));
            let expected = match kind {
                "Number" | "Currency" => Some(FieldValue::Number(0.0)),
                "Text" | "TextArea" => Some(FieldValue::Text("0".to_owned())),
                _ => None,
            };
            assert_eq!(zero, expected, "{kind}");
        }
        assert_eq!(read("Percentage", json!({"4": 0, "5": "0"})), None);
    }

    #[test]
    fn what_is_written_in_several_ways_is_read_the_same() {
        let two = Some(FieldValue::Choices([4, 5].map(OptionId::new).into()));
        assert_eq!(read("Checkbox", json!(["5", 4])), two);
        assert_eq!(read("Checkbox", json!(["", "4", "5", null])), two);
        assert_eq!(read("Dropdown", json!("4,5")), two);
        let marked =
            json!({"segments": [{"id": 4, "value": true}, {"id": 5, "value": true}, {"id": 6, "value": false}]});
        assert_eq!(field("Checkbox", json!([]), marked.clone()).value, two);
        assert_eq!(field("Dropdown", json!([]), marked).value, two);
        let one = Some(FieldValue::Choice(OptionId::new(4)));
        for value in [json!("4"), json!(4)] {
            assert_eq!((read("Radio", value.clone()), read("Dropdown", value)), (one.clone(), one.clone()));
        }
        let shares = Some(FieldValue::Shares([(4, 70), (5, 30)].map(|(id, n)| (OptionId::new(id), n)).into()));
        assert_eq!(read("Percentage", json!({"4": "70", "5": 30.0, "6": null})), shares);
        let segments =
            json!({"segments": [{"id": 4, "value": 70}, {"id": 5, "value": "30"}, {"id": 6, "value": null}]});
        assert_eq!(field("Percentage", json!({}), segments).value, shares);
        assert_eq!(read("Currency", json!("350.0")), Some(FieldValue::Number(350.0)));
        assert_eq!(read("Time", json!("2:05 pm")), chrono::NaiveTime::from_hms_opt(14, 5, 0).map(FieldValue::Time));
    }

    #[test]
    fn a_calculation_is_its_numbers_and_what_they_come_to() {
        let segments = json!({"segments": [{"id": 4, "value": 2}, {"id": 5, "value": "0.5"}]});
        let field = field("Calculation", json!("2.5"), segments);
        assert_eq!(field.result, Some(2.5));
        assert_eq!(
            field.value,
            Some(FieldValue::Parts([(4, 2.0), (5, 0.5)].map(|(id, n)| (OptionId::new(id), n)).into()))
        );
        assert_eq!(read("Calculation", json!(7)), None, "what they are is not known");
    }

    #[test]
    fn what_has_not_the_form_of_its_type_is_kept_as_it_is() {
        for (kind, odd) in [
            ("Number", json!("about 20")),
            ("Percentage", json!({"four": 100})),
            ("Percentage", json!({"4": 33.3})),
            ("Checkbox", json!([true])),
            ("Brand", json!("Acme")),
            ("Date", json!("soon")),
            ("Photo", json!(["a"])),
            ("Section", json!("a")),
            ("New", json!({"a": 1})),
        ] {
            assert_eq!(read(kind, odd.clone()), Some(FieldValue::Other(odd.to_string())), "{kind}");
        }
    }

    #[test]
    fn where_a_file_is_does_not_show() {
        let value =
            json!({"file_file_name": "bar.jpg", "file_file_size": "1200", "file_original": "https://s3.test/secret"});
        let photo = read("Photo", value).unwrap();
        assert!(matches!(&photo, FieldValue::File(file) if file.size == Some(1200) && file.original.is_some()));
        let shown = format!("{photo:?}");
        assert!(shown.contains("bar.jpg") && !shown.contains("secret"), "{shown}");
    }
}

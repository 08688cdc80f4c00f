//! Reading cells: a large sheet has half a million of them.

use std::fmt;

use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::cell::{Cell, CellValue, Extras, More};
use super::ids::ColumnId;
use super::object_value::ObjectValue;
use super::raw::{self, Scan};
use super::text::Text;

/// The members of a cell.
#[derive(Clone, Copy)]
enum Key {
    ColumnId,
    Value,
    DisplayValue,
    ObjectValue,
    Formula,
    Hyperlink,
    LinkIn,
    LinksOut,
    Format,
    ConditionalFormat,
    ColumnType,
    VirtualColumnId,
    RowId,
    Image,
    Unknown,
}

impl Key {
    fn of(name: &str) -> Self {
        match name {
            "columnId" => Self::ColumnId,
            "value" => Self::Value,
            "displayValue" => Self::DisplayValue,
            "objectValue" => Self::ObjectValue,
            "formula" => Self::Formula,
            "hyperlink" => Self::Hyperlink,
            "linkInFromCell" => Self::LinkIn,
            "linksOutToCells" => Self::LinksOut,
            "format" => Self::Format,
            "conditionalFormat" => Self::ConditionalFormat,
            "columnType" => Self::ColumnType,
            "virtualColumnId" => Self::VirtualColumnId,
            "rowId" => Self::RowId,
            "image" => Self::Image,
            _ => Self::Unknown,
        }
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a member")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
                Ok(Key::of(name))
            }
        }

        source.deserialize_identifier(Name)
    }
}

/// The value of a member, wherever it is read from.
trait Member<'de> {
    type Error;

    fn read<T: Deserialize<'de>>(self) -> Result<T, Self::Error>;
}

struct Next<'a, A>(&'a mut A);

impl<'de, A: MapAccess<'de>> Member<'de> for Next<'_, A> {
    type Error = A::Error;

    fn read<T: Deserialize<'de>>(self) -> Result<T, A::Error> {
        self.0.next_value()
    }
}

struct Json<'a>(&'a str);

impl<'de> Member<'de> for Json<'de> {
    type Error = serde_json::Error;

    fn read<T: Deserialize<'de>>(self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.0)
    }
}

/// A cell on the wire. The texts stay where they are until it is known what to keep.
#[derive(Default)]
struct Parts<'a> {
    column_id: Option<ColumnId>,
    value: Option<&'a str>,
    shown: Option<&'a str>,
    object: Option<&'a str>,
    extras: Option<Box<Extras>>,
}

impl<'de> Parts<'de> {
    fn set<M: Member<'de>>(&mut self, key: Key, member: M) -> Result<(), M::Error> {
        fn json<'de, M: Member<'de>>(member: M) -> Result<Option<&'de str>, M::Error> {
            Ok(member.read::<Option<&RawValue>>()?.map(RawValue::get))
        }
        match key {
            Key::ColumnId => self.column_id = Some(member.read()?),
            Key::Value => self.value = json(member)?,
            Key::DisplayValue => self.shown = json(member)?,
            Key::ObjectValue => self.object = json(member)?,
            Key::Formula => self.extras().formula = member.read()?,
            Key::Hyperlink => self.extras().hyperlink = member.read()?,
            Key::LinkIn => self.extras().link_in = member.read()?,
            Key::LinksOut => self.extras().links_out = member.read::<Option<_>>()?.unwrap_or_default(),
            Key::Format => self.extras().format = member.read()?,
            Key::ConditionalFormat => self.extras().conditional_format = member.read()?,
            Key::ColumnType => self.extras().column_type = member.read()?,
            Key::VirtualColumnId => self.extras().virtual_column_id = member.read()?,
            Key::RowId => self.extras().row_id = member.read()?,
            Key::Image => self.extras().image = member.read()?,
            Key::Unknown => drop(member.read::<IgnoredAny>()?),
        }
        Ok(())
    }

    fn extras(&mut self) -> &mut Extras {
        self.extras.get_or_insert_default()
    }

    /// The cell; `None` without a column. A column of a report need not stand for one of a sheet.
    fn cell(mut self) -> Option<Cell> {
        let virtual_column = |extras: &Extras| extras.virtual_column_id.map(|_| ColumnId::new(0));
        let column_id = self.column_id.or_else(|| self.extras.as_deref().and_then(virtual_column))?;
        let value = self.value.map(CellValue::read).unwrap_or_default();
        // A plain text, number or boolean that repeats the value tells nothing.
        if let Some(object) = self.object.filter(|object| self.value.is_none_or(|value| value != *object)) {
            self.extras().object_value = Some(Box::new(ObjectValue::read(object)));
        }
        let extras = self.extras.filter(|extras| **extras != Extras::default());
        let more = match self.shown {
            None => More::new(None, extras),
            // Word for word the same, but for the quotes around a number's text.
            Some(shown) if self.value.is_some_and(|value| bare(shown) == bare(value)) => More::same(extras),
            Some(shown) => More::new(raw::text::<Text>(shown).filter(|text| !text.is_empty()), extras),
        };
        Some(Cell { column_id, value, more })
    }
}

/// Without the quotes.
fn bare(json: &str) -> &str {
    json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(json)
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Cell;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a cell")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Cell, A::Error> {
                let mut parts = Parts::default();
                while let Some(key) = members.next_key()? {
                    parts.set(key, Next(&mut members))?;
                }
                parts.cell().ok_or_else(|| A::Error::missing_field("columnId"))
            }
        }

        source.deserialize_map(Members)
    }
}

/// The cells of a row, from JSON that has been checked; `expected` is how many there are likely to be.
pub(super) fn cells(json: &str, expected: usize) -> serde_json::Result<Vec<Cell>> {
    let mut cells = match scanned(json, expected) {
        Some(cells) => cells,
        None => serde_json::from_str(json)?,
    };
    // A large sheet would hold a quarter more.
    cells.shrink_to_fit();
    Ok(cells)
}

/// `None` where they have not the usual form.
fn scanned(json: &str, expected: usize) -> Option<Vec<Cell>> {
    let mut scan = Scan::new(json);
    if !scan.take("[") {
        return None;
    }
    let mut cells = Vec::with_capacity(expected.min(json.len() / 16));
    if scan.take("]") {
        return Some(cells);
    }
    loop {
        cells.push(scanned_cell(&mut scan)?);
        match scan.punctuation()? {
            b',' => {}
            b']' => return Some(cells),
            _ => return None,
        }
    }
}

fn scanned_cell(scan: &mut Scan<'_>) -> Option<Cell> {
    let mut parts = Parts::default();
    if !scan.take("{") {
        return None;
    }
    loop {
        if scan.take("\"columnId\":") {
            parts.column_id = Some(ColumnId::new(scan.integer()?));
        } else if scan.take("\"value\":") {
            parts.value = some(scan.value()?);
        } else if scan.take("\"displayValue\":") {
            parts.shown = some(scan.value()?);
        } else if scan.take("\"") {
            let key = Key::of(scan.name()?);
            let value = scan.value()?;
            match key {
                Key::ObjectValue => parts.object = some(value),
                Key::Unknown => {}
                _ => parts.set(key, Json(value)).ok()?,
            }
        }
        match scan.punctuation()? {
            b',' => {}
            b'}' => return parts.cell(),
            _ => return None,
        }
    }
}

fn some(json: &str) -> Option<&str> {
    (json != "null").then_some(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_scanned_is_what_is_deserialized() {
        for json in [
            "[]",
            r#"[{"columnId":1}]"#,
            r#"[{"columnId":1,"value":null,"displayValue":null,"formula":null},{"value":"a","columnId":2}]"#,
            r#"[{"columnId":1,"value":"say \"hi\" – \u00e9","displayValue":"say \"hi\" – \u00e9"}]"#,
            r#"[{"columnId":1,"value":65.0,"displayValue":"$65.00"},{"columnId":2,"value":65.0,"displayValue":"65.0"}]"#,
            r#"[{"columnId":1,"value":true,"mood":{"a":["}]","\\"]}},{"columnId":2,"value":{"a":[1,2]}}]"#,
            r#"[{"columnId":1,"value":"x","displayValue":"a text that is longer than fourteen bytes"}]"#,
            r#"[{"columnId":1,"value":"a@example.com","displayValue":"A","objectValue":{"objectType":"CONTACT","email":"a@example.com"},"rowId":3,"virtualColumnId":4}]"#,
            r#"[{"columnId":1,"value":5,"objectValue":5,"formula":"=\"]\"","linksOutToCells":[{"sheetId":1}],"hyperlink":{"url":"https://example.com"}}]"#,
        ] {
            let scanned = scanned(json, 25).unwrap_or_else(|| panic!("{json}"));
            assert_eq!(scanned, serde_json::from_str::<Vec<Cell>>(json).unwrap(), "{json}");
        }
    }

    #[test]
    fn a_column_of_a_report_need_not_stand_for_one_of_a_sheet() {
        let json = r#"[{"virtualColumnId":4,"value":"Store list"}]"#;
        let cells = cells(json, 1).unwrap();
        assert_eq!((cells[0].column_id, cells[0].virtual_column_id().unwrap().get()), (ColumnId::new(0), 4));
        assert_eq!(serde_json::from_str::<Vec<Cell>>(json).unwrap(), cells);
        assert!(serde_json::from_str::<Cell>(r#"{"value":1}"#).is_err());
    }

    #[test]
    fn another_form_is_read_all_the_same() {
        let plain = cells(r#"[{"columnId":1,"value":2}]"#, 0).unwrap();
        for json in [
            r#"[ { "columnId" : 1 , "value" : 2 } ]"#,
            "[{\"columnId\":1,\"value\":2\n}]",
            r#"[{"columnId":"1","value":2}]"#,
            r#"[{"columnId":1.0,"value":2}]"#,
            r#"[{"column\u0049d":1,"value":2}]"#,
        ] {
            assert!(scanned(json, 25).is_none(), "{json}");
            assert_eq!(cells(json, 25).unwrap(), plain, "{json}");
        }
        assert!(cells(r#"[{"value":2}]"#, 0).is_err());
    }
}

//! Reading rows.

use std::any::type_name;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::cell_read;
use super::ids::RowId;
use super::row::{Extras, Row};
use super::time;

/// The rows of a sheet: each has as many cells as the one before, as a rule.
pub(super) fn rows<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<Row>, D::Error> {
    struct Rows;

    impl<'de> Visitor<'de> for Rows {
        type Value = Vec<Row>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a sequence")
        }

        fn visit_unit<E: Error>(self) -> Result<Vec<Row>, E> {
            Ok(Vec::new())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Vec<Row>, A::Error> {
            let (mut rows, mut cells) = (Vec::<Row>::new(), 0);
            while let Some(row) = source.next_element_seed(RowLike { cells })? {
                cells = row.cells.len();
                rows.push(row);
            }
            rows.shrink_to_fit();
            Ok(rows)
        }
    }

    source.deserialize_any(Rows)
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        RowLike { cells: 0 }.deserialize(source)
    }
}

/// A row that is likely to have so many cells.
#[derive(Clone, Copy)]
struct RowLike {
    cells: usize,
}

impl<'de> DeserializeSeed<'de> for RowLike {
    type Value = Row;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Row, D::Error> {
        source.deserialize_map(self)
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Key {
    Id,
    RowNumber,
    SiblingId,
    Expanded,
    CreatedAt,
    ModifiedAt,
    Cells,
    ParentId,
    SheetId,
    Locked,
    LockedForUser,
    FilteredOut,
    Version,
    CreatedBy,
    ModifiedBy,
    AccessLevel,
    #[serde(alias = "permaLink")]
    Permalink,
    Format,
    ConditionalFormat,
    InCriticalPath,
    ParentRowNumber,
    Columns,
    Attachments,
    Discussions,
    #[serde(alias = "proofs")]
    Proof,
    #[serde(other)]
    Unknown,
}

struct Time(Option<DateTime<Utc>>);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        time::opt(source).map(Self)
    }
}

impl<'de> Visitor<'de> for RowLike {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Row, A::Error> {
        fn or_default<'de, A: MapAccess<'de>, T: Deserialize<'de> + Default>(members: &mut A) -> Result<T, A::Error> {
            Ok(members.next_value::<Option<T>>()?.unwrap_or_default())
        }
        let (mut row, mut id) = (blank(), None);
        while let Some(key) = members.next_key()? {
            match key {
                Key::Id => id = Some(members.next_value()?),
                Key::RowNumber => row.row_number = or_default(&mut members)?,
                Key::SiblingId => row.sibling_id = members.next_value()?,
                Key::Expanded => row.expanded = or_default(&mut members)?,
                Key::CreatedAt => row.created_at = members.next_value::<Time>()?.0,
                Key::ModifiedAt => row.modified_at = members.next_value::<Time>()?.0,
                // To scan checked text is more than twice as fast. But only a deserializer can tell where it is: the
                // one that is asked to, after a failure, gets to see all of them.
                Key::Cells if type_name::<A>().starts_with("serde_path_to_error") => {
                    row.cells = or_default(&mut members)?;
                }
                Key::Cells => {
                    if let Some(json) = members.next_value::<Option<&RawValue>>()? {
                        row.cells = cell_read::cells(json.get(), self.cells).map_err(A::Error::custom)?;
                    }
                }
                Key::ParentId => row.parent_id = members.next_value()?,
                Key::SheetId => row.sheet_id = members.next_value()?,
                Key::Locked => row.locked = or_default(&mut members)?,
                Key::LockedForUser => row.locked_for_user = or_default(&mut members)?,
                Key::FilteredOut => row.filtered_out = members.next_value()?,
                Key::Version => row.version = members.next_value()?,
                Key::CreatedBy => row.created_by = members.next_value()?,
                Key::ModifiedBy => row.modified_by = members.next_value()?,
                Key::AccessLevel => row.access_level = members.next_value()?,
                Key::Permalink => row.permalink = members.next_value()?,
                Key::Format => extras(&mut row).format = members.next_value()?,
                Key::ConditionalFormat => extras(&mut row).conditional_format = members.next_value()?,
                Key::InCriticalPath => extras(&mut row).in_critical_path = members.next_value()?,
                Key::ParentRowNumber => extras(&mut row).parent_row_number = members.next_value()?,
                Key::Columns => extras(&mut row).columns = or_default(&mut members)?,
                Key::Attachments => extras(&mut row).attachments = or_default(&mut members)?,
                Key::Discussions => extras(&mut row).discussions = or_default(&mut members)?,
                Key::Proof => extras(&mut row).proof = members.next_value()?,
                Key::Unknown => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        row.id = id.ok_or_else(|| A::Error::missing_field("id"))?;
        Ok(row)
    }
}

fn extras(row: &mut Row) -> &mut Extras {
    row.extras.get_or_insert_default()
}

fn blank() -> Row {
    Row {
        id: RowId::new(0),
        row_number: 0,
        cells: Vec::new(),
        parent_id: None,
        sibling_id: None,
        sheet_id: None,
        expanded: false,
        locked: false,
        locked_for_user: false,
        filtered_out: None,
        version: None,
        created_at: None,
        modified_at: None,
        created_by: None,
        modified_by: None,
        access_level: None,
        permalink: None,
        extras: None,
    }
}

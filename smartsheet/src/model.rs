//! What goes over the wire, typed: what is read and what is written are different things here as they are there.

pub(crate) mod access;
pub(crate) mod cell;
pub(crate) mod column;
pub(crate) mod column_map;
pub(crate) mod container;
pub(crate) mod envelope;
pub(crate) mod ids;
pub(crate) mod link;
pub(crate) mod number;
pub(crate) mod object_value;
mod raw;
pub(crate) mod row;
pub(crate) mod row_write;
pub(crate) mod sheet;
mod time;
pub(crate) mod write;

pub use access::{AccessLevel, Account, Person, UserProfile};
pub use cell::{Cell, CellValue};
pub use column::{AutoNumberFormat, Column, ColumnType, ColumnUpdate, ContactOption, NewColumn, SystemColumnType};
pub use column_map::ColumnMap;
pub use container::{Child, Folder, ResourceType, Workspace};
pub use envelope::{ErrorBody, FailedItem, OffsetPage, TokenPage, WriteResult};
pub use ids::{ColumnId, FolderId, ReportId, RowId, SheetId, SightId, UserId, WorkspaceId};
pub use link::{CellLink, CellLinkStatus, Hyperlink};
pub use number::Number;
pub use object_value::{Contact, Duration, ObjectValue, Predecessor, PredecessorType};
pub use row::Row;
pub use row_write::{NewRow, RowLocation, RowUpdate};
pub use sheet::{NewSheet, Sheet, SheetSummary, Source};
pub use write::{CellInput, CellWrite, Clear};

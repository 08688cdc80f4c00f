//! A typed async client for [Smartsheet](https://developers.smartsheet.com), whose sheets campaigns are tracked in.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> connectors_core::Result<()> {
//! use connectors_smartsheet::{EventRow, SheetDataRequest, SmartsheetService, UpsertEventRows, tracker};
//!
//! let smartsheet = connectors_mock::MockSmartsheet::new(); // or SmartsheetClient::from_env()?
//! # let sheet = smartsheet.template_id();
//! let event = "fizz-berlin-1".parse()?;
//! let row = EventRow::new(event).set(tracker::VENUE, "Alexanderplatz").set(tracker::EXPECTED_FOOTFALL, 12_500);
//! let report = smartsheet.upsert_event_rows(UpsertEventRows::new(sheet, vec![row])).await?;
//! assert_eq!(report.created(), 1);
//!
//! let data = smartsheet.sheet_data(SheetDataRequest::new(sheet)).await?;
//! let footfall = data.rows[0].get(&data.columns, tracker::EXPECTED_FOOTFALL);
//! assert_eq!(footfall.and_then(|cell| cell.value.as_i64()), Some(12_500));
//! # Ok(())
//! # }
//! ```
//!
//! # Where to go next
//!
//! * [`SmartsheetService`]: the jobs of field marketing. Code against it, and swap the client for the mock in tests.
//! * [`SmartsheetClient`]: the native API, all of it, grouped by resource; [`SmartsheetClient::request`] for what
//!   Smartsheet adds tomorrow.
//! * [`Table`]: a sheet by the titles of its columns and the keys of its rows, as structs of your own.
//! * [`Rows::add_all`] and its neighbours: bulk writes of any size; [`GetSheet`]: reading, whole, in part, or row by row.
//! * [`OAuthApp`]: acting for users who let you. [`WebhookReceiver`]: being told when something changes.
//! * [`SmartsheetBuilder`]: region, acting for users, quotas, retries, the memory of what was created.
//! * [`SmartsheetErrorExt`]: Smartsheet's own error codes behind the family's [`Error`](connectors_core::Error).
//!
//! # What to know
//!
//! * A token may send 300 requests a minute; heavy ones (a copy) count as ten. The client keeps to that by itself.
//! * Writes to one sheet go one after the other: Smartsheet refuses parallel ones.
//! * There is no key by which Smartsheet would recognise a repeated create. Sheets and event rows are looked up before
//!   they are created again; a native call whose outcome is unknown says so by
//!   [`maybe_applied`](connectors_core::Error::maybe_applied).
//! * Numbers keep their digits: see [`Number`].
//!
//! # Features
//!
//! `rustls` (default), `native-tls` or `rustls-no-provider`: the TLS of the default transport.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![allow(clippy::needless_pass_by_value, reason = "what a call sends is made in its place and given away")]

mod attachments;
mod automation_rules;
mod builder;
mod bulk_rows;
mod cells;
mod children;
mod classify;
mod client;
mod columns;
mod comments;
mod contacts;
mod cross_sheet_references;
mod dashboards;
mod destination;
mod discussions;
mod error_code;
mod events;
mod exports;
mod favorites;
mod files;
mod filters;
mod folders;
mod governance;
mod groups;
mod home;
mod images;
mod imports;
mod model;
mod oauth;
mod proofs;
mod query;
mod report_get;
mod reports;
mod request;
mod row_scan;
mod row_stream;
mod rows;
mod search;
mod server_info;
mod service;
mod shares;
mod sheet_get;
mod sheet_list;
mod sheet_sort;
mod sheets;
mod summaries;
mod table;
mod tokens;
pub mod tracker;
mod update_requests;
mod users;
mod webhooks;
mod workspaces;

use connectors_core::{RequestOptions, Result};

pub use crate::attachments::*;
pub use crate::automation_rules::*;
pub use crate::builder::{IntegrationKind, Region, SmartsheetBuilder};
pub use crate::bulk_rows::{BulkReport, DeleteAllRows, Deletion, WriteAllRows};
pub use crate::cells::*;
pub use crate::children::{ContainerInclude, ListChildren};
pub use crate::client::SmartsheetClient;
pub use crate::columns::*;
pub use crate::comments::*;
pub use crate::contacts::*;
pub use crate::cross_sheet_references::*;
pub use crate::dashboards::*;
pub use crate::destination::Destination;
pub use crate::discussions::*;
pub use crate::error_code::{ErrorCode, ErrorTopic, SmartsheetErrorExt};
pub use crate::events::*;
pub use crate::exports::*;
pub use crate::favorites::*;
pub use crate::filters::*;
pub use crate::folders::*;
pub use crate::governance::*;
pub use crate::groups::*;
pub use crate::home::*;
pub use crate::images::*;
pub use crate::imports::*;
pub use crate::model::*;
pub use crate::oauth::{AuthorizationCode, OAuthApp, OAuthAppBuilder, Redirect, Refusal, Scope};
pub use crate::proofs::*;
pub use crate::query::{CopyExclude, CopyInclude, SheetExclude, SheetInclude, SkipRemap};
pub use crate::report_get::{GetReport, ReportExclude, ReportInclude};
pub use crate::reports::*;
pub use crate::row_stream::RowStream;
pub use crate::rows::{AddRows, DeleteRows, GetRow, Rows, TransferRows, UpdateRows};
pub use crate::search::*;
pub use crate::service::*;
pub use crate::shares::*;
pub use crate::sheet_get::{GetSheet, GetSheetIfChanged};
pub use crate::sheet_list::ListSheets;
pub use crate::sheet_sort::SortSheet;
pub use crate::sheets::{CopySheet, CreateNewSheet, Sheets};
pub use crate::summaries::*;
pub use crate::table::{Record, RowFinder, RowRef, Table, UpsertItem, UpsertOutcome, UpsertRecords, UpsertReport};
pub use crate::tokens::*;
pub use crate::update_requests::*;
pub use crate::users::*;
pub use crate::webhooks::*;
pub use crate::workspaces::*;
/// Smartsheet takes 30 MiB at most, and wants to be told the length first.
pub use connectors_core::NewFile;

/// The provider's name, in errors, links and telemetry.
const PROVIDER: &str = "smartsheet";

/// Runs the checks of a request unless its caller leaves them to Smartsheet.
fn checked(options: &RequestOptions, check: impl FnOnce() -> Result<()>) -> Result<()> {
    if options.skip_validation { Ok(()) } else { check() }
}

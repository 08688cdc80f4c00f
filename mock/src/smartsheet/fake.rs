//! The state machine: from requests to answers.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use connectors_core::{HttpRequest, RateLimits, Result};
use connectors_smartsheet::{CellInput, ErrorCode, FolderId, RowId, SheetId, WorkspaceId};
use http::StatusCode;

use super::asked::{Answer, Asked, Outcome, media_type};
use super::callbacks::Receivers;
use super::cells::{Write, written};
use super::operations::{self, Operation};
use super::problem::Problem;
use super::setup::SmartsheetSetup;
use super::state::{Row, State};
use super::webhooks::Watch;
use super::{
    attachments, automation_rules, cell_history, columns, contacts, cross_sheet_references, dashboards, discussions,
    events, exports, favorites, files, filters, governance, groups, images, lists, proofs, reports, rows, search,
    server_info, shares, sheets, summaries, tokens, update_requests, users, webhooks,
};
use crate::fake::{self, Fake, Reply, Route, with_retry_after};
use crate::outgoing::Outgoing;
use crate::snapshot;

/// Smartsheet's API 2.0 over an account in memory.
///
/// It holds two workspaces, a folder, templates and a list of stores, and what is created is there afterwards. It is
/// strict: an unknown path, parameter, attribute or column, a value that does not fit its column, a missing or wrong
/// token, a content type other than JSON get Smartsheet's own error codes. Its quirks are Smartsheet's: pages past the
/// end repeat the last one, token pages may be short, `MULTI_` columns hide below level 2, templates cannot be read,
/// throttling comes without `Retry-After`, and a second write to a sheet while one is under way is turned away (which
/// takes answers that [take a while](crate::Backend::latency)).
///
/// Its people may be acted for by an admin, and let an app act for them, as far as its scopes go; what is done is told by
/// its events.
#[derive(Debug)]
pub struct FakeSmartsheet {
    state: Mutex<State>,
    /// What it began with.
    seed: u64,
    initial: Vec<SmartsheetSetup>,
    receivers: Receivers,
}

impl FakeSmartsheet {
    /// An account as it is at `now`; other seeds give other ids.
    pub fn new(seed: u64, now: DateTime<Utc>) -> Self {
        let state = Mutex::new(State::seeded(seed, now));
        Self { state, seed, initial: Vec::new(), receivers: Receivers::default() }
    }

    /// The same, which holds this besides. An error names what is wrong with it.
    pub fn with(initial: Vec<SmartsheetSetup>, seed: u64, now: DateTime<Utc>) -> Result<Self> {
        let state = Mutex::new(begin(seed, &initial, now)?);
        Ok(Self { state, seed, initial, receivers: Receivers::default() })
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn receivers(&self) -> &Receivers {
        &self.receivers
    }

    /// A change that nobody asked the API for.
    fn by_hand<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state();
        let watch = Watch::begin(&state);
        let changed = change(&mut state);
        watch.end_by_hand(&mut state);
        changed
    }

    /// A workspace to create sheets in.
    pub fn workspace_id(&self) -> WorkspaceId {
        WorkspaceId::new(self.state().seeded.workspace)
    }

    /// A folder of that workspace.
    pub fn folder_id(&self) -> FolderId {
        FolderId::new(self.state().seeded.folder)
    }

    /// A sheet with the columns of the tracker and no rows: a template that can be read.
    pub fn template_id(&self) -> SheetId {
        SheetId::new(self.state().seeded.template_sheet)
    }

    /// A real template with the columns of the tracker: sheets can be made from it, but it cannot be read.
    pub fn gallery_template_id(&self) -> SheetId {
        SheetId::new(self.state().seeded.gallery_template)
    }

    /// A sheet of everyday work: stores with contacts, dates, checkboxes and picklists, and without event ids.
    pub fn store_list_id(&self) -> SheetId {
        SheetId::new(self.state().seeded.store_list)
    }

    /// Somebody adds a row in the browser. Titles that the sheet does not have are passed over.
    pub fn add_row(&self, sheet: SheetId, cells: &[(&str, CellInput)]) -> RowId {
        let id = self.by_hand(|state| {
            let id = state.new_id();
            if let Ok(sheet) = state.sheet_mut(sheet.get()) {
                let now = sheet.modified_at;
                let row = Row { version: 1, ..Row::new(id, now) };
                sheet.rows.push(row);
                sheet.touched(now);
            }
            id
        });
        for (title, value) in cells {
            self.set_cell(sheet, RowId::new(id), title, value.clone());
        }
        RowId::new(id)
    }

    /// Somebody changes a cell in the browser. False where it does not exist or the value does not fit.
    pub fn set_cell(&self, sheet: SheetId, row: RowId, title: &str, value: impl Into<CellInput>) -> bool {
        let value = value.into();
        self.by_hand(|state| set_cell(state, sheet, row, title, value)).is_some()
    }

    /// Somebody renames a column in the browser. False where there is none of this title.
    pub fn rename_column(&self, sheet: SheetId, from: &str, to: &str) -> bool {
        let rename = |state: &mut State| {
            let sheet = state.sheet_mut(sheet.get()).ok()?;
            let column = sheet.columns.iter_mut().find(|column| column.title == from)?;
            to.clone_into(&mut column.title);
            let now = sheet.modified_at;
            sheet.touched(now);
            Some(())
        };
        self.by_hand(rename).is_some()
    }

    /// Somebody deletes a sheet in the browser. False where there is none.
    pub fn delete_sheet(&self, sheet: SheetId) -> bool {
        let delete = |state: &mut State| {
            let done = sheets::delete(state, sheet.get());
            attachments::sweep_all(state);
            done
        };
        self.by_hand(delete).is_ok()
    }

    /// No page of a list by token holds more than this.
    pub fn page_cap(&self, items: usize) {
        self.state().page_cap = items.max(1);
    }

    /// Answers with status 500 say this code: [`ErrorCode::SERVER_TIMEOUT`] at first.
    pub fn failure_code(&self, code: ErrorCode) {
        self.state().failure_code = code.get();
    }
}

fn set_cell(state: &mut State, sheet: SheetId, row: RowId, title: &str, value: CellInput) -> Option<()> {
    let sheet = state.sheet_mut(sheet.get()).ok()?;
    let column = sheet.column_titled(title).cloned()?;
    let write = connectors_smartsheet::CellWrite::value(column.id.into(), value);
    let write = serde_json::to_value(&write).ok()?;
    let cell = Write::new(&write).and_then(|write| written(&column, None, write, false)).ok()?;
    let held = sheet.rows.iter_mut().find(|held| held.id == row.get())?;
    let before = held.cells.insert(column.id, cell.clone());
    held.version += 1;
    let created = held.created_at;
    let now = sheet.modified_at;
    sheet.touched(now);
    state.cell_history.changed((row.get(), column.id), created, before, cell, now);
    Some(())
}

impl Fake for FakeSmartsheet {
    fn provider(&self) -> &'static str {
        "smartsheet"
    }

    fn operations(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = operations::names().chain(["images.download", "attachments.download"]).collect();
        // Some can be asked for in two ways, which stand together.
        names.dedup();
        names
    }

    fn environment(&self, base: &str) -> Vec<(&'static str, String)> {
        vec![("SMARTSHEET_API_URL", format!("{base}/2.0")), ("SMARTSHEET_ACCESS_TOKEN", super::API_KEY.to_owned())]
    }

    fn holds(&self) -> Vec<(&'static str, usize)> {
        let state = self.state();
        let sheets = || state.sheets.values().filter(|sheet| !sheet.template);
        vec![
            ("workspaces", state.workspaces.len()),
            ("folders", state.folders.len()),
            ("sheets", sheets().count()),
            ("rows", sheets().map(|sheet| sheet.rows.len()).sum()),
            ("reports", state.reports.0.len()),
        ]
    }

    fn route(&self, request: &HttpRequest) -> Option<Route> {
        if let Some(route) = files::route(request) {
            return Some(route);
        }
        operations::operation(request).map(Operation::route)
    }

    fn handle(&self, request: &HttpRequest, now: DateTime<Utc>) -> Reply {
        if files::route(request).is_some() {
            return files::serve(&self.state(), request, now);
        }
        self.verify(request, now);
        let mut state = self.state();
        match answer(&mut state, request, now) {
            Ok(Answer::Json(body)) => fake::json(StatusCode::OK, &body),
            Ok(Answer::File(kind, bytes)) => fake::file(kind, bytes),
            Err(problem) => problem.reply(&state.reference()),
        }
    }

    fn credentials(&self) -> http::HeaderMap {
        fake::headers([("authorization", format!("Bearer {}", super::API_KEY))])
    }

    fn throttled(&self, retry_after: Option<Duration>) -> Reply {
        let problem = Problem::new(429, 4003, "Rate limit exceeded.");
        with_retry_after(problem.reply(&self.state().reference()), retry_after)
    }

    fn failure(&self, status: StatusCode) -> Reply {
        let mut state = self.state();
        let problem = match status.as_u16() {
            503 => Problem::new(503, 4001, "Smartsheet.com is currently offline for system maintenance."),
            500 => Problem::new(500, state.failure_code, "The server failed to answer your request."),
            // What answers then is not Smartsheet but what stands in front of it.
            _ => return fake::html(status),
        };
        problem.reply(&state.reference())
    }

    /// Two writes to one sheet at the same time are one too many.
    fn exclusive(&self, request: &HttpRequest) -> Option<String> {
        let (operation, parameters) = operations::find(request).ok()?;
        let whole = ["rows", "columns", "cells", "summaries"].contains(&operation.resource());
        let changes =
            operation.is_write() && (whole || operation.name == "sheets.sort") && operation.name != "rows.send";
        let sheet = parameters.into_iter().find(|(name, _)| *name == "sheetId")?.1;
        changes.then_some(sheet)
    }

    fn busy(&self) -> Reply {
        let message = "Request failed because the sheet is currently being updated by another request.";
        Problem::new(500, 4004, message).reply(&self.state().reference())
    }

    fn quotas(&self) -> RateLimits {
        RateLimits::none().window("*", 300, Duration::from_secs(60))
    }

    fn reset(&self, seed: Option<u64>, now: DateTime<Utc>) -> Result<()> {
        *self.state() = begin(seed.unwrap_or(self.seed), &self.initial, now)?;
        Ok(())
    }

    /// Receivers of callbacks and what is under way to them are not part of it.
    fn save(&self) -> Result<String> {
        snapshot::write(self.provider(), &*self.state())
    }

    fn load(&self, state: &str) -> Result<()> {
        let loaded: State = snapshot::read(self.provider(), state)?;
        loaded.check()?;
        *self.state() = loaded;
        Ok(())
    }

    /// A [`SmartsheetSetup`].
    fn add(&self, setup: &str, now: DateTime<Utc>) -> Result<()> {
        let setup: SmartsheetSetup = snapshot::parse(setup)?;
        snapshot::amend(&mut *self.state(), |with| setup.apply(with, now))
    }

    /// `{"webhook": ID}`, and what it is to tell if that matters: `"events": [{"objectType": "row", "eventType":
    /// "updated", "id": ID}]`.
    fn trigger(&self, event: &str, now: DateTime<Utc>) -> Result<()> {
        self.state().webhooks.trigger(snapshot::parse(event)?, now)
    }

    fn before(&self, request: &HttpRequest, now: DateTime<Utc>) -> Vec<Outgoing> {
        self.challenge_elsewhere(request, now)
    }

    fn outgoing(&self, now: DateTime<Utc>) -> Vec<Outgoing> {
        self.callbacks(now)
    }

    fn has_outgoing(&self) -> bool {
        self.state().webhooks.busy()
    }

    fn answered(&self, id: u64, answer: Option<&Reply>, now: DateTime<Utc>) {
        self.callback_answered(id, answer, now);
    }
}

fn begin(seed: u64, initial: &[SmartsheetSetup], now: DateTime<Utc>) -> Result<State> {
    let mut state = State::seeded(seed, now);
    initial.iter().try_for_each(|setup| setup.apply(&mut state, now))?;
    Ok(state)
}

fn answer(state: &mut State, request: &HttpRequest, now: DateTime<Utc>) -> Outcome {
    let mut asked = Asked::of(request, now)?;
    // Who exchanges or refreshes a token has none yet.
    // The tables of formats are for everybody.
    if !["oauth.exchange", "server_info"].contains(&asked.name()) {
        asked.user = tokens::caller(state, &asked)?;
    }
    acceptable(&asked)?;
    let watch = Watch::begin(state);
    let answer = exports::instead(&asked, dispatch(state, &asked)?)?;
    attachments::sweep(state, &asked);
    events::note(state, &asked, &answer);
    watch.end(state, &asked, &answer);
    Ok(answer)
}

fn dispatch(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.operation.resource() {
        "attachments" => attachments::handle(state, asked),
        "automation_rules" => automation_rules::handle(state, asked),
        "cells" => cell_history::handle(state, asked),
        "columns" => columns::handle(state, asked),
        "contacts" => contacts::handle(state, asked),
        "comments" | "discussions" => discussions::handle(state, asked),
        "cross_sheet_references" => cross_sheet_references::handle(state, asked),
        "dashboards" => dashboards::handle(state, asked),
        "events" => events::handle(state, asked),
        "favorites" => favorites::handle(state, asked),
        "filters" => filters::handle(state, asked),
        "folders" | "home" | "workspaces" => lists::handle(state, asked),
        "governance" => governance::handle(state, asked),
        "groups" => groups::handle(state, asked),
        "images" => images::handle(state, asked),
        "proofs" => proofs::handle(state, asked),
        "reports" => reports::handle(state, asked),
        "rows" => rows::handle(state, asked),
        "search" => search::handle(state, asked),
        "server_info" => server_info::handle(state, asked),
        "shares" => shares::handle(state, asked),
        "sheets" if asked.name().ends_with("classify") => governance::handle(state, asked),
        "sheets" => sheets::handle(state, asked),
        "summaries" => summaries::handle(state, asked),
        "oauth" | "tokens" => tokens::handle(state, asked),
        "update_requests" => update_requests::handle(state, asked),
        "users" => users::handle(state, asked),
        "webhooks" => webhooks::handle(state, asked),
        _ => Err(asked.unknown()),
    }
}

/// Only sheets and reports can be had in other forms.
fn acceptable(asked: &Asked<'_>) -> Result<(), Problem> {
    let kinds: &[_] = match asked.name() {
        "sheets.get" => &["text/csv", "application/vnd.ms-excel", "application/pdf"],
        "reports.get" => &["text/csv", "application/vnd.ms-excel"],
        _ => &[],
    };
    let known = |kind: &str| ["*/*", "application/*", "application/json"].contains(&kind) || kinds.contains(&kind);
    let accept = asked.header("accept").unwrap_or("*/*");
    if accept.split(',').any(|kind| known(media_type(kind))) {
        return Ok(());
    }
    Err(Problem::new(406, 1052, "The requested media type is not supported."))
}

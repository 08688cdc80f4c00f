//! Columns, rows, their order and hierarchy: a sheet is a tree whose nodes hold values by column.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use connectors_core::{ErrorKind, Result};
use connectors_mock::MockSmartsheet;
use connectors_smartsheet::{
    CellInput, CellWrite, ColumnId, ColumnType, ColumnUpdate, NewColumn, NewRow, NewSheet, RowId, RowLocation,
    RowUpdate, SheetId, SortCriterion, WriteResult,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{cases, kind, pick, run};

const INVALID: Option<ErrorKind> = Some(ErrorKind::InvalidRequest);
const OPTIONS: [&str; 2] = ["a", "b"];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Date,
    Checkbox,
    Picklist,
}

#[derive(Debug, Clone, Copy)]
enum Input {
    Text(u8),
    Number(i8),
    Day(u8),
    Bool(bool),
    Option(u8),
    Nothing,
}

#[derive(Debug, Clone, PartialEq)]
enum Held {
    Text(String),
    Number(i8),
    Bool(bool),
}

#[derive(Debug, Clone, Copy)]
enum Where {
    Top,
    Bottom,
    First(u8),
    Last(u8),
    Below(u8),
    Above(u8),
}

#[derive(Debug, Clone)]
enum Step {
    AddColumns { titles: Vec<u8>, kind: Kind, index: u8 },
    Rename { column: u8, title: u8 },
    Retype { column: u8, kind: Kind, index: u8 },
    MoveColumn { column: u8, index: u8 },
    DeleteColumn { column: u8 },
    Add { rows: Vec<Vec<(u8, Input)>>, to: Option<Where>, partial: bool },
    Update { row: u8, cells: Vec<(u8, Input)> },
    Move { rows: Vec<u8>, to: Where },
    Indent { row: u8 },
    Outdent { row: u8 },
    Delete { rows: Vec<u8>, ignore: bool },
    Sort { column: u8, descending: bool },
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Text), Just(Kind::Date), Just(Kind::Checkbox), Just(Kind::Picklist)]
}

fn inputs() -> impl Strategy<Value = Input> {
    prop_oneof![
        (0..5_u8).prop_map(Input::Text),
        any::<i8>().prop_map(Input::Number),
        (1..29_u8).prop_map(Input::Day),
        any::<bool>().prop_map(Input::Bool),
        (0..3_u8).prop_map(Input::Option),
        Just(Input::Nothing),
    ]
}

fn places() -> impl Strategy<Value = Where> {
    let row = 0..12_u8;
    prop_oneof![
        Just(Where::Top),
        Just(Where::Bottom),
        row.clone().prop_map(Where::First),
        row.clone().prop_map(Where::Last),
        row.clone().prop_map(Where::Below),
        row.prop_map(Where::Above),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let (column, row) = (0..6_u8, 0..12_u8);
    // Mostly what fits the first column.
    let cell = || prop_oneof![2 => (Just(0_u8), (0..5_u8).prop_map(Input::Text)), 1 => (0..6_u8, inputs())];
    let cells = move || vec(cell(), 0..3);
    prop_oneof![
        1 => (vec(0..6_u8, 1..3), kinds(), 0..7_u8)
            .prop_map(|(titles, kind, index)| Step::AddColumns { titles, kind, index }),
        1 => (column.clone(), 0..6_u8).prop_map(|(column, title)| Step::Rename { column, title }),
        1 => (column.clone(), kinds(), 0..7_u8).prop_map(|(column, kind, index)| Step::Retype { column, kind, index }),
        1 => (column.clone(), 0..7_u8).prop_map(|(column, index)| Step::MoveColumn { column, index }),
        1 => column.clone().prop_map(|column| Step::DeleteColumn { column }),
        6 => (vec(cells(), 1..4), proptest::option::of(places()), any::<bool>())
            .prop_map(|(rows, to, partial)| Step::Add { rows, to, partial }),
        3 => (row.clone(), cells()).prop_map(|(row, cells)| Step::Update { row, cells }),
        6 => (vec(row.clone(), 1..4), places()).prop_map(|(rows, to)| Step::Move { rows, to }),
        2 => row.clone().prop_map(|row| Step::Indent { row }),
        2 => row.clone().prop_map(|row| Step::Outdent { row }),
        2 => (vec(row, 1..3), any::<bool>()).prop_map(|(rows, ignore)| Step::Delete { rows, ignore }),
        1 => (column, any::<bool>()).prop_map(|(column, descending)| Step::Sort { column, descending }),
    ]
}

#[derive(Debug, Clone)]
struct Node {
    id: RowId,
    cells: BTreeMap<ColumnId, Held>,
    below: Vec<Node>,
}

#[derive(Debug, Clone)]
struct Column {
    id: ColumnId,
    title: String,
    kind: Kind,
    primary: bool,
}

struct Model {
    mock: MockSmartsheet,
    sheet: SheetId,
    columns: Vec<Column>,
    rows: Vec<Node>,
    version: u64,
}

/// The rows in the order of the sheet, each with its parent.
fn flat<'a>(rows: &'a [Node], parent: Option<RowId>, into: &mut Vec<(&'a Node, Option<RowId>)>) {
    for row in rows {
        into.push((row, parent));
        flat(&row.below, Some(row.id), into);
    }
}

fn ids(rows: &[Node]) -> Vec<RowId> {
    let mut all = Vec::new();
    flat(rows, None, &mut all);
    all.into_iter().map(|(row, _)| row.id).collect()
}

/// The level that a row is on, and its place there.
fn level(rows: &mut Vec<Node>, id: RowId) -> Option<(&mut Vec<Node>, usize)> {
    if let Some(at) = rows.iter().position(|row| row.id == id) {
        return Some((rows, at));
    }
    rows.iter_mut().find_map(|row| level(&mut row.below, id))
}

fn node(rows: &mut Vec<Node>, id: RowId) -> Option<&mut Node> {
    level(rows, id).map(|(level, at)| &mut level[at])
}

/// Puts a row where it goes, after `earlier` of the same request; false where there is no such place.
fn put(rows: &mut Vec<Node>, row: Node, to: RowLocation, earlier: Option<RowId>) -> bool {
    let (level, mut at) = match to {
        RowLocation::Top => (rows, 0),
        RowLocation::Bottom => {
            let end = rows.len();
            (rows, end)
        }
        RowLocation::FirstChildOf(parent) => match node(rows, parent) {
            Some(parent) => (&mut parent.below, 0),
            None => return false,
        },
        RowLocation::LastChildOf(parent) => match node(rows, parent) {
            Some(parent) => {
                let end = parent.below.len();
                (&mut parent.below, end)
            }
            None => return false,
        },
        RowLocation::Below(sibling) | RowLocation::Above(sibling) => match level(rows, sibling) {
            Some((level, at)) => (level, at + usize::from(to == RowLocation::Below(sibling))),
            None => return false,
        },
        _ => return false,
    };
    if let Some(earlier) = level.iter().position(|row| Some(row.id) == earlier) {
        at = earlier + 1;
    }
    level.insert(at, row);
    true
}

fn written(kind: Kind, input: Input) -> std::result::Result<Option<Held>, ()> {
    Ok(Some(match (kind, input) {
        (Kind::Checkbox, Input::Nothing) => Held::Bool(false),
        (_, Input::Nothing) => return Ok(None),
        (Kind::Text, Input::Text(n)) => Held::Text(format!("t{n}")),
        (Kind::Text, Input::Number(n)) => Held::Number(n),
        (Kind::Text | Kind::Date, Input::Day(day)) => Held::Text(format!("2026-05-{day:02}")),
        (Kind::Text, Input::Option(n)) => Held::Text(["a", "b", "c"][usize::from(n)].to_owned()),
        // A text column takes any literal.
        (Kind::Text | Kind::Checkbox, Input::Bool(checked)) => Held::Bool(checked),
        (Kind::Picklist, Input::Option(n)) => Held::Text((*OPTIONS.get(usize::from(n)).ok_or(())?).to_owned()),
        _ => return Err(()),
    }))
}

fn input(input: Input) -> CellInput {
    match input {
        Input::Text(n) => format!("t{n}").into(),
        Input::Number(n) => i64::from(n).into(),
        Input::Day(day) => chrono::NaiveDate::from_ymd_opt(2026, 5, u32::from(day)).unwrap().into(),
        Input::Bool(checked) => checked.into(),
        Input::Option(n) => ["a", "b", "c"][usize::from(n)].into(),
        Input::Nothing => CellInput::clear(),
    }
}

fn column_type(kind: Kind) -> ColumnType {
    match kind {
        Kind::Text => ColumnType::TextNumber,
        Kind::Date => ColumnType::Date,
        Kind::Checkbox => ColumnType::Checkbox,
        Kind::Picklist => ColumnType::Picklist,
    }
}

/// Numbers before texts, blanks last whichever way it goes.
fn order(a: Option<&Held>, b: Option<&Held>, descending: bool) -> Ordering {
    let rank = |held: &Held| match held {
        Held::Number(n) => (0, *n, String::new()),
        Held::Text(text) => (1, 0, text.to_lowercase()),
        Held::Bool(checked) => (1, 0, checked.to_string()),
    };
    match (a, b) {
        (Some(a), Some(b)) if descending => rank(b).cmp(&rank(a)),
        (Some(a), Some(b)) => rank(a).cmp(&rank(b)),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

fn sort(rows: &mut [Node], column: ColumnId, descending: bool) {
    rows.sort_by(|a, b| order(a.cells.get(&column), b.cells.get(&column), descending));
    for row in rows {
        sort(&mut row.below, column, descending);
    }
}

impl Model {
    async fn new() -> Self {
        let mock = MockSmartsheet::new();
        let columns = [("C0", Kind::Text), ("C1", Kind::Date), ("C2", Kind::Checkbox), ("C3", Kind::Picklist)];
        let new = columns.map(|(title, kind)| new_column(title, kind).primary(title == "C0"));
        let new = NewSheet::with_columns("Model", new);
        let sheet = mock.client().sheets().create_in_workspace(mock.workspace_id(), new).await.unwrap().result.id;
        let listed = mock.client().columns().list(sheet).await.unwrap();
        let columns = listed.into_iter().zip(columns).map(|(column, (title, kind))| {
            assert_eq!(column.title, title);
            Column { id: column.id, title: column.title, kind, primary: title == "C0" }
        });
        let columns = columns.collect();
        let version = mock.client().sheets().version(sheet).await.unwrap();
        Self { mock, sheet, columns, rows: Vec::new(), version }
    }

    fn column(&self, number: u8) -> ColumnId {
        pick(&self.columns.iter().map(|column| column.id).collect::<Vec<_>>(), number, ColumnId::new(7))
    }

    fn place(&self, number: u8) -> Option<usize> {
        let id = self.column(number);
        self.columns.iter().position(|column| column.id == id)
    }

    fn row(&self, number: u8) -> RowId {
        pick(&ids(&self.rows), number, RowId::new(7))
    }

    fn location(&self, to: Where) -> RowLocation {
        match to {
            Where::Top => RowLocation::Top,
            Where::Bottom => RowLocation::Bottom,
            Where::First(row) => RowLocation::FirstChildOf(self.row(row)),
            Where::Last(row) => RowLocation::LastChildOf(self.row(row)),
            Where::Below(row) => RowLocation::Below(self.row(row)),
            Where::Above(row) => RowLocation::Above(self.row(row)),
        }
    }

    fn rows_of(&self, numbers: &[u8]) -> Vec<RowId> {
        let mut rows = Vec::new();
        for row in numbers.iter().map(|number| self.row(*number)) {
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
        rows
    }

    /// What a row holds when these are written to it; nothing where it is refused.
    fn cells(&self, cells: &[(u8, Input)], held: &BTreeMap<ColumnId, Held>) -> Option<BTreeMap<ColumnId, Held>> {
        let mut held = held.clone();
        let mut seen = Vec::new();
        for (column, input) in cells {
            let column = &self.columns[self.place(*column)?];
            if seen.contains(&column.id) {
                return None;
            }
            seen.push(column.id);
            match written(column.kind, *input).ok()? {
                Some(value) => held.insert(column.id, value),
                None => held.remove(&column.id),
            };
        }
        Some(held)
    }

    fn writes(&self, cells: &[(u8, Input)]) -> Vec<CellWrite> {
        cells.iter().map(|(column, value)| CellWrite::value(self.column(*column), input(*value))).collect()
    }

    /// Every change gives a higher version, and a refusal none.
    fn wrote<T>(&mut self, outcome: Result<WriteResult<T>>) -> T {
        let written = outcome.unwrap();
        self.version_is_higher(written.version.unwrap());
        written.result
    }

    fn version_is_higher(&mut self, version: u64) {
        assert!(version > self.version, "{version} after {}", self.version);
        self.version = version;
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of step")]
    async fn step(&mut self, step: &Step) {
        let (client, sheet) = (self.mock.client().clone(), self.sheet);
        let (columns, rows) = (client.columns(), client.rows());
        match step {
            Step::AddColumns { titles, kind: of, index } => {
                let new: Vec<_> = titles.iter().map(|title| new_column(&format!("C{title}"), *of)).collect();
                let fresh = |title: &String| self.columns.iter().all(|column| column.title != *title);
                let twice = titles.len() == 2 && titles[0] == titles[1];
                let valid = !twice && new.iter().all(|column| fresh(&column.title));
                let added = columns.add(sheet, u32::from(*index), new.clone()).await;
                if !valid {
                    return assert_eq!(kind(&added), INVALID);
                }
                let at = usize::from(*index).min(self.columns.len());
                let added = self.wrote(added).into_iter().zip(new);
                let added =
                    added.map(|(made, new)| Column { id: made.id, title: new.title, kind: *of, primary: false });
                self.columns.splice(at..at, added);
            }
            Step::Rename { column, title } => {
                let title = format!("C{title}");
                let renamed = columns.update(sheet, self.column(*column), ColumnUpdate::new().title(&title)).await;
                let Some(at) = self.place(*column) else {
                    return assert_eq!(kind(&renamed), Some(ErrorKind::NotFound));
                };
                let taken = self.columns.iter().enumerate().any(|(other, held)| other != at && held.title == title);
                if taken {
                    return assert_eq!(kind(&renamed), INVALID);
                }
                assert_eq!(self.wrote(renamed).title, title);
                self.columns[at].title = title;
            }
            Step::Retype { column, kind: to, index } => {
                let mut update = ColumnUpdate::new().column_type(u32::from(*index), column_type(*to));
                if *to == Kind::Picklist {
                    update = update.options(OPTIONS);
                }
                // The primary column is one of text.
                if self.place(*column).is_some_and(|at| self.columns[at].primary) {
                    return;
                }
                let retyped = columns.update(sheet, self.column(*column), update).await;
                let Some(at) = self.place(*column) else {
                    return assert_eq!(kind(&retyped), Some(ErrorKind::NotFound));
                };
                assert_eq!(self.wrote(retyped).column_type, column_type(*to));
                self.columns[at].kind = *to;
                self.reorder(at, *index);
            }
            Step::MoveColumn { column, index } => {
                let update = ColumnUpdate::new().index(u32::from(*index));
                let moved = columns.update(sheet, self.column(*column), update).await;
                let Some(at) = self.place(*column) else { return assert_eq!(kind(&moved), Some(ErrorKind::NotFound)) };
                self.wrote(moved);
                self.reorder(at, *index);
            }
            Step::DeleteColumn { column } => {
                let deleted = columns.delete(sheet, self.column(*column)).await;
                match self.place(*column) {
                    None => assert_eq!(kind(&deleted), Some(ErrorKind::NotFound)),
                    Some(at) if self.columns[at].primary => assert_eq!(kind(&deleted), INVALID),
                    Some(at) => {
                        deleted.unwrap();
                        self.columns.remove(at);
                        let version = client.sheets().version(sheet).await.unwrap();
                        self.version_is_higher(version);
                    }
                }
            }
            Step::Add { rows: new, to, partial } => {
                let location = to.map(|to| self.location(to));
                let checked: Vec<_> = new.iter().map(|cells| self.cells(cells, &BTreeMap::new())).collect();
                let request = rows.add(sheet, new.iter().map(|cells| NewRow::new(self.writes(cells))));
                let request = location.into_iter().fold(request, connectors_smartsheet::AddRows::location);
                let request = if *partial { request.allow_partial_success() } else { request };
                let added = request.await;
                let mut after = self.rows.clone();
                let nowhere = !put(&mut after, blank(1), location.unwrap_or(RowLocation::Bottom), None);
                // Two cells of one column are refused before anything is sent, whatever else may be written.
                if (nowhere || checked.contains(&None)) && (!partial || added.is_err()) {
                    return assert_eq!(kind(&added), INVALID);
                }
                let added = added.unwrap();
                let failed: Vec<_> = added.failed_items.iter().map(|item| item.index).collect();
                let bad = |at: usize| nowhere || checked[at].is_none();
                assert_eq!(failed, (0..new.len()).filter(|at| bad(*at)).collect::<Vec<_>>());
                let good: Vec<_> = checked.into_iter().filter(|_| !nowhere).flatten().collect();
                assert_eq!(added.result.len(), good.len());
                if good.is_empty() {
                    return;
                }
                let mut earlier = None;
                for (made, cells) in self.wrote(Ok(added)).into_iter().zip(good) {
                    let row = Node { id: made.id, cells, below: Vec::new() };
                    assert!(put(&mut self.rows, row, location.unwrap_or(RowLocation::Bottom), earlier));
                    earlier = Some(made.id);
                }
            }
            Step::Update { row, cells } => {
                let id = self.row(*row);
                let before = node(&mut self.rows, id).map(|row| row.cells.clone());
                let after = before.and_then(|held| self.cells(cells, &held));
                let updated = rows.update(sheet, [RowUpdate::new(id, self.writes(cells))]).await;
                let Some(after) = after else { return assert_eq!(kind(&updated), INVALID) };
                self.wrote(updated);
                node(&mut self.rows, id).unwrap().cells = after;
            }
            Step::Move { rows: moved, to } => {
                let (ids, location) = (self.rows_of(moved), self.location(*to));
                let outcome = rows.update(sheet, ids.iter().map(|id| RowUpdate::new(*id, []))).location(location).await;
                let mut after = self.rows.clone();
                let mut earlier = None;
                for id in ids {
                    let taken = level(&mut after, id).map(|(level, at)| level.remove(at));
                    let placed = taken.is_some_and(|row| put(&mut after, row, location, earlier));
                    if !placed {
                        return assert_eq!(kind(&outcome), INVALID, "{id} to {location:?}");
                    }
                    earlier = Some(id);
                }
                self.wrote(outcome);
                self.rows = after;
            }
            Step::Indent { row } => {
                let id = self.row(*row);
                let outcome = rows.update(sheet, [RowUpdate::new(id, [])]).location(RowLocation::Indent).await;
                let Some((level, at)) = level(&mut self.rows, id) else { return assert_eq!(kind(&outcome), INVALID) };
                if at > 0 {
                    let row = level.remove(at);
                    level[at - 1].below.push(row);
                }
                self.wrote(outcome);
            }
            Step::Outdent { row } => {
                let id = self.row(*row);
                let outcome = rows.update(sheet, [RowUpdate::new(id, [])]).location(RowLocation::Outdent).await;
                let mut all = Vec::new();
                flat(&self.rows, None, &mut all);
                let Some(parent) = all.iter().find(|(row, _)| row.id == id).map(|(_, parent)| *parent) else {
                    return assert_eq!(kind(&outcome), INVALID);
                };
                if let Some(parent) = parent {
                    let (siblings, at) = level(&mut self.rows, id).unwrap();
                    let mut followers = siblings.split_off(at);
                    let mut row = followers.remove(0);
                    row.below.append(&mut followers);
                    let (above, at) = level(&mut self.rows, parent).unwrap();
                    above.insert(at + 1, row);
                }
                self.wrote(outcome);
            }
            Step::Delete { rows: gone, ignore } => {
                let gone = self.rows_of(gone);
                let request = rows.delete(sheet, gone.clone());
                let deleted = if *ignore { request.ignore_not_found() } else { request }.await;
                let there = ids(&self.rows);
                if !ignore && gone.iter().any(|id| !there.contains(id)) {
                    return assert_eq!(kind(&deleted), Some(ErrorKind::NotFound));
                }
                for id in &gone {
                    if let Some((level, at)) = level(&mut self.rows, *id) {
                        level.remove(at);
                    }
                }
                let left = ids(&self.rows);
                let mut expected: Vec<_> = there.iter().filter(|id| !left.contains(id)).copied().collect();
                let mut told = if expected.is_empty() { deleted.unwrap().result } else { self.wrote(deleted) };
                expected.sort();
                told.sort();
                assert_eq!(told, expected);
            }
            Step::Sort { column, descending } => {
                let id = self.column(*column);
                let by = if *descending { SortCriterion::descending(id) } else { SortCriterion::ascending(id) };
                let sorted = client.sheets().sort(sheet, [by]).await;
                if self.place(*column).is_none() {
                    return assert_eq!(kind(&sorted), INVALID);
                }
                sort(&mut self.rows, id, *descending);
                self.version_is_higher(sorted.unwrap().version.unwrap());
            }
        }
    }

    fn reorder(&mut self, at: usize, index: u8) {
        let column = self.columns.remove(at);
        self.columns.insert(usize::from(index).min(self.columns.len()), column);
    }

    /// What the API lists, and what the fake shows.
    async fn check(&self) {
        let read = self.mock.client().sheets().get(self.sheet).await.unwrap();
        assert_eq!(read.version, Some(self.version));
        let titles: Vec<_> = self.columns.iter().map(|column| column.title.clone()).collect();
        assert_eq!(read.columns.iter().map(|column| column.title.clone()).collect::<Vec<_>>(), titles);
        let fake = self.mock.fake();
        let sheets = fake.sheets();
        let shown = sheets.iter().find(|sheet| sheet.id == self.sheet).unwrap();
        assert_eq!((&shown.columns, shown.version), (&titles, self.version));
        let mut rows = Vec::new();
        flat(&self.rows, None, &mut rows);
        let read: Vec<_> = read.rows.iter().map(|row| (row.id, row.row_number as usize, row.parent_id)).collect();
        let expected: Vec<_> = rows.iter().zip(1..).map(|((row, parent), number)| (row.id, number, *parent)).collect();
        assert_eq!(read, expected);
        let held: Vec<_> = fake.rows(self.sheet).into_iter().map(|row| (row.id, row.cells)).collect();
        let cells = |node: &Node| {
            let title = |id: &ColumnId| self.columns.iter().find(|column| column.id == *id).map(|c| c.title.clone());
            node.cells.iter().filter_map(|(id, held)| Some((title(id)?, shown_as(held)))).collect::<BTreeMap<_, _>>()
        };
        assert_eq!(held, rows.iter().map(|(row, _)| (row.id, cells(row))).collect::<Vec<_>>());
    }
}

fn shown_as(held: &Held) -> String {
    match held {
        Held::Text(text) => text.clone(),
        Held::Number(number) => number.to_string(),
        Held::Bool(checked) => checked.to_string(),
    }
}

fn blank(id: i64) -> Node {
    Node { id: RowId::new(id), cells: BTreeMap::new(), below: Vec::new() }
}

fn new_column(title: &str, kind: Kind) -> NewColumn {
    let column = NewColumn::new(title, column_type(kind));
    if kind == Kind::Picklist { column.options(OPTIONS) } else { column }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn a_sheet_is_the_tree_that_its_steps_make(steps in vec(steps(), 1..40)) {
        run(async {
            let mut model = Model::new().await;
            for step in &steps {
                model.step(step).await;
            }
            model.check().await;
        });
    }
}

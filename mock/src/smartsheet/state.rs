//! What the fake holds.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use connectors_core::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::problem::Problem;
use super::seed::Seeded;
use super::{
    attachments, automation_rules, cell_history, contacts, cross_sheet_references, dashboards, discussions, events,
    favorites, filters, governance, groups, images, proofs, reports, shares, sheet_settings, summaries, tokens,
    update_requests, users, webhooks,
};

/// A word of Smartsheet's.
pub(super) type Word = Cow<'static, str>;

/// Where a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Place {
    Home,
    Folder(i64),
    Workspace(i64),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Container {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) source: Option<i64>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) modified_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sheet {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) place: Place,
    /// A template: sheets are made from it, but it cannot be read like one.
    pub(super) template: bool,
    pub(super) source: Option<i64>,
    pub(super) version: u64,
    pub(super) created_at: DateTime<Utc>,
    pub(super) modified_at: DateTime<Utc>,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) kind: String,
    pub(super) primary: bool,
    /// Options, symbol, width and the like, as they were given.
    pub(super) extras: Map<String, Value>,
}

impl Column {
    pub(super) fn is_system(&self) -> bool {
        self.extras.contains_key("systemColumnType")
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) parent: Option<i64>,
    pub(super) expanded: bool,
    pub(super) locked: bool,
    pub(super) format: Option<String>,
    pub(super) version: u64,
    pub(super) created_at: DateTime<Utc>,
    pub(super) modified_at: DateTime<Utc>,
    /// By column. What never held anything is not there.
    pub(super) cells: BTreeMap<i64, Cell>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cell {
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "set")]
    pub(super) value: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) display: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "set")]
    pub(super) object: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) formula: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "set")]
    pub(super) hyperlink: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "set")]
    pub(super) link: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "set")]
    pub(super) image: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) format: Option<String>,
}

/// What is there, though it be null.
fn set<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(source).map(Some)
}

impl Row {
    /// A row that nothing was written to yet.
    pub(super) fn new(id: i64, at: DateTime<Utc>) -> Self {
        Self {
            id,
            parent: None,
            expanded: true,
            locked: false,
            format: None,
            version: 0,
            created_at: at,
            modified_at: at,
            cells: BTreeMap::new(),
        }
    }
}

impl Sheet {
    pub(super) fn column(&self, id: i64) -> Option<&Column> {
        self.columns.iter().find(|column| column.id == id)
    }

    pub(super) fn column_titled(&self, title: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.title == title)
    }

    /// Where a row is, from 0.
    pub(super) fn position(&self, row: i64) -> Option<usize> {
        self.rows.iter().position(|held| held.id == row)
    }

    pub(super) fn touched(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.modified_at = now;
    }
}

/// Everything, and the source of new ids.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    #[serde(with = "random")]
    random: fastrand::Rng,
    #[serde(with = "random")]
    references: fastrand::Rng,
    used: BTreeSet<i64>,
    pub(super) workspaces: Vec<Container>,
    pub(super) folders: Vec<Container>,
    pub(super) sheets: BTreeMap<i64, Sheet>,
    /// The order in which sheets appeared: that of every list.
    pub(super) order: Vec<i64>,
    pub(super) attachments: attachments::Store,
    pub(super) automation_rules: automation_rules::Store,
    pub(super) cell_history: cell_history::Store,
    pub(super) contacts: contacts::Store,
    pub(super) cross_sheet_references: cross_sheet_references::Store,
    pub(super) dashboards: dashboards::Store,
    pub(super) discussions: discussions::Store,
    pub(super) events: events::Store,
    pub(super) favorites: favorites::Store,
    pub(super) filters: filters::Store,
    pub(super) governance: governance::Store,
    pub(super) groups: groups::Store,
    pub(super) images: images::Store,
    pub(super) proofs: proofs::Store,
    pub(super) reports: reports::Store,
    pub(super) shares: shares::Store,
    pub(super) sheet_settings: sheet_settings::Store,
    pub(super) summaries: summaries::Store,
    pub(super) tokens: tokens::Store,
    pub(super) update_requests: update_requests::Store,
    pub(super) users: users::Store,
    pub(super) webhooks: webhooks::Store,
    /// The ids of what is there from the beginning.
    pub(super) seeded: Seeded,
    /// No page of a list by token holds more.
    pub(super) page_cap: usize,
    /// The code of an answer with status 500.
    pub(super) failure_code: u32,
}

impl State {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: fastrand::Rng::with_seed(seed),
            references: fastrand::Rng::with_seed(!seed),
            used: BTreeSet::new(),
            workspaces: Vec::new(),
            folders: Vec::new(),
            sheets: BTreeMap::new(),
            order: Vec::new(),
            attachments: attachments::Store::default(),
            automation_rules: automation_rules::Store::default(),
            cell_history: cell_history::Store::default(),
            contacts: contacts::Store::default(),
            cross_sheet_references: cross_sheet_references::Store::default(),
            dashboards: dashboards::Store::default(),
            discussions: discussions::Store::default(),
            events: events::Store::default(),
            favorites: favorites::Store::default(),
            filters: filters::Store::default(),
            governance: governance::Store::default(),
            groups: groups::Store::default(),
            images: images::Store::default(),
            proofs: proofs::Store::default(),
            reports: reports::Store::default(),
            shares: shares::Store::default(),
            sheet_settings: sheet_settings::Store::default(),
            summaries: summaries::Store::default(),
            tokens: tokens::Store::default(),
            update_requests: update_requests::Store::default(),
            users: users::Store::default(),
            webhooks: webhooks::Store::default(),
            seeded: Seeded::default(),
            page_cap: usize::MAX,
            failure_code: 4002,
        }
    }

    /// Whether things are where they can be: what is read from outside may be in itself.
    pub(super) fn check(&self) -> connectors_core::Result<()> {
        let folders: BTreeMap<_, _> = self.folders.iter().map(|folder| (folder.id, folder.place)).collect();
        for (at, folder) in self.folders.iter().enumerate() {
            let around = |place: &Place| if let Place::Folder(id) = place { folders.get(id).copied() } else { None };
            if std::iter::successors(Some(folder.place), around).nth(folders.len()).is_some() {
                return Err(Error::invalid(format!("state.folders[{at}].place"), "the folder is in itself"));
            }
        }
        for sheet in self.sheets.values() {
            let mut above = BTreeSet::new();
            for (at, row) in sheet.rows.iter().enumerate() {
                if row.parent.is_some_and(|parent| !above.contains(&parent)) {
                    let field = format!("state.sheets.{}.rows[{at}].parent", sheet.id);
                    return Err(Error::invalid(field, "the parent is not above the row"));
                }
                above.insert(row.id);
            }
        }
        Ok(())
    }

    /// Sixteen digits, never two the same, and below 2^53.
    pub(super) fn new_id(&mut self) -> i64 {
        loop {
            let id = self.random.i64(1_000_000_000_000_000..9_000_000_000_000_000);
            if self.used.insert(id) {
                return id;
            }
        }
    }

    /// What Smartsheet's support is asked about. Of a source of its own: refusals must not change the ids to come.
    pub(super) fn reference(&mut self) -> String {
        (0..12).map(|_| self.references.char('a'..='z')).collect()
    }

    pub(super) fn sheet(&self, id: i64) -> Result<&Sheet, Problem> {
        self.sheets.get(&id).filter(|sheet| !sheet.template).ok_or_else(Problem::not_found)
    }

    pub(super) fn sheet_mut(&mut self, id: i64) -> Result<&mut Sheet, Problem> {
        self.sheets.get_mut(&id).filter(|sheet| !sheet.template).ok_or_else(Problem::not_found)
    }

    pub(super) fn insert(&mut self, sheet: Sheet) {
        self.order.push(sheet.id);
        self.sheets.insert(sheet.id, sheet);
    }

    /// The sheets, templates not among them, in the order in which they appeared.
    pub(super) fn sheets_in_order(&self) -> impl Iterator<Item = &Sheet> {
        self.order.iter().filter_map(|id| self.sheets.get(id))
    }

    pub(super) fn folder(&self, id: i64) -> Result<&Container, Problem> {
        self.folders.iter().find(|folder| folder.id == id).ok_or_else(Problem::not_found)
    }

    pub(super) fn workspace(&self, id: i64) -> Result<&Container, Problem> {
        self.workspaces.iter().find(|workspace| workspace.id == id).ok_or_else(Problem::not_found)
    }

    pub(super) fn check_place(&self, place: Place) -> Result<(), Problem> {
        let exists = match place {
            Place::Home => true,
            Place::Folder(id) => self.folders.iter().any(|folder| folder.id == id),
            Place::Workspace(id) => self.workspaces.iter().any(|workspace| workspace.id == id),
        };
        if exists { Ok(()) } else { Err(Problem::not_found()) }
    }
}

/// Where a source of random numbers stands.
pub(super) mod random {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(random: &fastrand::Rng, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_u64(random.get_seed())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<fastrand::Rng, D::Error> {
        u64::deserialize(source).map(fastrand::Rng::with_seed)
    }
}

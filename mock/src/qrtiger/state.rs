//! What the fake holds.

use std::cell::RefCell;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use connectors_core::{Error, Result};
use serde::{Deserialize, Serialize};

use super::scans::{self, Past, Scan};
use super::uploads::FakeUpload;
use super::visits::Visits;
use crate::snapshot::is_of_our_time;

pub(super) const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// A dynamic code of the fake.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FakeCode {
    /// Its id: six upper-case letters and digits.
    pub id: String,
    /// Its name in the dashboard; empty until it is given one.
    pub name: String,
    /// `url`, `text` or `Vcard`.
    pub category: String,
    /// Where it leads, or what it holds.
    pub destination: String,
    /// How it looks, as JSON text.
    pub design: String,
    /// Whether somebody archived it in the dashboard.
    pub archived: bool,
    /// Whether the provider has blocked it.
    pub blocked: bool,
    /// Whether it asks for a password.
    pub locked: bool,
    /// When it stops working.
    pub expires_at: Option<DateTime<Utc>>,
    /// After how many scans it stops working.
    pub expires_after_scans: Option<u64>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When its destination was.
    pub url_updated_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) seed: u64,
    pub(super) codes: Vec<FakeCode>,
    /// How many were ever made, and their ids, none of which comes back.
    made: u64,
    pub(super) ids: BTreeSet<String>,
    pub(super) uploads: Vec<FakeUpload>,
    /// Scans that somebody made, besides those that come by themselves.
    pub(super) visits: Visits,
    #[serde(skip)]
    past: RefCell<Past>,
    /// Whether codes are scanned by nobody but those who do.
    pub(super) is_quiet: bool,
    /// How many codes a page of the list has at most, whatever is asked for.
    pub(super) largest_page: usize,
    /// Where short links are served, once they are.
    pub(super) served_at: Option<String>,
}

impl State {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            codes: Vec::new(),
            made: 0,
            ids: BTreeSet::new(),
            is_quiet: false,
            uploads: Vec::new(),
            visits: Visits::default(),
            past: RefCell::default(),
            largest_page: usize::MAX,
            served_at: None,
        }
    }

    pub(super) fn create(&mut self, category: &str, destination: &str, now: DateTime<Utc>) -> FakeCode {
        let id = loop {
            let id = self.letters("code", self.made, 6);
            self.made += 1;
            if !self.ids.contains(&id) {
                break id;
            }
        };
        self.create_as(id, category, destination, now)
    }

    /// The same, with an id that no code has or had.
    pub(super) fn create_as(&mut self, id: String, category: &str, destination: &str, now: DateTime<Utc>) -> FakeCode {
        self.ids.insert(id.clone());
        let code = FakeCode {
            id,
            name: String::new(),
            category: category.to_owned(),
            destination: destination.to_owned(),
            design: "{}".to_owned(),
            archived: false,
            blocked: false,
            locked: false,
            expires_at: None,
            expires_after_scans: None,
            created_at: now,
            updated_at: now,
            url_updated_at: None,
        };
        self.codes.push(code.clone());
        code
    }

    pub(super) fn find(&mut self, id: &str) -> Option<&mut FakeCode> {
        // What was made last is asked for most.
        self.codes.iter_mut().rev().find(|code| code.id == id)
    }

    /// All scans of a code by now, the first one first.
    pub(super) fn scans(&self, code: &FakeCode, now: DateTime<Utc>) -> Vec<Scan> {
        let mut scans = Vec::new();
        if !self.is_quiet {
            scans.extend_from_slice(self.past.borrow_mut().scans(self.seed, &code.id, self.start(code), now));
        }
        scans.extend(self.visits.of(&code.id, now).cloned());
        scans.sort_by_key(|scan| scan.at);
        scans
    }

    /// How many they are.
    pub(super) fn scan_count(&self, code: &FakeCode, now: DateTime<Utc>) -> usize {
        let visits = self.visits.count(&code.id, now);
        if self.is_quiet {
            return visits;
        }
        visits + self.past.borrow_mut().count(self.seed, &code.id, self.start(code), now)
    }

    /// Since when a code has been scanned.
    fn start(&self, code: &FakeCode) -> DateTime<Utc> {
        code.created_at - scans::past(self.seed, &code.id)
    }

    /// Whether what was read can be gone on from; an error names what cannot be.
    pub(super) fn check(&self) -> Result<()> {
        for (at, code) in self.codes.iter().enumerate() {
            if !is_of_our_time(code.created_at) {
                return Err(Error::invalid(format!("state.codes[{at}].created_at"), "must be from 2000 to 2099"));
            }
        }
        if self.made > u64::from(u32::MAX) {
            return Err(Error::invalid("state.made", "is more than could be made"));
        }
        Ok(())
    }

    /// A habit of answering that this code has, true for one in `n`.
    pub(super) fn quirk(&self, code: &FakeCode, name: &str, n: u32) -> bool {
        scans::random(self.seed, &format!("{name}/{}", code.id), 0).u32(0..n) == 0
    }

    pub(super) fn letters(&self, kind: &str, number: u64, count: usize) -> String {
        let mut random = scans::random(self.seed, kind, number);
        (0..count).filter_map(|_| random.choice(ALPHABET)).map(|letter| char::from(*letter)).collect()
    }
}

//! Follows the requests while they come.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use connectors_mock::{Backend, Entry};
use serde::Serialize;

use crate::failure::Failure;

/// What the requests are read from, and what is made of them.
#[derive(Debug)]
pub struct Follower {
    services: Vec<Followed>,
    journal: Option<(PathBuf, BufWriter<File>)>,
}

#[derive(Debug)]
struct Followed {
    name: String,
    backend: Backend,
    /// The number of the request that comes next.
    next: u64,
}

/// A line of the journal.
#[derive(Serialize)]
struct Line<'a> {
    service: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'a Entry>,
    /// Requests that came too fast to be written down.
    #[serde(skip_serializing_if = "Option::is_none")]
    missed: Option<u64>,
}

impl Follower {
    /// Writes to the end of this file, if there is one.
    pub fn new(journal: Option<&Path>) -> Result<Self, Failure> {
        let open = |path: &Path| match File::options().create(true).append(true).open(path) {
            Ok(file) => Ok((path.to_owned(), BufWriter::new(file))),
            Err(problem) => Err(unwritable(path, &problem)),
        };
        Ok(Self { services: Vec::new(), journal: journal.map(open).transpose()? })
    }

    /// Follows the requests to this one, too.
    pub fn follow(&mut self, name: &str, backend: &Backend) {
        self.services.push(Followed { name: name.to_owned(), backend: backend.clone(), next: 1 });
    }

    /// Takes what has come since.
    pub fn go_on(&mut self) -> Result<(), Failure> {
        let written = self.services.iter_mut().try_for_each(|followed| {
            let requests = followed.backend.requests_since(followed.next);
            let journal = self.journal.as_mut().map(|(_, journal)| journal);
            followed.write(&requests, journal)
        });
        match (written, &self.journal) {
            (Err(problem), Some((path, _))) => Err(unwritable(path, &problem)),
            _ => Ok(()),
        }
    }
}

impl Followed {
    fn write(&mut self, requests: &[Arc<Entry>], journal: Option<&mut BufWriter<File>>) -> io::Result<()> {
        let Some(last) = requests.last() else { return Ok(()) };
        let next = std::mem::replace(&mut self.next, last.number + 1);
        let Some(journal) = journal else { return Ok(()) };
        let service = self.name.as_str();
        let missed = requests.first().map_or(0, |first| first.number.saturating_sub(next));
        if missed > 0 {
            line(journal, &Line { service, request: None, missed: Some(missed) })?;
        }
        for request in requests {
            line(journal, &Line { service, request: Some(request), missed: None })?;
        }
        journal.flush()
    }
}

fn line(journal: &mut BufWriter<File>, line: &Line<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *journal, line)?;
    journal.write_all(b"\n")
}

fn unwritable(path: &Path, problem: &io::Error) -> Failure {
    Failure::failed(format!(
        "the journal {} cannot be written: {problem}; name a file that can be, in a folder that is there",
        path.display()
    ))
}

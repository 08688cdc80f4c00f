//! The file that keeps what the services hold.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use connectors_core::{Error, ErrorKind, Result};
use serde_json::value::RawValue;

use super::lock;
use super::service::Service;

/// One JSON object, with a member for each service.
#[derive(Debug)]
pub(super) struct StateFile {
    path: PathBuf,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    members: BTreeMap<String, Box<RawValue>>,
    /// How far each service was when it was saved.
    revisions: BTreeMap<String, (u64, u64)>,
    /// Whether the file tells less than the members here.
    unwritten: bool,
}

impl StateFile {
    /// What is in the file, if it is there.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let members = match fs::read(path) {
            Ok(text) => {
                let members = serde_json::from_slice(&text).map_err(|problem| foreign(&problem.to_string()))?;
                // Any other file of JSON must not become one of ours.
                let members: BTreeMap<String, Box<RawValue>> = members;
                match members.iter().find(|(_, member)| !member.get().starts_with('{')) {
                    Some((name, _)) => return Err(foreign(&format!("its member {name} is no object"))),
                    None => members,
                }
            }
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(problem) => return Err(failed("read", &problem)),
        };
        let kept = Kept { members, ..Kept::default() };
        Ok(Self { path: path.to_owned(), kept: Mutex::new(kept) })
    }

    /// The service holds what the file tells, if it tells of it.
    pub(super) fn restore(&self, service: &Service) -> Result<()> {
        let kept = lock(&self.kept);
        // Others of its provider may still be to come.
        let names = [service.by_place(), service.provider().to_owned()];
        let Some((name, state)) = names.iter().find_map(|name| Some((name, kept.members.get(name)?))) else {
            return Ok(());
        };
        service.backend().load(state.get()).map_err(|problem| {
            let told = format!("the member {name} cannot be loaded: {}", problem.message());
            Error::new(ErrorKind::Storage, told).with_hint("remove it, or name another file, to begin anew")
        })
    }

    /// Writes what has changed, and whatever the file told of others.
    pub(super) fn save(&self, services: &[(String, Arc<Service>)]) -> Result<()> {
        let mut kept = lock(&self.kept);
        for (name, service) in services {
            // Before what it holds is read: what comes meanwhile is saved the next time.
            let revision = service.backend().revision();
            if kept.revisions.get(name) == Some(&revision) {
                continue;
            }
            let state = RawValue::from_string(service.backend().save()?);
            let state = state.map_err(|problem| Error::new(ErrorKind::Storage, format!("{name}: {problem}")))?;
            kept.unwritten |= kept.members.get(name).is_none_or(|known| known.get() != state.get());
            kept.members.insert(name.clone(), state);
            kept.revisions.insert(name.clone(), revision);
        }
        if kept.unwritten {
            let text = serde_json::to_vec(&kept.members).map_err(io::Error::from);
            let written = text.and_then(|text| replace(&self.path, &text));
            written.map_err(|problem| failed("written", &problem))?;
            kept.unwritten = false;
        }
        Ok(())
    }
}

fn foreign(problem: &str) -> Error {
    Error::new(ErrorKind::Storage, format!("this is not the state of a mock: {problem}"))
        .with_hint("name another file, or remove this one to begin anew")
}

/// The file is what it was, or all of this.
fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = fs::File::create(&beside)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

/// Without the path, which whoever named the file knows: an error masks whatever looks like a key.
fn failed(done: &str, problem: &io::Error) -> Error {
    Error::new(ErrorKind::Storage, format!("the state file cannot be {done}: {problem}"))
        .with_hint("check that its folder is there and may be written to")
}

#[cfg(all(test, feature = "smartsheet"))]
mod tests {
    #[test]
    fn what_is_answered_to_a_webhook_is_to_be_saved() {
        let mock = crate::MockSmartsheet::new();
        let before = mock.backend().revision();
        mock.backend().answered(1, None);
        assert_ne!(mock.backend().revision(), before);
    }
}

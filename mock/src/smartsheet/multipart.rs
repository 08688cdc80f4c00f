//! Uploads: a file alone, or beside an object in a body of several parts.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::asked::Asked;
use super::problem::Problem;
use crate::multipart::{self, Part};
use crate::snapshot::base64;

/// The largest file, in bytes.
const MAX_FILE: usize = 30 << 20;

/// A file as it arrived.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) mime: String,
    #[serde(with = "base64")]
    pub(super) bytes: Bytes,
}

impl File {
    fn new(name: String, mime: &str, bytes: Bytes) -> Result<Self, Problem> {
        if name.trim().is_empty() {
            return Err(Problem::bad(1011, "A required header was missing or invalid: Content-Disposition"));
        }
        if bytes.len() > MAX_FILE {
            return Err(Problem::bad(1031, "The file exceeds the maximum size of 30 MB."));
        }
        Ok(Self { name, mime: mime.to_owned(), bytes })
    }

    /// In units of 1024 bytes, as Smartsheet tells sizes.
    pub(super) fn kilobytes(&self) -> usize {
        self.bytes.len().div_ceil(1024)
    }
}

/// The file that a body is, or holds in its part of that name.
pub(super) fn file(asked: &Asked<'_>) -> Result<File, Problem> {
    if asked.content_type() == "multipart/form-data" {
        let mut parts = parts(asked)?;
        let file = parts.iter().position(|part| part.name == "file").map(|at| parts.swap_remove(at));
        return into_file(file.ok_or_else(|| missing("file"))?);
    }
    let kind = asked.content_type();
    if kind.is_empty() {
        return Err(Problem::bad(1011, "A required header was missing or invalid: Content-Type"));
    }
    let (name, bytes) = asked.file()?;
    File::new(name, kind, bytes)
}

/// The object called `part`, and the file beside it: as JSON alone there is none.
pub(super) fn object(asked: &Asked<'_>, part: &str) -> Result<(Value, Option<File>), Problem> {
    if asked.content_type() != "multipart/form-data" {
        return Ok((asked.json()?, None));
    }
    let (mut object, mut file) = (None, None);
    for held in parts(asked)? {
        if held.name == part && object.is_none() {
            if held.mime.as_deref() != Some("application/json") {
                return Err(Problem::new(415, 1124, "Invalid Content-Type header. Media type not supported."));
            }
            let read = serde_json::from_slice(&held.bytes).map_err(|_| Problem::bad(1008, "Unable to parse request."));
            object = Some(read?);
        } else if held.name == "file" && file.is_none() {
            file = Some(into_file(held)?);
        } else {
            return Err(Problem::bad(1126, format!("The part {} is not expected, or is there twice.", held.name)));
        }
    }
    let object = object.ok_or_else(|| missing(part))?;
    Ok((object, Some(file.ok_or_else(|| missing("file"))?)))
}

fn missing(part: &str) -> Problem {
    Problem::bad(1125, format!("A required part of the multipart request is missing: {part}."))
}

fn into_file(part: Part) -> Result<File, Problem> {
    File::new(part.file_name.unwrap_or_default(), &part.mime.unwrap_or_default(), part.bytes)
}

fn parts(asked: &Asked<'_>) -> Result<Vec<Part>, Problem> {
    let parts = multipart::parts(asked.request).filter(|parts| parts.iter().all(|part| part.mime.is_some()));
    parts.ok_or_else(|| Problem::bad(1128, "The multipart request is malformed."))
}

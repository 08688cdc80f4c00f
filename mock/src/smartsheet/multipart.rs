//! Uploads: a file alone, or beside an object in a body of several parts.

use bytes::Bytes;
use serde_json::Value;

use super::asked::{Asked, media_type};
use super::problem::Problem;

/// The largest file, in bytes.
const MAX_FILE: usize = 30 << 20;

/// A file as it arrived.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) mime: String,
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
        return file.ok_or_else(|| missing("file"))?.into_file();
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
            if held.mime != "application/json" {
                return Err(Problem::new(415, 1124, "Invalid Content-Type header. Media type not supported."));
            }
            let read = serde_json::from_slice(&held.bytes).map_err(|_| Problem::bad(1008, "Unable to parse request."));
            object = Some(read?);
        } else if held.name == "file" && file.is_none() {
            file = Some(held.into_file()?);
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

struct Part {
    name: String,
    file_name: Option<String>,
    mime: String,
    bytes: Bytes,
}

impl Part {
    fn into_file(self) -> Result<File, Problem> {
        File::new(self.file_name.unwrap_or_default(), &self.mime, self.bytes)
    }
}

fn parts(asked: &Asked<'_>) -> Result<Vec<Part>, Problem> {
    let broken = || Problem::bad(1128, "The multipart request is malformed.");
    let kind = asked.header("content-type").unwrap_or_default();
    let boundary = kind.split(';').find_map(|part| part.trim().strip_prefix("boundary=")).ok_or_else(broken)?;
    let (opening, delimiter) = (format!("--{boundary}"), format!("\r\n--{boundary}"));
    let body = asked.request.body();
    body.starts_with(opening.as_bytes()).then_some(()).ok_or_else(broken)?;
    let mut parts = Vec::new();
    let mut rest = body.slice(opening.len()..);
    loop {
        if rest.starts_with(b"--") {
            return Ok(parts);
        }
        rest.starts_with(b"\r\n").then_some(()).ok_or_else(broken)?;
        let head = position(&rest, b"\r\n\r\n").ok_or_else(broken)?;
        let end = position(&rest, delimiter.as_bytes()).filter(|end| *end >= head + 4).ok_or_else(broken)?;
        let headers = String::from_utf8_lossy(&rest.slice(2..head)).into_owned();
        parts.push(part(&headers, rest.slice(head + 4..end)).ok_or_else(broken)?);
        rest = rest.slice(end + delimiter.len()..);
    }
}

fn part(headers: &str, bytes: Bytes) -> Option<Part> {
    let header = |name: &str| {
        let lines = headers.lines().filter_map(|line| line.split_once(':'));
        lines.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    let disposition = header("content-disposition")?;
    let parameter = |name: &str| {
        let found = disposition.split(';').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))?;
        let text = percent_encoding::percent_decode_str(found.trim_matches('"'));
        Some(text.decode_utf8_lossy().into_owned())
    };
    let mime = media_type(header("content-type")?).to_owned();
    Some(Part { name: parameter("name")?, file_name: parameter("filename"), mime, bytes })
}

fn position(body: &[u8], wanted: &[u8]) -> Option<usize> {
    body.windows(wanted.len()).position(|window| window == wanted)
}

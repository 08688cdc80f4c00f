//! Bodies of several parts, taken apart.

use bytes::Bytes;
use connectors_core::HttpRequest;

use crate::fake;

/// One part, as it arrived.
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    /// What it says that it is, without parameters.
    pub(crate) mime: Option<String>,
    pub(crate) bytes: Bytes,
}

/// The parts of a body of `multipart/form-data`; `None` when it is none.
pub(crate) fn parts(request: &HttpRequest) -> Option<Vec<Part>> {
    let kind = fake::header(request, "content-type")?;
    let boundary = kind.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
    let (opening, delimiter) = (format!("--{boundary}"), format!("\r\n--{boundary}"));
    let body = request.body();
    body.starts_with(opening.as_bytes()).then_some(())?;
    let mut parts = Vec::new();
    let mut rest = body.slice(opening.len()..);
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        rest.starts_with(b"\r\n").then_some(())?;
        let head = position(&rest, b"\r\n\r\n")?;
        let end = position(&rest, delimiter.as_bytes()).filter(|end| *end >= head + 4)?;
        let headers = String::from_utf8_lossy(&rest.slice(2..head)).into_owned();
        parts.push(part(&headers, rest.slice(head + 4..end))?);
        rest = rest.slice(end + delimiter.len()..);
    }
}

fn part(headers: &str, bytes: Bytes) -> Option<Part> {
    let header = |name: &str| {
        let lines = headers.lines().filter_map(|line| line.split_once(':'));
        lines.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    let disposition = header("content-disposition")?;
    // In quotes, where names may hold a semicolon, and are without quotes of their own.
    let parameter = |name: &str| {
        let (_, rest) = disposition.split_once(&format!("; {name}=\""))?;
        let text = percent_encoding::percent_decode_str(rest.split_once('"')?.0);
        Some(text.decode_utf8_lossy().into_owned())
    };
    let mime = header("content-type").map(|kind| kind.split(';').next().unwrap_or_default().trim().to_owned());
    Some(Part { name: parameter("name")?, file_name: parameter("filename"), mime, bytes })
}

fn position(body: &[u8], wanted: &[u8]) -> Option<usize> {
    body.windows(wanted.len()).position(|window| window == wanted)
}

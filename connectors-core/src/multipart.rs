//! Bodies of several parts, one of which is a file.

use std::collections::hash_map::RandomState;
use std::fmt::{self, Debug, Write as _};
use std::hash::{BuildHasher, Hasher};

use bytes::Bytes;
use http::HeaderValue;

/// The types of what is uploaded most, by the ends of their names.
const TYPES: [(&str, &str); 30] = [
    ("avi", "video/x-msvideo"),
    ("bmp", "image/bmp"),
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("flv", "video/x-flv"),
    ("gif", "image/gif"),
    ("heic", "image/heic"),
    ("html", "text/html"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("md", "text/markdown"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("svg", "image/svg+xml"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("txt", "text/plain"),
    ("webp", "image/webp"),
    ("wmv", "video/x-ms-wmv"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

/// What a file is, by the end of its name.
pub fn media_type(file_name: &str) -> HeaderValue {
    let end = file_name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    let known = TYPES.iter().find(|(known, _)| *known == end);
    HeaderValue::from_static(known.map_or("application/octet-stream", |(_, kind)| kind))
}

/// 32 hexadecimal digits that are new each time, and that nobody knows in advance.
pub fn unguessable() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", random(), random())
}

/// What parts the parts of one body. Nobody can put it into a file, to add a part of their own.
#[derive(Debug, Clone)]
pub struct Boundary(String);

impl Boundary {
    /// A new one.
    #[expect(clippy::new_without_default, reason = "no two are the same")]
    pub fn new() -> Self {
        Self(format!("connectors-{}", unguessable()))
    }

    /// What the body says that it is.
    pub fn content_type(&self) -> HeaderValue {
        let kind = HeaderValue::from_str(&format!("multipart/form-data; boundary={}", self.0));
        kind.unwrap_or(HeaderValue::from_static("multipart/form-data"))
    }
}

/// A body of several parts in the making: its parts in order, the file last.
#[derive(Clone)]
#[must_use = "a body is not sent before it is given to a call"]
pub struct Multipart<'a> {
    boundary: &'a Boundary,
    written: String,
}

impl<'a> Multipart<'a> {
    /// A body without parts.
    pub fn new(boundary: &'a Boundary) -> Self {
        Self { boundary, written: String::new() }
    }

    /// Adds a text.
    pub fn text(self, name: &str, value: &str) -> Self {
        self.part(name, "", value)
    }

    /// Adds an object that is written as JSON already.
    pub fn json(self, name: &str, object: &str) -> Self {
        self.part(name, "Content-Type: application/json\r\n", object)
    }

    fn part(mut self, name: &str, headers: &str, value: &str) -> Self {
        let (boundary, name) = (&self.boundary.0, quoted(name));
        // Writing to a String cannot fail.
        let _ = write!(
            self.written,
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n{headers}\r\n{value}\r\n"
        );
        self
    }

    /// What stands before and after the file, for [`Upload::framed`](crate::Upload::framed).
    pub fn around_file(self, name: &str, file_name: &str, content_type: &HeaderValue) -> (Bytes, Bytes) {
        let Self { boundary: Boundary(boundary), written } = self;
        let kind = content_type.to_str().unwrap_or("application/octet-stream");
        let (name, file_name) = (quoted(name), quoted(file_name));
        let before = format!(
            "{written}--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
             Content-Type: {kind}\r\n\r\n"
        );
        (before.into(), format!("\r\n--{boundary}--\r\n").into())
    }
}

impl Debug for Multipart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The parts may be credentials.
        f.debug_struct("Multipart").field("boundary", self.boundary).finish_non_exhaustive()
    }
}

/// As browsers write names into the parts of a form.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_follow_from_names() {
        assert_eq!(media_type("Plan.PDF"), "application/pdf");
        assert_eq!(media_type("archive.tar.zip"), "application/zip");
        assert_eq!(media_type("README"), "application/octet-stream");
    }

    #[test]
    fn parts_come_in_order_and_names_cannot_leave_theirs() {
        let boundary = Boundary::new();
        assert_ne!(boundary.0, Boundary::new().0);
        let form = Multipart::new(&boundary).text("key", "a").json("object", "{}");
        let (before, after) = form.around_file("file", "a\"b\r\n.txt", &media_type("b.txt"));
        let whole = format!("{}x{}", str::from_utf8(&before).unwrap(), str::from_utf8(&after).unwrap());
        let expected = "--B\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na\r\n\
            --B\r\nContent-Disposition: form-data; name=\"object\"\r\nContent-Type: application/json\r\n\r\n{}\r\n\
            --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b%0D%0A.txt\"\r\n\
            Content-Type: text/plain\r\n\r\nx\r\n--B--\r\n";
        assert_eq!(whole.replace(&boundary.0, "B"), expected);
    }
}

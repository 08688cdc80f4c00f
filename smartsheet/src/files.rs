//! Files, as they are uploaded.

use std::path::Path;

use connectors_core::provider::{Boundary, Call, Multipart, media_type};
use connectors_core::{Error, Result, Upload};
use http::{HeaderValue, header};
use serde::Serialize;
use url::form_urlencoded;

use crate::request::not_blank;

/// The largest file that Smartsheet takes, in bytes.
const MAX_FILE: u64 = 30 << 20;

const CSV: &str = "text/csv";
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file to be uploaded: bytes, a file, a reader or a stream, under a name.
///
/// Smartsheet takes 30 MiB at most, and wants to be told the length: state that of a stream or reader by
/// [`Upload::length`]. It is sent while it is read, never held in memory as a whole.
///
/// ```
/// use connectors_core::Upload;
/// use connectors_smartsheet::NewFile;
///
/// let note = NewFile::new("note.txt", "Bring the big tent.");
/// let photo = NewFile::path("/photos/berlin.jpg");
/// let large = NewFile::new("scans.csv", Upload::reader(|| std::fs::File::open("scans.csv")).length(1_048_576));
/// assert_eq!(photo.name(), "berlin.jpg");
/// # let _ = (note, large);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a file is not uploaded before it is given to a request"]
pub struct NewFile {
    name: String,
    content_type: HeaderValue,
    content: Upload,
}

impl NewFile {
    /// A file with this name and content. Its type is guessed from the end of the name.
    pub fn new(name: impl Into<String>, content: impl Into<Upload>) -> Self {
        let name = name.into();
        Self { content_type: media_type(&name), name, content: content.into() }
    }

    /// A file of this machine, under its own name. It is opened for each request.
    pub fn path(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self::new(name, Upload::file(path))
    }

    /// What it is, where that is not what its name suggests.
    pub fn content_type(mut self, content_type: HeaderValue) -> Self {
        self.content_type = content_type;
        self
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is a list of values separated by commas, or a workbook: what sheets are imported from.
    pub(crate) fn is_table(&self) -> bool {
        let kind = self.content_type.to_str().unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        [CSV, XLSX].iter().any(|known| kind.eq_ignore_ascii_case(known))
    }

    /// Refuses a file that Smartsheet does not take.
    pub(crate) fn check(&self) -> Result<()> {
        not_blank("file.name", &self.name)?;
        if self.name.chars().any(char::is_control) {
            return Err(Error::invalid("file.name", "must not hold control characters"));
        }
        match self.content.known_length() {
            Ok(Some(length)) if length > MAX_FILE => {
                Err(Error::invalid("file", format!("has {length} bytes, but Smartsheet takes {MAX_FILE} at most"))
                    .with_hint("keep it elsewhere, and attach a link to it"))
            }
            Ok(None) => {
                Err(Error::invalid("file", "must have a known length, which Smartsheet wants to be told first")
                    .with_code(1075)
                    .with_hint("state it with `Upload::length`, or give bytes or a file"))
            }
            // A file that cannot be read is told with its reason when it is opened.
            Ok(Some(_)) | Err(_) => Ok(()),
        }
    }

    /// The file as the whole body.
    pub(crate) fn alone(self, call: Call) -> Call {
        // What is encoded can be a header.
        let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", encoded(&self.name)));
        let call = match disposition {
            Ok(disposition) => call.header(header::CONTENT_DISPOSITION, disposition),
            Err(_) => call,
        };
        call.upload(self.content_type, self.content)
    }

    /// The file beside a JSON object called `part`, in a body of two parts.
    pub(crate) fn beside(self, call: Call, part: &str, object: &impl Serialize) -> Call {
        let Ok(object) = serde_json::to_string(object) else {
            return call.check(Err(Error::invalid(part, "cannot be written as JSON")));
        };
        let boundary = Boundary::new();
        let form = Multipart::new(&boundary).json(part, &object);
        let (before, after) = form.around_file("file", &self.name, &self.content_type);
        call.upload(boundary.content_type(), self.content.framed(before, after))
    }
}

/// Percent-encoded, as Smartsheet wants file names in headers.
fn encoded(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use connectors_core::ErrorKind;

    use super::*;

    #[test]
    fn names_can_be_headers() {
        assert_eq!(encoded("Grüße + \"Plan\".pdf"), "Gr%C3%BC%C3%9Fe%20%2B%20%22Plan%22.pdf");
    }

    #[test]
    fn what_smartsheet_does_not_take_is_refused_before_it_is_read() {
        let refused = |file: NewFile| file.check().unwrap_err();
        assert_eq!(refused(NewFile::new(" ", "x")).field(), Some("file.name"));
        assert_eq!(refused(NewFile::new("a\nb", "x")).field(), Some("file.name"));
        let stream = || Upload::reader(|| Ok(std::io::empty()));
        let unknown = refused(NewFile::new("a", stream()));
        assert_eq!((unknown.field(), unknown.code()), (Some("file"), Some("1075")));
        assert_eq!(refused(NewFile::new("a", stream().length(MAX_FILE + 1))).kind(), ErrorKind::InvalidRequest);
        NewFile::new("a", stream().length(MAX_FILE)).check().unwrap();
        NewFile::path("/nowhere/at/all").check().unwrap();
    }
}

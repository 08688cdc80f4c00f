//! Files, as they are uploaded.

use connectors_core::provider::{Boundary, Call, Multipart};
use connectors_core::{Error, NewFile, Result};
use http::{HeaderValue, header};
use serde::Serialize;
use url::form_urlencoded;

use crate::request::not_blank;

/// The largest file that Smartsheet takes, in bytes.
const MAX_FILE: u64 = 30 << 20;

const CSV: &str = "text/csv";
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What Smartsheet makes of a file.
pub(crate) trait FileExt: Sized {
    /// Whether it is a list of values separated by commas, or a workbook: what sheets are imported from.
    fn is_table(&self) -> bool;

    /// Refuses a file that Smartsheet does not take.
    fn check(&self) -> Result<()>;

    /// The file as the whole body.
    fn alone(self, call: Call) -> Call;

    /// The file beside a JSON object called `part`, in a body of two parts.
    fn beside(self, call: Call, part: &str, object: &impl Serialize) -> Call;
}

impl FileExt for NewFile {
    fn is_table(&self) -> bool {
        [CSV, XLSX].iter().any(|known| self.media_type().eq_ignore_ascii_case(known))
    }

    fn check(&self) -> Result<()> {
        not_blank("file.name", self.name())?;
        if self.name().chars().any(char::is_control) {
            return Err(Error::invalid("file.name", "must not hold control characters"));
        }
        match self.content().known_length() {
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

    fn alone(self, call: Call) -> Call {
        // What is encoded can be a header.
        let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", encoded(self.name())));
        let call = match disposition {
            Ok(disposition) => call.header(header::CONTENT_DISPOSITION, disposition),
            Err(_) => call,
        };
        let (_, content_type, content) = self.into_parts();
        call.upload(content_type, content)
    }

    fn beside(self, call: Call, part: &str, object: &impl Serialize) -> Call {
        let Ok(object) = serde_json::to_string(object) else {
            return call.check(Err(Error::invalid(part, "cannot be written as JSON")));
        };
        let (name, content_type, content) = self.into_parts();
        let boundary = Boundary::new();
        let form = Multipart::new(&boundary).json(part, &object);
        let (before, after) = form.around_file("file", &name, &content_type);
        call.upload(boundary.content_type(), content.framed(before, after))
    }
}

/// Percent-encoded, as Smartsheet wants file names in headers.
fn encoded(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use connectors_core::{ErrorKind, Upload};

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

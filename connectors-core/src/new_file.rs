//! Files, as they are given to a provider.

use std::path::Path;

use http::HeaderValue;

use crate::multipart::media_type;
use crate::transport::Upload;

/// A file to be uploaded: bytes, a file, a reader or a stream, under a name.
///
/// Most providers want to be told the length: state that of a stream or reader by [`Upload::length`]. It is sent while it
/// is read, never held in memory as a whole, and read anew when it has to be sent again.
///
/// ```
/// use connectors_core::{NewFile, Upload};
///
/// let note = NewFile::new("note.txt", "Bring the big tent.");
/// let photo = NewFile::path("/photos/berlin.jpg");
/// let large = NewFile::new("crowd.mp4", Upload::reader(|| std::fs::File::open("crowd.mp4")).length(1_048_576));
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

    /// What it is, without parameters. For provider crates, as all that follows.
    #[doc(hidden)]
    pub fn media_type(&self) -> &str {
        self.content_type.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim()
    }

    /// What is in it.
    #[doc(hidden)]
    pub fn content(&self) -> &Upload {
        &self.content
    }

    /// Its name, what it is, and what is in it.
    #[doc(hidden)]
    pub fn into_parts(self) -> (String, HeaderValue, Upload) {
        (self.name, self.content_type, self.content)
    }
}

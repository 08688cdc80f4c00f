//! The way of a file to Brandscopic: a form is asked for, the file is put into the storage by it, and what lies there is
//! registered.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use connectors_core::provider::{Boundary, Call, Core, Multipart, Operation, Safety, unguessable};
use connectors_core::{Error, ErrorKind, NewFile, RequestOptions, Response, Result};
use http::{HeaderValue, Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::request::{not_blank, operation};

/// Every request stores under a key of its own, and nobody is told of those that are not the last: repeating is
/// harmless.
static STORE: Operation = operation(Method::POST, "uploads.store", "").safety(Safety::Idempotent);

/// How long an upload may take, unless its caller says otherwise: videos go over slow lines.
const PATIENCE: Duration = Duration::from_secs(600);

/// Stands for the name of the file, in the key it is stored under.
const FILE_NAME: &str = "${filename}";

/// What allows one to put files into the storage, for one hour: the first step of an upload. Its fields are credentials,
/// and `Debug` does not show them.
///
/// The `upload` methods ask for one by themselves.
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct UploadForm {
    /// Where files are put.
    pub url: String,
    /// What goes with them, in this order, the file last. `key` stands for what the file is to be stored under.
    #[serde(deserialize_with = "fields")]
    pub fields: Vec<(String, SecretString)>,
}

impl fmt::Debug for UploadForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.iter().map(|(name, _)| name).collect();
        f.debug_struct("UploadForm").field("url", &self.url).field("fields", &names).finish()
    }
}

/// In the order they came, which a map would not keep.
fn fields<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<(String, SecretString)>, D::Error> {
    struct Fields;
    impl<'de> Visitor<'de> for Fields {
        type Value = Vec<(String, SecretString)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the fields of a form")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut fields = Vec::new();
            while let Some(name) = map.next_key::<String>()? {
                if name == "key" {
                    map.next_value::<IgnoredAny>()?;
                    fields.push((name, String::new().into()));
                    continue;
                }
                let value = match map.next_value::<Value>()? {
                    Value::Null => continue,
                    Value::String(text) => text,
                    Value::Bool(flag) => flag.to_string(),
                    Value::Number(number) => number.to_string(),
                    Value::Array(_) | Value::Object(_) => return Err(de::Error::custom("a field is no text")),
                };
                fields.push((name, value.into()));
            }
            if fields.iter().any(|(name, _)| name == "key") {
                return Ok(fields);
            }
            Err(de::Error::missing_field("key"))
        }
    }
    source.deserialize_map(Fields)
}

/// A file that lies in the storage and is not registered yet, by its address: what the last step of an upload is given.
///
/// The address is as good as the file, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
pub struct StoredFile(String);

impl StoredFile {
    /// The file at this address, `https://<storage>/<bucket>/uploads/<folder>/<file>`.
    pub fn new(address: impl Into<String>) -> Self {
        Self(address.into())
    }

    /// The address.
    pub fn address(&self) -> &str {
        &self.0
    }

    /// What an upload that failed in its last step has left in the storage. Registering it finishes the upload.
    ///
    /// Where the error [may have been applied](Error::maybe_applied), it may be registered already. Trying is safe:
    /// Brandscopic registers an address once, and refuses it then.
    pub fn left_by(error: &Error) -> Option<&Self> {
        let source = std::error::Error::source(error)?.downcast_ref::<Unregistered>()?;
        Some(&source.file)
    }

    pub(super) fn check(&self) -> Result<()> {
        let folder_and_file = self.0.split_once("/uploads/").and_then(|(_, path)| path.split_once('/'));
        match folder_and_file {
            Some((folder, file)) if !folder.is_empty() && !file.is_empty() && !file.contains('/') => Ok(()),
            _ => Err(Error::invalid("direct_upload_url", "must end in /uploads/<folder>/<file>")),
        }
    }

    /// The error of a last step that failed, with what is left to be registered.
    pub(super) fn leave(self, error: Error) -> Error {
        error.clone().with_source(Unregistered { file: self, error })
    }
}

impl fmt::Debug for StoredFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredFile(***)")
    }
}

/// What stands between the error of a last step and its cause.
#[derive(Debug)]
struct Unregistered {
    file: StoredFile,
    error: Error,
}

impl fmt::Display for Unregistered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the file is stored and not registered")
    }
}

impl std::error::Error for Unregistered {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.error)
    }
}

/// Refuses a file that cannot be stored, or not be registered afterwards.
pub(super) fn check_file(file: &NewFile) -> Result<()> {
    let name = file.name();
    not_blank("file.name", name)?;
    // The name becomes the end of an address, which nobody is to read in another way than it was meant.
    let misread = |c: char| c.is_control() || r#"/\%+#?&"<>$"#.contains(c);
    if name.chars().any(misread) || matches!(name, "." | "..") || name.trim() != name {
        let problem = r#"must not hold control characters, white space around it, or any of / \ % + # ? & " < > $"#;
        return Err(Error::invalid("file.name", problem).with_hint("give the file another name"));
    }
    if name.len() > 255 {
        return Err(Error::invalid("file.name", "must have at most 255 bytes"));
    }
    match file.content().known_length() {
        Ok(None) => Err(Error::invalid("file", "must have a known length, which the storage wants to be told first")
            .with_hint("state it with `Upload::length`, or give bytes or a file")),
        Ok(Some(0)) => Err(Error::invalid("file", "must not be empty")),
        // A file that cannot be read is told with its reason when it is opened.
        Ok(Some(_)) | Err(_) => Ok(()),
    }
}

/// One upload on its way: what its steps have in common.
pub(super) struct Uploading {
    core: Core,
    options: RequestOptions,
    until: Instant,
}

impl Uploading {
    /// Begins an upload, which ends by the deadline in the options.
    pub(super) fn new(core: &Core, mut options: RequestOptions) -> Self {
        options.timeout.get_or_insert(PATIENCE);
        Self { core: core.clone(), until: core.deadline(&options), options }
    }

    /// A call of Brandscopic within the upload.
    pub(super) fn step(&self, call: Call) -> Call {
        // A step has its own patience for one request; all of them have the deadline.
        let mut options = self.options.clone();
        options.timeout = None;
        call.options(options).until(Some(self.until))
    }

    /// Asks for the form by this call, and puts the file into the storage.
    pub(super) async fn store(&self, form: Call, file: NewFile) -> Result<Response<StoredFile>> {
        let form = self.step(form).send::<UploadForm>().await?.into_inner();
        let origin = |error: Error| error.with_origin(self.core.provider(), STORE.name);
        let root = root(&form.url).map_err(origin)?;
        let url = SecretString::from(root.clone());
        let (boundary, last) = (Boundary::new(), Arc::new(Mutex::new(String::new())));
        let (kind, folder) = (boundary.content_type(), Arc::clone(&last));
        let (name, content_type, content) = file.into_parts();
        let file_name = name.clone();
        let content = content.framed_anew(move || {
            let fresh = fresh();
            let around = around(&boundary, &form.fields, &fresh, &file_name, &content_type);
            *folder.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
            around
        });
        // The user's headers are for Brandscopic.
        let mut options = self.options.clone();
        options.headers.clear();
        let call = self.core.deliver(&STORE, &url, kind, content).options(options).until(Some(self.until));
        // Whatever has come to lie in the storage is no photo before it is registered.
        let answer = call.send_bytes().await.map_err(|error| error.with_maybe_applied(false))?;
        if answer.meta().status != StatusCode::CREATED {
            let error = Error::new(ErrorKind::Decode, "the storage did not say that the file is there");
            return Err(origin(error.with_status(answer.meta().status)));
        }
        let folder = last.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(answer.map(|_| StoredFile(format!("{root}uploads/{folder}/{name}"))))
    }
}

/// The address that keys are below, as the form has it.
fn root(url: &str) -> Result<String> {
    let url = url.trim();
    if url.contains(['?', '#']) {
        return Err(Error::new(ErrorKind::Decode, "the address of the storage is none").with_json_path("url"));
    }
    Ok(format!("{}/", url.trim_end_matches('/')))
}

/// What goes before and after the file.
fn around(
    boundary: &Boundary,
    fields: &[(String, SecretString)],
    folder: &str,
    file_name: &str,
    content_type: &HeaderValue,
) -> (Bytes, Bytes) {
    let form = fields.iter().fold(Multipart::new(boundary), |form, (name, value)| match name.as_str() {
        "key" => form.text(name, &format!("uploads/{folder}/{FILE_NAME}")),
        _ => form.text(name, value.expose_secret()),
    });
    form.around_file("file", file_name, content_type)
}

/// A folder that nobody else has.
fn fresh() -> String {
    let digits = unguessable();
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

#[cfg(test)]
mod tests {
    use connectors_core::Upload;

    use super::*;

    #[test]
    fn fields_keep_their_order_and_are_not_shown() {
        let form =
            r#"{"fields":{"policy":"canary","key":null,"acl":"public-read","odd":null},"url":"https://s3.test/b/"}"#;
        let form: UploadForm = serde_json::from_str(form).unwrap();
        let names: Vec<_> = form.fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["policy", "key", "acl"]);
        let bare: UploadForm =
            serde_json::from_str(r#"{"fields":{"key":null,"Secure":true,"status":201},"url":"https://s3.test/b/"}"#)
                .unwrap();
        let values: Vec<_> = bare.fields.iter().map(|(_, value)| value.expose_secret()).collect();
        assert_eq!(values, ["", "true", "201"]);
        assert!(!format!("{form:?}").contains("canary"));
        assert!(serde_json::from_str::<UploadForm>(r#"{"fields":{},"url":"https://s3.test/b/"}"#).is_err());
    }

    #[test]
    fn a_name_that_could_be_read_in_another_way_is_refused() {
        for name in ["", " ", "a/b.jpg", r"a\b.jpg", "100%.jpg", "a+b.jpg", "a?b", "${filename}", "..", " a.jpg", "a\n"]
        {
            let error = check_file(&NewFile::new(name, "x")).unwrap_err();
            assert_eq!(error.field(), Some("file.name"), "{name}");
        }
        check_file(&NewFile::new("Grüße (1).jpg", "x")).unwrap();
        let stream = || Upload::reader(|| Ok(std::io::empty()));
        for file in [NewFile::new("a", stream()), NewFile::new("a", "")] {
            assert_eq!(check_file(&file).unwrap_err().field(), Some("file"));
        }
        check_file(&NewFile::path("/nowhere/at/all")).unwrap();
    }

    #[test]
    fn only_an_address_of_the_storage_is_registered() {
        StoredFile::new("https://s3.test/b/uploads/f/a b.jpg").check().unwrap();
        for address in ["", "https://s3.test/b/a.jpg", "https://s3.test/uploads/a.jpg", "https://s3.test/uploads/f/"] {
            assert_eq!(StoredFile::new(address).check().unwrap_err().field(), Some("direct_upload_url"));
        }
        let shown = format!("{:?}", StoredFile::new("https://s3.test/canary"));
        assert!(!shown.contains("canary"));
    }

    #[test]
    fn folders_are_new_each_time() {
        let folder = fresh();
        assert_eq!(folder.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert_ne!(folder, fresh());
    }
}

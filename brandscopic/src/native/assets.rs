//! Files as Brandscopic tells of them: photos, documents, receipts.

use std::fmt;

use chrono::{DateTime, Utc};
use connectors_core::provider::{Call, Core, Operation};
use connectors_core::wire::lenient;
use connectors_core::{Download, Error, ErrorKind, Request, RequestOptions, Response, Result};
use http::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize};

use super::NewFile;
use super::request::{CallExt, operation, silent};
use super::uploads::{StoredFile, UploadForm, Uploading, check_file};
use super::{AssetId, RemoteEventId};

static DOWNLOAD: Operation = operation(Method::GET, "uploads.download", "");

/// An address that whoever has it can read from. `Debug` does not show it.
#[derive(Clone)]
pub struct FileUrl(SecretString);

impl FileUrl {
    /// The address. Fetch it without the session, which is none of that host's business.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for FileUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileUrl(***)")
    }
}

impl PartialEq for FileUrl {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for FileUrl {}

/// None where there is none, or a blank one.
pub(super) fn opt_url<'de, D: Deserializer<'de>>(source: D) -> Result<Option<FileUrl>, D::Error> {
    Ok(lenient::opt_string(source)?.map(|url| FileUrl(url.into())))
}

/// An uploaded file: a photo, a document or a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Asset {
    /// Its id.
    pub id: AssetId,
    /// Its name.
    #[serde(rename = "file_file_name", default, deserialize_with = "lenient::opt_string")]
    pub name: Option<String>,
    /// Its size in bytes.
    #[serde(rename = "file_file_size", default, deserialize_with = "lenient::opt_number")]
    pub size: Option<u64>,
    /// What it is, such as `image/jpeg`.
    #[serde(rename = "file_content_type", default, deserialize_with = "lenient::opt_string")]
    pub content_type: Option<String>,
    /// When it was registered.
    #[serde(default)]
    pub created_at: Option<DateTime<Utc>>,
    /// Whether it is shown. Deactivating it is as near to deleting as Brandscopic gets.
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    pub active: Option<bool>,
    /// Whether the smaller pictures are there.
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    pub processed: Option<bool>,
    /// A small picture of it, once it is processed.
    #[serde(rename = "file_small", default, deserialize_with = "opt_url")]
    pub small: Option<FileUrl>,
    /// A very small picture of it, once it is processed.
    #[serde(rename = "file_thumbnail", default, deserialize_with = "opt_url")]
    pub thumbnail: Option<FileUrl>,
    /// A picture of middle size, once it is processed.
    #[serde(rename = "file_medium", default, deserialize_with = "opt_url")]
    pub medium: Option<FileUrl>,
    /// The file itself.
    #[serde(rename = "file_original", default, deserialize_with = "opt_url")]
    pub original: Option<FileUrl>,
}

/// What is at this address, fetched without anything that is meant for Brandscopic.
pub(super) fn download(core: &Core, url: Option<&FileUrl>) -> Download {
    let missing = || Err(Error::new(ErrorKind::Decode, "Brandscopic has told no address of the file"));
    Download::new(match url {
        Some(url) => core.fetch(&DOWNLOAD, &url.0),
        None => core.call(&DOWNLOAD).check(missing()),
    })
}

/// The operations of a kind of files of events.
pub(super) struct Kind {
    pub(super) form: Operation,
    pub(super) create: Operation,
    pub(super) update: Operation,
    /// What is accepted; everything, where this is empty.
    pub(super) accepted: &'static [&'static str],
}

#[derive(Serialize)]
struct Body<T> {
    attached_asset: T,
}

#[derive(Serialize)]
struct New<'a> {
    direct_upload_url: &'a StoredFile,
}

#[derive(Serialize)]
struct Change {
    active: &'static str,
}

impl Kind {
    pub(super) fn form(&'static self, core: &Core, event: RemoteEventId) -> Request<UploadForm> {
        Request::new(core.call(&self.form).id("event", event.get()))
    }

    pub(super) fn create(&'static self, core: &Core, event: RemoteEventId, file: &StoredFile) -> Request<Asset> {
        Request::new(self.register(core, event, file)).check(file.check())
    }

    pub(super) fn update(&'static self, core: &Core, event: RemoteEventId, id: AssetId, active: bool) -> Request<()> {
        let call = core.call(&self.update).id("event", event.get()).id("id", id.get());
        // A flag without quotes is refused.
        silent(call.json(&Body { attached_asset: Change { active: if active { "true" } else { "false" } } }))
    }

    pub(super) fn upload(&'static self, core: &Core, event: RemoteEventId, file: NewFile) -> UploadAsset {
        UploadAsset { core: core.clone(), kind: self, event, file, options: RequestOptions::default() }
    }

    fn register(&'static self, core: &Core, event: RemoteEventId, file: &StoredFile) -> Call {
        let body = Body { attached_asset: New { direct_upload_url: file } };
        core.call(&self.create).id("event", event.get()).json(&body)
    }

    fn check(&self, file: &NewFile) -> Result<()> {
        check_file(file)?;
        let kind = file.media_type();
        if self.accepted.is_empty() || self.accepted.iter().any(|known| kind.eq_ignore_ascii_case(known)) {
            return Ok(());
        }
        let problem = format!("must be one of {}, not {kind}", self.accepted.join(", "));
        Err(Error::invalid("file.content_type", problem))
    }
}

/// An upload in the making: await it. It takes three requests: for a form, with the file to the storage, and to register
/// what lies there. Only the last one changes anything that others see.
///
/// An upload that fails in its first two steps can be tried again. One that fails in its last step is an error that
/// carries what is left to be registered: [`StoredFile::left_by`].
///
/// Unless a [`timeout`](Self::timeout) is set it may take ten minutes in all.
#[must_use = "an upload does nothing until it is awaited"]
#[derive(Clone)]
pub struct UploadAsset {
    core: Core,
    kind: &'static Kind,
    event: RemoteEventId,
    file: NewFile,
    options: RequestOptions,
}

impl UploadAsset {
    /// Uploads it, and tells how the call went that registered it.
    pub async fn send(self) -> Result<Response<Asset>> {
        let Self { core, kind, event, file, options } = self;
        let checked = if options.skip_validation { Ok(()) } else { kind.check(&file) };
        let uploading = Uploading::new(&core, options);
        let form = core.call(&kind.form).id("event", event.get()).check(checked);
        let stored = uploading.store(form, file).await?.into_inner();
        let registered = uploading.step(kind.register(&core, event, &stored)).send().await;
        registered.map_err(|error| stored.leave(error))
    }
}

connectors_core::request_options!(UploadAsset => Asset);

impl fmt::Debug for UploadAsset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadAsset").field("event", &self.event).field("file", &self.file).finish_non_exhaustive()
    }
}

/// The upload of a file that is an answer to a field, in the making: await it. It takes two requests: for a form, and
/// with the file to the storage. What it gives becomes part of an activity by an answer with it.
///
/// One that fails can be tried again. Unless a [`timeout`](Self::timeout) is set it may take ten minutes in all.
#[must_use = "an upload does nothing until it is awaited"]
#[derive(Debug, Clone)]
pub struct UploadAnswer {
    form: Call,
    file: NewFile,
    options: RequestOptions,
}

impl UploadAnswer {
    pub(super) fn new(form: Call, file: NewFile) -> Self {
        Self { form, file, options: RequestOptions::default() }
    }

    /// Uploads it, and tells how the call went that stored it.
    pub async fn send(self) -> Result<Response<StoredFile>> {
        let Self { form, file, options } = self;
        let checked = if options.skip_validation { Ok(()) } else { check_file(&file) };
        let uploading = Uploading::new(form.core(), options);
        uploading.store(form.check(checked), file).await
    }
}

connectors_core::request_options!(UploadAnswer => StoredFile);

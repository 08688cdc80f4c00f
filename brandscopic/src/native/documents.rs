//! Documents of events and of their campaigns.

use chrono::{DateTime, Utc};
use connectors_core::provider::Operation;
use connectors_core::wire::lenient;
use connectors_core::{Download, Request};
use http::Method;
use serde::Deserialize;

use super::assets::{Kind, download, opt_url};
use super::request::{CallExt, operation, resource};
use super::{Asset, AssetId, FileUrl, NewFile, RemoteEventId, StoredFile, UploadAsset, UploadForm};

static LIST: Operation = operation(Method::GET, "documents.list", "/events/{event}/documents.json");
static DOCUMENTS: Kind = Kind {
    form: operation(Method::GET, "documents.form", "/events/{event}/documents/form.json"),
    create: operation(Method::POST, "documents.create", "/events/{event}/documents.json"),
    update: operation(Method::PUT, "documents.update", "/events/{event}/documents/{id}.json"),
    accepted: &[],
};

connectors_core::open_enum! {
    /// What a document hangs on.
    pub enum DocumentParent {
        /// The event.
        "event" => Event,
        /// The campaign: all of its events have it.
        "campaign" => Campaign,
    }
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Document {
    /// Its id.
    pub id: AssetId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub name: Option<String>,
    /// The name of its file.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub file_name: Option<String>,
    /// The size of its file in bytes.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub file_size: Option<u64>,
    /// What its file is, such as `application/pdf`.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub content_type: Option<String>,
    /// Whether it is shown.
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    pub active: Option<bool>,
    /// When it was registered.
    #[serde(default)]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default)]
    pub updated_at: Option<DateTime<Utc>>,
    /// Where its file can be had, for a short time.
    #[serde(default, deserialize_with = "opt_url")]
    pub url: Option<FileUrl>,
    /// A small picture of it.
    #[serde(default, deserialize_with = "opt_url")]
    pub thumbnail: Option<FileUrl>,
    /// What it hangs on.
    #[serde(default)]
    pub parent: Option<DocumentParent>,
}

resource! {
    /// The endpoints of documents: [`Native::documents`](super::Native::documents). None can be deleted.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::{Contract, native::{NewFile, RemoteEventId, StoredFile}};
    /// # use connectors_mock::{Fault, MockBrandscopic};
    /// # let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    /// # let event = RemoteEventId::new(mock.fake().events()[0].id);
    /// let documents = mock.client().native()?.documents();
    /// let plan = documents.upload(event, NewFile::new("plan.txt", "Tent left of the gate")).await?;
    /// let all = documents.list(event).await?;
    /// let listed = all.iter().find(|document| document.id == plan.id).unwrap();
    /// assert_eq!(documents.download(listed).bytes().await?, "Tent left of the gate");
    ///
    /// // An upload that fails in its last step is finished by registering what lies in the storage.
    /// mock.backend().script("documents.create", [Fault::Status(500)]);
    /// let failed = documents.upload(event, NewFile::new("map.pdf", "%PDF")).await.unwrap_err();
    /// documents.create(event, StoredFile::left_by(&failed).unwrap()).await?;
    ///
    /// documents.update(event, plan.id, false).await?;
    /// assert_eq!(documents.list(event).await?.len(), all.len() + 1);
    ///
    /// // What a browser would be given, to put a file into the storage by itself.
    /// assert!(documents.form(event).await?.url.starts_with("https://"));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Documents;
}

impl Documents {
    /// The documents of an event and of its campaign, all at once.
    pub fn list(&self, event: RemoteEventId) -> Request<Vec<Document>> {
        Request::new(self.0.call(&LIST).id("event", event.get()))
    }

    /// Uploads a document, of whatever type.
    pub fn upload(&self, event: RemoteEventId, file: NewFile) -> UploadAsset {
        DOCUMENTS.upload(&self.0, event, file)
    }

    /// The first step of an upload by itself: what allows one to put files into the storage, for one hour.
    pub fn form(&self, event: RemoteEventId) -> Request<UploadForm> {
        DOCUMENTS.form(&self.0, event)
    }

    /// The last step of an upload by itself: registers what lies in the storage. An address is registered once. The
    /// answer has not the form that lists have.
    pub fn create(&self, event: RemoteEventId, file: &StoredFile) -> Request<Asset> {
        DOCUMENTS.create(&self.0, event, file)
    }

    /// Shows a document, or does not any more.
    pub fn update(&self, event: RemoteEventId, document: AssetId, active: bool) -> Request<()> {
        DOCUMENTS.update(&self.0, event, document, active)
    }

    /// What is in a document that was listed a short time ago. Nothing of the session is sent where it lies.
    pub fn download(&self, document: &Document) -> Download {
        download(&self.0, document.url.as_ref())
    }
}

//! Photos and videos of events.

use connectors_core::provider::Operation;
use connectors_core::wire::lenient;
use connectors_core::{Download, Request, request};
use http::Method;
use serde::Deserialize;

use super::assets::{Kind, download};
use super::request::{CallExt, operation, resource};
use super::{Activity, Asset, AssetId, BrandId, NewFile, PlaceId, RemoteEventId, StoredFile, UploadAsset, UploadForm};

static LIST: Operation = operation(Method::GET, "photos.list", "/events/{event}/photos.json");
static PHOTOS: Kind = Kind {
    form: operation(Method::GET, "photos.form", "/events/{event}/photos/form.json"),
    create: operation(Method::POST, "photos.create", "/events/{event}/photos.json"),
    update: operation(Method::PUT, "photos.update", "/events/{event}/photos/{id}.json"),
    accepted: &[
        "image/bmp",
        "image/gif",
        "image/jpeg",
        "image/png",
        "video/mp4",
        "video/x-ms-wmv",
        "video/quicktime",
        "video/x-flv",
        "video/x-msvideo",
    ],
};

/// Photos of an event. There is no second page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PhotoList {
    /// How many there are. Of more than 30, the rest cannot be had.
    #[serde(deserialize_with = "lenient::number")]
    pub total: u64,
    /// The first 30.
    pub results: Vec<Asset>,
}

resource! {
    /// The endpoints of photos: [`Native::photos`](super::Native::photos). Videos count as photos. None can be deleted.
    ///
    /// A campaign may limit how many an event has.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::{Contract, native::{NewFile, RemoteEventId, StoredFile}};
    /// # use connectors_mock::{Fault, MockBrandscopic};
    /// # let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    /// # let event = RemoteEventId::new(mock.fake().events()[0].id);
    /// let photos = mock.client().native()?.photos();
    /// let photo = photos.upload(event, NewFile::new("crowd.jpg", &b"\xff\xd8\xff"[..])).await?;
    /// assert_eq!(photos.download(&photo).bytes().await?, &b"\xff\xd8\xff"[..]);
    ///
    /// // An upload that fails in its last step is finished by registering what lies in the storage.
    /// mock.backend().script("photos.create", [Fault::Status(500)]);
    /// let failed = photos.upload(event, NewFile::new("bar.png", &b"\x89PNG"[..])).await.unwrap_err();
    /// let left = StoredFile::left_by(&failed).unwrap();
    /// photos.create(event, left).await?;
    ///
    /// photos.update(event, photo.id, false).await?;
    /// assert_eq!(photos.list(event).await?.total, 2);
    ///
    /// // What a browser would be given, to put a file into the storage by itself.
    /// let form = photos.form(event).await?;
    /// assert!(form.fields.iter().any(|(name, _)| name == "policy"));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Photos;
}

impl Photos {
    /// The photos of an event.
    pub fn list(&self, event: RemoteEventId) -> ListPhotos {
        ListPhotos(Request::new(self.0.call(&LIST).id("event", event.get())))
    }

    /// Uploads a photo or video: bmp, gif, jpeg, png, mp4, wmv, quicktime, flv or avi.
    pub fn upload(&self, event: RemoteEventId, file: NewFile) -> UploadAsset {
        PHOTOS.upload(&self.0, event, file)
    }

    /// The first step of an upload by itself: what allows one to put files into the storage, for one hour.
    pub fn form(&self, event: RemoteEventId) -> Request<UploadForm> {
        PHOTOS.form(&self.0, event)
    }

    /// The last step of an upload by itself: registers what lies in the storage. An address is registered once.
    pub fn create(&self, event: RemoteEventId, file: &StoredFile) -> Request<Asset> {
        PHOTOS.create(&self.0, event, file)
    }

    /// Shows a photo, or does not any more.
    pub fn update(&self, event: RemoteEventId, photo: AssetId, active: bool) -> Request<()> {
        PHOTOS.update(&self.0, event, photo, active)
    }

    /// What is in a photo, in its full size. Nothing of the session is sent where it lies.
    pub fn download(&self, photo: &Asset) -> Download {
        download(&self.0, photo.original.as_ref())
    }
}

request! {
    /// Lists the photos of an event: [`Photos::list`]. Filters of one kind add up, those of different kinds narrow each
    /// other.
    pub struct ListPhotos => PhotoList;
    /// Only photos of events of these brands.
    each brands: BrandId = "brand[]";
    /// Only photos from these places.
    each places: PlaceId = "place[]";
    /// Only photos that are active, or are not.
    each statuses: Activity = "status[]";
}

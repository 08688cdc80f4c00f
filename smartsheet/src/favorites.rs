//! Favorites of the user.

use connectors_core::provider::{Call, Operation, Safety};
use connectors_core::{Error, Request, Result, open_enum};
use http::Method;

use crate::model::ids::positive;
use crate::model::{Favorite, FavoriteObject, OffsetPage};
use crate::request::{count, done, offset_pages, operation, resource, written};

static LIST: Operation = operation(Method::GET, "favorites.list", "/favorites");
// A list passes over what is a favorite already.
static ADD: Operation = operation(Method::POST, "favorites.add", "/favorites").safety(Safety::Idempotent);
static GET: Operation = operation(Method::GET, "favorites.get", "/favorites/{favoriteType}/{favoriteId}");
static REMOVE: Operation = operation(Method::DELETE, "favorites.remove", "/favorites/{favoriteType}/{favoriteId}");
static REMOVE_MANY: Operation = operation(Method::DELETE, "favorites.remove_many", "/favorites/{favoriteType}");

resource! {
    /// The endpoints of favorites: [`SmartsheetClient::favorites`](crate::SmartsheetClient::favorites). They are those
    /// of the user whom the token belongs to.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::FavoriteInclude;
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, folder) = (mock.client().clone(), mock.folder_id());
    /// # let (stores, template) = (mock.store_list_id(), mock.template_id());
    /// let favorites = smartsheet.favorites();
    /// favorites.add([stores, template]).await?;
    /// favorites.add([folder]).await?;
    /// let first = favorites.get(stores).include([FavoriteInclude::Name]).await?;
    /// assert_eq!(first.name.as_deref(), Some("Store list"));
    ///
    /// favorites.remove(folder).await?;
    /// favorites.remove_many([stores, template]).await?;
    /// let left = favorites.list().include([FavoriteInclude::Name]).pager().collect_all().await?;
    /// assert!(left.iter().all(|favorite| favorite.object_id != stores.get()));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Favorites;
}

impl Favorites {
    /// All favorites.
    pub fn list(&self) -> ListFavorites {
        ListFavorites(Request::new(self.client.call(&LIST)))
    }

    /// Makes these favorites: sheets, folders, workspaces, reports, dashboards, templates, by their ids. Those that are
    /// favorites already are passed over.
    pub fn add<T: Into<FavoriteObject>>(&self, objects: impl IntoIterator<Item = T>) -> Request<Vec<Favorite>> {
        let objects: Vec<_> = objects.into_iter().map(Into::into).collect();
        written(self.client.call(&ADD).json(&objects)).check(check(&objects, "favorites"))
    }

    /// The favorite that this is; not found where it is none.
    pub fn get(&self, object: impl Into<FavoriteObject>) -> GetFavorite {
        GetFavorite(Request::new(one(self.client.call(&GET), &object.into())))
    }

    /// It is no favorite any more. The thing itself stays.
    pub fn remove(&self, object: impl Into<FavoriteObject>) -> Request<()> {
        done(one(self.client.call(&REMOVE), &object.into()))
    }

    /// As [`remove`](Self::remove), for several things of one type.
    pub fn remove_many<T: Into<FavoriteObject>>(&self, objects: impl IntoIterator<Item = T>) -> Request<()> {
        let objects: Vec<_> = objects.into_iter().map(Into::into).collect();
        let kind = objects.first().map_or_else(String::new, |first| first.kind.to_string());
        let same = objects.iter().position(|object| object.kind.as_str() != kind).map_or(Ok(()), |index| {
            Err(Error::invalid(format!("objectIds[{index}]"), "must be of the same type as the first one"))
        });
        let call = self.client.call(&REMOVE_MANY).check(check(&objects, "objectIds")).path("favoriteType", kind);
        done(call).add("objectIds", objects.iter().map(|object| object.object_id)).check(same)
    }
}

fn one(call: Call, object: &FavoriteObject) -> Call {
    let call = call.path("favoriteType", &object.kind).check(positive("favoriteId", object.object_id));
    call.path("favoriteId", object.object_id)
}

fn check(objects: &[FavoriteObject], field: &str) -> Result<()> {
    count(field, objects.len(), usize::MAX)?;
    let odd = objects.iter().position(|object| object.object_id <= 0);
    odd.map_or(Ok(()), |index| positive(&format!("{field}[{index}]"), 0))
}

open_enum! {
    /// What favorites are read with.
    pub enum FavoriteInclude {
        /// The id in the address of the thing's page.
        "directId" => DirectId,
        /// The name.
        "name" => Name,
    }
}

connectors_core::request! {
    /// Lists favorites: [`Favorites::list`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListFavorites => OffsetPage<Favorite>;
    /// Adds to what is sent.
    list include: FavoriteInclude = "include";
    /// All favorites in one answer, instead of pages.
    flag include_all = "includeAll";
}
offset_pages!(ListFavorites => Favorite);

connectors_core::request! {
    /// Reads a favorite: [`Favorites::get`].
    pub struct GetFavorite => Favorite;
    /// Adds to what is sent.
    list include: FavoriteInclude = "include";
}

//! Dashboards, which the API calls sights.

use connectors_core::provider::{Operation, Safety};
use connectors_core::{Request, open_enum};
use http::Method;
use serde::Serialize;

use crate::destination::{Destination, To};
use crate::model::{Dashboard, DashboardSummary, PathNode, SightId, SightPublish, SightPublishUpdate, TokenPage};
use crate::request::{CallExt, done, not_blank, operation, resource, token_pages, written};

static LIST: Operation = operation(Method::GET, "dashboards.list", "/sights");
static GET: Operation = operation(Method::GET, "dashboards.get", "/sights/{sightId}");
static UPDATE: Operation = operation(Method::PUT, "dashboards.update", "/sights/{sightId}");
static DELETE: Operation = operation(Method::DELETE, "dashboards.delete", "/sights/{sightId}");
static COPY: Operation = operation(Method::POST, "dashboards.copy", "/sights/{sightId}/copy");
// It is there afterwards, however often it is told to go.
static MOVE_TO: Operation =
    operation(Method::POST, "dashboards.move_to", "/sights/{sightId}/move").safety(Safety::Idempotent);
static PUBLISH_STATUS: Operation = operation(Method::GET, "dashboards.publish_status", "/sights/{sightId}/publish");
static PUBLISH: Operation = operation(Method::PUT, "dashboards.publish", "/sights/{sightId}/publish").cost(10);
static PATH: Operation = operation(Method::GET, "dashboards.path", "/sights/{sightId}/path");

/// The level at which widgets tell values of several contacts and picklist values from plain ones.
const RICH_LEVEL: u8 = 4;

resource! {
    /// The endpoints of dashboards: [`SmartsheetClient::dashboards`](crate::SmartsheetClient::dashboards).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{PublishAudience, SightPublishUpdate, WidgetContents};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, workspace, folder) = (mock.client().clone(), mock.workspace_id(), mock.folder_id());
    /// let dashboards = smartsheet.dashboards();
    /// let original = dashboards.list().await?.data[0].id;
    /// let read = dashboards.get(original).rich_values().await?;
    /// let metrics = read.widgets.iter().filter(|widget| matches!(widget.contents, Some(WidgetContents::Metrics(_))));
    /// assert_eq!(metrics.count(), 1);
    ///
    /// let copy = dashboards.copy(original, workspace, "Stores, for the board").await?.id;
    /// dashboards.update(copy, "Stores for the board").await?;
    /// dashboards.move_to(copy, folder).await?;
    /// assert_eq!(dashboards.path(copy).await?.to_path(), "/Field marketing/Campaigns/Stores for the board");
    ///
    /// let public =
    ///     SightPublishUpdate::new().read_only_full_enabled(true).read_only_full_accessible_by(PublishAudience::All);
    /// let address = dashboards.publish(copy, public).await?.read_only_full_url;
    /// assert_eq!(dashboards.publish_status(copy).await?.read_only_full_url, address);
    /// dashboards.delete(copy).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub struct Dashboards;
}

impl Dashboards {
    /// All dashboards that the token can see.
    pub fn list(&self) -> ListDashboards {
        ListDashboards(Request::new(self.client.call(&LIST)))
    }

    /// A dashboard with its widgets.
    pub fn get(&self, dashboard: SightId) -> GetDashboard {
        GetDashboard(Request::new(self.client.call(&GET).id("sightId", dashboard.get())))
    }

    /// Renames a dashboard.
    pub fn update(&self, dashboard: SightId, name: impl Into<String>) -> Request<Dashboard> {
        #[derive(Serialize)]
        struct Name {
            name: String,
        }
        let name = Name { name: name.into() };
        written(self.client.call(&UPDATE).id("sightId", dashboard.get()).json(&name))
            .check(not_blank("name", &name.name))
    }

    /// Deletes a dashboard.
    pub fn delete(&self, dashboard: SightId) -> Request<()> {
        done(self.client.call(&DELETE).id("sightId", dashboard.get()))
    }

    /// Copies a dashboard. The widgets of the copy show the same sheets.
    pub fn copy(
        &self,
        dashboard: SightId,
        destination: impl Into<Destination>,
        new_name: impl Into<String>,
    ) -> Request<DashboardSummary> {
        let to = To::copy(destination, new_name);
        written(self.client.long_call(&COPY).id("sightId", dashboard.get()).json(&to)).check(to.check())
    }

    /// Moves a dashboard into a folder or workspace.
    pub fn move_to(&self, dashboard: SightId, destination: impl Into<Destination>) -> Request<DashboardSummary> {
        let to = To::moved(destination);
        written(self.client.call(&MOVE_TO).id("sightId", dashboard.get()).json(&to)).check(to.check())
    }

    /// How a dashboard is published on the web.
    pub fn publish_status(&self, dashboard: SightId) -> Request<SightPublish> {
        Request::new(self.client.call(&PUBLISH_STATUS).id("sightId", dashboard.get()))
    }

    /// Publishes a dashboard on the web, or takes that back. Counts as ten calls.
    pub fn publish(&self, dashboard: SightId, how: SightPublishUpdate) -> Request<SightPublish> {
        written(self.client.call(&PUBLISH).id("sightId", dashboard.get()).json(&how))
    }

    /// Where a dashboard is: the workspace and folders around it.
    pub fn path(&self, dashboard: SightId) -> Request<PathNode> {
        Request::new(self.client.call(&PATH).id("sightId", dashboard.get()))
    }
}

open_enum! {
    /// What a dashboard is read with, besides its widgets.
    pub enum DashboardInclude {
        /// Typed values. Needs a level as well: ask for rich values instead.
        "objectValue" => ObjectValue,
        /// What it was made from.
        "source" => Source,
    }
}

connectors_core::request! {
    /// Reads a dashboard: [`Dashboards::get`].
    pub struct GetDashboard => Dashboard;
    /// Adds to what is sent.
    list include: DashboardInclude = "include";
    /// The level of detail, for what [`rich_values`](Self::rich_values) does not cover.
    set level: u8 = "level";
}

impl GetDashboard {
    /// Typed values beside the plain ones: contacts, several picklist values, dates.
    pub fn rich_values(self) -> Self {
        self.include([DashboardInclude::ObjectValue]).level(RICH_LEVEL)
    }
}

connectors_core::request! {
    /// Lists dashboards: [`Dashboards::list`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListDashboards => TokenPage<DashboardSummary>;
    /// Only dashboards that were changed since.
    time modified_since = "modifiedSince";
}
// Unless asked for tokens, Smartsheet has paged this list by number, without a key: a pager would take the first page for
// all there is.
token_pages!(ListDashboards => DashboardSummary, first: |list: ListDashboards| {
    let by_token = list.0.parameter("maxItems").is_some() || list.0.parameter("lastKey").is_some();
    if by_token { list } else { ListDashboards(list.0.set("paginationType", "token")) }
});

//! The tracker of a campaign.

use chrono::TimeDelta;
use connectors_core::provider::{Lookup, Remote};
use connectors_core::{Campaign, CampaignId, Error, ErrorKind, LinkKey, Result};

use crate::columns::check_columns;
use crate::model::ids::positive;
use crate::model::{ColumnMap, NewColumn, NewSheet, ResourceType, SheetId};
use crate::query::CopyInclude;
use crate::table::unsure::{SLOW_SETTLE, may_still_run};
use crate::{Destination, ListChildren, PROVIDER, SmartsheetClient, tracker};

/// By how much Smartsheet's clock and ours may differ.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

/// What a new sheet is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Template {
    /// A template or sheet to copy.
    Sheet(SheetId),
    /// Columns, exactly one of them primary.
    Columns(Vec<NewColumn>),
}

impl Template {
    /// The built-in layout: see [`tracker`].
    pub fn event_tracker() -> Self {
        Self::Columns(tracker::columns())
    }
}

/// Asks for the tracker of a campaign.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CreateSheet {
    /// Whose tracker it is: there is one per campaign and destination.
    pub campaign: CampaignId,
    /// What it is made of.
    pub template: Template,
    /// Where it goes: a folder or a workspace.
    pub destination: Destination,
    /// Its name; by default the campaign's, and "tracker".
    pub name: String,
    /// What is taken over from a template besides its structure.
    pub include: Vec<CopyInclude>,
    /// The title of the column for event ids.
    pub key_column: String,
}

impl CreateSheet {
    /// The tracker of `campaign`.
    pub fn new(campaign: &Campaign, template: Template, destination: impl Into<Destination>) -> Self {
        Self {
            campaign: campaign.id.clone(),
            template,
            destination: destination.into(),
            name: format!("{} tracker", campaign.name.trim()),
            include: Vec::new(),
            key_column: tracker::EVENT_ID.to_owned(),
        }
    }

    /// Gives it another name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Takes these over from the template, besides its structure.
    pub fn include(mut self, what: impl IntoIterator<Item = CopyInclude>) -> Self {
        self.include.extend(what);
        self
    }

    /// The title of the column for event ids; [`tracker::EVENT_ID`] by default.
    pub fn key_column(mut self, title: impl Into<String>) -> Self {
        self.key_column = title.into();
        self
    }

    fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() {
            return Err(Error::invalid("name", "must not be blank"));
        }
        self.destination.container()?;
        match &self.template {
            Template::Sheet(id) => positive("template", id.get()),
            Template::Columns(columns) if !columns.iter().any(|column| column.title == self.key_column) => {
                Err(self.lacks_key_column())
            }
            Template::Columns(columns) => check_columns(columns),
        }
    }

    fn lacks_key_column(&self) -> Error {
        let message = format!("has no column `{}`, by which the rows of events are found", self.key_column);
        Error::invalid("template", message).with_hint("add the column, or name another one with key_column()")
    }

    /// Tenants and destinations are kept apart.
    fn key(&self, client: &SmartsheetClient) -> Result<LinkKey> {
        let (container, id) = self.destination.container()?;
        let base = client.core().base();
        let host = base.split_once("://").map_or(base, |(_, rest)| rest);
        Ok(LinkKey::new(PROVIDER, "sheet", format!("{host}/{container}/{id}"), self.campaign.as_str()))
    }
}

/// The tracker of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreatedSheet {
    /// The sheet.
    pub id: SheetId,
    /// Its name when it was created.
    pub name: String,
    /// Its page.
    pub permalink: String,
    /// Its columns, which have other ids than the template's.
    pub columns: ColumnMap,
    /// Whether it was not on record before.
    pub is_new: bool,
}

pub(super) async fn create_sheet(client: &SmartsheetClient, request: &CreateSheet) -> Result<CreatedSheet> {
    request.check()?;
    let key = request.key(client)?;
    let linked = client.links().get(&key).await?.is_some_and(|link| link.is_linked());
    let known = linked || check_template(client, request).await?;
    let create = || create(client, request, known);
    let lookup = || lookup(client, request, &key);
    let ensured = client.links().ensure(&key, create, lookup).await?;

    let id: SheetId = ensured.remote_id().parse()?;
    let columns = client.columns().list(id).await.map_err(|error| gone(&error, linked))?;
    let columns = ColumnMap::new(columns);
    if columns.get(&request.key_column).is_none() {
        return Err(request
            .lacks_key_column()
            .with_hint(format!("the sheet {id} was made from it; add the column there")));
    }
    let attribute = |name: &str| ensured.link().attributes.get(name).cloned().unwrap_or_default();
    Ok(CreatedSheet {
        id,
        name: attribute("name"),
        permalink: attribute("permalink"),
        columns,
        is_new: ensured.is_new(),
    })
}

/// Refuses a sheet without the column for event ids before anything is made from it. Whether the template is known to
/// exist: a real template cannot be read like a sheet, and says what it lacks only once a sheet is made from it.
async fn check_template(client: &SmartsheetClient, request: &CreateSheet) -> Result<bool> {
    let Template::Sheet(id) = request.template else { return Ok(true) };
    match client.columns().list(id).await {
        Ok(columns) if !columns.iter().any(|column| column.title == request.key_column) => {
            Err(request.lacks_key_column())
        }
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

async fn create(client: &SmartsheetClient, request: &CreateSheet, template_known: bool) -> Result<Remote> {
    let sheet = match &request.template {
        Template::Sheet(id) => NewSheet::from_template(request.name.trim(), *id),
        Template::Columns(columns) => NewSheet::with_columns(request.name.trim(), columns.clone()),
    };
    let created = client.sheets().create(request.destination, sheet).include(request.include.iter().cloned()).await;
    let sheet = match created {
        Ok(sheet) => sheet,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(error.with_field(if template_known { "destination" } else { "template" }));
        }
        Err(error) => {
            if error.maybe_applied() && may_still_run(&error) {
                // Whoever looks now may look too early.
                client.core().clock().sleep(SLOW_SETTLE).await;
            }
            return Err(error);
        }
    };
    let sheet = sheet.result;
    Ok(remote(sheet.id, sheet.name, sheet.permalink))
}

fn remote(id: SheetId, name: String, permalink: Option<String>) -> Remote {
    Remote::new(id.to_string()).with("name", name).with("permalink", permalink.unwrap_or_default())
}

/// Names are not unique: a sheet is ours if it has our name, appeared since we meant to create it, and belongs to no
/// other campaign.
async fn lookup(client: &SmartsheetClient, request: &CreateSheet, key: &LinkKey) -> Result<Lookup> {
    let links = client.links();
    let Some(intent) = links.get(key).await? else { return Ok(Lookup::Absent) };
    let earliest = intent.at - CLOCK_SKEW;
    let taken = links.list(&key.provider, &key.kind, &key.scope).await?;
    let is_taken = |id: i64| taken.iter().any(|(_, link)| link.remote_id.as_deref() == Some(&id.to_string()));

    let children = ListChildren::of(client, request.destination)?.types([ResourceType::Sheet]);
    let mut children = children.pager().collect_all().await?;
    children.retain(|child| {
        let is_sheet = child.resource_type.as_ref().is_none_or(|kind| *kind == ResourceType::Sheet);
        // Without a date there is no telling: it counts, and the caller is told if that makes it more than one.
        let recent = child.created_at.is_none_or(|at| at >= earliest);
        is_sheet && child.name == request.name.trim() && recent && !is_taken(child.id)
    });
    match children.as_slice() {
        [] => Ok(Lookup::Absent),
        [one] => Ok(Lookup::Found(remote(SheetId::new(one.id), one.name.clone(), one.permalink.clone()))),
        several => {
            let message =
                format!("{} sheets named `{}` may be the tracker of the campaign", several.len(), request.name);
            Err(Error::new(ErrorKind::Ambiguous, message)
                .with_hint("delete those that are not, or `record` the right one"))
        }
    }
}

fn gone(error: &Error, linked: bool) -> Error {
    let error = error.clone();
    if linked && error.kind() == ErrorKind::NotFound {
        return error.with_hint("the sheet was deleted since; `forget` its link to have it created anew");
    }
    error
}

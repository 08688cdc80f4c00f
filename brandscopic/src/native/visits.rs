//! Visits of brand ambassadors, and their documents.

use std::collections::{HashSet, VecDeque};
use std::fmt::Display;

use connectors_core::provider::Operation;
use connectors_core::{DateRange, Download, Error, ErrorKind, Pager, Request, Result, request};
use http::Method;
use serde::Serialize;

use super::assets::download;
use super::request::{CallExt, operation, resource};
use super::{
    AreaId, CompanyUserId, FiledDocument, FolderDocument, FolderId, FolderItem, RemoteCampaignId, RemoteEvent, Visit,
    VisitDraft, VisitId, VisitPage, dates, pages,
};
use crate::PROVIDER;

static LIST: Operation = operation(Method::GET, "visits.list", "/brand_ambassadors/visits.json");
static GET: Operation = operation(Method::GET, "visits.get", "/brand_ambassadors/visits/{id}.json");
static CREATE: Operation = operation(Method::POST, "visits.create", "/brand_ambassadors/visits.json");
static UPDATE: Operation = operation(Method::PUT, "visits.update", "/brand_ambassadors/visits/{id}.json");
static TYPES: Operation = operation(Method::GET, "visits.types", "/brand_ambassadors/visits/types.json");
static EVENTS: Operation = operation(Method::GET, "visits.events", "/brand_ambassadors/visits/{id}/events.json");
static DOCUMENTS: Operation = operation(Method::GET, "visits.documents", "/brand_ambassadors/documents.json");

/// The most folders that are looked into.
const MAX_FOLDERS: usize = 1000;

resource! {
    /// The endpoints of visits: [`Native::visits`](super::Native::visits).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use connectors_brandscopic::{Contract, native::{CompanyUserId, FolderItem, VisitDraft}};
    /// # let mock = connectors_mock::MockBrandscopic::builder().contract(Contract::Native).past_events(5).build()?;
    /// # let (campaign, member) = (mock.fake().projects()[0].id.into(), CompanyUserId::new(907));
    /// let visits = mock.client().native()?.visits();
    /// let draft = VisitDraft::new(member, campaign, "Market visit", "2026-02-01".parse()?, "2026-03-31".parse()?);
    /// let visit = visits.create(&draft.city("Boston")).await?;
    /// let change = VisitDraft::change().description("Five bars along the harbour");
    /// visits.update(visit.id, &change).await?;
    /// assert!(visits.get(visit.id).await?.description.is_some());
    /// assert_eq!(visits.types().await?, ["Market visit"]);
    /// assert_eq!(visits.list().cities(["Boston"]).await?.total, 1);
    /// assert!(!visits.events(visit.id).await?.is_empty());
    ///
    /// assert!(matches!(visits.documents().await?[0], FolderItem::Folder(_)));
    /// let all = visits.documents_below(None).await?;
    /// let pouring = all.iter().find(|found| found.folders == ["Playbooks", "Tastings"]).unwrap();
    /// assert_eq!(visits.download(&pouring.document).bytes().await?, "How to pour");
    /// # Ok(())
    /// # }
    /// ```
    pub struct Visits;
}

#[derive(Serialize)]
struct Body<'a> {
    visit: &'a VisitDraft,
}

impl Visits {
    /// The visits of the company. Await it for one page, or read all through its pager.
    pub fn list(&self) -> ListVisits {
        ListVisits(Request::new(self.0.call(&LIST)))
    }

    /// One visit.
    pub fn get(&self, visit: VisitId) -> Request<Visit> {
        Request::new(self.0.call(&GET).id("id", visit.get()))
    }

    /// Creates a visit. Doing it twice makes two.
    pub fn create(&self, visit: &VisitDraft) -> Request<Visit> {
        Request::new(self.0.call(&CREATE).json(&Body { visit })).check(visit.complete())
    }

    /// Changes what the draft names and leaves the rest.
    pub fn update(&self, visit: VisitId, change: &VisitDraft) -> Request<Visit> {
        Request::new(self.0.call(&UPDATE).id("id", visit.get()).json(&Body { visit: change })).check(change.changes())
    }

    /// What visits are for: the words in use.
    pub fn types(&self) -> Request<Vec<String>> {
        Request::new(self.0.call(&TYPES))
    }

    /// The events of a visit, all at once, as lists have them. That the ids of their places are those of venues here, too,
    /// is not certain.
    pub fn events(&self, visit: VisitId) -> Request<Vec<RemoteEvent>> {
        Request::new(self.0.call(&EVENTS).id("id", visit.get()))
    }

    /// The documents for brand ambassadors: those at the top, and folders with more.
    pub fn documents(&self) -> ListFolder {
        ListFolder(Request::new(self.0.call(&DOCUMENTS)))
    }

    /// All documents in a folder and in those below it, or all that there are. It takes a request for each folder, one
    /// after the other.
    ///
    /// A folder within itself is looked into once. More than 1000 folders are
    /// [`BodyTooLarge`](ErrorKind::BodyTooLarge).
    pub async fn documents_below(&self, folder: Option<FolderId>) -> Result<Vec<FiledDocument>> {
        let (mut documents, mut seen) = (Vec::new(), HashSet::from([folder]));
        let mut waiting = VecDeque::from([(folder, Vec::new())]);
        while let Some((folder, folders)) = waiting.pop_front() {
            let list = self.documents();
            for item in folder.map_or(list.clone(), |folder| list.folder(folder)).await? {
                match item {
                    FolderItem::Document(document) => {
                        documents.push(FiledDocument { folders: folders.clone(), document });
                    }
                    FolderItem::Folder(below) if seen.insert(Some(below.id)) => {
                        let path = folders.iter().cloned().chain([below.name]).collect();
                        waiting.push_back((Some(below.id), path));
                    }
                    FolderItem::Folder(_) => {}
                }
            }
            if seen.len() > MAX_FOLDERS {
                let error = Error::new(ErrorKind::BodyTooLarge, format!("more than {MAX_FOLDERS} folders"));
                return Err(error
                    .with_origin(PROVIDER, DOCUMENTS.name)
                    .with_hint("look into the folders one by one, with `documents()`"));
            }
        }
        Ok(documents)
    }

    /// What is in a document that was listed a short time ago. Nothing of the session is sent where it lies.
    pub fn download(&self, document: &FolderDocument) -> Download {
        download(&self.0, document.url.as_ref())
    }
}

request! {
    /// Lists visits: [`Visits::list`]. Filters of one kind add up, those of different kinds narrow each other.
    pub struct ListVisits => VisitPage;
    /// Only visits of these members of the company.
    each users: CompanyUserId = "user[]";
    /// Only visits for these campaigns.
    each campaigns: RemoteCampaignId = "campaign[]";
    /// Only visits to these areas.
    each areas: AreaId = "area[]";
}

impl ListVisits {
    /// Only visits to these cities, by name.
    pub fn cities<C: Display>(self, names: impl IntoIterator<Item = C>) -> Self {
        Self(self.0.each("city[]", names))
    }

    /// Only visits on these days, the last included.
    pub fn between(self, days: DateRange) -> Self {
        let request = self.0.set("start_date", dates::date(days.start()));
        Self(request.set("end_date", dates::date(days.end())))
    }

    /// This page, from 1, instead of the first.
    pub fn page(self, number: u64) -> Self {
        Self(pages::at(self.0, number))
    }

    /// All visits from this page on, one after the other. A cursor is the number of a page.
    ///
    /// Fails with [`Decode`](connectors_core::ErrorKind::Decode) if the server sends the same page again, which would
    /// leave the others out.
    pub fn pager(self) -> Pager<Visit> {
        pages::all(
            &LIST,
            self.0,
            |visit: &Visit| visit.id.get(),
            |page: VisitPage| {
                let pages = page.pages();
                (page.results, pages)
            },
        )
    }
}

request! {
    /// Lists documents for brand ambassadors: [`Visits::documents`].
    pub struct ListFolder => Vec<FolderItem>;
    /// What is in this folder, instead of what is at the top.
    set folder: FolderId = "parent_id";
    /// Only what belongs to this visit.
    set visit: VisitId = "visit_id";
}

//! Visits of brand ambassadors, as they are told and written.

use chrono::{DateTime, NaiveDate, Utc};
use connectors_core::wire::lenient;
use connectors_core::{Error, Result};
use serde::de;
use serde::{Deserialize, Deserializer, Serialize};

use super::assets::opt_url;
use super::request::{nameless, not_blank, positive};
use super::wire::{day, flag_as_text, opt_day};
use super::{
    Activity, AreaId, AssetId, CompanyUserId, FileUrl, FilterValue, FolderId, RemoteCampaignId, VisitId, pages,
};

/// A visit of a brand ambassador to an area.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
#[non_exhaustive]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// What it is for: free text.
    pub visit_type: Option<String>,
    /// Its first day.
    pub start: NaiveDate,
    /// Its last day.
    pub end: NaiveDate,
    /// The campaign.
    pub campaign_id: Option<RemoteCampaignId>,
    /// The name of the campaign.
    pub campaign_name: Option<String>,
    /// The area.
    pub area_id: Option<AreaId>,
    /// The name of the area.
    pub area_name: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Whether it counts.
    pub status: Option<Activity>,
    /// Who visits.
    pub user: Option<VisitUser>,
}

/// Who visits. `Debug` does not show the name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VisitUser {
    /// The member of the company.
    pub id: CompanyUserId,
    /// First and last name.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub full_name: Option<String>,
}

nameless!(VisitUser);

/// Versions of the server nest the campaign and the area, or tell their names beside their ids.
#[derive(Deserialize)]
struct Wire {
    id: VisitId,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    visit_type: Option<String>,
    #[serde(deserialize_with = "day::deserialize")]
    start_date: NaiveDate,
    #[serde(deserialize_with = "day::deserialize")]
    end_date: NaiveDate,
    #[serde(default)]
    campaign: Option<Named<RemoteCampaignId>>,
    #[serde(default)]
    campaign_id: Option<RemoteCampaignId>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    campaign_name: Option<String>,
    #[serde(default)]
    area: Option<Named<AreaId>>,
    #[serde(default)]
    area_id: Option<AreaId>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    area_name: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    city: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    description: Option<String>,
    #[serde(default)]
    status: Option<Activity>,
    #[serde(default)]
    user: Option<VisitUser>,
}

#[derive(Deserialize)]
struct Named<I> {
    #[serde(default = "Option::default")]
    id: Option<I>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    name: Option<String>,
}

impl From<Wire> for Visit {
    fn from(wire: Wire) -> Self {
        let (campaign_id, campaign_name) = wire.campaign.map_or((None, None), |named| (named.id, named.name));
        let (area_id, area_name) = wire.area.map_or((None, None), |named| (named.id, named.name));
        Self {
            id: wire.id,
            visit_type: wire.visit_type,
            start: wire.start_date,
            end: wire.end_date,
            campaign_id: campaign_id.or(wire.campaign_id),
            campaign_name: campaign_name.or(wire.campaign_name),
            area_id: area_id.or(wire.area_id),
            area_name: area_name.or(wire.area_name),
            city: wire.city,
            description: wire.description,
            status: wire.status,
            user: wire.user,
        }
    }
}

/// What to write of a visit: everything for a create, what changes for an update.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct VisitDraft {
    /// Its first day.
    #[serde(rename = "start_date", serialize_with = "opt_day::serialize", skip_serializing_if = "Option::is_none")]
    pub start: Option<NaiveDate>,
    /// Its last day.
    #[serde(rename = "end_date", serialize_with = "opt_day::serialize", skip_serializing_if = "Option::is_none")]
    pub end: Option<NaiveDate>,
    /// Who visits.
    #[serde(rename = "company_user_id", skip_serializing_if = "Option::is_none")]
    pub user: Option<CompanyUserId>,
    /// The campaign.
    #[serde(rename = "campaign_id", skip_serializing_if = "Option::is_none")]
    pub campaign: Option<RemoteCampaignId>,
    /// What it is for: free text, best one of those [in use](super::Visits::types).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit_type: Option<String>,
    /// The area.
    #[serde(rename = "area_id", skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaId>,
    /// The city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `false` deactivates it, which needs a permission of its own.
    #[serde(serialize_with = "flag_as_text", skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

impl VisitDraft {
    /// A visit of this member for this campaign, from the first day to the last. `visit_type` is free text, best one of
    /// those [in use](super::Visits::types).
    pub fn new(
        user: CompanyUserId,
        campaign: RemoteCampaignId,
        visit_type: impl Into<String>,
        start: NaiveDate,
        end: NaiveDate,
    ) -> Self {
        Self::change().user(user).campaign(campaign).visit_type(visit_type).days(start, end)
    }

    /// A change of a visit, to be filled in.
    pub fn change() -> Self {
        Self::default()
    }

    /// Its first day and its last.
    pub fn days(mut self, start: NaiveDate, end: NaiveDate) -> Self {
        (self.start, self.end) = (Some(start), Some(end));
        self
    }

    /// Who visits.
    pub fn user(mut self, user: CompanyUserId) -> Self {
        self.user = Some(user);
        self
    }

    /// The campaign.
    pub fn campaign(mut self, campaign: RemoteCampaignId) -> Self {
        self.campaign = Some(campaign);
        self
    }

    /// What it is for.
    pub fn visit_type(mut self, visit_type: impl Into<String>) -> Self {
        self.visit_type = Some(visit_type.into());
        self
    }

    /// The area.
    pub fn area(mut self, area: AreaId) -> Self {
        self.area = Some(area);
        self
    }

    /// The city.
    pub fn city(mut self, city: impl Into<String>) -> Self {
        self.city = Some(city.into());
        self
    }

    /// What it is about.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Whether it counts.
    pub fn active(mut self, active: bool) -> Self {
        self.active = Some(active);
        self
    }

    fn check(&self) -> Result<()> {
        if let Some(visit_type) = &self.visit_type {
            not_blank("visit_type", visit_type)?;
        }
        let ids = [
            ("company_user_id", self.user.map(CompanyUserId::get)),
            ("campaign_id", self.campaign.map(RemoteCampaignId::get)),
            ("area_id", self.area.map(AreaId::get)),
        ];
        for (field, id) in ids {
            id.map_or(Ok(()), |id| positive(field, id))?;
        }
        let backwards = self.start.zip(self.end).is_some_and(|(start, end)| end < start);
        if backwards { Err(Error::invalid("end_date", "must not be before the start")) } else { Ok(()) }
    }

    pub(super) fn complete(&self) -> Result<()> {
        let given = [
            ("start_date", self.start.is_some()),
            ("end_date", self.end.is_some()),
            ("company_user_id", self.user.is_some()),
            ("campaign_id", self.campaign.is_some()),
            ("visit_type", self.visit_type.is_some()),
        ];
        match given.into_iter().find(|(_, given)| !given) {
            Some((field, _)) => Err(Error::invalid(field, "is required to create a visit")),
            None => self.check(),
        }
    }

    pub(super) fn changes(&self) -> Result<()> {
        if *self == Self::default() { Err(Error::invalid("visit", "changes nothing")) } else { self.check() }
    }
}

/// One page of visits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct VisitPage {
    /// Its number, from 1.
    #[serde(deserialize_with = "lenient::number")]
    pub page: u64,
    /// How many pages there are.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub total_pages: Option<u64>,
    /// How many visits there are on all pages.
    #[serde(deserialize_with = "lenient::number")]
    pub total: u64,
    /// What the list could be narrowed by. Only on the first page.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub facets: Vec<VisitFacet>,
    /// The visits; at most 30.
    pub results: Vec<Visit>,
}

impl VisitPage {
    /// How many pages there are, told or counted.
    pub fn pages(&self) -> u64 {
        pages::count(self.total_pages, self.total)
    }
}

/// One heading, and what the list could be narrowed by below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VisitFacet {
    /// The heading.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub label: String,
    /// What can be chosen.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub items: Vec<VisitFacetItem>,
    /// Those of them that are shown first.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub top_items: Vec<VisitFacetItem>,
}

/// Something that the list could be narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VisitFacetItem {
    /// What to send for it.
    #[serde(default)]
    pub id: Option<FilterValue>,
    /// What people call it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub label: String,
    /// The query parameter to send it as, without brackets.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// How many visits it leaves.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub count: Option<u64>,
    /// Whether the user has chosen it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub selected: bool,
}

/// Something among the documents for brand ambassadors.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FolderItem {
    /// A folder, which may hold more.
    Folder(Folder),
    /// A document.
    Document(FolderDocument),
}

/// A folder of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Folder {
    /// Its id.
    pub id: FolderId,
    /// Its name.
    pub name: String,
    /// When it was changed last.
    pub updated_at: Option<DateTime<Utc>>,
}

/// A document in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FolderDocument {
    /// Its id.
    pub id: AssetId,
    /// Its name.
    pub name: String,
    /// When it was changed last.
    pub updated_at: Option<DateTime<Utc>>,
    /// The name of its file.
    pub file_name: Option<String>,
    /// What its file is, such as `application/pdf`.
    pub content_type: Option<String>,
    /// Where its file can be had, for a short time.
    pub url: Option<FileUrl>,
    /// A small picture of it.
    pub thumbnail: Option<FileUrl>,
}

impl<'de> Deserialize<'de> for FolderItem {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            #[serde(rename = "type")]
            kind: String,
            #[serde(deserialize_with = "lenient::number")]
            id: i64,
            #[serde(default, deserialize_with = "lenient::or_default")]
            name: String,
            #[serde(default)]
            updated_at: Option<DateTime<Utc>>,
            #[serde(default, deserialize_with = "lenient::opt_string")]
            file_name: Option<String>,
            #[serde(default, deserialize_with = "lenient::opt_string")]
            content_type: Option<String>,
            #[serde(default, deserialize_with = "opt_url")]
            url: Option<FileUrl>,
            #[serde(default, deserialize_with = "opt_url")]
            thumbnail: Option<FileUrl>,
        }
        let Wire { kind, id, name, updated_at, file_name, content_type, url, thumbnail } = Wire::deserialize(source)?;
        match kind.as_str() {
            "folder" => Ok(Self::Folder(Folder { id: FolderId::new(id), name, updated_at })),
            "document" => {
                let id = AssetId::new(id);
                Ok(Self::Document(FolderDocument { id, name, updated_at, file_name, content_type, url, thumbnail }))
            }
            _ => Err(de::Error::unknown_variant("another", &["folder", "document"])),
        }
    }
}

/// A document, and the folders that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FiledDocument {
    /// The names of the folders, the outermost first.
    pub folders: Vec<String>,
    /// The document.
    pub document: FolderDocument,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_tell_a_campaign_and_both_ways_to_write_a_day_are_read() {
        let read = |rest: &str| {
            let visit = format!(r#"{{"id":1,"start_date":"2026-03-02","end_date":"03/04/2026",{rest}}}"#);
            let visit: Visit = serde_json::from_str(&visit).unwrap();
            assert_eq!((visit.end - visit.start).num_days(), 2);
            let campaign = (visit.campaign_id.map(RemoteCampaignId::get), visit.campaign_name);
            (campaign, (visit.area_id.map(AreaId::get), visit.area_name))
        };
        let nested =
            read(r#""campaign":{"id":7,"name":"Fizz"},"area":{"id":61,"name":null},"campaign_id":7,"area_id":61"#);
        assert_eq!(nested, ((Some(7), Some("Fizz".into())), (Some(61), None)));
        let flat = read(r#""campaign_name":"Fizz","area_name":"Midwest","campaign_id":7"#);
        assert_eq!(flat, ((Some(7), Some("Fizz".into())), (None, Some("Midwest".into()))));
        assert_eq!(read(r#""campaign":null,"area":null"#), ((None, None), (None, None)));
    }

    #[test]
    fn a_thing_of_an_unknown_kind_is_neither_folder_nor_document() {
        assert!(serde_json::from_str::<FolderItem>(r#"{"type":"link","id":1}"#).is_err());
    }
}

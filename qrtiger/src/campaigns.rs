//! Dynamic codes: made, changed and listed.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use connectors_core::provider::{Operation, Safety};
use connectors_core::{Cursor, Error, Page, Pager, RequestOptions, Response, Result};
use http::Method;
use serde::Serialize;
use serde::de::IgnoredAny;
use url::Url;

use crate::model::{CampaignList, Created};
use crate::pages::is_web;
use crate::{Campaign, Category, Design, ImageDownload, ImageFormat, PROVIDER, QrId, QrTigerClient, VCard};

static CREATE: Operation = Operation::new(PROVIDER, "campaigns.create", Method::POST, "/api/campaign/");
static EDIT: Operation =
    Operation::new(PROVIDER, "campaigns.edit", Method::POST, "/api/campaign/edit/{qrId}").safety(Safety::Idempotent);
static LIST: Operation = Operation::new(PROVIDER, "campaigns.list", Method::GET, "/api/campaign");

/// The only type of dynamic code that any client sends.
const QR_TYPE: &str = "qr2";

/// The page size of lists. 100 and 200 are in use; the limit is not documented.
const PAGE_SIZE: u32 = 100;

/// Dynamic codes: [`QrTigerClient::campaigns`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # let client = connectors_mock::MockQrTiger::new().client().clone();
/// use connectors_qrtiger::{Color, Design, ImageFormat, VCard};
///
/// let campaigns = client.campaigns();
/// let design = Design::new().color(Color::new("midnightblue")?);
/// let menu = campaigns.create("https://example.com/menu").design(design).await?;
/// campaigns.edit(&menu.id).name("Menu").await?;
/// let card = campaigns.create_vcard(&VCard::new("Ada Example").company("Example Drinks")).await?;
///
/// let all = campaigns.list().collect_all().await?;
/// let names: Vec<_> = all.iter().map(|code| (&code.id, code.name.as_str())).collect();
/// assert_eq!(names, [(&card.id, ""), (&menu.id, "Menu")]);
/// assert_eq!(all[0].vcard().and_then(|card| card.company).as_deref(), Some("Example Drinks"));
///
/// let drawing = campaigns.download_image(&menu, ImageFormat::Svg).bytes().await?; // or .save("menu.svg")
/// assert!(drawing.starts_with(b"<svg"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Campaigns {
    client: QrTigerClient,
}

impl Campaigns {
    pub(crate) fn new(client: QrTigerClient) -> Self {
        Self { client }
    }

    /// Makes a code that holds `content`: an address, or what [`CreateCampaign::category`] says.
    ///
    /// Every call makes another code, so it is never repeated when its outcome is unknown; the error's
    /// [`maybe_applied`](Error::maybe_applied) then is true. [`generate_qr_code`](crate::QrTigerService::generate_qr_code)
    /// looks whether it was made.
    pub fn create(&self, content: impl Into<String>) -> CreateCampaign {
        CreateCampaign {
            client: self.client.clone(),
            options: RequestOptions::default(),
            body: Body {
                qr: Some(Design::new()),
                content: Some(content.into()),
                kind: Some(QR_TYPE),
                category: Some(Category::Url),
                name: None,
            },
        }
    }

    /// Makes a code that shows a business card, as [`Campaigns::create`] does.
    pub fn create_vcard(&self, card: &VCard) -> CreateCampaign {
        self.create(card.to_text()).category(Category::VCard)
    }

    /// Changes a code: where it leads, its name, its looks.
    pub fn edit(&self, id: &QrId) -> EditCampaign {
        EditCampaign {
            client: self.client.clone(),
            options: RequestOptions::default(),
            id: id.clone(),
            body: Body::default(),
        }
    }

    /// The rendered code in this format. Where `code` does not tell of it, as those of a list may not, the provider is
    /// asked first, which counts as a request.
    ///
    /// The provider renders a code in the format of its design, and tells of vectors for some codes besides; what it
    /// does not tell of is [`NotFound`](connectors_core::ErrorKind::NotFound).
    pub fn download_image(&self, code: &Campaign, format: ImageFormat) -> ImageDownload {
        let image = code.image_as(&format).cloned();
        ImageDownload::wanted(self.client.clone(), code.id.clone(), format, image)
    }

    /// All codes of the account, 100 at a time.
    ///
    /// The provider tells neither a total nor an end: the list ends with a page that is not full, or has nothing new.
    pub fn list(&self) -> Pager<Campaign> {
        self.list_from(None)
    }

    /// As [`Campaigns::list`], from a page on: a [`Pager::cursor`] is the page's number.
    pub fn list_from(&self, first: Option<Cursor>) -> Pager<Campaign> {
        let campaigns = self.clone();
        let seen = Arc::new(Mutex::new(HashSet::new()));
        Pager::new(first, move |cursor| {
            let (campaigns, seen) = (campaigns.clone(), Arc::clone(&seen));
            async move {
                let number = cursor.map_or(Ok(1), |cursor| cursor.as_str().parse());
                let number = number.map_err(|_| Error::invalid("cursor", "is not the number of a page"))?;
                let mut page = campaigns.page(number).await?;
                // Codes made meanwhile push others on to the next page, where they come again.
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                page.items.retain(|campaign| seen.insert(campaign.id.clone()));
                page.next = page.next.filter(|_| !page.items.is_empty());
                Ok(page)
            }
        })
    }

    /// One page of the list, counted from 1.
    pub fn page(&self, number: u32) -> CampaignPage {
        CampaignPage { client: self.client.clone(), options: RequestOptions::default(), number, limit: PAGE_SIZE }
    }
}

/// The body of a create or an edit.
#[derive(Clone, Default, PartialEq, Serialize)]
struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    qr: Option<Design>,
    #[serde(rename = "qrUrl", skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(rename = "qrType", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(rename = "qrCategory", skip_serializing_if = "Option::is_none")]
    category: Option<Category>,
    #[serde(rename = "qrName", skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// Without what it holds, which may be about a person.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { qr, category, name, .. } = self;
        let mut shown = f.debug_struct("Body");
        shown.field("qr", qr).field("category", category).field("name", name).finish_non_exhaustive()
    }
}

impl Body {
    fn check(&self) -> Result<()> {
        let is_link = self.category.as_ref().is_none_or(|category| *category == Category::Url);
        match &self.content {
            Some(text) if is_link => check_destination("content", text)?,
            Some(text) if text.trim().is_empty() => return Err(Error::invalid("content", "must not be blank")),
            Some(text) if self.category == Some(Category::VCard) => check_card(text)?,
            _ => {}
        }
        self.name.as_deref().map_or(Ok(()), check_name)
    }
}

pub(crate) fn check_destination(field: &str, text: &str) -> Result<()> {
    match Url::parse(text) {
        Ok(url) if is_web(&url) => Ok(()),
        Ok(url) => Err(Error::invalid(field, format!("must be an http or https address, not `{}:`", url.scheme()))),
        Err(error) => Err(Error::invalid(field, format!("is not an address: {error}"))),
    }
}

fn check_card(text: &str) -> Result<()> {
    let card = VCard::read(text).ok_or_else(|| {
        Error::invalid("content", "is not the document of a business card")
            .with_hint("make it with `create_vcard(&card)`")
    })?;
    if card.name.trim().is_empty() { Err(Error::invalid("vcard.name", "must not be blank")) } else { Ok(()) }
}

pub(crate) fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "must neither be blank nor contain control characters"));
    }
    Ok(())
}

/// Makes a dynamic code: [`Campaigns::create`]. Await it for the [`Campaign`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct CreateCampaign {
    client: QrTigerClient,
    options: RequestOptions,
    body: Body,
}

impl CreateCampaign {
    /// How it looks.
    pub fn design(mut self, design: Design) -> Self {
        self.body.qr = Some(design);
        self
    }

    /// What it holds; a link unless set. Links and cards are checked.
    pub fn category(mut self, category: Category) -> Self {
        self.body.category = Some(category);
        self
    }

    /// Its name in the dashboard. The provider is known to ignore it here: [`Campaigns::edit`] sets it for sure.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.body.name = Some(name.into());
        self
    }

    /// Makes the code.
    pub async fn send(self) -> Result<Response<Campaign>> {
        let checked = if self.options.skip_validation { Ok(()) } else { self.body.check() };
        let call = self.client.core().call(&CREATE).check(checked).options(self.options).json(&self.body);
        Ok(call.send::<Created>().await?.map(|Created(campaign)| campaign))
    }
}

connectors_core::request_options!(CreateCampaign => Campaign);

/// Changes a dynamic code: [`Campaigns::edit`]. Doing it twice is the same as doing it once.
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct EditCampaign {
    client: QrTigerClient,
    options: RequestOptions,
    id: QrId,
    body: Body,
}

impl EditCampaign {
    /// Where it leads.
    pub fn destination(mut self, destination: &Url) -> Self {
        self.body.content = Some(destination.to_string());
        self.body.category = self.body.category.map(|_| Category::Url);
        self
    }

    /// The business card that it shows, for a code that shows one. Whether a code can change what it holds is not known.
    pub fn vcard(mut self, card: &VCard) -> Self {
        self.body.content = Some(card.to_text());
        (self.body.kind, self.body.category) = (Some(QR_TYPE), Some(Category::VCard));
        self
    }

    /// Its name in the dashboard.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.body.name = Some(name.into());
        self
    }

    /// How it looks. The provider wants the destination, or the card, besides; whether it follows the new looks is not documented.
    pub fn design(mut self, design: Design) -> Self {
        self.body.kind = Some(QR_TYPE);
        self.body.category.get_or_insert(Category::Url);
        self.body.qr = Some(design);
        self
    }

    /// Changes the code. The answer says nothing of the outcome: read it back with [`Tracking::data`](crate::Tracking::data) if that
    /// matters.
    pub async fn send(self) -> Result<Response<()>> {
        #[derive(serde::Deserialize)]
        struct Edited {
            #[serde(rename = "data")]
            _data: IgnoredAny,
        }
        let checked = if self.options.skip_validation { Ok(()) } else { self.check() };
        let call =
            self.client.core().call(&EDIT).path("qrId", &self.id).check(checked).options(self.options).json(&self.body);
        Ok(call.send::<Edited>().await?.map(|_| ()))
    }

    fn check(&self) -> Result<()> {
        if self.body == Body::default() {
            return Err(Error::invalid("edit", "changes nothing"));
        }
        if self.body.qr.is_some() && self.body.content.is_none() {
            return Err(Error::invalid("destination", "must be given along with a design"));
        }
        self.body.check()
    }
}

connectors_core::request_options!(EditCampaign => ());

/// One page of the list: [`Campaigns::page`]. Await it for the [`Page`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct CampaignPage {
    client: QrTigerClient,
    options: RequestOptions,
    number: u32,
    limit: u32,
}

impl CampaignPage {
    /// How many codes a page has; 100 unless set.
    pub fn limit(mut self, codes: u32) -> Self {
        self.limit = codes;
        self
    }

    /// Gets the page.
    pub async fn send(self) -> Result<Response<Page<Campaign>>> {
        let Self { client, options, number, limit } = self;
        let checked = match (number, limit) {
            _ if options.skip_validation => Ok(()),
            (0, _) => Err(Error::invalid("page", "is counted from 1")),
            (_, 0) => Err(Error::invalid("limit", "must be at least 1")),
            _ => Ok(()),
        };
        let call =
            client.core().call(&LIST).check(checked).options(options).query("limit", limit).query("page", number);
        Ok(call.send::<CampaignList>().await?.map(|list| {
            let is_full = u32::try_from(list.received).is_ok_and(|received| received >= limit);
            let next = number.checked_add(1).filter(|_| is_full).map(|next| Cursor::new(next.to_string()));
            Page::new(list.campaigns, next)
        }))
    }
}

connectors_core::request_options!(CampaignPage => Page<Campaign>);

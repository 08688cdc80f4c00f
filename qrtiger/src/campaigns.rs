//! Dynamic codes: made, changed and listed.

mod body;
mod create;
mod edit;
mod many;
mod page;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use connectors_core::{Cursor, Error, Page, Pager};

pub(crate) use self::body::{check_destination, check_name};
pub(crate) use self::create::Unnamed;
pub use self::create::{CreateCampaign, CreateNamed};
pub use self::edit::EditCampaign;
pub use self::many::{CodeOutcome, CreateMany, NewCode};
pub use self::page::CampaignPage;
use crate::model::CampaignList;
use crate::{Campaign, Category, ImageDownload, ImageFormat, QrId, QrTigerClient, VCard};

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
        CreateCampaign::new(self.client.clone(), content.into())
    }

    /// As [`Campaigns::create`], and names the code, which takes a second request.
    ///
    /// An error of naming it says so by [`created_code`](crate::QrTigerErrorExt::created_code): the code is there then, and
    /// only its name is missing. It is not retryable, as the whole would make a second code.
    pub fn create_named(&self, content: impl Into<String>, name: impl Into<String>) -> CreateNamed {
        CreateNamed::new(self.create(content), name.into())
    }

    /// Makes many codes, a few at a time, each at most once, with an outcome for each.
    pub fn create_many(&self, codes: impl IntoIterator<Item = NewCode>) -> CreateMany {
        CreateMany::new(self.client.bulk(), codes.into_iter().collect())
    }

    /// Makes a code that shows a business card, as [`Campaigns::create`] does.
    pub fn create_vcard(&self, card: &VCard) -> CreateCampaign {
        self.create(card.to_text()).category(Category::VCard)
    }

    /// Changes a code: where it leads, its name, its looks.
    pub fn edit(&self, id: &QrId) -> EditCampaign {
        EditCampaign::new(self.client.clone(), id.clone())
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
    /// The provider tells neither a total nor an end, and may have a largest page of its own. So the list ends with a page
    /// that is shorter than the first one, or has nothing new, and one of less than 100 codes takes two requests. A code
    /// that somebody deletes while it is read may hide another.
    pub fn list(&self) -> Pager<Campaign> {
        self.list_from(None)
    }

    /// As [`Campaigns::list`], from a page on: a [`Pager::cursor`] is the page's number.
    pub fn list_from(&self, first: Option<Cursor>) -> Pager<Campaign> {
        let campaigns = self.clone();
        let so_far = Arc::new(Mutex::new(Listed::default()));
        Pager::new(first, move |cursor| {
            let (campaigns, so_far) = (campaigns.clone(), Arc::clone(&so_far));
            async move {
                let number = cursor.map_or(Ok(1), |cursor| cursor.as_str().parse());
                let number = number.map_err(|_| Error::invalid("cursor", "is not the number of a page"))?;
                let list = campaigns.page(number).received().await?.into_inner();
                Ok(so_far.lock().unwrap_or_else(PoisonError::into_inner).page(number, list))
            }
        })
    }

    /// One page of the list, counted from 1.
    pub fn page(&self, number: u32) -> CampaignPage {
        CampaignPage::new(self.client.clone(), number)
    }
}

/// What a list has brought so far.
#[derive(Default)]
struct Listed {
    seen: HashSet<QrId>,
    /// How many entries the first page has: the next ones have as many, but for the last.
    full: Option<usize>,
}

impl Listed {
    /// What is new in a page, and whether to go on.
    fn page(&mut self, number: u32, list: CampaignList) -> Page<Campaign> {
        let CampaignList { mut campaigns, received } = list;
        // Codes made meanwhile push others on to the next page, where they come again.
        campaigns.retain(|campaign| self.seen.insert(campaign.id.clone()));
        let is_full = received >= *self.full.get_or_insert(received);
        let next = number.checked_add(1).filter(|_| is_full && !campaigns.is_empty());
        Page::new(campaigns, next.map(|next| Cursor::new(next.to_string())))
    }
}

//! Codes that are changed.

use connectors_core::provider::{Operation, Safety};
use connectors_core::{Error, ErrorKind, RequestOptions, Response, Result};
use http::Method;
use serde::de::IgnoredAny;
use url::Url;

use super::Campaigns;
use super::body::{Body, QR_TYPE, check_destination};
use crate::generate::TURN;
use crate::{Campaign, Category, Design, PROVIDER, QrId, QrTigerClient, VCard};

static EDIT: Operation =
    Operation::new(PROVIDER, "campaigns.edit", Method::POST, "/api/campaign/edit/{qrId}").safety(Safety::Idempotent);

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
    pub(super) fn new(client: QrTigerClient, id: QrId) -> Self {
        Self { client, options: RequestOptions::default(), id, body: Body::default() }
    }

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

    /// How it looks. The provider wants the destination, or the card, besides; whether it follows the new looks is not
    /// documented.
    pub fn design(mut self, design: Design) -> Self {
        self.body.kind = Some(QR_TYPE);
        self.body.category.get_or_insert(Category::Url);
        self.body.qr = Some(design);
        self
    }

    /// Changes the code. The answer says nothing of the outcome: [`Campaigns::ensure_destination`] reads it back.
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

impl Campaigns {
    /// The code, which leads to `destination` for certain when this returns: it is read, changed where it leads elsewhere,
    /// and read back. Up to three requests; one where nothing is to be done.
    ///
    /// A code that is paused or archived by its [page](crate::QrTigerBuilder::paused_page) is not reactivated by the way,
    /// and one that leads elsewhere when it is read back is somebody else's doing: both are a
    /// [`Conflict`](ErrorKind::Conflict). A code that holds no link is [`Unsupported`](ErrorKind::Unsupported).
    pub async fn ensure_destination(&self, id: &QrId, destination: &Url) -> Result<Campaign> {
        self.ensured(id, destination).await.map_err(|error| error.with_origin(PROVIDER, "ensure_destination"))
    }

    async fn ensured(&self, id: &QrId, destination: &Url) -> Result<Campaign> {
        check_destination("destination", destination.as_str())?;
        let leads_there = |code: &Campaign| {
            code.content.as_deref().and_then(|text| Url::parse(text).ok()).is_some_and(|url| url == *destination)
        };
        let clock = self.client.core().clock();
        // Not between the look and the edit of somebody who pauses it.
        let _turn = self.client.changing().lock(id.as_str(), &**clock, clock.now() + TURN).await?;
        let code = self.client.campaign(id).await?;
        if code.category != Category::Url {
            let reason = format!("the code holds `{}`, and only links lead somewhere", code.category);
            return Err(Error::unsupported(PROVIDER, "ensure_destination", reason));
        }
        if leads_there(&code) {
            return Ok(code);
        }
        let standing = self.client.pages().read(&code, clock.now_utc());
        if standing.parked {
            let message = format!("the code is {}, by its page: it would be reactivated by the way", standing.status);
            let hint = "make it active first, or set the destination by `edit(id).destination(url)` all the same";
            return Err(Error::new(ErrorKind::Conflict, message).with_hint(hint));
        }
        self.edit(id).destination(destination).await?;
        let code = self.client.campaign(id).await?;
        if leads_there(&code) {
            return Ok(code);
        }
        let elsewhere = code.content.as_deref().unwrap_or("nowhere");
        let message = format!("the code was made to lead to {destination}, but leads to {elsewhere} when read back");
        let hint = "look whether somebody else changed it, then repeat the call";
        Err(Error::new(ErrorKind::Conflict, message).with_hint(hint))
    }
}

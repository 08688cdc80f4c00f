//! Pausing, archiving and reactivating codes.

use connectors_core::{Error, ErrorKind, Result};

use crate::generate::TURN;
use crate::pages::parked_at;
use crate::{Category, PROVIDER, QrCode, QrId, QrStatus, QrTigerClient, QrTigerService, UpdateQrCode};

/// # Pausing by repointing
///
/// The provider's API cannot pause a code. These repoint it to a page of yours, with the destination in the page's
/// query, so nothing has to be remembered: whoever has the same pages configured can tell the status of any code and
/// undo it, and doing it twice, or after an answer was lost, changes nothing more.
///
/// * A paused code is still scanned, and every scan counts.
/// * Only codes that hold a link can be paused, and only those that were not blocked, archived or expired at the provider.
/// * Whoever repoints a paused code otherwise, by hand or by [`campaigns().edit`](crate::Campaigns::edit), makes it active.
/// * Calls of one client on one code take turns. Two clients at a time may undo each other: the destination stays, and
///   the one that is overtaken fails with [`Conflict`](ErrorKind::Conflict).
impl QrTigerClient {
    /// Lets a code lead to the [`paused_page`](crate::QrTigerBuilder::paused_page) until it is resumed; three calls at most.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # let client = connectors_mock::MockQrTiger::new().client().clone();
    /// use connectors_qrtiger::QrStatus;
    ///
    /// let id = client.campaigns().create("https://example.com/menu").await?.id;
    /// assert_eq!(client.pause(&id).await?.status, QrStatus::Paused);
    /// assert_eq!(client.archive(&id).await?.destination.unwrap().as_str(), "https://example.com/menu");
    /// assert_eq!(client.resume(&id).await?.status, QrStatus::Active);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn pause(&self, id: &QrId) -> Result<QrCode> {
        self.make(id, QrStatus::Paused).await
    }

    /// Lets a paused or archived code lead to its destination again.
    pub async fn resume(&self, id: &QrId) -> Result<QrCode> {
        self.make(id, QrStatus::Active).await
    }

    /// Lets a code lead to the [`archived_page`](crate::QrTigerBuilder::archived_page), also one that is paused.
    pub async fn archive(&self, id: &QrId) -> Result<QrCode> {
        self.make(id, QrStatus::Archived).await
    }

    async fn make(&self, id: &QrId, status: QrStatus) -> Result<QrCode> {
        self.update_qr_code(UpdateQrCode::new(id.clone(), status)).await
    }

    pub(crate) async fn set_status(&self, request: &UpdateQrCode) -> Result<QrCode> {
        let UpdateQrCode { id, status } = request;
        let page = self.pages().page(*status)?;
        let clock = self.core().clock();
        let _turn = self.changing().lock(id.as_str(), &**clock, clock.now() + TURN).await?;
        let campaign = self.campaign(id).await?;
        let standing = self.pages().read(&campaign, clock.now_utc());
        if standing.status == *status {
            return Ok(self.code(campaign));
        }
        if standing.flagged {
            let reason = format!("the code is {} at QR TIGER, which the API cannot change", standing.status);
            return Err(unsupported(reason).with_hint("change it in the dashboard"));
        }
        if campaign.category != Category::Url {
            return Err(unsupported(format!(
                "the code holds `{}`, and only links can be repointed",
                campaign.category
            )));
        }
        let Some(destination) = standing.destination else {
            let message = format!("the code is {}, but its address does not say where it led", standing.status);
            let hint = "set its destination with `campaigns().edit(id).destination(url)`";
            return Err(Error::new(ErrorKind::Conflict, message).with_hint(hint));
        };
        let target = page.map_or_else(|| destination.clone(), |page| parked_at(page, &destination));
        self.campaigns().edit(id).destination(&target).await?;

        // The answer to an edit says nothing of its outcome.
        let code = self.code(self.campaign(id).await?);
        if code.status != *status || code.destination.as_ref() != Some(&destination) {
            let message = format!("the code was made {status}, but is {} when read back", code.status);
            let hint = "look whether somebody else changed it, then repeat the call";
            return Err(Error::new(ErrorKind::Conflict, message).with_hint(hint));
        }
        Ok(code)
    }
}

fn unsupported(reason: String) -> Error {
    Error::unsupported(PROVIDER, "update_qr_code", reason)
}

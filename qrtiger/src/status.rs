//! Pausing, archiving and reactivating codes.

use connectors_core::{Error, ErrorKind, Result};

use crate::pages::parked_at;
use crate::{Category, PROVIDER, QrCode, QrTigerClient, UpdateQrCode};

impl QrTigerClient {
    pub(crate) async fn set_status(&self, request: &UpdateQrCode) -> Result<QrCode> {
        let UpdateQrCode { id, status } = request;
        let page = self.pages().page(*status)?;
        let campaign = self.campaign(id).await?;
        let standing = self.pages().read(&campaign, self.core().clock().now_utc());
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

//! Shares: who may do what with sheets, reports, dashboards and workspaces.

use connectors_core::provider::{Call, Operation, Safety};
use connectors_core::{Request, Result};
use http::Method;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::model::ids::positive;
use crate::model::share::check_level;
use crate::model::{AccessLevel, Asset, NewShare, Share, ShareId, ShareScope, TokenPage, WriteResult};
use crate::request::{count, done, operation, resource, token_pages, written};

static LIST: Operation = operation(Method::GET, "shares.list", "/shares");
static ADD: Operation = operation(Method::POST, "shares.add", "/shares");
static GET: Operation = operation(Method::GET, "shares.get", "/shares/{shareId}");
static UPDATE: Operation = operation(Method::PATCH, "shares.update", "/shares/{shareId}").safety(Safety::Idempotent);
static DELETE: Operation = operation(Method::DELETE, "shares.delete", "/shares/{shareId}");

/// No more people and groups in one request.
const MOST: usize = 1000;

resource! {
    /// The endpoints of shares: [`SmartsheetClient::shares`](crate::SmartsheetClient::shares). What is shared is a
    /// sheet, report, dashboard or workspace by its id, or any other [`Asset`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{AccessLevel, NewShare, ShareScope};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.template_id());
    /// let shares = smartsheet.shares();
    /// let guest = NewShare::user("rosa@venue.example", AccessLevel::Viewer).message("Our plan for June");
    /// let given = shares.add(sheet, [guest]).send_email().await?;
    ///
    /// shares.update(sheet, &given[0].id, AccessLevel::Editor).await?;
    /// assert_eq!(shares.get(sheet, &given[0].id).await?.access_level, Some(AccessLevel::Editor));
    ///
    /// // With what the workspace is shared with.
    /// let all = shares.list(sheet).include([ShareScope::Item, ShareScope::Workspace]).pager().collect_all().await?;
    /// assert!(all.iter().any(|share| share.scope == Some(ShareScope::Workspace)));
    /// shares.delete(sheet, &given[0].id).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub struct Shares;
}

impl Shares {
    fn of(&self, operation: &'static Operation, asset: Asset) -> Call {
        let (kind, id) = asset.parts();
        self.client.call(operation).check(positive("assetId", id)).query("assetType", kind).query("assetId", id)
    }

    /// The shares of something, its owner's among them. Without those that it has from its workspace, unless they are
    /// asked for.
    pub fn list(&self, asset: impl Into<Asset>) -> ListShares {
        ListShares(Request::new(self.of(&LIST, asset.into())))
    }

    /// Shares something with up to 1000 people and groups. Those who have a share already are passed over: they keep
    /// what they have, and are not in the answer.
    pub fn add(&self, asset: impl Into<Asset>, shares: impl IntoIterator<Item = NewShare>) -> AddShares {
        let shares: Vec<_> = shares.into_iter().collect();
        AddShares(written(self.of(&ADD, asset.into()).json(&shares)).check(check(&shares)))
    }

    /// One share.
    pub fn get(&self, asset: impl Into<Asset>, share: &ShareId) -> Request<Share> {
        Request::new(self.of(&GET, asset.into()).path("shareId", share))
    }

    /// Changes what somebody may do. Shares that come from the workspace are changed on the workspace.
    pub fn update(&self, asset: impl Into<Asset>, share: &ShareId, level: AccessLevel) -> Request<Share> {
        let checked = check_level("accessLevel", &level);
        let call = self.of(&UPDATE, asset.into()).path("shareId", share).json(&Level { access_level: level });
        Request::mapped::<Bare<Share>>(call).check(checked)
    }

    /// Takes a share back.
    pub fn delete(&self, asset: impl Into<Asset>, share: &ShareId) -> Request<()> {
        done(self.of(&DELETE, asset.into()).path("shareId", share))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Level {
    access_level: AccessLevel,
}

/// What was written, as such or in the envelope that other writes are answered in.
struct Bare<T>(T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Bare<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> std::result::Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(source)?.get();
        match serde_json::from_str::<WriteResult<T>>(json) {
            Ok(written) => Ok(Self(written.result)),
            Err(_) => serde_json::from_str(json).map(Self).map_err(D::Error::custom),
        }
    }
}

impl From<Bare<Self>> for Share {
    fn from(answer: Bare<Self>) -> Self {
        answer.0
    }
}

fn check(shares: &[NewShare]) -> Result<()> {
    count("shares", shares.len(), MOST)?;
    shares.iter().enumerate().try_for_each(|(index, share)| share.check(&format!("shares[{index}]")))
}

connectors_core::request! {
    /// Lists shares: [`Shares::list`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListShares => TokenPage<Share>;
    /// Only shares that were given there: [`Item`](ShareScope::Item) alone by default.
    list include: ShareScope = "sharingInclude";
}
token_pages!(ListShares => Share);

connectors_core::request! {
    /// Shares something: [`Shares::add`].
    pub struct AddShares => Vec<Share>;
    /// Tells them by e-mail.
    flag send_email = "sendEmail";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_share_comes_as_such_or_in_an_envelope() {
        let bare =
            r#"{"id":"AAAMCmYGFOeE","userId":"9876543210","groupId":1234567890,"type":"USER","accessLevel":"ADMIN"}"#;
        let wrapped = format!(r#"{{"message":"SUCCESS","resultCode":0,"result":{bare}}}"#);
        for json in [bare, &wrapped] {
            let share: Share = serde_json::from_str::<Bare<Share>>(json).unwrap().into();
            assert_eq!((share.user_id.unwrap().get(), share.group_id.unwrap().get()), (9_876_543_210, 1_234_567_890));
        }
        let error = serde_json::from_str::<Bare<Share>>(r#"{"id":7}"#).err().unwrap().to_string();
        assert!(error.contains("expected a string"), "{error}");
    }
}

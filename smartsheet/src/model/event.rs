//! Events: who did what in the account.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use connectors_core::{Cursor, Error, ErrorKind, Result, open_enum};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::ids::UserId;
use super::time;

open_enum! {
    /// What something was done to.
    pub enum EventObjectType {
        /// An access token.
        "ACCESS_TOKEN" => AccessToken,
        /// The account.
        "ACCOUNT" => Account,
        /// An attachment.
        "ATTACHMENT" => Attachment,
        /// A dashboard.
        "DASHBOARD" => Dashboard,
        /// A discussion.
        "DISCUSSION" => Discussion,
        /// A folder.
        "FOLDER" => Folder,
        /// A form.
        "FORM" => Form,
        /// A group.
        "GROUP" => Group,
        /// A report.
        "REPORT" => Report,
        /// A sheet.
        "SHEET" => Sheet,
        /// A request to update rows.
        "UPDATE_REQUEST" => UpdateRequest,
        /// A user.
        "USER" => User,
        /// A workspace.
        "WORKSPACE" => Workspace,
    }
}

open_enum! {
    /// What was done. Which of them there are depends on the object; new ones come often.
    pub enum EventAction {
        /// Somebody was put into a group.
        "ADD_MEMBER" => AddMember,
        /// Something was shared.
        "ADD_SHARE" => AddShare,
        /// Somebody was given a share by their place in a group or workspace.
        "ADD_SHARE_MEMBER" => AddShareMember,
        /// Somebody was added to the account.
        "ADD_TO_ACCOUNT" => AddToAccount,
        /// An app or token was allowed.
        "AUTHORIZE" => Authorize,
        /// Something was made.
        "CREATE" => Create,
        /// A user was kept from signing in.
        "DEACTIVATE_USER" => DeactivateUser,
        /// Something was deleted.
        "DELETE" => Delete,
        /// Something was exported.
        "EXPORT" => Export,
        /// Something was opened.
        "LOAD" => Load,
        /// Something was moved.
        "MOVE" => Move,
        /// Something was deleted for good.
        "PURGE" => Purge,
        /// A user may sign in again.
        "REACTIVATE_USER" => ReactivateUser,
        /// Somebody was removed from the account.
        "REMOVE_FROM_ACCOUNT" => RemoveFromAccount,
        /// Somebody was taken out of a group.
        "REMOVE_MEMBER" => RemoveMember,
        /// A share was taken back.
        "REMOVE_SHARE" => RemoveShare,
        /// A name was changed.
        "RENAME" => Rename,
        /// Something deleted was brought back.
        "RESTORE" => Restore,
        /// A token was revoked.
        "REVOKE" => Revoke,
        /// A copy was made.
        "SAVE_AS_NEW" => SaveAsNew,
        /// Something was sent as a file.
        "SEND_AS_ATTACHMENT" => SendAsAttachment,
        /// It belongs to somebody else now.
        "TRANSFER_OWNERSHIP" => TransferOwnership,
        /// Something was changed.
        "UPDATE" => Update,
        /// A user was changed.
        "UPDATE_USER" => UpdateUser,
    }
}

open_enum! {
    /// By what it was done.
    pub enum EventSource {
        /// The web application.
        "WEB_APP" => WebApp,
        /// The app on iOS.
        "MOBILE_IOS" => MobileIos,
        /// The app on Android.
        "MOBILE_ANDROID" => MobileAndroid,
        /// A program that Smartsheet knows.
        "API_INTEGRATED_APP" => ApiIntegratedApp,
        /// A program with somebody's access token.
        "API_UNDEFINED_APP" => ApiUndefinedApp,
        /// Smartsheet does not know. What this version does not know is another thing.
        "UNKNOWN" => NotKnown,
    }
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Event {
    /// The id: no event comes under two, but one may come twice.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub event_id: String,
    /// What it was done to.
    pub object_type: Option<EventObjectType>,
    /// What was done.
    pub action: Option<EventAction>,
    /// The id of the object; -1 where it is no number: see [`object`](Self::object).
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::opt_number")]
    pub object_id: Option<i64>,
    /// The id of the object as text.
    pub object_id_str: Option<String>,
    /// When.
    #[serde(default, alias = "eventTimeStamp", deserialize_with = "time::opt")]
    pub event_timestamp: Option<DateTime<Utc>>,
    /// Who did it; whose share was used, where it was done for somebody.
    pub user_id: Option<UserId>,
    /// Who asked for it.
    pub request_user_id: Option<UserId>,
    /// The name of the access token that was used.
    pub access_token_name: Option<String>,
    /// By what it was done.
    pub source: Option<EventSource>,
    /// What else is known.
    #[serde(default)]
    pub additional_details: EventDetails,
}

impl Event {
    /// The id of the object, whatever kind it is of.
    pub fn object(&self) -> Option<String> {
        self.object_id_str.clone().or_else(|| self.object_id.filter(|id| *id > 0).map(|id| id.to_string()))
    }
}

/// What else is known of an event: JSON that depends on object and action, and may hold e-mail addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventDetails(Box<str>);

impl EventDetails {
    /// As JSON.
    pub fn as_json(&self) -> &str {
        &self.0
    }

    /// As a type of your own.
    pub fn get<T: DeserializeOwned>(&self) -> Result<T> {
        let odd = |error: serde_json::Error| {
            Error::new(ErrorKind::Decode, "the details do not have this form").with_source(error)
        };
        serde_json::from_str(&self.0).map_err(odd)
    }

    /// One of them: a text as such, anything else as JSON.
    pub fn text(&self, name: &str) -> Option<String> {
        let all: BTreeMap<String, &RawValue> = serde_json::from_str(&self.0).ok()?;
        let json = all.get(name)?.get();
        Some(serde_json::from_str(json).unwrap_or_else(|_| json.to_owned()))
    }
}

impl Default for EventDetails {
    fn default() -> Self {
        Self("{}".into())
    }
}

impl<'de> Deserialize<'de> for EventDetails {
    fn deserialize<D: Deserializer<'de>>(source: D) -> std::result::Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(source)?.get();
        Ok(if json == "null" { Self::default() } else { Self(json.into()) })
    }
}

/// One piece of the stream of events.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EventPage {
    /// What happened, in the order in which it became known.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub data: Vec<Event>,
    /// Where the next piece begins: also where there is none yet, to go on there later.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::opt_string")]
    pub next_stream_position: Option<String>,
    /// Whether there is more at once.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub more_available: bool,
}

impl EventPage {
    /// Where the next piece begins. Keep it: it is good for as long as Smartsheet keeps events.
    pub fn next(&self) -> Option<Cursor> {
        self.next_stream_position.clone().map(Cursor::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_events_are_read() {
        let page = r#"{"moreAvailable":false,"data":[
            {"eventId":"e1","objectType":"SHEET","objectId":1234,"eventTimeStamp":1714991400000,"action":"PURGE",
             "source":"UNKNOWN","additionalDetails":{"emailAddress":"a@b.c","sheetId":"102","rows":[1,2]}},
            {"eventId":"e2","objectType":"FUTURE","objectId":-1,"objectIdStr":"x-1","action":"FLY","additionalDetails":null}
        ]}"#;
        let page: EventPage = serde_json::from_str(page).unwrap();
        assert_eq!((page.next(), page.more_available), (None, false));
        let [first, second] = page.data.as_slice() else { panic!("two") };
        assert_eq!(first.event_timestamp.unwrap().timestamp(), 1_714_991_400);
        assert_eq!((first.object().as_deref(), second.object().as_deref()), (Some("1234"), Some("x-1")));
        assert_eq!(first.source, Some(EventSource::NotKnown));
        let details = &first.additional_details;
        assert_eq!(details.text("emailAddress").as_deref(), Some("a@b.c"));
        assert_eq!((details.text("rows").as_deref(), details.text("none")), (Some("[1,2]"), None));
        assert_eq!(details.get::<BTreeMap<String, serde_json::Value>>().unwrap().len(), 3);
        assert_eq!((second.action.as_ref().unwrap().as_str(), second.additional_details.as_json()), ("FLY", "{}"));
    }
}

//! Contacts of the user.

use serde::Deserialize;

use super::ids::ContactId;
use super::user::ProfileImage;

/// Somebody in the user's contact list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserContact {
    /// The id.
    pub id: ContactId,
    /// The name.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The picture. Only where asked for.
    pub profile_image: Option<ProfileImage>,
}

//! Contacts of the user.

use connectors_core::Request;
use connectors_core::provider::Operation;
use http::Method;

use crate::model::{ContactId, OffsetPage, UserContact};
use crate::request::{offset_pages, operation, resource};

static LIST: Operation = operation(Method::GET, "contacts.list", "/contacts");
static GET: Operation = operation(Method::GET, "contacts.get", "/contacts/{contactId}");

resource! {
    /// The endpoints of the user's contacts: [`SmartsheetClient::contacts`](crate::SmartsheetClient::contacts).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let smartsheet = mock.client().clone();
    /// let contacts = smartsheet.contacts();
    /// for contact in contacts.list().pager().collect_all().await? {
    ///     let same = contacts.get(&contact.id).profile_image().await?;
    ///     assert_eq!(same.email, contact.email);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub struct Contacts;
}

impl Contacts {
    /// The user's contacts.
    pub fn list(&self) -> ListContacts {
        ListContacts(Request::new(self.client.call(&LIST)))
    }

    /// One contact.
    pub fn get(&self, contact: &ContactId) -> GetContact {
        GetContact(Request::new(self.client.call(&GET).path("contactId", contact)))
    }
}

connectors_core::request! {
    /// Lists contacts: [`Contacts::list`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListContacts => OffsetPage<UserContact>;
    /// Only contacts that were changed since.
    time modified_since = "modifiedSince";
}
offset_pages!(ListContacts => UserContact);

connectors_core::request! {
    /// Reads a contact: [`Contacts::get`].
    pub struct GetContact => UserContact;
}

impl GetContact {
    /// The contact's picture as well.
    pub fn profile_image(self) -> Self {
        Self(self.0.set("include", "profileImage"))
    }
}

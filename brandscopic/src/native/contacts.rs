//! The company's address book.

use std::fmt;

use connectors_core::provider::{Call, Operation};
use connectors_core::wire::lenient;
use connectors_core::{Error, Request, Result};
use http::Method;
use serde::{Deserialize, Serialize};

use super::ContactId;
use super::request::{CallExt, country_code, email_address, not_blank, operation, resource};
use super::user::setters;

static LIST: Operation = operation(Method::GET, "contacts.list", "/contacts.json");
static GET: Operation = operation(Method::GET, "contacts.get", "/contacts/{id}.json");
static CREATE: Operation = operation(Method::POST, "contacts.create", "/contacts.json");
static UPDATE: Operation = operation(Method::PUT, "contacts.update", "/contacts/{id}.json");

/// Somebody in the company's address book. What is personal about them is not shown by `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Contact {
    /// Their id.
    pub id: ContactId,
    /// The first name.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub last_name: Option<String>,
    /// First and last name.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub full_name: Option<String>,
    /// What they do there.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub title: Option<String>,
    /// Whom they work for.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub company_name: Option<String>,
    /// The e-mail address.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub email: Option<String>,
    /// The telephone number.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub phone_number: Option<String>,
    /// The first line of the street.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub street1: Option<String>,
    /// The second line of the street.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub street2: Option<String>,
    /// Both lines of the street.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub street_address: Option<String>,
    /// The city.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub city: Option<String>,
    /// The code of the state.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub state: Option<String>,
    /// The postal code.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub zip_code: Option<String>,
    /// The country's two-letter code; users have its name instead.
    #[serde(default, rename = "country", deserialize_with = "lenient::opt_string")]
    pub country_code: Option<String>,
    /// The country's name.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub country_name: Option<String>,
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What is to change about a contact. An empty text takes away what need not be there. `Debug` shows nothing of it.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[must_use]
pub struct ContactUpdate {
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    street1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    street2: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zip_code: Option<String>,
}

impl ContactUpdate {
    /// An update that changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// The first name.
        first_name,
        /// The last name.
        last_name,
        /// The country, by its two-letter code.
        country,
        /// The state, by its code: [`Countries::states`](super::Countries::states).
        state,
        /// The city.
        city,
        /// Whom they work for.
        company_name,
        /// What they do there.
        title,
        /// The e-mail address.
        email,
        /// The telephone number.
        phone_number,
        /// The first line of the street.
        street1,
        /// The second line of the street.
        street2,
        /// The postal code.
        zip_code,
    }

    fn check(&self) -> Result<()> {
        if *self == Self::default() {
            return Err(Error::invalid("update", "changes nothing"));
        }
        let required = [
            ("first_name", &self.first_name),
            ("last_name", &self.last_name),
            ("country", &self.country),
            ("state", &self.state),
            ("city", &self.city),
        ];
        for (name, text) in required {
            text.as_deref().map_or(Ok(()), |text| not_blank(name, text))?;
        }
        self.country.as_deref().map_or(Ok(()), |code| country_code("country", code))?;
        let email = self.email.as_deref().filter(|email| !email.is_empty());
        email.map_or(Ok(()), |email| email_address("email", email))
    }
}

impl fmt::Debug for ContactUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactUpdate").finish_non_exhaustive()
    }
}

/// Somebody to be added to the address book.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct NewContact(ContactUpdate);

impl NewContact {
    /// A person and where they are: without any of these Brandscopic refuses a contact. The state is its code, as in
    /// [`Countries::states`](super::Countries::states), and the country its two-letter code.
    pub fn new(
        first_name: impl Into<String>,
        last_name: impl Into<String>,
        city: impl Into<String>,
        state: impl Into<String>,
        country: impl Into<String>,
    ) -> Self {
        let person = ContactUpdate::new().first_name(first_name).last_name(last_name);
        Self(person.city(city).state(state).country(country))
    }

    /// Adds what else is known: `contact.with(|more| more.title("Manager"))`.
    pub fn with(self, more: impl FnOnce(ContactUpdate) -> ContactUpdate) -> Self {
        Self(more(self.0))
    }
}

resource! {
    /// The endpoints of the address book: [`Native::contacts`](super::Native::contacts). A contact cannot be deleted.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_brandscopic::native::{ContactUpdate, NewContact};
    ///
    /// # use connectors_brandscopic::Contract;
    /// # let mock = connectors_mock::MockBrandscopic::builder().contract(Contract::Native).build()?;
    /// let contacts = mock.client().native()?.contacts();
    /// let kim = NewContact::new("Kim", "Lee", "Chicago", "IL", "US").with(|kim| kim.title("Bar manager"));
    /// let kim = contacts.create(&kim).await?;
    /// assert_eq!(kim.country_name.as_deref(), Some("United States"));
    ///
    /// contacts.update(kim.id, &ContactUpdate::new().company_name("Lakeside Hall")).await?;
    /// let kim = contacts.get(kim.id).await?;
    /// assert_eq!(kim.company_name.as_deref(), Some("Lakeside Hall"));
    /// assert!(contacts.list().await?.contains(&kim));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Contacts;
}

impl Contacts {
    /// The whole address book, all at once.
    pub fn list(&self) -> Request<Vec<Contact>> {
        Request::new(self.0.call(&LIST))
    }

    /// One contact.
    pub fn get(&self, contact: ContactId) -> Request<Contact> {
        Request::new(self.0.call(&GET).id("id", contact.get()))
    }

    /// Adds somebody. Doing it twice makes two.
    pub fn create(&self, contact: &NewContact) -> Request<Contact> {
        write(self.0.call(&CREATE), &contact.0)
    }

    /// Changes what the update names, and leaves the rest.
    pub fn update(&self, contact: ContactId, update: &ContactUpdate) -> Request<Contact> {
        write(self.0.call(&UPDATE).id("id", contact.get()), update)
    }
}

fn write(call: Call, contact: &ContactUpdate) -> Request<Contact> {
    #[derive(Serialize)]
    struct Body<'a> {
        contact: &'a ContactUpdate,
    }
    Request::new(call.json(&Body { contact })).check(contact.check())
}

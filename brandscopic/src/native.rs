//! The native contract: what Brandscopic itself serves below `/api/v1`.
//!
//! [`BrandscopicClient::native`](crate::BrandscopicClient::native) gives it. What differs from other APIs:
//!
//! * An e-mail and a password are exchanged for a token, on first use and whenever the token is no longer accepted.
//! * What others call a project is a campaign; the API can read campaigns but not create them.
//! * Events have no name; the service keeps it in the description. They cannot be deleted, only deactivated.
//! * Dates are US style, in the time zone of the user's profile.
//! * A failed write is sometimes answered with 200; it is an error here all the same.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> connectors_core::Result<()> {
//! use connectors_brandscopic::Contract;
//! use connectors_brandscopic::native::Recap;
//! use connectors_mock::MockBrandscopic;
//!
//! let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(70).build()?;
//! let events = mock.client().native()?.events();
//!
//! let mut late = events.list().event_status([Recap::Late]).pager();
//! while let Some(event) = late.next().await.transpose()? {
//!     println!("{} of {}: no recap yet", event.id, event.start);
//! }
//! assert_eq!(events.list().await?.total, 70);
//! # Ok(())
//! # }
//! ```

mod activities;
mod activity;
mod activity_types;
mod amount;
mod answer;
mod areas;
mod assets;
mod brands;
mod campaigns;
mod comments;
mod companies;
mod contacts;
mod countries;
mod dates;
mod documents;
mod event;
mod event_contacts;
mod event_draft;
mod event_list;
mod events;
mod existing;
mod expenses;
mod field;
mod field_value;
mod filters;
mod ids;
mod invites;
mod json;
mod login;
mod members;
mod modules;
mod pages;
mod permission;
mod phases;
mod photos;
mod places;
mod recap_moves;
mod request;
mod resolve;
mod results;
mod sessions;
mod status;
mod suggestions;
mod survey;
mod surveys;
mod sync;
mod tasks;
mod uploads;
mod user;
mod users;
mod venue;
mod venue_search;
mod venues;
mod visit;
mod visits;
mod wire;

use std::fmt;
use std::sync::{Arc, OnceLock};

use connectors_core::provider::{ClientOptions, Core, Credential, Defaults, KeyedLocks, TokenCredential};
use connectors_core::{Error, Result, TimeZone};
use http::HeaderName;
use secrecy::SecretString;
use url::Url;

pub use activities::*;
pub use activity::*;
pub use activity_types::*;
pub use amount::*;
pub use answer::*;
pub use areas::*;
pub use assets::*;
pub use brands::*;
pub use campaigns::*;
pub use comments::*;
pub use companies::*;
/// The storage wants to be told the length of a file first.
pub use connectors_core::NewFile;
pub use contacts::*;
pub use countries::*;
pub use documents::*;
pub use event::*;
pub use event_contacts::*;
pub use event_draft::*;
pub use event_list::*;
pub use events::*;
pub use expenses::*;
pub use field::*;
pub use filters::*;
pub use ids::*;
pub use invites::*;
pub use json::*;
pub use members::*;
pub use modules::*;
pub use permission::*;
pub use phases::*;
pub use photos::*;
pub use recap_moves::*;
pub use resolve::*;
pub use results::*;
pub use sessions::*;
pub use suggestions::*;
pub use survey::*;
pub use surveys::*;
pub use tasks::*;
pub use uploads::*;
pub use user::{Notification, NotificationKind, NotificationLevel, Profile, Role, Team, User, UserUpdate};
pub use users::*;
pub use venue::*;
pub use venue_search::*;
pub use venues::*;
pub use visit::*;
pub use visits::*;

use crate::PROVIDER;
use crate::classify::NativeJudge;

/// The host of the web application, below which the API was found. No public document names it: make sure that it is
/// yours before you send it a password.
pub const LOGIN_HOST_UNVERIFIED: &str = "login.brandscopic.com";

/// Where the API begins on its host.
pub(crate) const API_PATH: &str = "/api/v1";

/// The native API, by resource. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Native {
    core: Core,
    /// The same connection without a credential, to log in by.
    outside: Core,
    company: Arc<OnceLock<CompanyId>>,
    /// What the company is looked for by, until it is known.
    company_name: Option<String>,
    zone: Option<TimeZone>,
    /// Turns of those who create events of one campaign at one place and time.
    slots: KeyedLocks,
    /// Of bulk work that takes events over: when there may be some.
    starts: Option<existing::Starts>,
}

impl Native {
    pub(crate) fn new(
        base: &Url,
        login: Login,
        zone: Option<TimeZone>,
        defaults: Defaults,
        options: &ClientOptions,
    ) -> Result<Self> {
        let outside = Core::new(PROVIDER, base, None, NativeJudge, defaults.clone(), options)?;
        let mut company_name = None;
        let (session, company): (Arc<dyn Credential>, _) = match login {
            Login::Password { email, password, company } => {
                let known = match company {
                    CompanyChoice::Id(id) => OnceLock::from(id),
                    CompanyChoice::Current => OnceLock::new(),
                    CompanyChoice::Named(name) => {
                        company_name = Some(name);
                        OnceLock::new()
                    }
                };
                let known = Arc::new(known);
                (password_session(&outside, &email, password, company_name.clone(), &known)?, known)
            }
            Login::Token { email, token, company } => {
                (login::token_session(&email, &token, company)?, Arc::new(OnceLock::from(company)))
            }
        };
        let core = Core::new(PROVIDER, base, Some(session), NativeJudge, defaults, options)?;
        Ok(Self { core, outside, company, company_name, zone, slots: KeyedLocks::default(), starts: None })
    }

    /// Works as this user, or with this password, from now on, for all clones of the client; the first call that needs
    /// it logs in. Calls that have begun keep the old session until they end, and so do clients that
    /// [`for_company`](Self::for_company) gave before.
    ///
    /// The client stays with its company, and with the time zone that it was built with: both must be the user's too.
    ///
    /// Fails with [`Config`](connectors_core::ErrorKind::Config) on what cannot be an e-mail address or a password; the
    /// old login stays then.
    pub fn replace_login(&self, email: impl Into<String>, password: impl Into<SecretString>) -> Result<()> {
        let named = self.company_name.clone();
        let session = password_session(&self.outside, &email.into(), password.into(), named, &self.company)?;
        self.core.replace_credential(session);
        Ok(())
    }

    /// Works with this token of this user from now on; all else is as with [`replace_login`](Self::replace_login).
    ///
    /// A token says nothing of a company: logs in first if the client has not found out its own yet.
    pub async fn replace_token(&self, email: &str, token: impl Into<SecretString>) -> Result<()> {
        let company = match self.company.get() {
            Some(company) => *company,
            None => self.company_id().await?,
        };
        self.core.replace_credential(login::token_session(email, &token.into(), company)?);
        Ok(())
    }

    /// A client of another company of the same user, on the same session: one login does for both, and they share
    /// connections, quotas and links. [`Companies::find`] tells the id of a company by its name.
    ///
    /// A company that the user is not an active member of is refused with the first call, as
    /// [`PermissionDenied`](connectors_core::ErrorKind::PermissionDenied).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::Contract;
    /// # let mock = connectors_mock::MockBrandscopic::builder().contract(Contract::Native).build()?;
    /// let native = mock.client().native()?;
    /// let canada = native.companies().find("Brightside Canada").await?.unwrap();
    /// let in_canada = native.for_company(canada.id);
    /// assert_eq!(in_canada.company_id().await?, canada.id);
    /// assert_ne!(native.company_id().await?, canada.id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn for_company(&self, company: impl Into<CompanyId>) -> Self {
        let company = company.into();
        let core = match self.core.credential() {
            Some(session) => self.core.with_credential(Arc::new(login::InCompany::new(session, company))),
            None => self.core.clone(),
        };
        Self { core, company: Arc::new(OnceLock::from(company)), ..self.clone() }
    }

    /// The events of the company.
    pub fn events(&self) -> Events {
        Events(self.core.clone())
    }

    /// The campaigns of the company.
    pub fn campaigns(&self) -> Campaigns {
        Campaigns(self.core.clone())
    }

    /// Venues, and places to make venues of.
    pub fn venues(&self) -> Venues {
        Venues(self.core.clone())
    }

    /// The companies of the user.
    pub fn companies(&self) -> Companies {
        Companies(self.core.clone())
    }

    /// Activities: what was done at events and venues.
    pub fn activities(&self) -> Activities {
        Activities(self.core.clone())
    }

    /// Kinds of activities.
    pub fn activity_types(&self) -> ActivityTypes {
        ActivityTypes(self.core.clone())
    }

    /// Areas.
    pub fn areas(&self) -> Areas {
        Areas(self.core.clone())
    }

    /// Brands and their marques.
    pub fn brands(&self) -> Brands {
        Brands(self.core.clone())
    }

    /// The company's address book.
    pub fn contacts(&self) -> Contacts {
        Contacts(self.core.clone())
    }

    /// Countries and their states, as Brandscopic spells them.
    pub fn countries(&self) -> Countries {
        Countries(self.core.clone())
    }

    /// Documents of events.
    pub fn documents(&self) -> Documents {
        Documents(self.core.clone())
    }

    /// The contacts of an event.
    pub fn event_contacts(&self) -> EventContacts {
        EventContacts(self.core.clone())
    }

    /// Expenses of events.
    pub fn expenses(&self) -> Expenses {
        Expenses(self.core.clone())
    }

    /// What lists can be narrowed by.
    pub fn filters(&self) -> Filters {
        Filters(self.core.clone())
    }

    /// Invites to events and venues.
    pub fn invites(&self) -> Invites {
        Invites(self.core.clone())
    }

    /// The team of an event.
    pub fn members(&self) -> Members {
        Members(self.core.clone())
    }

    /// Photos of events.
    pub fn photos(&self) -> Photos {
        Photos(self.core.clone())
    }

    /// Logging in and out.
    pub fn sessions(&self) -> Sessions {
        // A login needs no session, and neither does a logout.
        Sessions(self.outside.clone())
    }

    /// Surveys of events.
    pub fn surveys(&self) -> Surveys {
        Surveys(self.core.clone())
    }

    /// Tasks.
    pub fn tasks(&self) -> Tasks {
        Tasks(self.core.clone())
    }

    /// The users of the company.
    pub fn users(&self) -> Users {
        Users::new(self.core.clone(), self.outside.clone())
    }

    /// Visits of brand ambassadors, and their documents.
    pub fn visits(&self) -> Visits {
        Visits(self.core.clone())
    }

    /// Comments on events and on tasks.
    pub fn comments(&self) -> Comments {
        Comments(self.core.clone())
    }

    /// The company that this client works for. Logs in if that has not happened yet.
    pub async fn company_id(&self) -> Result<CompanyId> {
        self.session_header(&login::COMPANY_HEADER).await?.parse()
    }

    /// What the present session sends under this name.
    async fn session_header(&self, name: &HeaderName) -> Result<String> {
        let Some(session) = self.core.credential() else { return Ok(String::new()) };
        let headers = session.headers().await?;
        let value = headers.headers().get(name).and_then(|value| value.to_str().ok());
        Ok(value.unwrap_or_default().to_owned())
    }
}

impl fmt::Debug for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Native").field("core", &self.core).field("zone", &self.zone).finish_non_exhaustive()
    }
}

fn password_session(
    outside: &Core,
    email: &str,
    password: SecretString,
    named: Option<String>,
    company: &Arc<OnceLock<CompanyId>>,
) -> Result<Arc<dyn Credential>> {
    let login = login::PasswordLogin::new(outside.clone(), email, password, named, Arc::clone(company))?;
    Ok(Arc::new(TokenCredential::new(login, Arc::clone(outside.clock()))))
}

/// Who logs in, how, and for which company.
pub(crate) enum Login {
    Password {
        email: String,
        password: SecretString,
        company: CompanyChoice,
    },
    /// A token that somebody got elsewhere.
    Token {
        email: String,
        token: SecretString,
        company: CompanyId,
    },
}

/// Which of the user's companies to work for.
pub(crate) enum CompanyChoice {
    /// The one that the user used last.
    Current,
    Id(CompanyId),
    Named(String),
}

/// Reads our name for a campaign of theirs.
fn campaign_id(project: &crate::ProjectId) -> Result<RemoteCampaignId> {
    let invalid = |_| Error::invalid("project", format!("`{project}` is not the number of a campaign"));
    project.as_str().parse().map_err(invalid)
}

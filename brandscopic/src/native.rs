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
//! let mut late = events.list().event_status(&Recap::Late).pager();
//! while let Some(event) = late.next().await.transpose()? {
//!     println!("{} of {}: no recap yet", event.id, event.start);
//! }
//! assert_eq!(events.list().await?.total, 70);
//! # Ok(())
//! # }
//! ```

mod campaigns;
mod companies;
mod countries;
mod dates;
mod event;
mod events;
mod login;
mod places;
mod status;
mod sync;
mod venues;

use std::fmt;
use std::sync::{Arc, OnceLock};

use connectors_core::provider::{ClientOptions, Core, Credential, Defaults, KeyedLocks, TokenCredential};
use connectors_core::{Error, Result, TimeZone};
use http::HeaderName;
use secrecy::SecretString;
use url::Url;

pub use campaigns::{Campaigns, RemoteCampaign, RemoteCampaignId};
pub use companies::{Companies, Company, CompanyId};
pub use countries::Country;
pub use event::{Activity, EventDraft, Place, Recap, RemoteEvent, RemoteEventId, Spending};
pub use events::{EventPage, Events, ListEvents};
pub use venues::{NewVenue, PlaceId, PlaceReference, SearchVenues, VenueId, VenueMatch, Venues};

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
    zone: Option<TimeZone>,
    /// Turns of those who create events of one campaign at one time: which of theirs is whose could not be told.
    slots: KeyedLocks,
}

impl Native {
    pub(crate) fn new(
        base: &Url,
        user: User,
        zone: Option<TimeZone>,
        defaults: Defaults,
        options: &ClientOptions,
    ) -> Result<Self> {
        let User { email, password, company } = user;
        let outside = Core::new(PROVIDER, base, None, NativeJudge, defaults.clone(), options)?;
        let company = Arc::new(company.map_or_else(OnceLock::new, OnceLock::from));
        let session = session(&outside, email, password, &company)?;
        let core = Core::new(PROVIDER, base, Some(session), NativeJudge, defaults, options)?;
        Ok(Self { core, outside, company, zone, slots: KeyedLocks::default() })
    }

    /// Works as this user, or with this password, from now on, for all clones of the client; the first call that needs
    /// it logs in. Calls that have begun keep the old session until they end.
    ///
    /// The client stays with its company, and with the time zone that it was built with: both must be the user's too.
    ///
    /// Fails with [`Config`](connectors_core::ErrorKind::Config) on what cannot be an e-mail address or a password; the
    /// old login stays then.
    pub fn replace_login(&self, email: impl Into<String>, password: impl Into<SecretString>) -> Result<()> {
        self.core.replace_credential(session(&self.outside, email.into(), password.into(), &self.company)?);
        Ok(())
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

fn session(
    outside: &Core,
    email: String,
    password: SecretString,
    company: &Arc<OnceLock<CompanyId>>,
) -> Result<Arc<dyn Credential>> {
    let login = login::Login::new(outside.clone(), email, password, Arc::clone(company))?;
    Ok(Arc::new(TokenCredential::new(login, Arc::clone(outside.clock()))))
}

/// Who logs in, and for which company.
pub(crate) struct User {
    pub(crate) email: String,
    pub(crate) password: SecretString,
    pub(crate) company: Option<CompanyId>,
}

/// Reads our name for a campaign of theirs.
fn campaign_id(project: &crate::ProjectId) -> Result<RemoteCampaignId> {
    let invalid = |_| Error::invalid("project", format!("`{project}` is not the number of a campaign"));
    project.as_str().parse().map_err(invalid)
}

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
use std::sync::Arc;

use connectors_core::provider::{ClientOptions, Core, Credential, Defaults, KeyedLocks, TokenCredential};
use connectors_core::{Error, Result, TimeZone};
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
    session: Arc<TokenCredential<login::Login>>,
    email: String,
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
        let login = login::Login::new(outside, email.clone(), password, company)?;
        let session = Arc::new(TokenCredential::new(login, options.clock()));
        let credential: Arc<dyn Credential> = session.clone();
        let core = Core::new(PROVIDER, base, Some(credential), NativeJudge, defaults, options)?;
        Ok(Self { core, session, email, zone, slots: KeyedLocks::default() })
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
        let headers = self.session.headers().await?;
        let id = headers.headers().get(login::COMPANY_HEADER).and_then(|id| id.to_str().ok());
        id.unwrap_or_default().parse()
    }
}

impl fmt::Debug for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Native").field("core", &self.core).field("zone", &self.zone).finish_non_exhaustive()
    }
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

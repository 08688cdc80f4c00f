//! Users of the company, what they may do, and what is new for them.

use std::time::Duration;

use connectors_core::provider::{CacheKey, Call, Core, Fetched, Operation};
use connectors_core::{CachePolicy, Error, ErrorKind, Request, RequestOptions, Response, Result, request};
use http::Method;
use serde::Serialize;

use super::request::{CallExt, done, email_address, operation};
use super::{CompanyUserId, Notification, Permission, RemoteCampaignId, RoleId, TeamId, User, UserUpdate};
use crate::PROVIDER;

static LIST: Operation = operation(Method::GET, "users.list", "/users.json");
static GET: Operation = operation(Method::GET, "users.get", "/users/{id}.json");
static UPDATE: Operation = operation(Method::PUT, "users.update", "/users/{id}.json");
static RESET_PASSWORD: Operation = operation(Method::POST, "users.reset_password", "/users/password/new_password.json");
static PERMISSIONS: Operation = operation(Method::GET, "users.permissions", "/users/permissions.json");
static NOTIFICATIONS: Operation = operation(Method::GET, "users.notifications", "/users/notifications.json");

/// How long [`Users::can`] goes by what it was told.
const PERMISSIONS_LAST: Duration = Duration::from_secs(60);

/// The endpoints of users: [`Native::users`](super::Native::users). They go by the id that a user has within the
/// company, not by that of the person.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use connectors_brandscopic::native::{NotificationLevel, Permission, Profile, UserId, UserUpdate};
///
/// # use connectors_brandscopic::Contract;
/// # let mock = connectors_mock::MockBrandscopic::builder().contract(Contract::Native).past_events(9).build()?;
/// # let ann = UserId::new(31);
/// let users = mock.client().native()?.users();
/// users.require(&Permission::EventsCreate).await?; // fails before anything is tried
/// assert_eq!(users.permissions().await?.contains(&Permission::EventsReject), users.can(&Permission::EventsReject).await?);
///
/// let me = users.list().await?.remove(0).id;
/// users.update(me, &UserUpdate::new().profile(Profile::new(ann).city("Boston"))).await?;
/// assert_eq!(users.get(me).await?.city.as_deref(), Some("Boston"));
///
/// let news = users.notifications().await?;
/// assert!(news.iter().any(|news| news.level == NotificationLevel::Red));
/// users.reset_password("field@example.com").await?; // who is logged in does not matter
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Users {
    core: Core,
    /// The same connection without a credential.
    outside: Core,
}

request! {
    /// Lists the active users of the company, all at once, up to a thousand.
    pub struct ListUsers => Vec<User>;
    /// Only those who may work for these campaigns.
    each campaigns: RemoteCampaignId = "campaign[]";
    /// Only members of these teams.
    each teams: TeamId = "team[]";
    /// Only those with these roles.
    each roles: RoleId = "role[]";
}

impl Users {
    pub(super) fn new(core: Core, outside: Core) -> Self {
        Self { core, outside }
    }

    /// The active users of the company.
    pub fn list(&self) -> ListUsers {
        ListUsers(Request::new(self.core.call(&LIST)))
    }

    /// One user, with role and teams.
    pub fn get(&self, user: CompanyUserId) -> Request<User> {
        Request::new(self.core.call(&GET).id("id", user.get()))
    }

    /// Changes a user. Role and teams need a permission of their own; without it the server may leave them as they are:
    /// the answer tells what became of it.
    pub fn update(&self, user: CompanyUserId, update: &UserUpdate) -> Request<User> {
        #[derive(Serialize)]
        struct Body<'a> {
            company_user: &'a UserUpdate,
        }
        let call = self.core.call(&UPDATE).id("id", user.get());
        Request::new(call.json(&Body { company_user: update })).check(update.check())
    }

    /// Sends somebody an e-mail by which they choose a new password. Nobody has to be logged in for that, and the
    /// present password stays good until then.
    ///
    /// Fails with [`NotFound`](ErrorKind::NotFound) if no user has this address.
    pub fn reset_password(&self, email: &str) -> Request<()> {
        #[derive(Serialize)]
        struct Body<'a> {
            email: &'a str,
        }
        done(self.outside.call(&RESET_PASSWORD).json(&Body { email })).check(email_address("email", email))
    }

    /// What the user's role allows, as the server has it now.
    pub fn permissions(&self) -> Request<Vec<Permission>> {
        Request::new(permissions(&self.core))
    }

    /// Whether the user's role allows this. What the server said is good for a minute, for all clones of the client.
    pub async fn can(&self, permission: &Permission) -> Result<bool> {
        let cache = self.core.cache();
        let key = CacheKey::new(self.core.partition(), PERMISSIONS.name, &[]);
        let deadline = self.core.deadline(&RequestOptions::default());
        let core = self.core.clone();
        let fetch = async move {
            let value: Vec<Permission> = permissions(&core).send().await.map(Response::into_inner)?;
            let bytes = value.len() * size_of::<Permission>();
            Ok::<_, Error>(Fetched { value, bytes, ttl: PERMISSIONS_LAST })
        };
        let known = cache.get_or_fetch(key, CachePolicy::Use, deadline, fetch).await?;
        Ok(known.value.contains(permission))
    }

    /// As [`can`](Self::can), for whoever goes on only if it is so.
    ///
    /// Fails with [`PermissionDenied`](ErrorKind::PermissionDenied), with the permission as its
    /// [`code`](Error::code). The server would refuse with a 403 that does not name what is lacking.
    pub async fn require(&self, permission: &Permission) -> Result<()> {
        if self.can(permission).await? {
            return Ok(());
        }
        let message = format!("the user's role lacks the permission `{permission}`");
        let error = Error::new(ErrorKind::PermissionDenied, message).with_code(permission);
        Err(error.with_origin(PROVIDER, PERMISSIONS.name).with_hint("an administrator of the company can give it"))
    }

    /// What is new for the user, and what is due. The server brings it up to date about every five minutes; getting an
    /// event takes the news of that event away.
    pub fn notifications(&self) -> Request<Vec<Notification>> {
        Request::new(self.core.call(&NOTIFICATIONS))
    }
}

fn permissions(core: &Core) -> Call {
    core.call(&PERMISSIONS)
}

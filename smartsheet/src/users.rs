//! Users.

use connectors_core::provider::{Call, Operation, Safety};
use connectors_core::{Error, Request, Result, Upload};
use http::{HeaderValue, Method, header};
use serde::Serialize;

use crate::model::{
    AlternateEmail, AlternateEmailId, NewUser, OffsetPage, PlanId, SeatType, SheetSummary, TokenPage, User, UserId,
    UserPlan, UserProfile, UserRemoval, UserUpdate,
};
use crate::request::{
    CallExt, count, done, email_address, offset_pages, operation, resource, token_pages, written, written_one,
};

static ME: Operation = operation(Method::GET, "users.me", "/users/me");
static LIST: Operation = operation(Method::GET, "users.list", "/users");
static ADD: Operation = operation(Method::POST, "users.add", "/users");
static GET: Operation = operation(Method::GET, "users.get", "/users/{userId}");
static UPDATE: Operation = operation(Method::PUT, "users.update", "/users/{userId}");
static REMOVE: Operation = operation(Method::DELETE, "users.remove", "/users/{userId}");
static DEACTIVATE: Operation =
    operation(Method::POST, "users.deactivate", "/users/{userId}/deactivate").safety(Safety::Idempotent);
static REACTIVATE: Operation =
    operation(Method::POST, "users.reactivate", "/users/{userId}/reactivate").safety(Safety::Idempotent);
static SET_PROFILE_IMAGE: Operation =
    operation(Method::POST, "users.set_profile_image", "/users/{userId}/profileimage").safety(Safety::Idempotent);
static ALTERNATE_EMAILS: Operation =
    operation(Method::GET, "users.alternate_emails", "/users/{userId}/alternateemails");
static ADD_ALTERNATE_EMAILS: Operation =
    operation(Method::POST, "users.add_alternate_emails", "/users/{userId}/alternateemails");
static ALTERNATE_EMAIL: Operation =
    operation(Method::GET, "users.alternate_email", "/users/{userId}/alternateemails/{alternateEmailId}");
static DELETE_ALTERNATE_EMAIL: Operation =
    operation(Method::DELETE, "users.delete_alternate_email", "/users/{userId}/alternateemails/{alternateEmailId}");
// Not idempotent: the addresses change places.
static MAKE_ALTERNATE_EMAIL_PRIMARY: Operation = operation(
    Method::POST,
    "users.make_alternate_email_primary",
    "/users/{userId}/alternateemails/{alternateEmailId}/makeprimary",
);
static PLANS: Operation = operation(Method::GET, "users.plans", "/users/{userId}/plans");
static UPGRADE: Operation =
    operation(Method::POST, "users.upgrade", "/users/{userId}/plans/{planId}/upgrade").safety(Safety::Idempotent);
static DOWNGRADE: Operation =
    operation(Method::POST, "users.downgrade", "/users/{userId}/plans/{planId}/downgrade").safety(Safety::Idempotent);
static REMOVE_FROM_PLAN: Operation =
    operation(Method::DELETE, "users.remove_from_plan", "/users/{userId}/plans/{planId}");
static SHEETS: Operation = operation(Method::GET, "users.sheets", "/users/sheets");

/// The largest page of users.
const MAX_PAGE: u32 = 2000;

resource! {
    /// The endpoints of users: [`SmartsheetClient::users`](crate::SmartsheetClient::users). All but [`me`](Users::me)
    /// are for system admins.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{NewUser, UserRemoval, UserStatus, UserUpdate};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let smartsheet = mock.client().clone();
    /// let users = smartsheet.users();
    /// let me = users.me().groups().await?;
    /// let new = NewUser::new("kim.lee@example.com").with(UserUpdate::new().name("Kim", "Lee"));
    /// let kim = users.add(new).send_email().await?;
    /// assert_eq!(kim.status, Some(UserStatus::Pending));
    /// # mock.fake().accept_invitation(kim.id); // what Kim does in the browser
    ///
    /// users.update(kim.id, UserUpdate::new().group_admin(true)).await?;
    /// users.set_profile_image(kim.id, "the bytes of a picture").await?;
    /// users.deactivate(kim.id).await?; // nothing of theirs is lost
    /// assert_eq!(users.get(kim.id).await?.status, Some(UserStatus::Deactivated));
    /// users.reactivate(kim.id).await?;
    ///
    /// users.remove(kim.id, UserRemoval::new().transfer_to(me.id).remove_from_sharing()).await?;
    /// let left = users.list().pager().collect_all().await?;
    /// assert!(left.iter().all(|user| user.id != kim.id));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Users;
}

impl Users {
    fn of(&self, operation: &'static Operation, user: UserId) -> Call {
        self.client.call(operation).id("userId", user.get())
    }

    fn address(&self, operation: &'static Operation, user: UserId, email: AlternateEmailId) -> Call {
        self.of(operation, user).id("alternateEmailId", email.get())
    }

    fn seat(&self, operation: &'static Operation, user: UserId, plan: PlanId) -> Call {
        self.of(operation, user).id("planId", plan.get())
    }

    /// Who the token belongs to. Needs no scope: the right question to see whether a token is good.
    pub fn me(&self) -> GetCurrentUser {
        GetCurrentUser(Request::new(self.client.call(&ME)))
    }

    /// All users of the account.
    pub fn list(&self) -> ListUsers {
        ListUsers(Request::new(self.client.call(&LIST)))
    }

    /// One user.
    pub fn get(&self, user: UserId) -> Request<UserProfile> {
        Request::new(self.of(&GET, user))
    }

    /// Adds somebody to the account. They are [`Pending`](crate::UserStatus::Pending) until they accept the
    /// invitation, unless the account's domain is validated.
    pub fn add(&self, user: NewUser) -> AddUser {
        let call = self.client.call(&ADD).json(&user);
        AddUser(written(call).check(email_address("email", &user.email)))
    }

    /// Changes what a user may do, or their name. The answer tells who it is, not what they may do now.
    pub fn update(&self, user: UserId, update: UserUpdate) -> Request<User> {
        let changes =
            if update == UserUpdate::default() { Err(Error::invalid("update", "changes nothing")) } else { Ok(()) };
        written_one(self.of(&UPDATE, user).json(&update)).check(changes)
    }

    /// Removes a user from the account, which cannot be taken back: see [`deactivate`](Self::deactivate).
    pub fn remove(&self, user: UserId, removal: UserRemoval) -> Request<()> {
        let call = self.of(&REMOVE, user);
        let call = if removal == UserRemoval::default() { call } else { call.json(&removal) };
        done(call).check(removal.check(user))
    }

    /// Keeps a user from signing in. What they own and what is shared with them stays.
    pub fn deactivate(&self, user: UserId) -> Request<()> {
        done(without_body(self.of(&DEACTIVATE, user)))
    }

    /// Lets a deactivated user sign in again.
    pub fn reactivate(&self, user: UserId) -> Request<()> {
        done(without_body(self.of(&REACTIVATE, user)))
    }

    /// Gives a user a picture.
    pub fn set_profile_image(&self, user: UserId, image: impl Into<Upload>) -> Request<User> {
        let call = self.client.long_call(&SET_PROFILE_IMAGE).id("userId", user.get());
        let disposition = HeaderValue::from_static("attachment; filename=\"profile\"");
        let octets = HeaderValue::from_static("application/octet-stream");
        written_one(call.header(header::CONTENT_DISPOSITION, disposition).upload(octets, image))
    }

    /// The further e-mail addresses of a user.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let smartsheet = mock.client().clone();
    /// let users = smartsheet.users();
    /// let me = users.me().await?.id;
    /// let new = users.add_alternate_emails(me, ["m.mock@example.com"]).await?;
    /// assert!(!users.alternate_email(me, new[0].id).await?.confirmed);
    /// for address in users.alternate_emails(me).await?.data {
    ///     if address.confirmed {
    ///         users.make_alternate_email_primary(me, address.id).await?;
    ///     }
    /// }
    /// users.delete_alternate_email(me, new[0].id).await?;
    /// assert_eq!(users.me().await?.email.as_deref(), Some("mona@fieldmarketing.example"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn alternate_emails(&self, user: UserId) -> ListAlternateEmails {
        ListAlternateEmails(Request::new(self.of(&ALTERNATE_EMAILS, user)))
    }

    /// Adds e-mail addresses, each of which gets a message to be confirmed. Those that the user has already are passed
    /// over, and are not in the answer.
    pub fn add_alternate_emails<E: Into<String>>(
        &self,
        user: UserId,
        emails: impl IntoIterator<Item = E>,
    ) -> Request<Vec<AlternateEmail>> {
        let emails: Vec<_> = emails.into_iter().map(|email| Address { email: email.into() }).collect();
        written(self.of(&ADD_ALTERNATE_EMAILS, user).json(&emails)).check(check_addresses("emails", &emails))
    }

    /// One of the further e-mail addresses of a user.
    pub fn alternate_email(&self, user: UserId, email: AlternateEmailId) -> Request<AlternateEmail> {
        Request::new(self.address(&ALTERNATE_EMAIL, user, email))
    }

    /// Deletes a further e-mail address.
    pub fn delete_alternate_email(&self, user: UserId, email: AlternateEmailId) -> Request<()> {
        done(self.address(&DELETE_ALTERNATE_EMAIL, user, email))
    }

    /// Makes a confirmed further e-mail address the one that the user signs in with; the old one becomes a further one.
    pub fn make_alternate_email_primary(&self, user: UserId, email: AlternateEmailId) -> Request<AlternateEmail> {
        written_one(self.address(&MAKE_ALTERNATE_EMAIL_PRIMARY, user, email))
    }

    /// The plans in which a user has a seat.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::SeatType;
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let smartsheet = mock.client().clone();
    /// let users = smartsheet.users();
    /// let guests = users.list().seat_types([SeatType::Guest]).await?;
    /// let guest = guests.data[0].id;
    /// let plan = users.plans(guest).plan_names().await?.data[0].plan_id;
    /// users.upgrade(guest, plan, SeatType::Member).await?;
    /// users.downgrade(guest, plan, SeatType::Contributor).await?;
    /// let seats = users.plans(guest).contributors().await?;
    /// assert_eq!(seats.data[0].seat_type, Some(SeatType::Contributor));
    /// users.remove_from_plan(guest, plan).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn plans(&self, user: UserId) -> ListUserPlans {
        ListUserPlans(Request::new(self.of(&PLANS, user)))
    }

    /// Gives a user a seat that allows more: [`Guest`](SeatType::Guest) or [`Member`](SeatType::Member).
    pub fn upgrade(&self, user: UserId, plan: PlanId, to: SeatType) -> Request<()> {
        let fits = matches!(to, SeatType::Guest | SeatType::Member | SeatType::Unknown(_));
        let checked = if fits { Ok(()) } else { Err(Error::invalid("seatType", "must be GUEST or MEMBER")) };
        done(self.seat(&UPGRADE, user, plan).json(&Seat { seat_type: to })).check(checked)
    }

    /// Gives a user a seat that allows less: [`Viewer`](SeatType::Viewer), [`Guest`](SeatType::Guest) or
    /// [`Contributor`](SeatType::Contributor).
    pub fn downgrade(&self, user: UserId, plan: PlanId, to: SeatType) -> Request<()> {
        let fits = !matches!(to, SeatType::Member | SeatType::ProvisionalMember);
        let checked =
            if fits { Ok(()) } else { Err(Error::invalid("seatType", "must be VIEWER, GUEST or CONTRIBUTOR")) };
        done(self.seat(&DOWNGRADE, user, plan).json(&Seat { seat_type: to })).check(checked)
    }

    /// Takes a user's seat in a plan away.
    pub fn remove_from_plan(&self, user: UserId, plan: PlanId) -> Request<()> {
        done(self.seat(&REMOVE_FROM_PLAN, user, plan))
    }

    /// The sheets of all users of the account.
    ///
    /// ```
    /// # #![allow(deprecated)]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let smartsheet = mock.client().clone();
    /// let users = smartsheet.users();
    /// assert!(!users.sheets().pager().collect_all().await?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[deprecated(note = "Smartsheet gives it up: use sheets().list(), for other users with assume_user")]
    pub fn sheets(&self) -> ListUserSheets {
        ListUserSheets(Request::new(self.client.call(&SHEETS)))
    }
}

/// Smartsheet wants to be told that nothing is JSON.
fn without_body(call: Call) -> Call {
    call.body(HeaderValue::from_static("application/json"), Vec::new())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Seat {
    seat_type: SeatType,
}

/// Somebody by their e-mail address alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Address {
    pub(crate) email: String,
}

pub(crate) fn check_addresses(field: &str, addresses: &[Address]) -> Result<()> {
    count(field, addresses.len(), 1000)?;
    let mut addresses = addresses.iter().enumerate();
    addresses.try_for_each(|(index, address)| email_address(&format!("{field}[{index}]"), &address.email))
}

connectors_core::request! {
    /// Asks who the token belongs to: [`Users::me`].
    pub struct GetCurrentUser => UserProfile;
}

impl GetCurrentUser {
    /// The groups that the user is in as well.
    pub fn groups(self) -> Self {
        Self(self.0.set("include", "groups"))
    }
}

connectors_core::request! {
    /// Lists users: [`Users::list`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListUsers => OffsetPage<User>;
    /// Only users with these e-mail addresses.
    list emails: String = "email";
    /// Only users with a seat in this plan.
    set plan: PlanId = "planId";
    /// Only users with seats of these types.
    list seat_types: SeatType = "seatType";
    /// Tells contributors as such, instead of as another type.
    flag contributors = "displayContributorSeatType";
    /// Only users who were changed since.
    time modified_since = "modifiedSince";
}
offset_pages!(ListUsers => User, at most MAX_PAGE);

impl ListUsers {
    /// When each user was here last as well.
    pub fn last_logins(self) -> Self {
        Self(self.0.set("include", "lastLogin"))
    }
}

connectors_core::request! {
    /// Adds a user: [`Users::add`].
    pub struct AddUser => User;
    /// Sends them an e-mail.
    flag send_email = "sendEmail";
}

connectors_core::request! {
    /// Lists further e-mail addresses: [`Users::alternate_emails`].
    pub struct ListAlternateEmails => OffsetPage<AlternateEmail>;
}
offset_pages!(ListAlternateEmails => AlternateEmail);

connectors_core::request! {
    /// Lists seats: [`Users::plans`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListUserPlans => TokenPage<UserPlan>;
    /// Tells contributors as such, instead of as another type.
    flag contributors = "displayContributorSeatType";
}
token_pages!(ListUserPlans => UserPlan);

impl ListUserPlans {
    /// The names of the plans as well.
    pub fn plan_names(self) -> Self {
        Self(self.0.set("include", "planName"))
    }
}

connectors_core::request! {
    /// Lists the sheets of all users: [`Users::sheets`].
    pub struct ListUserSheets => OffsetPage<SheetSummary>;
    /// Only sheets that were changed since.
    time modified_since = "modifiedSince";
}
offset_pages!(ListUserSheets => SheetSummary);

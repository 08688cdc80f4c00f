//! Groups of users.

use connectors_core::provider::{Call, Operation};
use connectors_core::{Error, Request, Result};
use http::Method;

use crate::model::{Group, GroupId, GroupMember, GroupUpdate, NewGroup, OffsetPage, UserId};
use crate::request::{CallExt, done, not_blank, offset_pages, operation, resource, written};
use crate::users::{Address, check_addresses};

static LIST: Operation = operation(Method::GET, "groups.list", "/groups");
static CREATE: Operation = operation(Method::POST, "groups.create", "/groups");
static GET: Operation = operation(Method::GET, "groups.get", "/groups/{groupId}");
static UPDATE: Operation = operation(Method::PUT, "groups.update", "/groups/{groupId}");
static DELETE: Operation = operation(Method::DELETE, "groups.delete", "/groups/{groupId}");
static ADD_MEMBERS: Operation = operation(Method::POST, "groups.add_members", "/groups/{groupId}/members");
static REMOVE_MEMBER: Operation =
    operation(Method::DELETE, "groups.remove_member", "/groups/{groupId}/members/{userId}");

resource! {
    /// The endpoints of groups: [`SmartsheetClient::groups`](crate::SmartsheetClient::groups). Changes are for group
    /// admins and system admins.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{GroupUpdate, NewGroup};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let smartsheet = mock.client().clone();
    /// let groups = smartsheet.groups();
    /// let crew = groups.create(NewGroup::new("Crew Berlin").members(["jane+doe@example.com"])).await?;
    /// let added = groups.add_members(crew.id, ["jane+doe@example.com", "ines.costa@example.com"]).await?;
    /// assert_eq!(added.len(), 1, "who is in it already is passed over");
    ///
    /// groups.update(crew.id, GroupUpdate::new().name("Crew North")).await?;
    /// groups.remove_member(crew.id, added[0].id).await?;
    /// let crew = groups.get(crew.id).await?;
    /// assert_eq!((crew.name.as_str(), crew.members.len()), ("Crew North", 1));
    ///
    /// groups.delete(crew.id).await?;
    /// assert!(groups.list().await?.data.iter().all(|group| group.id != crew.id));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Groups;
}

impl Groups {
    fn of(&self, operation: &'static Operation, group: GroupId) -> Call {
        self.client.call(operation).id("groupId", group.get())
    }

    /// All groups of the account, without their members.
    pub fn list(&self) -> ListGroups {
        ListGroups(Request::new(self.client.call(&LIST)))
    }

    /// Creates a group, owned by the caller. A name that another group has is a
    /// [`Conflict`](connectors_core::ErrorKind::Conflict).
    pub fn create(&self, group: NewGroup) -> Request<Group> {
        let members = if group.members.is_empty() { Ok(()) } else { check_addresses("members", &group.members) };
        written(self.client.call(&CREATE).json(&group)).check(not_blank("name", &group.name)).check(members)
    }

    /// A group with its members.
    pub fn get(&self, group: GroupId) -> Request<Group> {
        Request::new(self.of(&GET, group))
    }

    /// Changes a group. The answer does not tell the members.
    pub fn update(&self, group: GroupId, update: GroupUpdate) -> Request<Group> {
        written(self.of(&UPDATE, group).json(&update)).check(check_update(&update))
    }

    /// Deletes a group. What was shared with it is not shared with its members any more; Smartsheet does that
    /// afterwards.
    pub fn delete(&self, group: GroupId) -> Request<()> {
        done(self.of(&DELETE, group))
    }

    /// Puts the users with these e-mail addresses into a group. Those who are in it already are passed over, and are
    /// not in the answer.
    pub fn add_members<E: Into<String>>(
        &self,
        group: GroupId,
        emails: impl IntoIterator<Item = E>,
    ) -> Request<Vec<GroupMember>> {
        let members: Vec<_> = emails.into_iter().map(|email| Address { email: email.into() }).collect();
        written(self.of(&ADD_MEMBERS, group).json(&members)).check(check_addresses("members", &members))
    }

    /// Takes a user out of a group.
    pub fn remove_member(&self, group: GroupId, user: UserId) -> Request<()> {
        done(self.of(&REMOVE_MEMBER, group).id("userId", user.get()))
    }
}

fn check_update(update: &GroupUpdate) -> Result<()> {
    if *update == GroupUpdate::default() {
        return Err(Error::invalid("update", "changes nothing"));
    }
    update.name.as_deref().map_or(Ok(()), |name| not_blank("name", name))
}

connectors_core::request! {
    /// Lists groups: [`Groups::list`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListGroups => OffsetPage<Group>;
    /// Only groups that were changed since.
    time modified_since = "modifiedSince";
}
offset_pages!(ListGroups => Group);

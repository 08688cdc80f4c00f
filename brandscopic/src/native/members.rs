//! The team of an event.

use std::fmt;

use connectors_core::provider::{Call, Operation};
use connectors_core::wire::lenient;
use connectors_core::{Request, request};
use http::Method;
use serde::{Deserialize, Serialize};

use super::request::{CallExt, done, operation, positive, removed, resource};
use super::{CompanyUserId, RemoteEventId, Team, TeamId, User};

static LIST: Operation = operation(Method::GET, "members.list", "/events/{event}/members.json");
static ASSIGNABLE: Operation = operation(Method::GET, "members.assignable", "/events/{event}/assignable_members.json");
static ADD: Operation = operation(Method::POST, "members.add", "/events/{event}/members.json");
static REMOVE: Operation = operation(Method::DELETE, "members.remove", "/events/{event}/members.json");

connectors_core::open_enum! {
    /// What is a member of an event.
    pub enum MemberKind {
        /// A user.
        "user" => User,
        /// A team.
        "team" => Team,
    }
}

/// Who is or is to be a member of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MemberId {
    /// A user of the company.
    User(CompanyUserId),
    /// A team.
    Team(TeamId),
}

impl MemberId {
    fn parts(self) -> (&'static str, i64) {
        match self {
            Self::User(id) => ("user", id.get()),
            Self::Team(id) => ("team", id.get()),
        }
    }
}

/// A member of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Member {
    /// A user.
    User(Box<User>),
    /// A team.
    Team(Team),
    /// A member of a kind that this version does not know.
    #[serde(other)]
    Other,
}

impl Member {
    /// What it is added and removed by.
    pub fn id(&self) -> Option<MemberId> {
        match self {
            Self::User(user) => Some(MemberId::User(user.id)),
            Self::Team(team) => Some(MemberId::Team(team.id)),
            Self::Other => None,
        }
    }
}

/// Somebody who could become a member of an event. `Debug` does not show the name.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
#[non_exhaustive]
pub struct AssignableMember {
    /// What to add; `None` if it is of a kind that this version does not know.
    pub id: Option<MemberId>,
    /// The name of the user or the team.
    pub name: String,
    /// The role of a user, or what a team is.
    pub description: Option<String>,
}

impl fmt::Debug for AssignableMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, name: _, description } = self;
        f.debug_struct("AssignableMember").field("id", id).field("description", description).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Wire {
    /// A text, unlike most.
    #[serde(deserialize_with = "lenient::number")]
    id: i64,
    #[serde(rename = "type")]
    kind: MemberKind,
    #[serde(default, deserialize_with = "lenient::or_default")]
    name: String,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    description: Option<String>,
}

impl From<Wire> for AssignableMember {
    fn from(Wire { id, kind, name, description }: Wire) -> Self {
        let id = match kind {
            MemberKind::User => Some(MemberId::User(CompanyUserId::new(id))),
            MemberKind::Team => Some(MemberId::Team(TeamId::new(id))),
            MemberKind::Unknown(_) => None,
        };
        Self { id, name, description }
    }
}

resource! {
    /// The endpoints of an event's team: [`Native::members`](super::Native::members).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_brandscopic::native::MemberKind;
    /// # use connectors_brandscopic::{Contract, native::RemoteEventId};
    /// # use connectors_mock::MockBrandscopic;
    /// # let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    /// # let event = RemoteEventId::new(mock.fake().events()[0].id);
    ///
    /// let members = mock.client().native()?.members();
    /// for free in members.assignable(event).await?.iter().filter_map(|free| free.id) {
    ///     members.add(event, free).await?;
    /// }
    /// let users = members.list(event).only(MemberKind::User).await?;
    /// assert!(!users.is_empty() && users.len() < members.list(event).await?.len());
    /// for user in users.iter().filter_map(|user| user.id()) {
    ///     members.remove(event, user).await?;
    /// }
    /// assert!(members.list(event).only(MemberKind::User).await?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub struct Members;
}

request! {
    /// Lists the team of an event, by name.
    pub struct ListMembers => Vec<Member>;
    /// Users or teams alone.
    set only: MemberKind = "type";
}

impl Members {
    /// The team of an event, by name.
    pub fn list(&self, event: RemoteEventId) -> ListMembers {
        ListMembers(Request::new(self.0.call(&LIST).id("event", event.get())))
    }

    /// Users and teams that could be added to the team of an event.
    pub fn assignable(&self, event: RemoteEventId) -> Request<Vec<AssignableMember>> {
        Request::new(self.0.call(&ASSIGNABLE).id("event", event.get()))
    }

    /// Adds a user or a team to the team of an event.
    pub fn add(&self, event: RemoteEventId, member: MemberId) -> Request<()> {
        #[derive(Serialize)]
        struct Body {
            memberable_id: i64,
            memberable_type: &'static str,
        }
        let (memberable_type, memberable_id) = member.parts();
        let call = self.0.call(&ADD).id("event", event.get()).json(&Body { memberable_id, memberable_type });
        done(checked(call, memberable_id))
    }

    /// Takes a user or a team out of the team of an event. Tasks that they have there are nobody's then.
    pub fn remove(&self, event: RemoteEventId, member: MemberId) -> Request<()> {
        let (kind, id) = member.parts();
        let call = self.0.call(&REMOVE).id("event", event.get());
        removed(checked(call, id).query("memberable_id", id).query("memberable_type", kind))
    }
}

fn checked(call: Call, id: i64) -> Call {
    call.check(positive("memberable_id", id))
}

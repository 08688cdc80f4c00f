//! Tasks.

use chrono::NaiveDate;
use connectors_core::provider::Operation;
use connectors_core::wire::lenient;
use connectors_core::{DateRange, Error, Request, Result, request};
use http::Method;
use serde::{Deserialize, Serialize};

use super::request::{CallExt, nameless, not_blank, operation, positive, resource};
use super::wire::opt_day;
use super::{Activity, CompanyUserId, RemoteCampaignId, RemoteEventId, TaskId, TeamId, dates};

static MINE: Operation = operation(Method::GET, "tasks.mine", "/tasks/mine.json");
static TEAM: Operation = operation(Method::GET, "tasks.team", "/tasks/team.json");
static OF_EVENT: Operation = operation(Method::GET, "tasks.of_event", "/events/{event}/tasks.json");
static CREATE: Operation = operation(Method::POST, "tasks.create", "/tasks.json");
static CREATE_ON_EVENT: Operation = operation(Method::POST, "tasks.create_on_event", "/events/{event}/tasks.json");
static GET: Operation = operation(Method::GET, "tasks.get", "/tasks/{id}.json");
static UPDATE: Operation = operation(Method::PUT, "tasks.update", "/tasks/{id}.json");

connectors_core::open_enum! {
    /// One of the labels of a task, of which it has several.
    pub enum TaskLabel {
        /// It counts.
        "Active" => Active,
        /// It was deactivated.
        "Inactive" => Inactive,
        /// Somebody is to do it.
        "Assigned" => Assigned,
        /// Nobody is to do it yet.
        "Unassigned" => Unassigned,
        /// It is done.
        "Complete" => Complete,
        /// It is not done.
        "Incomplete" => Incomplete,
        /// It is not done, and overdue.
        "Late" => Late,
        /// It is not done, and due.
        "Due" => Due,
    }
}

connectors_core::open_enum! {
    /// What lists of tasks can be narrowed by.
    pub enum TaskStatus {
        /// Overdue.
        "Late" => Late,
        /// Done.
        "Complete" => Complete,
        /// Not done.
        "Incomplete" => Incomplete,
        /// Somebody's.
        "Assigned" => Assigned,
        /// Nobody's.
        "Unassigned" => Unassigned,
    }
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// The event that it is about.
    #[serde(default)]
    pub event_id: Option<RemoteEventId>,
    /// What is to be done.
    pub title: String,
    /// By when.
    #[serde(default, with = "opt_day")]
    pub due_at: Option<NaiveDate>,
    /// Whether it is done.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub completed: bool,
    /// Whether it counts.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub active: bool,
    /// How it stands.
    #[serde(default, rename = "status", deserialize_with = "lenient::or_default")]
    pub labels: Vec<TaskLabel>,
    /// Who is to do it.
    #[serde(default)]
    pub user: Option<Assignee>,
}

/// Who is to do a task. `Debug` does not show the name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Assignee {
    /// What they go by within the company.
    pub id: CompanyUserId,
    /// First and last name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub full_name: String,
}

nameless!(Assignee);

/// The first tasks of a list. There is no way to the others but to narrow the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TaskList {
    /// How many tasks there are.
    #[serde(deserialize_with = "lenient::number")]
    pub total: u64,
    /// The first of them; at most 30.
    pub results: Vec<Task>,
}

impl TaskList {
    /// Whether these are all. If not, narrow the list, such as by days or by campaign.
    pub fn is_complete(&self) -> bool {
        self.results.len() as u64 >= self.total
    }
}

/// What to write of a task: all of it for a create, what changes for an update.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TaskDraft {
    /// What is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_day")]
    pub due_at: Option<NaiveDate>,
    /// Whether it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed: Option<bool>,
    /// `false` deactivates it, which is as near to deleting it as there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Who is to do it. A task without an event needs somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_user_id: Option<CompanyUserId>,
}

impl TaskDraft {
    /// A task.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..Self::default() }
    }

    /// An update that changes nothing yet.
    pub fn change() -> Self {
        Self::default()
    }

    /// What is to be done.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// By when.
    pub fn due(mut self, day: NaiveDate) -> Self {
        self.due_at = Some(day);
        self
    }

    /// Whether it is done.
    pub fn completed(mut self, completed: bool) -> Self {
        self.completed = Some(completed);
        self
    }

    /// Activates or deactivates it.
    pub fn active(mut self, active: bool) -> Self {
        self.active = Some(active);
        self
    }

    /// Who is to do it.
    pub fn user(mut self, user: CompanyUserId) -> Self {
        self.company_user_id = Some(user);
        self
    }

    fn check(&self) -> Result<()> {
        if *self == Self::default() {
            return Err(Error::invalid("task", "changes nothing"));
        }
        self.company_user_id.map_or(Ok(()), |user| positive("company_user_id", user.get()))?;
        self.title.as_deref().map_or(Ok(()), |title| not_blank("title", title))
    }

    fn complete(&self) -> Result<()> {
        not_blank("title", self.title.as_deref().unwrap_or_default())?;
        self.check()
    }
}

resource! {
    /// The endpoints of tasks: [`Native::tasks`](super::Native::tasks).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_brandscopic::native::{TaskDraft, TaskLabel, TaskStatus};
    /// # use connectors_brandscopic::{Contract, native::RemoteEventId};
    /// # use connectors_mock::MockBrandscopic;
    /// # let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    /// # let event = RemoteEventId::new(mock.fake().events()[0].id);
    /// # let me = mock.client().native()?.companies().list().await?[0].company_user_id.unwrap();
    ///
    /// let tasks = mock.client().native()?.tasks();
    /// let cups = tasks.create_on_event(event, &TaskDraft::new("Order cups")).await?;
    /// let call = tasks.create(&TaskDraft::new("Call the venue").user(me)).await?;
    /// assert_eq!(tasks.of_event(event).await?.results, [cups.clone()]);
    ///
    /// tasks.update(cups.id, &TaskDraft::change().user(me).completed(true)).await?;
    /// assert!(tasks.get(cups.id).await?.labels.contains(&TaskLabel::Complete));
    /// let open = tasks.mine().task_status([TaskStatus::Incomplete]).await?;
    /// assert!(open.is_complete() && open.results == [call]);
    /// assert_eq!(tasks.team().await?.total, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub struct Tasks;
}

request! {
    /// Lists tasks. There is no second page: see [`TaskList::is_complete`].
    pub struct ListTasks => TaskList;
    /// Only tasks that are active, or not.
    each status: Activity = "status[]";
    /// Only tasks that stand so.
    each task_status: TaskStatus = "task_status[]";
    /// Only tasks of these campaigns.
    each campaigns: RemoteCampaignId = "campaign[]";
    /// Only tasks of these users.
    each users: CompanyUserId = "user[]";
    /// Only tasks of these teams.
    each teams: TeamId = "team[]";
}

impl ListTasks {
    /// Only tasks that are due on this day. Replaces [`between`](Self::between).
    pub fn on(self, day: NaiveDate) -> Self {
        self.between(DateRange::single(day))
    }

    /// Only tasks that are due on one of these days, the last included.
    pub fn between(self, days: DateRange) -> Self {
        let (start, end) = (dates::date(days.start()), dates::date(days.end()));
        Self(self.0.set("start_date", start).set("end_date", end))
    }
}

/// The body of a write.
#[derive(Serialize)]
struct Body<'a> {
    task: &'a TaskDraft,
}

impl Tasks {
    /// The tasks of the user.
    pub fn mine(&self) -> ListTasks {
        ListTasks(Request::new(self.0.call(&MINE)))
    }

    /// The tasks of the others in the user's teams.
    pub fn team(&self) -> ListTasks {
        ListTasks(Request::new(self.0.call(&TEAM)))
    }

    /// The tasks of an event.
    pub fn of_event(&self, event: RemoteEventId) -> ListTasks {
        ListTasks(Request::new(self.0.call(&OF_EVENT).id("event", event.get())))
    }

    /// Gives somebody a task that is not about an event. Doing it twice makes two.
    pub fn create(&self, task: &TaskDraft) -> Request<Task> {
        let assigned = match task.company_user_id {
            Some(_) => Ok(()),
            None => Err(Error::invalid("company_user_id", "is required for a task without an event")),
        };
        Request::new(self.0.call(&CREATE).json(&Body { task })).check(task.complete().and(assigned))
    }

    /// Adds a task to an event. Doing it twice makes two.
    pub fn create_on_event(&self, event: RemoteEventId, task: &TaskDraft) -> Request<Task> {
        let call = self.0.call(&CREATE_ON_EVENT).id("event", event.get());
        Request::new(call.json(&Body { task })).check(task.complete())
    }

    /// One task.
    pub fn get(&self, id: TaskId) -> Request<Task> {
        Request::new(self.0.call(&GET).id("id", id.get()))
    }

    /// Changes what the draft names and leaves the rest.
    pub fn update(&self, id: TaskId, change: &TaskDraft) -> Request<Task> {
        Request::new(self.0.call(&UPDATE).id("id", id.get()).json(&Body { task: change })).check(change.check())
    }
}

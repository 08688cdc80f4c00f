//! Tasks.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::super::answer::Answer;
use super::super::fields::{self, Fields};
use super::super::state::State;
use super::asked::Asked;
use super::{Outcome, Problems, bad_parameter, not_found, not_saved, ok, problem, users};

/// How many a list holds; there is no second page.
const PAGE: usize = 30;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(Vec<Task>);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Task {
    id: i64,
    event: Option<i64>,
    title: String,
    due: Option<NaiveDate>,
    completed: bool,
    active: bool,
    user: Option<i64>,
}

impl Task {
    /// Labels, not one state.
    fn status(&self, today: NaiveDate) -> Vec<&'static str> {
        let mut status = vec![
            if self.active { "Active" } else { "Inactive" },
            if self.user.is_some() { "Assigned" } else { "Unassigned" },
            if self.completed { "Complete" } else { "Incomplete" },
        ];
        match self.due {
            Some(due) if due < today && !self.completed => status.push("Late"),
            Some(due) if due == today && !self.completed => status.push("Due"),
            _ => {}
        }
        status
    }

    fn view(&self, users: &users::Store, today: NaiveDate) -> Value {
        let user = self.user.and_then(|id| users.find(id));
        json!({
            "id": self.id,
            "event_id": self.event,
            "title": self.title,
            "due_at": self.due.map(|due| due.format("%m/%d/%Y").to_string()),
            "completed": self.completed,
            "active": self.active,
            "status": self.status(today),
            "user": user.map(|user| json!({"id": user.id, "full_name": user.full_name()})),
        })
    }
}

impl Store {
    pub(super) fn has(&self, task: i64) -> bool {
        self.0.iter().any(|known| known.id == task)
    }

    /// How many of an event are the user's, or those of the others.
    pub(super) fn count(&self, event: i64, own: bool) -> u64 {
        let counts = |task: &&Task| task.active && task.event == Some(event);
        let is_own = |task: &&Task| (task.user == Some(State::COMPANY_USER)) == own;
        self.0.iter().filter(counts).filter(is_own).count() as u64
    }

    /// How many of an event are overdue.
    pub(super) fn late(&self, event: i64, today: NaiveDate) -> usize {
        self.labelled(event, "Late", today)
    }

    /// How many of an event are due today.
    pub(super) fn due(&self, event: i64, today: NaiveDate) -> usize {
        self.labelled(event, "Due", today)
    }

    fn labelled(&self, event: i64, label: &str, today: NaiveDate) -> usize {
        self.0.iter().filter(|task| task.event == Some(event) && task.status(today).contains(&label)).count()
    }

    /// Nobody has these any more.
    pub(super) fn unassign(&mut self, event: i64, user: i64) {
        for task in self.0.iter_mut().filter(|task| task.event == Some(event) && task.user == Some(user)) {
            task.user = None;
        }
    }
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let today = state.local(asked.now).date();
    match asked.method() {
        "mine" => list(state, asked, today, |task| task.user == Some(State::COMPANY_USER)),
        "team" => {
            let own = teams(state, State::COMPANY_USER);
            let is_mate =
                |user: i64| user != State::COMPANY_USER && teams(state, user).iter().any(|id| own.contains(id));
            list(state, asked, today, |task| task.user.is_some_and(is_mate))
        }
        "of_event" => {
            let event = asked.id("event")?;
            state.event(event).ok_or_else(not_found)?;
            list(state, asked, today, |task| task.event == Some(event))
        }
        "create" | "create_on_event" => create(state, asked, today),
        _ => {
            let id = asked.id("id")?;
            let place = state.stores.tasks.0.iter().position(|task| task.id == id).ok_or_else(not_found)?;
            let users = &state.stores.users;
            let task = state.stores.tasks.0.get_mut(place).ok_or_else(not_found)?;
            if asked.method() == "update" {
                *task = apply(users, task.clone(), &asked.sent)?;
            }
            ok(task.view(users, today))
        }
    }
}

fn teams(state: &State, user: i64) -> &[i64] {
    state.stores.users.find(user).map_or(&[], |user| user.teams.as_slice())
}

fn list(state: &State, asked: &Asked<'_>, today: NaiveDate, counts: impl Fn(&Task) -> bool) -> Outcome {
    let (first, last) = (asked.day("start_date")?, asked.day("end_date")?);
    let campaign = |task: &Task| task.event.and_then(|id| state.event(id)).map(|event| event.project);
    let fits = |task: &&Task| {
        let status = task.status(today);
        let has = |name: &str| {
            let mut labels = asked.all(name).peekable();
            labels.peek().is_none() || labels.any(|label| status.contains(&label))
        };
        counts(task)
            && has("status[]")
            && has("task_status[]")
            && asked.one_of("campaign[]", campaign(task))
            && asked.one_of("user[]", task.user)
            && (asked.query("team[]").is_none()
                || task.user.is_some_and(|user| teams(state, user).iter().any(|id| asked.one_of("team[]", Some(*id)))))
            && first.is_none_or(|first| task.due.is_some_and(|due| (first..=last.unwrap_or(first)).contains(&due)))
    };
    let found: Vec<_> = state.stores.tasks.0.iter().filter(fits).collect();
    let results: Vec<_> = found.iter().take(PAGE).map(|task| task.view(&state.stores.users, today)).collect();
    ok(json!({"page": 1, "total": found.len(), "results": results}))
}

fn create(state: &mut State, asked: &Asked<'_>, today: NaiveDate) -> Outcome {
    let event = if asked.method() == "create_on_event" { Some(asked.id("event")?) } else { None };
    if let Some(event) = event {
        state.event(event).ok_or_else(not_found)?;
    }
    let blank = Task { id: 0, event, title: String::new(), due: None, completed: false, active: true, user: None };
    let mut task = apply(&state.stores.users, blank, &asked.sent)?;
    if task.event.is_none() && task.user.is_none() {
        return Err(not_saved(problem("company_user_id", "can't be blank")));
    }
    task.id = state.fresh_id();
    let view = task.view(&state.stores.users, today);
    state.stores.tasks.0.push(task);
    ok(view)
}

fn apply(users: &users::Store, mut task: Task, sent: &Fields) -> Result<Task, Answer> {
    let mut problems: Problems = Map::new();
    if let Some(title) = sent.text("title") {
        title.trim().clone_into(&mut task.title);
    }
    if task.title.is_empty() {
        problems.extend(problem("title", "can't be blank"));
    }
    match sent.text("due_at").map(|text| (text.is_empty(), fields::date(text))) {
        None => {}
        Some((true, _)) => task.due = None,
        Some((false, Some(due))) => task.due = Some(due),
        Some((false, None)) => problems.extend(problem("due_at", "is invalid")),
    }
    if let Some(completed) = sent.get("completed") {
        // The one flag that cannot be a text.
        task.completed = completed.as_bool().ok_or_else(|| bad_parameter("Invalid parameter completed"))?;
    }
    match sent.scalar("active").as_deref() {
        None => {}
        Some(text @ ("true" | "false")) => task.active = text == "true",
        Some(_) => return Err(bad_parameter("Invalid parameter active")),
    }
    if let Some(user) = sent.integer("company_user_id") {
        task.user = Some(user);
        if users.find(user).is_none() {
            problems.extend(problem("company_user_id", "is invalid"));
        }
    }
    if problems.is_empty() { Ok(task) } else { Err(not_saved(problems)) }
}

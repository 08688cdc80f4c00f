//! Users of the company.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::super::answer::Answer;
use super::super::operations::Operation;
use super::super::state::State;
use super::asked::Asked;
use super::permissions::PERMISSIONS;
use super::{Outcome, Problems, done, not_found, not_saved, ok, problem, refusal};

/// What a person has besides a name, in the order of the seed.
const DETAILS: [&str; 9] =
    ["email", "phone_number", "street_address", "unit_number", "city", "state", "zip_code", "time_zone", "country"];

/// What a person cannot be without.
const REQUIRED: [&str; 10] = [
    "first_name",
    "last_name",
    "email",
    "phone_number",
    "street_address",
    "country",
    "state",
    "city",
    "zip_code",
    "time_zone",
];

const ROLES: [(i64, &str); 3] = [(21, "Administrator"), (22, "Field Manager"), (23, "Brand Ambassador")];

const TEAMS: [(i64, &str, &str); 2] = [(41, "East Coast Crew", "Boston and New York"), (42, "Lake Crew", "Chicago")];

/// A user within the company.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct User {
    /// What they go by within the company.
    pub(super) id: i64,
    /// The person.
    pub(super) person: i64,
    pub(super) role: i64,
    pub(super) teams: Vec<i64>,
    profile: BTreeMap<String, String>,
}

impl User {
    /// Somebody whose role and team are told by their ids; in no team where that is no team's.
    fn new(id: i64, person: i64, name: (&str, &str), role: i64, team_id: i64) -> Self {
        let (first, last) = name;
        let email = if person == State::USER {
            "field@example.com".to_owned()
        } else {
            format!("{}.{}@example.com", first.to_lowercase(), last.to_lowercase())
        };
        let details = [
            email.as_str(),
            "+1 555 0100",
            "12 Elm Street",
            "",
            "Springfield",
            "Illinois",
            "62701",
            "Eastern Time (US & Canada)",
            "United States",
        ];
        let profile = DETAILS.into_iter().zip(details).chain([("first_name", first), ("last_name", last)]);
        Self {
            id,
            person,
            role,
            teams: team(team_id).map(|team| team.0).into_iter().collect(),
            profile: profile.map(|(name, text)| (name.to_owned(), text.to_owned())).collect(),
        }
    }

    fn text(&self, name: &str) -> &str {
        self.profile.get(name).map_or("", String::as_str)
    }

    pub(super) fn full_name(&self) -> String {
        format!("{} {}", self.text("first_name"), self.text("last_name"))
    }

    pub(super) fn role_name(&self) -> &'static str {
        ROLES.iter().find(|(id, _)| *id == self.role).map_or("", |(_, name)| name)
    }

    fn common(&self) -> Map<String, Value> {
        // A flat that is not there is null.
        let text = |text: &String| if text.is_empty() { Value::Null } else { json!(text) };
        let mut view: Map<_, _> = self.profile.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        view.insert("id".to_owned(), json!(self.id));
        view.insert("full_name".to_owned(), json!(self.full_name()));
        view
    }

    /// As lists have them.
    pub(super) fn listed(&self) -> Value {
        let mut view = self.common();
        view.insert("role_name".to_owned(), json!(self.role_name()));
        view.into()
    }

    /// One of them, whole.
    pub(super) fn shown(&self) -> Value {
        let mut view = self.common();
        view.insert("role".to_owned(), json!({"id": self.role, "name": self.role_name()}));
        let teams = self.teams.iter().filter_map(|id| team(*id));
        view.insert("teams".to_owned(), teams.map(|(id, name, _)| json!({"id": id, "name": name})).collect());
        view.into()
    }
}

/// Id, name and description of a team.
pub(super) fn team(id: i64) -> Option<(i64, &'static str, &'static str)> {
    TEAMS.into_iter().find(|team| team.0 == id)
}

/// All teams: id, name and description.
pub(super) fn teams() -> &'static [(i64, &'static str, &'static str)] {
    &TEAMS
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::brandscopic) struct Store {
    users: Vec<User>,
    permissions: Vec<String>,
}

impl Default for Store {
    fn default() -> Self {
        let users = vec![
            User::new(907, State::USER, ("Ann", "Field"), 21, 41),
            User::new(908, 32, ("Ben", "Ortiz"), 22, 41),
            User::new(909, 33, ("Cleo", "Marsh"), 23, 42),
        ];
        Self { users, permissions: PERMISSIONS.map(str::to_owned).to_vec() }
    }
}

impl Store {
    /// The active users, the one who is logged in first.
    pub(super) fn all(&self) -> impl Iterator<Item = &User> {
        self.users.iter()
    }

    /// One user, by what they go by within the company.
    pub(super) fn find(&self, id: i64) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// Somebody joins the company; `None` when there is no such role.
    pub(in crate::brandscopic) fn join(
        &mut self,
        (id, person): (i64, i64),
        name: (&str, &str),
        role: &str,
        team: Option<&str>,
        email: Option<&str>,
    ) -> Result<(), (&'static str, String)> {
        let missing = |member, known: Vec<&str>| (member, format!("must be one of {}", known.join(", ")));
        let role = ROLES.iter().find(|(_, known)| *known == role);
        let role = role.ok_or_else(|| missing("role", ROLES.map(|(_, name)| name).to_vec()))?;
        let mut user = User::new(id, person, name, role.0, 0);
        if let Some(team) = team {
            let team = TEAMS.iter().find(|(_, known, _)| *known == team);
            user.teams.push(team.ok_or_else(|| missing("team", TEAMS.map(|(_, name, _)| name).to_vec()))?.0);
        }
        if let Some(email) = email {
            user.profile.insert("email".to_owned(), email.to_owned());
        }
        self.users.push(user);
        Ok(())
    }

    /// Takes a permission from the role of the user.
    pub(in crate::brandscopic) fn revoke(&mut self, permission: &str) {
        self.permissions.retain(|known| known != permission);
    }

    /// Whether the role of the user allows it.
    pub(super) fn may(&self, permission: &str) -> bool {
        self.permissions.iter().any(|known| known == permission)
    }
}

/// Refuses what the role of the user does not allow.
pub(super) fn permitted(state: &State, operation: &Operation) -> Result<(), Answer> {
    let needed = super::permissions::of(operation.name);
    match needed.filter(|needed| !state.stores.users.may(needed)) {
        Some(_) => Err(refusal(http::StatusCode::FORBIDDEN, "Forbidden")),
        None => Ok(()),
    }
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "list" => {
            let wanted = |user: &&User| {
                let teams =
                    asked.all("team[]").count() == 0 || user.teams.iter().any(|id| asked.one_of("team[]", Some(*id)));
                teams && asked.one_of("role[]", Some(user.role))
            };
            ok(state.stores.users.all().filter(wanted).map(User::listed).collect())
        }
        "get" => ok(state.stores.users.find(asked.id("id")?).ok_or_else(not_found)?.shown()),
        "update" => update(state, asked),
        "reset_password" => {
            let email = asked.sent.text("email");
            let known = state.stores.users.all().any(|user| Some(user.text("email")) == email);
            known.then_some(()).ok_or_else(|| refusal(http::StatusCode::UNAUTHORIZED, "Action Failed"))?;
            done("Reset password instructions sent")
        }
        "permissions" => ok(state.stores.users.permissions.iter().cloned().collect()),
        _ => ok(notifications(state, asked)),
    }
}

fn update(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let id = asked.id("id")?;
    let user = state.stores.users.users.iter_mut().find(|user| user.id == id).ok_or_else(not_found)?;
    let sent = asked.sent.get("user_attributes").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut profile = user.profile.clone();
    if !sent.is_empty() && sent.get("id").and_then(Value::as_i64) != Some(user.person) {
        // The id is that of the person, who must be this user.
        return Err(not_found());
    }
    let mut problems = Problems::new();
    for (name, value) in sent.iter().filter(|(name, _)| *name != "id") {
        let text = value.as_str().unwrap_or_default();
        match profile.iter_mut().find(|(known, _)| *known == name) {
            Some((name, _)) if REQUIRED.contains(&name.as_str()) && text.trim().is_empty() => {
                problems.extend(problem(&format!("user.{name}"), "can't be blank"));
            }
            Some((_, old)) => text.clone_into(old),
            None if name == "password" && sent.get("password_confirmation") != Some(value) => {
                problems.extend(problem("user.password_confirmation", "doesn't match Password"));
            }
            None if name.starts_with("password") => {}
            None => problems.extend(problem(&format!("user.{name}"), "is invalid")),
        }
    }
    let role = asked.sent.integer("role_id").unwrap_or(user.role);
    if !ROLES.iter().any(|(known, _)| *known == role) {
        problems.extend(problem("role_id", "is invalid"));
    }
    let sent_teams = asked.sent.get("team_ids").and_then(Value::as_array);
    let ids = |ids: &Vec<Value>| ids.iter().filter_map(Value::as_i64).filter(|id| team(*id).is_some()).collect();
    let teams: Vec<_> = sent_teams.map_or_else(|| user.teams.clone(), ids);
    if !problems.is_empty() {
        return Err(not_saved(problems));
    }
    (user.profile, user.role, user.teams) = (profile, role, teams);
    ok(user.shown())
}

/// What is due by the events' own statuses.
fn notifications(state: &State, asked: &Asked<'_>) -> Value {
    let with = |status: &str| {
        let of_status =
            |event: &&super::super::state::FakeEvent| event.native_status(asked.now) == status && !event.inactive;
        state.events.iter().filter(of_status).count()
    };
    let kinds = [
        ("Late", "late", "red", "event_recaps_late"),
        ("Due", "due", "grey", "event_recaps_due"),
        ("Submitted", "pending approval", "blue", "event_recaps_pending"),
        ("Rejected", "rejected", "red", "event_recaps_rejected"),
    ];
    let due = kinds.into_iter().filter_map(|(status, words, level, kind)| {
        let count = with(status);
        let message = format!("There are {count} event recaps {words}");
        (count > 0).then(|| json!({"message": message, "level": level, "icon": "events", "type": kind}))
    });
    let campaign = state.projects.last().map(|project| {
        let message = format!("You have been added to the campaign {}", project.name);
        json!({"message": message, "level": "blue", "icon": "campaign", "type": "new_campaign", "campaign_id": project.id})
    });
    due.chain(campaign).collect()
}

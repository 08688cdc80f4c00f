//! Groups of users.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, required_text, success, written};
use super::lists::by_page;
use super::problem::Problem;
use super::render;
use super::state::State;
use super::users::{self, ME};

/// What is held of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store {
    groups: Vec<Group>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Group {
    id: i64,
    name: String,
    description: Option<String>,
    owner: i64,
    created_at: DateTime<Utc>,
    modified_at: DateTime<Utc>,
    members: Vec<i64>,
}

impl Store {
    pub(super) fn seeded(now: DateTime<Utc>) -> Self {
        let group = |id, name: &str, description: &str, members: &[i64], days| Group {
            id,
            name: name.to_owned(),
            description: Some(description.to_owned()),
            owner: ME,
            created_at: now - TimeDelta::days(days),
            modified_at: now - TimeDelta::days(days / 3),
            members: members.to_vec(),
        };
        let jane = 3_512_907_461_850_244;
        let groups = vec![
            group(2_903_561_847_205_764, "Field crews", "Who is on site", &[jane, 5_083_749_162_637_060], 300),
            group(7_418_026_395_713_412, "Planning", "Who plans campaigns", &[ME, jane], 420),
        ];
        Self { groups }
    }

    pub(super) fn name_of(&self, id: i64) -> Option<&str> {
        self.groups.iter().find(|group| group.id == id).map(|group| group.name.as_str())
    }

    fn position(&self, id: i64) -> Result<usize, Problem> {
        self.groups.iter().position(|group| group.id == id).ok_or_else(no_such_group)
    }

    fn get_mut(&mut self, id: i64) -> Result<&mut Group, Problem> {
        self.groups.iter_mut().find(|group| group.id == id).ok_or_else(no_such_group)
    }
}

fn shown(state: &State, group: &Group) -> Map<String, Value> {
    let owner = state.users.find(group.owner).map(|user| user.email.clone());
    let shown = json!({
        "id": group.id, "name": group.name, "description": group.description, "owner": owner, "ownerId": group.owner,
        "createdAt": render::time(group.created_at), "modifiedAt": render::time(group.modified_at),
    });
    let mut shown = shown.as_object().cloned().unwrap_or_default();
    shown.retain(|_, value| !value.is_null());
    shown
}

fn whole(state: &State, group: &Group) -> Map<String, Value> {
    let mut shown = shown(state, group);
    shown.insert("members".into(), members(state, &group.members).into());
    shown
}

fn members(state: &State, ids: &[i64]) -> Vec<Value> {
    let member = |id: &i64| {
        let user = state.users.find(*id)?;
        Some(json!({
            "id": user.id, "email": user.email, "firstName": user.first_name(), "lastName": user.last_name(),
            "name": user.name(),
        }))
    };
    ids.iter().filter_map(member).collect()
}

fn no_such_group() -> Problem {
    Problem::new(404, 1106, "The group does not exist.")
}

/// Whether a user owns groups, which somebody has to get before they go.
pub(super) fn owned_by(state: &State, user: i64) -> bool {
    state.groups.groups.iter().any(|group| group.owner == user)
}

/// The groups that a user is in.
pub(super) fn of(state: &State, user: i64) -> Vec<Value> {
    let inside = state.groups.groups.iter().filter(|group| group.members.contains(&user));
    inside.map(|group| shown(state, group).into()).collect()
}

/// A user goes. Their groups get another owner.
pub(super) fn without(state: &mut State, user: i64, heir: Option<i64>) {
    for group in &mut state.groups.groups {
        group.members.retain(|member| *member != user);
        if group.owner == user {
            group.owner = heir.unwrap_or(ME);
        }
    }
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let group = || asked.id("groupId");
    let answer = match asked.name() {
        "groups.list" => list(state, asked),
        "groups.create" => create(state, &asked.json()?, asked.user, asked.now).map(written),
        "groups.get" => {
            let position = state.groups.position(group()?)?;
            state.groups.groups.get(position).map(|group| whole(state, group).into()).ok_or_else(Problem::not_found)
        }
        "groups.update" => update(state, group()?, asked),
        "groups.delete" => {
            let position = state.groups.position(group()?)?;
            let gone = state.groups.groups.remove(position);
            super::shares::without_group(state, gone.id);
            Ok(success())
        }
        "groups.add_members" => add_members(state, group()?, asked),
        "groups.remove_member" => remove_member(state, group()?, asked),
        _ => Err(asked.unknown()),
    };
    answer.map(Into::into)
}

fn list(state: &State, asked: &Asked<'_>) -> Result<Value, Problem> {
    let since = asked.query.time("modifiedSince")?;
    let wanted = state.groups.groups.iter().filter(|group| since.is_none_or(|since| group.modified_at > since));
    by_page(&wanted.map(|group| shown(state, group).into()).collect::<Vec<_>>(), &asked.query)
}

/// The users with these addresses: one or several objects.
fn users_in(state: &State, body: &Value) -> Result<Vec<i64>, Problem> {
    let one = std::slice::from_ref(body);
    let find = |item: &Value| {
        let email = users::email(attributes(item, &["email"])?, "groupMember.email")?;
        let found = state.users.by_email(&email).map(|user| user.id);
        found.ok_or_else(|| Problem::bad(1105, "One or more group members are not users of the account."))
    };
    body.as_array().map_or(one, Vec::as_slice).iter().map(find).collect()
}

fn unused(state: &State, name: &str, except: Option<i64>) -> Result<(), Problem> {
    let same = |group: &Group| Some(group.id) != except && group.name.eq_ignore_ascii_case(name);
    if state.groups.groups.iter().any(same) {
        return Err(Problem::bad(1103, "A group with this name already exists."));
    }
    Ok(())
}

fn description(body: &Map<String, Value>) -> Result<Option<String>, Problem> {
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(|| Problem::wrong_type("description"));
    body.get("description").map(text).transpose()
}

pub(super) fn create(
    state: &mut State,
    body: &Value,
    owner: i64,
    now: DateTime<Utc>,
) -> Result<Map<String, Value>, Problem> {
    let body = attributes(body, &["name", "description", "members"])?;
    let name = required_text(body, "name", "group.name")?;
    unused(state, &name, None)?;
    let members = body.get("members").map_or(Ok(Vec::new()), |members| users_in(state, members))?;
    let id = state.new_id();
    let description = description(body)?;
    let group = Group { id, name, description, owner, created_at: now, modified_at: now, members };
    let answer = whole(state, &group);
    state.groups.groups.push(group);
    Ok(answer)
}

fn update(state: &mut State, id: i64, asked: &Asked<'_>) -> Result<Value, Problem> {
    let body = asked.json()?;
    let body = attributes(&body, &["name", "description", "ownerId"])?;
    let position = state.groups.position(id)?;
    let name = if body.contains_key("name") { Some(required_text(body, "name", "group.name")?) } else { None };
    name.as_deref().map_or(Ok(()), |name| unused(state, name, Some(id)))?;
    let description = description(body)?;
    let owner = match body.get("ownerId") {
        None => None,
        Some(owner) => {
            let owner = owner.as_i64().ok_or_else(|| Problem::wrong_type("ownerId"))?;
            let fits = state.users.find(owner).is_some_and(|user| user.admin || user.group_admin);
            if !fits {
                return Err(Problem::bad(1107, "Groups can only be transferred to another group admin."));
            }
            Some(owner)
        }
    };
    let group = state.groups.groups.get_mut(position).ok_or_else(Problem::not_found)?;
    group.name = name.unwrap_or_else(|| group.name.clone());
    group.description = description.or_else(|| group.description.clone());
    group.owner = owner.unwrap_or(group.owner);
    group.modified_at = asked.now;
    let group = group.clone();
    Ok(written(shown(state, &group)))
}

fn add_members(state: &mut State, id: i64, asked: &Asked<'_>) -> Result<Value, Problem> {
    state.groups.position(id)?;
    let new = users_in(state, &asked.json()?)?;
    let group = state.groups.get_mut(id)?;
    // Who is in it already is passed over.
    let mut added = Vec::new();
    for user in new {
        if !group.members.contains(&user) {
            group.members.push(user);
            added.push(user);
        }
    }
    group.modified_at = asked.now;
    Ok(written(members(state, &added)))
}

fn remove_member(state: &mut State, id: i64, asked: &Asked<'_>) -> Result<Value, Problem> {
    let user = asked.id("userId")?;
    let group = state.groups.get_mut(id)?;
    let position = group.members.iter().position(|member| *member == user).ok_or_else(Problem::not_found)?;
    group.members.remove(position);
    group.modified_at = asked.now;
    Ok(success())
}

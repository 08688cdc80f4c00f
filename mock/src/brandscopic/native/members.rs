//! The team of an event.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::state::State;
use super::asked::Asked;
use super::{Outcome, bad_parameter, done, not_found, not_saved, ok, problem, subject, users, views};

/// A kind, and an id of it.
type Member = (&'static str, i64);

/// Events and their members.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(#[serde(deserialize_with = "subject::all")] Vec<(i64, Member)>);

impl Store {
    /// The ids of an event's members of one kind.
    pub(super) fn of(&self, event: i64, kind: &str) -> Vec<i64> {
        let of_event = self.0.iter().filter(|(known, member)| *known == event && member.0 == kind);
        of_event.map(|(_, (_, id))| *id).collect()
    }
}

/// The kinds that there are, and what there is of each: name, description, and how a list shows it.
fn all(state: &State) -> Vec<(Member, String, &'static str, Value)> {
    let users = state.stores.users.all().map(|user| {
        let view = views::with(user.listed(), json!({"type": "user"}));
        (("user", user.id), user.full_name(), user.role_name(), view)
    });
    let teams = users::teams().iter().map(|(id, name, description)| {
        let view = json!({"id": id, "name": name, "description": description, "type": "team"});
        (("team", *id), (*name).to_owned(), *description, view)
    });
    let mut all: Vec<_> = users.chain(teams).collect();
    all.sort_by(|one, other| one.1.cmp(&other.1));
    all
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let event = asked.id("event")?;
    state.event(event).ok_or_else(not_found)?;
    let is_there = |state: &State, member: Member| state.stores.members.0.contains(&(event, member));
    match asked.method() {
        "list" => {
            let kind = asked.query("type");
            if kind.is_some_and(|kind| !matches!(kind, "user" | "team")) {
                return Err(bad_parameter("Invalid parameter type"));
            }
            let mut there = all(state);
            there.retain(|(member, ..)| kind.is_none_or(|kind| kind == member.0) && is_there(state, *member));
            ok(there.into_iter().map(|(.., view)| view).collect())
        }
        "assignable" => {
            let mut free = all(state);
            free.retain(|(member, ..)| !is_there(state, *member));
            // The one id that is a text.
            let view = |((kind, id), name, description, _): (Member, String, &str, Value)| json!({"id": id.to_string(), "name": name, "description": description, "type": kind});
            ok(free.into_iter().map(view).collect())
        }
        method => {
            let member = named(asked, "memberable")?;
            let known = all(state).iter().any(|(known, ..)| *known == member);
            let (there, members) = (is_there(state, member), &mut state.stores.members.0);
            match (method, there) {
                ("add", _) if !known => Err(not_saved(problem("memberable", "can't be blank"))),
                ("add", true) => Err(not_saved(problem("memberable_id", "has already been taken"))),
                ("add", false) => {
                    members.push((event, member));
                    done("Member successfully added to event")
                }
                (_, false) => Err(not_found()),
                (_, true) => {
                    members.retain(|known| *known != (event, member));
                    if member.0 == "user" {
                        state.stores.tasks.unassign(event, member.1);
                    }
                    done("Member successfully deleted from event")
                }
            }
        }
    }
}

/// The kind and the id that a body or a query gives.
pub(super) fn named(asked: &Asked<'_>, what: &str) -> Result<Member, Answer> {
    let sent = |part: &str| {
        let name = format!("{what}_{part}");
        let text = asked.sent.scalar(&name).or_else(|| asked.query(&name).map(str::to_owned));
        text.ok_or_else(|| bad_parameter(&format!("Missing parameter {name}")))
    };
    let id = sent("id")?.parse().map_err(|_| bad_parameter(&format!("Invalid parameter {what}_id")))?;
    let kind = match (what, sent("type")?.as_str()) {
        (_, "user") => "user",
        ("memberable", "team") => "team",
        ("contactable", "contact") => "contact",
        _ => return Err(bad_parameter(&format!("Invalid parameter {what}_type"))),
    };
    Ok((kind, id))
}

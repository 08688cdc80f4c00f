//! Further e-mail addresses of users.

use serde_json::{Value, json};

use super::super::asked::{Asked, attributes, success, written};
use super::super::lists::by_page;
use super::super::problem::Problem;
use super::super::state::State;
use super::{Address, email};

pub(super) fn shown(address: &Address) -> Value {
    json!({ "id": address.id, "email": address.email, "confirmed": address.confirmed })
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Result<Value, Problem> {
    let user = asked.id("userId")?;
    if asked.name() == "users.alternate_emails" {
        let all: Vec<_> = state.users.get(user)?.further.iter().map(shown).collect();
        return by_page(&all, &asked.query);
    }
    if asked.name() == "users.add_alternate_emails" {
        return add(state, user, &asked.json()?);
    }
    let id = asked.id("alternateEmailId")?;
    let user = state.users.get_mut(user)?;
    let position = user.further.iter().position(|address| address.id == id);
    let position = position.ok_or_else(Problem::not_found)?;
    match asked.name() {
        "users.alternate_email" => user.further.get(position).map(shown).ok_or_else(Problem::not_found),
        "users.delete_alternate_email" => {
            user.further.remove(position);
            Ok(success())
        }
        "users.make_alternate_email_primary" => {
            let address = user.further.get_mut(position).ok_or_else(Problem::not_found)?;
            if !address.confirmed {
                return Err(Problem::bad(1158, "The alternate e-mail address has not been confirmed."));
            }
            // They change places, and the answer is the address that has become the first.
            let answer = shown(address);
            std::mem::swap(&mut address.email, &mut user.email);
            user.modified_at = asked.now;
            Ok(written(answer))
        }
        _ => Err(asked.unknown()),
    }
}

fn add(state: &mut State, user: i64, body: &Value) -> Result<Value, Problem> {
    let one = std::slice::from_ref(body);
    let given = body.as_array().map_or(one, Vec::as_slice);
    let mut new = Vec::new();
    for item in given {
        let email = email(attributes(item, &["email"])?, "alternateEmail.email")?;
        if state.users.by_email(&email).is_some_and(|other| other.id != user) {
            return Err(Problem::bad(1159, "The e-mail address belongs to another user."));
        }
        new.push(email);
    }
    state.users.get(user)?;
    let mut added = Vec::new();
    for email in new {
        let id = state.new_id();
        let user = state.users.get_mut(user)?;
        // Those that are there already are passed over.
        if !user.is(&email) {
            let address = Address { id, email, confirmed: false };
            added.push(shown(&address));
            user.further.push(address);
        }
    }
    Ok(written(added))
}

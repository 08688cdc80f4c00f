//! Users, their further addresses and their seats.

mod addresses;
mod seats;
mod seed;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asked::{Answer, Asked, Outcome, attributes, success, written};
use super::lists::by_page;
use super::problem::Problem;
use super::query::Query;
use super::render;
use super::state::{State, Word};

pub(super) use seed::{ME, PLAN};

/// The largest page; more is refused.
const MAX_PAGE: usize = 2000;

const RIGHTS: [&str; 4] = ["admin", "licensedSheetCreator", "groupAdmin", "resourceViewer"];

/// Who is in the account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store {
    users: Vec<User>,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a right of its own")]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) id: i64,
    pub(super) email: String,
    first_name: String,
    last_name: String,
    pub(super) status: Word,
    pub(super) admin: bool,
    licensed: bool,
    pub(super) group_admin: bool,
    resource_viewer: bool,
    modified_at: DateTime<Utc>,
    last_login: Option<DateTime<Utc>>,
    image: Option<String>,
    further: Vec<Address>,
    seats: Vec<Seat>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Address {
    id: i64,
    email: String,
    confirmed: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Seat {
    plan: i64,
    kind: String,
    changed_at: DateTime<Utc>,
}

impl User {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    pub(super) fn first_name(&self) -> &str {
        &self.first_name
    }

    pub(super) fn last_name(&self) -> &str {
        &self.last_name
    }

    fn is(&self, email: &str) -> bool {
        self.email.eq_ignore_ascii_case(email) || self.further.iter().any(|a| a.email.eq_ignore_ascii_case(email))
    }

    /// What everybody sees of somebody.
    fn brief(&self) -> Map<String, Value> {
        let mut shown = Map::new();
        shown.insert("id".into(), self.id.into());
        shown.insert("email".into(), self.email.clone().into());
        shown.insert("firstName".into(), self.first_name.clone().into());
        shown.insert("lastName".into(), self.last_name.clone().into());
        if !self.name().is_empty() {
            shown.insert("name".into(), self.name().into());
        }
        if let Some(image) = &self.image {
            shown.insert("profileImage".into(), json!({ "imageId": image, "height": 1050, "width": 1050 }));
        }
        shown
    }

    fn full(&self) -> Map<String, Value> {
        let mut shown = self.brief();
        shown.insert("status".into(), self.status.as_ref().into());
        shown.insert("admin".into(), self.admin.into());
        shown.insert("licensedSheetCreator".into(), self.licensed.into());
        shown.insert("groupAdmin".into(), self.group_admin.into());
        shown.insert("resourceViewer".into(), self.resource_viewer.into());
        shown
    }

    fn profile(&self) -> Map<String, Value> {
        let mut shown = self.full();
        shown.remove("name");
        shown.insert("locale".into(), "en_US".into());
        shown.insert("timeZone".into(), "Europe/Berlin".into());
        let account = json!({ "id": 7_083_114_251_237_252_i64, "name": "Field Marketing (mock)" });
        shown.insert("account".into(), account);
        shown.insert("company".into(), "Example Coffee".into());
        if !self.further.is_empty() {
            shown.insert("alternateEmails".into(), self.further.iter().map(addresses::shown).collect());
        }
        if let Some(at) = self.last_login {
            shown.insert("lastLogin".into(), render::time(at).into());
        }
        shown
    }

    fn listed(&self, contributors: bool, logins: bool) -> Value {
        let mut shown = self.full();
        shown.insert("sheetCount".into(), (-1).into());
        shown.insert("isInternal".into(), self.email.ends_with("@example.com").into());
        if let Some(seat) = self.seats.first() {
            shown.insert("seatType".into(), seats::kind(seat, contributors).into());
            shown.insert("seatTypeLastChangedAt".into(), seats::fine_time(seat.changed_at).into());
        }
        if let (true, Some(at)) = (logins, self.last_login) {
            shown.insert("lastLogin".into(), render::time(at).into());
        }
        shown.into()
    }
}

impl Store {
    pub(super) fn all(&self) -> impl Iterator<Item = &User> {
        self.users.iter()
    }

    pub(super) fn find(&self, id: i64) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub(super) fn by_email(&self, email: &str) -> Option<&User> {
        self.users.iter().find(|user| user.is(email))
    }

    pub(super) fn accept(&mut self, id: i64) -> bool {
        let invited = self.users.iter_mut().find(|user| user.id == id && user.status == "PENDING");
        invited.map(|user| user.status = "ACTIVE".into()).is_some()
    }

    pub(super) fn confirm(&mut self, id: i64, email: &str) -> bool {
        let user = self.users.iter_mut().find(|user| user.id == id);
        let address = user.and_then(|user| user.further.iter_mut().find(|a| a.email.eq_ignore_ascii_case(email)));
        address.map(|address| address.confirmed = true).is_some()
    }

    fn get(&self, id: i64) -> Result<&User, Problem> {
        self.find(id).ok_or_else(Problem::not_found)
    }

    fn get_mut(&mut self, id: i64) -> Result<&mut User, Problem> {
        self.users.iter_mut().find(|user| user.id == id).ok_or_else(Problem::not_found)
    }
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let user = || asked.id("userId");
    let answer = match asked.name() {
        "users.me" => me(state, asked),
        "users.list" => list(&state.users, &asked.query),
        "users.get" => state.users.get(user()?).map(|user| user.profile().into()),
        "users.add" => add(state, asked),
        "users.update" => update(state.users.get_mut(user()?)?, &asked.json()?, asked.now),
        "users.remove" => remove(state, user()?, asked),
        "users.deactivate" => deactivate(&mut state.users, user()?, asked),
        "users.reactivate" => reactivate(&mut state.users, user()?, asked.now),
        "users.set_profile_image" => set_image(state, user()?, asked),
        "users.sheets" => sheets(state, asked),
        _ if asked.name().contains("alternate_email") => addresses::handle(state, asked),
        _ => return seats::handle(state, asked),
    };
    answer.map(Answer::from)
}

fn me(state: &State, asked: &Asked<'_>) -> Result<Value, Problem> {
    let include = asked.query.words("include", &["groups"])?;
    let mut profile = state.users.get(asked.user)?.profile();
    if !include.is_empty() {
        profile.insert("data".into(), super::groups::of(state, asked.user).into());
    }
    Ok(profile.into())
}

fn list(users: &Store, query: &Query) -> Result<Value, Problem> {
    if query.number("pageSize")?.is_some_and(|size| size > MAX_PAGE) {
        return Err(Problem::bad(1229, format!("The value for pageSize must not exceed {MAX_PAGE}.")));
    }
    let include = query.words("include", &["lastLogin"])?;
    let since = query.time("modifiedSince")?;
    let plan = query.ids("planId")?;
    let kinds = query.words("seatType", &seats::KINDS)?;
    let contributors = query.flag("displayContributorSeatType")?;
    let emails: Option<Vec<_>> = query.get("email").map(|emails| emails.split(',').collect());
    let wanted = users.users.iter().filter(|user| {
        let seat = |seat: &&Seat| {
            plan.as_ref().is_none_or(|plan| plan.contains(&seat.plan))
                && (kinds.is_empty() || kinds.contains(&seats::kind(seat, contributors)))
        };
        let seated = (plan.is_none() && kinds.is_empty()) || user.seats.iter().any(|s| seat(&s));
        let named = emails.as_ref().is_none_or(|emails| emails.iter().any(|email| user.is(email)));
        seated && named && since.is_none_or(|since| user.modified_at > since)
    });
    let all: Vec<_> = wanted.map(|user| user.listed(contributors, !include.is_empty())).collect();
    // Not really all of them.
    let query = if query.flag("includeAll")? { &Query::page(MAX_PAGE) } else { query };
    by_page(&all, query)
}

fn flags(body: &Map<String, Value>, user: &mut User) -> Result<(), Problem> {
    for name in RIGHTS {
        let Some(value) = body.get(name) else { continue };
        let value = value.as_bool().ok_or_else(|| Problem::wrong_type(name))?;
        match name {
            "admin" => user.admin = value,
            "licensedSheetCreator" => user.licensed = value,
            "groupAdmin" => user.group_admin = value,
            _ => user.resource_viewer = value,
        }
    }
    for name in ["firstName", "lastName"] {
        let Some(value) = body.get(name) else { continue };
        let value = value.as_str().ok_or_else(|| Problem::wrong_type(name))?;
        let held = if name == "firstName" { &mut user.first_name } else { &mut user.last_name };
        value.clone_into(held);
    }
    Ok(())
}

/// An e-mail address that can be one.
pub(super) fn email(body: &Map<String, Value>, path: &str) -> Result<String, Problem> {
    let email = super::asked::required_text(body, "email", path)?;
    let fits = email.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'));
    if fits && !email.contains(char::is_whitespace) {
        return Ok(email);
    }
    Err(Problem::bad(1156, format!("The attribute {path} is not a valid e-mail address.")))
}

fn add(state: &mut State, asked: &Asked<'_>) -> Result<Value, Problem> {
    asked.query.flag("sendEmail")?;
    add_as(state, &asked.json()?, "PENDING", asked.now).map(written)
}

/// Somebody new, who is this far.
pub(super) fn add_as(
    state: &mut State,
    body: &Value,
    status: &'static str,
    now: DateTime<Utc>,
) -> Result<Map<String, Value>, Problem> {
    let known: Vec<_> = ["email", "firstName", "lastName"].into_iter().chain(RIGHTS).collect();
    let body = attributes(body, &known)?;
    let email = email(body, "user.email")?;
    if state.users.by_email(&email).is_some() {
        return Err(Problem::bad(1129, "The user is already a member of the account."));
    }
    let mut user = seed::user(state.new_id(), &email, ["", ""], now);
    user.status = status.into();
    flags(body, &mut user)?;
    // On the plans of today everybody who is added gets a seat.
    user.licensed = true;
    let shown = user.full();
    state.users.users.push(user);
    Ok(shown)
}

fn update(user: &mut User, body: &Value, now: DateTime<Utc>) -> Result<Value, Problem> {
    let known: Vec<_> = ["firstName", "lastName"].into_iter().chain(RIGHTS).collect();
    let body = attributes(body, &known)?;
    let mut changed = user.clone();
    flags(body, &mut changed)?;
    changed.modified_at = now;
    *user = changed;
    // The service's description calls it `data`; its own Python SDK, which was tested against it, reads only this.
    Ok(written(user.brief()))
}

fn remove(state: &mut State, id: i64, asked: &Asked<'_>) -> Result<Value, Problem> {
    let body = if asked.request.body().is_empty() { json!({}) } else { asked.json()? };
    let body = attributes(&body, &["removeFromSharing", "transferSheets", "transferTo"])?;
    // The service's own clients say it in the query, its description in the body.
    let flag = |name: &str| match body.get(name) {
        None => asked.query.flag(name),
        Some(value) => value.as_bool().ok_or_else(|| Problem::wrong_type(name)),
    };
    let (sharing, transfer) = (flag("removeFromSharing")?, flag("transferSheets")?);
    let to = match body.get("transferTo") {
        None => asked.query.id("transferTo")?,
        Some(to) => Some(to.as_i64().ok_or_else(|| Problem::wrong_type("transferTo"))?),
    };
    // Nobody locks themselves out.
    if id == asked.user {
        return Err(Problem::new(403, 1004, "You are not authorized to perform this action."));
    }
    let gone = state.users.get(id)?.clone();
    match to {
        None if transfer => return Err(Problem::missing("transferTo")),
        Some(to) if to == id => return Err(Problem::bad(1031, "The attribute transferTo is the user to be removed.")),
        None if super::groups::owned_by(state, id) => {
            return Err(Problem::bad(1108, "The user owns groups: transferTo must be given."));
        }
        None => {}
        Some(to) => {
            let heir = state.users.get(to)?;
            if super::groups::owned_by(state, id) && !heir.admin && !heir.group_admin {
                return Err(Problem::bad(1107, "Groups can only be transferred to another group admin."));
            }
        }
    }
    state.users.users.retain(|user| user.id != id);
    super::groups::without(state, id, to);
    if sharing {
        super::shares::without(state, &gone.email);
    }
    Ok(success())
}

fn deactivate(users: &mut Store, id: i64, asked: &Asked<'_>) -> Result<Value, Problem> {
    if id == asked.user {
        return Err(Problem::new(403, 1336, "You cannot deactivate yourself."));
    }
    let user = users.get_mut(id)?;
    if user.status == "PENDING" {
        return Err(Problem::new(403, 1335, "A user who has not accepted the invitation cannot be deactivated."));
    }
    (user.status, user.modified_at) = ("DEACTIVATED".into(), asked.now);
    Ok(success())
}

fn reactivate(users: &mut Store, id: i64, now: DateTime<Utc>) -> Result<Value, Problem> {
    let user = users.get_mut(id)?;
    if user.status == "PENDING" {
        return Err(Problem::new(403, 1335, "A user who has not accepted the invitation cannot be reactivated."));
    }
    (user.status, user.modified_at) = ("ACTIVE".into(), now);
    Ok(success())
}

fn set_image(state: &mut State, id: i64, asked: &Asked<'_>) -> Result<Value, Problem> {
    if asked.content_type() == "application/json" {
        return Err(Problem::new(415, 1124, "Invalid Content-Type header. Media type not supported."));
    }
    let (_, bytes) = asked.file()?;
    if bytes.is_empty() {
        return Err(Problem::bad(1051, "The file is invalid."));
    }
    let image = format!("u!1!{}", state.new_id());
    let user = state.users.get_mut(id)?;
    (user.image, user.modified_at) = (Some(image), asked.now);
    Ok(written(user.brief()))
}

fn sheets(state: &State, asked: &Asked<'_>) -> Result<Value, Problem> {
    let since = asked.query.time("modifiedSince")?;
    let owner = state.users.get(ME)?;
    let wanted =
        state.sheets_in_order().filter(|sheet| !sheet.template && since.is_none_or(|since| sheet.modified_at > since));
    let all = wanted.map(|sheet| {
        let mut shown = render::summary(sheet);
        shown.insert("owner".into(), owner.email.clone().into());
        shown.insert("ownerId".into(), owner.id.into());
        Value::from(shown)
    });
    by_page(&all.collect::<Vec<_>>(), &asked.query)
}

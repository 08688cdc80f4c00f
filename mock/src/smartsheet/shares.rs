//! Shares.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, required_text, success, written};
use super::lists::by_token;
use super::problem::Problem;
use super::state::{Place, State};
use super::users::{self, ME};

const LEVELS: [&str; 6] = ["VIEWER", "COMMENTER", "EDITOR", "EDITOR_SHARE", "ADMIN", "OWNER"];

/// No more people and groups at once.
const MOST: usize = 1000;

/// What something is, and which one.
type Asset = (Kind, i64);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Sheet,
    Report,
    Sight,
    Workspace,
    Collection,
    File,
}

const KINDS: [(&str, Kind); 6] = [
    ("sheet", Kind::Sheet),
    ("report", Kind::Report),
    ("sight", Kind::Sight),
    ("workspace", Kind::Workspace),
    ("collection", Kind::Collection),
    ("file", Kind::File),
];

/// Who may do what.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store {
    shares: Vec<Share>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Share {
    id: String,
    asset: Asset,
    with: With,
    level: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum With {
    /// By e-mail address: they need not be in the account.
    Person(String),
    Group(i64),
}

impl Store {
    pub(super) fn seeded(workspace: i64) -> Self {
        let share = |id: &str, with, level: &str| Share {
            id: id.to_owned(),
            asset: (Kind::Workspace, workspace),
            with,
            level: level.to_owned(),
        };
        let jane = With::Person("jane+doe@example.com".to_owned());
        let crews = With::Group(2_903_561_847_205_764);
        Self { shares: vec![share("AAAFeF82FOeE", jane, "EDITOR_SHARE"), share("AAAFeF82FOeF", crews, "VIEWER")] }
    }
}

/// Nothing is shared with somebody any more.
pub(super) fn without(state: &mut State, email: &str) {
    let with = With::Person(email.to_lowercase());
    state.shares.shares.retain(|share| share.with != with);
}

pub(super) fn without_group(state: &mut State, group: i64) {
    state.shares.shares.retain(|share| share.with != With::Group(group));
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let asset = asset(state, asked)?;
    let id = asked.text("shareId");
    let answer = match asked.name() {
        "shares.list" => list(state, asset, asked),
        "shares.add" => add(state, asset, asked),
        "shares.get" => {
            let all = visible(state, asset, true);
            all.into_iter().find(|shown| shown.get("id").and_then(Value::as_str) == Some(id)).ok_or_else(no_such_share)
        }
        "shares.update" => update(state, asset, asked),
        "shares.delete" => {
            let position = changeable(state, asset, id)?;
            state.shares.shares.remove(position);
            Ok(success())
        }
        _ => Err(asked.unknown()),
    };
    answer.map(Into::into)
}

fn asset(state: &State, asked: &Asked<'_>) -> Result<Asset, Problem> {
    let kind = KINDS.into_iter().find(|(name, _)| Some(*name) == asked.query.get("assetType"));
    let (_, kind) = kind.ok_or_else(|| Problem::bad_parameter("assetType"))?;
    let id = asked.query.get("assetId").and_then(|id| id.parse().ok());
    let id = id.ok_or_else(|| Problem::bad_parameter("assetId"))?;
    match kind {
        Kind::Sheet => drop(state.sheet(id)?),
        Kind::Workspace => state.check_place(Place::Workspace(id))?,
        _ => {}
    }
    Ok((kind, id))
}

/// The workspace that something is in, whose shares it inherits.
fn workspace_of(state: &State, asset: Asset) -> Option<i64> {
    let mut place = match asset {
        (Kind::Sheet, id) => state.sheets.get(&id)?.place,
        _ => return None,
    };
    loop {
        place = match place {
            Place::Home => return None,
            Place::Workspace(id) => return Some(id),
            Place::Folder(id) => state.folders.iter().find(|folder| folder.id == id)?.place,
        };
    }
}

/// The owner's, which nobody gave.
fn owners(state: &State, asset: Asset) -> Option<Value> {
    let owner = state.users.find(ME)?;
    Some(json!({
        "id": format!("owner{:x}", asset.1), "type": "USER", "userId": owner.id.to_string(), "email": owner.email,
        "name": owner.name(), "accessLevel": "OWNER", "scope": "ITEM",
    }))
}

fn shown(state: &State, share: &Share, scope: &str) -> Value {
    let mut shown = Map::new();
    shown.insert("id".into(), share.id.clone().into());
    match &share.with {
        With::Person(email) => {
            shown.insert("type".into(), "USER".into());
            shown.insert("email".into(), email.clone().into());
            if let Some(user) = state.users.by_email(email) {
                // Ids are texts here, and here alone.
                shown.insert("userId".into(), user.id.to_string().into());
                shown.insert("name".into(), user.name().into());
            }
        }
        With::Group(group) => {
            shown.insert("type".into(), "GROUP".into());
            shown.insert("groupId".into(), group.to_string().into());
            shown.insert("name".into(), state.groups.name_of(*group).unwrap_or_default().into());
        }
    }
    shown.insert("accessLevel".into(), share.level.clone().into());
    shown.insert("scope".into(), scope.into());
    shown.into()
}

fn own(state: &State, asset: Asset, scope: &str) -> Vec<Value> {
    let own = state.shares.shares.iter().filter(|share| share.asset == asset);
    own.map(|share| shown(state, share, scope)).collect()
}

fn visible(state: &State, asset: Asset, inherited: bool) -> Vec<Value> {
    let mut all: Vec<_> = owners(state, asset).into_iter().collect();
    all.extend(own(state, asset, "ITEM"));
    if let (true, Some(workspace)) = (inherited, workspace_of(state, asset)) {
        all.extend(own(state, (Kind::Workspace, workspace), "WORKSPACE"));
    }
    all
}

fn list(state: &State, asset: Asset, asked: &Asked<'_>) -> Result<Value, Problem> {
    let scopes = asked.query.words("sharingInclude", &["ITEM", "WORKSPACE"])?;
    let mut all = visible(state, asset, scopes.contains(&"WORKSPACE"));
    if !scopes.is_empty() && !scopes.contains(&"ITEM") {
        all.retain(|shown| shown.get("scope").and_then(Value::as_str) == Some("WORKSPACE"));
    }
    let mut page = by_token(&all, &asked.query, state.page_cap)?;
    // Only here the items are not `data`.
    if let Some(page) = page.as_object_mut() {
        let items = page.remove("data").unwrap_or_default();
        page.insert("items".into(), items);
    }
    Ok(page)
}

fn level(body: &Map<String, Value>) -> Result<String, Problem> {
    let level = required_text(body, "accessLevel", "share.accessLevel")?;
    if !LEVELS.contains(&level.as_str()) || level == "OWNER" {
        return Err(Problem::bad(1031, "The attribute share.accessLevel has an invalid value."));
    }
    Ok(level)
}

fn add(state: &mut State, asset: Asset, asked: &Asked<'_>) -> Result<Value, Problem> {
    asked.query.flag("sendEmail")?;
    let body = asked.json()?;
    let one = std::slice::from_ref(&body);
    let given = body.as_array().map_or(one, Vec::as_slice);
    if given.is_empty() {
        return Err(Problem::missing("share.email"));
    }
    if given.len() > MOST {
        return Err(Problem::bad(1066, format!("It cannot be shared with more than {MOST} at a time.")));
    }
    let mut new = Vec::new();
    for item in given {
        let item = attributes(item, &["email", "groupId", "accessLevel", "subject", "message", "ccMe"])?;
        let with = match (item.contains_key("email"), item.get("groupId")) {
            (true, None) => With::Person(users::email(item, "share.email")?.to_lowercase()),
            (false, Some(group)) => {
                let group = group.as_str().and_then(|id| id.parse().ok()).or_else(|| group.as_i64());
                let group = group.ok_or_else(|| Problem::wrong_type("groupId"))?;
                state.groups.name_of(group).ok_or_else(Problem::not_found)?;
                With::Group(group)
            }
            (false, None) => return Err(Problem::missing("share.email")),
            (true, Some(_)) => return Err(Problem::not_allowed("share.groupId")),
        };
        new.push((with, level(item)?));
    }
    let owner = state.users.find(ME).map(|owner| With::Person(owner.email.to_lowercase()));
    let mut added = Vec::new();
    for (with, level) in new {
        // Of several, who has it already is passed over.
        let has = state.shares.shares.iter().any(|share| share.asset == asset && share.with == with);
        if has || owner.as_ref() == Some(&with) {
            if !body.is_array() {
                return Err(Problem::bad(1025, "It is shared with this user or group already."));
            }
            continue;
        }
        let share = Share { id: format!("AAAF{:x}", state.new_id()), asset, with, level };
        added.push(shown(state, &share, "ITEM"));
        state.shares.shares.push(share);
    }
    Ok(written(added))
}

fn no_such_share() -> Problem {
    Problem::new(404, 1027, "The share does not exist.")
}

/// Where a share is held that may be changed here: not the owner's, and not one of the workspace.
fn changeable(state: &State, asset: Asset, id: &str) -> Result<usize, Problem> {
    if id.starts_with("owner") {
        return Err(Problem::bad(1028, "The owner's share cannot be changed."));
    }
    let held = state.shares.shares.iter().position(|share| share.id == id);
    let asset_of = |position: usize| state.shares.shares.get(position).map(|share| share.asset);
    match held.and_then(|position| Some((position, asset_of(position)?))) {
        Some((position, of)) if of == asset => Ok(position),
        Some((_, (Kind::Workspace, of))) if workspace_of(state, asset) == Some(of) => {
            Err(Problem::bad(1023, "It is shared through its workspace."))
        }
        _ => Err(no_such_share()),
    }
}

fn update(state: &mut State, asset: Asset, asked: &Asked<'_>) -> Result<Value, Problem> {
    let position = changeable(state, asset, asked.text("shareId"))?;
    let body = asked.json()?;
    let level = level(attributes(&body, &["accessLevel"])?)?;
    let share = state.shares.shares.get_mut(position).ok_or_else(Problem::not_found)?;
    share.level = level;
    let share = share.clone();
    Ok(shown(state, &share, "ITEM"))
}

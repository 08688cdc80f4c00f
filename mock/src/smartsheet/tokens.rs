//! Tokens: who calls, and what an app may do for whom.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use http::header;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded};

use super::API_KEY;
use super::asked::{Asked, Outcome, success};
use super::problem::Problem;
use super::state::random;
use super::state::{State, Word};
use super::users::ME;

/// The one app that is registered.
pub(super) const CLIENT_ID: &str = "mock-app";
pub(super) const CLIENT_SECRET: &str = "mock-app-secret";
pub(super) const REDIRECT_URI: &str = "https://app.example.com/callback";

/// As odd as the real one.
const CODE_MILLIS: i64 = 599_135;
const TOKEN_SECONDS: i64 = 604_799;

const SCOPES: [&str; 17] = [
    "READ_SHEETS",
    "WRITE_SHEETS",
    "SHARE_SHEETS",
    "DELETE_SHEETS",
    "CREATE_SHEETS",
    "ADMIN_SHEETS",
    "READ_SIGHTS",
    "CREATE_SIGHTS",
    "DELETE_SIGHTS",
    "SHARE_SIGHTS",
    "ADMIN_SIGHTS",
    "READ_USERS",
    "ADMIN_USERS",
    "ADMIN_WORKSPACES",
    "ADMIN_WEBHOOKS",
    "READ_CONTACTS",
    "READ_EVENTS",
];

/// What users let the app do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Store {
    #[serde(with = "random")]
    random: fastrand::Rng,
    codes: BTreeMap<String, Code>,
    pairs: Vec<Pair>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Code {
    user: i64,
    scopes: Vec<Word>,
    ends_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Life {
    Good,
    /// Another pair came in its place.
    Replaced,
    Revoked,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Pair {
    access: String,
    refresh: String,
    user: i64,
    scopes: Vec<Word>,
    ends_at: DateTime<Utc>,
    life: Life,
}

impl Default for Store {
    fn default() -> Self {
        Self { random: fastrand::Rng::with_seed(0x70_6b_65_6e), codes: BTreeMap::new(), pairs: Vec::new() }
    }
}

impl Store {
    fn text(&mut self, length: usize) -> String {
        (0..length).map(|_| self.random.alphanumeric().to_ascii_lowercase()).collect()
    }

    /// The user agrees on the page, or does not; what comes back is where the browser is sent.
    pub(super) fn consent(&mut self, page: &Url, agreed: bool, now: DateTime<Utc>) -> Url {
        let asked: BTreeMap<_, _> = page.query_pairs().into_owned().collect();
        let get = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
        let scopes: Option<Vec<_>> = get("scope").split(' ').map(known).collect();
        let state = get("state").to_owned();
        let answer = match scopes {
            _ if get("client_id") != CLIENT_ID => Err("invalid_client"),
            _ if get("response_type") != "code" => Err("unsupported_response_type"),
            None => Err("invalid_scope"),
            _ if !agreed => Err("access_denied"),
            Some(scopes) => {
                let code = self.text(18);
                let ends_at = now + TimeDelta::milliseconds(CODE_MILLIS);
                self.codes.insert(code.clone(), Code { user: ME, scopes, ends_at });
                Ok(code)
            }
        };
        // A constant that is a URL.
        let mut back = Url::parse(REDIRECT_URI).unwrap_or_else(|_| page.clone());
        let mut pairs = back.query_pairs_mut();
        match answer {
            Ok(code) => pairs.append_pair("code", &code).append_pair("expires_in", &CODE_MILLIS.to_string()),
            Err(error) => pairs.append_pair("error", error),
        };
        pairs.append_pair("state", &state);
        drop(pairs);
        back
    }

    fn grant(&mut self, user: i64, scopes: Vec<Word>, now: DateTime<Utc>) -> Value {
        let (access, refresh) = (self.text(26), self.text(26));
        let answer = json!({
            "access_token": access, "token_type": "bearer", "refresh_token": refresh, "expires_in": TOKEN_SECONDS,
        });
        let ends_at = now + TimeDelta::seconds(TOKEN_SECONDS);
        self.pairs.push(Pair { access, refresh, user, scopes, ends_at, life: Life::Good });
        answer
    }
}

fn known(scope: &str) -> Option<Word> {
    SCOPES.into_iter().find(|known| *known == scope).map(Word::from)
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let answer = match asked.name() {
        "oauth.exchange" => exchange(&mut state.tokens, asked),
        "tokens.revoke" => revoke(&mut state.tokens, asked),
        _ => Err(asked.unknown()),
    };
    answer.map(Into::into)
}

/// Who calls. Fails unless their token, its scopes and their own rights allow the operation.
pub(super) fn caller(state: &State, asked: &Asked<'_>) -> Result<i64, Problem> {
    let forbidden = || Problem::new(403, 1004, "You are not authorized to perform this action.");
    let given = asked.header(header::AUTHORIZATION.as_str()).ok_or_else(forbidden)?;
    let given = given.strip_prefix("Bearer ").unwrap_or_default();
    let wanted = &asked.operation.scopes;
    let user = if given == API_KEY {
        ME
    } else {
        let held = state.tokens.pairs.iter().find(|pair| pair.access == given && pair.life == Life::Good);
        let held = held.ok_or_else(|| Problem::new(401, 1002, "Your Access Token is invalid."))?;
        if held.ends_at <= asked.now {
            return Err(Problem::new(401, 1003, "Your Access Token has expired."));
        }
        if !wanted.is_empty() && !wanted.iter().any(|scope| held.scopes.iter().any(|held| held == scope)) {
            return Err(forbidden());
        }
        held.user
    };
    let user = match asked.header("assume-user") {
        None => user,
        Some(email) => assumed(state, user, email)?,
    };
    let rights = state.users.find(user);
    let admin = rights.is_some_and(|user| user.admin || (user.group_admin && asked.operation.resource() == "groups"));
    if !admin && wanted.iter().any(|scope| ["ADMIN_USERS", "READ_EVENTS"].contains(scope)) {
        return Err(forbidden());
    }
    Ok(user)
}

/// Who an admin acts as.
fn assumed(state: &State, admin: i64, email: &str) -> Result<i64, Problem> {
    let email = percent_encoding::percent_decode_str(email).decode_utf8_lossy();
    if !state.users.find(admin).is_some_and(|user| user.admin) {
        return Err(Problem::new(403, 1004, "You are not authorized to perform this action."));
    }
    let other = state.users.by_email(&email).filter(|user| user.status == "ACTIVE");
    let other = other.ok_or_else(|| Problem::new(401, 1030, "The user to assume does not exist."))?;
    if other.admin {
        return Err(Problem::new(403, 1271, "You cannot assume the identity of another system administrator."));
    }
    Ok(other.id)
}

fn exchange(tokens: &mut Store, asked: &Asked<'_>) -> Result<Value, Problem> {
    // The service's JavaScript SDK says it all in the query.
    if !asked.request.body().is_empty() && asked.content_type() != "application/x-www-form-urlencoded" {
        return Err(Problem::new(415, 1124, "Invalid Content-Type header. Media type not supported."));
    }
    // The token of a user says nothing of the app, and its SDKs send it along.
    if asked.header(header::AUTHORIZATION.as_str()).is_some_and(|given| !given.starts_with("Bearer ")) {
        return Err(Problem::bad(1237, "Client authentication by header is not supported besides that in the body."));
    }
    let mut form = BTreeMap::new();
    let query = asked.request.uri().query().unwrap_or_default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()).chain(form_urlencoded::parse(asked.request.body())) {
        let known = ["grant_type", "client_id", "client_secret", "code", "refresh_token", "hash", "redirect_uri"];
        if !known.contains(&name.as_ref()) || form.insert(name.to_string(), value.into_owned()).is_some() {
            return Err(Problem::bad_parameter(&name));
        }
    }
    let missing =
        |name: &str| Problem::bad(1070, format!("A required parameter is missing from your request: {name}."));
    let get = |name: &str| form.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let required = |name: &str| get(name).ok_or_else(|| missing(name));
    let grant_type = required("grant_type")?;
    let name = match grant_type {
        "authorization_code" => "code",
        "refresh_token" => "refresh_token",
        _ => return Err(Problem::bad(1068, "Invalid grant type. Must be authorization_code or refresh_token.")),
    };
    if required("client_id")? != CLIENT_ID {
        return Err(Problem::new(401, 1067, "The client_id is invalid."));
    }
    let given = required(name)?;
    match (get("client_secret"), get("hash")) {
        (None, None) => return Err(Problem::bad(1236, "Give a client_secret or a hash.")),
        (Some(_), Some(_)) => return Err(Problem::bad(1237, "Give either a client_secret or a hash.")),
        (Some(secret), None) if secret != CLIENT_SECRET => {
            return Err(Problem::bad(1238, "The client_secret is invalid."));
        }
        (None, Some(hash)) if hash != hex(&format!("{CLIENT_SECRET}|{given}")) => {
            return Err(Problem::bad(1072, "The hash value does not match."));
        }
        _ => {}
    }
    if get("redirect_uri").is_some_and(|uri| uri != REDIRECT_URI) {
        return Err(Problem::bad(1073, "The redirect_uri does not match the expected value."));
    }
    let invalid = || Problem::bad(1071, "The provided authorization grant is invalid.");
    if grant_type == "authorization_code" {
        // A code is good once.
        let code = tokens.codes.remove(given).ok_or_else(invalid)?;
        if code.ends_at <= asked.now {
            return Err(Problem::bad(1069, "The authorization code has expired."));
        }
        return Ok(tokens.grant(code.user, code.scopes, asked.now));
    }
    let pair = tokens.pairs.iter_mut().find(|pair| pair.refresh == given).ok_or_else(invalid)?;
    match pair.life {
        Life::Good => pair.life = Life::Replaced,
        Life::Replaced => return Err(invalid()),
        Life::Revoked => return Err(Problem::bad(1132, "The token has been revoked.")),
    }
    let (user, scopes) = (pair.user, pair.scopes.clone());
    Ok(tokens.grant(user, scopes, asked.now))
}

fn hex(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn revoke(tokens: &mut Store, asked: &Asked<'_>) -> Result<Value, Problem> {
    let given = asked.header(header::AUTHORIZATION.as_str()).and_then(|given| given.strip_prefix("Bearer "));
    let all = asked.query.flag("deleteAllForApiClient")?;
    let held = tokens.pairs.iter().find(|pair| Some(pair.access.as_str()) == given);
    // The key of the mock belongs to no app, and is what everybody uses.
    let held = held.ok_or_else(|| Problem::new(403, 1004, "You are not authorized to perform this action."))?;
    let (user, access) = (held.user, held.access.clone());
    for pair in &mut tokens.pairs {
        if pair.access == access || (all && pair.user == user) {
            pair.life = Life::Revoked;
        }
    }
    Ok(success())
}

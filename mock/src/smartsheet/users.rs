//! Users.

use serde_json::{Value, json};

use super::asked::{Asked, Outcome};
use super::state::State;

/// What is held of them.
#[derive(Debug, Default)]
pub(super) struct Store {}

pub(super) fn handle(_state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.name() {
        "users.me" => Ok(me().into()),
        _ => Err(asked.unknown()),
    }
}

fn me() -> Value {
    json!({
        "id": 48_569_348_493_401_204_i64, "email": "mona.mock@example.com", "firstName": "Mona", "lastName": "Mock",
        "locale": "en_US", "timeZone": "Europe/Berlin", "admin": true, "licensedSheetCreator": true, "groupAdmin": false,
        "resourceViewer": false, "status": "ACTIVE", "account": { "id": 7_083_114_251_237_252_i64, "name": "Field Marketing (mock)" },
    })
}

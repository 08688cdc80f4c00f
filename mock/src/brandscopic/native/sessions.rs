//! Logging in and out.

use http::StatusCode;
use serde_json::json;

use super::super::answer::Answer;
use super::super::fake::FakeBrandscopic;
use super::super::state::State;
use super::asked::Asked;
use super::{Outcome, ok, refusal};

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "create" => log_in(state, asked),
        _ => log_out(state, asked),
    }
}

fn log_in(state: &State, asked: &Asked<'_>) -> Outcome {
    let sent = &asked.sent;
    if sent.text("email") != Some(FakeBrandscopic::EMAIL) || sent.text("password") != Some(FakeBrandscopic::PASSWORD) {
        return Err(refusal(StatusCode::UNAUTHORIZED, "Login Failed"));
    }
    let company = state.companies.first().map(|company| company.id);
    let data = json!({"auth_token": state.token(), "current_company_id": company});
    ok(json!({"success": true, "info": "Logged in", "data": data}))
}

fn log_out(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let token = asked.query("id");
    if token != Some(state.token().as_str()) {
        // Spelt so by the provider.
        return Err(Answer::new(StatusCode::NOT_FOUND, json!({"sucess": false, "info": "Invalid token."})));
    }
    state.token += 1;
    ok(json!({"success": true, "info": "Logged out[]", "token": token}))
}

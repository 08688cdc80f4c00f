//! Requests made from what is written down about Brandscopic's own API, and what its answers are made of.
//!
//! Evidenced by the vendor's own code, documentation and recordings: paths, headers, bodies, error bodies, the members of
//! answers. None of it could be tried against the living service: whether it still answers so is a guess.

use connectors_mock::{FakeBrandscopic, MockBrandscopic};
use serde_json::{Value, json};

use crate::raw::Raw;
use crate::shape::fits;

const BASE: &str = "https://login.brandscopic.test/api/v1";

fn stranger(mock: &MockBrandscopic) -> Raw {
    Raw::new(mock.backend(), BASE, "").with(&[("accept", "application/json")])
}

/// Somebody who has signed in, as is documented.
async fn signed_in(mock: &MockBrandscopic) -> Raw {
    let body = json!({ "email": FakeBrandscopic::EMAIL, "password": FakeBrandscopic::PASSWORD });
    let answer = stranger(mock).json("POST", "/sessions.json", &body).await.json(200);
    let data = json!({ "auth_token": "text", "current_company_id": "whole|null" });
    fits(&answer, &json!({ "success": "flag", "info": "text", "data": data }));
    let company = answer["data"]["current_company_id"].to_string();
    let token = answer["data"]["auth_token"].as_str().unwrap();
    stranger(mock).with(&[
        ("x-auth-token", token),
        ("x-user-email", FakeBrandscopic::EMAIL),
        ("x-company-id", &company),
    ])
}

fn mock() -> MockBrandscopic {
    MockBrandscopic::builder().contract(connectors_brandscopic::Contract::Native).past_events(3).build().unwrap()
}

fn told(more: &Value) -> Value {
    json!({ "success": "flag", "info": "text", "data": more })
}

async fn campaign(raw: &Raw) -> i64 {
    raw.get("/campaigns/all.json").await.json(200)[0]["id"].as_i64().unwrap()
}

/// At the first place that is found.
async fn event(raw: &Raw) -> Value {
    let found = raw.get("/venues/search.json?term=a").await.json(200);
    json!({ "event": { "campaign_id": campaign(raw).await, "place_reference": found[0]["id"], "start_date": "05/02/2026", "start_time": "10:00 AM",
        "end_date": "05/02/2026", "end_time": "12:00 PM", "description": "At the entrance" } })
}

fn listed() -> Value {
    let steps = json!([{ "id": "text", "title": "text", "complete": "flag", "required": "flag" }]);
    json!({
        "id": "whole", "start_date": "text", "start_time": "text", "end_date": "text", "end_time": "text", "status": "text",
        "event_status": "text", "campaign": { "id": "whole", "name": "text", "*": "" }, "*": "",
        "phases?": { "current_phase": "text", "next_step": "object|null",
            "phases": { "plan": steps, "execute": steps, "results": steps } },
        "place?": "object|null",
    })
}

#[tokio::test]
async fn sessions_begin_and_end_as_documented() {
    let mock = mock();
    let wrong = json!({ "email": FakeBrandscopic::EMAIL, "password": "wrong" });
    let refused = stranger(&mock).json("POST", "/sessions.json", &wrong).await.json(401);
    assert_eq!(refused, json!({ "success": false, "info": "Login Failed", "data": {} }));
    let raw = signed_in(&mock).await;
    let companies = raw.get("/companies.json").await.json(200);
    fits(&companies, &json!([{ "name": "text", "id": "whole", "company_user_id": "whole" }]));
    let body = json!({ "email": FakeBrandscopic::EMAIL, "password": FakeBrandscopic::PASSWORD });
    let token = stranger(&mock).json("POST", "/sessions.json", &body).await.json(200)["data"]["auth_token"].clone();
    let gone = raw.send("DELETE", &format!("/sessions.json?id={}", token.as_str().unwrap()), "").await.json(200);
    fits(&gone, &json!({ "success": "flag", "info": "text", "token": "text" }));
    assert_eq!(raw.get("/companies.json").await.json(401)["info"], "Invalid auth token", "every device is signed out");
}

#[tokio::test]
async fn callers_are_refused_in_the_documented_words() {
    let mock = mock();
    let raw = signed_in(&mock).await;
    for (headers, info) in [
        (("x-auth-token", "wrong"), "Invalid auth token"),
        (("x-company-id", "4242"), "Invalid company"),
        (("x-company-id", ""), "Invalid company"),
    ] {
        let answer = raw.with(&[headers]).get("/companies.json").await.json(401);
        assert_eq!(answer, json!({ "success": false, "info": info, "data": {} }));
    }
    let missing = raw.get("/events/424242.json").await.json(404);
    assert_eq!(missing, json!({ "success": false, "info": "Record not found", "data": {} }));
    let deaf = raw.with(&[("accept", "text/html")]).get("/companies").await;
    assert_eq!((deaf.status.as_u16(), deaf.body.len()), (406, 0));
    let scalar = raw.get("/events.json?start_date[]=05/01/2026").await.json(400);
    fits(&scalar, &json!({ "success": "flag", "info": "text" }));
}

#[tokio::test]
async fn events_are_created_listed_shown_and_changed() {
    let mock = mock();
    let raw = signed_in(&mock).await;
    let made = raw.json("POST", "/events.json", &event(&raw).await).await.json(200);
    fits(&made, &listed());
    let id = made["id"].as_i64().unwrap();
    assert_eq!((&made["start_date"], &made["event_status"]), (&json!("05/02/2026"), &json!("Scheduled")));

    let list = raw.get("/events.json?start_date=05/01/2026&end_date=05/31/2026&status[]=Active").await.json(200);
    let shape = json!({ "page": "whole|text", "total_pages": "whole", "total": "whole", "filters": "list", "results": [listed()] });
    fits(&list, &shape);
    assert!(list["results"].as_array().unwrap().iter().any(|event| event["id"] == id));
    let filtered = raw.json("POST", "/events/filter.json", &json!({ "start_date": "05/02/2026" })).await.json(200);
    fits(&filtered, &shape);

    let shown = raw.get(&format!("/events/{id}.json")).await.json(200);
    let rejected = json!({ "rejected_at": "text|null", "rejected_reason": "text|null" });
    fits(
        &shown,
        &json!({ "id": "whole", "description": "text|null", "rejected_info?": rejected, "have_data": "flag",
        "actions?": ["text"], "tasks_late_count?": "whole", "tasks_due_today_count?": "whole", "*": "" }),
    );
    let change = json!({ "event": { "description": "By the gate" } });
    assert_eq!(raw.json("PUT", &format!("/events/{id}.json"), &change).await.json(200)["description"], "By the gate");
    let off = json!({ "event": { "active": "false" } });
    assert_eq!(raw.json("PUT", &format!("/events/{id}.json"), &off).await.json(200)["status"], "Inactive");

    let mut backwards = event(&raw).await;
    backwards["event"]["end_date"] = "05/01/2026".into();
    let refused = raw.json("POST", "/events.json", &backwards).await.json(422);
    assert!(refused.as_object().unwrap().values().all(serde_json::Value::is_array), "{refused}");
}

#[tokio::test]
async fn recaps_go_from_hand_to_hand() {
    let mock = mock();
    let raw = signed_in(&mock).await;
    let id = raw.json("POST", "/events.json", &event(&raw).await).await.json(200)["id"].clone();
    let groups = raw.get(&format!("/events/{id}/results.json")).await.json(200);
    let field = json!({ "id?": "whole|null", "field_id": "whole", "name": "text", "type": "text", "value?": "any", "ordering": "whole", "required": "flag", "module": "text", "*": "" });
    fits(&groups, &json!([{ "module": "text", "label?": "text|null", "fields": [field] }]));
    let early = raw.json("PUT", &format!("/events/{id}/approve.json"), &json!({})).await.json(422);
    fits(&early, &told(&json!({})));
    let counters = raw.get(&format!("/events/{id}/details_counters.json")).await.json(200);
    let counter = json!({ "count": "whole", "min": "whole|null", "max": "whole|null" });
    for name in [
        "contacts",
        "user_tasks",
        "team_tasks",
        "documents",
        "activities",
        "attendance",
        "photos",
        "expenses",
        "comments",
    ] {
        fits(&counters["counters"][name], &counter);
    }
    let facets = raw.get("/events/status_facets.json").await.json(200);
    fits(&facets, &json!({ "facets": [{ "id": "any", "name": "text", "count": "whole", "label": "text" }] }));
}

#[tokio::test]
async fn comments_fail_inside_of_200() {
    let mock = mock();
    let raw = signed_in(&mock).await;
    let id = raw.json("POST", "/events.json", &event(&raw).await).await.json(200)["id"].clone();
    let path = format!("/events/{id}/comments.json");
    let made = raw.json("POST", &path, &json!({ "comment": { "content": "All well" } })).await.json(200);
    let comment = json!({ "id": "whole", "content": "text", "created_at": "text", "created_by": "object|null" });
    fits(&made, &comment);
    fits(&raw.get(&path).await.json(200), &json!([comment]));
    let refused = raw.json("POST", &path, &json!({ "comment": { "content": "" } })).await;
    assert!([200, 400].contains(&refused.status.as_u16()), "{refused:?}");
    let one = format!("/events/{id}/comments/{}.json", made["id"]);
    fits(&raw.send("DELETE", &one, "").await.json(200), &told(&json!("any")));
}

#[tokio::test]
async fn uploads_are_signed_for_the_storage() {
    let mock = mock();
    let raw = signed_in(&mock).await;
    let id = raw.json("POST", "/events.json", &event(&raw).await).await.json(200)["id"].clone();
    let fields = json!({ "AWSAccessKeyId": "text", "key": "null", "policy": "text", "signature": "text", "Secure": "text", "acl": "text", "success_action_status": "text" });
    for what in ["photos", "documents", "event_expenses"] {
        let form = raw.get(&format!("/events/{id}/{what}/form.json")).await.json(200);
        fits(&form, &json!({ "fields": fields, "url": "text" }));
        assert!(form["url"].as_str().unwrap().starts_with("https://s3."), "{form}");
    }
    let photos = raw.get(&format!("/events/{id}/photos.json")).await.json(200);
    fits(&photos, &json!({ "page": "whole|text|null", "total": "whole", "results": "list" }));
}

#[tokio::test]
async fn lists_are_bare_or_enveloped_as_documented() {
    let mock = mock();
    let raw = signed_in(&mock).await;
    let person = json!({ "id": "whole", "first_name": "text|null", "last_name": "text|null", "full_name": "text|null", "*": "" });
    fits(&raw.get("/users.json").await.json(200), &json!([person]));
    fits(&raw.get("/users/permissions.json").await.json(200), &json!(["text"]));
    let notice = json!({ "message": "text", "level": "text", "icon": "text", "type": "text", "*": "" });
    fits(&raw.get("/users/notifications.json").await.json(200), &json!([notice]));
    fits(&raw.get("/campaigns/all.json").await.json(200), &json!([{ "id": "whole", "name": "text" }]));
    fits(
        &raw.get("/venues.json").await.json(200),
        &json!({ "page": "whole|text", "total": "whole", "results": "list" }),
    );
    for path in [
        "/areas.json",
        "/brands.json",
        "/countries.json",
        "/contacts.json",
        "/activity_types.json",
        "/events/requiring_attention.json",
    ] {
        fits(&raw.get(path).await.json(200), &json!("list"));
    }
    let visits = raw.get("/brand_ambassadors/visits.json").await.json(200);
    fits(
        &visits,
        &json!({ "page": "whole|text", "total_pages": "whole", "total": "whole", "facets?": "list", "results": "list" }),
    );
}

#[tokio::test]
async fn gateways_answer_the_simple_contract() {
    let mock = MockBrandscopic::builder().contract(connectors_brandscopic::Contract::Gateway).build().unwrap();
    let raw = Raw::new(mock.backend(), "https://gateway.test/v1", &format!("Bearer {}", FakeBrandscopic::API_KEY));
    let project = json!({ "name": "Summer", "description": "A tour", "client": "Fizz", "region": "DACH" });
    let made = raw.json("POST", "/projects", &project).await;
    assert!(made.status.is_success(), "{made:?}");
    let made: Value = serde_json::from_slice(&made.body).unwrap();
    let id = made.get("id").or(made["data"].get("id")).cloned().unwrap();
    let event = json!({ "projectId": id, "name": "Kick-off", "date": "2026-05-02", "location": "Berlin, Germany", "venue": "Alexa" });
    let event = raw.json("POST", "/events", &event).await;
    assert!(event.status.is_success(), "{event:?}");
    assert_eq!(raw.with(&[("authorization", "Bearer wrong")]).json("POST", "/projects", &project).await.status, 401);
}

//! The description of the API, held against the API.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::browser::Reply;
use crate::site::Site;

fn description() -> Value {
    serde_json::from_str(include_str!("../../openapi.json")).unwrap()
}

/// Everything that the API can be asked, with names and numbers put in.
pub fn operations() -> Vec<(String, String)> {
    let description = description();
    let paths = description["paths"].as_object().unwrap();
    let of_path = |(path, methods): (&String, &Value)| {
        let path = format!("api{path}").replace("{integration}", "placer").replace("{sync}", "1");
        let methods: Vec<_> = methods.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
        methods.into_iter().map(move |method| (method, path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

#[tokio::test]
async fn it_names_the_paths_and_methods_that_there_are() {
    let named = description();
    let named = named["paths"].as_object().unwrap();
    let bare = |path: &str| {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let routes = include_str!("../../src/web/api.rs").split(".route(\"").skip(1);
    let routes: BTreeSet<_> = routes.map(|rest| bare(rest.split('"').next().unwrap())).collect();
    assert_eq!(named.keys().map(|path| bare(path)).collect::<BTreeSet<_>>(), routes);
    let site = Site::local().await;
    let visitor = site.visitor().await;
    let operations = operations();
    let paths: BTreeSet<_> = operations.iter().map(|(_, path)| path).collect();
    for path in paths {
        let reply = visitor.bare("PATCH", path).await;
        reply.refused(405);
        let allowed = reply.header("allow").unwrap().split(',').filter(|method| *method != "HEAD");
        let known = operations.iter().filter(|(_, known)| known == path).map(|(method, _)| method.as_str());
        assert_eq!(allowed.collect::<BTreeSet<_>>(), known.collect::<BTreeSet<_>>(), "{path}");
    }
}

#[tokio::test]
async fn answers_look_as_it_says() {
    let site = Site::local().await;
    let description = description();
    let mut visitor = site.visitor().await;
    // So that there is something of everything to be seen.
    let settings =
        json!({ "values": { "QRTIGER_API_KEY": "0123456789abcdef", "QRTIGER_API_URL": "http://127.0.0.1:9" } });
    check(
        &description,
        "put",
        "/integrations/{integration}/settings",
        &visitor.put("api/integrations/qrtiger/settings", &settings).await,
    );
    let test = visitor.post("api/integrations/qrtiger/test").await;
    assert_eq!(test.json()["status"], "unreachable");
    check(&description, "post", "/integrations/{integration}/test", &test);
    check(&description, "post", "/sync", &visitor.post("api/sync").await);
    while site.hub.syncs(None, None, 10).await.unwrap().iter().any(|sync| sync.ended_at.is_none()) {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    for (path, asked) in [
        ("/session", "session"),
        ("/integrations", "integrations"),
        ("/integrations/{integration}", "integrations/qrtiger"),
        ("/integrations/{integration}/settings", "integrations/brandscopic/settings"),
        ("/integrations/{integration}/errors", "integrations/qrtiger/errors"),
        ("/syncs", "syncs"),
        ("/syncs/{sync}", "syncs/1"),
        ("/syncs/{sync}/items", "syncs/1/items"),
        ("/activity", "activity"),
        ("/charts", "charts"),
        ("/openapi.json", "openapi.json"),
    ] {
        let reply = visitor.get(&format!("api/{asked}")).await;
        assert_ne!(reply.json(), json!([]), "{asked}");
        check(&description, "get", path, &reply);
    }
    check(
        &description,
        "post",
        "/integrations/{integration}/sync",
        &visitor.post("api/integrations/placer/sync").await,
    );
    check(&description, "post", "/syncs/{sync}/cancel", &visitor.post("api/syncs/1/cancel").await);
    check(&description, "get", "/syncs/{sync}", &visitor.get("api/syncs/4711").await);
    check(&description, "get", "/syncs", &visitor.get("api/syncs?limit=0").await);
    check(
        &description,
        "delete",
        "/integrations/{integration}/settings",
        &visitor.bare("DELETE", "api/integrations/qrtiger/settings").await,
    );
    check(&description, "post", "/logout", &visitor.post("api/logout").await);
    visitor.csrf = None;
    check(&description, "post", "/sync", &visitor.post("api/sync").await);
}

fn check(description: &Value, method: &str, path: &str, reply: &Reply) {
    let operation = &description["paths"][path][method];
    let mut response = &operation["responses"][reply.status.to_string()];
    assert!(response.is_object(), "{method} {path}: {} is not described: {reply:?}", reply.status);
    if let Some(name) = response["$ref"].as_str() {
        response = found(description, name);
    }
    let schema = &response["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{method} {path}");
    fits(description, schema, &reply.json(), &format!("{method} {path}"));
}

fn found<'a>(description: &'a Value, name: &str) -> &'a Value {
    description.pointer(name.strip_prefix('#').unwrap()).unwrap_or_else(|| panic!("there is no {name}"))
}

/// As far as our own description goes: types, needed and known fields, items, enumerations.
fn fits(description: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        return fits(description, found(description, name), value, at);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let schema = if value.is_null() { &any[1] } else { &any[0] };
        return fits(description, schema, value, at);
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
    assert!(kinds.contains(&kind.into()), "{at}: {value} is none of {kinds:?}");
    if let Some(known) = schema["enum"].as_array() {
        assert!(known.contains(value), "{at}: {value} is none of {known:?}");
    }
    for item in value.as_array().into_iter().flatten() {
        fits(description, &schema["items"], item, at);
    }
    let Some(known) = schema["properties"].as_object() else { return };
    for needed in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(needed.as_str().unwrap()).is_some(), "{at}: {needed} is missing in {value}");
    }
    for (name, inner) in value.as_object().unwrap() {
        let schema = known.get(name).unwrap_or_else(|| panic!("{at}: {name} is not described"));
        fits(description, schema, inner, &format!("{at}.{name}"));
    }
}

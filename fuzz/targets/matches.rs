//! Stores with any names and addresses, and places that are called anything: each store comes out once, and nobody is
//! surer than sure.
#![no_main]

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use connectors_core::testing::VirtualClock;
use connectors_core::{HttpRequest, HttpResponse, Result, Transport, TransportError};
use connectors_fuzz::{block_on, check_error, texts};
use connectors_placer::{MatchStatus, PlacerClient, Point, Prefer, Store, StoreMatches};
use http::{HeaderValue, header};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// How sure a match has to be.
const SURE: f64 = 0.75;

/// Answers every search alike.
#[derive(Debug)]
struct Finds(Bytes);

#[async_trait]
impl Transport for Finds {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut response = http::Response::new(self.0.clone().into());
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(response)
    }
}

// Groups of five texts: name, street, city, state and postal code. The first group is the store; the others are places,
// unless the second begins with a brace: then that is the answer.
fuzz_target!(|data: &[u8]| {
    let texts: Vec<_> = texts(data).take(60).map(String::from).collect();
    let mut groups = texts.chunks(5);
    let store = store(groups.next().unwrap_or_default());
    let places: Vec<&[String]> = groups.collect();
    let answer = match places.first().and_then(|group| group.first()) {
        Some(body) if body.starts_with('{') => body.clone(),
        _ => json!({"data": places.iter().zip(1..).map(|(texts, n)| place(texts, n)).collect::<Vec<_>>()}).to_string(),
    };
    let located = store.clone().location(Point::new(42.3, -71.0));
    let stores = vec![store, located, Store::new("3", "Harbor Tacos")];
    match block_on(find(stores.clone(), answer.into())) {
        Ok(matches) => check(&stores, &matches),
        Err(error) => check_error(&error),
    }
});

fn store(texts: &[String]) -> Store {
    let text = |at: usize| texts.get(at).cloned().unwrap_or_default();
    Store::new("1", text(0)).address(text(1)).city(text(2), text(3)).zip(text(4))
}

fn place(texts: &[String], number: u32) -> Value {
    let text = |at: usize| texts.get(at).map_or("", String::as_str);
    let line = format!("{}, {}, {} {}", text(1), text(2), text(3), text(4));
    json!({
        "apiId": format!("{}:{number:024x}", if number % 3 == 0 { "complex" } else { "venue" }),
        "name": text(0), "isFlagged": number % 5 == 0, "isPermitted": number % 7 != 0,
        "address": {"streetName": text(1), "city": text(2), "state": text(3), "zipCode": text(4), "formattedAddress": line},
    })
}

async fn find(stores: Vec<Store>, answer: Bytes) -> Result<StoreMatches> {
    let client = PlacerClient::builder().api_key("a-key").transport(Arc::new(Finds(answer)));
    let client = client.clock(Arc::new(VirtualClock::default())).build()?;
    let prefer = if stores.iter().any(|store| store.name.len() % 2 == 0) { Prefer::Neither } else { Prefer::Venue };
    client.analytics().match_stores(stores).accept(SURE).prefer(prefer).candidates(2).await
}

fn check(stores: &[Store], matches: &StoreMatches) {
    assert!(matches.stores.iter().map(|found| &found.store).eq(stores), "each store once, in its order");
    for found in &matches.stores {
        let all = || found.best.iter().chain(&found.runners_up).chain(&found.skipped);
        assert!(all().all(|candidate| (0.0..=1.0).contains(&candidate.confidence)), "{found:?}");
        assert!(
            found.runners_up.len() <= 2 && found.skipped.len() <= 2 && all().count() <= found.searched,
            "{found:?}"
        );
        assert_eq!(found.error.is_some(), found.status == MatchStatus::Failed, "{found:?}");
        found.error.iter().for_each(check_error);
        let best = found.best.as_ref().map(|best| best.confidence);
        match found.status {
            MatchStatus::Matched => assert!(best.is_some_and(|sure| sure >= SURE), "{found:?}"),
            MatchStatus::Ambiguous => assert!(best.is_some_and(|sure| sure >= 0.5), "{found:?}"),
            _ => assert!(best.is_none() && found.matched().is_none(), "{found:?}"),
        }
        assert!(found.best.iter().all(|best| !best.flagged && best.permitted), "{found:?}");
    }
    assert_eq!(
        serde_json::to_value(matches.rows()).map(|rows| rows.as_array().map(Vec::len)).ok(),
        Some(Some(stores.len()))
    );
}

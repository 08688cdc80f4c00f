//! What is told to those who watch.

use std::sync::Arc;
use std::time::Duration;

use connectors_dashboard::model::Activity;
use connectors_dashboard::{IntegrationHub, Message, Seen, SettingsChange, Store, Watch};
use futures_util::future::join_all;
use serde_json::Value;

use super::{campaign, ended, hub};

/// What is told until nothing is told for a while.
async fn told(watch: &mut Watch) -> Vec<Message> {
    let mut messages = Vec::new();
    while let Ok(Some(Seen::Update(message))) = tokio::time::timeout(Duration::from_millis(600), watch.next()).await {
        messages.push(message);
    }
    messages
}

fn data(message: &Message) -> Value {
    serde_json::from_str::<Value>(&message.json).unwrap()["data"].clone()
}

async fn all_activity(hub: &IntegrationHub) -> Vec<Activity> {
    let mut activity = hub.activity(None, None, None, 200).await.unwrap();
    activity.reverse();
    activity
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_watches_sees_every_activity_once_in_order_and_the_last_state_of_everything() {
    let hub = hub().await;
    let mut watch = hub.watch(None);
    let syncs: Vec<_> = hub.sync_all().await.into_iter().map(|(_, sync)| sync.unwrap()).collect();
    join_all(syncs.iter().map(|sync| ended(&hub, sync))).await;
    let messages = told(&mut watch).await;

    for (message, next) in messages.iter().zip(messages.iter().skip(1)) {
        assert_eq!(next.number, message.number + 1);
    }
    let seen: Vec<i64> =
        messages.iter().filter(|m| m.name == "activity").map(|m| data(m)["id"].as_i64().unwrap()).collect();
    let kept: Vec<i64> = all_activity(&hub).await.iter().map(|activity| activity.id).collect();
    assert_eq!(seen, kept);
    assert_eq!(kept, (1..).take(kept.len()).collect::<Vec<_>>(), "without a gap");

    for sync in syncs {
        let last = messages.iter().rfind(|m| m.name == "sync" && data(m)["id"] == sync.id).unwrap();
        assert_eq!(data(last), serde_json::to_value(hub.sync_status(sync.id).await.unwrap()).unwrap());
        let card = messages.iter().rfind(|m| m.name == "integration" && data(m)["id"] == sync.integration).unwrap();
        let (mut told, mut now) =
            (data(card), serde_json::to_value(hub.card(sync.integration).await.unwrap()).unwrap());
        // Short quotas are whole again by and by, which nobody is told.
        (told["quotas"], now["quotas"]) = (Value::Null, Value::Null);
        assert_eq!(told, now);
    }
    let cards = messages.iter().filter(|message| message.name == "integration").count();
    let requests: u64 = hub.cards().await.unwrap().iter().map(|card| card.traffic.requests).sum();
    assert!(cards < usize::try_from(requests).unwrap(), "{cards} cards for {requests} requests are not put together");
}

#[tokio::test]
async fn a_watch_goes_on_where_another_ended_or_says_that_it_cannot() {
    let hub = hub().await;
    let mut watch = hub.watch(None);
    hub.test("smartsheet").await.unwrap();
    hub.test("qrtiger").await.unwrap();
    let messages = told(&mut watch).await;
    let middle = messages[messages.len() / 2].number;
    let mut again = hub.watch(Some((watch.epoch, middle)));
    let numbers: Vec<u64> = told(&mut again).await.iter().map(|message| message.number).collect();
    let rest: Vec<u64> = messages.iter().map(|message| message.number).filter(|number| *number > middle).collect();
    assert_eq!(numbers, rest);

    for unknown in
        [(watch.epoch + 1, middle), (watch.epoch, messages.last().unwrap().number + 1), (watch.epoch, u64::MAX)]
    {
        assert!(matches!(hub.watch(Some(unknown)).next().await, Some(Seen::Reset)), "{unknown:?}");
    }
}

#[tokio::test]
async fn whoever_is_too_slow_is_told_to_look_anew() {
    let hub = IntegrationHub::builder(Store::in_memory().unwrap(), Arc::new(campaign())).build().await.unwrap();
    let mut slow = hub.watch(None);
    // A change of nothing is noted all the same.
    for _ in 0..2100 {
        hub.configure("qrtiger", SettingsChange::new()).await.unwrap();
    }
    assert!(matches!(slow.next().await, Some(Seen::Reset)));
    hub.forget("qrtiger").await.unwrap();
    let mut next = slow.next().await;
    while !matches!(&next, Some(Seen::Update(message)) if message.json.contains("settings removed")) {
        assert!(matches!(next, Some(Seen::Update(_))));
        next = slow.next().await;
    }
}

#[tokio::test]
async fn a_watch_that_is_given_up_while_it_waits_misses_nothing() {
    let hub = hub().await;
    let (mut hasty, mut patient) = (hub.watch(None), hub.watch(None));
    let testing = tokio::spawn({
        let hub = hub.clone();
        async move { hub.test("placer").await.unwrap() }
    });
    let mut seen = Vec::new();
    for _ in 0..400 {
        if let Ok(Some(Seen::Update(message))) = tokio::time::timeout(Duration::from_millis(2), hasty.next()).await {
            seen.push(message.number);
        }
    }
    testing.await.unwrap();
    seen.extend(told(&mut hasty).await.iter().map(|message| message.number));
    assert_eq!(seen, told(&mut patient).await.iter().map(|message| message.number).collect::<Vec<_>>());
}

#[tokio::test]
async fn when_the_last_handle_goes_everything_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dashboard.db");
    let hub = super::hub_in(Store::open(&path).unwrap()).await;
    let mut watch = hub.watch(None);
    hub.sync("smartsheet").await.unwrap();
    drop(hub);
    while watch.next().await.is_some() {}
    // The database's thread has ended, too.
    Store::open(&path).unwrap();
}

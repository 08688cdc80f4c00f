//! Links in the database behave as those in memory.

use std::sync::Arc;

use connectors_core::provider::Remote;
use connectors_core::{Link, LinkKey, LinkStore, MemoryLinkStore};
use connectors_dashboard::{SqliteLinkStore, Store};
use futures_util::FutureExt;
use proptest::prelude::*;
use tokio::runtime::Builder;

/// What is done to a store; names come from a few, so that they meet.
#[derive(Debug, Clone)]
enum Step {
    Put(LinkKey, Link),
    Remove(LinkKey),
    Get(LinkKey),
    List(LinkKey),
    LinkedTo(LinkKey, String),
    OpenAnew,
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), Just("a".into()), Just("B".into()), Just("ä\u{0}'\"%_".into()), "[a-c0-1 ]{1,2}"]
}

fn key() -> impl Strategy<Value = LinkKey> {
    ((0..2_usize), (0..2_usize), name(), name()).prop_map(|(provider, kind, scope, id)| {
        LinkKey::new(["qrtiger", "smartsheet"][provider], ["row", "code"][kind], scope, id)
    })
}

fn link() -> impl Strategy<Value = Link> {
    (any::<bool>(), name(), name(), name(), 0..4_000_000_000_000_i64).prop_map(|(linked, id, attribute, value, at)| {
        let at = chrono::DateTime::from_timestamp_millis(at).unwrap();
        if linked { Link::linked(Remote::new(id).with(attribute, value), at) } else { Link::intended(at) }
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (key(), link()).prop_map(|(key, link)| Step::Put(key, link)),
        2 => key().prop_map(Step::Remove),
        2 => key().prop_map(Step::Get),
        2 => key().prop_map(Step::List),
        1 => (key(), name()).prop_map(|(key, id)| Step::LinkedTo(key, id)),
        1 => Just(Step::OpenAnew),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn they_answer_alike_whatever_is_done(steps in prop::collection::vec(step(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("links.db");
        let (memory, mut ours) = (MemoryLinkStore::default(), SqliteLinkStore::new(Store::open(&path).unwrap()));
        Builder::new_current_thread().build().unwrap().block_on(async {
            for step in steps {
                match step {
                    Step::Put(key, link) => {
                        memory.put(&key, link.clone()).await.unwrap();
                        ours.put(&key, link).await.unwrap();
                    }
                    Step::Remove(key) => {
                        memory.remove(&key).await.unwrap();
                        ours.remove(&key).await.unwrap();
                    }
                    Step::Get(key) => assert_eq!(ours.get(&key).await.unwrap(), memory.get(&key).await.unwrap()),
                    Step::List(LinkKey { provider, kind, scope, .. }) => assert_eq!(
                        ours.list(&provider, &kind, &scope).await.unwrap(),
                        memory.list(&provider, &kind, &scope).await.unwrap(),
                    ),
                    Step::LinkedTo(LinkKey { provider, kind, scope, .. }, id) => assert_eq!(
                        ours.linked_to(&provider, &kind, &scope, &id).await.unwrap(),
                        memory.linked_to(&provider, &kind, &scope, &id).await.unwrap(),
                    ),
                    Step::OpenAnew => {
                        drop(ours);
                        ours = SqliteLinkStore::new(Store::open(&path).unwrap());
                    }
                }
            }
        });
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_never_comes_into_effect_after_a_later_one() {
    let store = Arc::new(SqliteLinkStore::new(Store::in_memory().unwrap()));
    let key = LinkKey::new("qrtiger", "code", "tour", "E1");
    let linked = |id: u32| Link::linked(Remote::new(id.to_string()), chrono::DateTime::UNIX_EPOCH);
    for round in 0..200 {
        // Begun, and given up at once.
        drop(store.put(&key, linked(2 * round)).now_or_never());
        store.put(&key, linked(2 * round + 1)).await.unwrap();
        assert_eq!(store.get(&key).await.unwrap(), Some(linked(2 * round + 1)));
    }
}

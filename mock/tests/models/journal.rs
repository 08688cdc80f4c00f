//! The journal against what was sent: counted whole, kept as a ring.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use connectors_core::{ErrorKind, Transport};
use connectors_mock::{InProcess, MockQrTiger};
use connectors_qrtiger::{QrId, QrTigerClient};
use http::Request;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{cases, kind, run};

#[derive(Debug, Clone, Copy)]
enum Step {
    List,
    Create,
    Edit,
    Read,
    /// The next so many requests fail like this.
    Fault {
        operation: usize,
        times: u32,
        how: u8,
    },
}

const OPERATIONS: [&str; 4] = ["campaigns.list", "campaigns.create", "campaigns.edit", "tracking.data"];

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::List),
        2 => Just(Step::Create),
        1 => Just(Step::Edit),
        1 => Just(Step::Read),
        1 => (0..4_usize, 0..3_u32, 0..5_u8).prop_map(|(operation, times, how)| Step::Fault { operation, times, how }),
    ]
}

/// A client that sends every request once.
fn client(mock: &MockQrTiger) -> QrTigerClient {
    let transport = Arc::new(InProcess::new(mock.backend().clone()));
    let clock = Arc::clone(mock.backend().clock());
    let builder = QrTigerClient::builder().api_key("mock-key").transport(transport).clock(clock);
    builder.retry(connectors_core::RetryPolicy::never()).build().unwrap()
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn what_was_sent_is_what_was_received(steps in vec(steps(), 1..60)) {
        run(async {
            let mock = MockQrTiger::new();
            let client = client(&mock);
            let mut sent: BTreeMap<&str, (u64, u64, u64)> = BTreeMap::new();
            let mut order = Vec::new();
            // What is to go wrong: how often, whether it is carried out nevertheless, and what comes of it.
            let mut plan: BTreeMap<&str, Vec<(u32, bool, ErrorKind)>> = BTreeMap::new();
            let mut made = vec![QrId::new("NOSUCH").unwrap()];
            for step in steps {
                let (operation, outcome) = match step {
                    Step::Fault { operation, times, how } => {
                        let operation = OPERATIONS[operation];
                        let rule = mock.backend().on(operation).times(times);
                        let (_, carried_out, becomes) = match how {
                            0 => (rule.status(503), false, ErrorKind::Server),
                            1 => (rule.throttle(), false, ErrorKind::RateLimited),
                            2 => (rule.refuse(), false, ErrorKind::Connect),
                            3 => (rule.reset_before(), false, ErrorKind::Interrupted),
                            _ => (rule.reset_after(), true, ErrorKind::Interrupted),
                        };
                        plan.entry(operation).or_default().push((times, carried_out, becomes));
                        continue;
                    }
                    Step::List => (OPERATIONS[0], client.campaigns().page(1).await.map(drop)),
                    Step::Create => {
                        let code = client.campaigns().create("https://example.com/").await;
                        made.extend(code.as_ref().ok().map(|code| code.id.clone()));
                        (OPERATIONS[1], code.map(drop))
                    }
                    Step::Edit => (OPERATIONS[2], client.campaigns().edit(made.last().unwrap()).name("A").await),
                    Step::Read => (OPERATIONS[3], client.tracking().data(made.last().unwrap()).await.map(drop)),
                };
                let rules = plan.entry(operation).or_default();
                rules.retain(|(times, ..)| *times > 0);
                let fate = rules.first_mut().map(|(times, carried_out, becomes)| {
                    *times -= 1;
                    (*carried_out, *becomes)
                });
                let count = sent.entry(operation).or_default();
                count.0 += 1;
                count.1 += u64::from(fate.is_none_or(|(carried_out, _)| carried_out));
                count.2 += u64::from(fate.is_some());
                order.push(operation);
                match fate {
                    Some((_, becomes)) => assert_eq!(kind(&outcome), Some(becomes), "{operation}"),
                    None if made.len() == 1 => {}
                    None => outcome.unwrap(),
                }
            }
            let journal = mock.backend().journal();
            let counted = journal.counts().iter().map(|(name, c)| (*name, (c.requests, c.applied, c.faults)));
            assert_eq!(counted.collect::<BTreeMap<_, _>>(), sent);
            assert_eq!(journal.iter().filter_map(|entry| entry.operation).collect::<Vec<_>>(), order);
            assert!(journal.iter().map(|entry| entry.number).eq(1..=order.len() as u64));
            journal.assert_order(order.iter().copied());
            let pending = plan.values().flatten().filter(|(times, ..)| *times > 0).count();
            assert_eq!(mock.backend().pending_faults(), pending);
        });
    }
}

#[tokio::test]
async fn counts_go_on_where_the_ring_forgets() {
    let mock = MockQrTiger::new();
    let face = InProcess::new(mock.backend().clone());
    let send = async |path: &str| {
        let request = Request::get(path).body(Bytes::new()).unwrap();
        drop(face.send(request).await.unwrap());
    };
    for _ in 0..7 {
        send("/nowhere").await;
    }
    for _ in 0..10_050 {
        send("/qr/NOSUCH").await;
    }
    let journal = mock.backend().journal();
    assert_eq!((journal.len(), journal.total(), journal.first().unwrap().number), (10_000, 10_057, 58));
    assert_eq!((journal.count("scan"), journal.count("*"), journal.of("scan").len()), (10_050, 10_057, 10_000));
    journal.assert_count("scan", 10_050);
}

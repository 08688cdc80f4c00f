//! A key that is replaced while the client is in use.

use std::time::Duration;

use connectors_core::ErrorKind;
use connectors_mock::FakePlacer;
use connectors_placer::PlacerService;

use super::{BOTH, builder, week_at};

#[tokio::test]
async fn answers_for_one_key_are_not_served_to_the_next() {
    for contract in BOTH {
        let mock = builder(contract).polls(0).build().unwrap();
        let (client, calls) = (mock.client(), async || mock.footfall(week_at(0)).await.map(|answer| answer.cost.calls));
        assert_eq!((calls().await.unwrap(), calls().await.unwrap()), (1, 0));
        client.replace_api_key("revoked").unwrap();
        assert_eq!(calls().await.unwrap_err().kind(), ErrorKind::Auth, "{contract:?}");
        client.replace_api_key(FakePlacer::KEY).unwrap();
        assert_eq!((calls().await.unwrap(), calls().await.unwrap()), (1, 0), "{contract:?}");
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_one_is_refused_and_the_old_one_stays() {
    for contract in BOTH {
        let mock = builder(contract).build().unwrap();
        for key in ["", " ", "two\nlines"] {
            let error = mock.client().replace_api_key(key).unwrap_err();
            assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("api_key")));
        }
        mock.footfall(week_at(0)).await.unwrap();
    }
}

#[tokio::test]
async fn a_report_that_is_being_computed_is_asked_for_with_the_key_that_ordered_it() {
    let mock = builder(connectors_placer::Contract::Native).polls(2).build().unwrap();
    mock.backend().latency(Duration::from_millis(200));
    let replace = async {
        mock.backend().clock().sleep(Duration::from_millis(100)).await;
        mock.client().replace_api_key("another").unwrap();
    };
    let (footfall, ()) = tokio::join!(mock.footfall(week_at(0)), replace);
    assert_eq!(footfall.unwrap().rows.len(), 7);
    assert!(mock.backend().journal().iter().all(|request| request.headers["x-api-key"] == FakePlacer::KEY));
    assert_eq!(mock.footfall(week_at(0)).await.unwrap_err().kind(), ErrorKind::Auth);
}

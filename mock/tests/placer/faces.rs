use std::sync::Arc;

use connectors_core::Clock;
use connectors_core::testing::VirtualClock;
use connectors_mock::placer::Dialect;
use connectors_mock::{FakePlacer, MockPlacer, MockServer, conformance};
use connectors_placer::{Contract, GatewayDates, PlacerClient, PlacerService};

use super::{BOTH, builder, today, venue};

#[tokio::test]
async fn the_trait_face_conforms() {
    for contract in BOTH {
        for dialect in [Dialect::Observed, Dialect::Documented] {
            let mock = builder(contract).dialect(dialect).build().unwrap();
            conformance::placer(&mock, contract, [venue(0), venue(1)], today(&mock)).await.assert();
        }
    }
}

#[tokio::test]
async fn gateways_that_are_asked_by_single_days_conform() {
    for dialect in [Dialect::Observed, Dialect::Documented] {
        let mock = builder(Contract::Gateway).gateway_dates(GatewayDates::SingleDay).dialect(dialect).build().unwrap();
        conformance::placer(&mock, Contract::Gateway, [venue(0), venue(1)], today(&mock)).await.assert();
    }
}

#[tokio::test]
async fn the_client_conforms_over_the_in_process_transport() {
    for contract in BOTH {
        let mock = builder(contract).build().unwrap();
        conformance::placer(mock.client(), contract, [venue(3), venue(5)], today(&mock)).await.assert();
    }
}

#[tokio::test]
async fn the_client_conforms_over_sockets() {
    for contract in BOTH {
        let clock: Arc<dyn Clock> = Arc::new(VirtualClock::default());
        let mock = builder(contract).clock(clock.clone()).build().unwrap();
        let server = MockServer::start([("/placer", mock.backend().clone())]).await.unwrap();
        let client = PlacerClient::builder()
            .contract(contract)
            .api_key(FakePlacer::KEY)
            .api_url(server.url("/placer"))
            .clock(clock)
            .build()
            .unwrap();
        conformance::placer(&client, contract, [venue(0), venue(1)], today(&mock)).await.assert();
    }
}

struct Nothing;

impl PlacerService for Nothing {}

#[tokio::test]
async fn a_pointer_to_a_service_is_a_service() {
    fn takes(service: impl PlacerService + 'static) -> Box<dyn PlacerService> {
        Box::new(service)
    }
    let mock = MockPlacer::new();
    for service in [takes(mock.clone()), takes(Arc::new(mock.clone())), takes(Box::new(mock) as Box<dyn PlacerService>)]
    {
        assert!(service.test_connection().await.unwrap().is_connected());
    }
    let refusal = Nothing.summary().await.unwrap_err();
    assert_eq!(refusal.kind(), connectors_core::ErrorKind::Unsupported);
}

#[tokio::test]
async fn both_contracts_tell_the_same_visits_in_every_variant() {
    let mut told = Vec::new();
    let by_day = builder(Contract::Gateway).gateway_dates(GatewayDates::SingleDay);
    for builder in [builder(Contract::Native), builder(Contract::Gateway), by_day] {
        let mock = builder.build().unwrap();
        let rows = mock.footfall(super::week_at(2)).await.unwrap().rows;
        told.push(rows.iter().map(|row| (row.date, row.visits)).collect::<Vec<_>>());
    }
    assert!(told[0] == told[1] && told[0] == told[2], "{told:?}");
}

//! One suite, every face, both contracts.

use std::sync::Arc;

use connectors_brandscopic::{BrandscopicClient, Contract};
use connectors_core::testing::VirtualClock;
use connectors_mock::{FakeBrandscopic, GatewayVariant, InProcess, MockServer, conformance};

use crate::{BOTH, campaign, mock};

#[tokio::test]
async fn the_trait() {
    for contract in BOTH {
        conformance::brandscopic(&mock(contract), &campaign()).await.assert();
    }
}

#[tokio::test]
async fn every_variant_of_a_gateway() {
    for variant in GatewayVariant::ALL {
        let mock = crate::builder(Contract::Gateway).gateway_variant(variant).tenant("acme").build().unwrap();
        conformance::brandscopic(&mock, &campaign()).await.assert();
    }
}

#[tokio::test]
async fn a_client_in_process() {
    for contract in BOTH {
        let backend = mock(contract).backend().clone();
        let clock = Arc::clone(backend.clock());
        let client = match contract {
            Contract::Native => BrandscopicClient::builder().native(
                "brandscopic.test",
                FakeBrandscopic::EMAIL,
                FakeBrandscopic::PASSWORD,
            ),
            _ => BrandscopicClient::builder().gateway(FakeBrandscopic::API_KEY),
        };
        let client = client.transport(Arc::new(InProcess::new(backend))).clock(clock).build().unwrap();
        conformance::brandscopic(&client, &campaign()).await.assert();
    }
}

#[tokio::test]
async fn a_client_over_sockets() {
    for contract in BOTH {
        let mock = mock(contract);
        let server = MockServer::start([("/brandscopic", mock.backend().clone())]).await.unwrap();
        let url = server.url("/brandscopic");
        let client = match contract {
            Contract::Native => BrandscopicClient::builder()
                .native(url, FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD)
                .time_zone("America/New_York".parse().unwrap()),
            _ => BrandscopicClient::builder().gateway(FakeBrandscopic::API_KEY).api_url(format!("{url}/v1")),
        };
        let client = client.clock(Arc::new(VirtualClock::default())).build().unwrap();
        conformance::brandscopic(&client, &campaign()).await.assert();
    }
}

#[tokio::test]
async fn a_boxed_service_is_a_service() {
    use connectors_brandscopic::BrandscopicService;
    let boxed: Box<dyn BrandscopicService> = Box::new(mock(Contract::Gateway));
    conformance::brandscopic(&Arc::new(boxed), &campaign()).await.assert();
}

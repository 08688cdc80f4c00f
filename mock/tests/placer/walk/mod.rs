//! Every operation of the list is called once, and answers with something.

mod compared;
mod places;
mod visits;
mod whence;

use std::fmt::Debug;
use std::future::IntoFuture;

use connectors_core::Result;
use connectors_mock::MockPlacer;
use connectors_mock::placer::{Dialect, Quirk};
use connectors_placer::PlacerClient;

use crate::calls::Calls;

/// Calls operations of one mock.
pub struct Walk {
    pub mock: MockPlacer,
    calls: Calls,
}

impl Walk {
    fn new(mock: MockPlacer) -> Self {
        Self { calls: Calls::new(mock.backend()), mock }
    }

    pub fn client(&self) -> PlacerClient {
        self.mock.client().clone()
    }

    async fn everywhere(&mut self) {
        visits::walk(self).await;
        whence::walk(self).await;
        compared::walk(self).await;
        places::walk(self).await;
    }

    /// See [`Calls::call`].
    pub async fn call<T: Debug>(&mut self, name: &str, request: impl IntoFuture<Output = Result<T>>) -> T {
        self.calls.call(name, request).await
    }
}

#[tokio::test]
async fn complete() {
    let mut walk = Walk::new(MockPlacer::new());
    walk.everywhere().await;
    walk.calls.assert_complete(include_str!("../../../src/placer/operations.csv"), "placer");
}

#[tokio::test]
async fn every_operation_reads_however_it_is_written() {
    for dialect in [Dialect::Observed, Dialect::Documented] {
        for quirk in Quirk::ALL {
            let mock = MockPlacer::builder().dialect(dialect).quirks([quirk]).polls(0).build().unwrap();
            Walk::new(mock).everywhere().await;
        }
    }
}

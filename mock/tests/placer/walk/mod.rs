//! Every operation of the list is called once, and answers with something.

mod compared;
mod places;
mod visits;
mod whence;

use std::fmt::Debug;
use std::future::IntoFuture;

use connectors_core::Result;
use connectors_mock::MockPlacer;
use connectors_placer::PlacerClient;

use crate::calls::Calls;

/// Calls operations of one mock.
pub struct Walk {
    pub mock: MockPlacer,
    calls: Calls,
}

impl Walk {
    fn new() -> Self {
        let mock = MockPlacer::new();
        Self { calls: Calls::new(mock.backend()), mock }
    }

    pub fn client(&self) -> PlacerClient {
        self.mock.client().clone()
    }

    /// See [`Calls::call`].
    pub async fn call<T: Debug>(&mut self, name: &str, request: impl IntoFuture<Output = Result<T>>) -> T {
        self.calls.call(name, request).await
    }
}

#[tokio::test]
async fn complete() {
    let mut walk = Walk::new();
    visits::walk(&mut walk).await;
    whence::walk(&mut walk).await;
    compared::walk(&mut walk).await;
    places::walk(&mut walk).await;
    walk.calls.assert_complete(include_str!("../../../src/placer/operations.csv"), "placer");
}

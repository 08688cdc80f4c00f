//! Every operation of the list is called once, and answers with something.

mod containers;
mod content;
mod people;
mod rows;
mod tracking;
mod webhooks;

use std::fmt::Debug;
use std::future::IntoFuture;

use connectors_core::Result;
use connectors_mock::MockSmartsheet;
use connectors_smartsheet::SmartsheetClient;

use crate::calls::Calls;

/// Calls operations of one mock.
pub struct Walk {
    pub mock: MockSmartsheet,
    calls: Calls,
}

impl Walk {
    fn new() -> Self {
        let mock = MockSmartsheet::new();
        Self { calls: Calls::new(mock.backend()), mock }
    }

    pub fn client(&self) -> SmartsheetClient {
        self.mock.client().clone()
    }

    /// See [`Calls::call`].
    pub async fn call<T: Debug>(&mut self, name: &str, request: impl IntoFuture<Output = Result<T>>) -> T {
        self.calls.call(name, request).await
    }
}

/// Calls them all.
pub async fn everywhere() -> Walk {
    let mut walk = Walk::new();
    containers::walk(&mut walk).await;
    content::walk(&mut walk).await;
    people::walk(&mut walk).await;
    rows::walk(&mut walk).await;
    tracking::walk(&mut walk).await;
    webhooks::walk(&mut walk).await;
    walk
}

#[tokio::test]
async fn complete() {
    let walk = everywhere().await;
    walk.calls.assert_complete(include_str!("../../../src/smartsheet/operations.csv"), "smartsheet");
}

//! Every operation of the list is called once, and answers with something.

mod account;
mod content;
mod events;
mod recaps;

use std::fmt::Debug;
use std::future::IntoFuture;

use connectors_brandscopic::Contract;
use connectors_brandscopic::native::Native;
use connectors_core::Result;
use connectors_mock::MockBrandscopic;

use crate::calls::Calls;

/// Calls operations of one mock.
pub struct Walk {
    pub mock: MockBrandscopic,
    calls: Calls,
}

impl Walk {
    pub fn new(mock: MockBrandscopic) -> Self {
        Self { calls: Calls::new(mock.backend()), mock }
    }

    pub async fn everywhere(&mut self) {
        account::walk(self).await;
        content::walk(self).await;
        events::walk(self).await;
        recaps::walk(self).await;
    }

    pub fn native(&self) -> Native {
        self.mock.client().native().unwrap().clone()
    }

    /// See [`Calls::call`].
    pub async fn call<T: Debug>(&mut self, name: &str, request: impl IntoFuture<Output = Result<T>>) -> T {
        self.calls.call(name, request).await
    }
}

pub fn mock() -> MockBrandscopic {
    MockBrandscopic::builder().contract(Contract::Native).past_events(40).build().unwrap()
}

#[tokio::test]
async fn complete() {
    let mut walk = Walk::new(mock());
    walk.everywhere().await;
    walk.calls.assert_complete(include_str!("../../../src/brandscopic/operations.csv"), "brandscopic");
}

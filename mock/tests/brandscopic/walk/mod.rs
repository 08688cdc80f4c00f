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
    fn new() -> Self {
        let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(40).build().unwrap();
        Self { calls: Calls::new(mock.backend()), mock }
    }

    pub fn native(&self) -> Native {
        self.mock.client().native().unwrap().clone()
    }

    /// See [`Calls::call`].
    pub async fn call<T: Debug>(&mut self, name: &str, request: impl IntoFuture<Output = Result<T>>) -> T {
        self.calls.call(name, request).await
    }
}

#[tokio::test]
async fn complete() {
    let mut walk = Walk::new();
    account::walk(&mut walk).await;
    content::walk(&mut walk).await;
    events::walk(&mut walk).await;
    recaps::walk(&mut walk).await;
    walk.calls.assert_complete(include_str!("../../../src/brandscopic/operations.csv"), "brandscopic");
}

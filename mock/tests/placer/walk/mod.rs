//! Every operation of the list is called once, and answers with something.

mod compared;
mod places;
mod visits;
mod whence;

use std::fmt::Debug;
use std::future::IntoFuture;
use std::sync::Arc;

use connectors_core::Result;
use connectors_mock::MockPlacer;
use connectors_mock::placer::{Dialect, Quirk};
use connectors_placer::{MemoryReportStore, PlacerClient};

use crate::calls::Calls;

/// Calls operations of one mock.
pub struct Walk {
    pub mock: MockPlacer,
    calls: Calls,
    /// What was answered, call by call.
    answers: Vec<(String, String)>,
    /// What an earlier walk was answered, if its reports are to be found in a store.
    earlier: Option<Vec<(String, String)>>,
}

impl Walk {
    pub fn new(mock: MockPlacer) -> Self {
        Self { calls: Calls::new(mock.backend()), mock, answers: Vec::new(), earlier: None }
    }

    pub fn client(&self) -> PlacerClient {
        self.mock.client().clone()
    }

    pub async fn everywhere(&mut self) {
        visits::walk(self).await;
        whence::walk(self).await;
        compared::walk(self).await;
        places::walk(self).await;
    }

    /// See [`Calls::call`].
    pub async fn call<T: Debug>(&mut self, name: &str, request: impl IntoFuture<Output = Result<T>>) -> T {
        let number = self.answers.len();
        let earlier = self.earlier.as_ref().map(|earlier| earlier[number].clone());
        let answer = match earlier.filter(|_| name.starts_with("reports.")) {
            None => self.calls.call(name, request).await,
            Some((of, earlier)) => {
                let before = self.mock.backend().count(name);
                let answer = request.await.unwrap();
                assert_eq!(self.mock.backend().count(name), before, "{name} is not in the store");
                assert_eq!((of, earlier), (name.to_owned(), format!("{answer:?}")));
                answer
            }
        };
        self.answers.push((name.to_owned(), format!("{answer:?}")));
        answer
    }
}

#[tokio::test]
async fn complete() {
    let mut walk = Walk::new(MockPlacer::new());
    walk.everywhere().await;
    walk.calls.assert_complete(include_str!("../../../src/placer/operations.csv"), "placer");
}

#[tokio::test]
async fn every_report_comes_out_of_a_store_as_it_went_in() {
    let store = Arc::new(MemoryReportStore::new(16 << 20));
    let mock = || MockPlacer::builder().polls(0).client(|client| client.report_store(store.clone())).build().unwrap();
    let mut first = Walk::new(mock());
    first.everywhere().await;
    let mut second = Walk::new(mock());
    second.earlier = Some(first.answers);
    second.everywhere().await;
    assert!(store.len() > 20, "{}", store.len());
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

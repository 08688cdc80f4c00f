//! Lists of places that are kept in the cache, for questions that are put together of several answers.

use std::marker::PhantomData;
use std::sync::Arc;

use connectors_core::Result;
use connectors_core::provider::{CacheKey, Call, Fetched, Operation};
use serde::de::DeserializeOwned;

use super::plan::Planner;
use super::pois::places;
use super::report::Manner;
use crate::PlacerClient;
use crate::flags::Flagged;

/// What one entry weighs in the cache, texts included, roughly.
const ENTRY: usize = 400;

/// A list to be had for one call.
#[derive(Debug)]
pub(crate) struct Listing<T> {
    operation: &'static Operation,
    call: Call,
    pub(crate) key: CacheKey,
    entries: PhantomData<fn() -> T>,
}

impl<T: Flagged + DeserializeOwned + Send + Sync + 'static> Listing<T> {
    /// `resource` is what it is a list of; `parameters` are all else that tells it from others.
    pub(crate) fn new(
        client: &PlacerClient,
        operation: &'static Operation,
        call: Call,
        resource: &str,
        parameters: &str,
    ) -> Self {
        let fingerprint = [operation.path, "?", parameters].concat();
        let key = CacheKey::new(client.core().partition(), resource, fingerprint.as_bytes());
        Self { operation, call, key, entries: PhantomData }
    }

    pub(crate) fn plan(&self, planner: &mut Planner<'_>) {
        planner.list::<Vec<T>>(self.operation, &self.key);
    }

    /// The list, from the cache or by a call. Calls for the same one share it.
    pub(crate) async fn find(self, client: &PlacerClient, manner: &Manner) -> Result<Arc<Vec<T>>> {
        let Self { operation, call, key, .. } = self;
        let (meter, ttl, deadline) = (manner.meter.clone(), manner.ttl, manner.deadline(client));
        let call = call.options(manner.options.clone()).watch(meter.watch()).until(Some(deadline));
        let fetch = async move {
            let answer = places::<T>(operation, call).await;
            meter.call(&answer);
            let value = answer?.into_inner();
            let bytes = value.len() * ENTRY;
            Ok::<_, connectors_core::Error>(Fetched { value, bytes, ttl: ttl.open })
        };
        let found = client.core().cache().get_or_fetch(key, manner.options.cache, deadline, fetch).await;
        manner.meter.value(&found);
        found.map(|cached| cached.value)
    }
}

//! Many keys at once, whose missing values are fetched together.

use std::any::{Any, TypeId};
use std::future::Future;
use std::time::{Duration, Instant};

use tracing::Instrument;

use super::{
    Begin, Cache, CacheKey, CacheOutcome, CachePolicy, Cached, Failed, Fetched, Fill, Landing, bypassed, landed, typed,
};
use crate::error::Result;

/// One of the values asked for: here already, on its way, or on its way for somebody else.
enum Coming<T> {
    Here(Result<Cached<T>>),
    Ours(Landing),
    Theirs(Landing),
}

impl Cache {
    /// As [`get_or_fetch`](Cache::get_or_fetch), for keys whose values come in bulk: what is neither stored nor under
    /// way is fetched together, each value lands under its own key, and calls whose keys overlap share the fetches.
    ///
    /// `fetch` gets the positions in `keys` to fetch, at least one, and gives a result for each, in that order. It is
    /// not called when there are none. The results come in the order of `keys`; a key that stands there twice is
    /// fetched once.
    pub async fn get_or_fetch_many<T, F, E>(
        &self,
        keys: Vec<CacheKey>,
        policy: CachePolicy,
        deadline: Instant,
        fetch: impl FnOnce(Vec<usize>) -> F,
    ) -> Vec<Result<Cached<T>>>
    where
        T: Any + Send + Sync,
        E: Into<Failed> + Send,
        F: Future<Output = Vec<Result<Fetched<T>, E>>> + Send + 'static,
    {
        if policy == CachePolicy::Bypass {
            if keys.is_empty() {
                return Vec::new();
            }
            for key in &keys {
                self.tell(key, CacheOutcome::Bypassed, || self.stats());
            }
            return fetch((0..keys.len()).collect()).await.into_iter().map(bypassed).collect();
        }
        let (mut coming, mut missing, mut pilots) = (Vec::with_capacity(keys.len()), Vec::new(), Vec::new());
        let mut runtime = None;
        for (position, key) in keys.iter().enumerate() {
            coming.push(match self.begin(key, TypeId::of::<T>(), policy) {
                Err(error) => Coming::Here(Err(error)),
                Ok(Begin::Hit(value, age)) => {
                    Coming::Here(value.and_then(|value| typed(value, age, CacheOutcome::Hit)))
                }
                Ok(Begin::Join(landing)) => Coming::Theirs(landing),
                Ok(Begin::Lead(handle, pilot, landing)) => {
                    missing.push(position);
                    pilots.push(pilot);
                    runtime = Some(handle);
                    Coming::Ours(landing)
                }
            });
        }
        if let Some(runtime) = runtime {
            let fetch = fetch(missing);
            let flight = async move {
                // A pilot without a result is dropped, which closes its flight.
                for (pilot, result) in pilots.into_iter().zip(fetch.await) {
                    pilot.land(Fill::new(result));
                }
            };
            drop(runtime.spawn(flight.in_current_span()));
        }
        let mut values = Vec::with_capacity(coming.len());
        for one in coming {
            values.push(match one {
                Coming::Here(result) => result,
                Coming::Theirs(landing) => self.join(landing, deadline).await,
                Coming::Ours(landing) => {
                    landed(landing).await.and_then(|value| typed(value, Duration::ZERO, CacheOutcome::Miss))
                }
            });
        }
        values
    }
}

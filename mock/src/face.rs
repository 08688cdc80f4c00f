//! What the mocks of all providers have in common.

use std::sync::Arc;

use connectors_core::Clock;
use connectors_core::testing::VirtualClock;

/// What every mock is set up with; `C` is the builder of its client.
#[derive(Debug)]
pub(crate) struct Settings<C> {
    pub(crate) seed: u64,
    pub(crate) clock: Option<Arc<dyn Clock>>,
    pub(crate) client: C,
}

impl<C> Settings<C> {
    pub(crate) fn new(client: C) -> Self {
        Self { seed: 7, clock: None, client }
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone().unwrap_or_else(|| Arc::new(VirtualClock::default()))
    }
}

/// The methods that a mock and its builder share with those of the other providers.
macro_rules! face {
    ($mock:ident: $client:ident, $fake:ident; $builder:ident: $settings:ident) => {
        impl $mock {
            /// A mock with seed 7, on a clock of its own.
            pub fn new() -> Self {
                let mock = Self::builder().build();
                mock.unwrap_or_else(|error| unreachable!("the mock's own settings are refused: {error}"))
            }

            /// The client, for its native API.
            pub fn client(&self) -> &$client {
                &self.client
            }

            /// The journal, the faults, the latency, the time.
            pub fn backend(&self) -> &$crate::Backend {
                &self.backend
            }

            /// What the provider holds, and what people do to it.
            pub fn fake(&self) -> &$fake {
                &self.fake
            }
        }

        impl Default for $mock {
            fn default() -> Self {
                Self::new()
            }
        }

        impl $builder {
            /// Other ids and data, and other back-offs of the client.
            pub fn seed(mut self, seed: u64) -> Self {
                self.settings.seed = seed;
                self
            }

            /// Runs on this clock instead of a virtual one of its own.
            pub fn clock(mut self, clock: std::sync::Arc<dyn connectors_core::Clock>) -> Self {
                self.settings.clock = Some(clock);
                self
            }

            /// Keeps in this store what was created.
            pub fn link_store(mut self, store: std::sync::Arc<dyn connectors_core::LinkStore>) -> Self {
                self.settings.client = self.settings.client.link_store(store);
                self
            }

            /// Changes the settings of the client: `.client(|client| client.timeout(..))`. Its address, key, transport,
            /// clock and seed are the mock's.
            pub fn client(mut self, change: impl FnOnce($settings) -> $settings) -> Self {
                self.settings.client = change(self.settings.client);
                self
            }
        }

        impl std::fmt::Debug for $builder {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($builder)).field("settings", &self.settings).finish_non_exhaustive()
            }
        }
    };
}

pub(crate) use face;

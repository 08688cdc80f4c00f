//! What the mocks of all providers have in common.

use std::sync::Arc;

use connectors_core::Clock;
use connectors_core::testing::VirtualClock;

/// What every mock is set up with; `C` is the builder of its client, `S` what its fake can begin with.
#[derive(Debug)]
pub(crate) struct Settings<C, S = ()> {
    pub(crate) seed: u64,
    pub(crate) clock: Option<Arc<dyn Clock>>,
    pub(crate) client: C,
    /// One after the other; the fake keeps them, to begin anew.
    pub(crate) initial: Vec<S>,
}

impl<C, S> Settings<C, S> {
    pub(crate) fn new(client: C) -> Self {
        Self { seed: 7, clock: None, client, initial: Vec::new() }
    }

    /// Changes the last of what the fake begins with.
    pub(crate) fn alter(&mut self, change: impl FnOnce(S) -> S)
    where
        S: Default,
    {
        let last = self.initial.pop().unwrap_or_default();
        self.initial.push(change(last));
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

/// The methods of a builder whose fake can begin with something.
macro_rules! initial {
    ($builder:ident: $setup:ident) => {
        impl $builder {
            /// The fake holds this from the beginning, and again after a reset. What is wrong with it is told by
            /// `build()`.
            pub fn initial(mut self, setup: $setup) -> Self {
                self.settings.initial.push(setup);
                self
            }

            /// The same, from JSON. The error names what cannot be read; what makes no sense is told by `build()`.
            pub fn initial_json(self, setup: &str) -> connectors_core::Result<Self> {
                Ok(self.initial($crate::snapshot::parse(setup)?))
            }
        }
    };
}

pub(crate) use {face, initial};

//! The reports, by what they are about.

use super::{Journey, Loyalty, Ranking, Retail, TradeAreas, Visits};
use crate::PlacerClient;

/// The native reports, each a builder to be awaited: [`PlacerClient::reports`].
///
/// All of them are computed when they are first asked for. The client asks again until they are there, at most for the
/// call's deadline; then the error is of kind [`Pending`](connectors_core::ErrorKind::Pending), the polls were free,
/// and the same call later continues. Finished reports are cached for an hour, the answer that there is no data for
/// five minutes.
#[derive(Debug, Clone)]
pub struct Reports(pub(crate) PlacerClient);

impl Reports {
    /// How many came, when, for how long, and from where.
    pub fn visits(&self) -> Visits {
        Visits(self.0.clone())
    }

    /// How often the same people come.
    pub fn loyalty(&self) -> Loyalty {
        Loyalty(self.0.clone())
    }

    /// Where people come from, and who they are.
    pub fn trade_area(&self) -> TradeAreas {
        TradeAreas(self.0.clone())
    }

    /// How a place compares with others.
    pub fn ranking(&self) -> Ranking {
        Ranking(self.0.clone())
    }

    /// Where else the same people go.
    pub fn journey(&self) -> Journey {
        Journey(self.0.clone())
    }

    /// What is sold.
    pub fn retail(&self) -> Retail {
        Retail(self.0.clone())
    }
}

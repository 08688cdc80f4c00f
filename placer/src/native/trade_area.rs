//! Where people come from, and who they are.

use crate::PlacerClient;

/// Where people come from, and who they are: [`Reports::trade_area`](crate::Reports::trade_area).
#[derive(Debug, Clone)]
pub struct TradeArea(pub(crate) PlacerClient);

//! How a place compares with others.

use crate::PlacerClient;

/// How a place compares with others: [`Reports::ranking`](crate::Reports::ranking).
#[derive(Debug, Clone)]
pub struct Ranking(pub(crate) PlacerClient);

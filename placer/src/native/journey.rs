//! Where else the same people go.

use crate::PlacerClient;

/// Where else the same people go: [`Reports::journey`](crate::Reports::journey).
#[derive(Debug, Clone)]
pub struct Journey(pub(crate) PlacerClient);

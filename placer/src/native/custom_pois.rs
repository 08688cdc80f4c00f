//! Places of the account's own making.

use crate::PlacerClient;

/// Places of the account's own making: [`PlacerClient::custom_pois`](crate::PlacerClient::custom_pois).
#[derive(Debug, Clone)]
pub struct CustomPois(pub(crate) PlacerClient);

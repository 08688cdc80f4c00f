//! The account's own collections of places.

use crate::PlacerClient;

/// The account's own collections of places: [`PlacerClient::tags`](crate::PlacerClient::tags).
#[derive(Debug, Clone)]
pub struct Tags(pub(crate) PlacerClient);

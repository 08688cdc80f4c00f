//! What is sold: in US dollars, in shops, by those who pay there.

use crate::PlacerClient;

/// What is sold: in US dollars, in shops, by those who pay there: [`Reports::retail`](crate::Reports::retail).
#[derive(Debug, Clone)]
pub struct Retail(pub(crate) PlacerClient);

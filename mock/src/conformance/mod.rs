//! One suite of behaviour per service, the same for every face, both contracts, and your own implementations.
//!
//! Each suite asserts: call it from a test.

#[cfg(feature = "brandscopic")]
mod brandscopic;
#[cfg(feature = "placer")]
mod placer;
#[cfg(feature = "qrtiger")]
mod qrtiger;
#[cfg(feature = "smartsheet")]
mod smartsheet;

#[cfg(feature = "brandscopic")]
pub use brandscopic::{brandscopic, brandscopic_campaign};
#[cfg(feature = "placer")]
pub use placer::placer;
#[cfg(feature = "qrtiger")]
pub use qrtiger::qrtiger;
#[cfg(feature = "smartsheet")]
pub use smartsheet::smartsheet;

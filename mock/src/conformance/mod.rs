//! One suite of behaviour per service, the same for every face, both contracts, and your own implementations.
//!
//! Each suite asserts: call it from a test.

mod brandscopic;
mod placer;
mod qrtiger;
mod smartsheet;

pub use brandscopic::{brandscopic, brandscopic_campaign};
pub use placer::placer;
pub use qrtiger::qrtiger;
pub use smartsheet::smartsheet;

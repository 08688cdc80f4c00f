//! One suite of behaviour per service, the same for every face, both contracts, and your own implementations.
//!
//! Each suite asserts: call it from a test.

mod brandscopic;

pub use brandscopic::{brandscopic, brandscopic_campaign};

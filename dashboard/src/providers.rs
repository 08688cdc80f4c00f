//! The providers, one file each.

mod brandscopic;
mod placer;
mod qrtiger;
mod smartsheet;

pub use brandscopic::{BRANDSCOPIC, BrandscopicIntegration};
pub use placer::{PLACER, PlacerIntegration};
pub use qrtiger::{QRTIGER, QrTigerIntegration};
pub use smartsheet::{SMARTSHEET, SmartsheetIntegration};

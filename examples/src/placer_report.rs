//! The footfall of a list of stores, as a page with charts and as rows.
//!
//! [`FootfallReport::collect`](data::FootfallReport::collect) asks Placer; the rest is drawing.

pub mod args;
pub mod chart;
pub mod data;
pub mod page;
pub mod stores;
pub mod svg;

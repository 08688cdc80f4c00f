//! A campaign launched across Brandscopic, Placer.ai, Smartsheet and QR TIGER.
//!
//! [`launch`](launch::launch) is the job; the rest is what a program around it needs.

pub mod args;
pub mod launch;
pub mod plan;
pub mod progress;
pub mod report;
pub mod services;

#![doc = include_str!("../../README.md")]
// Unpublished: the programs are there to be read.
#![allow(missing_docs, missing_debug_implementations)]

pub mod campaign_launch;
pub mod placer_report;

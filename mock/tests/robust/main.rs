//! Whatever comes over a connection is answered, as far as HTTP has an answer to it.

mod bodies;
mod connections;
mod defects;
mod heads;
mod random;
mod raw;
mod slow;

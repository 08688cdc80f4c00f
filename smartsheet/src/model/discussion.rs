//! Discussions, as they are read and written.

//! Shares, as they are read and written.

//! Governances, as they are read and written.

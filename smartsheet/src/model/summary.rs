//! Summarys, as they are read and written.

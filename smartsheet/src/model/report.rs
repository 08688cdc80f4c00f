//! Reports, as they are read and written.

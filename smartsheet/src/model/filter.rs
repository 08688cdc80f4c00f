//! Filters, as they are read and written.

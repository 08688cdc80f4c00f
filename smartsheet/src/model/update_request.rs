//! Update requests, as they are read and written.

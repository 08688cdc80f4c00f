//! Searchs, as they are read and written.

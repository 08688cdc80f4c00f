//! Events, as they are read and written.

//! Groups, as they are read and written.

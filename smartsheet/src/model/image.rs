//! Images, as they are read and written.

//! Users, as they are read and written.

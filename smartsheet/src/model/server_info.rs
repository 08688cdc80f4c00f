//! Server infos, as they are read and written.

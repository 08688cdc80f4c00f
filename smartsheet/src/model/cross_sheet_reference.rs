//! Cross sheet references, as they are read and written.

//! Favorites, as they are read and written.

//! Tokens, as they are read and written.

//! Proofs, as they are read and written.

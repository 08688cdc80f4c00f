//! Webhooks, as they are read and written.

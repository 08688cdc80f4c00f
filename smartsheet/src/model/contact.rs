//! Contacts, as they are read and written.

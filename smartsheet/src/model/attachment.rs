//! Attachments, as they are read and written.

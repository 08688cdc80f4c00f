//! Automation rules, as they are read and written.

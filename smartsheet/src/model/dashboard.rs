//! Dashboards, as they are read and written.

//! Publishing on the web.

//! What most providers refuse.

use crate::error::{Error, Result};

/// Refuses an id that nothing has. The error names `field`.
pub fn positive(field: &str, id: i64) -> Result<()> {
    if id > 0 { Ok(()) } else { Err(Error::invalid(field, "must be a positive number")) }
}

/// Refuses a text that says nothing. The error names `field`.
pub fn not_blank(field: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() { Err(Error::invalid(field, "must not be blank")) } else { Ok(()) }
}

//! Helpers for what travels on the wire: open enums, lenient scalars, tri-state fields, ids.
//!
//! The macros live at the crate's root: [`open_enum!`](crate::open_enum), [`id_newtype!`](crate::id_newtype) and
//! [`string_id!`](crate::string_id).

mod field;
mod id;
pub mod lenient;
mod open_enum;

pub use field::Field;
pub use id::check_id;
pub use open_enum::Unrecognized;

#[doc(hidden)]
pub use open_enum::{deserialize as __open_enum, unrecognized as __unrecognized};
#[doc(hidden)]
pub use serde as __serde;

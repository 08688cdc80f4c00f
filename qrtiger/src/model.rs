//! What QR TIGER sends and takes.

mod campaign;
mod contrast;
mod css;
mod data;
mod design;
mod image;
mod style;
mod vcard;

pub use campaign::{Campaign, Category, QrId};
pub use data::{DataPeriod, ScanCount, ScanData, ScanKey};
pub use design::Design;
pub use image::QrImage;
pub use style::{Color, DataPattern, EyeInner, EyeOuter, Frame, Gradient, ImageFormat};
pub use vcard::VCard;

pub(crate) use campaign::{CampaignList, Created, readable};
#[cfg(feature = "render")]
pub(crate) use contrast::{Fill, Looks};
pub(crate) use data::{sum, total};
pub(crate) use image::sniff;

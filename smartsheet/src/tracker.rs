//! The built-in layout of a campaign's tracker: one row per event.

use crate::model::{ColumnType, NewColumn};

/// Our id of the event. The primary column, by which rows are found.
pub const EVENT_ID: &str = "Event ID";
/// The event's name.
pub const EVENT: &str = "Event";
/// The venue's name.
pub const VENUE: &str = "Venue";
/// The venue's city.
pub const CITY: &str = "City";
/// The day on which it begins.
pub const STARTS: &str = "Starts";
/// The day on which it ends.
pub const ENDS: &str = "Ends";
/// The visits to expect at the venue.
pub const EXPECTED_FOOTFALL: &str = "Expected footfall";
/// When most people are there, such as `12-14, 17-19`.
pub const PEAK_HOURS: &str = "Peak hours";
/// How far the event has come in Brandscopic.
pub const BRANDSCOPIC_STATUS: &str = "Brandscopic status";
/// The short link of the event's QR code.
pub const QR_LINK: &str = "QR link";
/// How often the code was scanned.
pub const SCANS: &str = "Scans";

/// The columns of the tracker, in its order.
pub fn columns() -> Vec<NewColumn> {
    let text = |title| NewColumn::new(title, ColumnType::TextNumber);
    let date = |title| NewColumn::new(title, ColumnType::Date);
    vec![
        text(EVENT_ID).primary(true),
        text(EVENT),
        text(VENUE),
        text(CITY),
        date(STARTS),
        date(ENDS),
        text(EXPECTED_FOOTFALL),
        text(PEAK_HOURS),
        text(BRANDSCOPIC_STATUS),
        text(QR_LINK),
        text(SCANS),
    ]
}

//! Pictures that look like codes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::scans;

/// One violet pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGOI4/4AAAIkAVpiXKOoAAAAAElFTkSuQmCC";

/// The picture of `text` in this format, `png` or `svg`.
pub(super) fn picture(format: &str, text: &str) -> Bytes {
    match format {
        "svg" => svg(text).into(),
        _ => STANDARD.decode(PNG).unwrap_or_default().into(),
    }
}

pub(super) fn base64(picture: &[u8]) -> String {
    STANDARD.encode(picture)
}

pub(super) fn media_type(format: &str) -> &'static str {
    if format == "svg" { "image/svg+xml" } else { "image/png" }
}

/// Three corner squares, and modules that depend on the text.
fn svg(text: &str) -> String {
    let mut random = scans::random(0, text, 0);
    let corners = [(0, 0), (14, 0), (0, 14)].map(|(x, y)| format!("M{x},{y}h7v7h-7zm1,1v5h5v-5zm1,1h3v3h-3z"));
    let free = |x: i32, y: i32| !((x < 8 && !(8..13).contains(&y)) || (y < 8 && x > 12));
    let cells = (0..21).flat_map(|y| (0..21).map(move |x| (x, y))).filter(|&(x, y)| free(x, y));
    let modules = cells.filter(|_| random.bool()).map(|(x, y)| format!("M{x},{y}h1v1h-1z"));
    let path = corners.into_iter().chain(modules).collect::<Vec<_>>().concat();
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 21 21"><path fill-rule="evenodd" d="{path}"/></svg>"#
    )
}

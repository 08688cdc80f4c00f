//! The words in documented paths, which say nothing about anybody.

use std::collections::HashSet;
use std::sync::LazyLock;

const LISTS: &[&str] = &[
    #[cfg(feature = "brandscopic")]
    include_str!("../brandscopic/operations.csv"),
    #[cfg(feature = "brandscopic")]
    include_str!("../brandscopic/gateway.csv"),
    #[cfg(feature = "placer")]
    include_str!("../placer/operations.csv"),
    #[cfg(feature = "qrtiger")]
    include_str!("../qrtiger/operations.csv"),
    #[cfg(feature = "smartsheet")]
    include_str!("../smartsheet/operations.csv"),
];

/// What is in front of paths, and in those of gateways.
const OTHERS: [&str; 9] = ["", "2.0", "v1", "api", "health", "venues", "footfall", "movement", "demographics"];

static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let templates = LISTS.iter().flat_map(|list| list.lines().skip(1)).filter_map(|line| line.split(',').nth(2));
    let words = templates.flat_map(|template| template.split('/')).filter(|word| !word.starts_with('{'));
    words.chain(OTHERS).collect()
});

/// Whether a part of a path is one of them.
pub(super) fn is_word(part: &str) -> bool {
    let stem = part.strip_suffix(".json").unwrap_or(part);
    WORDS.contains(part) || WORDS.contains(stem)
}

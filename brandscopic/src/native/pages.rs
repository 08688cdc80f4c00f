//! Lists that come in numbered pages.

use std::future::Future;

use connectors_core::{Cursor, Error, Page, Pager, Result};

/// What a page holds; the server offers no choice.
const PAGE_SIZE: u64 = 30;

/// Refuses a number that no page has.
pub(super) fn from_one(page: u64) -> Result<()> {
    if page > 0 { Ok(()) } else { Err(Error::invalid("page", "must be at least 1")) }
}

/// How many pages there are, told or counted.
pub(super) fn count(total_pages: Option<u64>, total: u64) -> u64 {
    total_pages.unwrap_or_else(|| total.div_ceil(PAGE_SIZE))
}

/// All items from page `first` on. `get` tells the items of a page, and how many pages there are. A cursor is the number
/// of a page.
pub(super) fn pager<T, F>(first: u64, get: impl Fn(u64) -> F + Send + 'static) -> Pager<T>
where
    F: Future<Output = Result<(Vec<T>, u64)>> + Send + 'static,
{
    Pager::new(Some(Cursor::new(first.to_string())), move |cursor| {
        let number = cursor.map_or(Ok(first), |cursor| {
            cursor.as_str().parse().map_err(|_| Error::invalid("cursor", "must be the number of a page"))
        });
        let page = number.as_ref().ok().map(|number| get(*number));
        async move {
            let number: u64 = number?;
            let (items, pages) = match page {
                Some(page) => page.await?,
                None => (Vec::new(), 0),
            };
            let next = (number < pages && !items.is_empty()).then(|| Cursor::new((number + 1).to_string()));
            Ok(Page::new(items, next))
        }
    })
}

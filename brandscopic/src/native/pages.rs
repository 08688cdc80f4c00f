//! Lists that come in numbered pages.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use connectors_core::provider::Operation;
use connectors_core::{Cursor, Error, ErrorKind, Page, Pager, Request, Result};

/// What a page holds; the server offers no choice.
const PAGE_SIZE: u64 = 30;

/// The parameter that says which page.
const PAGE: &str = "page";

/// Refuses a number that no page has.
pub(super) fn from_one(page: u64) -> Result<()> {
    if page > 0 { Ok(()) } else { Err(Error::invalid("page", "must be at least 1")) }
}

/// How many pages there are, told or counted.
pub(super) fn count(total_pages: Option<u64>, total: u64) -> u64 {
    total_pages.unwrap_or_else(|| total.div_ceil(PAGE_SIZE))
}

/// All items of a list from the page on that its request asks for. `read` takes a page apart as [`pager`] wants it.
pub(super) fn all<P: Send + 'static, T: Send + 'static>(
    operation: &'static Operation,
    list: Request<P>,
    id: fn(&T) -> i64,
    read: fn(P) -> (Vec<T>, u64),
) -> Pager<T> {
    let first = list.parameter(PAGE).and_then(|page| page.parse().ok()).unwrap_or(1);
    pager(operation, first, id, move |number| {
        let page = at(list.clone(), number).send();
        async move { page.await.map(|page| read(page.into_inner())) }
    })
}

/// The request for this page of a list.
pub(super) fn at<P>(list: Request<P>, number: u64) -> Request<P> {
    list.check(from_one(number)).set(PAGE, number)
}

/// All items from page `first` on. `get` tells the items of a page, and how many pages there are. A cursor is the number
/// of a page.
///
/// Fails with [`Decode`](ErrorKind::Decode) if the server sends the same page again, by the `id` of its first item.
pub(super) fn pager<T, F>(
    operation: &'static Operation,
    first: u64,
    id: fn(&T) -> i64,
    get: impl Fn(u64) -> F + Send + 'static,
) -> Pager<T>
where
    T: Send + 'static,
    F: Future<Output = Result<(Vec<T>, u64)>> + Send + 'static,
{
    // What the page before begins with.
    let before = Arc::new(AtomicI64::new(0));
    Pager::new(Some(Cursor::new(first.to_string())), move |cursor| {
        let number = cursor.map_or(Ok(first), |cursor| {
            cursor.as_str().parse().map_err(|_| Error::invalid("cursor", "must be the number of a page"))
        });
        let (page, before) = (number.as_ref().ok().map(|number| get(*number)), Arc::clone(&before));
        async move {
            let number: u64 = number?;
            let (items, pages) = match page {
                Some(page) => page.await?,
                None => (Vec::new(), 0),
            };
            let begins_with = items.first().map_or(0, id);
            if begins_with != 0 && before.swap(begins_with, Ordering::Relaxed) == begins_with {
                let error = Error::new(ErrorKind::Decode, "the server sent the same page twice");
                return Err(error.with_origin(operation.provider, operation.name));
            }
            let next = (number < pages && !items.is_empty()).then(|| Cursor::new((number + 1).to_string()));
            Ok(Page::new(items, next))
        }
    })
}

//! Answers that come in pages.

use std::collections::HashSet;
use std::convert::Infallible;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// The most items that [`Pager::collect_all`] takes into memory.
const MAX_COLLECTED: usize = 1_000_000;

/// Where a page begins: opaque text of the provider, to be stored and given back as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// The cursor with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Cursor {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::new(text))
    }
}

/// One page.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it; possibly nothing, although more pages follow.
    pub items: Vec<T>,
    /// Where the next one begins; `None` on the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page, and where the next one begins.
    pub fn new(items: Vec<T>, next: Option<Cursor>) -> Self {
        Self { items, next }
    }
}

type Fetching<T> = Pin<Box<dyn Future<Output = Result<Page<T>>> + Send>>;

/// The pages of an answer, one after the other, each fetched when it is asked for: [`Pager::pages`].
///
/// Ends after the last page, after the page limit, or after an error.
pub struct Pages<T> {
    fetch: Box<dyn FnMut(Option<Cursor>) -> Fetching<T> + Send>,
    fetching: Option<Fetching<T>>,
    cursor: Option<Cursor>,
    seen: HashSet<Cursor>,
    left: usize,
}

impl<T> Pages<T> {
    /// Where the next page begins, after an error the one that failed; `None` before the first and after the last.
    pub fn cursor(&self) -> Option<&Cursor> {
        self.cursor.as_ref()
    }

    /// The next page, as [`Stream::poll_next`] gives it.
    pub async fn next(&mut self) -> Option<Result<Page<T>>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.left == 0 {
            return Poll::Ready(None);
        }
        if this.fetching.is_none()
            && let Some(cursor) = &this.cursor
            && !this.seen.insert(cursor.clone())
        {
            this.left = 0;
            return Poll::Ready(Some(Err(Error::new(
                ErrorKind::Decode,
                "the provider sent the same page cursor twice",
            ))));
        }
        let fetching = this.fetching.get_or_insert_with(|| (this.fetch)(this.cursor.clone()));
        let answer = ready!(fetching.as_mut().poll(cx));
        this.fetching = None;
        match &answer {
            Ok(page) => {
                this.left = if page.next.is_some() { this.left - 1 } else { 0 };
                this.cursor.clone_from(&page.next);
            }
            Err(_) => this.left = 0,
        }
        Poll::Ready(Some(answer))
    }
}

impl<T> Unpin for Pages<T> {}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

/// The items of an answer that comes in pages: a [`Stream`] that fetches the next page when it is needed.
///
/// An error ends the stream and takes nothing back of what came before; [`Pager::cursor`] says where to go on. A
/// cursor that the provider sends twice is an error of kind [`ErrorKind::Decode`], not an endless loop.
///
/// ```
/// use connectors_core::{Cursor, Page, Pager};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut pager = Pager::new(None, |cursor: Option<Cursor>| async move {
///     Ok(match cursor {
///         None => Page::new(vec![1, 2], Some(Cursor::new("second"))),
///         Some(_) => Page::new(vec![3], None),
///     })
/// });
/// let mut sum = 0;
/// while let Some(item) = pager.next().await {
///     sum += item?;
/// }
/// assert_eq!(sum, 6);
/// # Ok::<(), connectors_core::Error>(()) }).unwrap();
/// ```
pub struct Pager<T> {
    pages: Pages<T>,
    items: vec::IntoIter<T>,
    here: Option<Cursor>,
    next: Option<Cursor>,
    ahead: Option<Result<Page<T>>>,
    prefetch: bool,
}

impl<T> Pager<T> {
    /// Reads from `first` on (`None`: from the beginning); `fetch` gets the page at a cursor.
    pub fn new<F, Fut>(first: Option<Cursor>, mut fetch: F) -> Self
    where
        F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Page<T>>> + Send + 'static,
    {
        let pages = Pages {
            fetch: Box::new(move |cursor| Box::pin(fetch(cursor))),
            fetching: None,
            cursor: first.clone(),
            seen: HashSet::new(),
            left: usize::MAX,
        };
        Self { pages, items: Vec::new().into_iter(), here: None, next: first, ahead: None, prefetch: false }
    }

    /// Ends the stream after this many pages, without an error; [`Pager::cursor`] then is where to go on.
    pub fn with_max_pages(mut self, pages: usize) -> Self {
        self.pages.left = pages;
        self
    }

    /// Begins to fetch the next page while the items of one are read. Off unless asked for: a reader that stops
    /// early would pay for a page it never sees. The request under way keeps its place in the client's quota while the
    /// items are read, so do not wait for another call of a client that allows one at a time.
    pub fn prefetch(mut self) -> Self {
        self.prefetch = true;
        self
    }

    /// The pages as such, for readers that take them whole. To be called before an item was read.
    pub fn pages(self) -> Pages<T> {
        self.pages
    }

    /// The first page of which an item has not been read yet: to go on from there later, give it to a new pager
    /// (items of that page that were read come again). `None` before anything was read, and at the end.
    pub fn cursor(&self) -> Option<&Cursor> {
        if self.items.as_slice().is_empty() { self.next.as_ref() } else { self.here.as_ref() }
    }

    /// The next item, as [`Stream::poll_next`] gives it.
    pub async fn next(&mut self) -> Option<Result<T>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// All items that are left. Gives up with [`ErrorKind::BodyTooLarge`] beyond a million, which are better read one
    /// by one.
    pub async fn collect_all(mut self) -> Result<Vec<T>> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await {
            if all.len() == MAX_COLLECTED {
                let error = Error::new(ErrorKind::BodyTooLarge, format!("more than {MAX_COLLECTED} items"));
                return Err(error.with_hint("read the pager as a stream"));
            }
            all.push(item?);
        }
        Ok(all)
    }
}

impl<T> Stream for Pager<T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            let needed = this.items.as_slice().is_empty();
            if this.ahead.is_none() && (needed || this.prefetch) {
                match Pin::new(&mut this.pages).poll_next(cx) {
                    Poll::Ready(answer) => this.ahead = answer,
                    Poll::Pending if needed => return Poll::Pending,
                    Poll::Pending => {}
                }
            }
            if let Some(item) = this.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match this.ahead.take() {
                Some(Ok(page)) => {
                    this.here = this.next.take();
                    this.next = page.next;
                    this.items = page.items.into_iter();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> Unpin for Pager<T> {}

impl<T> fmt::Debug for Pager<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager").field("cursor", &self.cursor()).finish_non_exhaustive()
    }
}

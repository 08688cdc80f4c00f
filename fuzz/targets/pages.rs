//! Pagers over providers that send any pages and cursors.
#![no_main]

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use connectors_core::{Cursor, Error, ErrorKind, Page, Pager};
use connectors_fuzz::check_error;
use libfuzzer_sys::fuzz_target;

/// A page as a byte says: what it holds, how it comes, and where the next one begins.
#[derive(Clone, Copy)]
struct Script(u8);

impl Script {
    fn items(self) -> usize {
        usize::from(self.0 & 3)
    }

    fn fails(self) -> bool {
        self.0 & 0b1111_1000 == 0b0111_1000
    }

    fn comes_later(self) -> bool {
        self.0 & 4 != 0
    }

    /// One of a few cursors, so that they come again.
    fn next(self) -> Option<Cursor> {
        let next = self.0 >> 3;
        (next != 0).then(|| Cursor::new(next.to_string()))
    }
}

/// The page at a cursor is always the same, as a provider's is.
#[derive(Clone)]
struct Provider {
    pages: Arc<HashMap<Option<Cursor>, Script>>,
    asked: Arc<Mutex<Vec<Option<Cursor>>>>,
}

impl Provider {
    fn pager(&self, first: Option<Cursor>) -> Pager<(Option<Cursor>, usize)> {
        let provider = self.clone();
        Pager::new(first, move |cursor| {
            let provider = provider.clone();
            async move { provider.page(cursor).await }
        })
    }

    async fn page(&self, cursor: Option<Cursor>) -> connectors_core::Result<Page<(Option<Cursor>, usize)>> {
        self.asked.lock().unwrap().push(cursor.clone());
        let script = self.pages.get(&cursor).copied().unwrap_or(Script(1));
        if script.comes_later() {
            once_pending().await;
        }
        if script.fails() {
            return Err(Error::new(ErrorKind::Server, "failed"));
        }
        Ok(Page::new((0..script.items()).map(|item| (cursor.clone(), item)).collect(), script.next()))
    }
}

/// All that a pager gave.
#[derive(Debug, PartialEq)]
struct Read {
    items: Vec<(Option<Cursor>, usize)>,
    end: Option<ErrorKind>,
    cursor: Option<Cursor>,
}

// The first byte limits the pages and says where a reader stops; each that follows is the page at a cursor.
fuzz_target!(|data: &[u8]| {
    let Some((&plan, pages)) = data.split_first() else { return };
    let name = |at: usize| (at > 0).then(|| Cursor::new(at.to_string()));
    let pages = pages.iter().take(32).enumerate().map(|(at, byte)| (name(at), Script(*byte))).collect();
    let provider = Provider { pages: Arc::new(pages), asked: Arc::default() };

    let whole = read(&provider, provider.pager(None));
    assert_eq!(read(&provider, provider.pager(None).prefetch()), whole, "prefetched");
    assert_eq!(by_page(&provider), whole, "page by page");

    // A reader who stops goes on at the cursor, and sees at most the items of one page again.
    let (most, stop) = (usize::from(plan & 7), usize::from(plan >> 3));
    let mut first = provider.pager(None);
    let mut items: Vec<_> = (0..stop).map_while(|_| run(first.next())?.ok()).collect();
    if items.len() == stop && stop < whole.items.len() && first.cursor().is_some() {
        let here = first.cursor().cloned();
        while items.pop_if(|(page, _)| *page == here).is_some() {}
        let rest = read(&provider, provider.pager(here));
        items.extend(rest.items);
        // Cut short, a circle of cursors is found later.
        assert!(items.starts_with(&whole.items), "{items:?} is not {whole:?}");
    }
    let some = read(&provider, provider.pager(None).with_max_pages(most));
    assert!(whole.items.starts_with(&some.items));
    let all = run(provider.pager(None).collect_all());
    assert_eq!(all.map_err(|error| error.kind()), whole.end.map_or(Ok(whole.items), Err));
});

fn read(provider: &Provider, mut pager: Pager<(Option<Cursor>, usize)>) -> Read {
    provider.asked.lock().unwrap().clear();
    let mut items = Vec::new();
    let end = loop {
        match run(pager.next()) {
            Some(Ok(item)) => items.push(item),
            Some(Err(error)) => {
                check_error(&error);
                break Some(error.kind());
            }
            None => break None,
        }
    };
    assert!(run(pager.next()).is_none() && run(pager.next()).is_none(), "over is over");
    let mut asked = std::mem::take(&mut *provider.asked.lock().unwrap());
    let requests = asked.len();
    asked.sort_by_key(|cursor| cursor.as_ref().map(ToString::to_string));
    asked.dedup();
    assert_eq!(asked.len(), requests, "no page is asked for twice");
    Read { items, end, cursor: pager.cursor().cloned() }
}

fn by_page(provider: &Provider) -> Read {
    let mut pages = provider.pager(None).pages();
    let (mut items, mut end) = (Vec::new(), None);
    while let Some(page) = run(pages.next()) {
        match page {
            Ok(page) => items.extend(page.items),
            Err(error) => end = Some(error.kind()),
        }
    }
    Read { items, end, cursor: pages.cursor().cloned() }
}

/// Polls until it is done: nothing here waits for anybody else.
fn run<F: Future>(work: F) -> F::Output {
    let mut work = pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = work.as_mut().poll(&mut context) {
            return output;
        }
    }
}

async fn once_pending() {
    let mut pending = true;
    poll_fn(|_| if std::mem::take(&mut pending) { Poll::Pending } else { Poll::Ready(()) }).await;
}

//! Reading answers that come in pages.

#![allow(clippy::unwrap_used, reason = "also the helpers of the tests are tests")]

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use connectors_core::{Cursor, Error, ErrorKind, Page, Pager};
use futures_core::Stream;
use proptest::prelude::*;

/// Which cursors were asked for.
type Asked = Arc<Mutex<Vec<Option<String>>>>;

/// A pager over scripted pages: the first answers to no cursor, page `n` to the cursor `n`, and what is beyond fails.
fn pager(first: Option<&str>, script: Vec<Page<u32>>) -> (Pager<u32>, Asked) {
    let asked = Asked::default();
    let log = asked.clone();
    let scripted = Pager::new(first.map(Cursor::new), move |cursor| {
        let cursor = cursor.map(|cursor| cursor.to_string());
        let index: usize = cursor.as_deref().map_or(0, |cursor| cursor.parse().unwrap());
        log.lock().unwrap().push(cursor);
        let page = script.get(index).cloned();
        async move {
            tokio::task::yield_now().await;
            page.ok_or_else(|| Error::new(ErrorKind::Server, "no"))
        }
    });
    (scripted, asked)
}

fn page(items: &[u32], next: Option<&str>) -> Page<u32> {
    Page::new(items.to_vec(), next.map(Cursor::new))
}

fn asked_for(asked: &Asked) -> Vec<Option<String>> {
    asked.lock().unwrap().clone()
}

async fn items(pager: &mut Pager<u32>) -> Vec<u32> {
    let mut all = Vec::new();
    while let Some(item) = pager.next().await {
        all.push(item.unwrap());
    }
    all
}

#[tokio::test]
async fn reads_all_pages_also_past_an_empty_one() {
    let (mut pager, asked) = pager(None, vec![page(&[1, 2], Some("1")), page(&[], Some("2")), page(&[3], None)]);
    assert_eq!(items(&mut pager).await, [1, 2, 3]);
    assert_eq!(asked_for(&asked), [None, Some("1".into()), Some("2".into())]);
    assert!(pager.next().await.is_none() && pager.cursor().is_none());
}

#[tokio::test]
async fn a_page_is_fetched_only_when_it_is_needed() {
    let (mut pager, asked) = pager(None, vec![page(&[1, 2], Some("1")), page(&[3], None)]);
    assert!(asked_for(&asked).is_empty());
    assert_eq!((pager.next().await.unwrap().unwrap(), pager.next().await.unwrap().unwrap()), (1, 2));
    assert_eq!(asked_for(&asked).len(), 1);
}

#[tokio::test]
async fn an_error_keeps_what_came_before_and_the_rest_can_be_read_later() {
    let (mut broken, asked) = pager(None, vec![page(&[1, 2], Some("1"))]);
    assert_eq!((broken.next().await.unwrap().unwrap(), broken.next().await.unwrap().unwrap()), (1, 2));
    assert_eq!(broken.next().await.unwrap().unwrap_err().kind(), ErrorKind::Server);
    assert!(broken.next().await.is_none());
    assert_eq!(asked_for(&asked).len(), 2);

    let stored = serde_json::to_string(broken.cursor().unwrap()).unwrap();
    assert_eq!(stored, r#""1""#);
    let resumed: Cursor = serde_json::from_str(&stored).unwrap();
    let (mut rest, _) = pager(Some(resumed.as_str()), vec![page(&[1, 2], Some("1")), page(&[3], None)]);
    assert_eq!(items(&mut rest).await, [3]);
}

#[tokio::test]
async fn the_cursor_is_the_first_page_not_read_to_its_end() {
    let (mut pager, _) = pager(None, vec![page(&[1], Some("1")), page(&[2, 3], Some("2")), page(&[4], None)]);
    let mut cursors = Vec::new();
    while let Some(Ok(_)) = pager.next().await {
        cursors.push(pager.cursor().map(ToString::to_string));
    }
    assert_eq!(cursors, [Some("1".into()), Some("1".into()), Some("2".into()), None]);
}

#[tokio::test]
async fn a_repeated_cursor_is_an_error_and_no_endless_loop() {
    for pages in [
        vec![page(&[1], Some("1")), page(&[2], Some("1"))],
        vec![page(&[1], Some("1")), page(&[], Some("2")), page(&[2], Some("1"))],
    ] {
        let (mut pager, _) = pager(None, pages);
        assert_eq!((pager.next().await.unwrap().unwrap(), pager.next().await.unwrap().unwrap()), (1, 2));
        assert_eq!(pager.next().await.unwrap().unwrap_err().kind(), ErrorKind::Decode);
        assert!(pager.next().await.is_none());
    }
}

#[tokio::test]
async fn stops_after_the_page_limit_and_says_where() {
    let (pager, asked) = pager(None, vec![page(&[1], Some("1")), page(&[2], Some("2"))]);
    let mut pager = pager.with_max_pages(2);
    assert_eq!(items(&mut pager).await, [1, 2]);
    assert_eq!(pager.cursor().map(Cursor::as_str), Some("2"));
    assert_eq!(asked_for(&asked).len(), 2);
}

#[tokio::test]
async fn pages_can_be_read_whole() {
    let (pager, _) = pager(None, vec![page(&[1, 2], Some("1"))]);
    let mut whole = pager.pages();
    assert_eq!(whole.next().await.unwrap().unwrap().items, [1, 2]);
    assert!(whole.next().await.unwrap().is_err());
    assert!(whole.next().await.is_none());
    assert_eq!(whole.cursor().map(Cursor::as_str), Some("1"));
}

#[tokio::test]
async fn collecting_gives_all_or_the_error() {
    let (good, _) = pager(None, vec![page(&[1], Some("1")), page(&[2], None)]);
    assert_eq!(good.collect_all().await.unwrap(), [1, 2]);
    let (bad, _) = pager(None, vec![page(&[1], Some("1"))]);
    assert_eq!(bad.collect_all().await.unwrap_err().kind(), ErrorKind::Server);
}

#[tokio::test]
async fn collecting_has_a_limit() {
    let endless = Pager::new(None, |cursor: Option<Cursor>| async move {
        let at: u32 = cursor.map_or(0, |cursor| cursor.as_str().parse().unwrap_or_default());
        Ok(Page::new(vec![at; 100_000], Some(Cursor::new((at + 1).to_string()))))
    });
    assert_eq!(endless.collect_all().await.unwrap_err().kind(), ErrorKind::BodyTooLarge);
}

#[tokio::test]
async fn prefetching_asks_for_the_next_page_while_one_is_read() {
    let (pager, asked) = pager(None, vec![page(&[1, 2, 3], Some("1")), page(&[4], Some("2"))]);
    let mut pager = pager.prefetch();
    assert_eq!((pager.next().await.unwrap().unwrap(), pager.next().await.unwrap().unwrap()), (1, 2));
    assert_eq!(asked_for(&asked).len(), 2);
    assert!(pager.cursor().is_none(), "the first page is not read to its end");
    assert_eq!((pager.next().await.unwrap().unwrap(), pager.next().await.unwrap().unwrap()), (3, 4));
    assert!(pager.next().await.unwrap().is_err());
    assert_eq!(pager.cursor().map(Cursor::as_str), Some("2"));
}

#[tokio::test]
async fn it_is_a_stream_that_can_be_spawned() {
    let (mut pager, _) = pager(None, vec![page(&[1], None)]);
    let mut cx = Context::from_waker(Waker::noop());
    assert!(Pin::new(&mut pager).poll_next(&mut cx).is_pending());
    let Poll::Ready(Some(Ok(1))) = Pin::new(&mut pager).poll_next(&mut cx) else { panic!("one item") };
    assert!(tokio::spawn(async move { pager.next().await.is_none() }).await.unwrap());
}

/// The cursors of a provider that lies: page `n` points anywhere.
fn hostile_script() -> impl Strategy<Value = Vec<Page<u32>>> {
    let next = prop::option::weighted(0.9, 0..12_usize);
    prop::collection::vec((prop::collection::vec(any::<u32>(), 0..3), next), 1..12).prop_map(|pages| {
        let page =
            |(items, next): (Vec<u32>, Option<usize>)| Page::new(items, next.map(|n| Cursor::new(n.to_string())));
        pages.into_iter().map(page).collect()
    })
}

proptest! {
    #[test]
    fn whatever_the_cursors_are_each_page_is_read_once_and_the_end_comes(
        script in hostile_script(), prefetch in any::<bool>(), most in prop::option::of(0..15_usize),
    ) {
        // The walk as it should be: to a page without a successor, one that was there, one that is missing, the limit.
        let (mut wanted, mut at, mut seen) = (Vec::<u32>::new(), 0, HashSet::new());
        let mut fetches = 0;
        while fetches < most.unwrap_or(usize::MAX) {
            fetches += 1;
            let Some(page) = script.get(at) else { break };
            wanted.extend(&page.items);
            let Some(next) = &page.next else { break };
            if !seen.insert(next.clone()) {
                break;
            }
            at = next.as_str().parse().unwrap();
        }
        let (mut pager, asked) = pager(None, script);
        if let Some(most) = most {
            pager = pager.with_max_pages(most);
        }
        if prefetch {
            pager = pager.prefetch();
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (read, ends) = runtime.block_on(async {
            let mut read = Vec::new();
            while let Some(Ok(item)) = pager.next().await {
                read.push(item);
            }
            (read, pager.next().await.is_none())
        });
        prop_assert_eq!(read, wanted);
        prop_assert!(ends);
        prop_assert_eq!(asked_for(&asked).len(), fetches);
    }
}

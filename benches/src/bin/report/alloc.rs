//! A counting allocator: how often the heap is asked, and how full it gets.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicU64, Ordering::Relaxed};

/// The system's allocator, which counts while [`counted`] runs.
pub struct Counting;

static COUNTS: AtomicBool = AtomicBool::new(false);
static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
/// Goes below zero when something older is freed.
static HELD: AtomicIsize = AtomicIsize::new(0);
static PEAK: AtomicIsize = AtomicIsize::new(0);

/// What a piece of work did to the heap, on all threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heap {
    /// Blocks asked for; one that grows counts anew.
    pub allocations: u64,
    /// The most bytes held at a time, above what was held before.
    pub peak: usize,
}

/// Runs `work` and tells what it did to the heap. One at a time.
pub fn counted<T>(work: impl FnOnce() -> T) -> (T, Heap) {
    ALLOCATIONS.store(0, Relaxed);
    HELD.store(0, Relaxed);
    PEAK.store(0, Relaxed);
    COUNTS.store(true, Relaxed);
    let result = work();
    COUNTS.store(false, Relaxed);
    (result, Heap { allocations: ALLOCATIONS.load(Relaxed), peak: PEAK.load(Relaxed).unsigned_abs() })
}

fn record(asked: bool, more: usize, less: usize) {
    // What is timed is not counted, and must not pay for it.
    if !COUNTS.load(Relaxed) {
        return;
    }
    ALLOCATIONS.fetch_add(u64::from(asked), Relaxed);
    let change = more.cast_signed() - less.cast_signed();
    let held = HELD.fetch_add(change, Relaxed) + change;
    PEAK.fetch_max(held, Relaxed);
}

#[expect(unsafe_code, reason = "an allocator cannot be written without; each call is handed on as it came")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        record(true, layout.size(), 0);
        // SAFETY: the caller keeps the contract of `alloc`, which is the same here.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        record(true, layout.size(), 0);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        record(true, size, layout.size());
        // SAFETY: as above; every block here comes from `System`.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        record(false, 0, layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

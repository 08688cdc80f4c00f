//! The rate limiter under any schedule of calls, pauses and drops, against a model that only counts.
#![no_main]

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use connectors_core::provider::{Permit, RateLimiter};
use connectors_core::testing::VirtualClock;
use connectors_core::{Clock, ErrorKind, Priority, RateLimits, Result, Window};
use connectors_fuzz::{block_on, check_error};
use libfuzzer_sys::fuzz_target;
use tokio::task::{JoinHandle, LocalSet, spawn_local, yield_now};

const GROUPS: [&str; 3] = ["*", "reports", "pois"];

/// Longer than any schedule: whoever waits this long gets a turn, unless the limiter forgot it.
const LONG: Duration = Duration::from_secs(1_000_000);

// The first bytes make the limits; every two that follow are a step.
fuzz_target!(|data: &[u8]| {
    let &[slots, small, large, ref steps @ ..] = data else { return };
    let mut limits = RateLimits::none();
    if slots < 128 {
        limits = limits.in_flight(usize::from(slots % 8) + 1);
    }
    for (byte, per) in [(small, 1), (large, 60)] {
        let limit = u32::from(byte >> 3) + 1;
        limits = match byte & 7 {
            0 => limits,
            group => limits.window(GROUPS[usize::from(group) % 3], limit, Duration::from_secs(per)),
        };
    }
    block_on(LocalSet::new().run_until(schedule(&limits, steps)));
});

async fn schedule(limits: &RateLimits, steps: &[u8]) {
    let clock = VirtualClock::default();
    let limiter = RateLimiter::new(limits, Arc::new(clock.clone()));
    let model = Rc::new(RefCell::new(Model::new(limits)));
    let mut tasks: Vec<JoinHandle<()>> = Vec::new();
    for step in steps.chunks_exact(2).take(200) {
        let (kind, argument) = (step[0], step[1]);
        let (group, millis) = (GROUPS[usize::from(kind >> 4) % 3], Duration::from_millis(u64::from(argument) * 25));
        match kind % 8 {
            0..=2 => {
                let (model, limiter, clock) = (Rc::clone(&model), limiter.clone(), clock.clone());
                let deadline = if kind & 8 == 0 { LONG } else { millis };
                let call = model.borrow_mut().enters(group, argument, clock.now() + deadline);
                tasks.push(spawn_local(async move {
                    let outcome = limiter.acquire(call.group, call.cost, call.priority, call.deadline).await;
                    model.borrow_mut().leaves(&call, clock.now(), outcome);
                }));
            }
            3 => drop(model.borrow_mut().any(argument)),
            4 => {
                let permit = model.borrow_mut().any(argument);
                if let Some(mut permit) = permit {
                    permit.answered();
                    model.borrow_mut().answered += 1;
                    model.borrow_mut().permits.push(permit);
                }
            }
            5 => clock.sleep(millis).await,
            6 if !tasks.is_empty() => {
                let task = tasks.swap_remove(usize::from(argument) % tasks.len());
                task.abort();
                // Its permit, if it has one already, is in the model.
                let _ = task.await;
                model.borrow_mut().forget_dropped();
            }
            _ => {
                let until = clock.now() + millis;
                if kind & 8 == 0 {
                    limiter.pause(group, until);
                    model.borrow_mut().pause(group, until);
                } else {
                    limiter.throttled(group, clock.now(), until);
                    model.borrow_mut().pause("*", until);
                }
            }
        }
        yield_now().await;
        model.borrow().check(&limiter, clock.now());
    }
    // Nobody is forgotten: once every permit is given back at once, all who wait get their turn.
    model.borrow_mut().permits.clear();
    model.borrow_mut().gives_back = true;
    for task in tasks {
        let _ = task.await;
    }
    model.borrow().check(&limiter, clock.now());
    clock.sleep(Duration::from_secs(4000)).await;
    for group in GROUPS {
        let state = limiter.state(group);
        assert_eq!((state.in_flight, state.queued, state.used), (0, 0, 0), "{group} leaks: {state:?}");
        assert!(state.paused_for.is_zero());
    }
}

#[derive(Debug, Clone)]
struct Call {
    number: usize,
    group: &'static str,
    cost: u32,
    priority: Priority,
    deadline: Instant,
    /// Held by the task that makes the call, so that a call that was given up is known to be.
    alive: Rc<()>,
}

/// What was allowed so far.
struct Model {
    limits: RateLimits,
    sent: Vec<(Instant, &'static str, u32)>,
    permits: Vec<Permit>,
    waiting: Vec<Call>,
    paused: HashMap<&'static str, Instant>,
    overtaken: Vec<(Instant, usize)>,
    calls: usize,
    answered: usize,
    gives_back: bool,
}

impl Model {
    fn new(limits: &RateLimits) -> Self {
        Self {
            limits: limits.clone(),
            sent: Vec::new(),
            permits: Vec::new(),
            waiting: Vec::new(),
            paused: HashMap::new(),
            overtaken: Vec::new(),
            calls: 0,
            answered: 0,
            gives_back: false,
        }
    }

    fn enters(&mut self, group: &'static str, argument: u8, deadline: Instant) -> Call {
        let priority = if argument & 1 == 0 { Priority::Interactive } else { Priority::Bulk };
        let cost = if argument > 240 { 10 } else { u32::from(argument >> 6) };
        self.calls += 1;
        let call = Call { number: self.calls, group, cost, priority, deadline, alive: Rc::new(()) };
        self.waiting.push(call.clone());
        call
    }

    fn leaves(&mut self, call: &Call, now: Instant, outcome: Result<Permit>) {
        self.waiting.retain(|waiting| waiting.number != call.number);
        let permit = match outcome {
            Ok(permit) => permit,
            Err(error) => {
                check_error(&error);
                let never = self.windows(call.group).any(|window| call.cost > window.limit);
                let kind = if never { ErrorKind::Config } else { ErrorKind::RateLimited };
                assert_eq!(error.kind(), kind, "{error:?}");
                assert!(never || call.deadline < now + LONG / 2, "refused although there was time: {error:?}");
                return;
            }
        };
        assert!(now <= call.deadline, "too late");
        for (group, until) in &self.paused {
            assert!(now >= *until || (*group != "*" && *group != call.group), "sent in the pause of {group}");
        }
        self.sent.push((now, call.group, call.cost));
        for window in self.windows(call.group) {
            let counted = self.sent.iter().filter(|(at, group, _)| {
                now.saturating_duration_since(*at) < window.per && (window.group == "*" || window.group == *group)
            });
            let used: u64 = counted.map(|(_, _, cost)| u64::from(*cost)).sum();
            assert!(used <= u64::from(window.limit), "{used} of {window:?}");
        }
        // Turns that are given at once may be taken in any order.
        self.overtaken.retain(|(at, number)| *number != call.number || *at != now);
        self.overtaken.extend(self.waiting.iter().filter_map(|other| {
            let same = other.group == call.group && other.priority == call.priority;
            (same && other.number < call.number && other.deadline > now).then_some((now, other.number))
        }));
        if !self.gives_back {
            self.permits.push(permit);
        }
    }

    fn windows(&self, group: &str) -> impl Iterator<Item = &Window> {
        self.limits.windows().filter(move |window| window.group == "*" || window.group == group)
    }

    fn any(&mut self, argument: u8) -> Option<Permit> {
        let at = usize::from(argument).checked_rem(self.permits.len())?;
        Some(self.permits.swap_remove(at))
    }

    fn pause(&mut self, group: &'static str, until: Instant) {
        let paused = self.paused.entry(group).or_insert(until);
        *paused = until.max(*paused);
    }

    fn forget_dropped(&mut self) {
        self.waiting.retain(|waiting| Rc::strong_count(&waiting.alive) > 1);
        let waiting = &self.waiting;
        self.overtaken.retain(|(_, number)| waiting.iter().any(|call| call.number == *number));
    }

    fn check(&self, limiter: &RateLimiter, now: Instant) {
        let overtaken = self.overtaken.iter().find(|(at, _)| *at < now);
        assert!(overtaken.is_none(), "{overtaken:?} of {:?}", self.waiting);
        let state = limiter.state("*");
        assert!(self.permits.len() <= state.in_flight, "{} permits, {state:?}", self.permits.len());
        assert!(self.limits.max_in_flight().is_none_or(|most| state.in_flight <= most), "{state:?}");
        assert!(state.queued <= self.waiting.len(), "{} wait, {state:?}", self.waiting.len());
    }
}

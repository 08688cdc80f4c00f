//! The way of a recap: submitted, then approved or rejected.

use connectors_core::provider::{Call, Operation};
use connectors_core::{Request, RequestOptions, Response, Result, request_options};
use http::{Method, StatusCode};
use serde::Serialize;

use super::events::GET;
use super::request::{CallExt, done, not_blank, operation};
use super::{Events, Recap, RemoteEvent, RemoteEventId};

static SUBMIT: Operation = operation(Method::PUT, "events.submit", "/events/{id}/submit.json");
static APPROVE: Operation = operation(Method::PUT, "events.approve", "/events/{id}/approve.json");
static REJECT: Operation = operation(Method::PUT, "events.reject", "/events/{id}/reject.json");

/// Where a recap is to get.
#[derive(Debug, Clone, PartialEq)]
enum Goal {
    Submitted,
    Approved,
    /// For this reason.
    Rejected(String),
}

impl Goal {
    fn check(&self) -> Result<()> {
        match self {
            Self::Rejected(reason) => not_blank("reason", reason),
            Self::Submitted | Self::Approved => Ok(()),
        }
    }

    /// Whether the event is there.
    fn reached(&self, event: &RemoteEvent) -> bool {
        match (self, &event.event_status) {
            (Self::Submitted, Recap::Submitted) | (Self::Approved, Recap::Approved) => true,
            (Self::Rejected(reason), Recap::Rejected) => {
                let told = event.rejection.as_ref().and_then(|rejection| rejection.reason.as_deref());
                told.is_some_and(|told| told.trim() == reason.trim())
            }
            _ => false,
        }
    }

    /// Whether the event has certainly not been there.
    fn is_ahead(&self, event: &RemoteEvent) -> bool {
        match self {
            Self::Submitted => matches!(event.event_status, Recap::Scheduled | Recap::Due | Recap::Late),
            Self::Approved | Self::Rejected(_) => event.event_status == Recap::Submitted,
        }
    }
}

/// A step of a recap in the making: await it.
///
/// The server takes each step once, so a repetition after a lost answer is refused; the event is read then, and tells
/// whether the step was taken.
///
/// Fails with [`Conflict`](connectors_core::ErrorKind::Conflict) where the step is not open: the message is the
/// server's.
#[must_use = "a request does nothing until it is awaited"]
#[derive(Debug, Clone)]
pub struct MoveRecap {
    call: Call,
    event: RemoteEventId,
    goal: Goal,
    options: RequestOptions,
}

impl Events {
    /// Hands in the recap of an event, which has none yet or a rejected one.
    ///
    /// Fails with [`Conflict`](connectors_core::ErrorKind::Conflict) also where required results are missing, or fewer
    /// photos, expenses or comments are there than the campaign asks for.
    pub fn submit(&self, id: RemoteEventId) -> MoveRecap {
        self.step(&SUBMIT, id, Goal::Submitted)
    }

    /// Approves a recap that was submitted. It cannot be taken back.
    pub fn approve(&self, id: RemoteEventId) -> MoveRecap {
        self.step(&APPROVE, id, Goal::Approved)
    }

    /// Rejects a recap that was submitted, and says what has to be reworked.
    pub fn reject(&self, id: RemoteEventId, reason: impl Into<String>) -> MoveRecap {
        self.step(&REJECT, id, Goal::Rejected(reason.into()))
    }

    fn step(&self, operation: &'static Operation, id: RemoteEventId, goal: Goal) -> MoveRecap {
        #[derive(Serialize)]
        struct Body<'a> {
            reason: &'a str,
        }
        let call = self.0.call(operation).id("id", id.get());
        let call = match &goal {
            Goal::Rejected(reason) => call.json(&Body { reason }),
            Goal::Submitted | Goal::Approved => call,
        };
        MoveRecap { call, event: id, goal, options: RequestOptions::default() }
    }
}

impl MoveRecap {
    /// Sends it, and gives what is known of the call.
    pub async fn send(self) -> Result<Response<()>> {
        let Self { call, event, goal, options } = self;
        let core = call.core().clone();
        let until = Some(core.deadline(&options));
        let step = done(call.until(until)).check(goal.check()).options(|own| *own = options.clone());
        let error = match step.send().await {
            Err(error) if error.maybe_applied() => error,
            outcome => return outcome,
        };
        let read = Request::<RemoteEvent>::new(core.call(&GET).id("id", event.get()).until(until));
        let Ok(there) = read.options(|own| *own = options).send().await else { return Err(error) };
        if goal.reached(&there) {
            return Ok(there.map(|_| ()));
        }
        // What was refused at last, and has not come this far, was not carried out before either.
        let refused = error.status() == Some(StatusCode::UNPROCESSABLE_ENTITY) && goal.is_ahead(&there);
        Err(error.with_maybe_applied(!refused))
    }
}

request_options!(MoveRecap => ());

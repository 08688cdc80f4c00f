//! The quotas of a week: what is used of them, and that nothing is sent that would exceed them.

mod status;
mod week;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{Days, TimeDelta};
use connectors_core::provider::{Core, Gate, Operation, Passed};
use connectors_core::{BoxFuture, Clock, Error, ErrorKind, RequestOptions, Result, RetryPolicy};
use futures_util::lock::Mutex as Turn;

pub use self::status::{QuotaStatus, WeeklyQuota};
use self::week::Week;
use crate::dates::quota_renewal;
use crate::meter::counts;
use crate::model::VenueId;
use crate::native::{USAGE_STATUS, usage_status};

/// How old what Placer said of the use may become while there is enough left.
const LEARN_EVERY: Duration = Duration::from_secs(3600);

/// The same once little is left.
const LEARN_EVERY_NEAR: Duration = Duration::from_secs(15 * 60);

/// How old it may be for whoever asks.
const LEARN_EVERY_ASKED: Duration = Duration::from_secs(5 * 60);

/// Knowing how much is left is not worth waiting longer for.
const PATIENCE: Duration = Duration::from_secs(15);

/// How soon to ask again when whoever asked has gone without waiting for the answer.
const LEARN_AGAIN: Duration = Duration::from_secs(60);

/// How far our clock may be ahead of Placer's, whose week is then still the old one.
const SKEW: TimeDelta = TimeDelta::minutes(10);

/// What the clones of a client share of the week's quotas.
#[derive(Debug)]
pub(crate) struct Quota {
    limits: WeeklyQuota,
    clock: Arc<dyn Clock>,
    week: Mutex<Week>,
    /// One asks Placer, the others wait for what it says.
    turn: Turn<()>,
}

impl Quota {
    pub(crate) fn new(limits: WeeklyQuota, clock: Arc<dyn Clock>) -> Self {
        let week = Mutex::new(Week::new(quota_renewal(clock.now_utc())));
        Self { limits, clock, week, turn: Turn::new(()) }
    }

    /// The week as it is now: a new one since Sunday.
    fn week(&self) -> MutexGuard<'_, Week> {
        let mut week = self.week.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now_utc();
        if now >= week.renews_at {
            week.renew(quota_renewal(now));
        }
        week
    }

    /// Another key has quotas of its own.
    pub(crate) fn forget(&self) {
        let renews_at = quota_renewal(self.clock.now_utc());
        self.week().renew(renews_at);
    }

    pub(crate) fn status(&self) -> QuotaStatus {
        QuotaStatus::new(self.limits, &self.week())
    }

    /// As [`status`](Self::status), after asking Placer if what it said is not new.
    pub(crate) async fn learnt(&self, core: &Core) -> QuotaStatus {
        self.learn(core, LEARN_EVERY_ASKED).await;
        self.status()
    }

    /// Takes places for a report on these venues; gives those that there is no place for. A venue takes none if it
    /// was asked about this week, or is being asked about.
    pub(crate) fn admit(self: &Arc<Self>, venues: &[VenueId]) -> (Pass, Vec<VenueId>) {
        let refused = self.week().admit(venues, self.limits.places);
        let admitted = venues.iter().filter(|venue| !refused.contains(venue)).cloned().collect();
        (Pass { quota: Arc::clone(self), venues: admitted }, refused)
    }

    /// Which of them Placer has not been asked about this week.
    pub(crate) fn new_ones(&self, venues: &[VenueId]) -> Vec<VenueId> {
        let week = self.week();
        venues.iter().filter(|venue| !week.asked.contains(*venue)).cloned().collect()
    }

    /// Placer refused one more place: of this week, as far as the clocks can tell.
    pub(crate) fn close(&self) {
        let now = self.clock.now_utc();
        let mut week = self.week();
        let began = week.renews_at.checked_sub_days(Days::new(7));
        week.closed |= began.is_none_or(|began| now - began >= SKEW);
    }

    /// Why a report on further places is refused.
    pub(crate) fn no_place(&self) -> Error {
        let status = self.status();
        let message = match (status.places_left, self.limits.places) {
            (Some(left), Some(limit)) if !self.week().closed => {
                format!("of the week's {limit} distinct places, {left} are left")
            }
            _ => "Placer takes no further distinct places this week".to_owned(),
        };
        self.exhausted(message).with_hint("ask about places of this week again, or wait for Sunday, 00:00 UTC")
    }

    fn exhausted(&self, message: String) -> Error {
        let renews_at = self.week().renews_at;
        let until = (renews_at - self.clock.now_utc()).to_std().unwrap_or_default();
        Error::new(ErrorKind::QuotaExhausted, message).with_retryable(false).with_retry_after(until)
    }

    /// How old what Placer said may become now.
    fn patience(&self) -> Duration {
        if self.status().is_near() { LEARN_EVERY_NEAR } else { LEARN_EVERY }
    }

    fn is_due(&self, patience: Duration) -> bool {
        let (now, week) = (self.clock.now(), self.week());
        let patience = if week.was_answered { patience } else { patience.min(LEARN_AGAIN) };
        week.tried_at.is_none_or(|tried| now.saturating_duration_since(tried) >= patience)
    }

    /// Asks Placer what is used if that was not done for so long. Not being told is no failure: what this client
    /// counts still stands.
    async fn learn(&self, core: &Core, patience: Duration) {
        let _turn = self.turn.lock().await;
        if !self.is_due(patience) {
            return;
        }
        let asked = {
            let mut week = self.week();
            (week.tried_at, week.was_answered) = (Some(self.clock.now()), false);
            week.counted()
        };
        let mut options = RequestOptions::default();
        (options.timeout, options.retry) = (Some(PATIENCE), Some(RetryPolicy::default().attempts(2)));
        let answer = usage_status(core.call(&USAGE_STATUS).options(options)).await;
        self.week().was_answered = true;
        match answer {
            Ok(usage) => self.week().told(&usage, &asked, self.clock.now_utc()),
            Err(error) => tracing::debug!(%error, "the use of the week's quota is not known"),
        }
    }
}

impl Gate for Quota {
    fn prepare(self: Arc<Self>, core: &Core, operation: &'static Operation) -> Option<BoxFuture<Result<()>>> {
        let guarded = self.limits != WeeklyQuota::default() && operation.name != USAGE_STATUS.name;
        let patience = self.patience();
        // Whoever comes while one asks waits for the answer, too.
        let is_asking = || self.turn.try_lock().is_none();
        if !guarded || !(self.is_due(patience) || is_asking()) {
            return None;
        }
        let core = core.clone();
        Some(Box::pin(async move {
            self.learn(&core, patience).await;
            Ok(())
        }))
    }

    fn enter(&self, operation: &'static Operation) -> Result<()> {
        let mut week = self.week();
        let taken = week.calls().saturating_add(week.under_way);
        // How much is left can be asked for in any case, or a count that is too high would never be put right.
        if operation.name != USAGE_STATUS.name
            && let Some(limit) = self.limits.calls.filter(|limit| taken >= *limit)
        {
            drop(week);
            let left = limit.saturating_sub(self.week().calls());
            let message = match left {
                0 => format!("of the week's {limit} calls, none is left"),
                _ => format!("of the week's {limit} calls, {left} are left, for calls under way"),
            };
            return Err(self.exhausted(message).with_hint("wait for Sunday, 00:00 UTC"));
        }
        week.under_way += 1;
        Ok(())
    }

    fn leave(&self, _: &'static Operation, passed: Passed) {
        let mut week = self.week();
        week.under_way = week.under_way.saturating_sub(1);
        week.since.calls += u64::from(matches!(passed, Passed::Answered(status) if counts(status)));
    }
}

/// The places that a report takes for as long as it is not known whether Placer counts them.
#[derive(Debug)]
pub(crate) struct Pass {
    quota: Arc<Quota>,
    pub(crate) venues: Vec<VenueId>,
}

impl Pass {
    /// Placer looked at them.
    pub(crate) fn asked(&self) {
        self.quota.week().ask(&self.venues);
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.quota.week().release(&self.venues);
    }
}

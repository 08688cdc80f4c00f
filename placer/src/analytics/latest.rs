//! Up to when there is data.

use std::time::Duration;

use chrono::NaiveDate;
use connectors_core::provider::{CacheKey, Fetched};
use connectors_core::{CachePolicy, DateRange, Result};

use super::Analytics;
use super::work::{Work, question};
use crate::contract::FootfallQuery;
use crate::dates::before;
use crate::model::{Fidelity, LatestDay, VenueId};
use crate::native::plan::Planner;
use crate::native::report::Manner;
use crate::service_impl::dates_refused;

const DAY: Duration = Duration::from_secs(86_400);

/// How many days one call looks at.
const WINDOW: u32 = 14;

/// A question for the latest day with data, in the making.
#[must_use = "a question is asked when it is awaited"]
#[derive(Debug, Clone)]
pub struct LatestDayRequest {
    work: Work,
    venue: VenueId,
    probes: u32,
}

question!(LatestDayRequest => LatestDay);

impl Analytics {
    /// The latest day that there is data for at a venue. Placer has no such report: it is asked for the two weeks up to
    /// the [latest complete day](crate::latest_complete_day), and if it refuses those or has nothing, for days three,
    /// nine, 21 days earlier and so on, four times at the most. A gateway is asked for the days up to today.
    ///
    /// One call as a rule, and every refusal is one. What was found is kept for a day, by UTC.
    pub fn latest_available(&self, venue: VenueId) -> LatestDayRequest {
        let work = Work { ttl: Some(DAY), ..Work::new(&self.0) };
        LatestDayRequest { work, venue, probes: 4 }
    }
}

impl LatestDayRequest {
    /// Asks so many times at the most, at least once.
    pub fn probes(mut self, calls: u32) -> Self {
        self.probes = calls.max(1);
        self
    }

    fn manner(&self) -> Manner {
        self.work.manner(usize::try_from(self.probes).unwrap_or(usize::MAX))
    }

    fn key(&self) -> CacheKey {
        let today = self.work.client.today().to_string();
        CacheKey::new(
            self.work.client.core().partition(),
            self.venue.as_str(),
            format!("latest day, on {today}").as_bytes(),
        )
    }

    fn kept(&self) -> Option<NaiveDate> {
        let kept = || self.work.client.core().cache().peek::<NaiveDate>(&self.key());
        (self.work.cache == CachePolicy::Use).then(kept).flatten().map(|date| *date)
    }

    /// What to ask for the first, second and so on time.
    fn query(&self, probe: u32, manner: &Manner) -> Result<FootfallQuery> {
        self.work.client.services().check_venue(&self.venue)?;
        let latest = self.work.client.services().latest_day(self.work.client.today());
        let back = 3_u64.saturating_mul(2_u64.saturating_pow(probe).saturating_sub(1));
        Ok(FootfallQuery {
            venues: vec![self.venue.clone()],
            range: DateRange::last_days(WINDOW, before(latest, back))?,
            fidelity: Fidelity::VisitsOnly,
            segment: None,
            manner: manner.clone(),
        })
    }

    async fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        if self.kept().is_some() {
            return Ok(());
        }
        let query = self.query(0, &self.manner())?;
        self.work.client.services().plan_footfall(&query, planner).await
    }

    async fn find(self) -> Result<LatestDay> {
        let manner = self.manner();
        let mut latest = LatestDay { venue: self.venue.clone(), date: self.kept(), cost: manner.meter.cost() };
        if latest.date.is_some() {
            latest.cost.cached = 1;
            return Ok(latest);
        }
        for probe in 0..self.probes {
            let query = self.query(probe, &manner)?;
            let mut answers = self.work.client.services().footfall(&self.work.client, &query).await?;
            let refused = dates_refused(&answers);
            match answers.pop() {
                Some(Ok(footfall)) => latest.date = footfall.rows.last().map(|row| row.date),
                Some(Err(error)) if !refused => return Err(error),
                _ => {}
            }
            if let Some(value) = latest.date {
                if self.work.cache != CachePolicy::Bypass {
                    let fetched = Fetched { value, bytes: 0, ttl: manner.ttl.open };
                    self.work.client.core().cache().insert(self.key(), fetched);
                }
                break;
            }
        }
        latest.cost = manner.meter.cost();
        Ok(latest)
    }
}

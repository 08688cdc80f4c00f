//! What is known of a venue, at a glance.

use std::collections::BTreeSet;

use connectors_core::{DateRange, Error, Result};
use futures_util::future::{join3, join4};

use super::Analytics;
use super::week::weekdays;
use super::work::{Work, question};
use crate::derive::movement::movement;
use crate::model::{AvailabilityPolicy, Dataset, Part, ProfilePart, VenueId, VenueProfile};
use crate::native::plan::Planner;
use crate::native::report::Manner;
use crate::native::request::Asks;
use crate::native::{
    DaysRequest, DemographicsRequest, DwellTimeRequest, HoursRequest, MetricsRequest, TrueTradeAreaRequest,
    VisitsFrequencyRequest,
};

/// A question for what is known of a venue, in the making.
#[must_use = "a question is asked when it is awaited"]
#[derive(Debug, Clone)]
pub struct ProfileRequest {
    work: Work,
    venue: VenueId,
    range: DateRange,
    parts: BTreeSet<ProfilePart>,
    dataset: Option<Dataset>,
}

question!(ProfileRequest => VenueProfile);

impl Analytics {
    /// What is known of a venue at a glance: visits, peak weekday and hours, dwell time, loyalty, trade area and who
    /// lives there. One call for each of the seven parts. Days later than the latest complete one are left out.
    ///
    /// A part that fails, perhaps because the contract does not include it, or that has no data does not lose the
    /// others; only when all fail does the question. Only on the native contract.
    pub fn profile(&self, venue: VenueId, range: DateRange) -> ProfileRequest {
        let parts = ProfilePart::ALL.into_iter().collect();
        ProfileRequest { work: Work::new(&self.0), venue, range, parts, dataset: None }
    }
}

/// The reports of all parts.
struct Reports {
    visits: MetricsRequest,
    hours: HoursRequest,
    days: DaysRequest,
    dwell: DwellTimeRequest,
    loyalty: VisitsFrequencyRequest,
    trade_area: TrueTradeAreaRequest,
    demographics: DemographicsRequest,
}

impl ProfileRequest {
    /// Asks for these parts only.
    pub fn parts(mut self, parts: impl IntoIterator<Item = ProfilePart>) -> Self {
        self.parts = parts.into_iter().collect();
        self
    }

    /// Takes who lives there from this data set.
    pub fn dataset(mut self, dataset: Dataset) -> Self {
        self.dataset = Some(dataset);
        self
    }

    fn manner(&self) -> Manner {
        self.work.manner(self.parts.len())
    }

    fn range(&self) -> Result<DateRange> {
        self.work.check_native("analytics.profile", &self.venue)?;
        if self.parts.is_empty() {
            return Err(Error::invalid("parts", "must be at least one"));
        }
        self.work.client.first_range(self.range, AvailabilityPolicy::Clamp)
    }

    fn reports(&self, range: DateRange) -> Reports {
        let (reports, venue) = (self.work.client.reports(), || self.venue.clone());
        let demographics = reports.trade_area().demographics(venue(), range);
        Reports {
            visits: reports.visits().metrics([venue()], range),
            hours: reports.visits().hours(venue(), range),
            days: reports.visits().days(venue(), range),
            dwell: reports.visits().dwell_time(venue(), range),
            loyalty: reports.loyalty().visits_frequency(venue(), range),
            trade_area: reports.trade_area().true_trade_area(venue(), range),
            demographics: match &self.dataset {
                Some(dataset) => demographics.dataset(dataset.clone()),
                None => demographics,
            },
        }
    }

    async fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let reports = self.reports(self.range()?);
        self.plan_part(ProfilePart::Visits, &reports.visits, planner).await;
        self.plan_part(ProfilePart::Movement, &reports.hours, planner).await;
        self.plan_part(ProfilePart::Weekdays, &reports.days, planner).await;
        self.plan_part(ProfilePart::Dwell, &reports.dwell, planner).await;
        self.plan_part(ProfilePart::Loyalty, &reports.loyalty, planner).await;
        self.plan_part(ProfilePart::TradeArea, &reports.trade_area, planner).await;
        self.plan_part(ProfilePart::Demographics, &reports.demographics, planner).await;
        Ok(())
    }

    async fn plan_part<A: Asks>(&self, part: ProfilePart, asks: &A, planner: &mut Planner<'_>) {
        if self.parts.contains(&part) {
            planner.reports::<A::Report>(asks.ask(), std::slice::from_ref(&self.venue)).await;
        }
    }

    async fn part<A: Asks>(&self, part: ProfilePart, asks: &A, manner: &Manner) -> Part<A::Report> {
        if !self.parts.contains(&part) {
            return Part::NotAsked;
        }
        self.work.find(asks, &self.venue, manner).await.into()
    }

    async fn find(self) -> Result<VenueProfile> {
        let (range, manner) = (self.range()?, self.manner());
        let reports = self.reports(range);
        let when = join4(
            self.part(ProfilePart::Visits, &reports.visits, &manner),
            self.part(ProfilePart::Movement, &reports.hours, &manner),
            self.part(ProfilePart::Weekdays, &reports.days, &manner),
            self.part(ProfilePart::Dwell, &reports.dwell, &manner),
        );
        let who = join3(
            self.part(ProfilePart::Loyalty, &reports.loyalty, &manner),
            self.part(ProfilePart::TradeArea, &reports.trade_area, &manner),
            self.part(ProfilePart::Demographics, &reports.demographics, &manner),
        );
        let ((visits, hours, days, dwell), (loyalty, trade_area, demographics)) =
            futures_util::future::join(when, who).await;
        let config = &self.work.client.settings().movement;
        let profile = VenueProfile {
            venue: self.venue.clone(),
            range,
            visits,
            movement: hours.map(|hours| movement(hours, range, config).ok()),
            weekdays: days.map(|days| Some(weekdays(days, range, config))),
            dwell,
            loyalty,
            trade_area,
            demographics,
            cost: manner.meter.cost(),
        };
        match profile.failures().first() {
            Some((_, error)) if profile.failures().len() == self.parts.len() => Err((*error).clone()),
            _ => Ok(profile),
        }
    }
}

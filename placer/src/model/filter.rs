//! Which visits a native report is to count.

use chrono::Weekday;
use connectors_core::{Error, Result};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

connectors_core::open_enum! {
    /// Who is counted.
    pub enum Audience {
        /// People who come and go.
        "visitors" => Visitors,
        /// People who work there.
        "employees" => Employees,
        /// People who live there.
        "residents" => Residents,
    }
}

connectors_core::open_enum! {
    /// From where a visitor's distance is measured.
    pub enum DistanceFrom {
        /// From home.
        "home" => Home,
        /// From work.
        "work" => Work,
    }
}

/// Counts only some of the visits. Everything is counted where nothing is set.
///
/// ```
/// use chrono::Weekday;
/// use connectors_placer::{DwellFilter, Filters};
///
/// let lunch = Filters::new().days([Weekday::Mon, Weekday::Fri]).hours(11, 14).dwell(DwellFilter::AtLeast(20));
/// assert_eq!(
///     serde_json::to_string(&lunch)?,
///     r#"{"dwellTime":{"operator":">=","value":20},"hoursRange":{"fromHour":"11:00 am","toHour":"02:00 pm"},"daysOfWeek":[1,5]}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Filters {
    /// Only these people; everybody when empty.
    #[serde(rename = "audienceType", skip_serializing_if = "Vec::is_empty")]
    pub audience: Vec<Audience>,
    /// Only visits of this length.
    #[serde(rename = "dwellTime", skip_serializing_if = "Option::is_none")]
    pub dwell: Option<DwellFilter>,
    /// Only visits between these full hours, local time.
    #[serde(rename = "hoursRange", skip_serializing_if = "Option::is_none")]
    pub hours: Option<HoursRange>,
    /// Only visits on these weekdays; all when empty.
    #[serde(rename = "daysOfWeek", skip_serializing_if = "Vec::is_empty", serialize_with = "days")]
    pub days: Vec<Weekday>,
    /// Only people from this far away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance: Option<DistanceFilter>,
}

impl Filters {
    /// Counts everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts only these people.
    pub fn audience(mut self, audience: impl IntoIterator<Item = Audience>) -> Self {
        self.audience = audience.into_iter().collect();
        self
    }

    /// Counts only visits of this length.
    pub fn dwell(mut self, dwell: DwellFilter) -> Self {
        self.dwell = Some(dwell);
        self
    }

    /// Counts only visits between these full hours, `0..=24`, local time.
    pub fn hours(mut self, from: u8, to: u8) -> Self {
        self.hours = Some(HoursRange { from, to });
        self
    }

    /// Counts only visits on these weekdays.
    pub fn days(mut self, days: impl IntoIterator<Item = Weekday>) -> Self {
        self.days = days.into_iter().collect();
        self.days.sort_by_key(Weekday::number_from_monday);
        self.days.dedup();
        self
    }

    /// Counts only people from this far away.
    pub fn distance(mut self, distance: DistanceFilter) -> Self {
        self.distance = Some(distance);
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.hours.is_some_and(|hours| hours.from >= hours.to || hours.to > 24) {
            return Err(Error::invalid("filters.hours", "must be two full hours in order, from 0 to 24"));
        }
        let limits = self.distance.as_ref().map(|d| [d.values.lt, d.values.le, d.values.eq, d.values.ge, d.values.gt]);
        if limits
            .is_some_and(|l| l.iter().all(Option::is_none) || l.iter().flatten().any(|m| !m.is_finite() || *m < 0.0))
        {
            return Err(Error::invalid("filters.distance", "needs at least one limit, in miles from 0 on"));
        }
        Ok(())
    }
}

/// Counts only some of the visits, as far as reports on many places can.
///
/// ```
/// use chrono::Weekday;
/// use connectors_placer::BaseFilters;
///
/// let weekends = BaseFilters::new().days([Weekday::Sun, Weekday::Sat]);
/// assert_eq!(serde_json::to_string(&weekends)?, r#"{"daysOfWeek":[6,7]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct BaseFilters(pub(crate) Filters);

impl BaseFilters {
    /// Counts everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts only visits on these weekdays.
    pub fn days(self, days: impl IntoIterator<Item = Weekday>) -> Self {
        Self(self.0.days(days))
    }

    /// Counts only people from this far away.
    pub fn distance(self, distance: DistanceFilter) -> Self {
        Self(self.0.distance(distance))
    }
}

/// Two full hours of the day, `0..=24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoursRange {
    /// Where it begins.
    pub from: u8,
    /// Where it ends.
    pub to: u8,
}

impl Serialize for HoursRange {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        let mut fields = target.serialize_struct("HoursRange", 2)?;
        fields.serialize_field("fromHour", &clock_time(self.from))?;
        fields.serialize_field("toHour", &clock_time(self.to))?;
        fields.end()
    }
}

/// How long a visit lasts, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "operator", content = "value")]
pub enum DwellFilter {
    /// Shorter than this.
    #[serde(rename = "<")]
    Under(u32),
    /// This long or longer.
    #[serde(rename = ">=")]
    AtLeast(u32),
}

/// How far people come, in miles.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DistanceFilter {
    from: DistanceFrom,
    values: Limits,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
struct Limits {
    #[serde(skip_serializing_if = "Option::is_none")]
    lt: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    le: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    eq: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ge: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gt: Option<f64>,
}

impl DistanceFilter {
    /// Measures from there; set at least one limit.
    pub fn new(from: DistanceFrom) -> Self {
        Self { from, values: Limits::default() }
    }

    /// Nearer than this many miles.
    pub fn under(mut self, miles: f64) -> Self {
        self.values.lt = Some(miles);
        self
    }

    /// At most this many miles.
    pub fn at_most(mut self, miles: f64) -> Self {
        self.values.le = Some(miles);
        self
    }

    /// This many miles.
    pub fn exactly(mut self, miles: f64) -> Self {
        self.values.eq = Some(miles);
        self
    }

    /// At least this many miles.
    pub fn at_least(mut self, miles: f64) -> Self {
        self.values.ge = Some(miles);
        self
    }

    /// Farther than this many miles.
    pub fn over(mut self, miles: f64) -> Self {
        self.values.gt = Some(miles);
        self
    }
}

/// Reports on the activity around a place instead of in it. Placer does not say what the numbers measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NearbyRadius {
    /// 100
    R100,
    /// 250
    R250,
    /// 500
    R500,
    /// 750
    R750,
    /// 1000
    R1000,
}

impl Serialize for NearbyRadius {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_u16(match self {
            Self::R100 => 100,
            Self::R250 => 250,
            Self::R500 => 500,
            Self::R750 => 750,
            Self::R1000 => 1000,
        })
    }
}

fn clock_time(hour: u8) -> String {
    let half = if hour % 24 < 12 { "am" } else { "pm" };
    let shown = if hour.is_multiple_of(12) { 12 } else { hour % 12 };
    format!("{shown:02}:00 {half}")
}

fn days<S: Serializer>(days: &[Weekday], target: S) -> Result<S::Ok, S::Error> {
    target.collect_seq(days.iter().map(Weekday::number_from_monday))
}

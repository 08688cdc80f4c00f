//! Who the people are.

use connectors_core::Result;
use serde::{Deserialize, Serialize};

use super::{VenueId, VisitSegment};
use crate::native::body::Body;
use crate::native::request::within;

/// Who lives in a venue's trade area, or who its visitors are: one row for each variable, in Placer's order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Demographics {
    /// The venue.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The variables, those of a group together.
    pub rows: Vec<DemographicRow>,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
}

/// One variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DemographicRow {
    /// Its group, such as `Overview`.
    pub group: String,
    /// Its name, such as `Median Age`.
    pub variable: String,
    /// People, households, years, dollars: its name tells.
    pub value: f64,
    /// Its share of the group, in percent from 0 to 100.
    pub percentage: Option<f64>,
    /// How it compares with the benchmark: 100 is the same.
    pub index: Option<f64>,
    /// What Placer calls `variablePercentage`, and does not explain.
    pub percentage_index: Option<f64>,
}

impl Demographics {
    /// The variable of this group and name; case does not matter.
    pub fn get(&self, group: &str, variable: &str) -> Option<&DemographicRow> {
        let is = |row: &&DemographicRow| {
            row.group.eq_ignore_ascii_case(group) && row.variable.eq_ignore_ascii_case(variable)
        };
        self.rows.iter().find(is)
    }

    /// The value of the variable of this group and name; case does not matter.
    pub fn value(&self, group: &str, variable: &str) -> Option<f64> {
        self.get(group, variable).map(|row| row.value)
    }

    /// The variables of this group; case does not matter.
    pub fn group<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a DemographicRow> {
        self.rows.iter().filter(move |row| row.group.eq_ignore_ascii_case(name))
    }

    /// The names of the groups, in order.
    pub fn groups(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for row in &self.rows {
            if !names.contains(&row.group.as_str()) {
                names.push(&row.group);
            }
        }
        names
    }

    /// The variables that differ most from the benchmark, those far above it first, then those far below: what is
    /// special about these people. At most `count`.
    pub fn most_distinct(&self, count: usize) -> Vec<&DemographicRow> {
        let distance = |row: &DemographicRow| row.index.map_or(0.0, |index| (index - 100.0).abs());
        let mut rows: Vec<_> = self.rows.iter().filter(|row| row.index.is_some()).collect();
        rows.sort_by(|a, b| distance(b).total_cmp(&distance(a)));
        rows.truncate(count);
        rows.sort_by(|a, b| b.index.unwrap_or_default().total_cmp(&a.index.unwrap_or_default()));
        rows
    }
}

/// Which people are meant, and what goes with it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum DemographicsMethod {
    /// Those of the true trade area.
    TrueTradeArea {
        /// The share of the visits that come from it, in percent from 1 to 99; 70 unless told otherwise.
        traffic_share: u8,
        /// How far it reaches at most, in miles from 1 to 300; 15 unless told otherwise.
        within_miles: u16,
    },
    /// Those in a circle around the venue.
    MileRing {
        /// Its radius, in miles from 0.2 to 250; 3 unless told otherwise.
        miles: f64,
    },
    /// Those near enough by car.
    DriveTime {
        /// How long the way may take, in minutes from 1 to 200.
        minutes: u16,
    },
}

impl Default for DemographicsMethod {
    fn default() -> Self {
        Self::TrueTradeArea { traffic_share: 70, within_miles: 15 }
    }
}

impl DemographicsMethod {
    pub(crate) fn check(self) -> Result<()> {
        match self {
            Self::TrueTradeArea { traffic_share, within_miles } => {
                within("trafficVolPct", traffic_share, 1..=99)?;
                within("withinRadius", within_miles, 1..=300)
            }
            Self::MileRing { miles } => within("ringRadius", miles, 0.2..=250.0),
            Self::DriveTime { minutes } => within("driveTime", minutes, 1..=200),
        }
    }

    /// Every member of every method but its own is left out.
    pub(crate) fn write(self, body: &mut Body) {
        for name in ["trafficVolPct", "withinRadius", "ringRadius", "driveTime"] {
            body.remove(name);
        }
        match self {
            Self::TrueTradeArea { traffic_share, within_miles } => {
                body.set("method", "tta");
                body.set("trafficVolPct", traffic_share);
                body.set("withinRadius", within_miles);
            }
            Self::MileRing { miles } => {
                body.set("method", "mileRing");
                body.set("ringRadius", miles);
            }
            Self::DriveTime { minutes } => {
                body.set("method", "driveTime");
                body.set("driveTime", minutes);
            }
        }
    }
}

connectors_core::open_enum! {
    /// With whom the people are compared.
    pub enum BenchmarkScope {
        /// With the whole country.
        "nationwide" => Nationwide,
        /// With the state.
        "state" => State,
    }
}

connectors_core::open_enum! {
    /// Who is described.
    pub enum DemographicAudience {
        /// The people who live in the area.
        "potential" => Potential,
        /// The people of the census block groups that the visitors really come from.
        "captured" => Captured,
    }
}

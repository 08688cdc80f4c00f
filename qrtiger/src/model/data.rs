//! Scan statistics as the provider sends them.

use chrono::NaiveDate;
use connectors_core::wire::lenient;
use serde::{Deserialize, Deserializer};

use super::{Campaign, readable};

connectors_core::open_enum! {
    /// The span of time that statistics are asked for. Day, week and month are in use everywhere, the others come from
    /// a paraphrase of the documentation.
    pub enum DataPeriod {
        /// The day of the timestamp.
        "day" => Day,
        /// A week.
        "week" => Week,
        /// A month.
        "month" => Month,
        /// A year, counted by months.
        "year" => Year,
        /// Several months, counted by months.
        "months" => Months,
        /// All days there are.
        "daysAll" => AllDays,
        /// From the timestamp to the end timestamp.
        "custom" => Custom,
    }
}

/// Scan statistics of one code, as the provider counts them. [`ScanStats`](crate::ScanStats) is the tidy form.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Wire")]
#[non_exhaustive]
pub struct ScanData {
    /// All scans there ever were.
    pub scans: u64,
    /// All different visitors there ever were; where the answer does not tell, those of each day of the period, added up.
    pub unique_scans: u64,
    /// Scans within the period.
    pub scans_in_period: Option<u64>,
    /// Different visitors within the period.
    pub unique_in_period: Option<u64>,
    /// Scans by device, country and city at once.
    pub groups: Vec<ScanCount>,
    /// Scans by device.
    pub devices: Vec<ScanCount>,
    /// Scans by country.
    pub countries: Vec<ScanCount>,
    /// Scans by city.
    pub cities: Vec<ScanCount>,
    /// Scans over time. Days without scans are left out.
    pub graph: Vec<ScanCount>,
    /// Different visitors over time. Days without scans are left out.
    pub unique_graph: Vec<ScanCount>,
    /// The code itself.
    pub campaign: Option<Campaign>,
}

/// How many scans have something in common.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ScanCount {
    /// What they have in common.
    #[serde(rename = "_id", deserialize_with = "or_default")]
    pub key: ScanKey,
    /// How many there are.
    #[serde(deserialize_with = "lenient::number")]
    pub count: u64,
}

/// What scans have in common; parts that do not matter, or are not known, are missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ScanKey {
    /// The kind of device.
    #[serde(deserialize_with = "lenient::opt_string")]
    pub device: Option<String>,
    /// The country, by name or by code.
    #[serde(rename = "loc", deserialize_with = "lenient::opt_string")]
    pub country: Option<String>,
    /// The city.
    #[serde(deserialize_with = "lenient::opt_string")]
    pub city: Option<String>,
    /// The year.
    #[serde(deserialize_with = "lenient::opt_number")]
    pub year: Option<u32>,
    /// The month, from 1.
    #[serde(deserialize_with = "lenient::opt_number")]
    pub month: Option<u32>,
    /// The day of the month; missing where months are counted.
    #[serde(deserialize_with = "lenient::opt_number")]
    pub day: Option<u32>,
    /// The hour, where hours are counted.
    #[serde(deserialize_with = "lenient::opt_number")]
    pub hour: Option<u32>,
}

impl ScanKey {
    /// The day; a whole month stands on its first day, a whole year on its first of January.
    pub fn date(&self) -> Option<NaiveDate> {
        let year = i32::try_from(self.year?).ok()?;
        NaiveDate::from_ymd_opt(year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    data: Body,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Body {
    #[serde(deserialize_with = "lenient::opt_number")]
    scans: Option<u64>,
    #[serde(deserialize_with = "lenient::opt_number")]
    total_unique_scan: Option<u64>,
    #[serde(deserialize_with = "lenient::opt_number")]
    total_scan_by_date: Option<u64>,
    #[serde(deserialize_with = "lenient::opt_number")]
    total_unique_scan_by_date: Option<u64>,
    #[serde(deserialize_with = "or_default")]
    data: Vec<ScanCount>,
    #[serde(deserialize_with = "or_default")]
    device: Vec<ScanCount>,
    #[serde(deserialize_with = "or_default")]
    country: Vec<ScanCount>,
    #[serde(deserialize_with = "or_default")]
    city: Vec<ScanCount>,
    #[serde(deserialize_with = "or_default")]
    graph: Vec<ScanCount>,
    #[serde(deserialize_with = "or_default")]
    unique: Vec<ScanCount>,
    #[serde(deserialize_with = "readable")]
    campaign: Option<Campaign>,
}

impl TryFrom<Wire> for ScanData {
    type Error = &'static str;

    fn try_from(Wire { data }: Wire) -> Result<Self, Self::Error> {
        let scans = data.scans.or_else(|| data.campaign.as_ref().map(|campaign| campaign.scans));
        Ok(Self {
            scans: scans.ok_or("missing field `scans`")?,
            unique_scans: data.total_unique_scan.unwrap_or_else(|| total(&data.unique)),
            scans_in_period: data.total_scan_by_date,
            unique_in_period: data.total_unique_scan_by_date,
            groups: data.data,
            devices: data.device,
            countries: data.country,
            cities: data.city,
            graph: data.graph,
            unique_graph: data.unique,
            campaign: data.campaign,
        })
    }
}

pub(crate) fn total(counts: &[ScanCount]) -> u64 {
    sum(counts.iter().map(|entry| entry.count))
}

/// Of counts that may be anything: what is too much stays the most there is.
pub(crate) fn sum(counts: impl Iterator<Item = u64>) -> u64 {
    counts.fold(0, u64::saturating_add)
}

fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(source: D) -> Result<T, D::Error> {
    Option::deserialize(source).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_null_parts_are_tolerated_but_not_a_missing_count() {
        let text = r#"{"data":{"scans":"41","graph":[{"_id":{"year":2026,"month":3},"count":4},{"_id":null,"count":1}],
            "device":[{"_id":{"device":null},"count":2.0}],"city":null,"smediaActivity":[],"campaign":{}}}"#;
        let data: ScanData = serde_json::from_str(text).unwrap();
        assert_eq!((data.scans, data.devices[0].count, data.devices[0].key.device.as_deref()), (41, 2, None));
        assert_eq!(data.graph[0].key.date(), NaiveDate::from_ymd_opt(2026, 3, 1));
        assert_eq!(data.graph[1].key.date(), None);
        for without in ["{}", r#"{"data":{}}"#] {
            let error = serde_json::from_str::<ScanData>(without).unwrap_err().to_string();
            assert!(error.contains("missing field"), "{error}");
        }
    }
}

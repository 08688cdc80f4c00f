//! Views of scan statistics: by month, the largest shares, kinds of devices, changes.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::model::sum;
use crate::{Count, ScanStats};

/// The label of what is left beyond the largest: [`ScanStats::top_countries`].
pub const OTHERS: &str = "others";

/// The scans of one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HourScans {
    /// The hour on the clocks of the zone that was asked for, from 0 to 23.
    pub hour: u32,
    /// How many scans.
    pub scans: u64,
    /// How many different visitors.
    pub unique: u64,
}

/// The scans of one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MonthScans {
    /// The first day of the month, also where the period begins later.
    pub month: NaiveDate,
    /// How many scans within the period.
    pub scans: u64,
    /// The different visitors of each day, added up: who comes on two days counts twice.
    pub unique: u64,
}

/// What kind of device scans come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DeviceKind {
    /// A phone.
    Mobile,
    /// A tablet.
    Tablet,
    /// A computer.
    Desktop,
    /// The label does not say.
    Unknown,
}

/// The scans by one kind of device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DeviceScans {
    /// The kind.
    pub kind: DeviceKind,
    /// How many scans.
    pub scans: u64,
    /// What the provider calls these devices, most first.
    pub labels: Vec<Count>,
}

/// Views of the statistics, which cost no call:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # let client = connectors_mock::MockQrTiger::new().client().clone();
/// # let code = client.campaigns().create("https://example.com/menu").await?;
/// use connectors_qrtiger::{DeviceKind, Period, QrTigerService, ScanStatsRequest};
///
/// let stats = client.scan_stats(ScanStatsRequest::new(code.id, Period::LastDays(30))).await?;
/// let months: u64 = stats.by_month().iter().map(|month| month.scans).sum();
/// let countries: u64 = stats.top_countries(1).iter().map(|country| country.scans).sum();
/// let kinds = stats.device_kinds();
/// assert_eq!((months, countries), (stats.scans_in_period, stats.scans_in_period));
/// assert_eq!(kinds[0].kind, DeviceKind::Mobile);
/// println!("{} scans by phones, {:?}", kinds[0].scans, kinds[0].labels);
/// # Ok(())
/// # }
/// ```
impl ScanStats {
    /// Every month of the period in order, those without scans too. The first and the last one may be parts.
    pub fn by_month(&self) -> Vec<MonthScans> {
        let mut months: Vec<MonthScans> = Vec::new();
        for day in &self.by_day {
            let month = day.date.with_day(1).unwrap_or(day.date);
            match months.last_mut().filter(|last| last.month == month) {
                Some(last) => {
                    last.scans = last.scans.saturating_add(day.scans);
                    last.unique = last.unique.saturating_add(day.unique);
                }
                None => months.push(MonthScans { month, scans: day.scans, unique: day.unique }),
            }
        }
        months
    }

    /// The `n` countries with the most scans, then what is left as [`OTHERS`], if anything is.
    pub fn top_countries(&self, n: usize) -> Vec<Count> {
        top(&self.by_country, n)
    }

    /// The `n` cities with the most scans, then what is left as [`OTHERS`], if anything is.
    pub fn top_cities(&self, n: usize) -> Vec<Count> {
        top(&self.by_city, n)
    }

    /// The `n` devices with the most scans, then what is left as [`OTHERS`], if anything is.
    pub fn top_devices(&self, n: usize) -> Vec<Count> {
        top(&self.by_device, n)
    }

    /// The scans by phones, tablets, computers and what cannot be told, in this order, with the provider's own labels.
    pub fn device_kinds(&self) -> Vec<DeviceScans> {
        let mut labels = BTreeMap::<DeviceKind, Vec<Count>>::new();
        for count in &self.by_device {
            labels.entry(DeviceKind::of(&count.label)).or_default().push(count.clone());
        }
        let kinds = [DeviceKind::Mobile, DeviceKind::Tablet, DeviceKind::Desktop, DeviceKind::Unknown];
        let of = |kind| {
            let labels = labels.remove(&kind).unwrap_or_default();
            DeviceScans { kind, scans: sum(labels.iter().map(|count| count.scans)), labels }
        };
        kinds.map(of).into()
    }

    /// How much more scans there are than in an earlier period: 0.5 is half as many again, -1 none any more. `None` where
    /// there were none before.
    pub fn change_since(&self, earlier: &Self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a share of some billions of scans")]
        let [now, before] = [self.scans_in_period, earlier.scans_in_period].map(|scans| scans as f64);
        (before > 0.0).then(|| now / before - 1.0)
    }
}

impl DeviceKind {
    /// The kind that a label of the provider's names: an operating system, a device or a kind. The labels are not
    /// documented, so one that is not recognised is [`Unknown`](Self::Unknown).
    pub fn of(label: &str) -> Self {
        const TABLETS: [&str; 5] = ["ipad", "ipados", "tablet", "kindle", "playbook"];
        const PHONES: [&str; 10] =
            ["iphone", "ipod", "ios", "android", "mobile", "phone", "smartphone", "blackberry", "harmonyos", "symbian"];
        const COMPUTERS: [&str; 14] = [
            "windows",
            "mac",
            "macos",
            "macintosh",
            "osx",
            "linux",
            "ubuntu",
            "desktop",
            "pc",
            "computer",
            "chromeos",
            "cros",
            "chromebook",
            "chrome",
        ];
        let label = label.to_ascii_lowercase();
        let words: Vec<_> = label.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
        let is = |known: &[&str]| words.iter().any(|word| known.contains(word));
        // A tablet with Android is a tablet, a phone with Windows is a phone.
        match () {
            () if is(&TABLETS) => Self::Tablet,
            () if is(&PHONES) => Self::Mobile,
            () if is(&COMPUTERS) => Self::Desktop,
            () => Self::Unknown,
        }
    }

    /// The kind in one lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Tablet => "tablet",
            Self::Desktop => "desktop",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for DeviceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Of counts that come with the most first.
fn top(counts: &[Count], n: usize) -> Vec<Count> {
    let (largest, rest) = counts.split_at(n.min(counts.len()));
    let others = Count { label: OTHERS.to_owned(), scans: sum(rest.iter().map(|count| count.scans)) };
    largest.iter().cloned().chain((others.scans > 0).then_some(others)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_told_by_their_words() {
        let labels = |kind: DeviceKind, labels: &[&str]| {
            for label in labels {
                assert_eq!(DeviceKind::of(label), kind, "{label}");
            }
        };
        labels(DeviceKind::Mobile, &["iOS", "iPhone 15", "Android", "ANDROID 14", "Windows Phone", "mobile"]);
        labels(DeviceKind::Tablet, &["iPad", "Android Tablet", "tablet"]);
        labels(DeviceKind::Desktop, &["Windows 11", "macOS", "Mac OS X", "Linux", "Chrome OS", "desktop"]);
        labels(DeviceKind::Unknown, &["unknown", "", "Curiosity", "machine"]);
    }

    #[test]
    fn what_is_left_is_added_up() {
        let counts: Vec<_> = [("DE", 5), ("US", 3), ("AT", 2), ("CH", 1)]
            .map(|(label, scans)| Count { label: label.into(), scans })
            .into();
        let read =
            |n| top(&counts, n).iter().map(|c| format!("{} {}", c.label, c.scans)).collect::<Vec<_>>().join(", ");
        assert_eq!(read(2), "DE 5, US 3, others 3");
        assert_eq!(read(4), "DE 5, US 3, AT 2, CH 1");
        assert_eq!(read(9), read(4));
        assert_eq!(read(0), "others 11");
        assert_eq!(top(&[], 0), []);
    }
}

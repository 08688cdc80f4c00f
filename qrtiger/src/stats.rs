//! Scan statistics, tidied up.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use connectors_core::{DateRange, Error, Result, TimeZone};

use crate::model::{sum, total};
use crate::{
    Count, DataPeriod, DayScans, HourScans, Period, QrId, QrTigerClient, ScanCount, ScanData, ScanKey, ScanStats,
    ScanStatsRequest,
};

/// A hundred years. Every day of a period takes memory, also those long before there were codes.
const MAX_DAYS: usize = 36_525;

/// What stands for a device or place that the provider could not tell.
const UNKNOWN: &str = "unknown";

impl QrTigerClient {
    pub(crate) async fn stats(&self, request: ScanStatsRequest) -> Result<ScanStats> {
        let ScanStatsRequest { id, period, time_zone } = request;
        let today = time_zone.to_local(self.core().clock().now_utc()).date();
        let range = days_of(period, today)?;
        let mut call = self.tracking().data(&id).time_zone(time_zone);
        if let Some(range) = range {
            call = call.timestamp(time_zone.start_of_day(range.start()));
            call = match period {
                Period::Day(_) => call.period(DataPeriod::Day),
                _ => call.period(DataPeriod::Custom).end_timestamp(last_second(time_zone, range.end())),
            };
        }
        let data = call.await?;
        let by_hour = if matches!(period, Period::Day(_)) { per_hour(&data) } else { Vec::new() };
        Ok(ScanStats { by_hour, ..tidy(id, &data, range, today, time_zone) })
    }
}

/// The days to count; `None` for all there are.
fn days_of(period: Period, today: NaiveDate) -> Result<Option<DateRange>> {
    let range = match period {
        Period::Day(day) => DateRange::single(day),
        Period::Range(range) => range,
        Period::LastDays(count) => DateRange::last_days(count, today).map_err(|error| error.with_field("period"))?,
        Period::All => return Ok(None),
    };
    if range.end() > today {
        let message = format!("ends on {}, in the future: today is {today}", range.end());
        return Err(Error::invalid("period", message));
    }
    if range.len() > MAX_DAYS {
        return Err(Error::invalid("period", format!("has {} days; {MAX_DAYS} are the most", range.len())));
    }
    Ok(Some(range))
}

/// Within the day however the provider reads the end of a period, as an instant or as a day.
fn last_second(zone: TimeZone, day: NaiveDate) -> DateTime<Utc> {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    zone.start_of_day(next) - TimeDelta::seconds(1)
}

fn tidy(id: QrId, data: &ScanData, range: Option<DateRange>, today: NaiveDate, time_zone: TimeZone) -> ScanStats {
    let (scans, unique) = (per_day(&data.graph), per_day(&data.unique_graph));
    let range = range.or_else(|| {
        let first = *scans.keys().next()?;
        let range = DateRange::new(first, today.max(*scans.keys().next_back()?)).ok();
        range.filter(|range| range.len() <= MAX_DAYS)
    });
    let on = |counts: &BTreeMap<NaiveDate, u64>, day| counts.get(&day).copied().unwrap_or_default();
    let days = range.into_iter().flat_map(DateRange::days);
    let by_day: Vec<_> =
        days.map(|date| DayScans { date, scans: on(&scans, date), unique: on(&unique, date) }).collect();
    let groups = |own: &[ScanCount], label: fn(&ScanKey) -> Option<&str>| {
        count_by(if own.is_empty() { &data.groups } else { own }, label)
    };
    ScanStats {
        id,
        total_scans: data.scans,
        unique_scans: data.unique_scans,
        scans_in_period: data.scans_in_period.unwrap_or_else(|| total(&data.graph)),
        unique_in_period: data.unique_in_period.unwrap_or_else(|| total(&data.unique_graph)),
        by_device: groups(&data.devices, |key| key.device.as_deref()),
        by_country: groups(&data.countries, |key| key.country.as_deref()),
        by_city: groups(&data.cities, |key| key.city.as_deref()),
        last_scanned_on: by_day.iter().rev().find(|day| day.scans > 0).map(|day| day.date),
        by_day,
        by_hour: Vec::new(),
        time_zone,
    }
}

/// Summed up: a day may come in hours.
fn per_day(graph: &[ScanCount]) -> BTreeMap<NaiveDate, u64> {
    let mut days = BTreeMap::new();
    for entry in graph {
        if let Some(date) = entry.key.date() {
            add(days.entry(date).or_default(), entry.count);
        }
    }
    days
}

fn add(count: &mut u64, more: u64) {
    *count = count.saturating_add(more);
}

/// All hours of a day, unless there are scans without one. One that its clocks show twice counts both.
fn per_hour(data: &ScanData) -> Vec<HourScans> {
    let at = |graph: &[ScanCount], hour| {
        sum(graph.iter().filter(|entry| entry.key.hour == Some(hour)).map(|entry| entry.count))
    };
    let hours = |hour| HourScans { hour, scans: at(&data.graph, hour), unique: at(&data.unique_graph, hour) };
    let is_told = data.graph.iter().all(|entry| entry.key.hour.is_some_and(|hour| hour < 24));
    if is_told { (0..24).map(hours).collect() } else { Vec::new() }
}

/// Most first, equals by name.
fn count_by(entries: &[ScanCount], label: fn(&ScanKey) -> Option<&str>) -> Vec<Count> {
    let mut counts = BTreeMap::<&str, u64>::new();
    for entry in entries {
        add(counts.entry(label(&entry.key).unwrap_or(UNKNOWN)).or_default(), entry.count);
    }
    let mut counts: Vec<_> =
        counts.into_iter().map(|(label, scans)| Count { label: label.to_owned(), scans }).collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.scans));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn tidied(data: &str, range: Option<(&str, &str)>) -> ScanStats {
        let data: ScanData = serde_json::from_str(&format!(r#"{{"data":{data}}}"#)).unwrap();
        let range = range.map(|(start, end)| DateRange::new(day(start), day(end)).unwrap());
        tidy(QrId::new("A1B2C3").unwrap(), &data, range, day("2026-03-10"), TimeZone::UTC)
    }

    #[test]
    fn days_without_scans_are_filled_in_and_hours_summed_up() {
        let stats = tidied(
            r#"{"scans":9,"graph":[{"_id":{"year":2026,"month":3,"day":2,"hour":9},"count":2},
                {"_id":{"year":2026,"month":3,"day":2,"hour":10},"count":1},{"_id":{"year":"2026","month":"3","day":"4"},"count":"6"}],
                "unique":[{"_id":{"year":2026,"month":3,"day":4},"count":5}]}"#,
            Some(("2026-03-01", "2026-03-05")),
        );
        let counts: Vec<_> = stats.by_day.iter().map(|d| (d.scans, d.unique)).collect();
        assert_eq!(counts, [(0, 0), (3, 0), (0, 0), (6, 5), (0, 0)]);
        assert_eq!((stats.scans_in_period, stats.unique_in_period), (9, 5), "counted, where the provider does not");
        assert_eq!(stats.last_scanned_on, Some(day("2026-03-04")));
    }

    #[test]
    fn hours_are_told_all_or_not_at_all() {
        let hours = |graph: &str| {
            let text =
                format!(r#"{{"data":{{"scans":9,"graph":[{graph}],"unique":[{{"_id":{{"hour":9}},"count":1}}]}}}}"#);
            per_hour(&serde_json::from_str(&text).unwrap())
        };
        let read = hours(r#"{"_id":{"day":2,"hour":"9"},"count":2},{"_id":{"day":2,"hour":23},"count":1}"#);
        assert_eq!((read.len(), read[9].scans, read[9].unique, read[23].scans, read[10].scans), (24, 2, 1, 1, 0));
        assert_eq!(hours("").len(), 24, "nobody came");
        assert_eq!(hours(r#"{"_id":{"day":2,"hour":9},"count":2},{"_id":{"day":2},"count":1}"#), []);
    }

    #[test]
    fn all_days_begin_with_the_first_scan_and_end_today() {
        let graph = r#"{"scans":1,"graph":[{"_id":{"year":2026,"month":3,"day":8},"count":1}]}"#;
        assert_eq!(tidied(graph, None).by_day.len(), 3);
        assert_eq!(tidied(r#"{"scans":0}"#, None).by_day, []);
        let nonsense = r#"{"scans":1,"graph":[{"_id":{"year":1,"month":3,"day":8},"count":1}]}"#;
        assert_eq!(tidied(nonsense, None).by_day, []);
    }

    #[test]
    fn labels_that_are_missing_or_come_twice_are_put_together() {
        let stats = tidied(
            r#"{"scans":10,"device":[{"_id":{"device":null},"count":1},{"_id":{"device":""},"count":1},{"_id":{"device":"iOS"},"count":8}],
                "data":[{"_id":{"loc":"DE","city":"Berlin"},"count":3},{"_id":{"loc":"DE","city":"Ulm"},"count":3},{"_id":{"loc":"AT"},"count":4}]}"#,
            None,
        );
        let read =
            |counts: &[Count]| counts.iter().map(|c| format!("{} {}", c.label, c.scans)).collect::<Vec<_>>().join(", ");
        assert_eq!(read(&stats.by_device), "iOS 8, unknown 2");
        assert_eq!(read(&stats.by_country), "DE 6, AT 4", "from the groups, where there is no list");
        assert_eq!(read(&stats.by_city), "unknown 4, Berlin 3, Ulm 3");
    }

    #[test]
    fn counts_beyond_all_measure_add_up_to_the_most_there_is() {
        let most = u64::MAX;
        let entry = |hour: u32| format!(r#"{{"_id":{{"year":2026,"month":3,"day":8,"hour":{hour}}},"count":{most}}}"#);
        let graph = format!("[{},{}]", entry(9), entry(9));
        let text = format!(r#"{{"scans":1,"graph":{graph},"unique":{graph},"device":{graph},"country":{graph}}}"#);
        let stats = tidied(&text, None);
        assert_eq!((stats.scans_in_period, stats.by_day[0].scans, stats.by_device[0].scans), (most, most, most));
        let data: ScanData = serde_json::from_str(&format!(r#"{{"data":{text}}}"#)).unwrap();
        assert_eq!(per_hour(&data)[9].scans, most);
        let more =
            ScanStats { by_day: vec![stats.by_day[0]; 2], by_device: [&stats.by_device[..]; 2].concat(), ..stats };
        assert_eq!((more.by_month()[0].scans, more.top_devices(0)[0].scans), (most, most));
        assert_eq!(more.device_kinds()[3].scans, most);
    }

    #[test]
    fn neither_the_future_nor_the_middle_ages_can_be_counted() {
        let today = day("2026-03-10");
        let field = |period| days_of(period, today).err().and_then(|error| error.field().map(str::to_owned));
        assert_eq!(field(Period::Day(today)), None);
        assert_eq!(field(Period::LastDays(7)), None);
        for period in [
            Period::Day(day("2026-03-11")),
            Period::Range(DateRange::new(today, day("2026-03-11")).unwrap()),
            Period::LastDays(0),
            Period::LastDays(50_000),
            Period::Range(DateRange::new(NaiveDate::MIN, today).unwrap()),
        ] {
            assert_eq!(field(period).as_deref(), Some("period"), "{period:?}");
        }
    }

    #[test]
    fn a_period_ends_within_its_last_day_where_clocks_change_too() {
        let berlin = TimeZone::new("Europe/Berlin").unwrap();
        let end = last_second(berlin, day("2026-03-29"));
        assert_eq!(berlin.to_local(end).to_string(), "2026-03-29 23:59:59");
    }
}

//! Statistics as series and shares.

use chrono::{TimeDelta, Timelike};
use connectors_core::{DateRange, Result, TimeZone};
use connectors_mock::{Fault, MockQrTiger, ScanContext};
use connectors_qrtiger::{DeviceKind, Period, QrCode, QrTigerService, ScanStats, ScanStatsRequest};

use crate::request;

async fn stats(mock: &MockQrTiger, code: &QrCode, period: Period, zone: &str) -> Result<ScanStats> {
    mock.scan_stats(ScanStatsRequest::new(code.id.clone(), period).time_zone(TimeZone::new(zone)?)).await
}

#[tokio::test]
async fn a_day_is_told_by_the_hours_of_its_zone() -> Result<()> {
    let mock = MockQrTiger::new();
    let code = mock.generate_qr_code(request("e1")).await?;
    let at = mock.backend().clock().now_utc() - TimeDelta::hours(30);
    for name in ["UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati"] {
        let local = TimeZone::new(name)?.to_local(at);
        let before = stats(&mock, &code, Period::Day(local.date()), name).await?;
        mock.fake().scan(code.id.as_str(), ScanContext::new(at));
        let after = stats(&mock, &code, Period::Day(local.date()), name).await?;
        assert_eq!((after.by_hour.len(), after.by_day.len()), (24, 1), "{name}");
        let sum: u64 = after.by_hour.iter().map(|hour| hour.scans).sum();
        assert_eq!((sum, after.by_day[0].scans), (after.scans_in_period, after.scans_in_period), "{name}");
        for (before, after) in before.by_hour.iter().zip(&after.by_hour) {
            let more = u64::from(after.hour == local.hour());
            assert_eq!(
                (after.scans, after.unique),
                (before.scans + more, before.unique + more),
                "{name}, {}",
                after.hour
            );
        }
        assert_eq!(stats(&mock, &code, Period::LastDays(2), name).await?.by_hour, []);
    }
    Ok(())
}

#[tokio::test]
async fn months_and_shares_add_up_to_the_whole() -> Result<()> {
    let mock = MockQrTiger::new();
    let code = mock.generate_qr_code(request("e1")).await?;
    let today = mock.backend().clock().now_utc().date_naive();
    let year = DateRange::new(today - TimeDelta::days(364), today)?;
    let stats = stats(&mock, &code, Period::Range(year), "Europe/Berlin").await?;
    let months = stats.by_month();
    assert!((12..=13).contains(&months.len()), "{months:?}");
    assert!(months.is_sorted_by_key(|month| month.month) && months[0].scans == 0, "quiet months too: {months:?}");
    assert_eq!(months.iter().map(|month| month.scans).sum::<u64>(), stats.scans_in_period);
    for (top, all) in [
        (stats.top_countries(1), &stats.by_country),
        (stats.top_cities(3), &stats.by_city),
        (stats.top_devices(2), &stats.by_device),
    ] {
        assert_eq!(top.iter().map(|count| count.scans).sum::<u64>(), stats.scans_in_period);
        assert_eq!((top.last().unwrap().label.as_str(), &top[0]), ("others", &all[0]));
    }
    let kinds = stats.device_kinds();
    let of = |kind: DeviceKind| kinds.iter().find(|device| device.kind == kind).unwrap();
    assert_eq!(kinds.iter().map(|device| device.scans).sum::<u64>(), stats.scans_in_period);
    let labels: Vec<_> = of(DeviceKind::Mobile).labels.iter().map(|count| count.label.as_str()).collect();
    assert_eq!((labels.len(), of(DeviceKind::Desktop).labels[0].label.as_str()), (2, "Windows"), "{labels:?}");
    assert_eq!((of(DeviceKind::Tablet).scans, of(DeviceKind::Unknown).labels[0].label.as_str()), (0, "unknown"));
    assert_eq!(stats.change_since(&stats), Some(0.0));
    Ok(())
}

#[tokio::test]
async fn results_can_be_written_as_json() -> Result<()> {
    let mock = MockQrTiger::new();
    let code = mock.generate_qr_code(request("e1")).await?;
    let json = serde_json::to_value(&code).unwrap();
    assert_eq!((&json["status"], &json["destination"]), (&"active".into(), &"https://example.com/e1".into()));
    assert_eq!(json["shortUrl"], code.short_url.as_str());
    assert_eq!(json["id"], code.id.as_str());
    assert!(json["image"].as_str().is_some_and(|image| image.starts_with("http") || image.starts_with("data:image/")));
    let today = mock.backend().clock().now_utc().date_naive();
    let stats = stats(&mock, &code, Period::Day(today), "Europe/Berlin").await?;
    let json = serde_json::to_value(&stats).unwrap();
    assert_eq!((&json["timeZone"], &json["byDay"][0]["date"]), (&"Europe/Berlin".into(), &today.to_string().into()));
    assert_eq!(json["totalScans"], stats.total_scans);
    mock.fake().scan(code.id.as_str(), ScanContext::new(mock.backend().clock().now_utc()).device("iOS"));
    let kinds = self::stats(&mock, &code, Period::Day(today), "Europe/Berlin").await?.device_kinds();
    let kinds = serde_json::to_value(kinds).unwrap();
    assert_eq!((&kinds[0]["kind"], &kinds[0]["labels"][0]["label"]), (&"mobile".into(), &"iOS".into()), "{kinds}");
    Ok(())
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_asked_for_again() -> Result<()> {
    let mock = MockQrTiger::new();
    let code = mock.generate_qr_code(request("e1")).await?;
    let whole = stats(&mock, &code, Period::LastDays(7), "UTC").await?;
    mock.backend().script("tracking.data", [Fault::Truncated, Fault::Status(503)]);
    assert_eq!(stats(&mock, &code, Period::LastDays(7), "UTC").await?.by_country, whole.by_country);
    Ok(())
}

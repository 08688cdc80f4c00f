//! What every QR TIGER service does.

use std::collections::HashSet;

use chrono::NaiveDate;
use connectors_core::{CampaignId, DateRange, ErrorKind, EventId, Result, TimeZone};
use connectors_qrtiger::{
    GenerateQrCode, ListQrCodes, Period, QrCode, QrId, QrStatus, QrTigerService, ScanStats, ScanStatsRequest,
    UpdateQrCode,
};
use url::Url;

/// Makes codes, lists, counts, pauses and archives them, does everything twice, and asks for what cannot be.
///
/// Needs an account where codes may be made, pages for paused and archived codes, and a link store that knows nothing
/// of the campaign `conformance`.
///
/// # Panics
///
/// If the service does something else.
pub async fn qrtiger(service: &dyn QrTigerService) -> Result<()> {
    let report = service.test_connection().await?;
    assert!(report.is_connected(), "{report}");
    let before = service.list_qr_codes(ListQrCodes::new()).await?;

    let codes =
        [generate(service, "event-1").await?, generate(service, "event-2").await?, generate(service, "event-3").await?];
    makes_each_code_once(service, &codes).await?;
    lists_what_was_made(service, &before, &codes).await?;
    let [one, two, three] = codes;
    counts_scans(service, &one).await?;
    changes_the_status(service, &two).await?;
    refuses_what_cannot_be(service, &three).await;
    Ok(())
}

fn request(event: &str) -> Result<GenerateQrCode> {
    Ok(GenerateQrCode::new(&CampaignId::new("conformance")?, &EventId::new(event)?, destination(event)))
}

fn destination(event: &str) -> Url {
    let text = format!("https://example.com/taste?event={event}&utm_source=qr&note=a%20b%26c#top");
    Url::parse(&text).unwrap_or_else(|error| unreachable!("{text}: {error}"))
}

async fn generate(service: &dyn QrTigerService, event: &str) -> Result<QrCode> {
    service.generate_qr_code(request(event)?).await
}

async fn makes_each_code_once(service: &dyn QrTigerService, codes: &[QrCode; 3]) -> Result<()> {
    let ids: HashSet<_> = codes.iter().map(|code| &code.id).collect();
    assert_eq!(ids.len(), 3, "an id of its own each");
    for (code, event) in codes.iter().zip(["event-1", "event-2", "event-3"]) {
        assert!(code.is_new && code.name.contains(event), "{code:?}");
        assert_eq!((code.status, &code.destination), (QrStatus::Active, &Some(destination(event))));
        assert!(code.short_url.path().contains(code.id.as_str()), "{}", code.short_url);

        let again = generate(service, event).await?;
        assert_eq!((&again.id, again.is_new, &again.name), (&code.id, false, &code.name), "doing it twice");
    }
    let renamed = service.generate_qr_code(request("event-3")?.name("Tasting at the pier")).await?;
    assert_eq!((renamed.id, renamed.name.as_str()), (codes[2].id.clone(), "Tasting at the pier"));

    let mut elsewhere = request("event-1")?;
    elsewhere.data = destination("another");
    let error = refusal(service.generate_qr_code(elsewhere).await);
    assert_eq!(error, (ErrorKind::Conflict, Some("data".to_owned())), "a printed code is not repointed by the way");
    Ok(())
}

async fn lists_what_was_made(service: &dyn QrTigerService, before: &[QrCode], codes: &[QrCode; 3]) -> Result<()> {
    let all = service.list_qr_codes(ListQrCodes::new()).await?;
    assert_eq!(all.len(), before.len() + 3);
    for code in codes {
        let listed = all.iter().filter(|listed| listed.id == code.id);
        let listed: Vec<_> = listed.map(|listed| (&listed.short_url, &listed.destination)).collect();
        assert_eq!(listed, [(&code.short_url, &code.destination)], "{} is listed once", code.id);
    }
    let paused = service.list_qr_codes(ListQrCodes::new().status(QrStatus::Paused)).await?;
    assert!(paused.iter().all(|code| code.status == QrStatus::Paused && codes.iter().all(|made| made.id != code.id)));
    let summary = service.summary().await?;
    assert_eq!(summary.counts.first(), Some(&("codes", all.len() as u64)));
    Ok(())
}

async fn counts_scans(service: &dyn QrTigerService, code: &QrCode) -> Result<()> {
    let zone = TimeZone::new("America/Chicago")?;
    let stats = async |period| service.scan_stats(ScanStatsRequest::new(code.id.clone(), period).time_zone(zone)).await;
    let all = stats(Period::All).await?;
    assert_eq!((&all.id, all.time_zone), (&code.id, zone));
    assert_eq!(all.scans_in_period, all.total_scans, "all there are");
    assert!(all.unique_scans <= all.total_scans);
    adds_up(&all);

    let month = stats(Period::LastDays(28)).await?;
    assert_eq!(month.by_day.len(), 28, "quiet days are filled in");
    assert!(month.scans_in_period <= month.total_scans);
    adds_up(&month);

    let (Some(first), Some(last)) = (month.by_day.first(), month.by_day.last()) else { return Ok(()) };
    let range = stats(Period::Range(DateRange::new(first.date, last.date)?)).await?;
    assert_eq!((range.by_day, range.last_scanned_on), (month.by_day.clone(), month.last_scanned_on), "the same days");
    if let Some(busiest) = month.by_day.iter().max_by_key(|day| day.scans) {
        let day = stats(Period::Day(busiest.date)).await?;
        assert_eq!(day.by_day, [*busiest], "one day alone");
        assert_eq!(day.scans_in_period, busiest.scans);
        adds_up(&day);
    }
    Ok(())
}

fn adds_up(stats: &ScanStats) {
    assert_eq!(stats.by_day.iter().map(|day| day.scans).sum::<u64>(), stats.scans_in_period, "{stats:?}");
    for counts in [&stats.by_device, &stats.by_country, &stats.by_city] {
        assert_eq!(counts.iter().map(|count| count.scans).sum::<u64>(), stats.scans_in_period, "{counts:?}");
        assert!(counts.is_sorted_by_key(|count| std::cmp::Reverse(count.scans)), "{counts:?}");
        assert!(counts.iter().all(|count| !count.label.is_empty()), "{counts:?}");
    }
    let next_days = stats.by_day.iter().skip(1).map(|day| Some(day.date));
    assert!(stats.by_day.iter().map(|day| day.date.succ_opt()).zip(next_days).all(|(next, day)| next == day), "no gap");
}

async fn changes_the_status(service: &dyn QrTigerService, code: &QrCode) -> Result<()> {
    use QrStatus::{Active, Archived, Paused};
    for status in [Active, Paused, Paused, Archived, Archived, Paused, Active, Active, Archived, Active] {
        let updated = service.update_qr_code(UpdateQrCode::new(code.id.clone(), status)).await?;
        assert_eq!((updated.status, &updated.destination), (status, &code.destination), "the destination is kept");
        let listed = service.list_qr_codes(ListQrCodes::new().status(status)).await?;
        assert!(listed.iter().any(|listed| listed.id == code.id), "listed as {status}");
    }
    service.update_qr_code(UpdateQrCode::new(code.id.clone(), Paused)).await?;
    let again = generate(service, "event-2").await?;
    assert_eq!((again.id, again.status), (code.id.clone(), Paused), "asking for it again does not wake it");
    service.update_qr_code(UpdateQrCode::new(code.id.clone(), Active)).await?;
    Ok(())
}

async fn refuses_what_cannot_be(service: &dyn QrTigerService, code: &QrCode) {
    let invalid = |field: &str| (ErrorKind::InvalidRequest, Some(field.to_owned()));
    for id in ["", " ", "../admin", "A/B", "A\nB"] {
        assert_eq!(QrId::new(id).err().map(|error| error.kind()), Some(ErrorKind::InvalidRequest), "{id:?}");
    }
    for data in ["ftp://example.com/x", "mailto:a@example.com", "javascript:alert(1)"] {
        let Ok(mut made) = request("event-bad") else { continue };
        made.data = Url::parse(data).unwrap_or_else(|error| unreachable!("{data}: {error}"));
        assert_eq!(refusal(service.generate_qr_code(made).await), invalid("data"), "{data}");
    }
    if let Ok(made) = request("event-bad") {
        assert_eq!(refusal(service.generate_qr_code(made.name(" \t")).await), invalid("name"));
    }
    let future = NaiveDate::MAX;
    let long = DateRange::new(NaiveDate::default(), future).unwrap_or_else(|error| unreachable!("{error}"));
    for period in [Period::Day(future), Period::Range(long), Period::LastDays(0), Period::LastDays(u32::MAX)] {
        let error = refusal(service.scan_stats(ScanStatsRequest::new(code.id.clone(), period)).await);
        assert_eq!(error, invalid("period"), "{period:?}");
    }
    for status in [QrStatus::Blocked, QrStatus::Expired] {
        let error = refusal(service.update_qr_code(UpdateQrCode::new(code.id.clone(), status)).await);
        assert_eq!(error, invalid("status"), "{status}");
    }
    let Ok(nobody) = QrId::new("NO-SUCH-CODE") else { return };
    let error = refusal(service.scan_stats(ScanStatsRequest::new(nobody.clone(), Period::All)).await);
    assert_eq!(error, (ErrorKind::NotFound, None));
    let error = refusal(service.update_qr_code(UpdateQrCode::new(nobody, QrStatus::Active)).await);
    assert_eq!(error, (ErrorKind::NotFound, None));
}

/// What an error says to a program; fails if there is none.
fn refusal<T: std::fmt::Debug>(outcome: Result<T>) -> (ErrorKind, Option<String>) {
    match outcome {
        Err(error) => {
            assert_eq!(error.provider(), "qrtiger", "{error:?}");
            assert!(!error.maybe_applied(), "{error:?}");
            (error.kind(), error.field().map(str::to_owned))
        }
        Ok(value) => unreachable!("refused, not {value:?}"),
    }
}

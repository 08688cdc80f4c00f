//! What every QR TIGER service does.

use std::collections::HashSet;

use chrono::NaiveDate;
use connectors_core::{CampaignId, DateRange, Error, ErrorKind, EventId, Result, TimeZone};
use connectors_qrtiger::{
    GenerateQrCode, ListQrCodes, Period, QrCode, QrId, QrStatus, QrTigerService, ScanStats, ScanStatsRequest,
    UpdateQrCode,
};
use url::Url;

use super::report::Report;
use super::run::{Checked, Failure, Run, connected, ensure, ensure_eq, given, refused};

/// The whole suite: makes codes, lists, counts, pauses and archives them, does everything twice, and asks for what
/// cannot be.
///
/// Needs an account where codes may be made, pages for paused and archived codes (without, those checks are skipped), and
/// a link store that knows nothing of the campaign `conformance`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use connectors_mock::{MockQrTiger, conformance};
///
/// conformance::qrtiger(&MockQrTiger::new()).await.assert();
/// # }
/// ```
pub async fn qrtiger(service: &dyn QrTigerService) -> Report {
    let mut run = Run::new("qrtiger");
    connection(&mut run, service).await;
    let before = run.check("the codes there are can be listed", list(service)).await;
    let codes = run.check("each event gets a code of its own, which leads where it is told to", make(service)).await;
    let codes = || given(codes.as_ref());
    run.check("a code is made once, and found the second time", async { finds_it_again(service, codes()?).await })
        .await;
    run.check("a code can be renamed", async {
        let [_, _, three] = codes()?;
        let renamed = service.generate_qr_code(request("event-3")?.name("Tasting at the pier")).await?;
        ensure_eq!(
            (renamed.id, renamed.name.as_str()),
            (three.id.clone(), "Tasting at the pier"),
            "it is the same code"
        );
        Ok(())
    })
    .await;
    run.check("a printed code is not repointed by the way", async {
        codes()?;
        let mut elsewhere = request("event-1")?;
        elsewhere.data = destination("another")?;
        unapplied(service.generate_qr_code(elsewhere).await, ErrorKind::Conflict, Some("data"), "another destination")
    })
    .await;
    run.check("what was made is listed once, with where it leads", async {
        lists_what_was_made(service, given(before.as_ref())?, codes()?).await
    })
    .await;
    run.check("a list of one status has codes of that status alone", async {
        let paused = service.list_qr_codes(ListQrCodes::new().status(QrStatus::Paused)).await?;
        let codes = codes()?;
        let fits = |code: &QrCode| code.status == QrStatus::Paused && codes.iter().all(|made| made.id != code.id);
        ensure!(paused.iter().all(fits), "only paused codes are listed as paused", of paused);
        Ok(())
    })
    .await;
    summary(&mut run, service).await;
    scans(&mut run, service, codes().ok().map(|[one, ..]| one)).await;
    run.check("a code is paused, archived and woken, each time the same, and keeps its destination", async {
        let [_, two, _] = codes()?;
        changes_the_status(service, two).await
    })
    .await;
    run.check("asking for a paused code does not wake it", async {
        let [_, two, _] = codes()?;
        service.update_qr_code(UpdateQrCode::new(two.id.clone(), QrStatus::Paused)).await?;
        let again = generate(service, "event-2").await?;
        ensure_eq!((&again.id, again.status), (&two.id, QrStatus::Paused), "it is found, and sleeps");
        service.update_qr_code(UpdateQrCode::new(two.id.clone(), QrStatus::Active)).await?;
        Ok(())
    })
    .await;
    run.check("addresses that are none of the web, and blank names, are refused", async {
        for data in ["ftp://example.com/x", "mailto:a@example.com", "javascript:alert(1)"] {
            let mut made = request("event-bad")?;
            made.data = url(data)?;
            let outcome = service.generate_qr_code(made).await;
            unapplied(outcome, ErrorKind::InvalidRequest, Some("data"), data)?;
        }
        let blank = service.generate_qr_code(request("event-bad")?.name(" \t")).await;
        unapplied(blank, ErrorKind::InvalidRequest, Some("name"), "a blank name")
    })
    .await;
    run.check("what only the provider can do to a code is refused", async {
        let [_, _, three] = codes()?;
        for status in [QrStatus::Blocked, QrStatus::Expired] {
            let outcome = service.update_qr_code(UpdateQrCode::new(three.id.clone(), status)).await;
            unapplied(outcome, ErrorKind::InvalidRequest, Some("status"), status.as_str())?;
        }
        Ok(())
    })
    .await;
    run.check("a code that does not exist cannot be changed", async {
        let nobody = QrId::new("NO-SUCH-CODE")?;
        let outcome = service.update_qr_code(UpdateQrCode::new(nobody, QrStatus::Active)).await;
        unapplied(outcome, ErrorKind::NotFound, None, "an unknown code")
    })
    .await;
    run.finish()
}

/// The part that changes nothing: lists the codes, counts the scans of the first one, and asks for what cannot be. Three
/// times as many requests as the list has pages, and about ten more.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use connectors_mock::{MockQrTiger, conformance};
///
/// let mock = MockQrTiger::new();
/// conformance::qrtiger_read_only(&mock).await.assert();
/// mock.backend().journal().assert_not_called("campaigns.create");
/// # }
/// ```
pub async fn qrtiger_read_only(service: &dyn QrTigerService) -> Report {
    let mut run = Run::new("qrtiger, read only");
    connection(&mut run, service).await;
    let codes = run.check("the codes there are can be listed", list(service)).await;
    run.check("a list of one status has the codes of that status, and no others", async {
        let all = given(codes.as_ref())?;
        let active = service.list_qr_codes(ListQrCodes::new().status(QrStatus::Active)).await?;
        let ids = |codes: &[QrCode]| -> Vec<QrId> {
            codes.iter().filter(|code| code.status == QrStatus::Active).map(|code| code.id.clone()).collect()
        };
        ensure_eq!((ids(&active), active.len()), (ids(all), ids(all).len()), "the active ones");
        Ok(())
    })
    .await;
    summary(&mut run, service).await;
    scans(&mut run, service, codes.as_ref().and_then(|codes| codes.first())).await;
    run.finish()
}

async fn connection(run: &mut Run, service: &dyn QrTigerService) {
    run.check("the connection test says that it is connected", async { connected(&service.test_connection().await?) })
        .await;
}

async fn list(service: &dyn QrTigerService) -> Checked<Vec<QrCode>> {
    let codes = service.list_qr_codes(ListQrCodes::new()).await?;
    let ids: HashSet<_> = codes.iter().map(|code| &code.id).collect();
    ensure_eq!(ids.len(), codes.len(), "no code is listed twice");
    Ok(codes)
}

async fn summary(run: &mut Run, service: &dyn QrTigerService) {
    run.check("the summary counts the codes that are listed", async {
        let all = list(service).await?;
        let summary = service.summary().await?;
        ensure_eq!(summary.counts.first(), Some(&("codes", all.len() as u64)), "the codes are counted");
        Ok(())
    })
    .await;
}

/// What is counted of one code, and what cannot be counted.
async fn scans(run: &mut Run, service: &dyn QrTigerService, code: Option<&QrCode>) {
    let code = || match code {
        Some(code) => Ok(code),
        None => Err(Failure::not_asked("there is no code to ask about")),
    };
    run.check("scans add up, by day, device, country and city", async { counts_all(service, code()?).await }).await;
    run.check("the scans of a period have its days without gaps, however it is named", async {
        counts_periods(service, code()?).await
    })
    .await;
    run.check("periods that cannot be are refused", async {
        let id = &code()?.id;
        let future = NaiveDate::MAX;
        let long = DateRange::new(NaiveDate::default(), future)?;
        for period in [Period::Day(future), Period::Range(long), Period::LastDays(0), Period::LastDays(u32::MAX)] {
            let outcome = service.scan_stats(ScanStatsRequest::new(id.clone(), period)).await;
            unapplied(outcome, ErrorKind::InvalidRequest, Some("period"), &format!("{period:?}"))?;
        }
        Ok(())
    })
    .await;
    run.check("the scans of a code that does not exist are not found", async {
        let nobody = QrId::new("NO-SUCH-CODE")?;
        let outcome = service.scan_stats(ScanStatsRequest::new(nobody, Period::All)).await;
        unapplied(outcome, ErrorKind::NotFound, None, "an unknown code")
    })
    .await;
}

fn request(event: &str) -> Result<GenerateQrCode> {
    Ok(GenerateQrCode::new(&CampaignId::new("conformance")?, &EventId::new(event)?, destination(event)?))
}

fn destination(event: &str) -> Result<Url> {
    url(&format!("https://example.com/taste?event={event}&utm_source=qr&note=a%20b%26c#top"))
}

fn url(text: &str) -> Result<Url> {
    Url::parse(text).map_err(|error| Error::invalid("destination", error.to_string()))
}

async fn generate(service: &dyn QrTigerService, event: &str) -> Result<QrCode> {
    service.generate_qr_code(request(event)?).await
}

const EVENTS: [&str; 3] = ["event-1", "event-2", "event-3"];

async fn make(service: &dyn QrTigerService) -> Checked<[QrCode; 3]> {
    let [one, two, three] = EVENTS;
    let codes = [generate(service, one).await?, generate(service, two).await?, generate(service, three).await?];
    let ids: HashSet<_> = codes.iter().map(|code| &code.id).collect();
    ensure_eq!(ids.len(), 3, "an id of its own each");
    for (code, event) in codes.iter().zip(EVENTS) {
        ensure!(code.is_new && code.name.contains(event), "it is new, and named after its event", of code);
        let expected = (QrStatus::Active, &Some(destination(event)?));
        ensure_eq!((code.status, &code.destination), expected, "it leads where it should");
        ensure!(code.short_url.path().contains(code.id.as_str()), "its short link has its id", of code);
    }
    Ok(codes)
}

async fn finds_it_again(service: &dyn QrTigerService, codes: &[QrCode; 3]) -> Checked {
    for (code, event) in codes.iter().zip(EVENTS) {
        let again = generate(service, event).await?;
        ensure_eq!((&again.id, again.is_new, &again.name), (&code.id, false, &code.name), "it is the same code");
    }
    Ok(())
}

async fn lists_what_was_made(service: &dyn QrTigerService, before: &[QrCode], codes: &[QrCode; 3]) -> Checked {
    let all = list(service).await?;
    ensure_eq!(all.len(), before.len() + 3, "three more codes");
    for code in codes {
        let listed = all.iter().filter(|listed| listed.id == code.id);
        let listed: Vec<_> = listed.map(|listed| (&listed.short_url, &listed.destination)).collect();
        ensure_eq!(listed, [(&code.short_url, &code.destination)], "it is listed once, as it was made");
    }
    Ok(())
}

async fn stats(service: &dyn QrTigerService, code: &QrCode, period: Period) -> Checked<ScanStats> {
    let zone = TimeZone::new("America/Chicago")?;
    let stats = service.scan_stats(ScanStatsRequest::new(code.id.clone(), period).time_zone(zone)).await?;
    ensure_eq!((&stats.id, stats.time_zone), (&code.id, zone), "it is what was asked for");
    let days: u64 = stats.by_day.iter().map(|day| day.scans).sum();
    ensure_eq!(days, stats.scans_in_period, "the days add up to the period");
    for counts in [&stats.by_device, &stats.by_country, &stats.by_city] {
        let sum: u64 = counts.iter().map(|count| count.scans).sum();
        ensure_eq!(sum, stats.scans_in_period, "what they share adds up to the period");
        ensure!(counts.is_sorted_by_key(|count| std::cmp::Reverse(count.scans)), "most first", of counts);
        ensure!(counts.iter().all(|count| !count.label.is_empty()), "everything has a label", of counts);
    }
    let next_days = stats.by_day.iter().skip(1).map(|day| Some(day.date));
    let gapless = stats.by_day.iter().map(|day| day.date.succ_opt()).zip(next_days).all(|(next, day)| next == day);
    ensure!(gapless, "no day is left out", of stats.by_day);
    Ok(stats)
}

async fn counts_all(service: &dyn QrTigerService, code: &QrCode) -> Checked {
    let all = stats(service, code, Period::All).await?;
    ensure_eq!(all.scans_in_period, all.total_scans, "all there are");
    ensure!(all.unique_scans <= all.total_scans, "no more visitors than scans", of all);
    Ok(())
}

async fn counts_periods(service: &dyn QrTigerService, code: &QrCode) -> Checked {
    let month = stats(service, code, Period::LastDays(28)).await?;
    ensure_eq!(month.by_day.len(), 28, "quiet days are filled in");
    ensure!(month.scans_in_period <= month.total_scans, "a part is no more than all", of month);
    let (first, last) = (given(month.by_day.first())?, given(month.by_day.last())?);
    let range = stats(service, code, Period::Range(DateRange::new(first.date, last.date)?)).await?;
    let expected = (&month.by_day, month.last_scanned_on);
    ensure_eq!((&range.by_day, range.last_scanned_on), expected, "the same days tell the same");
    let busiest = given(month.by_day.iter().max_by_key(|day| day.scans))?;
    let day = stats(service, code, Period::Day(busiest.date)).await?;
    ensure_eq!((&day.by_day[..], day.scans_in_period), (&[*busiest][..], busiest.scans), "one day alone");
    Ok(())
}

async fn changes_the_status(service: &dyn QrTigerService, code: &QrCode) -> Checked {
    use QrStatus::{Active, Archived, Paused};
    for status in [Active, Paused, Paused, Archived, Archived, Paused, Active, Active, Archived, Active] {
        let updated = service.update_qr_code(UpdateQrCode::new(code.id.clone(), status)).await?;
        ensure_eq!((updated.status, &updated.destination), (status, &code.destination), "the destination is kept");
        let listed = service.list_qr_codes(ListQrCodes::new().status(status)).await?;
        ensure!(listed.iter().any(|listed| listed.id == code.id), format!("it is listed as {status}"), of listed);
    }
    Ok(())
}

/// It is refused like this, and it is certain that nothing was done.
#[track_caller]
fn unapplied<T: std::fmt::Debug>(outcome: Result<T>, kind: ErrorKind, field: Option<&str>, what: &str) -> Checked {
    if let Err(error) = &outcome {
        let doubt = error.maybe_applied();
        if doubt {
            return Err(Failure::broken(&format!("{what} certainly did nothing"), &format!("{error:#}")));
        }
    }
    refused(outcome, kind, field, what)
}

//! Codes that are scanned, and what the statistics make of it.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use connectors_core::testing::VirtualClock;
use connectors_core::{Result, TimeZone};
use connectors_mock::{Landing, MockQrTiger, MockServer, ScanContext};
use connectors_qrtiger::{Period, QrStatus, QrTigerClient, QrTigerService, ScanStats, ScanStatsRequest};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{request, update};

fn count(counts: &[connectors_qrtiger::Count], label: &str) -> u64 {
    counts.iter().filter(|count| count.label == label).map(|count| count.scans).sum()
}

#[tokio::test]
async fn every_scan_moves_the_statistics() -> Result<()> {
    let clock = VirtualClock::default();
    for seed in 0..4 {
        let mock = MockQrTiger::builder().seed(seed).clock(Arc::new(clock.clone())).build()?;
        let code = mock.generate_qr_code(request("e1")).await?;
        let zone = TimeZone::new("Pacific/Auckland")?;
        let week = || ScanStatsRequest::new(code.id.clone(), Period::LastDays(7)).time_zone(zone);
        let now = mock.backend().clock().now_utc();
        let before: ScanStats = mock.scan_stats(week()).await?;

        let ann = ScanContext::new(now).visitor("Ann").device("iOS").place("Iceland", "Höfn");
        let mut earlier = ann.clone();
        earlier.at = now - TimeDelta::days(2);
        assert_eq!(
            mock.fake().scan(code.short_url.as_str(), earlier),
            Landing::Address("https://example.com/e1".into())
        );
        mock.fake().scan(code.id.as_str(), ann);
        mock.fake().scan(code.id.as_str(), ScanContext::new(now));
        mock.fake().scan(code.id.as_str(), ScanContext::new(now + TimeDelta::hours(1)));

        let after = mock.scan_stats(week()).await?;
        assert_eq!(after.total_scans, before.total_scans + 3, "seed {seed}: the one in an hour is yet to come");
        assert_eq!(after.unique_scans, before.unique_scans + 2, "Ann came twice");
        assert_eq!(after.scans_in_period, before.scans_in_period + 3);
        assert_eq!((count(&after.by_city, "Höfn"), count(&after.by_country, "Iceland")), (2, 2));
        assert!(count(&after.by_device, "iOS") >= count(&before.by_device, "iOS") + 2);
        let days = |stats: &ScanStats| stats.by_day.iter().map(|day| day.scans).collect::<Vec<_>>();
        let more: Vec<_> = days(&after).iter().zip(days(&before)).map(|(after, before)| after - before).collect();
        assert_eq!(more, [0, 0, 0, 0, 1, 0, 2]);
        assert_eq!(mock.client().campaigns().list().collect_all().await?[0].scans, after.total_scans);
        clock.advance(Duration::from_secs(3600));
        assert!(mock.scan_stats(week()).await?.total_scans > after.total_scans);
    }
    Ok(())
}

#[tokio::test]
async fn a_code_leads_where_its_state_allows() -> Result<()> {
    let mock = MockQrTiger::new();
    let code = mock.generate_qr_code(request("e1")).await?;
    let (id, now) = (code.id.as_str(), mock.backend().clock().now_utc());
    let scan = || mock.fake().scan(id, ScanContext::new(now));
    let scans = async || Ok::<_, connectors_core::Error>(mock.client().tracking().data(&code.id).await?.scans);

    mock.update_qr_code(update(&code.id, QrStatus::Paused)).await?;
    let before = scans().await?;
    let Landing::Address(page) = scan() else { panic!("a paused code leads to its page") };
    assert!(page.starts_with("https://pages.test/paused?"), "{page}");
    assert_eq!(scans().await?, before + 1, "a paused code counts on");

    mock.fake().edit(id, |code| code.expires_after_scans = Some(before + 2));
    assert!(matches!(scan(), Landing::Address(_)), "the last one");
    assert_eq!(scan(), Landing::Expired);
    mock.fake().edit(id, |code| (code.expires_after_scans, code.expires_at) = (None, Some(now)));
    assert_eq!(scan(), Landing::Expired);
    mock.fake().edit(id, |code| (code.expires_at, code.locked) = (None, true));
    assert_eq!(scan(), Landing::Locked);
    mock.fake().edit(id, |code| code.blocked = true);
    assert_eq!(scan(), Landing::Blocked);
    assert_eq!(mock.fake().scan("https://qr1.be/NOSUCH", ScanContext::new(now)), Landing::Missing);
    assert_eq!(scans().await?, before + 2, "none of these is a scan");
    mock.fake().edit(id, |code| (code.blocked, code.locked, code.category) = (false, false, "text".to_owned()));
    assert!(matches!(scan(), Landing::Content(_)));
    Ok(())
}

#[tokio::test]
async fn a_quiet_fake_counts_exactly_what_somebody_scans() -> Result<()> {
    let mock = MockQrTiger::new();
    mock.fake().be_quiet();
    let code = mock.generate_qr_code(request("e1")).await?;
    let now = mock.backend().clock().now_utc();
    mock.fake().scan(code.id.as_str(), ScanContext::new(now).visitor("Ann"));
    mock.fake().scan(code.id.as_str(), ScanContext::new(now).visitor("Ann"));
    let stats = mock.scan_stats(ScanStatsRequest::new(code.id.clone(), Period::All)).await?;
    assert_eq!((code.scans, stats.total_scans, stats.unique_scans, stats.by_day.len()), (0, 2, 1, 1));
    Ok(())
}

/// The head of the answer to a GET.
async fn get(link: &str, agent: &str) -> std::io::Result<String> {
    let (host, path) = link.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).await?;
    let head = format!("GET /{path} HTTP/1.1\r\nhost: {host}\r\nuser-agent: {agent}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn a_phone_that_opens_a_short_link_is_sent_on_and_counted() -> std::result::Result<(), Box<dyn std::error::Error>>
{
    for seed in 0..8 {
        let mock = MockQrTiger::builder().seed(seed).build()?;
        let server = MockServer::start([("/qrtiger", mock.backend().clone())]).await?;
        let client = QrTigerClient::builder()
            .api_key("mock-key")
            .api_url(server.url("/qrtiger"))
            .clock(Arc::clone(mock.backend().clock()))
            .build()?;
        let code = client.generate_qr_code(request("e1")).await?;
        let all = || client.scan_stats(ScanStatsRequest::new(code.id.clone(), Period::LastDays(1)));
        let before = all().await?;
        let link = code.short_url.as_str();
        assert!(link.starts_with(&server.url("/qrtiger/qr/")), "seed {seed}: {link}");
        for agent in ["Mozilla/5.0 (Linux; Android 15)", "Mozilla/5.0 (iPhone; CPU)", "Mozilla/5.0 (iPhone; CPU)"] {
            let answer = get(link, agent).await?.to_lowercase();
            assert!(
                answer.starts_with("http/1.1 302 ") && answer.contains("location: https://example.com/e1\r\n"),
                "{answer}"
            );
        }
        let after = all().await?;
        assert_eq!((after.total_scans, after.unique_scans), (before.total_scans + 3, before.unique_scans + 2));
        assert_eq!(count(&after.by_device, "iOS"), count(&before.by_device, "iOS") + 2);
        assert_eq!(count(&after.by_device, "Android"), count(&before.by_device, "Android") + 1);
        mock.fake().edit(code.id.as_str(), |code| code.blocked = true);
        assert!(get(link, "curl").await?.starts_with("HTTP/1.1 403 "));
        assert_eq!(mock.backend().count("scan"), 4);
    }
    Ok(())
}

#[tokio::test]
async fn scans_over_http_survive_a_restart_of_the_fake() -> Result<()> {
    let first = MockQrTiger::new();
    let code = first.generate_qr_code(request("e1")).await?;
    let link = format!("/qr/{}", code.id);
    first.client().request(&http::Method::GET, &link).send_bytes().await.unwrap_err();
    let scans = first.client().tracking().data(&code.id).await?.scans;

    let second = MockQrTiger::builder().clock(Arc::clone(first.backend().clock())).build()?;
    second.backend().load(&first.backend().save()?)?;
    assert_eq!(second.client().tracking().data(&code.id).await?.scans, scans);
    Ok(())
}

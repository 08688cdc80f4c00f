//! Keys, addresses and connections that do not work.

use connectors_core::{ConnectionStatus, ErrorKind, Result};
use connectors_mock::{Fault, MockQrTiger};
use connectors_qrtiger::{QrTigerBuilder, QrTigerClient, QrTigerErrorExt, QrTigerService};

use crate::{client, url};

#[tokio::test]
async fn a_connection_test_tells_what_is_wrong() -> Result<()> {
    let mock = MockQrTiger::new();
    mock.fake().add("flyer", "https://example.com/", mock.backend().clock().now_utc());
    let report = mock.test_connection().await?;
    assert_eq!(report.identity.as_deref(), Some("the QR TIGER account 64f0c1de2a9b84c7d3e6f0a1"));

    let wrong = client(mock.backend(), |builder| builder.api_key("another-key"));
    let report = wrong.test_connection().await?;
    let error = report.error.as_ref().unwrap();
    assert_eq!(
        (report.status, error.kind(), error.body_status()),
        (ConnectionStatus::BadKey, ErrorKind::Auth, Some(403))
    );
    assert_eq!(error.attempts(), 1, "a key does not get better by repeating");

    let elsewhere = client(mock.backend(), |builder| builder.api_url("https://api.qrtiger.com/elsewhere"));
    assert_eq!(elsewhere.test_connection().await?.status, ConnectionStatus::WrongUrl);
    for (fault, status) in [
        (Fault::Refused, ConnectionStatus::Unreachable),
        (Fault::ResetBefore, ConnectionStatus::Unreachable),
        (Fault::Throttle(None), ConnectionStatus::Throttled),
        (Fault::Status(403), ConnectionStatus::MissingPermission),
        (Fault::HtmlPage(200), ConnectionStatus::WrongUrl),
        (Fault::HtmlPage(503), ConnectionStatus::Failing),
    ] {
        mock.backend().calm().script("campaigns.list", [fault; 4]);
        let report = mock.test_connection().await?;
        assert_eq!(report.status, status, "{fault:?}: {report}");
    }
    Ok(())
}

#[test]
fn settings_that_cannot_be_right_are_refused_and_named() {
    let field = |builder: QrTigerBuilder| builder.build().unwrap_err().field().unwrap().to_owned();
    let keyed = || QrTigerClient::builder().api_key("k");
    for key in ["", "  \t", "a\nb"] {
        assert_eq!(field(QrTigerClient::builder().api_key(key)), "api_key", "{key:?}");
    }
    assert_eq!(field(QrTigerClient::builder()), "api_key");
    assert_eq!(field(keyed().monthly_quota(0)), "monthly_quota");
    for (bad, instead) in [
        ("https://api.qrtiger.com/v1", "https://api.qrtiger.com"),
        ("https://api.qrtiger.com/v1/", "https://api.qrtiger.com"),
        ("https://api.qrtiger.com/api", "https://api.qrtiger.com"),
        ("https://api.qrtiger.com/api/v1", "https://api.qrtiger.com"),
        ("https://gateway.example/qr/api", "https://gateway.example/qr"),
        ("https://qrtiger.com", "https://api.qrtiger.com"),
        ("https://www.qrcode-tiger.com/api", "https://api.qrtiger.com"),
    ] {
        let error = keyed().api_url(bad).build().unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("api_url")), "{bad}");
        assert_eq!(error.hint(), Some(format!("write {instead}").as_str()), "{bad}");
    }
    let error = keyed().legacy_host().api_url("https://api.qrtiger.com").build().unwrap_err();
    assert_eq!(error.hint(), Some("write https://qrtiger.com"));
    keyed().legacy_host().api_url("https://qrtiger.com").build().unwrap();
    for bad in ["", "api.qrtiger.com", "http://api.qrtiger.com", "https://u:p@api.qrtiger.com"] {
        assert_eq!(field(keyed().api_url(bad)), "api_url", "{bad}");
    }
    assert_eq!(field(keyed().paused_page(url("mailto:a@example.com"))), "paused_page");
    let page = url("https://example.com/off");
    assert_eq!(field(keyed().paused_page(page.clone()).archived_page(page)), "archived_page");
}

#[test]
fn settings_come_from_variables() {
    let vars = |pairs: &'static [(&str, &str)]| {
        QrTigerClient::from_vars(|name| {
            pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    };
    assert_eq!(vars(&[]).unwrap_err().field(), Some("QRTIGER_API_KEY"));
    assert_eq!(vars(&[("QRTIGER_API_KEY", " ")]).unwrap_err().field(), Some("QRTIGER_API_KEY"));
    assert!(vars(&[("QRTIGER_API_KEY", "k")]).is_ok());
    let error = vars(&[("QRTIGER_API_KEY", "k"), ("QRTIGER_API_URL", "https://api.qrtiger.com/v1")]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}

#[tokio::test]
async fn a_key_is_never_shown() {
    let canary = "canary-5b1f9c77";
    let mock = MockQrTiger::new();
    let builder = QrTigerClient::builder().api_key(canary);
    let shown = format!("{builder:?}");
    let client = client(mock.backend(), |builder| builder.api_key(canary));
    let error = client.summary().await.unwrap_err();
    let shown = shown + &format!("{client:?} {error:?} {error} {error:#} {:?} {mock:?}", mock.backend().journal());
    let shown = shown + &format!("{:?}", QrTigerClient::builder().api_url(format!("https://u:{canary}@a.example")));
    let shown =
        shown + &format!("{:?}", QrTigerClient::builder().api_key(format!("{canary}\n{canary}")).build().unwrap_err());
    assert!(!shown.contains(canary), "{shown}");
}

//! What the fake holds: saved, loaded, begun with, begun anew.

use connectors_core::Result;
use connectors_mock::{CodeSetup, Fake, Landing, MockQrTiger, QrTigerSetup, ScanContext};
use connectors_qrtiger::{ListQrCodes, QrTigerService};

use crate::twins::{self, Twin};
use crate::walk::walk;

impl Twin for MockQrTiger {
    fn machine(&self) -> &dyn Fake {
        self.fake()
    }
}

fn setup() -> QrTigerSetup {
    let at = "2026-02-20T10:00:00Z".parse().unwrap();
    let ann = ScanContext::new(at).visitor("Ann").device("iOS").place("Germany", "Ulm");
    let tour = CodeSetup::new("Tour", "https://example.com/tour").id("TOUR01").created_at(at);
    QrTigerSetup::new()
        .code(tour.scan(ann.clone()).scan(ann).scan(ScanContext::new(at)).blocked())
        .code(CodeSetup::new("Card", "Call Ann").category("text").expires_after_scans(1_000_000))
}

fn mock(seed: u64) -> MockQrTiger {
    MockQrTiger::builder().seed(seed).initial(setup()).build().unwrap()
}

#[tokio::test]
async fn a_loaded_fake_goes_on_as_the_saved_one_would() -> Result<()> {
    for seed in 0..4 {
        let heard = mock(seed);
        walk(&heard).await;
        let lived = || {
            let mock = mock(seed);
            let now = mock.backend().clock().now_utc();
            let id = mock.fake().add("By hand", "https://example.com/hand", now);
            mock.fake().scan(&id, ScanContext::new(now).visitor("Ben"));
            mock.fake().edit(&id, |code| code.locked = true);
            mock.fake().largest_page(2);
            mock
        };
        twins::assert_alike(heard.backend(), 6, lived);
    }
    Ok(())
}

#[tokio::test]
async fn what_was_said_to_be_there_is_there() -> Result<()> {
    let mock = mock(7);
    let (fake, now) = (mock.fake(), mock.backend().clock().now_utc());
    assert_eq!(mock.list_qr_codes(ListQrCodes::new()).await?.len(), 2);
    assert_eq!(fake.scan("TOUR01", ScanContext::new(now)), Landing::Blocked);
    let card = fake.codes()[1].id.clone();
    assert_eq!(fake.scan(&card, ScanContext::new(now)), Landing::Content("Call Ann".to_owned()));

    let quiet = MockQrTiger::builder().initial(setup().quiet()).build()?;
    let id = connectors_qrtiger::QrId::new("TOUR01")?;
    let data = quiet.client().tracking().data(&id).await?;
    assert_eq!((data.scans, data.unique_scans), (3, 2), "and nobody else");
    Ok(())
}

#[test]
fn what_makes_no_sense_is_refused_as_a_whole() {
    let mock = mock(7);
    let with = |rest: &str| format!(r#"{{"codes": [{{"destination": "https://example.com/"}}, {{{rest}}}]}}"#);
    let setups = [
        (with(r#""destination": " ""#), "codes[1].destination"),
        (with(r#""destination": "x", "id": "TOUR01""#), "codes[1].id"),
        (with(r#""destination": "x", "id": "tour""#), "codes[1].id"),
        (with(r#""destination": "x", "category": "pdf""#), "codes[1].category"),
        (with(r#""destination": "x", "created_at": "0001-01-01T00:00:00Z""#), "codes[1].created_at"),
        (with(r#""destination": "x", "colour": "red""#), "codes[1].colour"),
        (with(r#""name": "x""#), "codes[1]"),
        (r#"{"code": []}"#.to_owned(), "code"),
    ];
    let setups: Vec<_> = setups.iter().map(|(setup, field)| (setup.as_str(), *field)).collect();
    twins::assert_strict(mock.fake(), &setups, mock.backend().clock().now_utc());
    let error = MockQrTiger::builder().initial(setup()).initial(setup()).build().unwrap_err();
    assert_eq!(error.field(), Some("codes[0].id"), "{error}");
}

#[tokio::test]
async fn a_reset_fake_is_a_new_one() {
    let used = mock(7);
    walk(&used).await;
    let now = mock(7).backend().clock().now_utc();
    twins::assert_resets(&used, now, mock);
}

//! What the fake holds: saved, loaded, begun with, begun anew.

use connectors_brandscopic::{BrandscopicService, Contract};
use connectors_core::Result;
use connectors_mock::{
    BrandscopicSetup, CampaignSetup, CompanyUserSetup, EventSetup, Fake, FakeRecap, MockBrandscopic, VenueSetup,
    conformance,
};

use crate::twins::{self, Twin};
use crate::walk::Walk;
use crate::{BOTH, walk};

impl Twin for MockBrandscopic {
    fn machine(&self) -> &dyn Fake {
        self.fake()
    }
}

fn setup() -> BrandscopicSetup {
    let start = "2026-06-05T16:00:00Z".parse().unwrap();
    let event = EventSetup::new("Summer", start).name("Tasting").external_id("e-1");
    BrandscopicSetup::new()
        .campaign(CampaignSetup::new("Summer").client("Example Drinks").external_id("c-1"))
        .venue(VenueSetup::new("Dock 9", "Boston", "US").street("9 Long Wharf").state("Massachusetts"))
        .user(CompanyUserSetup::new("Dee", "Park").role("Field Manager").team("Lake Crew"))
        .event(event.clone().venue("Dock 9").recap(FakeRecap::Approved))
        .event(event.venue("The Corner Bar").city("springfield"))
        .past_events(30)
}

fn mock(contract: Contract, seed: u64) -> MockBrandscopic {
    MockBrandscopic::builder().contract(contract).seed(seed).initial(setup()).build().unwrap()
}

/// What people do by hand.
fn live(mock: MockBrandscopic) -> MockBrandscopic {
    let (fake, event) = (mock.fake(), mock.fake().events()[0].clone());
    fake.set_recap(event.id, FakeRecap::Rejected);
    fake.limit(event.project, "photos", Some(1), Some(2));
    fake.require_receipts(event.project);
    fake.join_company(19, "Brightside Iberia");
    fake.revoke("venues_score");
    mock
}

#[tokio::test]
async fn a_loaded_fake_goes_on_as_the_saved_one_would() {
    let mut walk = Walk::new(walk::mock());
    walk.everywhere().await;
    twins::assert_alike(walk.mock.backend(), 12, walk::mock);
    twins::assert_alike(walk.mock.backend(), 4, || live(walk::mock()));
}

#[tokio::test]
async fn on_a_gateway_too() -> Result<()> {
    let heard = mock(Contract::Gateway, 7);
    conformance::brandscopic(&heard, &crate::campaign()).await.assert();
    twins::assert_alike(heard.backend(), 4, || live(mock(Contract::Gateway, 7)));
    Ok(())
}

#[tokio::test]
async fn what_was_said_to_be_there_is_there() -> Result<()> {
    for contract in BOTH {
        assert!(mock(contract, 7).test_connection().await?.is_connected());
    }
    let mock = mock(Contract::Native, 7);
    let native = mock.client().native()?;
    let campaign = native.campaigns().find("Summer").await?.unwrap();
    let events = mock.fake().events();
    assert_eq!((events.len(), events[0].project, events[0].location.as_str()), (32, campaign.id.get(), "Boston, US"));
    assert_eq!(events[1].location, "Springfield, US");
    assert_eq!(mock.fake().external_id(campaign.id.get()).as_deref(), Some("c-1"));
    let users = native.users().list().await?;
    let dee = users.iter().find(|user| user.full_name.as_deref() == Some("Dee Park")).unwrap();
    assert_eq!(dee.email.as_deref(), Some("dee.park@example.com"));
    Ok(())
}

#[test]
fn what_makes_no_sense_is_refused_as_a_whole() {
    let mock = mock(Contract::Native, 7);
    let start = "2026-06-05T16:00:00Z";
    let event = |rest: &str| format!(r#"{{"campaigns": [{{"name": "B"}}], "events": [{{{rest}}}]}}"#);
    let setups = [
        (r#"{"campaigns": [{"name": " "}]}"#.to_owned(), "campaigns[0].name"),
        (r#"{"campaigns": [{"name": "A", "owner": "B"}]}"#.to_owned(), "campaigns[0].owner"),
        (r#"{"venues": [{"name": "A", "city": "B"}]}"#.to_owned(), "venues[0]"),
        (r#"{"users": [{"first_name": "A", "last_name": "B", "role": "King"}]}"#.to_owned(), "users[0].role"),
        (r#"{"users": [{"first_name": "A", "last_name": "B", "team": "C"}]}"#.to_owned(), "users[0].team"),
        (event(&format!(r#""campaign": "A", "start": "{start}""#)), "events[0].campaign"),
        (event(&format!(r#""campaign": "B", "start": "{start}", "venue": "C""#)), "events[0].venue"),
        (event(&format!(r#""campaign": "B", "start": "{start}", "end": "2026-06-01T00:00:00Z""#)), "events[0].end"),
        (event(r#""campaign": "B", "start": "9026-06-05T16:00:00Z""#), "events[0].start"),
        (event(r#""campaign": "B", "start": "soon""#), "events[0].start"),
        (r#"{"past_events": 100001}"#.to_owned(), "past_events"),
        (r#"{"projects": []}"#.to_owned(), "projects"),
    ];
    let setups: Vec<_> = setups.iter().map(|(setup, field)| (setup.as_str(), *field)).collect();
    twins::assert_strict(mock.fake(), &setups, mock.backend().clock().now_utc());
}

#[tokio::test]
async fn a_reset_fake_is_a_new_one() {
    let used = live(mock(Contract::Gateway, 7));
    conformance::brandscopic(&used, &crate::campaign()).await.assert();
    let now = mock(Contract::Gateway, 7).backend().clock().now_utc();
    twins::assert_resets(&used, now, |seed| mock(Contract::Gateway, seed));
}

//! Every operation of the list is called once, on either host, and answers with something.

use connectors_mock::MockQrTiger;
use connectors_qrtiger::{DataPeriod, Design, Frame, VCard};

use crate::calls::Calls;
use crate::url;

const LIST: &str = include_str!("../../src/qrtiger/operations.csv");

pub async fn walk(mock: &MockQrTiger) -> Calls {
    let mut walk = Calls::new(mock.backend());
    let (campaigns, tracking) = (mock.client().campaigns(), mock.client().tracking());
    let logo = walk.call("uploads.image", mock.client().uploads().image("logo.png", crate::PNG)).await;
    let design = Design::new().logo(logo).frame(Frame(3), "TASTE");
    let made = walk.call("campaigns.create", campaigns.create("https://example.com/").design(design.clone())).await;
    walk.call("campaigns.edit", campaigns.edit(&made.id).destination(&url("https://example.com/menu"))).await;
    walk.call("campaigns.create", campaigns.create_vcard(&VCard::new("Ada"))).await;
    walk.call("campaigns.list", campaigns.list().collect_all()).await;
    walk.call("campaigns.list", campaigns.page(1).limit(1)).await;
    let data = walk.call("tracking.data", tracking.data(&made.id).period(DataPeriod::Month)).await;
    assert_eq!(data.campaign.unwrap().design, Some(design));
    walk.call("statics.create", mock.client().statics().create("https://example.com/menu")).await;
    walk
}

#[tokio::test]
async fn complete() {
    walk(&MockQrTiger::new()).await.assert_complete(LIST, "qrtiger");
}

#[tokio::test]
async fn every_habit_of_either_host_is_understood() {
    for seed in 0..12 {
        let builder = MockQrTiger::builder().seed(seed);
        let builder = if seed % 2 == 0 { builder.legacy_host() } else { builder };
        walk(&builder.build().unwrap()).await;
    }
}

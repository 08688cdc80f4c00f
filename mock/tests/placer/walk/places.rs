//! The account and its places.

use connectors_mock::placer::CHAIN;
use connectors_placer::{CustomPoiArea, CustomPoiUpdate, NewCustomPoi, Point};

use super::Walk;
use crate::{id, venue};

pub async fn walk(walk: &mut Walk) {
    let client = walk.client();
    walk.call("pois.search", client.pois().search()).await;
    walk.call("pois.entities", client.pois().entities(&id(CHAIN))).await;
    walk.call("pois.my_properties", client.pois().my_properties()).await;

    let pier = NewCustomPoi::new("Pier 4", "Plaza", CustomPoiArea::circle(Point::new(42.3543, -71.0473), 0.05));
    let pier = walk.call("custom_pois.create", client.custom_pois().create(pier)).await.api_id;
    walk.call("custom_pois.get", client.custom_pois().get(&pier)).await;
    let renamed = CustomPoiUpdate::new().name("The pier");
    walk.call("custom_pois.update", client.custom_pois().update(&pier, renamed)).await;

    let tag = walk.call("tags.create", client.tags().create("Spring campaign")).await;
    walk.call("tags.add", client.tags().add(&tag, [pier.clone(), venue(0)])).await;
    walk.call("tags.remove", client.tags().remove(&tag, [venue(0)])).await;
    walk.call("custom_pois.delete", client.custom_pois().delete(&pier)).await;

    walk.call("account.usage_status", client.account().usage_status()).await;
}

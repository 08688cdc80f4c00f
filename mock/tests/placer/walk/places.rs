//! The account and its places.

use connectors_mock::placer::CHAIN;

use super::Walk;
use crate::id;

pub async fn walk(walk: &mut Walk) {
    let client = walk.client();
    walk.call("pois.search", client.pois().search()).await;
    walk.call("pois.entities", client.pois().entities(&id(CHAIN))).await;
    walk.call("pois.my_properties", client.pois().my_properties()).await;
    walk.call("account.usage_status", client.account().usage_status()).await;
}

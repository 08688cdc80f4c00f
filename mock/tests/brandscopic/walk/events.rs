use connectors_brandscopic::native::{EventDraft, PlaceId, PlaceReference, RemoteEventId};

use super::Walk;

pub async fn walk(walk: &mut Walk) {
    events(walk).await;
    comments(walk).await;
}

async fn events(walk: &mut Walk) {
    let events = walk.native().events();
    let campaign = walk.mock.fake().projects()[0].id.into();
    let place = PlaceReference::Place(PlaceId::new(walk.mock.fake().venues()[0].place_id));
    let (start, end) = ("2026-05-02T17:00:00".parse().unwrap(), "2026-05-02T20:00:00".parse().unwrap());
    let event = walk.call("events.create", events.create(&EventDraft::new(campaign, start, end).place(place))).await;
    let id = event.id;
    walk.call("events.update", events.update(id, &EventDraft::change().description("Grand tasting"))).await;
    walk.call("events.get", events.get(id)).await;
    walk.call("events.list", events.list().campaigns([campaign])).await;
    walk.call("events.filter", events.filter().campaigns([campaign]).page(2)).await;
    walk.call("events.status_facets", events.status_facets()).await;
    walk.call("events.requiring_attention", events.requiring_attention()).await;
    walk.call("events.autocomplete", events.autocomplete("tast")).await;
    walk.native().comments().create_on_event(id, "Nice crowd").await.unwrap();
    walk.call("events.details_counters", events.details_counters(id)).await;
    walk.call("events.submit", events.submit(id)).await;
    walk.call("events.reject", events.reject(id, "How many samples?")).await;
    events.submit(id).await.unwrap();
    walk.call("events.approve", events.approve(id)).await;
}

async fn comments(walk: &mut Walk) {
    let event = RemoteEventId::new(walk.mock.fake().events()[0].id);
    let comments = walk.native().comments();
    let comment = walk.call("comments.create_on_event", comments.create_on_event(event, "Ran out of cups")).await;
    walk.call("comments.update_on_event", comments.update_on_event(event, comment.id, "Ran out at six")).await;
    walk.call("comments.of_event", comments.of_event(event)).await;
    walk.call("comments.delete_on_event", comments.delete_on_event(event, comment.id)).await;
}

use connectors_brandscopic::native::{EventDraft, PlaceId, PlaceReference, RemoteEventId, TaskDraft};

use super::Walk;

pub async fn walk(walk: &mut Walk) {
    events(walk).await;
    people(walk).await;
    tasks(walk).await;
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

async fn people(walk: &mut Walk) {
    let event = RemoteEventId::new(walk.mock.fake().events()[0].id);
    let (members, contacts) = (walk.native().members(), walk.native().event_contacts());
    let free = walk.call("members.assignable", members.assignable(event)).await[0].id.unwrap();
    walk.call("members.add", members.add(event, free)).await;
    walk.call("members.list", members.list(event)).await;
    walk.call("members.remove", members.remove(event, free)).await;
    let free = walk.call("event_contacts.assignable", contacts.assignable(event)).await[0].id.unwrap();
    walk.call("event_contacts.add", contacts.add(event, free)).await;
    walk.call("event_contacts.list", contacts.list(event)).await;
    walk.call("event_contacts.remove", contacts.remove(event, free)).await;
}

async fn tasks(walk: &mut Walk) {
    let event = RemoteEventId::new(walk.mock.fake().events()[0].id);
    let tasks = walk.native().tasks();
    let task = walk.call("tasks.create_on_event", tasks.create_on_event(event, &TaskDraft::new("Order cups"))).await;
    walk.call("tasks.update", tasks.update(task.id, &TaskDraft::change().completed(true))).await;
    walk.call("tasks.get", tasks.get(task.id)).await;
    walk.call("tasks.of_event", tasks.of_event(event)).await;
    for user in [907, 908] {
        walk.call("tasks.create", tasks.create(&TaskDraft::new("Call the venue").user(user.into()))).await;
    }
    walk.call("tasks.mine", tasks.mine()).await;
    walk.call("tasks.team", tasks.team()).await;

    let comments = walk.native().comments();
    let comment = walk.call("comments.create_on_task", comments.create_on_task(task.id, "How many?")).await;
    walk.call("comments.update_on_task", comments.update_on_task(task.id, comment.id, "How many are left?")).await;
    walk.call("comments.of_task", comments.of_task(task.id)).await;
    walk.call("comments.delete_on_task", comments.delete_on_task(task.id, comment.id)).await;
}

async fn comments(walk: &mut Walk) {
    let event = RemoteEventId::new(walk.mock.fake().events()[0].id);
    let comments = walk.native().comments();
    let comment = walk.call("comments.create_on_event", comments.create_on_event(event, "Ran out of cups")).await;
    walk.call("comments.update_on_event", comments.update_on_event(event, comment.id, "Ran out at six")).await;
    walk.call("comments.of_event", comments.of_event(event)).await;
    walk.call("comments.delete_on_event", comments.delete_on_event(event, comment.id)).await;
}

use connectors_brandscopic::native::RemoteEventId;

use super::Walk;

pub async fn walk(walk: &mut Walk) {
    let event = RemoteEventId::new(walk.mock.fake().events()[0].id);
    let comments = walk.native().comments();
    let comment = walk.call("comments.create_on_event", comments.create_on_event(event, "Ran out of cups")).await;
    walk.call("comments.update_on_event", comments.update_on_event(event, comment.id, "Ran out at six")).await;
    walk.call("comments.of_event", comments.of_event(event)).await;
    walk.call("comments.delete_on_event", comments.delete_on_event(event, comment.id)).await;
}

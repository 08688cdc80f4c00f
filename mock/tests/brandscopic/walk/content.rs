use connectors_brandscopic::native::{Amount, ExpenseDraft, NewFile, RemoteEventId, StoredFile};
use connectors_mock::Fault;

use super::Walk;

pub async fn walk(walk: &mut Walk) {
    let event = RemoteEventId::new(walk.mock.fake().events()[0].id);
    photos(walk, event).await;
    documents(walk, event).await;
    expenses(walk, event).await;
}

async fn photos(walk: &mut Walk, event: RemoteEventId) {
    let photos = walk.native().photos();
    walk.call("photos.form", photos.form(event)).await;
    walk.mock.backend().script("photos.create", [Fault::Status(500)]);
    let failed = photos.upload(event, NewFile::new("crowd.jpg", &b"\xff\xd8\xff"[..])).await.unwrap_err();
    let left = StoredFile::left_by(&failed).unwrap();
    let photo = walk.call("photos.create", photos.create(event, left)).await;
    walk.call("photos.update", photos.update(event, photo.id, false)).await;
    walk.call("photos.list", photos.list(event)).await;
}

async fn documents(walk: &mut Walk, event: RemoteEventId) {
    let documents = walk.native().documents();
    walk.call("documents.form", documents.form(event)).await;
    let plan = walk.call("documents.create", documents.upload(event, NewFile::new("plan.pdf", "%PDF"))).await;
    walk.call("documents.update", documents.update(event, plan.id, false)).await;
    walk.call("documents.list", documents.list(event)).await;
}

async fn expenses(walk: &mut Walk, event: RemoteEventId) {
    let expenses = walk.native().expenses();
    walk.call("expenses.form", expenses.form(event)).await;
    let ice = ExpenseDraft::new("Supplies", "2026-03-01".parse().unwrap(), Amount::hundredths(1250));
    let ice = walk.call("expenses.create", expenses.create(event, &ice)).await;
    walk.call("expenses.update", expenses.update(event, ice.id, &ExpenseDraft::change().billable(true))).await;
    walk.call("expenses.list", expenses.list(event)).await;
    walk.call("expenses.delete", expenses.delete(event, ice.id)).await;
}

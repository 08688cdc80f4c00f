use connectors_brandscopic::native::{
    Amount, CompanyUserId, ExpenseDraft, NewFile, NewVenue, RemoteEventId, StoredFile, VisitDraft,
};
use connectors_mock::Fault;

use super::Walk;

pub async fn walk(walk: &mut Walk) {
    let event = RemoteEventId::new(walk.mock.fake().events()[0].id);
    photos(walk, event).await;
    documents(walk, event).await;
    expenses(walk, event).await;
    let activities = walk.native().activities();
    walk.call("activities.form", activities.form(event)).await;
    venues(walk).await;
    visits(walk).await;
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

async fn venues(walk: &mut Walk) {
    let venues = walk.native().venues();
    let id = walk.call("venues.list", venues.list()).await.results[0].id;
    walk.call("venues.get", venues.get(id)).await;
    walk.call("venues.analysis", venues.analysis(id)).await;
    walk.call("venues.photos", venues.photos(id)).await;
    walk.call("venues.comments", venues.comments(id)).await;
    walk.call("venues.types", venues.types()).await;
    walk.call("venues.search", venues.search("kettle")).await;
    walk.call("venues.autocomplete", venues.autocomplete("kettle")).await;
    let owl = NewVenue::new("Night Owl", "Chicago", "Illinois", "US").street("12", "Oak Street");
    walk.call("venues.create", venues.create(&owl)).await;
}

async fn visits(walk: &mut Walk) {
    let visits = walk.native().visits();
    let campaign = walk.mock.fake().projects()[0].id.into();
    let (start, end) = ("2026-01-01".parse().unwrap(), "2026-03-31".parse().unwrap());
    let draft = VisitDraft::new(CompanyUserId::new(907), campaign, "Market visit", start, end);
    let visit = walk.call("visits.create", visits.create(&draft)).await;
    walk.call("visits.update", visits.update(visit.id, &VisitDraft::change().city("Boston"))).await;
    walk.call("visits.get", visits.get(visit.id)).await;
    walk.call("visits.list", visits.list()).await;
    walk.call("visits.types", visits.types()).await;
    walk.call("visits.events", visits.events(visit.id)).await;
    walk.call("visits.documents", visits.documents()).await;
}

use connectors_brandscopic::native::{
    ActivityChange, ActivityTypeId, AnswerChange, Demographic, InviteDraft, InviteVenueReference, RemoteEventId,
    VenueId,
};

use super::Walk;

pub async fn walk(walk: &mut Walk) {
    let event = walk.mock.fake().events()[0].clone();
    let campaign = event.project.into();
    let event = RemoteEventId::new(event.id);
    let listed = walk.native().events().list().await.unwrap();
    let venue = listed.results[0].place.clone().unwrap().venue_id.unwrap();
    results(walk, event).await;
    activities(walk, event, venue, campaign).await;
    surveys(walk, event).await;
    invites(walk, event, venue).await;
}

async fn results(walk: &mut Walk, event: RemoteEventId) {
    let events = walk.native().events();
    let form = walk.call("events.results", events.results(event)).await;
    let answer = form.named("Samples poured").unwrap().answer(144).unwrap();
    walk.call("events.update", events.update_results(event, &[answer])).await;
}

async fn activities(
    walk: &mut Walk,
    event: RemoteEventId,
    venue: VenueId,
    campaign: connectors_brandscopic::native::RemoteCampaignId,
) {
    let kinds = walk.native().activity_types();
    let spend = ActivityTypeId::new(301);
    walk.call("activity_types.list", kinds.list()).await;
    walk.call("activity_types.campaigns", kinds.campaigns(spend)).await;
    walk.call("activity_types.of_campaign", kinds.of_campaign(campaign)).await;

    let activities = walk.native().activities();
    let form = walk.call("activities.blank", activities.blank(spend)).await;
    let draft = form.draft().unwrap().answer(form.named("Amount spent").unwrap().answer(85.5).unwrap());
    let change = ActivityChange::new().activity_date(draft.activity_date.pred_opt().unwrap());
    let made = walk.call("activities.create_on_event", activities.create_on_event(event, &draft)).await.id().unwrap();
    walk.call("activities.update_on_event", activities.update_on_event(event, made, &change)).await;
    walk.call("activities.get", activities.get(made)).await;
    walk.call("activities.of_event", activities.of_event(event)).await;
    walk.call("activities.deactivate_on_event", activities.deactivate_on_event(event, made)).await;
    let made = activities.create_on_venue(venue, campaign, &draft);
    let made = walk.call("activities.create_on_venue", made).await.id().unwrap();
    walk.call("activities.update_on_venue", activities.update_on_venue(venue, made, &change)).await;
    walk.call("activities.of_venue", activities.of_venue(venue)).await;
    walk.call("activities.deactivate_on_venue", activities.deactivate_on_venue(venue, made)).await;
}

async fn surveys(walk: &mut Walk, event: RemoteEventId) {
    let surveys = walk.native().surveys();
    walk.call("surveys.brands", surveys.brands(event)).await;
    let made = walk.call("surveys.create", surveys.create(event, &[Demographic::FEMALE.into()])).await;
    let more = [AnswerChange::Add(Demographic::AGED_25_TO_34.into())];
    walk.call("surveys.update", surveys.update(event, made.id, &more)).await;
    walk.call("surveys.get", surveys.get(event, made.id)).await;
    walk.call("surveys.list", surveys.list(event)).await;
}

async fn invites(walk: &mut Walk, event: RemoteEventId, venue: VenueId) {
    let invites = walk.native().invites();
    let (draft, change) = (InviteDraft::new(40), InviteDraft::change().rsvps_count(25));
    let made = invites.create_on_event(event, &InviteVenueReference::Venue(venue), &draft);
    let made = walk.call("invites.create_on_event", made).await;
    walk.call("invites.update_on_event", invites.update_on_event(event, made.id, &change)).await;
    walk.call("invites.get_on_event", invites.get_on_event(event, made.id)).await;
    walk.call("invites.of_event", invites.of_event(event)).await;
    let made = walk.call("invites.create_on_venue", invites.create_on_venue(venue, event, &draft)).await;
    walk.call("invites.update_on_venue", invites.update_on_venue(venue, made.id, &change)).await;
    walk.call("invites.get_on_venue", invites.get_on_venue(venue, made.id)).await;
    walk.call("invites.of_venue", invites.of_venue(venue)).await;
}

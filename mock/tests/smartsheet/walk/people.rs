use std::sync::Arc;

use chrono::TimeDelta;
use connectors_core::MemoryTokenStore;
use connectors_smartsheet::{
    AccessLevel, GroupUpdate, NewGroup, NewShare, NewUser, Redirect, Scope, SeatType, UserRemoval, UserUpdate,
};

use super::Walk;

pub async fn walk(walk: &mut Walk) {
    let client = walk.client();
    let (sheet, plan) = (walk.mock.store_list_id(), walk.mock.fake().plan_id());
    login(walk).await;

    let users = client.users();
    let me = walk.call("users.me", users.me().groups()).await;
    let kim = walk.call("users.add", users.add(NewUser::new("kim.lee@example.com"))).await.id;
    walk.mock.fake().accept_invitation(kim);
    walk.call("users.list", users.list().last_logins()).await;
    walk.call("users.update", users.update(kim, UserUpdate::new().name("Kim", "Lee"))).await;
    walk.call("users.get", users.get(kim)).await;
    walk.call("users.set_profile_image", users.set_profile_image(kim, "a picture")).await;
    walk.call("users.deactivate", users.deactivate(kim)).await;
    walk.call("users.reactivate", users.reactivate(kim)).await;
    #[expect(deprecated, reason = "it still answers")]
    let of_all = users.sheets();
    walk.call("users.sheets", of_all).await;
    let address = walk.call("users.alternate_emails", users.alternate_emails(me.id)).await.data[0].id;
    let further = walk.call("users.add_alternate_emails", users.add_alternate_emails(kim, ["k@example.com"])).await;
    walk.call("users.alternate_email", users.alternate_email(kim, further[0].id)).await;
    walk.call("users.delete_alternate_email", users.delete_alternate_email(kim, further[0].id)).await;
    let primary = users.make_alternate_email_primary(me.id, address);
    walk.call("users.make_alternate_email_primary", primary).await;
    walk.call("users.plans", users.plans(kim).plan_names()).await;
    walk.call("users.upgrade", users.upgrade(kim, plan, SeatType::Member)).await;
    walk.call("users.downgrade", users.downgrade(kim, plan, SeatType::Guest)).await;
    walk.call("users.remove_from_plan", users.remove_from_plan(kim, plan)).await;

    let groups = client.groups();
    let crew = walk.call("groups.create", groups.create(NewGroup::new("Crew Berlin"))).await.id;
    walk.call("groups.add_members", groups.add_members(crew, ["kim.lee@example.com"])).await;
    walk.call("groups.get", groups.get(crew)).await;
    walk.call("groups.list", groups.list()).await;
    walk.call("groups.update", groups.update(crew, GroupUpdate::new().description("on site"))).await;
    walk.call("groups.remove_member", groups.remove_member(crew, kim)).await;
    walk.call("groups.delete", groups.delete(crew)).await;
    walk.call("users.remove", users.remove(kim, UserRemoval::new().transfer_to(me.id))).await;

    let contacts = client.contacts();
    let contact = walk.call("contacts.list", contacts.list()).await.data.remove(0).id;
    walk.call("contacts.get", contacts.get(&contact)).await;

    let shares = client.shares();
    let new = NewShare::user("rosa@venue.example", AccessLevel::Viewer);
    let share = walk.call("shares.add", shares.add(sheet, [new]).send_email()).await.remove(0).id;
    walk.call("shares.list", shares.list(sheet)).await;
    walk.call("shares.update", shares.update(sheet, &share, AccessLevel::Editor)).await;
    walk.call("shares.get", shares.get(sheet, &share)).await;
    walk.call("shares.delete", shares.delete(sheet, &share)).await;

    let now = walk.mock.backend().clock().now_utc();
    walk.call("events.list", client.events().list(now - TimeDelta::days(7))).await;
    let settings = client.governance().data_classification(plan);
    let label = walk.call("governance.data_classification", settings).await.labels.remove(0).id;
    walk.call("sheets.classify", client.sheets().classify(sheet, &label)).await;
    walk.call("sheets.declassify", client.sheets().declassify(sheet)).await;
}

async fn login(walk: &mut Walk) {
    let app = walk.mock.oauth_app();
    let back = walk.mock.consent(&app.authorization_url([Scope::ReadSheets], "s").unwrap());
    let code = Redirect::parse(&back, "s").unwrap().into_code().unwrap();
    let token = walk.call("oauth.exchange", Box::pin(async { app.exchange(&code).await })).await;
    let client = walk.mock.oauth_client(&app, Arc::new(MemoryTokenStore::holding(token))).unwrap();
    walk.call("tokens.revoke", client.tokens().revoke()).await;
}

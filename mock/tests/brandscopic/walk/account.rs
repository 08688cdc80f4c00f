use connectors_brandscopic::native::{ContactUpdate, FilterSection, NewContact, Profile, UserId, UserUpdate};
use connectors_mock::FakeBrandscopic;

use super::Walk;

pub async fn walk(walk: &mut Walk) {
    let native = walk.native();
    let company = walk.call("companies.list", native.companies().list()).await.remove(0);
    assert_eq!(company.id, native.company_id().await.unwrap());

    let users = native.users();
    let me = company.company_user_id.unwrap();
    assert!(walk.call("users.list", users.list()).await.iter().any(|user| user.id == me));
    let update = UserUpdate::new().profile(Profile::new(UserId::new(31)).city("Boston"));
    walk.call("users.update", users.update(me, &update)).await;
    assert_eq!(walk.call("users.get", users.get(me)).await.city.as_deref(), Some("Boston"));
    walk.call("users.permissions", users.permissions()).await;
    walk.call("users.notifications", users.notifications()).await;
    walk.call("users.reset_password", users.reset_password(FakeBrandscopic::EMAIL)).await;

    let contacts = native.contacts();
    let kim = NewContact::new("Kim", "Lee", "Chicago", "IL", "US");
    let kim = walk.call("contacts.create", contacts.create(&kim)).await.id;
    walk.call("contacts.update", contacts.update(kim, &ContactUpdate::new().title("Buyer"))).await;
    walk.call("contacts.get", contacts.get(kim)).await;
    walk.call("contacts.list", contacts.list()).await;

    let campaigns = native.campaigns();
    let campaign = walk.call("campaigns.all", campaigns.all()).await[0].id;
    walk.call("campaigns.overall_stats", campaigns.overall_stats()).await;
    walk.call("campaigns.stats", campaigns.stats(campaign)).await;
    walk.call("campaigns.events", campaigns.events(campaign)).await;
    walk.call("campaigns.expense_categories", campaigns.expense_categories(campaign)).await;

    let area = walk.call("areas.list", native.areas().list()).await[0].id;
    walk.call("areas.cities", native.areas().cities(area)).await;
    let brand = walk.call("brands.list", native.brands().list()).await[0].id;
    walk.call("brands.of_campaign", native.brands().of_campaign(campaign)).await;
    walk.call("brands.marques", native.brands().marques(brand)).await;
    walk.call("countries.list", native.countries().list()).await;
    walk.call("countries.states", native.countries().states("US")).await;
    walk.call("filters.get", native.filters().get(FilterSection::UserTasks)).await;

    let sessions = native.sessions();
    let login = sessions.create(FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD);
    let session = walk.call("sessions.create", login).await;
    walk.call("sessions.destroy", sessions.destroy(&session.token)).await;
}

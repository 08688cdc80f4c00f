use connectors_brandscopic::Contract;
use connectors_brandscopic::native::{
    CompanyUserId, NotificationKind, Permission, Profile, RoleId, TeamId, UserId, UserUpdate,
};
use connectors_core::{Error, ErrorKind, Result};
use connectors_mock::{Fault, MockBrandscopic};
use futures_util::future::join_all;
use std::time::Duration;

const ME: CompanyUserId = CompanyUserId::new(907);
const ANN: UserId = UserId::new(31);

fn mock() -> MockBrandscopic {
    MockBrandscopic::builder().contract(Contract::Native).past_events(40).build().unwrap()
}

fn refusal(error: &Error) -> (Option<&str>, u32) {
    (error.field(), error.attempts())
}

#[tokio::test]
async fn a_list_and_a_single_user_have_their_role_in_different_places() -> Result<()> {
    let mock = mock();
    let users = mock.client().native()?.users();
    let listed = users.list().await?.into_iter().find(|user| user.id == ME).unwrap();
    let whole = users.get(ME).await?;
    assert_eq!((listed.role_name(), whole.role_name()), (Some("Administrator"), Some("Administrator")));
    assert!(listed.teams.is_empty() && listed.role.is_none());
    assert_eq!(whole.teams[0].name, "East Coast Crew");
    assert_eq!(listed.unit_number, None, "null");
    let lake = users.list().teams([TeamId::new(42)]).await?;
    assert_eq!(lake.iter().map(|user| user.id.get()).collect::<Vec<_>>(), [909]);
    let both = users.list().roles([RoleId::new(21), RoleId::new(22)]).await?;
    assert_eq!(both.len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_profile_needs_both_ids_of_a_user() -> Result<()> {
    let mock = mock();
    let users = mock.client().native()?.users();
    let profile = Profile::new(ANN).last_name("Fields").unit_number("").password("new-secret");
    let update = UserUpdate::new().profile(profile).teams([TeamId::new(42)]).role(RoleId::new(22));
    assert!(!format!("{update:?}").contains("Fields") && !format!("{update:?}").contains("new-secret"));
    let changed = users.update(ME, &update).await?;
    assert_eq!((changed.full_name.as_deref(), changed.role_name()), (Some("Ann Fields"), Some("Field Manager")));
    let sent: serde_json::Value = mock.backend().journal().last().unwrap().json();
    let person = &sent["company_user"]["user_attributes"];
    assert_eq!((&person["id"], &person["password_confirmation"]), (&31.into(), &"new-secret".into()));
    assert!(person.get("city").is_none(), "what is not named stays");

    let other = UserUpdate::new().profile(Profile::new(UserId::new(ME.get())).city("Boston"));
    assert_eq!(users.update(ME, &other).await.unwrap_err().kind(), ErrorKind::NotFound, "not the person's id");
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_changed_to_is_refused_before_it_is_sent() -> Result<()> {
    let mock = mock();
    let users = mock.client().native()?.users();
    let update = |profile| users.update(ME, &UserUpdate::new().profile(profile));
    for (request, field) in [
        (users.update(ME, &UserUpdate::new()), "update"),
        (update(Profile::new(ANN)), "user_attributes"),
        (update(Profile::new(UserId::new(0)).city("Boston")), "user_attributes.id"),
        (update(Profile::new(ANN).city(" ")), "city"),
        (update(Profile::new(ANN).email("ann")), "email"),
        (update(Profile::new(ANN).password("")), "password"),
        (users.get(CompanyUserId::new(0)), "id"),
    ] {
        assert_eq!(refusal(&request.await.unwrap_err()), (Some(field), 0));
    }
    let sent = update(Profile::new(ANN).city(" ")).skip_validation().await.unwrap_err();
    assert_eq!((sent.field(), sent.status().map(|status| status.as_u16())), (Some("user.city"), Some(422)));
    Ok(())
}

#[tokio::test]
async fn a_password_is_reset_without_a_login_and_at_most_once() -> Result<()> {
    let mock = mock();
    let users = mock.client().native()?.users();
    users.reset_password("field@example.com").await?;
    assert_eq!(mock.backend().count("sessions.create"), 0);
    let nobody = users.reset_password("nobody@example.com").await.unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::NotFound, "{nobody}");
    assert!(!nobody.to_string().contains("nobody@"));
    assert_eq!(refusal(&users.reset_password("nobody").await.unwrap_err()), (Some("email"), 0));
    mock.backend().script("users.reset_password", [Fault::ResetAfter]);
    assert!(users.reset_password("field@example.com").await.unwrap_err().maybe_applied());
    Ok(())
}

#[tokio::test]
async fn what_the_role_does_not_allow_fails_before_it_is_tried() -> Result<()> {
    let mock = mock();
    let native = mock.client().native()?;
    let users = native.users();
    for outcome in join_all((0..10).map(|_| users.require(&Permission::EventsCreate))).await {
        outcome?;
    }
    assert_eq!(mock.backend().count("users.permissions"), 1, "asked once for all");
    mock.fake().revoke("events_create");
    assert!(users.can(&Permission::EventsCreate).await?, "for a minute");
    mock.backend().advance(Duration::from_secs(61));
    let error = users.require(&Permission::EventsCreate).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::PermissionDenied, Some("events_create")));
    assert!(users.can(&Permission::EventsEdit).await?);
    // Elsewhere the user may have another role.
    let asked = mock.backend().count("users.permissions");
    native.for_company(12).users().can(&Permission::EventsEdit).await?;
    assert_eq!(mock.backend().count("users.permissions"), asked + 1);
    Ok(())
}

#[tokio::test]
async fn permissions_unknown_today_are_kept_and_odd_spellings_read() -> Result<()> {
    let mock = mock();
    let users = mock.client().native()?.users();
    let permissions = users.permissions().await?;
    assert!(permissions.iter().all(Permission::is_known), "{permissions:?}");
    assert_eq!(Permission::from("venues_comment"), Permission::VenuesComments);
    assert_eq!(Permission::from("events_teleport").as_str(), "events_teleport");
    Ok(())
}

#[tokio::test]
async fn notifications_follow_the_recaps() -> Result<()> {
    let mock = mock();
    let users = mock.client().native()?.users();
    let kinds = async || Ok::<_, Error>(users.notifications().await?.into_iter().map(|n| n.kind).collect::<Vec<_>>());
    assert!(kinds().await?.contains(&NotificationKind::EventRecapsLate));
    for event in mock.fake().events() {
        mock.fake().set_recap(event.id, connectors_mock::FakeRecap::Approved);
    }
    assert_eq!(kinds().await?, [NotificationKind::NewCampaign]);
    Ok(())
}

#[tokio::test]
async fn personal_data_is_not_shown() -> Result<()> {
    let mock = mock();
    let user = mock.client().native()?.users().get(ME).await?;
    let shown = format!("{user:?}");
    for secret in ["Ann", "field@example.com", "555", "Elm", "62701"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    Ok(())
}

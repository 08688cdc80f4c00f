//! Users, groups, contacts and shares.

use connectors_core::{Cursor, ErrorKind};
use connectors_mock::{Fault, MockSmartsheet};
use connectors_smartsheet::{
    AccessLevel, Asset, ErrorCode, GroupUpdate, NewGroup, NewShare, NewUser, SeatType, ShareId, ShareScope, ShareType,
    SmartsheetErrorExt, UserId, UserRemoval, UserStatus, UserUpdate,
};

use crate::client;

const JANE: UserId = UserId::new(3_512_907_461_850_244);

#[tokio::test]
async fn users_come_and_go() {
    let mock = MockSmartsheet::new();
    let users = mock.client().users();
    let new = NewUser::new("kim.lee@example.com").with(UserUpdate::new().licensed_sheet_creator(false));
    let kim = users.add(new.clone()).await.unwrap();
    assert_eq!((kim.status, kim.licensed_sheet_creator), (Some(UserStatus::Pending), Some(true)), "a seat comes along");
    assert_eq!(users.add(new).await.unwrap_err().kind(), ErrorKind::Conflict);
    users.deactivate(kim.id).await.unwrap_err();
    assert!(mock.fake().accept_invitation(kim.id) && !mock.fake().accept_invitation(kim.id));

    mock.backend().script("users.deactivate", [Fault::ResetAfter]);
    users.deactivate(kim.id).await.expect("twice is as good as once");
    let found = users.list().emails(["KIM.lee@example.com".to_owned()]).await.unwrap();
    assert_eq!((found.data.len(), &found.data[0].status), (1, &Some(UserStatus::Deactivated)));
    users.reactivate(kim.id).await.unwrap();

    let me = users.me().await.unwrap().id;
    users.remove(me, UserRemoval::new()).await.unwrap_err();
    let unsent = users.remove(kim.id, UserRemoval::new().transfer_to(kim.id)).await.unwrap_err();
    assert_eq!((unsent.field(), unsent.attempts()), (Some("transferTo"), 0));
    users.remove(kim.id, UserRemoval::new().remove_from_sharing()).await.unwrap();
    assert_eq!(users.get(kim.id).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn an_add_whose_answer_is_lost_is_not_repeated() {
    let mock = MockSmartsheet::new();
    mock.backend().script("users.add", [Fault::ResetAfter]);
    let error = mock.client().users().add(NewUser::new("kim.lee@example.com")).await.unwrap_err();
    assert!(error.maybe_applied() && mock.backend().count("users.add") == 1);
}

#[tokio::test]
async fn addresses_are_not_shown_in_errors() {
    let mock = MockSmartsheet::new();
    let (users, groups, shares) = (mock.client().users(), mock.client().groups(), mock.client().shares());
    let sheet = mock.template_id();
    let odd = "secret canary@example.com";
    let errors = [
        users.add(NewUser::new(odd)).await.unwrap_err(),
        users.add(NewUser::new(odd)).skip_validation().await.unwrap_err(),
        users.add_alternate_emails(JANE, ["a@b.example", odd]).await.unwrap_err(),
        groups.add_members(7_418_026_395_713_412.into(), [odd]).await.unwrap_err(),
        groups.create(NewGroup::new("New").members(["canary@example.com"])).await.unwrap_err(),
        shares.add(sheet, [NewShare::user("canary", AccessLevel::Viewer)]).await.unwrap_err(),
        users.add(NewUser::new("jane+doe@example.com")).await.unwrap_err(),
    ];
    let fields: Vec<_> = errors.iter().map(|error| error.field().unwrap_or_default()).collect();
    assert_eq!(fields, ["email", "", "emails[1]", "members[0]", "", "shares[0].email", ""]);
    for error in errors {
        let shown = format!("{error} {error:#} {error:?}");
        assert!(!shown.contains("canary") && !shown.contains("jane"), "{shown}");
    }
}

#[tokio::test]
async fn users_are_found_page_by_page() {
    let mock = MockSmartsheet::new();
    let users = mock.client().users();
    let all = users.list().pager().collect_all().await.unwrap();
    let paged = users.list().page_size(2).pager().collect_all().await.unwrap();
    assert_eq!((all.len(), &all), (7, &paged));
    assert_eq!(mock.backend().count("users.list"), 1 + 4);
    let error = users.list().page_size(2001).await.unwrap_err();
    assert_eq!((error.field(), error.smartsheet_code()), (Some("pageSize"), Some(ErrorCode::PARAMETER_OUT_OF_RANGE)));
    let refused = users.list().page_size(2001).skip_validation().await.unwrap_err();
    assert_eq!((refused.smartsheet_code(), refused.attempts()), (Some(ErrorCode::PARAMETER_OUT_OF_RANGE), 1));

    assert!(all.iter().all(|user| user.last_login.is_none()));
    assert!(users.list().last_logins().await.unwrap().data[0].last_login.is_some());
    let contributors = users.list().plan(mock.fake().plan_id()).seat_types([SeatType::Contributor]);
    assert_eq!(contributors.clone().await.unwrap().data.len(), 0, "they hide from those who do not ask");
    assert_eq!(contributors.contributors().await.unwrap().data.len(), 1);
}

#[tokio::test]
async fn an_admin_acts_as_another_user() {
    let mock = MockSmartsheet::new();
    let acting = |email: &str| {
        let email = email.to_owned();
        client(mock.backend(), |builder| builder.assume_user(email))
    };
    let jane = acting("jane+doe@example.com");
    assert_eq!(jane.users().me().await.unwrap().id, JANE);
    assert_eq!(jane.users().me().groups().await.unwrap().groups.len(), 2);
    assert_eq!(jane.users().deactivate(JANE).await.unwrap_err().kind(), ErrorKind::PermissionDenied);
    let unknown = acting("nobody@example.com").users().me().await.unwrap_err();
    assert_eq!((unknown.kind(), unknown.field()), (ErrorKind::Config, Some("assume_user")), "{unknown:#}");
    let admin = acting("omar.haddad@example.com").users().me().await.unwrap_err();
    assert_eq!((admin.kind(), admin.code()), (ErrorKind::PermissionDenied, Some("1271")));
}

#[tokio::test]
async fn addresses_are_confirmed_before_they_are_used() {
    let mock = MockSmartsheet::new();
    let users = mock.client().users();
    let new = users.add_alternate_emails(JANE, ["jane@doe.example", "jane+doe@example.com"]).await.unwrap();
    assert_eq!(new.len(), 1, "what she has already is passed over");
    users.make_alternate_email_primary(JANE, new[0].id).await.unwrap_err();
    assert!(mock.fake().confirm_email(JANE, "jane@doe.example"));
    users.make_alternate_email_primary(JANE, new[0].id).await.unwrap();
    let jane = users.get(JANE).await.unwrap();
    assert_eq!(jane.email.as_deref(), Some("jane@doe.example"));
    assert_eq!(jane.alternate_emails[0].email.as_deref(), Some("jane+doe@example.com"));
}

#[tokio::test]
async fn seats_go_up_and_down() {
    let mock = MockSmartsheet::new();
    let (users, plan) = (mock.client().users(), mock.fake().plan_id());
    let unsent = users.upgrade(JANE, plan, SeatType::Viewer).await.unwrap_err();
    assert_eq!((unsent.field(), unsent.attempts()), (Some("seatType"), 0));
    users.downgrade(JANE, plan, SeatType::Viewer).await.unwrap();
    users.downgrade(JANE, plan, SeatType::Guest).await.expect_err("that would be more");
    users.upgrade(JANE, plan, SeatType::Guest).await.unwrap();
    let seat = users.plans(JANE).pager().collect_all().await.unwrap().remove(0);
    assert_eq!(
        (seat.seat_type, seat.seat_type_last_changed_at),
        (Some(SeatType::Guest), Some(mock.backend().clock().now_utc()))
    );
}

#[tokio::test]
async fn groups_have_members_and_owners() {
    let mock = MockSmartsheet::new();
    let (groups, users) = (mock.client().groups(), mock.client().users());
    let before = mock.backend().clock().now_utc();
    mock.backend().advance(std::time::Duration::from_secs(60));
    let crew = groups.create(NewGroup::new("Crew").members(["jane+doe@example.com"])).await.unwrap();
    assert_eq!((crew.members.len(), crew.owner.as_deref()), (1, Some("mona.mock@example.com")));
    let twin = groups.create(NewGroup::new("crew")).await.unwrap_err();
    assert_eq!(twin.kind(), ErrorKind::Conflict);
    assert_eq!(groups.update(crew.id, GroupUpdate::new()).await.unwrap_err().field(), Some("update"));
    groups.update(crew.id, GroupUpdate::new().owner(JANE)).await.unwrap();
    let recent = groups.list().modified_since(before).await.unwrap().data;
    assert_eq!((recent.len(), recent[0].owner_id), (1, Some(JANE)));

    let me = users.me().await.unwrap().id;
    let orphaned = users.remove(JANE, UserRemoval::new()).await.unwrap_err();
    assert_eq!(orphaned.smartsheet_code(), Some(ErrorCode::GROUPS_NEED_OWNER));
    users.remove(JANE, UserRemoval::new().transfer_groups_to(me)).await.unwrap();
    let left = groups.get(crew.id).await.unwrap();
    assert_eq!((left.members.len(), left.owner_id), (0, Some(me)), "her groups are somebody else's now");
}

#[tokio::test]
async fn shares_are_given_once_and_inherited() {
    let mock = MockSmartsheet::new();
    let (shares, sheet, group) = (mock.client().shares(), mock.template_id(), 7_418_026_395_713_412.into());
    let rosa = NewShare::user("Rosa@venue.example", AccessLevel::Viewer);
    let given = shares.add(sheet, [rosa.clone(), NewShare::group(group, AccessLevel::Editor)]).await.unwrap();
    let kinds: Vec<_> = given.iter().map(|share| share.share_type.clone().unwrap()).collect();
    assert_eq!((kinds, given[1].group_id), (vec![ShareType::User, ShareType::Group], Some(group)));
    let body = mock.backend().journal().last().unwrap().body.clone();
    assert!(String::from_utf8_lossy(&body).contains(r#""groupId":"7418026395713412""#), "a text, here alone");
    assert!(shares.add(sheet, [rosa.clone()]).await.unwrap().is_empty(), "who has it is passed over");
    assert_eq!(shares.get(sheet, &given[0].id).await.unwrap().access_level, Some(AccessLevel::Viewer));

    let own = shares.list(sheet).pager().collect_all().await.unwrap();
    assert_eq!(
        own.iter().map(|share| share.access_level.clone().unwrap()).collect::<Vec<_>>(),
        [AccessLevel::Owner, AccessLevel::Viewer, AccessLevel::Editor]
    );
    let inherited = shares.list(sheet).include([ShareScope::Workspace]).await.unwrap().data;
    assert!(inherited.len() == 2 && inherited.iter().all(|share| share.scope == Some(ShareScope::Workspace)));
    let error = shares.update(sheet, &inherited[0].id, AccessLevel::Viewer).await.unwrap_err();
    assert_eq!(error.smartsheet_code(), Some(ErrorCode::SHARED_BY_WORKSPACE), "it is changed on the workspace");
    shares.update(mock.workspace_id(), &inherited[0].id, AccessLevel::Viewer).await.unwrap();
    let owners = shares.delete(sheet, &own[0].id).await.unwrap_err();
    assert_eq!(owners.smartsheet_code(), Some(ErrorCode::SHARE_OF_OWNER));
    assert_eq!(shares.list(mock.store_list_id()).include([ShareScope::Workspace]).await.unwrap().data.len(), 0);
}

#[tokio::test]
async fn shares_that_cannot_be_are_refused_unsent() {
    let mock = MockSmartsheet::new();
    let (shares, sheet) = (mock.client().shares(), mock.template_id());
    let field = async |new: Vec<NewShare>| shares.add(sheet, new).await.unwrap_err().field().unwrap().to_owned();
    assert_eq!(field(vec![]).await, "shares");
    assert_eq!(field(vec![NewShare::user("a@b.example", AccessLevel::Viewer); 1001]).await, "shares");
    assert_eq!(field(vec![NewShare::user("a@b.example", AccessLevel::Owner)]).await, "shares[0].accessLevel");
    assert_eq!(field(vec![NewShare::group(0.into(), AccessLevel::Viewer)]).await, "shares[0].groupId");
    let nothing = shares.list(Asset::Collection(0)).await.unwrap_err();
    assert_eq!(nothing.field(), Some("assetId"));
    assert!(ShareId::new("../users").is_err());
    assert_eq!(mock.backend().journal().len(), 0);
    shares.list(connectors_smartsheet::SheetId::new(77)).await.unwrap_err();
}

#[tokio::test]
async fn shares_are_listed_by_token() {
    let mock = MockSmartsheet::new();
    let (shares, sheet) = (mock.client().shares(), mock.template_id());
    let many = (0..250).map(|n| NewShare::user(format!("u{n}@venue.example"), AccessLevel::Viewer));
    assert_eq!(shares.add(sheet, many).await.unwrap().len(), 250);
    mock.fake().page_cap(60);
    let mut pager = shares.list(sheet).max_items(100).pager();
    for _ in 0..70 {
        pager.next().await.unwrap().unwrap();
    }
    let cursor: Cursor = pager.cursor().unwrap().clone();
    let rest = shares.list(sheet).starting_at(cursor).pager().collect_all().await.unwrap();
    assert_eq!(rest.len(), 251 - 60, "a page is begun again, none is lost");
}

#[tokio::test]
async fn contacts_are_read() {
    let mock = MockSmartsheet::new();
    let contacts = mock.client().contacts();
    let all = contacts.list().pager().collect_all().await.unwrap();
    assert_eq!(all.len(), 4);
    let one = contacts.get(&all[0].id).profile_image().await.unwrap();
    assert!(one.profile_image.is_some() && one.email == all[0].email);
}

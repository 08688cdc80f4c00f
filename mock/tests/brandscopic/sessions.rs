//! Logins, tokens and companies.

use std::sync::Arc;

use connectors_brandscopic::native::{CompanyId, Native};
use connectors_brandscopic::{BrandscopicBuilder, BrandscopicClient, BrandscopicService, Contract};
use connectors_core::{Error, ErrorKind, Result};
use connectors_mock::{FakeBrandscopic, Fault, InProcess, MockBrandscopic};
use futures_util::future::join_all;
use http::{HeaderValue, Method, StatusCode, header};

use crate::mock;

const HOST: &str = "brandscopic.test";

fn build(mock: &MockBrandscopic, set: impl FnOnce(BrandscopicBuilder) -> BrandscopicBuilder) -> Result<Native> {
    let transport = Arc::new(InProcess::new(mock.backend().clone()));
    let builder = set(BrandscopicClient::builder()).transport(transport);
    builder.clock(Arc::clone(mock.backend().clock())).build()?.native().cloned()
}

/// A client of the same fake that works by its user's password.
fn by_password(mock: &MockBrandscopic, set: impl FnOnce(BrandscopicBuilder) -> BrandscopicBuilder) -> Native {
    build(mock, |builder| set(builder.native(HOST, FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD))).unwrap()
}

fn by_token(mock: &MockBrandscopic, token: &str) -> Native {
    build(mock, |builder| builder.native_token(HOST, FakeBrandscopic::EMAIL, token, FakeBrandscopic::COMPANY)).unwrap()
}

fn seen(error: &Error) -> (ErrorKind, &str) {
    (error.kind(), error.message())
}

#[tokio::test]
async fn a_token_that_is_not_accepted_leads_to_one_login_for_all_who_need_it() -> Result<()> {
    let mock = mock(Contract::Native);
    let native = mock.client().native()?;
    native.companies().list().await?;
    mock.fake().expire_token();
    for outcome in join_all((0..20).map(|_| native.companies().list().send())).await {
        outcome?;
    }
    assert_eq!(mock.backend().count("sessions.create"), 2);

    // Not even the new one is accepted: no third try, no third login.
    mock.backend().script("companies.list", [Fault::Status(401), Fault::Status(401), Fault::Status(401)]);
    let before = mock.backend().count("companies.list");
    assert_eq!(native.companies().list().await.unwrap_err().kind(), ErrorKind::Auth);
    assert_eq!(mock.backend().count("companies.list") - before, 2);
    assert_eq!(mock.backend().count("sessions.create"), 3);
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_is_sent_once() -> Result<()> {
    let mock = mock(Contract::Native);
    let native = mock.client().native()?;
    native.replace_login(FakeBrandscopic::EMAIL, "of-last-year")?;
    for outcome in join_all((0..20).map(|_| native.companies().list().send())).await {
        assert_eq!(seen(&outcome.unwrap_err()), (ErrorKind::Auth, "the e-mail or the password is wrong"));
    }
    let error = native.companies().list().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Auth, 0));
    assert_eq!((error.kind(), mock.backend().count("sessions.create")), (ErrorKind::Auth, 1));
    assert!(error.hint().unwrap().contains("replace_login"), "{error}");
    // What is no answer about the password does not count as one.
    native.replace_login(FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD)?;
    mock.backend().script("sessions.create", [Fault::Status(403)]);
    native.companies().list().await.unwrap_err();
    native.companies().list().await?;
    Ok(())
}

#[tokio::test]
async fn the_refusals_of_the_server_are_told_apart() -> Result<()> {
    let mock = mock(Contract::Native);
    let native = mock.client().native()?;
    let token = by_token(&mock, "not-a-token").companies().list().await.unwrap_err();
    assert_eq!(token.kind(), ErrorKind::Auth);
    assert!(token.hint().unwrap().contains("log in"), "{token}");
    let elsewhere = native.for_company(99).companies().list().await.unwrap_err();
    assert_eq!((elsewhere.kind(), elsewhere.status()), (ErrorKind::PermissionDenied, Some(StatusCode::UNAUTHORIZED)));
    let login = native.sessions().create(FakeBrandscopic::EMAIL, "wrong").await.unwrap_err();
    assert_eq!(seen(&login), (ErrorKind::Auth, "the e-mail or the password is wrong"));
    let page = HeaderValue::from_static("text/html");
    let not_json = mock.client().request(&Method::GET, "/users").header(header::ACCEPT, page).send_bytes().await;
    assert_eq!(not_json.unwrap_err().status(), Some(StatusCode::NOT_ACCEPTABLE));
    let nobodys = native.sessions().destroy(&"nobodys".into()).await.unwrap_err();
    assert_eq!(seen(&nobodys), (ErrorKind::NotFound, "Invalid token."));
    Ok(())
}

#[tokio::test]
async fn a_logout_ends_every_session_of_the_user_and_those_with_a_password_begin_anew() -> Result<()> {
    let mock = mock(Contract::Native);
    let sessions = mock.client().native()?.sessions();
    let session = sessions.create(FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD).await?;
    let token = secrecy::ExposeSecret::expose_secret(&session.token).to_owned();
    let (phone, server) = (by_token(&mock, &token), by_password(&mock, |builder| builder));
    phone.companies().list().await?;
    server.companies().list().await?;
    assert_eq!(mock.backend().count("sessions.create"), 2, "a token needs no login");

    mock.backend().script("sessions.destroy", [Fault::Refused; 9]);
    let lost = sessions.destroy(&session.token).await.unwrap_err();
    assert!(!format!("{lost} {lost:?}").contains(&token), "{lost:?}");
    mock.backend().calm();
    sessions.destroy(&session.token).await?;
    let journal = mock.backend().journal();
    let ended = journal.iter().filter(|entry| entry.operation == Some("sessions.destroy"));
    assert!(ended.clone().count() > 0 && ended.clone().all(|entry| entry.write), "what only reads may not log out");
    let [logins, logouts] = ["sessions.create", "sessions.destroy"].map(|name| mock.backend().count(name));
    assert_eq!(phone.companies().list().await.unwrap_err().kind(), ErrorKind::Auth);
    assert_eq!(mock.backend().count("sessions.create"), logins, "there is no password to log in with");
    server.companies().list().await?;
    let new = sessions.create(FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD).await?;
    phone.replace_token(FakeBrandscopic::EMAIL, new.token).await?;
    phone.companies().list().await?;

    drop((phone, server));
    assert_eq!(mock.backend().count("sessions.destroy"), logouts, "no client logs out by itself");
    Ok(())
}

#[tokio::test]
async fn clients_of_several_companies_share_one_session() -> Result<()> {
    let mock = mock(Contract::Native);
    let native = mock.client().native()?;
    let here = native.company_id().await?;
    let canada = native.companies().find(" brightside CANADA").await?.unwrap().id;
    let there = native.for_company(canada);
    let (one, other) = tokio::join!(native.companies().list().send(), there.companies().list().send());
    one?;
    other?;
    assert_eq!(mock.backend().count("sessions.create"), 1);
    assert_eq!((there.company_id().await?, native.company_id().await?), (canada, here));
    let sent: Vec<_> =
        mock.backend().journal().iter().rev().take(2).map(|e| e.headers["x-company-id"].clone()).collect();
    assert!(sent.contains(&"12".parse().unwrap()) && sent.contains(&"7".parse().unwrap()), "{sent:?}");

    // Whoever notices that the token has ended renews it for both.
    mock.fake().expire_token();
    there.companies().list().await?;
    native.companies().list().await?;
    assert_eq!(mock.backend().count("sessions.create"), 2);

    let service = mock.client().for_company(canada)?;
    let report = service.test_connection().await?;
    assert_eq!(report.identity.as_deref(), Some("field@example.com of Brightside Canada"));
    Ok(())
}

#[tokio::test]
async fn a_company_is_found_by_its_name_at_login() -> Result<()> {
    let mock = mock(Contract::Native);
    let canada = by_password(&mock, |builder| builder.company("Brightside Canada"));
    assert_eq!(canada.company_id().await?, CompanyId::new(12));
    canada.users().list().await?;
    assert_eq!((mock.backend().count("sessions.create"), mock.backend().count("companies.list")), (1, 1));
    mock.fake().expire_token();
    canada.users().list().await?;
    assert_eq!(mock.backend().count("companies.list"), 1, "it is looked for once");

    let error = by_password(&mock, |builder| builder.company("Darkside")).users().list().await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("company")));
    assert!(error.hint().unwrap().contains("Brightside Canada"), "{error}");

    mock.fake().join_company(13, "Brightside Canada");
    let error = by_password(&mock, |builder| builder.company("Brightside Canada")).users().list().await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Ambiguous, Some("company")));
    assert!(error.message().contains("(12)") && error.message().contains("(13)"), "{error}");
    let error = mock.client().native()?.companies().find("Brightside Canada").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Ambiguous);
    Ok(())
}

#[tokio::test]
async fn a_login_that_is_mended_is_for_the_company_that_was_named() -> Result<()> {
    let mock = mock(Contract::Native);
    let canada =
        build(&mock, |builder| builder.native(HOST, FakeBrandscopic::EMAIL, "mistyped").company("Brightside Canada"))?;
    canada.users().list().await.unwrap_err();
    canada.replace_login(FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD)?;
    assert_eq!(canada.company_id().await?, CompanyId::new(12));
    Ok(())
}

#[tokio::test]
async fn a_user_of_no_company_is_told_so() {
    let mock = mock(Contract::Native);
    mock.fake().leave_company(7);
    mock.fake().leave_company(12);
    let error = mock.client().native().unwrap().users().list().await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("company_id")));
}

#[test]
fn a_company_is_chosen_once() {
    let mock = mock(Contract::Native);
    let refused = |set: fn(BrandscopicBuilder) -> BrandscopicBuilder| build(&mock, set).unwrap_err();
    let token = |builder: BrandscopicBuilder| builder.native_token(HOST, "ann@example.com", "t", 7);
    for (error, field) in [
        (refused(|builder| builder.native(HOST, "a@b.c", "p").company("a").company_id(1)), "company"),
        (refused(|builder| builder.native(HOST, "a@b.c", "p").company(" ")), "company"),
        (refused(|builder| builder.native_token(HOST, "a@b.c", "t", 7).company_id(8)), "company_id"),
        (refused(|builder| builder.native_token(HOST, "a@b.c", "t", 7).company("a")), "company"),
        (refused(|builder| builder.native_token(HOST, "a@b.c", " ", 7)), "token"),
        (refused(|builder| builder.native_token(HOST, "", "t", 7)), "email"),
        (refused(|builder| builder.gateway("key").company("a")), "company"),
    ] {
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some(field)), "{error}");
    }
    let shown = format!("{:?}", token(BrandscopicClient::builder()));
    assert!(!shown.contains("ann@"), "{shown}");
}

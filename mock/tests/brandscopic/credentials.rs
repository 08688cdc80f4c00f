//! Keys and logins that are replaced while the client is in use.

use connectors_brandscopic::{BrandscopicService, Contract, CreateProject};
use connectors_core::ErrorKind;
use connectors_mock::FakeBrandscopic;

use crate::{builder, campaign, mock};

#[tokio::test]
async fn a_gateway_key_is_replaced_and_the_tenant_stays() {
    let mock = builder(Contract::Gateway).tenant("acme").build().unwrap();
    let gateway = mock.client().gateway().unwrap();
    gateway.replace_api_key("revoked").unwrap();
    let error = mock.create_project(CreateProject::new(&campaign())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    gateway.replace_api_key(FakeBrandscopic::API_KEY).unwrap();
    mock.create_project(CreateProject::new(&campaign())).await.unwrap();
    let error = gateway.replace_api_key("two\nlines").unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("api_key")));
}

#[tokio::test]
async fn a_login_is_replaced_and_the_company_stays() {
    let mock = mock(Contract::Native);
    let native = mock.client().native().unwrap();
    let list = async || native.campaigns().all().await.map(drop);
    list().await.unwrap();
    let company = native.company_id().await.unwrap();

    native.replace_login(FakeBrandscopic::EMAIL, "the-old-password").unwrap();
    assert_eq!(list().await.unwrap_err().kind(), ErrorKind::Auth);
    native.replace_login(FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD).unwrap();
    list().await.unwrap();
    assert_eq!(mock.backend().count("sessions.create"), 3);

    mock.fake().leave_company(company.get());
    native.replace_login(FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD).unwrap();
    assert_eq!(native.company_id().await.unwrap(), company, "not the one that the user is in now");
    assert_eq!(list().await.unwrap_err().kind(), ErrorKind::PermissionDenied);
}

#[tokio::test]
async fn a_login_that_cannot_be_one_is_refused_and_the_old_one_stays() {
    let mock = mock(Contract::Native);
    let native = mock.client().native().unwrap();
    for (email, password, field) in [(" ", "p", "email"), ("ann\n@b.c", "p", "email"), ("a@b.c", "", "password")] {
        let error = native.replace_login(email, password).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some(field)));
    }
    native.campaigns().all().await.unwrap();
}

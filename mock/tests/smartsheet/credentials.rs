//! A token that is replaced while the client is in use.

use connectors_core::ErrorKind;
use connectors_mock::MockSmartsheet;

#[tokio::test]
async fn a_token_is_replaced_for_all_handles_of_the_client() {
    let mock = MockSmartsheet::new();
    let (client, sheets) = (mock.client().clone(), mock.client().sheets());
    let get = async || sheets.get(mock.template_id()).await;
    get().await.unwrap();
    client.replace_access_token("revoked").unwrap();
    assert_eq!(get().await.unwrap_err().kind(), ErrorKind::Auth);
    client.replace_access_token("mock-key").unwrap();
    get().await.unwrap();
}

#[tokio::test]
async fn a_token_that_cannot_be_one_is_refused_and_the_old_one_stays() {
    let mock = MockSmartsheet::new();
    for token in ["", " \n", "two\nlines"] {
        let error = mock.client().replace_access_token(token).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("access_token")));
    }
    mock.client().sheets().get(mock.template_id()).await.unwrap();
}

//! A key that is replaced while the client is in use.

use connectors_core::ErrorKind;
use connectors_mock::MockQrTiger;
use connectors_qrtiger::QrTigerService;

use crate::request;

#[tokio::test]
async fn a_key_is_replaced_unless_it_cannot_be_one() {
    let mock = MockQrTiger::new();
    mock.client().replace_api_key("revoked").unwrap();
    assert_eq!(mock.generate_qr_code(request("e-1")).await.unwrap_err().kind(), ErrorKind::Auth);
    mock.client().replace_api_key("mock-key").unwrap();
    mock.generate_qr_code(request("e-1")).await.unwrap();
    for key in ["", " \n", "two\nlines"] {
        let error = mock.client().replace_api_key(key).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("api_key")));
    }
    mock.generate_qr_code(request("e-2")).await.unwrap();
}

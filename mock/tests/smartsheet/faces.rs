//! The conformance suite against every face.

use connectors_core::ConnectionStatus;
use connectors_mock::{MockServer, MockSmartsheet, conformance};
use connectors_smartsheet::{Destination, SmartsheetClient, SmartsheetService};

use crate::client;

#[tokio::test]
async fn the_trait_face_conforms() {
    let mock = MockSmartsheet::new();
    let folder = Destination::Folder(mock.folder_id());
    conformance::smartsheet(&mock, folder, mock.template_id()).await.assert();
}

#[tokio::test]
async fn the_client_conforms_in_process_and_from_a_real_template() {
    let mock = MockSmartsheet::builder().seed(11).build().unwrap();
    let client = client(mock.backend(), |builder| builder);
    let workspace = Destination::Workspace(mock.workspace_id());
    conformance::smartsheet(&client, workspace, mock.fake().gallery_template_id()).await.assert();
}

#[tokio::test]
async fn the_client_conforms_over_sockets() {
    let mock = MockSmartsheet::new();
    let server = MockServer::start([("/smartsheet", mock.backend().clone())]).await.unwrap();
    let client = SmartsheetClient::builder().access_token("mock-key").api_url(server.url("/smartsheet"));
    let client = client.clock(mock.backend().clock().clone()).build().unwrap();
    conformance::smartsheet(&client, mock.workspace_id().into(), mock.template_id()).await.assert();
}

#[tokio::test]
async fn a_connection_test_says_which_of_the_usual_things_is_wrong() {
    use connectors_mock::Fault;

    let mock = MockSmartsheet::new();
    let report = mock.test_connection().await.unwrap();
    assert_eq!(report.identity.as_deref(), Some("Mona Mock (example.com)"), "{report}");

    let never =
        |builder: connectors_smartsheet::SmartsheetBuilder| builder.retry(connectors_core::RetryPolicy::never());
    let once = client(mock.backend(), never);
    for (fault, status) in [
        (Fault::Refused, ConnectionStatus::Unreachable),
        (Fault::ResetBefore, ConnectionStatus::Unreachable),
        (Fault::Throttle(None), ConnectionStatus::Throttled),
        (Fault::HtmlPage(200), ConnectionStatus::WrongUrl),
        (Fault::Status(500), ConnectionStatus::Failing),
    ] {
        mock.backend().script("users.me", [fault]);
        assert_eq!(once.test_connection().await.unwrap().status, status, "{fault:?}");
    }
    let wrong_key = client(mock.backend(), |builder| builder.access_token("other"));
    assert_eq!(wrong_key.test_connection().await.unwrap().status, ConnectionStatus::BadKey);
    let wrong_url = client(mock.backend(), |builder| builder.api_url("https://api.smartsheet.test/1.0"));
    assert_eq!(wrong_url.test_connection().await.unwrap().status, ConnectionStatus::WrongUrl);
}

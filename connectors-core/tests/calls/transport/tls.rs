//! Certificates that the default transport believes, and those it does not.

use std::sync::Arc;
use std::time::Duration;

use connectors_core::provider::{Core, Defaults};
use connectors_core::{ErrorKind, ReqwestTransport, ReqwestTransportBuilder, Transport, TransportErrorKind};
use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::{Deed, Server, answer, core_over, create};

/// A server for `name`, and its self-signed certificate.
pub async fn server(name: &str, until: i32) -> (Server, String) {
    server_that_offers(&[], name, until).await
}

async fn server_that_offers(protocols: &[&str], name: &str, until: i32) -> (Server, String) {
    let mut certificate = CertificateParams::new([name.to_owned()]).unwrap();
    certificate.distinguished_name.push(DnType::CommonName, name);
    (certificate.not_before, certificate.not_after) = (date_time_ymd(2000, 1, 1), date_time_ymd(until, 1, 1));
    let key = KeyPair::generate().unwrap();
    let certificate = certificate.self_signed(&key).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    let deeds = [Deed::Write(answer("200 OK", "{}"))];
    (Server::start_with(Some(TlsAcceptor::from(Arc::new(config))), deeds).await, certificate.pem())
}

fn builder() -> ReqwestTransportBuilder {
    ReqwestTransport::builder().no_proxy()
}

fn core(builder: ReqwestTransportBuilder, server: &Server) -> Core {
    core_over(builder.build().unwrap(), &format!("https://{}", server.address), Defaults::default())
}

#[tokio::test]
async fn a_certificate_is_believed_once_its_authority_is_named() {
    let (one, its_own) = server("127.0.0.1", 2100).await;
    let (_, anothers) = server("elsewhere.example", 2100).await;
    let bundle = anothers + &its_own;
    create(&core(builder().root_certificate_pem(bundle.as_bytes()), &one)).await.unwrap();
    assert_eq!(one.seen().0, 1);
}

#[tokio::test]
async fn a_certificate_that_proves_nothing_is_refused_for_good_and_nothing_is_sent() {
    for (what, name, until, trusted) in [
        ("unknown", "127.0.0.1", 2100, false),
        ("expired", "127.0.0.1", 2001, true),
        ("of somebody else", "elsewhere.example", 2100, true),
    ] {
        let (server, certificate) = server(name, until).await;
        let builder = || if trusted { builder().root_certificate_pem(certificate.as_bytes()) } else { builder() };
        let error = create(&core(builder(), &server)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts(), server.seen()),
            (ErrorKind::Connect, 1, (0, 1)),
            "{what}: {error:?}"
        );
        assert!(!error.maybe_applied() && !error.is_retryable(), "{what}");

        let request = http::Request::get(format!("https://{}/", server.address)).body(bytes::Bytes::new());
        let error = builder().build().unwrap().send(request.unwrap()).await.unwrap_err();
        assert_eq!((error.kind, error.sent), (TransportErrorKind::Tls, false), "{what}");
    }
}

#[tokio::test]
async fn a_handshake_that_nobody_answers_ends_with_the_time_to_connect() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let transport = builder().connect_timeout(Duration::from_millis(100)).build().unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let error = create(&core_over(transport, &url, Defaults::default())).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.maybe_applied()), (ErrorKind::Connect, 2, false));
}

#[tokio::test]
async fn http2_can_be_ruled_out_for_servers_that_only_claim_to_speak_it() {
    let (server, certificate) = server_that_offers(&["h2", "http/1.1"], "127.0.0.1", 2100).await;
    let trusting = || builder().root_certificate_pem(certificate.as_bytes());
    create(&core(trusting(), &server)).await.unwrap_err();
    create(&core(trusting().http1_only(), &server)).await.unwrap();
}

#[test]
fn a_file_without_certificates_is_a_mistake() {
    for pem in ["", "not a certificate", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"] {
        let error = builder().root_certificate_pem(pem.as_bytes()).build().unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("root_certificate")), "{pem:?}");
    }
}

//! The default transport without a crypto provider: one program, because providers are for all of it.
#![cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]

use connectors_core::{ErrorKind, ReqwestTransport};

#[test]
fn a_missing_crypto_provider_is_a_mistake_in_the_setup_and_no_panic() {
    let error = ReqwestTransport::new().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.hint().unwrap().contains("install"));
    tokio_rustls::rustls::crypto::aws_lc_rs::default_provider().install_default().unwrap();
    assert!(ReqwestTransport::new().is_ok());
}

//! What arrives at a callback URL: only what is signed is read, and it is taken once.
#![no_main]

use connectors_smartsheet::{Incoming, WebhookId, WebhookReceiver, WebhookRefusal};
use hmac::{Hmac, Mac};
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use sha2::Sha256;

const SECRET: &str = "the shared secret";

fuzz_target!(|data: &[u8]| {
    let receiver = WebhookReceiver::builder().change_agent("us").build();
    receiver.add_secret(WebhookId::new(7), SECRET);

    assert_eq!(receiver.receive(&HeaderMap::new(), data), Err(WebhookRefusal::Unsigned));

    let mut forged = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(data) {
        forged.insert("Smartsheet-Hmac-SHA256", value.clone());
        assert!(receiver.receive(&forged, data).is_err());
        let mut challenge = HeaderMap::new();
        challenge.insert("Smartsheet-Hook-Challenge", value);
        match receiver.receive(&challenge, data) {
            Ok(Incoming::Challenge { webhook_id, .. }) => assert_eq!(webhook_id, WebhookId::new(7)),
            Ok(other) => panic!("a challenge is taken for {other:?}"),
            Err(refusal) => assert!(!refusal.status().is_success()),
        }
    }

    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) else { return };
    mac.update(data);
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut signed = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&hex) {
        signed.insert("Smartsheet-Hmac-SHA256", value);
    }
    if let Ok(first) = receiver.receive(&signed, data) {
        assert!(first.reply().status().is_success());
        let again = receiver.receive(&signed, data);
        assert_eq!(again, Ok(Incoming::Duplicate { webhook_id: WebhookId::new(7) }));
    }
});

//! Mocks are cheap, share nothing, and go anywhere.

use connectors_core::Result;
use connectors_mock::{
    Backend, Journal, MockBrandscopic, MockPlacer, MockQrTiger, MockServer, MockSmartsheet, Rule, ShiftedClock,
};

use crate::{PAGE, in_process};

#[test]
fn all_of_it_goes_to_other_threads() {
    fn goes<T: Send + Sync + 'static>() {}
    goes::<(MockBrandscopic, MockPlacer, MockQrTiger, MockSmartsheet)>();
    goes::<(Backend, Rule, Journal, MockServer, ShiftedClock)>();
}

#[tokio::test]
async fn two_mocks_share_nothing() -> Result<()> {
    let (one, other) = (MockQrTiger::new(), MockQrTiger::new());
    one.backend().on("*").always().status(500);
    one.backend().latency(std::time::Duration::from_secs(5)).chaos(1);
    in_process(&other).campaigns().create(PAGE).await?;
    assert!(in_process(&one).campaigns().create(PAGE).await.is_err());
    assert_eq!((one.fake().codes().len(), other.fake().codes().len()), (0, 1));
    assert_eq!((one.backend().pending_faults(), other.backend().pending_faults()), (1, 0));
    assert_eq!(other.backend().journal()[0].delay, std::time::Duration::ZERO);
    assert!(other.backend().advance(std::time::Duration::from_secs(3600)));
    assert!(other.backend().clock().now_utc() > one.backend().clock().now_utc());
    // Clones of a mock are one and the same.
    assert_eq!(other.clone().backend().journal().total(), 1);
    Ok(())
}

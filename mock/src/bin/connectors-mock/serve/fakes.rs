//! The fakes that this program was built with.

use std::sync::Arc;

use connectors_core::Clock;
use connectors_mock::Backend;

use super::Options;
use crate::failure::Failure;

/// Makes the fake of this name.
pub fn make(name: &str, options: &Options, clock: &Arc<dyn Clock>) -> Result<Backend, Failure> {
    let clock = Arc::clone(clock);
    let made: connectors_core::Result<Backend> = match name {
        #[cfg(feature = "brandscopic")]
        "brandscopic" => brandscopic(options, clock),
        #[cfg(feature = "placer")]
        "placer" => placer(options, clock),
        #[cfg(feature = "smartsheet")]
        "smartsheet" => connectors_mock::MockSmartsheet::builder()
            .clock(clock)
            .seed(options.seed)
            .build()
            .map(|mock| mock.backend().clone()),
        #[cfg(feature = "qrtiger")]
        "qrtiger" => connectors_mock::MockQrTiger::builder()
            .clock(clock)
            .seed(options.seed)
            .build()
            .map(|mock| mock.backend().clone()),
        _ => return Err(Failure::Usage(format!("this program was built without {name}: build it with its feature"))),
    };
    made.map_err(|problem| Failure::Failed(format!("{name} cannot begin: {problem}")))
}

#[cfg(feature = "brandscopic")]
fn brandscopic(options: &Options, clock: Arc<dyn Clock>) -> connectors_core::Result<Backend> {
    use connectors_brandscopic::Contract as Spoken;

    use super::options::Contract;

    let contract = match options.brandscopic_contract {
        Contract::Native => Spoken::Native,
        Contract::Gateway => Spoken::Gateway,
    };
    let mock =
        connectors_mock::MockBrandscopic::builder().clock(clock).seed(options.seed).contract(contract).build()?;
    Ok(mock.backend().clone())
}

#[cfg(feature = "placer")]
fn placer(options: &Options, clock: Arc<dyn Clock>) -> connectors_core::Result<Backend> {
    let mock = connectors_mock::MockPlacer::builder().clock(clock).seed(options.seed).strict(options.strict).build()?;
    Ok(mock.backend().clone())
}

//! What differs between the hosts that the API has had.

use connectors_core::provider::Operation;
use http::Method;

use crate::PROVIDER;

/// The endpoints whose path depends on the host. The others have the same everywhere.
#[derive(Debug)]
pub(crate) struct Endpoints {
    /// Where the API is unless set.
    pub(crate) host: &'static str,
    /// Hosts of the vendor that do not have these paths.
    pub(crate) others: &'static [&'static str],
    pub(crate) data: Operation,
    pub(crate) upload: Operation,
}

static CURRENT: Endpoints = Endpoints {
    host: "https://api.qrtiger.com",
    others: &["qrtiger.com", "www.qrtiger.com", "qrcode-tiger.com", "www.qrcode-tiger.com", "api.qr-tiger.com"],
    data: Operation::new(PROVIDER, "tracking.data", Method::GET, "/api/data/{qrId}"),
    upload: Operation::new(PROVIDER, "uploads.image", Method::POST, "/api/accounts/uploads/"),
};

static LEGACY: Endpoints = Endpoints {
    host: "https://qrtiger.com",
    others: &["api.qrtiger.com", "api.qr-tiger.com"],
    data: Operation::new(PROVIDER, "tracking.data", Method::GET, "/data/{qrId}"),
    upload: Operation::new(PROVIDER, "uploads.image", Method::POST, "/accounts/uploads"),
};

impl Endpoints {
    /// Those of the host that is in use since 2024.
    pub(crate) fn current() -> &'static Self {
        &CURRENT
    }

    /// Those of the host before it.
    pub(crate) fn legacy() -> &'static Self {
        &LEGACY
    }
}

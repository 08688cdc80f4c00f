//! Scan statistics as the provider tells them, and the code they are of.

use chrono::{DateTime, Utc};
use connectors_core::{Error, RequestOptions, Response, Result, TimeZone};

use crate::{DataPeriod, QrId, QrTigerClient, ScanData};

/// Scan statistics: [`QrTigerClient::tracking`].
#[derive(Debug, Clone)]
pub struct Tracking {
    client: QrTigerClient,
}

impl Tracking {
    pub(crate) fn new(client: QrTigerClient) -> Self {
        Self { client }
    }

    /// The raw scan statistics of a code, and the code itself.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # let client = connectors_mock::MockQrTiger::new().client().clone();
    /// use connectors_qrtiger::DataPeriod;
    ///
    /// let code = client.campaigns().create("https://example.com/menu").await?;
    /// let data = client.tracking().data(&code.id).period(DataPeriod::Month).await?;
    /// println!("{} scans by {} people", data.scans, data.unique_scans);
    /// # Ok(())
    /// # }
    /// ```
    pub fn data(&self, id: &QrId) -> GetScanData {
        GetScanData::new(self.client.clone(), id.clone())
    }
}

/// Gets the raw scan statistics of a code: [`Tracking::data`]. Await it for the [`ScanData`].
///
/// Without a period the provider chooses one. What it makes of an end without a period, or of times that do not fit
/// the period, is not documented; [`scan_stats`](crate::QrTigerService::scan_stats) sends what fits.
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetScanData {
    client: QrTigerClient,
    options: RequestOptions,
    id: QrId,
    period: Option<DataPeriod>,
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
    time_zone: Option<TimeZone>,
}

impl GetScanData {
    pub(crate) fn new(client: QrTigerClient, id: QrId) -> Self {
        let options = RequestOptions::default();
        Self { client, options, id, period: None, start: None, end: None, time_zone: None }
    }

    /// The span that is counted.
    pub fn period(mut self, period: DataPeriod) -> Self {
        self.period = Some(period);
        self
    }

    /// The day, or where a custom period begins; sent in whole seconds.
    pub fn timestamp(mut self, start: DateTime<Utc>) -> Self {
        self.start = Some(start);
        self
    }

    /// Where a custom period ends; sent in whole seconds.
    pub fn end_timestamp(mut self, end: DateTime<Utc>) -> Self {
        self.end = Some(end);
        self
    }

    /// Whose days are counted.
    pub fn time_zone(mut self, zone: TimeZone) -> Self {
        self.time_zone = Some(zone);
        self
    }

    /// Gets the statistics.
    pub async fn send(self) -> Result<Response<ScanData>> {
        let checked = if self.options.skip_validation { Ok(()) } else { self.check() };
        let operation = &self.client.endpoints().data;
        let call = self.client.core().call(operation).check(checked).options(self.options).path("qrId", &self.id);
        let call = call.query_opt("period", self.period).query_opt("tz", self.time_zone);
        let call = call.query_opt("timestamp", self.start.map(|at| at.timestamp()));
        call.query_opt("endTimestamp", self.end.map(|at| at.timestamp())).send().await
    }

    fn check(&self) -> Result<()> {
        if self.start.is_some_and(|start| start > self.client.core().clock().now_utc()) {
            return Err(Error::invalid("timestamp", "is in the future"));
        }
        if self.start.zip(self.end).is_some_and(|(start, end)| end < start) {
            return Err(Error::invalid("end_timestamp", "is before the timestamp"));
        }
        Ok(())
    }
}

connectors_core::request_options!(GetScanData => ScanData);

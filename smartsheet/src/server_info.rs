//! What the service can show: formats, fonts, locales.

use connectors_core::Request;
use connectors_core::provider::Operation;
use http::Method;

use crate::client::SmartsheetClient;
use crate::model::ServerInfo;
use crate::request::operation;

static SERVER_INFO: Operation = operation(Method::GET, "server_info", "/serverinfo");

impl SmartsheetClient {
    /// What formats are made of, and which locales there are. It hardly ever changes: read it once.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::CellFormat;
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let smartsheet = mock.client().clone();
    /// let formats = smartsheet.server_info().await?.formats;
    /// let yellow = formats.color.iter().position(|color| color == "#FFFEE6").and_then(|index| index.try_into().ok());
    /// let format = CellFormat { bold: Some(true), background_color: yellow, ..CellFormat::default() };
    /// assert_eq!(format.to_string(), ",,1,,,,,,,6,,,,,,,");
    /// # Ok(())
    /// # }
    /// ```
    pub fn server_info(&self) -> Request<ServerInfo> {
        Request::new(self.call(&SERVER_INFO))
    }
}

//! Templates, as they were listed: the endpoints are gone since June 2026, and templates are among the children of
//! workspaces and folders.

use connectors_core::open_enum;
use serde::Deserialize;

use super::access::AccessLevel;
use super::ids::TemplateId;

open_enum! {
    /// What is made from a template.
    pub enum TemplateType {
        /// Sheets.
        "sheet" => Sheet,
        /// Reports.
        "report" => Report,
    }
}

/// A template in a list.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use connectors_smartsheet::{OffsetPage, TemplateInfo};
/// use http::Method;
///
/// # let smartsheet = connectors_mock::MockSmartsheet::new().client().clone();
/// let gone = smartsheet.request(&Method::GET, "/templates").send::<OffsetPage<TemplateInfo>>().await;
/// assert!(gone.is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TemplateInfo {
    /// The id.
    pub id: TemplateId,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// What is made from it.
    #[serde(rename = "type")]
    pub template_type: Option<TemplateType>,
    /// What the caller may do with it.
    pub access_level: Option<AccessLevel>,
    /// What it is for.
    pub description: Option<String>,
    /// Which of the three basic templates it is, if it is one: `BLANK_SHEET`, `PROJECT_SHEET`, `TASK_LIST`.
    pub global_template: Option<String>,
    /// Whether it holds nothing.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub blank: bool,
    /// A small picture of it.
    pub image: Option<String>,
    /// A large picture of it.
    pub large_image: Option<String>,
    /// The language that it is written in, such as `en_US`.
    pub locale: Option<String>,
    /// What it is found by.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub tags: Vec<String>,
    /// The shelves that it stands on.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub categories: Vec<String>,
}

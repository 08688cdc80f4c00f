//! Governance: data classification.

use connectors_core::Request;
use connectors_core::provider::Operation;
use http::Method;
use serde::Serialize;

use crate::model::{ClassificationLabelId, DataClassificationSettings, PlanId, SheetId};
use crate::request::{CallExt, done, operation, resource};
use crate::sheets::Sheets;

static DATA_CLASSIFICATION: Operation =
    operation(Method::GET, "governance.data_classification", "/governance/data-classification/settings");
static CLASSIFY: Operation = operation(Method::PUT, "sheets.classify", "/sheets/{sheetId}/dataclassification");
static DECLASSIFY: Operation = operation(Method::DELETE, "sheets.declassify", "/sheets/{sheetId}/dataclassification");

resource! {
    /// The endpoints of governance: [`SmartsheetClient::governance`](crate::SmartsheetClient::governance).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet, plan) = (mock.client().clone(), mock.store_list_id(), mock.fake().plan_id());
    /// let settings = smartsheet.governance().data_classification(plan).await?;
    /// let highest = settings.labels.iter().min_by_key(|label| label.sensitivity_order).expect("a label");
    ///
    /// let sheets = smartsheet.sheets();
    /// sheets.classify(sheet, &highest.id).await?;
    /// assert_eq!(sheets.get(sheet).await?.data_classification.as_ref(), Some(&highest.name));
    /// sheets.declassify(sheet).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub struct Governance;
}

impl Governance {
    /// The labels of a plan, and what goes for them.
    pub fn data_classification(&self, plan: PlanId) -> Request<DataClassificationSettings> {
        Request::new(self.client.call(&DATA_CLASSIFICATION))
            .check(crate::model::ids::positive("planId", plan.get()))
            .set("planId", plan)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Label<'a> {
    label_id: &'a ClassificationLabelId,
}

impl Sheets {
    /// Says how confidential a sheet is, by a label of [`Governance::data_classification`]. To less than it was, others
    /// may have to agree first.
    pub fn classify(&self, sheet: SheetId, label: &ClassificationLabelId) -> Request<()> {
        done(self.client.call(&CLASSIFY).write_to(sheet).json(&Label { label_id: label }))
    }

    /// Takes the label of a sheet away: it counts as what the plan's default says.
    pub fn declassify(&self, sheet: SheetId) -> Request<()> {
        done(self.client.call(&DECLASSIFY).write_to(sheet))
    }
}

//! Automation rules.

use connectors_core::Request;
use connectors_core::provider::Operation;
use http::Method;

use crate::model::{AutomationRule, AutomationRuleId, AutomationRuleUpdate, OffsetPage, SheetId};
use crate::request::{CallExt, done, offset_pages, operation, resource, written};

static LIST: Operation = operation(Method::GET, "automation_rules.list", "/sheets/{sheetId}/automationrules");
static GET: Operation =
    operation(Method::GET, "automation_rules.get", "/sheets/{sheetId}/automationrules/{automationRuleId}");
static UPDATE: Operation =
    operation(Method::PUT, "automation_rules.update", "/sheets/{sheetId}/automationrules/{automationRuleId}");
static DELETE: Operation =
    operation(Method::DELETE, "automation_rules.delete", "/sheets/{sheetId}/automationrules/{automationRuleId}");

resource! {
    /// The endpoints of automation rules:
    /// [`SmartsheetClient::automation_rules`](crate::SmartsheetClient::automation_rules). They are made in the browser;
    /// the API changes and deletes those of a single action.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{AutomationFrequency, AutomationRuleUpdate, NewAutomationAction};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
    /// let rules = smartsheet.automation_rules().list(sheet).await?.data;
    /// let rule = smartsheet.automation_rules().get(sheet, rules[0].id).await?;
    /// let action = NewAutomationAction::from(rule.action.expect("a rule does something"));
    ///
    /// let weekly = AutomationRuleUpdate::new().action(action.frequency(AutomationFrequency::Weekly));
    /// let rule = smartsheet.automation_rules().update(sheet, rule.id, weekly).await?;
    /// assert_eq!(rule.action.and_then(|action| action.frequency), Some(AutomationFrequency::Weekly));
    ///
    /// smartsheet.automation_rules().delete(sheet, rules[1].id).await?;
    /// assert_eq!(smartsheet.automation_rules().list(sheet).await?.data.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub struct AutomationRules;
}

impl AutomationRules {
    /// The rules of a sheet that the API knows of.
    pub fn list(&self, sheet: SheetId) -> ListAutomationRules {
        ListAutomationRules(Request::new(self.client.call(&LIST).id("sheetId", sheet.get())))
    }

    /// One rule.
    pub fn get(&self, sheet: SheetId, rule: AutomationRuleId) -> Request<AutomationRule> {
        Request::new(self.client.call(&GET).id("sheetId", sheet.get()).id("automationRuleId", rule.get()))
    }

    /// Changes a rule: its name, what it does, whether it does it.
    pub fn update(
        &self,
        sheet: SheetId,
        rule: AutomationRuleId,
        update: AutomationRuleUpdate,
    ) -> Request<AutomationRule> {
        let call = self.client.call(&UPDATE).write_to(sheet).id("automationRuleId", rule.get());
        written(call.json(&update)).check(update.check())
    }

    /// Deletes a rule.
    pub fn delete(&self, sheet: SheetId, rule: AutomationRuleId) -> Request<()> {
        done(self.client.call(&DELETE).write_to(sheet).id("automationRuleId", rule.get()))
    }
}

connectors_core::request! {
    /// Lists automation rules: [`AutomationRules::list`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListAutomationRules => OffsetPage<AutomationRule>;
    /// All of them in one answer.
    flag include_all = "includeAll";
}
offset_pages!(ListAutomationRules => AutomationRule);

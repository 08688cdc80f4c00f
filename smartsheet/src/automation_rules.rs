//! Automation rules.

use crate::request::resource;

resource! {
    /// The endpoints of automation rules: [`SmartsheetClient::automation_rules`](crate::SmartsheetClient::automation_rules).
    pub struct AutomationRules;
}

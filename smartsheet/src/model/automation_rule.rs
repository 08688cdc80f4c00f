//! Automation rules: what a sheet does by itself.

use chrono::{DateTime, Utc};
use connectors_core::wire::lenient;
use connectors_core::{Error, Result, open_enum};
use serde::{Deserialize, Serialize};

use super::access::Person;
use super::email::Recipient;
use super::ids::{AutomationRuleId, ColumnId};
use super::time;

open_enum! {
    /// What a rule does.
    pub enum AutomationActionType {
        /// Asks for an approval.
        "APPROVAL_REQUEST_ACTION" => ApprovalRequest,
        /// Tells somebody.
        "NOTIFICATION_ACTION" => Notification,
        /// Asks for an update of rows.
        "UPDATE_REQUEST_ACTION" => UpdateRequest,
    }
}

open_enum! {
    /// How often a rule sends what it has to tell.
    pub enum AutomationFrequency {
        /// At once.
        "IMMEDIATELY" => Immediately,
        /// Once an hour.
        "HOURLY" => Hourly,
        /// Once a day.
        "DAILY" => Daily,
        /// Once a week.
        "WEEKLY" => Weekly,
    }
}

open_enum! {
    /// Why Smartsheet has switched a rule off.
    pub enum AutomationDisabledReason {
        /// The column of the approval is gone.
        "APPROVAL_COLUMN_MISSING" => ApprovalColumnMissing,
        /// The column of the approval has another type by now.
        "APPROVAL_COLUMN_WRONG_TYPE" => ApprovalColumnWrongType,
        /// The organisation has no automations.
        "AUTOMATION_NOT_ENABLED_FOR_ORG" => NotEnabledForOrganisation,
        /// A column is gone.
        "COLUMN_MISSING" => ColumnMissing,
        /// A column has another type by now.
        "COLUMN_TYPE_INCOMPATIBLE" => ColumnTypeIncompatible,
        /// There is nobody to send it to.
        "NO_POTENTIAL_RECIPIENTS" => NoPotentialRecipients,
        /// None of the chosen columns can be used.
        "NO_VALID_SELECTED_COLUMNS" => NoValidSelectedColumns,
    }
}

/// An automation rule of a sheet. Rules with several actions are not shown by the API (code 1266).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AutomationRule {
    /// The id.
    pub id: AutomationRuleId,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// Whether it is switched on.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub enabled: bool,
    /// What it does.
    pub action: Option<AutomationAction>,
    /// Why Smartsheet has switched it off.
    pub disabled_reason: Option<AutomationDisabledReason>,
    /// The same in words.
    pub disabled_reason_text: Option<String>,
    /// Whether the caller may change it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub user_can_modify: bool,
    /// When it was created.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// Who created it.
    pub created_by: Option<Person>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
    /// Who changed it last.
    pub modified_by: Option<Person>,
}

/// What a rule does, to whom.
#[expect(clippy::struct_excessive_bools, reason = "they are Smartsheet's, and independent of each other")]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AutomationAction {
    /// What it does.
    #[serde(rename = "type")]
    pub kind: AutomationActionType,
    /// How often.
    pub frequency: Option<AutomationFrequency>,
    /// Who gets it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub recipients: Vec<Recipient>,
    /// The contact columns that say who gets it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub recipient_column_ids: Vec<ColumnId>,
    /// Whether everybody gets it whom the sheet is shared with.
    #[serde(default, deserialize_with = "flag")]
    pub notify_all_shared_users: bool,
    /// The subject of the e-mail.
    pub subject: Option<String>,
    /// The text of the e-mail.
    pub message: Option<String>,
    /// Whether all columns are sent.
    #[serde(default, deserialize_with = "flag")]
    pub include_all_columns: bool,
    /// The columns that are sent.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub included_column_ids: Vec<ColumnId>,
    /// Whether attachments are sent.
    #[serde(default, deserialize_with = "flag")]
    pub include_attachments: bool,
    /// Whether discussions are sent.
    #[serde(default, deserialize_with = "flag")]
    pub include_discussions: bool,
}

/// Documented as a string in one place, and a boolean on the wire.
fn flag<'de, D: serde::Deserializer<'de>>(source: D) -> Result<bool, D::Error> {
    lenient::opt_flag(source).map(Option::unwrap_or_default)
}

/// A change of a rule. What is not set stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AutomationRuleUpdate {
    /// The new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it is switched on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// What it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<NewAutomationAction>,
}

impl AutomationRuleUpdate {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Renames it.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Switches it on or off.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = Some(enabled);
        self
    }

    /// Changes what it does. The type of the action has to be the one it has (code 1220).
    pub fn action(mut self, action: NewAutomationAction) -> Self {
        self.action = Some(action);
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        if *self == Self::default() {
            return Err(Error::invalid("update", "changes nothing"));
        }
        if self.name.as_deref().is_some_and(|name| name.trim().is_empty()) {
            return Err(Error::invalid("name", "must not be blank"));
        }
        self.action.as_ref().map_or(Ok(()), NewAutomationAction::check)
    }
}

/// What a rule is to do. Made of the [`AutomationAction`] that it does, or from nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewAutomationAction {
    /// What it does.
    #[serde(rename = "type")]
    pub kind: AutomationActionType,
    /// How often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency: Option<AutomationFrequency>,
    /// Who gets it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<Recipient>,
    /// The contact columns that say who gets it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recipient_column_ids: Vec<ColumnId>,
    /// Whether everybody gets it whom the sheet is shared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_all_shared_users: Option<bool>,
    /// The subject of the e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text of the e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether all columns are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_all_columns: Option<bool>,
    /// The columns that are sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub included_column_ids: Vec<ColumnId>,
    /// Whether attachments are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_attachments: Option<bool>,
    /// Whether discussions are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_discussions: Option<bool>,
}

impl NewAutomationAction {
    /// An action of this type that nobody gets yet.
    pub fn new(kind: AutomationActionType) -> Self {
        Self {
            kind,
            frequency: None,
            recipients: Vec::new(),
            recipient_column_ids: Vec::new(),
            notify_all_shared_users: None,
            subject: None,
            message: None,
            include_all_columns: None,
            included_column_ids: Vec::new(),
            include_attachments: None,
            include_discussions: None,
        }
    }

    /// How often.
    pub fn frequency(mut self, frequency: AutomationFrequency) -> Self {
        self.frequency = Some(frequency);
        self
    }

    /// Goes to these people and groups, and nobody else.
    pub fn to<T: Into<Recipient>>(mut self, recipients: impl IntoIterator<Item = T>) -> Self {
        self.recipients = recipients.into_iter().map(Into::into).collect();
        self.recipient_column_ids.clear();
        self.notify_all_shared_users = None;
        self
    }

    /// Goes to whom these contact columns name, and nobody else.
    pub fn to_contacts_in(mut self, columns: impl IntoIterator<Item = ColumnId>) -> Self {
        self.recipient_column_ids = columns.into_iter().collect();
        self.recipients.clear();
        self.notify_all_shared_users = None;
        self
    }

    /// Goes to everybody whom the sheet is shared with.
    pub fn to_everybody(mut self) -> Self {
        self.notify_all_shared_users = Some(true);
        self.recipients.clear();
        self.recipient_column_ids.clear();
        self
    }

    /// The subject of the e-mail.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The text of the e-mail.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Sends these columns alone.
    pub fn columns(mut self, columns: impl IntoIterator<Item = ColumnId>) -> Self {
        self.included_column_ids = columns.into_iter().collect();
        self.include_all_columns = None;
        self
    }

    /// Sends all columns.
    pub fn all_columns(mut self) -> Self {
        self.include_all_columns = Some(true);
        self.included_column_ids.clear();
        self
    }

    fn check(&self) -> Result<()> {
        let everybody = self.notify_all_shared_users == Some(true);
        let kinds = [!self.recipients.is_empty(), !self.recipient_column_ids.is_empty(), everybody];
        if kinds.into_iter().filter(|given| *given).count() > 1 {
            let problem = "must be people, or columns that name them, or everybody";
            return Err(Error::invalid("action.recipients", problem).with_code(1218));
        }
        if self.include_all_columns == Some(true) && !self.included_column_ids.is_empty() {
            let problem = "must be empty where all columns are sent";
            return Err(Error::invalid("action.includedColumnIds", problem).with_code(1218));
        }
        Ok(())
    }
}

impl From<AutomationAction> for NewAutomationAction {
    fn from(held: AutomationAction) -> Self {
        Self {
            kind: held.kind,
            frequency: held.frequency,
            recipients: held.recipients,
            recipient_column_ids: held.recipient_column_ids,
            notify_all_shared_users: Some(held.notify_all_shared_users),
            subject: held.subject,
            message: held.message,
            include_all_columns: Some(held.include_all_columns),
            included_column_ids: held.included_column_ids,
            include_attachments: Some(held.include_attachments),
            include_discussions: Some(held.include_discussions),
        }
    }
}

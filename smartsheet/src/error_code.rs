//! Smartsheet's own error codes.

mod codes;

use std::fmt;

use connectors_core::Error;
use serde::{Deserialize, Deserializer};

/// A code in Smartsheet's error bodies, such as 1006 for "not found". Every documented one is a constant; others are
/// kept as they came.
///
/// ```
/// use connectors_core::{Error, ErrorKind};
/// use connectors_smartsheet::{ErrorCode, SmartsheetErrorExt};
///
/// fn is_locked(error: &Error) -> bool {
///     matches!(error.smartsheet_code(), Some(ErrorCode::COLUMN_LOCKED | ErrorCode::ROW_LOCKED))
/// }
/// let error = Error::new(ErrorKind::PermissionDenied, "locked").with_origin("smartsheet", "rows.update").with_code(1050);
/// assert!(is_locked(&error));
///
/// let code = ErrorCode::new(1050);
/// assert_eq!((code.name(), code.status(), code.is_known()), (Some("ROW_LOCKED"), Some(403), true));
/// assert!(!ErrorCode::new(1999).is_known());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrorCode(u32);

impl ErrorCode {
    /// The code with this number.
    pub const fn new(code: u32) -> Self {
        Self(code)
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Whether it was documented when this was written.
    pub const fn is_known(self) -> bool {
        self.status().is_some()
    }

    /// What it is about, by Smartsheet's numbering. `None` for codes that stand for themselves.
    pub const fn topic(self) -> Option<ErrorTopic> {
        use ErrorTopic as T;
        // The narrower ranges first: some lie inside of others.
        Some(match self.0 {
            1119 | 1120 => T::Copy,
            1236..=1238 | 1067..=1073 | 1132 | 1292 => T::OAuth,
            1269..=1275 | 1030 | 1044 => T::ActingForUsers,
            1278..=1281 | 1286 | 1289 | 1294..=1300 | 1306..=1309 | 1315 | 1316 | 1327 => T::Proofs,
            1266 | 1214..=1222 => T::Automation,
            1268 | 1284 | 1285 | 1353 | 1166..=1172 => T::Dashboards,
            1173..=1175 | 1287 | 1288 | 1334 => T::Publishing,
            1255 | 1338..=1342 | 1051 | 1053 | 1074 | 1075 | 1095 | 1100 | 1101 | 1125..=1128 | 1145 | 1147 => T::Files,
            1330 | 1360 | 1156..=1159 | 1186..=1190 => T::EmailAddresses,
            1290 | 1102..=1108 | 1144 => T::Groups,
            1040 | 1066 | 1023 | 1025..=1028 => T::Shares,
            1008..=1012 | 1018 | 1024 | 1029 | 1031 | 1032 => T::RequestShape,
            1001..=1007 => T::Access,
            1013..=1022 => T::Membership,
            1080 | 1034..=1050 | 1060..=1065 | 1092 | 1123 | 1136 | 1185 => T::RowsAndLocks,
            1054..=1059 | 1077..=1079 | 1082..=1091 | 1098 | 1099 | 1142 | 1143 | 1209..=1212 => T::Columns,
            1109..=1117 | 1130 | 1131 | 1148 | 1161..=1165 => T::CellContents,
            1149 | 1155 => T::ProjectSettings,
            1151..=1154 => T::Webhooks,
            1181..=1184 => T::Filters,
            1191..=1208 => T::SheetSummary,
            1223..=1229 => T::Parameters,
            1240..=1265 => T::CardsAndPicklists,
            1301..=1305 | 1310 | 1314 => T::ColumnFormulas,
            1318..=1326 | 1328 | 1332 => T::Baselines,
            1335..=1337 | 1354 | 1355 | 1359 => T::Activation,
            1343..=1352 => T::UserMovement,
            1361..=1363 => T::Policies,
            4000..=4005 => T::Service,
            5000..=5999 => T::AccountStatus,
            _ => return None,
        })
    }

    /// What to do about it, where that can be said without knowing the request. Errors carry it as their
    /// [`hint`](Error::hint).
    pub const fn advice(self) -> Option<&'static str> {
        Some(match self {
            Self::TOKEN_REQUIRED | Self::TOKEN_INVALID => "check the access token, and that it is one of this region",
            Self::TOKEN_EXPIRED => "get a new access token",
            Self::FORBIDDEN => "check that there is a token, its scopes, and what is shared with its user",
            Self::NOT_FOUND => "check the id and the region, and that the thing is shared with the token's user",
            Self::PLAN_DOES_NOT_ALLOW => "the account's plan has to be upgraded",
            Self::NO_LICENSES => "free a licence, or buy one",
            Self::UNKNOWN_USER => "only a system admin can act for a user, and not for another admin",
            Self::INVALID_ROW_ID => "read the sheet again: the row may have been moved or deleted",
            Self::INVALID_COLUMN_ID => "read the columns again: the ids of a copied sheet are new ones",
            Self::COLUMN_LOCKED | Self::ROW_LOCKED => "unlock it, or use the token of an owner or admin",
            Self::TOO_LONG => "shorten it: a cell holds 4000 characters, most names 50",
            Self::VALUE_DOES_NOT_FIT => "send a value of the column's type, or write leniently with strict(false)",
            Self::SYSTEM_COLUMN | Self::COLUMN_FORMULA | Self::END_DATE_COMPUTED => "leave the column out",
            Self::MIXED_LOCATIONS => "send rows of different places in requests of their own",
            Self::LINKS_AND_VALUES => "send links and values in requests of their own",
            Self::COPY_INCOMPLETE => "delete what was copied, then try again",
            Self::TOO_MANY_SHEETS | Self::MOVE_TOO_LARGE => "take smaller parts",
            Self::EXISTS_ALREADY => "look up what is there, and change that",
            Self::OBJECT_TYPE => "send the object value that the column's type asks for",
            Self::TOKEN_REVOKED | Self::GRANT_INVALID | Self::CODE_EXPIRED => "let the user grant access again",
            Self::REDIRECT_MISMATCH => "send the redirect URI that the app is registered with",
            Self::CALLBACK_NOT_HTTPS => "use an https address on port 443, 8000, 8008, 8080 or 8443",
            Self::RULE_NOT_ACCESSIBLE => "change the rule in Smartsheet: the API knows rules of a single action only",
            Self::OVERRIDE_NEEDS_ADMIN => "use the token of an admin of the sheet",
            Self::SSO_POLICY | Self::MFA_POLICY | Self::EGRESS_POLICY => "ask the admin who set the policy",
            Self::RATE_LIMITED => "wait a minute, or let the clients of one token share a limiter",
            Self::BUSY => "write to one sheet from one place at a time",
            Self::SERVER_TIMEOUT => "ask for less at a time",
            Self::MAINTENANCE => "see status.smartsheet.com",
            Self::VERSION_RETIRED => "write the base URL like https://api.smartsheet.com/2.0",
            _ if self.is_account_status() => "show the message to the user: it is about their account",
            _ => return None,
        })
    }

    /// Whether it says that the account cannot be used: expired, cancelled, payment due. The message is meant for
    /// people and written in their language.
    pub const fn is_account_status(self) -> bool {
        matches!(self.0, 5000..=5999)
    }
}

/// What a group of error codes is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorTopic {
    /// Tokens, rights, versions of the API, things that do not exist.
    Access,
    /// How requests are written.
    RequestShape,
    /// Licences, plans and who is a member.
    Membership,
    /// Who it is shared with.
    Shares,
    /// Rows, cells, and what is locked.
    RowsAndLocks,
    /// Files and multipart bodies.
    Files,
    /// The definitions of columns.
    Columns,
    /// Exchanging and refreshing tokens.
    OAuth,
    /// Groups of users.
    Groups,
    /// Hyperlinks, links between cells, object values, images.
    CellContents,
    /// Copies of folders and workspaces.
    Copy,
    /// The settings of project sheets.
    ProjectSettings,
    /// Webhooks.
    Webhooks,
    /// Primary and further e-mail addresses.
    EmailAddresses,
    /// Dashboards and their widgets.
    Dashboards,
    /// Publishing.
    Publishing,
    /// Filters of sheets.
    Filters,
    /// Summaries of sheets.
    SheetSummary,
    /// Automation rules.
    Automation,
    /// Sorting, and query parameters.
    Parameters,
    /// Card view, several contacts, several picklist values.
    CardsAndPicklists,
    /// Acting for other users.
    ActingForUsers,
    /// Proofs.
    Proofs,
    /// Formulas of columns.
    ColumnFormulas,
    /// Baselines.
    Baselines,
    /// Deactivating and reactivating users.
    Activation,
    /// Policies about users between plans.
    UserMovement,
    /// Policies of the organisation.
    Policies,
    /// Smartsheet itself: quota, maintenance, failures.
    Service,
    /// The user's account: expired, cancelled, payment due.
    AccountStatus,
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ErrorCode({})", self.0)
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        connectors_core::wire::lenient::number(source).map(Self)
    }
}

/// Smartsheet's view of an [`Error`].
pub trait SmartsheetErrorExt {
    /// Smartsheet's own error code, if the error came from there and has one.
    fn smartsheet_code(&self) -> Option<ErrorCode>;
}

impl SmartsheetErrorExt for Error {
    fn smartsheet_code(&self) -> Option<ErrorCode> {
        let code = self.code().filter(|_| self.provider() == crate::PROVIDER)?;
        code.parse().ok().map(ErrorCode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_code_is_known_and_has_a_name_and_a_status() {
        let all: Vec<_> = ErrorCode::known().collect();
        // By status, as the vendor documents them; 2110 is one of the year after.
        let count = |status| all.iter().filter(|code| code.status() == Some(status)).count();
        assert_eq!([400, 401, 403, 404, 405, 406, 410, 415, 429, 500, 501, 503].map(count), COUNTS);
        assert!(all.iter().all(|code| code.name().is_some() && code.is_known()));
        assert!(ErrorCode::new(5999).is_known() && !ErrorCode::new(1364).is_known() && !ErrorCode::new(0).is_known());
    }

    const COUNTS: [usize; 12] = [272, 6, 60, 12, 2, 1, 1, 1, 1, 12, 3, 1];

    #[test]
    fn the_narrower_topic_counts() {
        let topic = |code| ErrorCode::new(code).topic();
        assert_eq!(topic(1106), Some(ErrorTopic::Groups));
        assert_eq!(topic(1327), Some(ErrorTopic::Proofs));
        assert_eq!(topic(1328), Some(ErrorTopic::Baselines));
        assert_eq!(topic(1066), Some(ErrorTopic::Shares));
        assert_eq!(topic(5001), Some(ErrorTopic::AccountStatus));
        assert_eq!(topic(1357), None);
    }
}

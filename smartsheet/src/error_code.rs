//! Smartsheet's own error codes.

use std::fmt;

use connectors_core::Error;
use serde::{Deserialize, Deserializer};

/// A code in Smartsheet's error bodies, such as 1006 for "not found". The constants are the ones worth telling apart;
/// there are some 350 more.
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
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrorCode(u32);

macro_rules! codes {
    ($($code:literal $name:ident $doc:literal),+ $(,)?) => {
        impl ErrorCode {
            $(#[doc = $doc] pub const $name: Self = Self($code);)+
        }
    };
}

codes! {
    1001 TOKEN_REQUIRED "A token is needed.",
    1002 TOKEN_INVALID "The token is not known.",
    1003 TOKEN_EXPIRED "The token has expired.",
    1004 FORBIDDEN "The token may not do this; also the answer to no token at all.",
    1006 NOT_FOUND "There is no such thing, or it is hidden from the token.",
    1008 PARSE_ERROR "The request cannot be read: not JSON, an attribute that does not exist, a value of the wrong type.",
    1010 METHOD_NOT_SUPPORTED "The path has no such method.",
    1012 ATTRIBUTE_MISSING "A required attribute is missing.",
    1013 PLAN_DOES_NOT_ALLOW "The plan does not include this.",
    1018 INVALID_PARAMETER "A query parameter has a value that it cannot have.",
    1030 UNKNOWN_USER "The user to act as is not known.",
    1031 INVALID_ATTRIBUTE "An attribute has a value that it cannot have.",
    1032 ATTRIBUTE_NOT_ALLOWED "An attribute may not be given here.",
    1034 INVALID_ROW_ID "There is no such row.",
    1036 INVALID_COLUMN_ID "The sheet has no such column.",
    1037 COLUMN_TWICE "A row names a column twice.",
    1039 COLUMN_LOCKED "The column is locked.",
    1041 TOO_LONG "A text is too long.",
    1042 VALUE_DOES_NOT_FIT "A value does not fit the column's type.",
    1045 READ_ONLY "The thing can only be read.",
    1046 SYSTEM_COLUMN "The column is written by Smartsheet itself.",
    1050 ROW_LOCKED "The row is locked.",
    1052 NOT_ACCEPTABLE "The answer cannot be given in the asked-for form.",
    1054 FROM_ID_OR_COLUMNS "A new sheet needs either something to copy or columns.",
    1055 ONE_PRIMARY_COLUMN "A new sheet needs exactly one primary column.",
    1056 DUPLICATE_TITLE "Two columns have the same title.",
    1062 INVALID_LOCATION "The row's place is contradictory.",
    1063 INVALID_PARENT "There is no such parent row.",
    1064 INVALID_SIBLING "There is no such sibling row.",
    1067 CLIENT_ID_INVALID "There is no app with this client id.",
    1068 GRANT_TYPE_INVALID "The grant type is not supported.",
    1069 CODE_EXPIRED "The authorization code has expired.",
    1070 GRANT_INCOMPLETE "A parameter of the token request is missing.",
    1071 GRANT_INVALID "The authorization code or refresh token is not good, or not any more.",
    1072 HASH_MISMATCH "The hash was made with another secret, or of another code or token.",
    1073 REDIRECT_MISMATCH "The redirect URI is not the one of the app.",
    1080 END_DATE_COMPUTED "The end date of a project sheet is computed.",
    1109 LINK_AND_HYPERLINK "A cell is given a link to another sheet and a hyperlink.",
    1112 HYPERLINK_TARGETS "A hyperlink has more than one target.",
    1113 HYPERLINK_VALUE "The text of a hyperlink must be a string or null.",
    1115 LINKS_AND_VALUES "One request changes cell links and other values.",
    1116 LINK_TO_SAME_SHEET "A cell link leads to its own sheet.",
    1117 HYPERLINK_WITHOUT_TARGET "A hyperlink has no target.",
    1119 COPY_INCOMPLETE "A copy failed half-way; what was made of it remains.",
    1120 TOO_MANY_SHEETS "There is too much to copy at once.",
    1123 MIXED_LOCATIONS "The rows of one request go to different places.",
    1124 CONTENT_TYPE "The content type is not supported.",
    1129 EXISTS_ALREADY "It exists already.",
    1130 VALUE_AND_OBJECT_VALUE "A cell is given a value and an object value.",
    1132 TOKEN_REVOKED "The token was revoked.",
    1136 SAME_SHEET "Rows cannot be moved or copied within one sheet.",
    1148 NUMBER_OUT_OF_RANGE "A number is beyond 2^53.",
    1160 BULK_INVALID "The bulk request is not valid.",
    1162 FORMULA_SYNTAX "A formula does not begin with `=`.",
    1163 FORMULA_AND_VALUE "A cell is given a formula and a value.",
    1165 ALT_TEXT_TOO_LONG "The alternative text of an image is too long.",
    1212 OVERRIDE_NEEDS_ADMIN "Only an admin may write what the column's validation refuses.",
    1229 PAGE_TOO_LARGE "The page size is beyond the limit.",
    1302 COLUMN_FORMULA "The cell is computed by its column's formula.",
    4000 UNEXPECTED "Smartsheet failed.",
    4001 MAINTENANCE "Smartsheet is offline for maintenance.",
    4002 SERVER_TIMEOUT "Smartsheet took too long; the request may have been carried out.",
    4003 RATE_LIMITED "Too many requests.",
    4004 BUSY "The sheet is being changed by another request of the same token.",
    4005 VERSION_RETIRED "This version of the API is gone.",
}

impl ErrorCode {
    /// The code with this number.
    pub const fn new(code: u32) -> Self {
        Self(code)
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Whether it says that the account cannot be used: expired, cancelled, payment due. The message is meant for
    /// people and written in their language.
    pub const fn is_account_status(self) -> bool {
        matches!(self.0, 5000..=5999)
    }
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

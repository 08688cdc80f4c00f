//! E-mails that Smartsheet sends on request.

use connectors_core::{Error, Result, open_enum};
use serde::{Deserialize, Serialize};

use super::ids::GroupId;

/// Who gets an e-mail: a person or a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Recipient {
    /// The person's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id: Option<GroupId>,
}

impl Recipient {
    /// The person with this e-mail address.
    pub fn email(email: impl Into<String>) -> Self {
        Self { email: Some(email.into()), group_id: None }
    }

    /// The members of this group.
    pub fn group(id: GroupId) -> Self {
        Self { email: None, group_id: Some(id) }
    }
}

impl From<&str> for Recipient {
    fn from(email: &str) -> Self {
        Self::email(email)
    }
}

impl From<GroupId> for Recipient {
    fn from(id: GroupId) -> Self {
        Self::group(id)
    }
}

/// What an e-mail says, and to whom.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Email {
    /// Who gets it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub send_to: Vec<Recipient>,
    /// The subject; Smartsheet chooses one if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text; Smartsheet chooses one if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether the sender gets a copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cc_me: Option<bool>,
}

impl Email {
    /// An e-mail to these people and groups.
    pub fn to<T: Into<Recipient>>(recipients: impl IntoIterator<Item = T>) -> Self {
        Self { send_to: recipients.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// The subject.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The text.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Whether the sender gets a copy.
    pub fn cc_me(mut self, copy: bool) -> Self {
        self.cc_me = Some(copy);
        self
    }

    /// Refuses an e-mail to nobody.
    pub(crate) fn check(&self) -> Result<()> {
        if self.send_to.is_empty() {
            return Err(Error::invalid("sendTo", "must name at least one recipient"));
        }
        let odd = self.send_to.iter().position(|to| to.email.is_some() == to.group_id.is_some());
        match odd {
            Some(index) => {
                Err(Error::invalid(format!("sendTo[{index}]"), "must be either an e-mail address or a group"))
            }
            None => Ok(()),
        }
    }
}

open_enum! {
    /// The size of the paper in a PDF.
    pub enum PaperSize {
        /// 8.5 × 11 inches.
        "LETTER" => Letter,
        /// 8.5 × 14 inches.
        "LEGAL" => Legal,
        /// 11 × 17 inches.
        "WIDE" => Wide,
        /// 24 × 36 inches.
        "ARCHD" | "ARCHID" => ArchD,
        /// 210 × 297 mm.
        "A4" => A4,
        /// 297 × 420 mm.
        "A3" => A3,
        /// 420 × 594 mm.
        "A2" => A2,
        /// 594 × 841 mm.
        "A1" => A1,
        /// 841 × 1189 mm.
        "A0" => A0,
    }
}

open_enum! {
    /// What a sheet or report is attached to an e-mail as.
    pub enum EmailFormat {
        /// A PDF of the grid.
        "PDF" => Pdf,
        /// A PDF of the Gantt chart.
        "PDF_GANTT" => PdfGantt,
        /// An Excel file.
        "EXCEL" => Excel,
    }
}

/// How a PDF is laid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FormatDetails {
    /// The size of its paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper_size: Option<PaperSize>,
}

/// An e-mail with a whole sheet or report attached.
///
/// ```
/// use connectors_smartsheet::{Email, PaperSize, SheetEmail};
///
/// let email = Email::to(["crew@example.com"]).subject("The plan");
/// let email = SheetEmail::pdf(email, PaperSize::A3);
/// # let _ = email;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SheetEmail {
    /// To whom, and what it says.
    #[serde(flatten)]
    pub email: Email,
    /// What is attached.
    pub format: EmailFormat,
    /// How it is laid out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format_details: Option<FormatDetails>,
}

impl SheetEmail {
    /// With an attachment of this format.
    pub fn new(email: Email, format: EmailFormat) -> Self {
        Self { email, format, format_details: None }
    }

    /// With an Excel file.
    pub fn excel(email: Email) -> Self {
        Self::new(email, EmailFormat::Excel)
    }

    /// With a PDF of the grid, on this paper.
    pub fn pdf(email: Email, paper: PaperSize) -> Self {
        Self::new(email, EmailFormat::Pdf).paper_size(paper)
    }

    /// The size of the paper of a PDF.
    pub fn paper_size(mut self, paper: PaperSize) -> Self {
        self.format_details = Some(FormatDetails { paper_size: Some(paper) });
        self
    }

    /// Refuses an e-mail to nobody, and paper for what has none.
    pub(crate) fn check(&self) -> Result<()> {
        self.email.check()?;
        if self.format == EmailFormat::Excel && self.format_details.is_some() {
            return Err(Error::invalid("formatDetails", "must not be set for an Excel file, which has no paper"));
        }
        Ok(())
    }
}

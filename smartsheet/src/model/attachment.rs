//! Attachments: files, and links to where else they are kept.

use std::fmt;

use chrono::{DateTime, Utc};
use connectors_core::NewFile;
use connectors_core::{Error, Result, open_enum};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize};

use super::access::Person;
use super::ids::AttachmentId;
use super::time;
use crate::files::FileExt as _;
use crate::request::not_blank;

open_enum! {
    /// Where an attachment is kept.
    pub enum AttachmentType {
        /// At Smartsheet.
        "FILE" => File,
        /// At any web address.
        "LINK" => Link,
        /// At Box.
        "BOX_COM" => Box,
        /// At Dropbox.
        "DROPBOX" => Dropbox,
        /// At Egnyte.
        "EGNYTE" => Egnyte,
        /// At Evernote.
        "EVERNOTE" => Evernote,
        /// At Google Drive.
        "GOOGLE_DRIVE" => GoogleDrive,
        /// At `OneDrive`.
        "ONEDRIVE" => OneDrive,
        /// It is a thing of Smartsheet's.
        "SMARTSHEET" => Smartsheet,
        /// At Trello.
        "TRELLO" => Trello,
    }
}

open_enum! {
    /// What an attachment at Google Drive or Egnyte is.
    pub enum AttachmentSubType {
        /// A document.
        "DOCUMENT" => Document,
        /// A drawing.
        "DRAWING" => Drawing,
        /// A folder.
        "FOLDER" => Folder,
        /// A PDF.
        "PDF" => Pdf,
        /// A presentation.
        "PRESENTATION" => Presentation,
        /// A spreadsheet.
        "SPREADSHEET" => Spreadsheet,
    }
}

open_enum! {
    /// What something hangs on.
    pub enum ParentType {
        /// A sheet.
        "SHEET" => Sheet,
        /// A row.
        "ROW" => Row,
        /// A comment.
        "COMMENT" => Comment,
        /// A proof.
        "PROOF" => Proof,
    }
}

/// An address that whoever has it can read from. `Debug` does not show it.
#[derive(Clone)]
pub struct SecretUrl(SecretString);

impl SecretUrl {
    /// The address. Fetch it without the access token, which is none of that host's business.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    pub(crate) fn secret(&self) -> SecretString {
        self.0.clone()
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretUrl(***)")
    }
}

impl PartialEq for SecretUrl {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for SecretUrl {}

impl<'de> Deserialize<'de> for SecretUrl {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        String::deserialize(source).map(|url| Self(url.into()))
    }
}

/// An attachment, as read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Attachment {
    /// The id. Each version of a file has its own.
    pub id: AttachmentId,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// Where it is kept.
    pub attachment_type: Option<AttachmentType>,
    /// What it is, at Google Drive or Egnyte.
    pub attachment_sub_type: Option<AttachmentSubType>,
    /// What is in it, such as `image/png`. Files only.
    pub mime_type: Option<String>,
    /// Its size in units of 1024 bytes. Files only.
    pub size_in_kb: Option<u64>,
    /// What it is about, where a link has such a text.
    pub description: Option<String>,
    /// What it hangs on.
    pub parent_type: Option<ParentType>,
    /// The id of what it hangs on, of a kind that depends on the type.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::opt_number")]
    pub parent_id: Option<i64>,
    /// Where to get it: of a link always, of a file only when it is read by itself, and then for a short time.
    pub url: Option<SecretUrl>,
    /// How long the address of a file can be used, in milliseconds from the answer.
    pub url_expires_in_millis: Option<u64>,
    /// When it was attached.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// Who attached it.
    pub created_by: Option<Person>,
}

/// A link to something that is kept elsewhere, to be attached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewLink {
    /// Where it is kept; not [`AttachmentType::File`].
    pub attachment_type: AttachmentType,
    /// What it is, at Google Drive or Egnyte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment_sub_type: Option<AttachmentSubType>,
    /// The name shown.
    pub name: String,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The address.
    pub url: String,
}

impl NewLink {
    /// A link of [`AttachmentType::Link`] to this web address.
    pub fn new(name: impl Into<String>, url: impl Into<String>) -> Self {
        let (name, url) = (name.into(), url.into());
        Self { attachment_type: AttachmentType::Link, attachment_sub_type: None, name, description: None, url }
    }

    /// Says where it is kept.
    pub fn kept_at(mut self, place: AttachmentType) -> Self {
        self.attachment_type = place;
        self
    }

    /// Says what it is.
    pub fn sub_type(mut self, sub_type: AttachmentSubType) -> Self {
        self.attachment_sub_type = Some(sub_type);
        self
    }

    /// Says what it is about.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    fn check(&self) -> Result<()> {
        not_blank("name", &self.name)?;
        not_blank("url", &self.url)?;
        if self.attachment_type == AttachmentType::File {
            return Err(Error::invalid("attachmentType", "must not be FILE for a link")
                .with_code(1031)
                .with_hint("attach a `NewFile` to upload a file"));
        }
        let divided = matches!(self.attachment_type, AttachmentType::GoogleDrive | AttachmentType::Egnyte);
        if self.attachment_sub_type.is_some() && self.attachment_type.is_known() && !divided {
            return Err(Error::invalid("attachmentSubType", "must be left out but for Google Drive and Egnyte"));
        }
        Ok(())
    }
}

/// What can be attached. Files and links convert into it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum NewAttachment {
    /// A file, which is uploaded.
    File(NewFile),
    /// A link to something that is kept elsewhere.
    Link(NewLink),
}

impl From<NewFile> for NewAttachment {
    fn from(file: NewFile) -> Self {
        Self::File(file)
    }
}

impl From<NewLink> for NewAttachment {
    fn from(link: NewLink) -> Self {
        Self::Link(link)
    }
}

impl NewAttachment {
    pub(crate) fn check(&self) -> Result<()> {
        match self {
            Self::File(file) => file.check(),
            Self::Link(link) => link.check(),
        }
    }
}

//! Proofs: files that people are asked to approve.

use chrono::{DateTime, Utc};
use connectors_core::{Result, open_enum};
use serde::{Deserialize, Serialize};

use super::access::Person;
use super::attachment::Attachment;
use super::column::ContactOption;
use super::discussion::Discussion;
use super::email::{Email, Recipient};
use super::ids::{ProofId, ProofRequestId};
use super::time;

open_enum! {
    /// What is in a proof.
    pub enum ProofType {
        /// Documents.
        "DOCUMENT" => Document,
        /// Images.
        "IMAGE" => Image,
        /// Several kinds.
        "MIXED" => Mixed,
        /// Nothing that can be shown.
        "NONE" => None,
        /// Videos.
        "VIDEO" => Video,
    }
}

/// A version of a proof, as read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Proof {
    /// The id of this version.
    pub id: ProofId,
    /// The id of the first version.
    pub original_id: Option<ProofId>,
    /// The name, that of its file.
    pub name: Option<String>,
    /// What is in it.
    #[serde(alias = "type")]
    pub proof_type: Option<ProofType>,
    /// What kind of document is in it.
    pub document_type: Option<String>,
    /// Where people look at it.
    pub proof_request_url: Option<String>,
    /// The number of the version, from 1.
    pub version: Option<u32>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub last_updated_at: Option<DateTime<Utc>>,
    /// Who changed it last.
    pub last_updated_by: Option<Person>,
    /// Whether nothing more is to be said.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub is_completed: bool,
    /// Its files. Only where asked for.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub attachments: Vec<Attachment>,
    /// What is said about it. Only where asked for.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub discussions: Vec<Discussion>,
}

open_enum! {
    /// Whether a request to look at a proof still counts.
    pub enum ProofRequestStatus {
        /// It does.
        "ACTIVE" => Active,
        /// It is too old.
        "EXPIRED" => Expired,
        /// The proof is gone.
        "PROOF_DELETED" => ProofDeleted,
    }
}

/// A request to look at a proof, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProofRequest {
    /// The id.
    pub id: Option<ProofRequestId>,
    /// The proof.
    pub proof_id: Option<ProofId>,
    /// Who was asked.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub send_to: Vec<Recipient>,
    /// The subject of the e-mail.
    pub subject: Option<String>,
    /// The text of the e-mail.
    pub message: Option<String>,
    /// Whether the sender got a copy.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub cc_me: bool,
    /// Whether those who were asked may download the files.
    pub is_downloadable: Option<bool>,
    /// Who asked.
    pub sent_by: Option<Person>,
    /// When.
    #[serde(default, deserialize_with = "time::opt")]
    pub sent_at: Option<DateTime<Utc>>,
    /// Whether it still counts.
    pub status: Option<ProofRequestStatus>,
}

/// A request to look at a proof, to be sent. E-mails convert into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewProofRequest {
    /// Who is asked, and how.
    #[serde(flatten)]
    pub email: Email,
    /// Whether they may download the files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_downloadable: Option<bool>,
}

impl NewProofRequest {
    /// Asks by this e-mail.
    pub fn new(email: Email) -> Self {
        Self { email, is_downloadable: None }
    }

    /// Lets them download the files, or not.
    pub fn downloadable(mut self, downloadable: bool) -> Self {
        self.is_downloadable = Some(downloadable);
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        self.email.check()
    }
}

impl From<Email> for NewProofRequest {
    fn from(email: Email) -> Self {
        Self::new(email)
    }
}

open_enum! {
    /// What somebody who was asked said to a proof.
    pub enum ProofActionStatus {
        /// Yes.
        "APPROVED" => Approved,
        /// Nothing yet.
        "PENDING" => Pending,
        /// No.
        "REJECTED" => Rejected,
    }
}

/// What somebody who was asked to look at a proof did.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProofAction {
    /// Who was asked.
    pub user: Option<ContactOption>,
    /// What they said.
    pub action_status: Option<ProofActionStatus>,
}

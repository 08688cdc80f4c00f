//! Proofs.

use connectors_core::NewFile;
use connectors_core::provider::{Call, Operation};
use connectors_core::{Request, open_enum};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::attachments::{ListAttachments, attach, carrying};
use crate::discussions::{ListDiscussions, begin, create};
use crate::files::FileExt as _;
use crate::model::{
    Attachment, Discussion, NewAttachment, NewDiscussion, NewProofRequest, OffsetPage, Proof, ProofAction, ProofId,
    ProofRequest, RowId, SheetId,
};
use crate::request::{CallExt, done, offset_pages, operation, resource, written};

static LIST: Operation = operation(Method::GET, "proofs.list", "/sheets/{sheetId}/proofs");
static GET: Operation = operation(Method::GET, "proofs.get", "/sheets/{sheetId}/proofs/{proofId}");
static DELETE: Operation = operation(Method::DELETE, "proofs.delete", "/sheets/{sheetId}/proofs/{proofId}");
static UPDATE: Operation = operation(Method::PUT, "proofs.update", "/sheets/{sheetId}/proofs/{proofId}");
static ATTACHMENTS: Operation =
    operation(Method::GET, "proofs.attachments", "/sheets/{sheetId}/proofs/{proofId}/attachments");
static ATTACH: Operation =
    operation(Method::POST, "proofs.attach", "/sheets/{sheetId}/proofs/{proofId}/attachments").cost(10);
static DISCUSSIONS: Operation =
    operation(Method::GET, "proofs.discussions", "/sheets/{sheetId}/proofs/{proofId}/discussions");
static CREATE_DISCUSSION: Operation =
    operation(Method::POST, "proofs.create_discussion", "/sheets/{sheetId}/proofs/{proofId}/discussions");
static REQUEST_ACTIONS: Operation =
    operation(Method::GET, "proofs.request_actions", "/sheets/{sheetId}/proofs/{proofId}/requestactions");
static DELETE_REQUESTS: Operation =
    operation(Method::DELETE, "proofs.delete_requests", "/sheets/{sheetId}/proofs/{proofId}/requests");
static CREATE_REQUEST: Operation =
    operation(Method::POST, "proofs.create_request", "/sheets/{sheetId}/proofs/{proofId}/requests");
static VERSIONS: Operation = operation(Method::GET, "proofs.versions", "/sheets/{sheetId}/proofs/{proofId}/versions");
static DELETE_VERSIONS: Operation =
    operation(Method::DELETE, "proofs.delete_versions", "/sheets/{sheetId}/proofs/{proofId}/versions");
static ADD_VERSION: Operation =
    operation(Method::POST, "proofs.add_version", "/sheets/{sheetId}/proofs/{proofId}/versions").cost(10);
static CREATE: Operation = operation(Method::POST, "proofs.create", "/sheets/{sheetId}/rows/{rowId}/proofs").cost(10);

open_enum! {
    /// What a proof is read with.
    pub enum ProofInclude {
        /// Its files.
        "attachments" => Attachments,
        /// What is said about it.
        "discussions" => Discussions,
    }
}

resource! {
    /// The endpoints of proofs: [`SmartsheetClient::proofs`](crate::SmartsheetClient::proofs). They need a plan that
    /// includes proofing.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{Email, NewDiscussion, NewFile, ProofInclude};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
    /// # let row = mock.fake().rows(sheet)[0].id;
    /// let proofs = smartsheet.proofs();
    /// let first = proofs.create(sheet, row, NewFile::new("poster.pdf", "%PDF-1.7")).await?;
    /// proofs.create_request(sheet, first.id, Email::to(["anna@example.com"])).await?;
    /// assert_eq!(proofs.request_actions(sheet, first.id).await?.data.len(), 1);
    /// proofs.create_discussion(sheet, first.id, NewDiscussion::new("The logo is too small")).await?;
    /// assert_eq!(proofs.discussions(sheet, first.id).await?.data.len(), 1);
    /// proofs.attach(sheet, first.id, NewFile::new("logo.png", &b"\x89PNG"[..])).await?;
    /// assert_eq!(proofs.attachments(sheet, first.id).await?.data.len(), 2);
    ///
    /// let second = proofs.add_version(sheet, first.id, NewFile::new("poster-2.pdf", "%PDF-1.7")).await?;
    /// proofs.update(sheet, second.id, true).await?;
    /// assert!(proofs.get(sheet, second.id).include([ProofInclude::Attachments]).await?.is_completed);
    /// assert_eq!(proofs.versions(sheet, second.id).pager().collect_all().await?.len(), 2);
    /// proofs.delete_requests(sheet, first.id).await?;
    /// proofs.delete_versions(sheet, second.id).await?;
    /// assert_eq!(proofs.list(sheet).pager().collect_all().await?.last().map(|proof| proof.id), Some(first.id));
    /// proofs.delete(sheet, first.id).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub struct Proofs;
}

impl Proofs {
    fn read(&self, operation: &'static Operation, sheet: SheetId, proof: ProofId) -> Call {
        self.client.call(operation).id("sheetId", sheet.get()).id("proofId", proof.get())
    }

    fn write(&self, operation: &'static Operation, sheet: SheetId, proof: ProofId) -> Call {
        self.client.call(operation).write_to(sheet).id("proofId", proof.get())
    }

    fn upload(&self, operation: &'static Operation, sheet: SheetId, proof: ProofId) -> Call {
        self.client.long_call(operation).write_to(sheet).id("proofId", proof.get())
    }

    /// All proofs of a sheet, each by its newest version.
    pub fn list(&self, sheet: SheetId) -> ListProofs {
        ListProofs(Request::new(self.client.call(&LIST).id("sheetId", sheet.get())))
    }

    /// One version of a proof.
    pub fn get(&self, sheet: SheetId, proof: ProofId) -> GetProof {
        GetProof(Request::new(self.read(&GET, sheet, proof)))
    }

    /// Makes a proof of a file, on a row. A row has one at most. Counts as ten requests.
    pub fn create(&self, sheet: SheetId, row: RowId, file: NewFile) -> Request<Proof> {
        let refused = file.check();
        let call = self.client.long_call(&CREATE).write_to(sheet).id("rowId", row.get());
        written(file.alone(call)).check(refused)
    }

    /// Completes a proof, so that nothing more can be said to it, or opens it again.
    pub fn update(&self, sheet: SheetId, proof: ProofId, completed: bool) -> Request<Proof> {
        Request::mapped::<Updated>(self.write(&UPDATE, sheet, proof).json(&Status { is_completed: completed }))
    }

    /// Deletes a proof with all of its versions. The id must be that of the first one.
    pub fn delete(&self, sheet: SheetId, proof: ProofId) -> Request<()> {
        done(self.write(&DELETE, sheet, proof))
    }

    /// The files of a proof.
    pub fn attachments(&self, sheet: SheetId, proof: ProofId) -> ListAttachments {
        ListAttachments::new(self.read(&ATTACHMENTS, sheet, proof))
    }

    /// Adds a file to a proof. Counts as ten requests.
    pub fn attach(&self, sheet: SheetId, proof: ProofId, file: NewFile) -> Request<Attachment> {
        attach(self.upload(&ATTACH, sheet, proof), file.into())
    }

    /// What is said about a proof.
    pub fn discussions(&self, sheet: SheetId, proof: ProofId) -> ListDiscussions {
        ListDiscussions::new(self.read(&DISCUSSIONS, sheet, proof))
    }

    /// Begins a discussion about a proof.
    pub fn create_discussion(&self, sheet: SheetId, proof: ProofId, discussion: NewDiscussion) -> Request<Discussion> {
        let call = begin(&self.client, &CREATE_DISCUSSION, &discussion).write_to(sheet);
        create(call.id("proofId", proof.get()), discussion)
    }

    /// What those who were asked to look at a proof said to it.
    pub fn request_actions(&self, sheet: SheetId, proof: ProofId) -> ListProofActions {
        ListProofActions(Request::new(self.read(&REQUEST_ACTIONS, sheet, proof)))
    }

    /// Asks people to look at a proof, by e-mail.
    pub fn create_request(
        &self,
        sheet: SheetId,
        proof: ProofId,
        request: impl Into<NewProofRequest>,
    ) -> Request<ProofRequest> {
        let request = request.into();
        written(self.write(&CREATE_REQUEST, sheet, proof).json(&request)).check(request.check())
    }

    /// Takes all requests to look at a proof back.
    pub fn delete_requests(&self, sheet: SheetId, proof: ProofId) -> Request<()> {
        done(self.write(&DELETE_REQUESTS, sheet, proof))
    }

    /// All versions of a proof.
    pub fn versions(&self, sheet: SheetId, proof: ProofId) -> ListProofs {
        ListProofs(Request::new(self.read(&VERSIONS, sheet, proof)))
    }

    /// A new version of a proof. Counts as ten requests.
    pub fn add_version(&self, sheet: SheetId, proof: ProofId, version: impl Into<NewAttachment>) -> Request<Proof> {
        let version = version.into();
        let refused = version.check();
        written(carrying(self.upload(&ADD_VERSION, sheet, proof), version)).check(refused)
    }

    /// Deletes a version of a proof, which must be the newest.
    pub fn delete_versions(&self, sheet: SheetId, proof: ProofId) -> Request<()> {
        done(self.write(&DELETE_VERSIONS, sheet, proof))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    is_completed: bool,
}

/// The answer is documented as a proof alone, unlike those to all other writes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Updated {
    Wrapped { result: Proof },
    Bare(Proof),
}

impl From<Updated> for Proof {
    fn from(updated: Updated) -> Self {
        match updated {
            Updated::Wrapped { result } => result,
            Updated::Bare(proof) => proof,
        }
    }
}

connectors_core::request! {
    /// Reads a proof: [`Proofs::get`].
    pub struct GetProof => Proof;
    /// Adds to what is sent.
    list include: ProofInclude = "include";
}

connectors_core::request! {
    /// Lists proofs: [`Proofs::list`] and [`Proofs::versions`]. Awaiting it gives one page; [`pager`](Self::pager) gives
    /// all.
    pub struct ListProofs => OffsetPage<Proof>;
}
offset_pages!(ListProofs => Proof);

connectors_core::request! {
    /// Lists what people said to a proof: [`Proofs::request_actions`]. Awaiting it gives one page;
    /// [`pager`](Self::pager) gives all.
    pub struct ListProofActions => OffsetPage<ProofAction>;
}
offset_pages!(ListProofActions => ProofAction);

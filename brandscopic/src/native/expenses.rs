//! Expenses of events.

use std::fmt;

use chrono::NaiveDate;
use connectors_core::provider::{Call, Core, Operation, Safety};
use connectors_core::wire::lenient;
use connectors_core::{Download, Error, Request, RequestOptions, Response, Result};
use http::Method;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use super::assets::download;
use super::request::{CallExt, not_blank, operation, positive, removed, resource};
use super::uploads::{Uploading, check_file};
use super::wire::{flag_as_text, opt_day};
use super::{Amount, Asset, BrandId, ExpenseId, NewFile, RemoteEventId, StoredFile, UploadForm};

static LIST: Operation = operation(Method::GET, "expenses.list", "/events/{event}/event_expenses.json");
static FORM: Operation = operation(Method::GET, "expenses.form", "/events/{event}/event_expenses/form.json");
static CREATE: Operation = operation(Method::POST, "expenses.create", "/events/{event}/event_expenses.json");
static UPDATE: Operation = operation(Method::PUT, "expenses.update", "/events/{event}/event_expenses/{id}.json");
/// The second time, the address of the receipt would be refused, although the first time was the success.
static UPDATE_WITH_RECEIPT: Operation =
    operation(Method::PUT, "expenses.update", "/events/{event}/event_expenses/{id}.json").safety(Safety::Once);
static DELETE: Operation = operation(Method::DELETE, "expenses.delete", "/events/{event}/event_expenses/{id}.json");

/// An expense.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Expense {
    /// Its id.
    pub id: ExpenseId,
    /// What it was for, in the words of its campaign.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub category: Option<String>,
    /// How much it was, in the company's currency.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// When it was.
    #[serde(rename = "expense_date", default, deserialize_with = "opt_day::deserialize")]
    pub date: Option<NaiveDate>,
    /// The brand that it was for.
    #[serde(default)]
    pub brand_id: Option<BrandId>,
    /// Whether it is to be paid back.
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    pub reimbursable: Option<bool>,
    /// Whether it is to be billed.
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    pub billable: Option<bool>,
    /// Whom it was paid to.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub merchant: Option<String>,
    /// What it was.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub description: Option<String>,
    /// Its receipt.
    #[serde(default)]
    pub receipt: Option<Asset>,
}

/// What to write of an expense: everything for a create, what changes for an update.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ExpenseDraft {
    /// What it was for: one of the campaign's expense categories.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// When it was.
    #[serde(rename = "expense_date", serialize_with = "opt_day::serialize", skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// How much it was; more than nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// The brand that it was for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_id: Option<BrandId>,
    /// Whether it is to be paid back.
    #[serde(serialize_with = "flag_as_text", skip_serializing_if = "Option::is_none")]
    pub reimbursable: Option<bool>,
    /// Whether it is to be billed.
    #[serde(serialize_with = "flag_as_text", skip_serializing_if = "Option::is_none")]
    pub billable: Option<bool>,
    /// Whom it was paid to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant: Option<String>,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What becomes of its receipt. A campaign may demand that there is one.
    #[serde(rename = "receipt_attributes", skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptChange>,
}

/// What becomes of the receipt of an expense.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReceiptChange {
    /// What lies in the storage becomes the receipt.
    Attach(StoredFile),
    /// There is none any more.
    Remove,
}

impl Serialize for ReceiptChange {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        let mut map = target.serialize_map(Some(1))?;
        match self {
            Self::Attach(file) => map.serialize_entry("direct_upload_url", file)?,
            Self::Remove => map.serialize_entry("_destroy", "1")?,
        }
        map.end()
    }
}

impl ExpenseDraft {
    /// An expense of this category, on this day.
    pub fn new(category: impl Into<String>, date: NaiveDate, amount: impl Into<Amount>) -> Self {
        Self { category: Some(category.into()), date: Some(date), amount: Some(amount.into()), ..Self::default() }
    }

    /// A change of an expense, to be filled in.
    pub fn change() -> Self {
        Self::default()
    }

    /// What it was for: one of the campaign's expense categories.
    pub fn category(mut self, category: impl Into<String>) -> Self {
        self.category = Some(category.into());
        self
    }

    /// When it was.
    pub fn date(mut self, date: NaiveDate) -> Self {
        self.date = Some(date);
        self
    }

    /// How much it was.
    pub fn amount(mut self, amount: impl Into<Amount>) -> Self {
        self.amount = Some(amount.into());
        self
    }

    /// The brand that it was for.
    pub fn brand(mut self, brand: BrandId) -> Self {
        self.brand_id = Some(brand);
        self
    }

    /// Whether it is to be paid back.
    pub fn reimbursable(mut self, reimbursable: bool) -> Self {
        self.reimbursable = Some(reimbursable);
        self
    }

    /// Whether it is to be billed.
    pub fn billable(mut self, billable: bool) -> Self {
        self.billable = Some(billable);
        self
    }

    /// Whom it was paid to.
    pub fn merchant(mut self, merchant: impl Into<String>) -> Self {
        self.merchant = Some(merchant.into());
        self
    }

    /// What it was.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// What becomes of its receipt.
    pub fn receipt(mut self, receipt: ReceiptChange) -> Self {
        self.receipt = Some(receipt);
        self
    }

    fn check(&self) -> Result<()> {
        if let Some(category) = &self.category {
            not_blank("category", category)?;
        }
        if self.amount.is_some_and(|amount| !amount.is_positive()) {
            return Err(Error::invalid("amount", "must be more than 0"));
        }
        if let Some(brand) = self.brand_id {
            positive("brand_id", brand.get())?;
        }
        match &self.receipt {
            Some(ReceiptChange::Attach(file)) => file.check(),
            _ => Ok(()),
        }
    }

    fn complete(&self) -> Result<()> {
        let missing = |field: &str| Err(Error::invalid(field, "is required to create an expense"));
        match (&self.category, self.date, self.amount) {
            (None, ..) => missing("category"),
            (_, None, _) => missing("expense_date"),
            (.., None) => missing("amount"),
            _ if self.receipt == Some(ReceiptChange::Remove) => {
                Err(Error::invalid("receipt_attributes", "must not remove a receipt that is not there"))
            }
            _ => self.check(),
        }
    }

    fn changes(&self) -> Result<()> {
        if *self == Self::default() { Err(Error::invalid("event_expense", "changes nothing")) } else { self.check() }
    }
}

resource! {
    /// The endpoints of expenses: [`Native::expenses`](super::Native::expenses).
    ///
    /// A campaign may limit their number and sum, and demand a receipt for each.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use connectors_brandscopic::Contract;
    /// # use connectors_brandscopic::native::{Amount, ExpenseDraft, NewFile, ReceiptChange, RemoteEventId};
    /// # let mock = connectors_mock::MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    /// # let event = RemoteEventId::new(mock.fake().events()[0].id);
    /// let expenses = mock.client().native()?.expenses();
    /// let taxi = ExpenseDraft::new("Travel", "2026-03-01".parse()?, Amount::hundredths(2340)).reimbursable(true);
    /// let receipt = NewFile::new("taxi.jpg", &b"\xff\xd8\xff"[..]);
    /// let taxi = expenses.create_with_receipt(event, taxi, receipt).await?;
    /// assert!(taxi.receipt.is_some());
    ///
    /// let ice = ExpenseDraft::new("Supplies", "2026-03-01".parse()?, 40);
    /// let ice = expenses.create(event, &ice).await?;
    /// expenses.attach_receipt(event, ice.id, NewFile::new("ice.pdf", "%PDF")).await?;
    /// let cheaper = ExpenseDraft::change().amount(35).receipt(ReceiptChange::Remove);
    /// assert_eq!(expenses.update(event, ice.id, &cheaper).await?.receipt, None);
    ///
    /// expenses.delete(event, taxi.id).await?;
    /// let left = expenses.list(event).await?;
    /// assert_eq!((left.len(), left[0].amount), (1, Some(Amount::from(35))));
    ///
    /// // What a browser would be given, to put a receipt into the storage by itself.
    /// assert!(expenses.form(event).await?.url.starts_with("https://"));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Expenses;
}

#[derive(Serialize)]
struct Body<'a> {
    event_expense: &'a ExpenseDraft,
}

impl Expenses {
    /// The expenses of an event, all at once.
    pub fn list(&self, event: RemoteEventId) -> Request<Vec<Expense>> {
        Request::new(self.0.call(&LIST).id("event", event.get()))
    }

    /// Creates an expense. Doing it twice makes two.
    pub fn create(&self, event: RemoteEventId, expense: &ExpenseDraft) -> Request<Expense> {
        Request::new(create(&self.0, event, expense)).check(expense.complete())
    }

    /// Creates an expense with a receipt, which is uploaded before.
    pub fn create_with_receipt(&self, event: RemoteEventId, expense: ExpenseDraft, receipt: NewFile) -> UploadReceipt {
        self.upload(event, None, expense, receipt)
    }

    /// Changes what the draft names and leaves the rest.
    pub fn update(&self, event: RemoteEventId, id: ExpenseId, change: &ExpenseDraft) -> Request<Expense> {
        Request::new(update(&self.0, event, id, change)).check(change.changes())
    }

    /// Uploads the receipt of an expense that is there. One that it has is replaced.
    pub fn attach_receipt(&self, event: RemoteEventId, id: ExpenseId, receipt: NewFile) -> UploadReceipt {
        self.upload(event, Some(id), ExpenseDraft::change(), receipt)
    }

    fn upload(&self, event: RemoteEventId, id: Option<ExpenseId>, draft: ExpenseDraft, file: NewFile) -> UploadReceipt {
        UploadReceipt { core: self.0.clone(), event, id, draft, file, options: RequestOptions::default() }
    }

    /// Deletes an expense, with its receipt.
    pub fn delete(&self, event: RemoteEventId, id: ExpenseId) -> Request<()> {
        removed(self.0.call(&DELETE).id("event", event.get()).id("id", id.get()))
    }

    /// The first step of the upload of a receipt by itself: what allows one to put files into the storage, for one hour.
    /// The last step is to create or update an expense with [`ReceiptChange::Attach`].
    pub fn form(&self, event: RemoteEventId) -> Request<UploadForm> {
        Request::new(self.0.call(&FORM).id("event", event.get()))
    }

    /// What is in a receipt. Nothing of the session is sent where it lies.
    pub fn download(&self, receipt: &Asset) -> Download {
        download(&self.0, receipt.original.as_ref())
    }
}

fn create(core: &Core, event: RemoteEventId, expense: &ExpenseDraft) -> Call {
    core.call(&CREATE).id("event", event.get()).json(&Body { event_expense: expense })
}

fn update(core: &Core, event: RemoteEventId, id: ExpenseId, change: &ExpenseDraft) -> Call {
    let attaches = matches!(change.receipt, Some(ReceiptChange::Attach(_)));
    let call = core.call(if attaches { &UPDATE_WITH_RECEIPT } else { &UPDATE });
    call.id("event", event.get()).id("id", id.get()).json(&Body { event_expense: change })
}

/// An expense and its receipt in the making: await it. It takes three requests: for a form, with the receipt to the
/// storage, and with the expense to Brandscopic.
///
/// One that fails in its first two steps can be tried again. One that fails in its last step is an error that carries
/// the receipt as it lies in the storage, to create or update the expense with: [`StoredFile::left_by`]. Where that
/// error may have been applied, look for the expense first.
///
/// Unless a [`timeout`](Self::timeout) is set it may take ten minutes in all.
#[must_use = "an upload does nothing until it is awaited"]
#[derive(Clone)]
pub struct UploadReceipt {
    core: Core,
    event: RemoteEventId,
    /// The expense that is there already.
    id: Option<ExpenseId>,
    draft: ExpenseDraft,
    file: NewFile,
    options: RequestOptions,
}

impl UploadReceipt {
    /// Uploads and writes it, and tells how the call went that wrote it.
    pub async fn send(self) -> Result<Response<Expense>> {
        let Self { core, event, id, mut draft, file, options } = self;
        let given_twice = || Err(Error::invalid("receipt_attributes", "is given twice: in the draft, and as a file"));
        let checked = match id {
            _ if options.skip_validation => Ok(()),
            _ if draft.receipt.is_some() => given_twice(),
            None => draft.complete().and_then(|()| check_file(&file)),
            Some(_) => check_file(&file),
        };
        let uploading = Uploading::new(&core, options);
        // Its path has no such parameter, but nothing is to be stored for an expense that cannot be.
        let form = core.call(&FORM).id("event", event.get()).id("id", id.map_or(1, ExpenseId::get)).check(checked);
        let stored = uploading.store(form, file).await?.into_inner();
        draft.receipt = Some(ReceiptChange::Attach(stored.clone()));
        let call = match id {
            Some(id) => update(&core, event, id, &draft),
            None => create(&core, event, &draft),
        };
        uploading.step(call).send().await.map_err(|error| stored.leave(error))
    }
}

connectors_core::request_options!(UploadReceipt => Expense);

impl fmt::Debug for UploadReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadReceipt")
            .field("event", &self.event)
            .field("draft", &self.draft)
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

use connectors_brandscopic::Contract;
use connectors_brandscopic::native::{
    Amount, ExpenseDraft, ExpenseId, Native, NewFile, ReceiptChange, RemoteEventId, StoredFile,
};
use connectors_core::{ErrorKind, Result};
use connectors_mock::{Fault, MockBrandscopic};

fn mock() -> (MockBrandscopic, Native, RemoteEventId) {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build().unwrap();
    let event = RemoteEventId::new(mock.fake().events()[0].id);
    let native = mock.client().native().unwrap().clone();
    (mock, native, event)
}

fn ice(amount: &str) -> ExpenseDraft {
    ExpenseDraft::new("Supplies", "2026-03-01".parse().unwrap(), amount.parse::<Amount>().unwrap())
}

fn receipt() -> NewFile {
    NewFile::new("ice.jpg", &b"\xff\xd8\xff"[..])
}

#[tokio::test]
async fn an_expense_keeps_its_digits_and_goes_out_in_the_providers_words() -> Result<()> {
    let (mock, native, event) = mock();
    let expenses = native.expenses();
    let draft = ice("123456789012.10").reimbursable(true).billable(false).merchant("Ice & Co.");
    let made = expenses.create(event, &draft).await?;
    assert_eq!(made.amount.map(|amount| amount.to_string()).as_deref(), Some("123456789012.10"));
    assert_eq!((made.reimbursable, made.billable, made.date), (Some(true), Some(false), draft.date));
    let sent = mock.backend().journal().last().unwrap().json::<serde_json::Value>();
    let expected = serde_json::json!({"event_expense": {
        "category": "Supplies", "expense_date": "03/01/2026", "amount": "123456789012.10", "reimbursable": "true",
        "billable": "false", "merchant": "Ice & Co.",
    }});
    assert_eq!(sent, expected);
    let whole = expenses.create(event, &ice("350")).await?;
    assert_eq!(whole.amount.map(|amount| amount.to_string()).as_deref(), Some("350.0"));
    assert_eq!(whole.amount, Some(Amount::from(350)));
    Ok(())
}

#[tokio::test]
async fn an_expense_that_was_not_saved_is_an_error_though_the_status_is_200() -> Result<()> {
    let (mock, native, event) = mock();
    let expenses = native.expenses();
    let made = expenses.create(event, &ice("12")).await?;
    let before = mock.backend().journal().len();
    let refused = expenses.create(event, &ice("0")).await.unwrap_err();
    assert_eq!((refused.field(), refused.attempts()), (Some("amount"), 0));
    let refused = expenses.create(event, &ExpenseDraft::change().category("Supplies")).await.unwrap_err();
    assert_eq!(refused.field(), Some("expense_date"));
    let refused = expenses.create(event, &ice("1").receipt(ReceiptChange::Remove)).await.unwrap_err();
    assert_eq!(refused.field(), Some("receipt_attributes"));
    let refused = expenses.update(event, made.id, &ExpenseDraft::change()).await.unwrap_err();
    assert_eq!(refused.field(), Some("event_expense"));
    assert_eq!(mock.backend().journal().len(), before);

    let free = ExpenseDraft::change().amount(0);
    for refused in [
        expenses.create(event, &ice("0")).skip_validation().await.unwrap_err(),
        expenses.update(event, made.id, &free).skip_validation().await.unwrap_err(),
    ] {
        assert_eq!((refused.kind(), refused.field()), (ErrorKind::InvalidRequest, Some("amount")));
        assert_eq!(refused.status().map(|status| status.as_u16()), Some(200));
    }
    assert_eq!(expenses.list(event).await?[0].amount, Some(Amount::from(12)));
    Ok(())
}

#[tokio::test]
async fn an_expense_is_made_once_whatever_happens_to_its_receipt() -> Result<()> {
    let (mock, native, event) = mock();
    let expenses = native.expenses();
    mock.fake().require_receipts(mock.fake().events()[0].project);
    let error = expenses.create(event, &ice("12")).await.unwrap_err();
    assert_eq!(error.field(), Some("receipt"));

    // Never stored: nothing to finish.
    mock.backend().script("uploads.store", [Fault::Status(403)]);
    let error = expenses.create_with_receipt(event, ice("12"), receipt()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::PermissionDenied, "uploads.store"));
    assert!(StoredFile::left_by(&error).is_none() && !error.maybe_applied());

    // Stored, and the expense refused before it was carried out.
    mock.backend().script("expenses.create", [Fault::ResetBefore]);
    let error = expenses.create_with_receipt(event, ice("12"), receipt()).await.unwrap_err();
    let left = StoredFile::left_by(&error).unwrap().clone();
    assert!(expenses.list(event).await?.is_empty());
    let finished = ice("12").receipt(ReceiptChange::Attach(left.clone()));
    assert!(expenses.create(event, &finished).await?.receipt.is_some());

    // The same receipt does not make a second expense.
    let error = expenses.create(event, &finished).await.unwrap_err();
    assert!(error.field().is_some_and(|field| field.contains("direct_upload_url")), "{error}");
    mock.backend().script("expenses.create", [Fault::ResetAfter]);
    let error = expenses.create_with_receipt(event, ice("13"), receipt()).await.unwrap_err();
    assert!(error.maybe_applied());
    assert_eq!(expenses.list(event).await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_receipt_is_attached_once_and_taken_off_again() -> Result<()> {
    let (mock, native, event) = mock();
    let expenses = native.expenses();
    let made = expenses.create(event, &ice("12")).await?;
    mock.backend().script("expenses.update", [Fault::ResetAfter]);
    let lost = expenses.attach_receipt(event, made.id, receipt()).await.unwrap_err();
    assert!(lost.maybe_applied(), "the second time it would be refused, so it is not tried: {lost}");
    let now = expenses.list(event).await?.remove(0);
    let attached = now.receipt.unwrap();
    assert_eq!(expenses.download(&attached).bytes().await?, &b"\xff\xd8\xff"[..]);
    // Without a receipt, a change can be repeated.
    mock.backend().script("expenses.update", [Fault::ResetAfter]);
    let change = ExpenseDraft::change().receipt(ReceiptChange::Remove);
    assert_eq!(expenses.update(event, made.id, &change).await?.receipt, None);

    let before = mock.backend().journal().len();
    let nonsense = expenses.attach_receipt(event, ExpenseId::new(0), receipt()).await.unwrap_err();
    assert_eq!(nonsense.field(), Some("id"));
    let twice = ice("1").receipt(ReceiptChange::Attach(StoredFile::new("https://s3.test/b/uploads/f/a.jpg")));
    let twice = expenses.create_with_receipt(event, twice, receipt()).await.unwrap_err();
    assert_eq!((twice.field(), mock.backend().journal().len()), (Some("receipt_attributes"), before));
    Ok(())
}

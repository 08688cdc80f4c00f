//! Expenses of events.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::fields;
use super::super::state::State;
use super::asked::Asked;
use super::assets::{self, Kind};
use super::campaigns::EXPENSE_CATEGORIES;
use super::{Outcome, Problems, done, events, not_found, not_saved_but_ok, ok, problem};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(in super::super) struct Store {
    expenses: Vec<Expense>,
    /// The campaigns that want a receipt for each.
    receipts_required: BTreeSet<i64>,
}

impl Store {
    pub(in super::super) fn require_receipts(&mut self, campaign: i64) {
        self.receipts_required.insert(campaign);
    }

    /// How many an event has.
    pub(super) fn count(&self, event: i64) -> u64 {
        self.expenses.iter().filter(|expense| expense.event == event).count() as u64
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Expense {
    id: i64,
    event: i64,
    category: String,
    amount: String,
    date: String,
    brand: Option<i64>,
    reimbursable: bool,
    billable: bool,
    merchant: Option<String>,
    description: Option<String>,
    receipt: Option<i64>,
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let event = assets::event(state, asked)?;
    match asked.method() {
        "list" => {
            let of_event = |expense: &&Expense| expense.event == event;
            ok(state.stores.expenses.expenses.iter().filter(of_event).map(|e| view(state, asked, e)).collect())
        }
        "form" => assets::form(asked),
        "create" if events::is_full(state, event, "expenses") => {
            not_saved_but_ok(problem("base", "No more expenses can be added"))
        }
        "create" => {
            let expense = Expense { event, ..Expense::default() };
            write(state, asked, expense)
        }
        "update" => {
            let expense = find(state, asked, event)?;
            write(state, asked, expense)
        }
        "delete" => {
            let id = find(state, asked, event)?.id;
            state.stores.expenses.expenses.retain(|expense| expense.id != id);
            done("Expense successfully deleted")
        }
        _ => Err(asked.unknown()),
    }
}

fn find(state: &State, asked: &Asked<'_>, event: i64) -> Result<Expense, Answer> {
    let id = asked.id("id")?;
    let mut expenses = state.stores.expenses.expenses.iter();
    expenses.find(|expense| expense.id == id && expense.event == event).cloned().ok_or_else(not_found)
}

/// Saves the expense with what was sent. What is wrong with it is told with success.
fn write(state: &mut State, asked: &Asked<'_>, mut expense: Expense) -> Outcome {
    if let Err(problems) = fill(state, asked, &mut expense) {
        return not_saved_but_ok(problems);
    }
    let expenses = &mut state.stores.expenses.expenses;
    if expense.id == 0 {
        state.next_id += 1;
        expense.id = state.next_id;
        expenses.push(expense.clone());
    } else if let Some(old) = expenses.iter_mut().find(|old| old.id == expense.id) {
        *old = expense.clone();
    }
    ok(view(state, asked, &expense))
}

fn fill(state: &mut State, asked: &Asked<'_>, expense: &mut Expense) -> Result<(), Problems> {
    let sent = &asked.sent;
    let keep = |name: &str, old: &mut String| {
        if let Some(new) = sent.scalar(name) {
            *old = new;
        }
    };
    keep("category", &mut expense.category);
    keep("expense_date", &mut expense.date);
    keep("amount", &mut expense.amount);
    for (name, old) in [("merchant", &mut expense.merchant), ("description", &mut expense.description)] {
        *old = sent.scalar(name).or_else(|| old.take());
    }
    expense.brand = sent.integer("brand_id").or(expense.brand);
    for (name, flag) in [("reimbursable", &mut expense.reimbursable), ("billable", &mut expense.billable)] {
        match sent.text(name) {
            Some("true") => *flag = true,
            Some("false") => *flag = false,
            None if !sent.has(name) => {}
            _ => return Err(problem(name, "is not included in the list")),
        }
    }
    let mut problems = Problems::new();
    if !EXPENSE_CATEGORIES.contains(&expense.category.as_str()) {
        problems.extend(problem("category", "is not included in the list"));
    }
    if fields::date(&expense.date).is_none() {
        problems.extend(problem("expense_date", "is invalid"));
    }
    // Decimals are shown with one digit after the point at least.
    match expense.amount.parse::<f64>() {
        Ok(amount) if amount > 0.0 && !expense.amount.contains('.') => expense.amount.push_str(".0"),
        Ok(amount) if amount > 0.0 => {}
        _ => problems.extend(problem("amount", "must be greater than 0")),
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let campaign = state.event(expense.event).map(|event| event.project).unwrap_or_default();
    let receipt = sent.object("receipt_attributes");
    let receipt = receipt.and_then(|receipt| match receipt.get("direct_upload_url") {
        Some(url) => Some(Ok(url.as_str().unwrap_or_default().to_owned())),
        None => (receipt.get("_destroy")? == "1").then_some(Err(())),
    });
    match receipt {
        Some(Ok(url)) => {
            let asset = assets::register(state, asked, (Kind::Receipt, expense.event), &url);
            expense.receipt = Some(asset.map_err(|_| problem("receipt.direct_upload_url", "is invalid"))?.id);
        }
        Some(Err(())) => expense.receipt = None,
        None => {}
    }
    if expense.receipt.is_none() && state.stores.expenses.receipts_required.contains(&campaign) {
        return Err(problem("receipt", "must be attached"));
    }
    Ok(())
}

fn view(state: &State, asked: &Asked<'_>, expense: &Expense) -> Value {
    let receipt = expense.receipt.and_then(|id| state.stores.assets.get(id));
    let receipt = receipt.map(|asset| {
        let mut view = asset.view(asked.request, asked.now);
        // These are told of photos and documents alone.
        if let Some(members) = view.as_object_mut() {
            members.remove("processed");
            members.remove("file_thumbnail");
        }
        view
    });
    json!({
        "id": expense.id,
        "category": expense.category,
        "amount": expense.amount,
        "expense_date": expense.date,
        "brand_id": expense.brand,
        "reimbursable": expense.reimbursable,
        "billable": expense.billable,
        "merchant": expense.merchant,
        "description": expense.description,
        "receipt": receipt,
    })
}

//! Whether a cell would be changed by a write: what would not is not sent.

use crate::model::{Cell, CellInput, CellValue, Clear, Contact, Hyperlink, Number, ObjectValue};

/// Whether `cell` (or the empty one where there is none) does not hold `input` yet.
pub(crate) fn differs(cell: Option<&Cell>, input: &CellInput) -> bool {
    let Some(cell) = cell else { return !leaves_empty(input) };
    let computed = cell.formula().is_some();
    match input {
        CellInput::Formula(formula) => cell.formula() != Some(formula),
        // A value replaces a formula even when it says the same.
        _ if computed => true,
        CellInput::Text(text) if text.is_empty() => !cell.value.is_empty(),
        CellInput::Text(text) => cell.value.as_str() != Some(text),
        CellInput::Number(number) => !cell.value.as_number().is_some_and(|held| same_number(held, number)),
        CellInput::Bool(checked) => match cell.value {
            CellValue::Bool(held) => held != *checked,
            CellValue::Empty => *checked,
            _ => true,
        },
        CellInput::Object(value) => !holds_object(cell, value),
        CellInput::Hyperlink(text, link) => {
            let says = text.as_ref().is_none_or(|text| cell.value.as_str() == Some(text));
            !(says && cell.hyperlink().is_some_and(|held| leads_to(held, link)))
        }
        // What it says is not known here.
        CellInput::Attributes(_) => true,
        CellInput::Link(link) => !cell.link_in_from_cell().is_some_and(|held| {
            (held.sheet_id, held.row_id, held.column_id) == (link.sheet_id, link.row_id, link.column_id)
        }),
        CellInput::Clear(what) => {
            let bound = match what {
                Clear::Hyperlink => cell.hyperlink().is_some(),
                Clear::Link => cell.link_in_from_cell().is_some(),
                Clear::Value | Clear::Predecessors => false,
            };
            bound || !(cell.value.is_empty() || cell.value.as_bool() == Some(false))
        }
    }
}

/// Whether writing `input` leaves an empty cell as it is.
fn leaves_empty(input: &CellInput) -> bool {
    match input {
        CellInput::Clear(_) | CellInput::Bool(false) => true,
        CellInput::Text(text) => text.is_empty(),
        _ => false,
    }
}

fn same_number(held: &Number, wanted: &Number) -> bool {
    held == wanted || held.as_f64().total_cmp(&wanted.as_f64()).is_eq()
}

/// Smartsheet adds to what it was told: ids, names, the address of an internal link. Only what was said counts.
fn leads_to(held: &Hyperlink, wanted: &Hyperlink) -> bool {
    let url = wanted.url.is_none() || wanted.url == held.url;
    url && (wanted.sheet_id, wanted.report_id, wanted.sight_id) == (held.sheet_id, held.report_id, held.sight_id)
}

fn is_person(held: &Contact, wanted: &Contact) -> bool {
    held.email == wanted.email && (wanted.name.is_none() || wanted.name == held.name)
}

fn holds_object(cell: &Cell, wanted: &ObjectValue) -> bool {
    match (cell.object_value(), wanted) {
        (Some(ObjectValue::Contact(held)), ObjectValue::Contact(wanted)) => is_person(held, wanted),
        (Some(ObjectValue::MultiContact(held)), ObjectValue::MultiContact(wanted)) => {
            held.len() == wanted.len() && held.iter().zip(wanted).all(|(held, wanted)| is_person(held, wanted))
        }
        (Some(ObjectValue::PredecessorList(held)), ObjectValue::PredecessorList(wanted)) => {
            held.len() == wanted.len()
                && held.iter().zip(wanted).all(|(h, w)| (h.row_id, &h.kind, &h.lag) == (w.row_id, &w.kind, &w.lag))
        }
        (Some(held), wanted) if held == wanted => true,
        (_, ObjectValue::Plain(value)) => cell.value == *value,
        (_, ObjectValue::Date(text) | ObjectValue::AbstractDateTime(text)) => cell.value.as_str() == Some(text),
        (_, ObjectValue::Contact(Contact { email: Some(email), name: None, .. })) => cell.value.as_str() == Some(email),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(json: &str, input: impl Into<CellInput>) -> bool {
        let cell = format!(r#"{{"columnId":1{}{json}}}"#, if json.is_empty() { "" } else { "," });
        differs(Some(&serde_json::from_str(&cell).unwrap()), &input.into())
    }

    #[test]
    fn what_is_there_already_is_not_written() {
        assert!(!changes(r#""value":"active""#, "active"));
        assert!(!changes(r#""value":1250,"displayValue":"1,250""#, 1250));
        assert!(!changes(r#""value":65.0"#, 65));
        assert!(!changes(r#""value":true"#, true));
        assert!(!changes("", false) && !changes("", CellInput::clear()) && !changes("", ""));
        assert!(!changes(r#""value":14,"formula":"=SUM(A1)""#, CellInput::formula("=SUM(A1)")));
        assert!(!changes(r#""value":"2026-06-05""#, chrono::NaiveDate::from_ymd_opt(2026, 6, 5).unwrap()));
        let contact = r#""value":"j@x.de","objectValue":{"objectType":"CONTACT","id":"7","name":"J","email":"j@x.de"}"#;
        assert!(!changes(contact, ObjectValue::Contact(Contact::email("j@x.de"))));
        let link = r#""value":"Plan","hyperlink":{"url":"https://app.smartsheet.com/s","sheetId":4}"#;
        assert!(!changes(link, CellInput::hyperlink("Plan", Hyperlink::sheet(crate::SheetId::new(4)))));
        assert!(!differs(None, &CellInput::clear()));
    }

    #[test]
    fn what_differs_is_written() {
        assert!(changes(r#""value":"active""#, "done"));
        assert!(changes(r#""value":"1250""#, 1250), "a text is not a number");
        assert!(changes(r#""value":14,"formula":"=SUM(A1)""#, 14), "a value replaces a formula");
        assert!(changes(r#""value":"yes""#, false));
        assert!(changes(r#""value":true"#, CellInput::clear()));
        let link = r#""value":"Plan","hyperlink":{"url":"https://a.example"}"#;
        assert!(changes(link, CellInput::hyperlink("Plan", Hyperlink::url("https://b.example"))));
        assert!(changes(link, CellInput::Clear(Clear::Hyperlink)));
        assert!(differs(None, &"x".into()));
    }
}

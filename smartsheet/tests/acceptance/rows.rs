//! Rows and cells.

use connectors_smartsheet::{
    CellInput, CellLink, CellValue, CellWrite, ColumnId, Email, ErrorCode, GroupId, Hyperlink, NewRow, ReportId,
    RowEmail, RowId, RowLayout, RowLocation, RowUpdate, SheetId, SmartsheetClient, SmartsheetErrorExt,
};

use serde_json::json;

use crate::{Case, asking};

pub(crate) async fn passes(case: &Case<'_>) -> bool {
    added(case).await || updated(case).await
}

const SHEET: SheetId = SheetId::new(1);
const ONE: ColumnId = ColumnId::new(101);
const TWO: ColumnId = ColumnId::new(102);

async fn added(case: &Case<'_>) -> bool {
    let row = |one: CellInput, two: CellInput| NewRow::new([CellWrite::value(ONE, one), CellWrite::value(TWO, two)]);
    let bing = || CellInput::hyperlink("Bing", Hyperlink::url("http://bing.com"));
    let add = |rows: Vec<NewRow>| case.answer(&[], move |client| asking!(case, client.rows().add(SHEET, rows.clone())));
    match case.name() {
        "Add Rows - Assign Values - Bool" => {
            let rows = vec![row(true.into(), "This is True".into()), row(false.into(), "This is False".into())];
            let done = add(rows).await;
            assert_eq!(done.result[0].cell(ONE).unwrap().value, CellValue::Bool(true));
            assert_eq!((done.result[1].row_number, done.result[1].sibling_id), (2, Some(RowId::new(10))));
            assert_eq!(done.version, Some(7));
        }
        "Add Rows - Assign Formulae" => {
            let formulas = ["=SUM([Column2]3, [Column2]4)*2", "=SUM([Column2]3, [Column2]3, [Column2]4)"];
            let done = add(vec![row(CellInput::formula(formulas[0]), CellInput::formula(formulas[1]))]).await;
            let cell = done.result[0].cell(ONE).unwrap();
            assert_eq!(
                (cell.value.as_i64(), cell.display_value(), cell.formula()),
                (Some(14), Some("14"), Some(formulas[0]))
            );
        }
        "Add Rows - Assign Values - Hyperlink" => {
            let google = CellInput::hyperlink("Google", Hyperlink::url("http://google.com"));
            let done = add(vec![row(google, bing())]).await;
            assert_eq!(done.result[0].cell(TWO).unwrap().hyperlink(), Some(&Hyperlink::url("http://bing.com")));
        }
        "Add Rows - Invalid - Assign Hyperlink URL and SheetId" => {
            let mut both = Hyperlink::url("http://google.com");
            both.sheet_id = Some(SheetId::new(2));
            let rows = || vec![row(CellInput::hyperlink("Google", both.clone()), bing())];
            let add = || asking!(case, case.client.rows().add(SHEET, rows()));
            assert_eq!(add().await.unwrap_err().status(), None, "refused before it is sent");
            let error = add().skip_validation().await.unwrap_err();
            assert_eq!((error.smartsheet_code(), error.field()), (Some(ErrorCode::HYPERLINK_TARGETS), Some("rows[0]")));
            assert_eq!(error.request_id(), Some("dbwn8owxskam"));
        }
        "Add Rows - Location - Top" => {
            let rows = vec![row("Apple".into(), "Red Fruit".into())];
            let top = |client: &SmartsheetClient| {
                asking!(case, client.rows().add(SHEET, rows.clone()).location(RowLocation::Top))
            };
            let done = case.answer(&[], top).await;
            assert_eq!((done.result[0].row_number, done.result[0].id), (1, RowId::new(10)));
        }
        _ => return false,
    }
    true
}

async fn updated(case: &Case<'_>) -> bool {
    let row = |id, cells: Vec<(ColumnId, CellInput)>| {
        RowUpdate::new(RowId::new(id), cells.into_iter().map(|(column, input)| CellWrite::value(column, input)))
    };
    let update =
        |rows: Vec<RowUpdate>| case.answer(&[], move |client| asking!(case, client.rows().update(SHEET, rows.clone())));
    match case.name() {
        "Update Rows - Assign Values - Int" => {
            let first = row(10, vec![(ONE, 100.into()), (TWO, "One Hundred".into())]);
            let second = row(11, vec![(ONE, 2.1.into()), (TWO, "Two Point One".into())]);
            let done = update(vec![first, second]).await;
            assert_eq!(done.result[0].cell(ONE).unwrap().value.as_i64(), Some(100));
            assert_eq!(done.result[1].cell(ONE).unwrap().value.as_number().unwrap().as_str(), "2.1");
        }
        "Update Rows - Assign Values - Hyperlink ReportID" => {
            let link = |name: &str, id| CellInput::hyperlink(name, Hyperlink::report(ReportId::new(id)));
            let done = update(vec![row(10, vec![(ONE, link("Report9", 9)), (TWO, link("Report8", 8))])]).await;
            let held = done.result[0].cell(ONE).unwrap().hyperlink().unwrap();
            assert_eq!(held.report_id, Some(ReportId::new(9)));
        }
        "Update Rows - Clear Value - Checkbox" => {
            let done = update(vec![row(10, vec![(ONE, CellInput::clear())])]).await;
            assert_eq!(done.result[0].cell(ONE).unwrap().value, CellValue::Bool(false));
        }
        "Update Rows - Clear Value - Text Number" => {
            let done = update(vec![row(10, vec![(ONE, CellInput::clear())])]).await;
            assert_eq!(done.result[0].cell(ONE).unwrap().value, CellValue::Empty);
        }
        "Update Rows - Invalid - Assign Value and Formulae" => {
            let formula = "=SUM([Column2]3, [Column2]3, [Column2]4)";
            let both = json!({ "formula": "=SUM([Column2]3, [Column2]4)*2", "value": "20" });
            let rows = || {
                vec![row(10, vec![(ONE, CellInput::attributes(&both).unwrap()), (TWO, CellInput::formula(formula))])]
            };
            let update = || asking!(case, case.client.rows().update(SHEET, rows()));
            let refused = update().await.unwrap_err();
            assert_eq!((refused.status(), refused.smartsheet_code()), (None, Some(ErrorCode::FORMULA_AND_VALUE)));
            let error = update().skip_validation().await.unwrap_err();
            assert_eq!((error.smartsheet_code(), error.field()), (Some(ErrorCode::FORMULA_AND_VALUE), Some("rows[0]")));
        }
        "Serialization - Row Email" => {
            let email = Email::to([GroupId::new(2)]).subject("Some subject").message("Some message");
            let email = RowEmail::new(email, [RowId::new(4)]).columns([ColumnId::new(3)]).layout(RowLayout::Vertical);
            let email = email.include_attachments(false).include_discussions(true);
            case.answer(&[], |client| asking!(case, client.rows().send(SHEET, &email))).await;
        }
        "Serialization - Cell Link" => {
            let from = CellLink::new(SheetId::new(4), RowId::new(5), ColumnId::new(6));
            let done = update(vec![row(2, vec![(ColumnId::new(3), CellInput::Link(from))])]).await;
            let link = done.result[0].cells[0].link_in_from_cell().unwrap().clone();
            assert_eq!((link.sheet_name.as_deref(), link.status.unwrap().as_str()), (Some("Linked Sheet Name"), "OK"));
        }
        _ => return false,
    }
    true
}

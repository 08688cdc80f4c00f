use connectors_smartsheet::{CellWrite, ColumnType, ColumnUpdate, Email, NewColumn, NewRow, RowEmail, RowUpdate};

use super::Walk;

pub async fn walk(walk: &mut Walk) {
    let (client, sheet, other) = (walk.client(), walk.mock.store_list_id(), walk.mock.template_id());
    let held = walk.call("sheets.get", client.sheets().get(sheet).rich_values()).await;
    let (row, column) = (held.rows[0].id, held.columns[0].id);

    let columns = client.columns();
    walk.call("columns.list", columns.list(sheet)).await;
    walk.call("columns.get", columns.get(sheet, column)).await;
    walk.call("columns.update", columns.update(sheet, column, ColumnUpdate::new().title("Shop"))).await;
    let new = NewColumn::new("Status", ColumnType::Picklist).options(["open", "closed"]);
    let added = walk.call("columns.add", columns.add(sheet, 1, [new])).await;
    walk.call("columns.delete", columns.delete(sheet, added.result[0].id)).await;

    let rows = client.rows();
    let cells = || [CellWrite::value(column, "Alexa II")];
    let added = walk.call("rows.add", rows.add(sheet, [NewRow::new(cells())])).await;
    walk.call("rows.update", rows.update(sheet, [RowUpdate::new(row, cells())])).await;
    walk.call("rows.get", rows.get(sheet, row).rich_values()).await;
    walk.call("cells.history", client.cells().history(sheet, row, column).rich_values()).await;
    walk.call("rows.copy_to", rows.copy_to(sheet, [row], other)).await;
    walk.call("rows.move_to", rows.move_to(sheet, [held.rows[1].id], other)).await;
    walk.call("rows.send", rows.send(sheet, &RowEmail::new(Email::to(["crew@example.com"]), [row]))).await;
    walk.call("rows.delete", rows.delete(sheet, [added.result[0].id])).await;
}
